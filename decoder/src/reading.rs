//! What a meter measured: a quantity, a value, a unit, and where each comes from.

mod note;
mod quantity;
mod unit;

pub use note::{Note, record_error_meaning};
pub use quantity::Quantity;
pub use unit::Unit;

use core::fmt;

use crate::application::mbus::extension::Extension;
use crate::application::mbus::{Direction, value_information};
use crate::date_time::DateTime;
use crate::decimal::Decimal;
use crate::obis::{Obis, Phase};
use crate::span::Span;
use crate::text::Text;

/// One thing that a message says about the meter.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reading<'a> {
    /// A value, or one of the M-Bus records that hold none.
    pub kind: ReadingKind,
    /// What was measured.
    pub quantity: Quantity,
    /// The value in `unit`.
    pub value: Value<'a>,
    /// The unit, without a decimal prefix.
    pub unit: Unit,
    /// The number on the wire, before any scale.
    pub raw: Option<Decimal>,
    /// The power of ten between the two and who says so.
    pub scale: Scale,
    /// The object's name, where there is one.
    pub obis: Option<Obis>,
    /// What few readings have; kept apart because a reading is copied often.
    pub beside: Option<&'a Beside<'a>>,
    /// What only an M-Bus record has.
    pub record: Option<RecordInfo<'a>>,
    /// Why there is no value, or what to think of it.
    pub note: Option<Note>,
    /// The octets that hold the value; the whole record for M-Bus.
    pub span: Span,
}

impl Reading<'_> {
    /// A reading of nothing in particular, for the parsers to fill in.
    pub const fn empty(span: Span) -> Self {
        Self {
            kind: ReadingKind::Value,
            quantity: Quantity::Unknown,
            value: Value::Absent,
            unit: Unit::None,
            raw: None,
            scale: Scale { exponent: 0, source: ScaleSource::None },
            obis: None,
            beside: None,
            record: None,
            note: None,
            span,
        }
    }

    /// The object's name as the telegram prints it (P1).
    pub fn printed_name(&self) -> Option<Text<'_>> {
        self.beside?.printed_name
    }

    /// When the value was captured, where the telegram says so beside the value (P1: the meters behind the port, logs).
    pub fn captured(&self) -> Option<DateTime> {
        self.beside?.captured
    }

    /// What the user calls it.
    pub fn label(&self) -> Option<Text<'_>> {
        self.beside?.label
    }

    /// The phase it belongs to, where it belongs to one.
    pub fn phase(&self) -> Option<Phase> {
        let by_record = || self.record?.vifes(self.quantity).find_map(Extension::phase);
        self.obis.and_then(Obis::phase).or_else(by_record)
    }

    /// The tariff; 0 is the total.
    pub fn tariff(&self) -> u32 {
        self.record.map_or_else(|| self.obis.map_or(0, Obis::tariff).into(), |record| record.tariff)
    }

    /// The channel: value group B of the object's name, or the subunit of an M-Bus record. 0 is the meter itself.
    pub fn channel(&self) -> u16 {
        self.record.map_or_else(|| self.obis.map_or(0, Obis::channel).into(), |record| record.subunit)
    }

    /// Whether it is a value of now: an instantaneous value, or a register as it stands, of the total or of one
    /// [tariff](Self::tariff), of any [channel](Self::channel). No average or extreme, no stored value, no limit or rate.
    pub fn is_current(&self) -> bool {
        let now = match (&self.record, self.obis) {
            (Some(record), _) => {
                record.function == Function::Instantaneous
                    && record.storage == 0
                    && record.vifes(self.quantity).all(Extension::keeps_meaning)
            }
            (None, Some(obis)) => obis.is_current(),
            (None, None) => false,
        };
        now && self.kind == ReadingKind::Value
    }
}

/// What few readings have.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Beside<'a> {
    /// See [`Reading::printed_name`].
    pub printed_name: Option<Text<'a>>,
    /// See [`Reading::captured`].
    pub captured: Option<DateTime>,
    /// See [`Reading::label`].
    pub label: Option<Text<'a>>,
}

/// One line for people: `energy: 35000 Wh`, `voltage, phase L1: 230.1 V`, `time point (the meter marks …)`.
impl fmt::Display for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(obis) = self.obis {
            write!(f, "{obis} ")?;
        }
        match self.label() {
            Some(label) => write!(f, "{label}")?,
            None => f.write_str(self.quantity.name())?,
        }
        if let Some(record) = &self.record {
            record.qualifiers(self.quantity).try_for_each(|qualifier| write!(f, ", {qualifier}"))?;
        }
        if self.value != Value::Absent {
            write!(f, ": {}", self.value)?;
        }
        match self.record.and_then(|record| record.unit_text) {
            Some(unit) => write!(f, " {unit}")?,
            None if self.unit != Unit::None => write!(f, " {}", self.unit.symbol())?,
            None => {}
        }
        if let Some(time) = self.captured() {
            write!(f, " at {time}")?;
        }
        self.note.map_or(Ok(()), |note| write!(f, " ({})", note.text()))
    }
}

/// A value, or one of the M-Bus records that hold none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ReadingKind {
    /// A quantity and its value.
    Value,
    /// A block of the manufacturer's own (DIF 0F or 1F).
    Manufacturer {
        /// The meter has more records than fit (DIF 1F).
        more_follows: bool,
    },
    /// The request to read everything (DIF 7F).
    GlobalReadout,
}

/// The value of a reading.
// The wide tag is for the reason given at `dlms::data::Data`.
#[cfg_attr(not(target_arch = "avr"), repr(u64))]
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Value<'a> {
    /// The meter sends the object without a value.
    Absent,
    /// An exact number.
    Number(Decimal),
    /// A 32-bit float times a power of ten.
    Float32(f32, i8),
    /// A 64-bit float times a power of ten.
    Float64(f64, i8),
    /// Text.
    Text(Text<'a>),
    /// A date, a time or both.
    Time(DateTime),
    /// Octets whose meaning is not known or that have none.
    Octets(&'a [u8]),
    /// BCD with digits above nine, last octet first (EN 13757-3:2018 Annex B).
    Digits(&'a [u8]),
}

impl Value<'_> {
    /// The number, exact, or the shortest decimal of a float.
    pub fn number(&self) -> Option<Decimal> {
        match *self {
            Self::Number(number) => Some(number),
            Self::Float32(value, exponent) => Decimal::from_f32(value, exponent),
            Self::Float64(value, exponent) => Decimal::from_f64(value, exponent),
            _ => None,
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.number()) {
            (_, Some(number)) => write!(f, "{number}"),
            // No number, or one with hundreds of zeros.
            (Self::Float32(value, _), None) => f.write_str(no_number(f64::from(*value))),
            (Self::Float64(value, _), None) => f.write_str(no_number(*value)),
            (Self::Text(text), None) => write!(f, "{text}"),
            (Self::Time(time), None) => write!(f, "{time}"),
            (Self::Octets(octets), None) => octets.iter().try_for_each(|octet| write!(f, "{octet:02X}")),
            (Self::Digits(octets), None) => {
                octets.iter().rev().try_for_each(|octet| write!(f, "{octet:02X}"))
            }
            (Self::Absent | Self::Number(_), None) => Ok(()),
        }
    }
}

/// What a floating-point number is that is no decimal.
const fn no_number(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value.is_infinite() {
        if value.is_sign_negative() { "-inf" } else { "inf" }
    } else {
        "out of range"
    }
}

/// What an M-Bus record says besides its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RecordInfo<'a> {
    /// DIF, DIFEs, VIF, VIFEs and, where it has one, the LVAR.
    pub header: &'a [u8],
    /// The octets of the value.
    pub data: &'a [u8],
    /// Instantaneous, maximum, minimum, or the value during an error state.
    pub function: Function,
    /// 0 is now, others are earlier (41 bits on the wire).
    pub storage: u64,
    /// 0 is the total (20 bits on the wire).
    pub tariff: u32,
    /// Which of several units in the device (10 bits on the wire).
    pub subunit: u16,
    /// The combinable VIFEs, which say what the value is the value of: a phase, a limit, a rate, …
    pub extensions: &'a [u8],
    /// Who sent it, which decides what the lowest of them mean.
    pub direction: Direction,
    /// The unit in the meter's own words.
    pub unit_text: Option<Text<'a>>,
}

impl RecordInfo<'_> {
    /// What the combinable VIFEs say of the value, for people. Left out are those that the value, the note or the next
    /// VIFE has taken into account, and those of which nothing is known.
    pub fn qualifiers(&self, quantity: Quantity) -> impl Iterator<Item = &'static str> {
        self.vifes(quantity)
            .filter(|extension| !extension.is_accounted_for(self.direction))
            .map(|extension| extension.text(self.direction))
            .filter(|text| !text.is_empty())
    }

    fn vifes(&self, quantity: Quantity) -> impl Iterator<Item = Extension> {
        let own = quantity == Quantity::ManufacturerSpecific || self.has_own_vif();
        value_information::extensions(self.extensions, own)
    }

    /// Whether the VIF is the manufacturer's own, 7F or FF (EN 13757-3:2018 Table 10).
    fn has_own_vif(&self) -> bool {
        let mut octets = self.header.iter().skip_while(|&&octet| octet & 0x80 != 0);
        octets.nth(1).is_some_and(|vif| vif & 0x7F == 0x7F)
    }
}

/// The function field of a DIF (EN 13757-3:2018 6.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Function {
    /// The value now.
    Instantaneous,
    /// The highest value of a period.
    Maximum,
    /// The lowest value of a period.
    Minimum,
    /// The value during an error state.
    Error,
}

impl Function {
    /// The name that the output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instantaneous => "instantaneous",
            Self::Maximum => "maximum",
            Self::Minimum => "minimum",
            Self::Error => "error",
        }
    }
}

/// The power of ten between the number on the wire and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Scale {
    /// value = number on the wire × 10^exponent.
    pub exponent: i8,
    /// Who says so.
    pub source: ScaleSource,
}

/// Who says which scale and unit apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ScaleSource {
    /// Nobody: the number is shown as it came.
    None,
    /// The frame: a scaler-unit structure, a VIF, or the unit printed behind the number.
    Frame,
    /// The manufacturer's published list; the frame itself does not say.
    List,
    /// The user, who knows better than frame and list.
    Override,
}

impl ScaleSource {
    /// The name that the output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Frame => "frame",
            Self::List => "list",
            Self::Override => "override",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(extensions: &[u8]) -> Reading<'_> {
        let record = RecordInfo {
            header: &[],
            data: &[],
            function: Function::Instantaneous,
            storage: 0,
            tariff: 0,
            subunit: 0,
            extensions,
            direction: Direction::FromMeter,
            unit_text: None,
        };
        Reading { quantity: Quantity::Power, record: Some(record), ..Reading::empty(Span::new(0, 1)) }
    }

    #[test]
    fn what_a_record_is_a_value_of() {
        for (extensions, current, phase) in [
            (&[][..], true, None),
            // Times 1000; phase L2; the average; the upper limit of phase L1; per hour.
            (&[0x7D], true, None),
            (&[0xFC, 0x02], true, Some(Phase::L2)),
            (&[0x12], false, None),
            (&[0xC8, 0xFC, 0x01], false, Some(Phase::L1)),
            (&[0x22], false, None),
            // What the manufacturer's own VIFEs say is not known.
            (&[0xFF, 0x7D], false, None),
        ] {
            let reading = record(extensions);
            assert_eq!((reading.is_current(), reading.phase()), (current, phase), "{extensions:02X?}");
        }
    }

    #[test]
    fn a_record_says_tariff_and_channel() {
        let mut reading = record(&[]);
        reading.record = reading.record.map(|record| RecordInfo { tariff: 2, subunit: 1, ..record });
        assert_eq!((reading.tariff(), reading.channel(), reading.is_current()), (2, 1, true));
        reading.record = reading.record.map(|record| RecordInfo { storage: 1, ..record });
        assert!(!reading.is_current());
    }
}
