//! Combinable VIFEs: what they change in the meaning of the VIF before them (EN 13757-3:2018 Tables 15 and 16).

use super::Direction;
use super::value_table::{Form, Meaning, duration_unit};
use crate::decimal::Decimal;
use crate::obis::Phase;
use crate::reading::{Note, Unit, record_error_meaning};

/// The effect of the combinable VIFEs read so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Effect {
    /// A constant to add, in the unit of the VIF.
    pub addend: Option<Decimal>,
    /// What a person should know.
    pub note: Option<Note>,
}

/// A VIFE that follows the VIF, without its extension bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// From Table 15.
    First(u8),
    /// From Table 16, after a VIFE FC.
    Second(u8),
    /// After a VIF or VIFE FF: only its manufacturer knows.
    Manufacturer(u8),
}

impl Extension {
    /// Changes `meaning` and `effect` as the VIFE says.
    #[inline]
    pub(super) fn apply(self, direction: Direction, meaning: &mut Meaning, effect: &mut Effect) {
        match self {
            Self::First(code) => Self::apply_first(code, direction, meaning, effect),
            // Data of type C or D: without sign (EN 13757-3:2018 Table 16).
            Self::Second(0x11 | 0x12) if meaning.form == Form::Number => meaning.form = Form::Bits,
            Self::Second(_) | Self::Manufacturer(_) => {}
        }
    }

    #[inline(never)]
    fn apply_first(code: u8, direction: Direction, meaning: &mut Meaning, effect: &mut Effect) {
        match code {
            0x01..=0x07 | 0x0B..=0x0F | 0x15..=0x18 | 0x1C if direction == Direction::FromMeter => {
                effect.note = Some(Note::RecordError(code));
            }
            0x39 | 0x42 | 0x43 | 0x46 | 0x47 | 0x4A | 0x4B | 0x4E | 0x4F | 0x6A | 0x6B | 0x6E | 0x6F => {
                meaning.form = Form::PointInTime;
                meaning.unit = Unit::None;
                meaning.exponent = 0;
            }
            0x3D => {
                // Which unit it is, Annex C says for some VIFs only; a wrong one would be worse than none.
                meaning.unit = Unit::None;
                effect.note = Some(Note::NonMetric);
            }
            0x41 | 0x49 => {
                meaning.unit = Unit::None;
                meaning.exponent = 0;
            }
            0x50..=0x67 => {
                meaning.unit = duration_unit(code);
                meaning.exponent = 0;
            }
            0x70..=0x77 => meaning.exponent = meaning.exponent.saturating_add((code & 0x07) as i8 - 6),
            0x78..=0x7B => {
                let constant = Decimal::new(1, (code & 0x03) as i8 - 3);
                effect.addend = Some(match effect.addend {
                    Some(addend) => addend.plus(constant).unwrap_or(addend),
                    None => constant,
                });
            }
            0x7D => meaning.exponent = meaning.exponent.saturating_add(3),
            _ => {}
        }
    }

    /// What it says, for people; empty where nothing is known.
    pub const fn text(self, direction: Direction) -> &'static str {
        match self {
            Self::First(code @ 0x00..=0x1F) => match direction {
                Direction::FromMeter => from_meter_text(code),
                Direction::ToMeter => object_action_text(code),
            },
            Self::First(code) => first_text(code),
            Self::Second(code) => second_text(code),
            Self::Manufacturer(_) => "of the manufacturer's own",
        }
    }

    /// Whether the scale, the sum, the note or the next VIFE shows its effect already.
    pub const fn is_accounted_for(self, direction: Direction) -> bool {
        match self {
            Self::First(0x00..=0x0F | 0x15..=0x1C) => matches!(direction, Direction::FromMeter),
            Self::First(code) => matches!(code, 0x3D | 0x70..=0x7D | 0x7F),
            Self::Second(_) | Self::Manufacturer(_) => false,
        }
    }

    /// Whether the value stays a value of the same thing: a factor or a constant is in it already, a phase is a part of
    /// it; a limit, a rate, an average or an error is something else.
    pub const fn keeps_meaning(self) -> bool {
        matches!(self, Self::First(0x00 | 0x70..=0x7D)) || self.phase().is_some()
    }

    /// The phase it names.
    pub const fn phase(self) -> Option<Phase> {
        match self {
            Self::Second(0x01) => Some(Phase::L1),
            Self::Second(0x02) => Some(Phase::L2),
            Self::Second(0x03) => Some(Phase::L3),
            _ => None,
        }
    }

    /// The code as sent, without the extension bit.
    pub const fn code(self) -> u8 {
        match self {
            Self::First(code) | Self::Second(code) | Self::Manufacturer(code) => code,
        }
    }
}

const fn from_meter_text(code: u8) -> &'static str {
    match code {
        0x12 => "average value",
        0x13 => "inverse compact profile",
        0x14 => "relative deviation",
        0x1D => "standard conform data content",
        0x1E => "compact profile with register numbers",
        0x1F => "compact profile",
        code => record_error_meaning(code),
    }
}

/// What the master wants done with an object (EN 13757-3:2018 Table 18).
const fn object_action_text(code: u8) -> &'static str {
    match code {
        0x00 => "write",
        0x01 => "add",
        0x02 => "subtract",
        0x03 => "set bits",
        0x04 => "clear bits",
        0x05 => "toggle bits",
        0x06 => "multiply",
        0x07 => "divide",
        0x08 => "freeze data",
        0x09 => "freeze data and clear",
        0x0A => "add entry",
        0x0B => "delete entry",
        0x0D => "show the last read-out",
        _ => "",
    }
}

const fn first_text(code: u8) -> &'static str {
    match code {
        0x20 => "per second",
        0x21 => "per minute",
        0x22 => "per hour",
        0x23 => "per day",
        0x24 => "per week",
        0x25 => "per month",
        0x26 => "per year",
        0x27 => "per revolution or measurement",
        0x28 => "per input pulse on channel 0",
        0x29 => "per input pulse on channel 1",
        0x2A => "per output pulse on channel 0",
        0x2B => "per output pulse on channel 1",
        0x2C => "per litre",
        0x2D => "per m3",
        0x2E => "per kg",
        0x2F => "per K",
        0x30 => "per kWh",
        0x31 => "per GJ",
        0x32 => "per kW",
        0x33 => "per K·l",
        0x34 => "per V",
        0x35 => "per A",
        0x36 => "times s",
        0x37 => "times s/V",
        0x38 => "times s/A",
        0x39 => "start date or time of",
        0x3A => "uncorrected unit",
        0x3B => "forward flow only",
        0x3C => "backward flow only",
        0x3D => "non-metric unit",
        0x3E => "at base conditions",
        0x3F => "OBIS declaration",
        0x40 => "lower limit",
        0x48 => "upper limit",
        0x41 => "number of times below the lower limit",
        0x49 => "number of times above the upper limit",
        0x42 => "begin of the first time below the lower limit",
        0x43 => "end of the first time below the lower limit",
        0x46 => "begin of the last time below the lower limit",
        0x47 => "end of the last time below the lower limit",
        0x4A => "begin of the first time above the upper limit",
        0x4B => "end of the first time above the upper limit",
        0x4E => "begin of the last time above the upper limit",
        0x4F => "end of the last time above the upper limit",
        0x50..=0x53 => "duration of the first time below the lower limit",
        0x54..=0x57 => "duration of the last time below the lower limit",
        0x58..=0x5B => "duration of the first time above the upper limit",
        0x5C..=0x5F => "duration of the last time above the upper limit",
        0x60..=0x63 => "duration of the first",
        0x64..=0x67 => "duration of the last",
        0x68 => "value while below the lower limit",
        0x69 => "leakage value",
        0x6A => "begin of the first",
        0x6B => "end of the first",
        0x6C => "value while above the upper limit",
        0x6D => "overflow value",
        0x6E => "begin of the last",
        0x6F => "end of the last",
        0x70 => "times 10^-6",
        0x71 => "times 10^-5",
        0x72 => "times 10^-4",
        0x73 => "times 10^-3",
        0x74 => "times 10^-2",
        0x75 => "times 10^-1",
        0x76 => "times 1",
        0x77 => "times 10",
        0x78 => "plus 0.001",
        0x79 => "plus 0.01",
        0x7A => "plus 0.1",
        0x7B => "plus 1",
        0x7C => "another table follows",
        0x7D => "times 1000",
        0x7E => "future value",
        0x7F => "the manufacturer's own follow",
        _ => "",
    }
}

/// EN 13757-3:2018 Table 16.
const fn second_text(code: u8) -> &'static str {
    match code {
        0x01 => "phase L1",
        0x02 => "phase L2",
        0x03 => "phase L3",
        0x04 => "neutral",
        0x05 => "between L1 and L2",
        0x06 => "between L2 and L3",
        0x07 => "between L3 and L1",
        0x08 => "quadrant Q1",
        0x09 => "quadrant Q2",
        0x0A => "quadrant Q3",
        0x0B => "quadrant Q4",
        0x0C => "import minus export",
        0x0F => "absolute values of both directions",
        0x10 => "absolute value",
        0x11 => "type C data",
        0x12 => "type D data",
        0x13 => "direction to the meter",
        0x14 => "direction from the meter",
        _ => "",
    }
}
