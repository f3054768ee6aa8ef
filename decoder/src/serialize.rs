//! `Serialize` for what a reader of the output sees. Numbers are exact: a decimal becomes the JSON number with the same
//! digits.

use core::fmt::{self, Write as _};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use crate::application::mbus::header::device_type_meaning;
use crate::decimal::Decimal;
use crate::error::Problem;
use crate::message::{Message, Meter, Security};
use crate::reading::{Quantity, Reading, ReadingKind, RecordInfo, Value};

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.exponent, self.negative) {
            (0, false) => serializer.serialize_u64(self.digits),
            (0, true) if i64::try_from(self.digits).is_ok() => {
                serializer.serialize_i64(0_i64.wrapping_sub_unsigned(self.digits))
            }
            _ => {
                let mut text = Buffer::<LONGEST_DECIMAL>::default();
                write!(text, "{self}").map_err(serde::ser::Error::custom)?;
                // The public way to make serde_json print a number digit for digit.
                let raw: &RawValue =
                    serde_json::from_str(text.as_str()).map_err(serde::ser::Error::custom)?;
                raw.serialize(serializer)
            }
        }
    }
}

/// Sign, point, 20 digits and 128 zeros.
const LONGEST_DECIMAL: usize = 160;

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("layer", self.kind.layer().name())?;
        map.serialize_entry("code", self.kind.code())?;
        map.serialize_entry("offset", &self.at)?;
        map.serialize_entry("message", &Shown(self))?;
        map.end()
    }
}

impl Serialize for Security {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("state", self.state.name())?;
        if let Some(title) = &self.system_title {
            map.serialize_entry("system_title", &Hex(title))?;
        }
        if let Some(counter) = self.frame_counter {
            map.serialize_entry("frame_counter", &counter)?;
        }
        map.end()
    }
}

impl Serialize for Meter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(letters) = &self.manufacturer {
            map.serialize_entry("manufacturer", &Shown(crate::text::Text::forward(letters)))?;
        }
        if let Some(id) = &self.id {
            map.serialize_entry("id", &Shown(id))?;
        }
        if let Some(version) = self.version {
            map.serialize_entry("version", &version)?;
        }
        if let Some(medium) = self.medium {
            map.serialize_entry("medium", device_type_meaning(medium))?;
            map.serialize_entry("medium_code", &medium)?;
        }
        map.end()
    }
}

/// A message with its readings, which `readings` writes into the sequence one by one.
pub struct WithReadings<'m, R>(pub &'m Message, pub R);

/// Hands all readings of a message to `each`.
pub trait EachReading {
    /// Calls `each` for every reading in order.
    fn each(&self, each: &mut dyn FnMut(&Reading<'_>));
}

impl<R: EachReading> Serialize for WithReadings<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(message, readings) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("protocol", message.protocol.name())?;
        map.serialize_entry("security", &message.security)?;
        if let Some(meter) = &message.meter {
            map.serialize_entry("meter", meter)?;
        }
        if let Some(access) = message.access {
            map.serialize_entry("access", &access)?;
        }
        if let Some(status) = message.status {
            map.serialize_entry("status", &status)?;
        }
        if let Some(time) = &message.time {
            map.serialize_entry("time", &Shown(time))?;
        }
        if let Some(list) = &message.list {
            map.serialize_entry("list", &Shown(list.0))?;
        }
        map.serialize_entry("readings", &Sequence(readings))?;
        map.end()
    }
}

struct Sequence<'r, R>(&'r R);

impl<R: EachReading> Serialize for Sequence<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        let mut result = Ok(());
        self.0.each(&mut |reading| {
            if result.is_ok() {
                result = sequence.serialize_element(reading);
            }
        });
        result?;
        sequence.end()
    }
}

impl Serialize for Reading<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.kind {
            ReadingKind::Value => {
                map.serialize_entry("kind", "value")?;
                serialize_value(self, &mut map)?;
            }
            ReadingKind::Manufacturer { more_follows } => {
                map.serialize_entry("kind", "manufacturer")?;
                map.serialize_entry("more_follows", &more_follows)?;
            }
            ReadingKind::GlobalReadout => map.serialize_entry("kind", "global-readout")?,
        }
        if let Some(record) = &self.record {
            serialize_record(record, self.quantity, &mut map)?;
        }
        if let Some(note) = self.note {
            map.serialize_entry("note", note.text())?;
        }
        map.end()
    }
}

fn serialize_value<M: SerializeMap>(reading: &Reading<'_>, map: &mut M) -> Result<(), M::Error> {
    map.serialize_entry("quantity", reading.quantity.name())?;
    let (number, unit) = in_base_unit(reading);
    match &reading.value {
        // JSON has no number for these.
        Value::Float32(value, _) if !value.is_finite() => map.serialize_entry("value", &Shown(value))?,
        Value::Float64(value, _) if !value.is_finite() => map.serialize_entry("value", &Shown(value))?,
        _ => map.serialize_entry("value", &number)?,
    }
    let unit_text = reading.record.and_then(|record| record.unit_text);
    match unit_text {
        Some(text) => map.serialize_entry("unit", &Shown(text))?,
        None if unit.is_empty() => map.serialize_entry("unit", &())?,
        None => map.serialize_entry("unit", unit)?,
    }
    if let Some(raw) = &reading.raw {
        map.serialize_entry("raw", raw)?;
    }
    match &reading.value {
        Value::Text(text) => map.serialize_entry("text", &Shown(text))?,
        Value::Digits(octets) => map.serialize_entry("text", &Shown(HexReversed(octets)))?,
        Value::Octets(octets) => map.serialize_entry("text", &Hex(octets))?,
        Value::Time(time) => map.serialize_entry("time", &Shown(time))?,
        Value::Absent | Value::Number(_) | Value::Float32(..) | Value::Float64(..) => {}
    }
    if reading.scale.exponent != 0 {
        map.serialize_entry("exponent", &reading.scale.exponent)?;
        map.serialize_entry("scale_source", reading.scale.source.name())?;
    }
    match (&reading.printed_name, &reading.obis) {
        (Some(name), _) => map.serialize_entry("obis", &Shown(name))?,
        (None, Some(obis)) => map.serialize_entry("obis", &Shown(obis))?,
        (None, None) => {}
    }
    Ok(())
}

/// Durations of fixed length in seconds, everything else as it is.
fn in_base_unit(reading: &Reading<'_>) -> (Option<Decimal>, &'static str) {
    let number = reading.value.number();
    match (number, reading.unit.seconds()) {
        (Some(number), Some(seconds)) => match number.times(seconds) {
            Some(product) => (Some(product), crate::reading::Unit::Second.symbol()),
            None => (Some(number), reading.unit.symbol()),
        },
        _ => (number, reading.unit.symbol()),
    }
}

fn serialize_record<M: SerializeMap>(
    record: &RecordInfo<'_>,
    quantity: Quantity,
    map: &mut M,
) -> Result<(), M::Error> {
    map.serialize_entry("header", &Hex(record.header))?;
    map.serialize_entry("data", &Hex(record.data))?;
    map.serialize_entry("function", record.function.name())?;
    map.serialize_entry("storage", &record.storage)?;
    map.serialize_entry("tariff", &record.tariff)?;
    map.serialize_entry("subunit", &record.subunit)?;
    if !record.extensions.is_empty() {
        map.serialize_entry("qualifiers", &Qualifiers(record, quantity))?;
    }
    Ok(())
}

struct Qualifiers<'r>(&'r RecordInfo<'r>, Quantity);

impl Serialize for Qualifiers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.qualifiers(self.1))
    }
}

/// Writes what `Display` writes as a string, without allocating it first.
struct Shown<T>(T);

impl<T: fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Octets as lower-case hexadecimal digits without spaces.
struct Hex<'a>(&'a [u8]);

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Digit by digit through Display would take most of the time of a line.
        let mut text = [0; 2 * MOST_AT_ONCE];
        if self.0.len() > MOST_AT_ONCE {
            return serializer.collect_str(self);
        }
        for (pair, octet) in text.as_chunks_mut::<2>().0.iter_mut().zip(self.0) {
            *pair = digits(*octet);
        }
        let digits = text.get(..2 * self.0.len()).unwrap_or_default();
        serializer.serialize_str(core::str::from_utf8(digits).unwrap_or_default())
    }
}

/// Headers and values of M-Bus records are not longer but for blocks of the manufacturer's own.
const MOST_AT_ONCE: usize = 32;

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// The same, last octet first.
struct HexReversed<'a>(&'a [u8]);

impl fmt::Display for HexReversed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().rev().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

const fn digits(octet: u8) -> [u8; 2] {
    [digit(octet >> 4), digit(octet & 0x0F)]
}

const fn digit(value: u8) -> u8 {
    match value {
        0..=9 => b'0' + value,
        _ => b'a' + value - 10,
    }
}

/// Text of at most `N` octets on the stack.
struct Buffer<const N: usize> {
    octets: [u8; N],
    length: usize,
}

impl<const N: usize> Default for Buffer<N> {
    fn default() -> Self {
        Self { octets: [0; N], length: 0 }
    }
}

impl<const N: usize> Buffer<N> {
    fn as_str(&self) -> &str {
        self.octets
            .get(..self.length)
            .and_then(|octets| core::str::from_utf8(octets).ok())
            .unwrap_or_default()
    }
}

impl<const N: usize> fmt::Write for Buffer<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.octets.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn decimals_keep_their_digits() {
        for (decimal, text) in [
            (Decimal::new(21537, -3), "21.537"),
            (Decimal::new(i64::MIN, 0), "-9223372036854775808"),
            (Decimal::unsigned(u64::MAX, -19), "1.8446744073709551615"),
            (Decimal::new(1, -127), &std::format!("0.{}1", "0".repeat(126))),
        ] {
            assert_eq!(serde_json::to_string(&decimal).unwrap(), text);
        }
    }

    #[test]
    fn octets_as_digits() {
        assert_eq!(Hex(&[0x00, 0xAB]).to_string(), "00ab");
        assert_eq!(HexReversed(&[0x00, 0xAB]).to_string(), "ab00");
    }
}
