//! Readings as people read them.

use meterscope_decoder::date_time::DateTime;
use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::reading::{Function, ScaleSource, Unit};

use super::{Text, fill};
use crate::annotation::{OwnedReading, OwnedValue};
use crate::cards::Mark;

/// A value and its unit, to be set apart from each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The number or text.
    pub value: String,
    /// The unit; empty for none.
    pub unit: String,
}

impl Text {
    /// A value in the unit that a person expects: kWh rather than Wh. The digits stay the same.
    pub fn shown(self, reading: &OwnedReading) -> Shown {
        match &reading.value {
            OwnedValue::Number(number) => {
                let (number, prefix) = with_prefix(*number, reading.unit);
                Shown {
                    value: self.numbers.exact(number),
                    unit: format!("{prefix}{}", unit_symbol(reading.unit)),
                }
            }
            other => Shown { value: self.plain_value(other), unit: String::new() },
        }
    }

    /// A value in the unit of the standard, on one line.
    pub fn reading_value(self, reading: &OwnedReading) -> String {
        let value = match &reading.value {
            OwnedValue::Number(number) => {
                let unit = unit_symbol(reading.unit);
                let space = if unit.is_empty() { "" } else { "\u{A0}" };
                format!("{}{space}{unit}", self.numbers.exact(*number))
            }
            other => self.plain_value(other),
        };
        match reading.note {
            Some(note) if value.is_empty() => self.note(note).to_owned(),
            Some(note) => format!("{value} ({})", self.note(note)),
            None => value,
        }
    }

    /// What was measured, with what tells it from other records of the same quantity.
    pub fn reading_name(self, reading: &OwnedReading) -> String {
        let words = self.words();
        let mut name = self.quantity_name(reading);
        let Some(record) = reading.record else { return name };
        let function = match record.function {
            Function::Instantaneous => None,
            Function::Maximum => Some(words.maximum),
            Function::Minimum => Some(words.minimum),
            Function::Error => Some(words.during_error),
        };
        let numbers = [
            (words.storage, record.storage),
            (words.tariff, u64::from(record.tariff)),
            (words.subunit, u64::from(record.subunit)),
        ];
        let numbers = numbers.iter().filter(|(_, number)| *number > 0);
        let numbers = numbers.map(|(word, number)| format!("{word} {number}"));
        let qualifiers = reading.qualifiers.iter().cloned();
        for part in function.map(str::to_owned).into_iter().chain(numbers).chain(qualifiers) {
            name.push_str(", ");
            name.push_str(&part);
        }
        name
    }

    /// What was measured, or what the person calls it.
    pub fn quantity_name(self, reading: &OwnedReading) -> String {
        reading.label.clone().unwrap_or_else(|| self.quantity(reading.quantity).to_owned())
    }

    /// What tells a card from the others.
    pub fn marks(self, marks: &[Mark]) -> String {
        let words = self.words();
        let mark = |mark: &Mark| match mark {
            Mark::Medium(medium) => self.name(medium).to_owned(),
            Mark::Channel(number) => format!("{} {number}", words.channel),
            Mark::Subunit(number) => format!("{} {number}", words.subunit),
            Mark::Phase(phase) => phase.name().to_owned(),
            Mark::Tariff(number) => format!("{} {number}", words.tariff),
            Mark::Object(name) => name.clone(),
        };
        marks.iter().map(mark).collect::<Vec<_>>().join(", ")
    }

    /// Where the value comes from: the number on the wire, the power of ten, and who says so.
    pub fn provenance(self, reading: &OwnedReading) -> Option<String> {
        let words = self.words();
        let raw = self.numbers.exact(reading.raw?);
        Some(match reading.scale.source {
            ScaleSource::None => fill(words.scale_none, &[&raw]),
            source => {
                let power = power_of_ten(reading.scale.exponent);
                let unit = unit_symbol(reading.unit);
                let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
                let who = match source {
                    ScaleSource::None | ScaleSource::Frame => words.scale_frame,
                    ScaleSource::List => words.scale_list,
                    ScaleSource::Override => words.scale_override,
                };
                fill(words.raw_scale, &[&raw, &power, &unit, who])
            }
        })
    }

    /// The same in as few characters as a card has room for.
    pub fn short_provenance(self, reading: &OwnedReading) -> Option<String> {
        let words = self.words();
        let raw = self.numbers.exact(reading.raw?);
        let power = power_of_ten(reading.scale.exponent);
        let who = match reading.scale.source {
            ScaleSource::None => words.source_none,
            ScaleSource::Frame => words.source_frame,
            ScaleSource::List => words.source_list,
            ScaleSource::Override => words.source_override,
        };
        Some(format!("{raw}{power}, {who}"))
    }

    /// A date and time as the meter says it, without the T.
    pub fn time(time: &DateTime) -> String {
        time.to_string().replacen('T', " ", 1)
    }

    fn plain_value(self, value: &OwnedValue) -> String {
        match value {
            OwnedValue::Number(number) => self.numbers.exact(*number),
            OwnedValue::Absent => self.words().absent.to_owned(),
            OwnedValue::Text(text) => text.clone(),
            OwnedValue::Time(time) => Self::time(time),
            OwnedValue::Octets => String::new(),
        }
    }
}

/// The symbol of a unit with exponents set high.
pub fn unit_symbol(unit: Unit) -> String {
    let symbol = unit.symbol();
    match unit {
        Unit::VoltSquareHour | Unit::AmpereSquareHour => symbol.replace('2', "²"),
        _ => symbol.replace("m3", "m³").replace("ft3", "ft³"),
    }
}

/// Moves the decimal point where a prefix makes the number shorter to read.
pub fn with_prefix(number: Decimal, unit: Unit) -> (Decimal, &'static str) {
    let (prefix, power) = prefix(number, unit);
    (number.scaled(power), prefix)
}

/// The prefix that makes a number shorter to read, and the power of ten that it takes.
pub fn prefix(number: Decimal, unit: Unit) -> (&'static str, i8) {
    match (unit, whole_digits(number)) {
        (Unit::WattHour | Unit::VarHour | Unit::VoltAmpereHour, _) => ("k", -3),
        (Unit::Joule | Unit::JoulePerHour, 10..) => ("G", -9),
        (Unit::Joule | Unit::JoulePerHour, 7..) => ("M", -6),
        (Unit::Watt | Unit::Var | Unit::VoltAmpere, 6..) => ("k", -3),
        _ => ("", 0),
    }
}

/// How many digits stand in front of the point.
fn whole_digits(number: Decimal) -> i32 {
    let digits = number.digits.checked_ilog10().map_or(0, |log| log as i32 + 1);
    (digits + i32::from(number.exponent)).max(0)
}

fn power_of_ten(exponent: i8) -> String {
    if exponent == 0 { String::new() } else { format!(" × 10{}", superscript(exponent)) }
}

fn superscript(number: i8) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.unsigned_abs().to_string();
    let digits = digits.bytes().filter_map(|digit| DIGITS.get(usize::from(digit - b'0')));
    let sign = if number < 0 { "⁻" } else { "" };
    format!("{sign}{}", digits.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_decoder::reading::{Quantity, Reading, Scale, Value};
    use meterscope_decoder::span::Span;

    fn reading(number: Decimal, unit: Unit) -> OwnedReading {
        let scale = Scale { exponent: 3, source: ScaleSource::Frame };
        OwnedReading::new(
            &Reading {
                quantity: Quantity::Energy,
                value: Value::Number(number),
                unit,
                raw: Some(Decimal::new(35, 0)),
                scale,
                ..Reading::empty(Span::new(0, 1))
            },
            0,
        )
    }

    #[test]
    fn people_read_kilowatt_hours() {
        let text = Text::default();
        for (number, unit, shown) in [
            (Decimal::new(35, 3), Unit::WattHour, "35 kWh"),
            (Decimal::new(12_345_678, 0), Unit::WattHour, "12,345.678 kWh"),
            (Decimal::new(1_234, 0), Unit::Watt, "1,234 W"),
            (Decimal::new(1_234_567, 0), Unit::Watt, "1,234.567 kW"),
            (Decimal::new(125, 8), Unit::Joule, "12.5 GJ"),
            (Decimal::new(-2_300, -1), Unit::Volt, "−230.0 V"),
            (Decimal::new(5, -2), Unit::CubicMetrePerHour, "0.05 m³/h"),
        ] {
            let Shown { value, unit } = text.shown(&reading(number, unit));
            assert_eq!(format!("{value} {unit}"), shown);
        }
    }

    #[test]
    fn a_value_says_where_it_comes_from() {
        let text = Text::default();
        let provenance = text.provenance(&reading(Decimal::new(35, 3), Unit::WattHour)).unwrap();
        assert!(provenance.contains("35 × 10³ Wh"), "{provenance}");
        assert_eq!(superscript(-12), "⁻¹²");
    }
}
