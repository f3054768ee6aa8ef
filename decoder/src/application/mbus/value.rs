//! The octets of a value (EN 13757-3:2018 6.3.3, 6.4.3 and Annex A).

use super::OctetOrder;
use super::data_information::DataType;
use super::date_time;
use super::value_information::ValueInformation;
use super::value_table::Form;
use crate::cursor::{Cursor, Short};
use crate::decimal::Decimal;
use crate::error::{Problem, ProblemKind};
use crate::reading::{Note, Reading, Value};
use crate::sink::{Field, FieldSink, FieldValue};
use crate::text::Text;

/// How the octets of a value are coded, LVAR resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Nothing,
    Integer,
    Bcd { negative: bool },
    Float32,
    Float64,
    Text,
    Binary,
}

/// Reads the LVAR, where there is one, and says how the value is coded and how many octets it has.
pub(super) fn read_coding(
    data_type: DataType,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<(Coding, u32), Problem> {
    Ok(match data_type {
        DataType::None | DataType::SelectionForReadout | DataType::Special => (Coding::Nothing, 0),
        DataType::Integer(octets) => (Coding::Integer, octets.into()),
        DataType::Float => (Coding::Float32, 4),
        DataType::Bcd(octets) => (Coding::Bcd { negative: false }, octets.into()),
        DataType::Variable => {
            let at = cursor.position();
            let lvar = cursor.octet(sink, |octet| Field::code("LVAR", octet.into(), lvar_meaning(octet)))?;
            resolve_lvar(lvar).ok_or(Problem::new(ProblemKind::ReservedLvar { lvar }, at))?
        }
    })
}

/// EN 13757-3:2018 Table 5; F8 is the eight-octet float of EN 1434-3:1997, reserved since.
fn resolve_lvar(lvar: u8) -> Option<(Coding, u32)> {
    Some(match lvar {
        0x00..=0xBF => (Coding::Text, lvar.into()),
        0xC0..=0xC9 => (Coding::Bcd { negative: false }, u32::from(lvar - 0xC0)),
        0xD0..=0xD9 => (Coding::Bcd { negative: true }, u32::from(lvar - 0xD0)),
        0xE0..=0xE8 => (Coding::Integer, u32::from(lvar - 0xE0)),
        0xE9..=0xEF => (Coding::Binary, u32::from(lvar - 0xE0)),
        0xF0..=0xF4 => (Coding::Binary, 4 * u32::from(lvar - 0xEC)),
        0xF5 => (Coding::Binary, 48),
        0xF6 => (Coding::Binary, 64),
        0xF8 => (Coding::Float64, 8),
        _ => return None,
    })
}

const fn lvar_meaning(lvar: u8) -> &'static str {
    match lvar {
        0x00..=0xBF => "text",
        0xC0..=0xC9 => "positive BCD number",
        0xD0..=0xD9 => "negative BCD number",
        0xE0..=0xF6 => "binary number",
        0xF8 => "64 bit float",
        _ => "",
    }
}

/// Reads the value and completes `reading`: raw, value, note and the octets.
pub(super) fn read_value<'a>(
    (coding, length): (Coding, u32),
    order: OctetOrder,
    information: &ValueInformation<'a>,
    reading: &mut Reading<'a>,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<&'a [u8], Short> {
    cursor.field(length, sink, |octets| {
        interpret(octets, coding, order, information, reading);
        (Field::new("value", shown(reading, octets)), octets)
    })
}

fn interpret<'a>(
    octets: &'a [u8],
    coding: Coding,
    order: OctetOrder,
    information: &ValueInformation<'a>,
    reading: &mut Reading<'a>,
) {
    let meaning = &information.meaning;
    match (coding, meaning.form) {
        (Coding::Nothing, _) => {}
        (_, Form::Opaque) | (Coding::Binary, _) => reading.value = Value::Octets(octets),
        (Coding::Integer, Form::PointInTime) => set_time(reading, octets, order, information),
        (Coding::Integer, Form::Bits) => {
            set_number(reading, Decimal::unsigned(unsigned(octets, order), 0), information);
        }
        (Coding::Integer, Form::Number) => set_number(reading, integer(octets, order), information),
        (Coding::Bcd { negative }, _) => {
            if let Some(number) = bcd_number(octets, order) {
                let negative = (negative || number.negative) && number.digits != 0;
                set_number(reading, Decimal { negative, ..number }, information);
            } else {
                reading.value = Value::Digits(octets);
                note(reading, Note::NotDecimal);
            }
        }
        (Coding::Float32, _) => {
            set_float(reading, f64::from(float32(octets, order)), information, |reading| {
                reading.value = Value::Float32(float32(octets, order), meaning.exponent);
            });
        }
        (Coding::Float64, _) => set_float(reading, float64(octets, order), information, |reading| {
            reading.value = Value::Float64(float64(octets, order), meaning.exponent);
        }),
        (Coding::Text, _) => {
            reading.value = Value::Text(match order {
                OctetOrder::LeastFirst => Text::reversed(octets),
                OctetOrder::MostFirst => Text::forward(octets),
            });
        }
    }
}

fn set_time(reading: &mut Reading<'_>, octets: &[u8], order: OctetOrder, information: &ValueInformation<'_>) {
    // The types are defined least significant octet first; none has more than six.
    let mut reversed = [0; 6];
    let least_first = match (order, reversed.get_mut(..octets.len())) {
        (OctetOrder::MostFirst, Some(copy)) => {
            copy.iter_mut().zip(octets.iter().rev()).for_each(|(to, from)| *to = *from);
            &*copy
        }
        _ => octets,
    };
    match date_time::decode(least_first) {
        Some(Ok(time)) => {
            reading.value = Value::Time(time);
            if date_time::is_every_year(least_first) {
                note(reading, Note::EveryYear);
            }
        }
        Some(Err(why)) => note(reading, why),
        None => set_number(reading, integer(octets, order), information),
    }
}

/// Adds a note, unless the meter itself says what is wrong with the record.
fn note(reading: &mut Reading<'_>, note: Note) {
    reading.note = reading.note.or(Some(note));
}

#[allow(clippy::inline_always, reason = "a number that goes through memory makes the processor wait for it")]
#[inline(always)]
fn set_number(reading: &mut Reading<'_>, raw: Decimal, information: &ValueInformation<'_>) {
    let scaled = raw.scaled(information.meaning.exponent);
    reading.raw = Some(raw);
    let sum = match information.effect.addend {
        None => Some(scaled),
        Some(addend) => scaled.plus(addend),
    };
    if let Some(sum) = sum {
        reading.value = Value::Number(sum);
    } else {
        note(reading, Note::TooLarge);
    }
}

fn set_float(
    reading: &mut Reading<'_>,
    value: f64,
    information: &ValueInformation<'_>,
    exact: impl FnOnce(&mut Reading<'_>),
) {
    if !value.is_finite() {
        note(reading, Note::NotANumber);
    }
    match information.effect.addend {
        None => exact(reading),
        Some(addend) => {
            let scale = Decimal::new(1, information.meaning.exponent).to_f64();
            reading.value = Value::Float64(value * scale + addend.to_f64(), 0);
        }
    }
}

/// How the leaf shows the value. It computes nothing, so that a sink without interest in fields costs nothing.
#[inline]
fn shown<'a>(reading: &Reading<'a>, octets: &'a [u8]) -> FieldValue<'a> {
    match reading.value {
        Value::Absent | Value::Octets(_) => FieldValue::Octets(octets),
        value => FieldValue::Value(value, reading.unit),
    }
}

/// Two's complement of up to eight octets (type B).
#[allow(clippy::inline_always, reason = "see `set_number`")]
#[inline(always)]
fn integer(octets: &[u8], order: OctetOrder) -> Decimal {
    let bits = 64 - 8 * octets.len().min(8) as u32;
    let value = unsigned(octets, order) as i64;
    // Shifting there and back copies the sign of the value into the octets that were not sent.
    Decimal::new(value.checked_shl(bits).unwrap_or(0).wrapping_shr(bits), 0)
}

/// A number without sign of up to eight octets (type C).
pub(super) fn unsigned(octets: &[u8], order: OctetOrder) -> u64 {
    let join = |value: u64, &octet: &u8| value << 8 | u64::from(octet);
    match (order, octets) {
        // The lengths that nearly every record has, without a loop.
        (OctetOrder::LeastFirst, &[a]) => a.into(),
        (OctetOrder::LeastFirst, &[a, b]) => u16::from_le_bytes([a, b]).into(),
        (OctetOrder::LeastFirst, &[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]).into(),
        (OctetOrder::LeastFirst, octets) => octets.iter().rev().take(8).fold(0, join),
        (OctetOrder::MostFirst, octets) => octets.iter().take(8).fold(0, join),
    }
}

/// Packed decimal digits (type A). F as the highest digit stands for minus (EN 13757-3:2018 Annex B); none where any
/// other digit is above nine.
pub(super) fn bcd_number(octets: &[u8], order: OctetOrder) -> Option<Decimal> {
    let mut digits = 0_u64;
    let mut negative = false;
    for index in 0..octets.len() {
        let at = if order == OctetOrder::LeastFirst { octets.len() - 1 - index } else { index };
        let &octet = octets.get(at)?;
        let mut high = octet >> 4;
        if index == 0 && high == 0xF {
            negative = true;
            high = 0;
        }
        let low = octet & 0x0F;
        if high > 9 || low > 9 {
            return None;
        }
        digits = digits.checked_mul(100)?.checked_add(u64::from(high * 10 + low))?;
    }
    Some(Decimal { negative: negative && digits != 0, digits, exponent: 0 })
}

fn float32(octets: &[u8], order: OctetOrder) -> f32 {
    f32::from_bits(unsigned(octets, order) as u32)
}

fn float64(octets: &[u8], order: OctetOrder) -> f64 {
    f64::from_bits(unsigned(octets, order))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_each_length() {
        let least = OctetOrder::LeastFirst;
        assert_eq!(integer(&[0xFF], least), Decimal::new(-1, 0));
        assert_eq!(integer(&[0x00, 0x80], least), Decimal::new(-32768, 0));
        assert_eq!(integer(&[0x0E, 0x00, 0xC3], least), Decimal::new(-3_997_682, 0));
        assert_eq!(integer(&[1, 0, 0, 0, 0, 0, 0, 0x80], least), Decimal::new(i64::MIN + 1, 0));
        assert_eq!(integer(&[0x01, 0x02], OctetOrder::MostFirst), Decimal::new(0x0102, 0));
        assert_eq!(integer(&[], least), Decimal::new(0, 0));
    }

    #[test]
    fn bcd_with_sign_and_without_sense() {
        let least = OctetOrder::LeastFirst;
        assert_eq!(bcd_number(&[0x34, 0x12], least), Some(Decimal::new(1234, 0)));
        assert_eq!(bcd_number(&[0x02, 0x00, 0xF0], least), Some(Decimal::new(-2, 0)));
        assert_eq!(bcd_number(&[0xBD, 0xEB], least), None);
        assert_eq!(bcd_number(&[0x34, 0x12], OctetOrder::MostFirst), Some(Decimal::new(3412, 0)));
    }

    #[test]
    fn every_lvar_has_a_length_or_is_refused() {
        assert_eq!(resolve_lvar(0xC4), Some((Coding::Bcd { negative: false }, 4)));
        assert_eq!(resolve_lvar(0xF0), Some((Coding::Binary, 16)));
        assert_eq!(resolve_lvar(0xF8), Some((Coding::Float64, 8)));
        assert_eq!(resolve_lvar(0xCA), None);
        assert_eq!(resolve_lvar(0xFF), None);
    }
}
