//! One line of a telegram: the name of an object, and values in brackets.

use super::bracket::Brackets;
use super::profile::Profile;
use super::value::{self, Holds, P1Value};
use super::{is_line_end, text_field};
use crate::application::mbus::header::device_type_meaning;
use crate::cursor::Cursor;
use crate::date_time::DateTime;
use crate::obis::Obis;
use crate::reading::{Beside, Note, Quantity, Reading, Scale, ScaleSource, Unit, Value};
use crate::sink::{Field, FieldSink, FieldValue};
use crate::span::Span;
use crate::text::Text;

/// The capture line of DSMR 2 and 3: its values name the object, its unit and then the value.
const CAPTURE: [u8; 3] = [24, 3, 0];
/// How far in front of a value its time may stand: the longest list seen (Hungary) has 26 values behind one time.
const FARTHEST_TIME: usize = 32;

/// A line as far as its readings need it: the name, and the octets of its values.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line<'a> {
    obis: Option<Obis>,
    name: &'a [u8],
    /// From the first value on, up to the end of the last line that belongs to this one.
    values: &'a [u8],
    /// Where `values` begins.
    start: u32,
}

impl<'a> Line<'a> {
    /// Reads the name and all values up to the end of the line; what is neither stays visible as text.
    pub(super) fn read(lines: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Self {
        let mut line = Self::default();
        let name = length_up_to(lines.ahead(), |octet| octet == b'(');
        let _ = lines.field(name, sink, |octets| {
            line.obis = parse_obis(octets);
            line.name = octets;
            let field = match line.obis {
                Some(obis) => Field::new("OBIS", FieldValue::Obis(obis)),
                None => text_field("text", octets),
            };
            (field, ())
        });
        line.values = lines.ahead();
        line.start = lines.position();
        line.read_values(lines, sink);
        line
    }

    /// Reads values up to the end of the line.
    pub(super) fn read_values(&self, lines: &mut Cursor<'a>, sink: &mut impl FieldSink) {
        while !lines.is_empty() && !is_line_end(lines.peek(0)) {
            let length = match lines.ahead() {
                [b'(', rest @ ..] => length_up_to(rest, |octet| octet == b')') + 1,
                stray => length_up_to(stray, |octet| octet == b'('),
            };
            let closes = lines.peek(0) == Some(b'(') && lines.peek(length) == Some(b')');
            if !closes {
                let _ = lines.leaf(length, sink, |octets| text_field("text", octets));
                continue;
            }
            let _ = lines.leaf(length + 1, sink, |octets| {
                self.field(octets.get(1..octets.len() - 1).unwrap_or_default())
            });
        }
    }

    /// Calls `each` for all that the line says, once it and what continues it have been read up to octet `end`.
    ///
    /// That is one reading, unless the line is a log or a list with several measured values. Their last value comes first:
    /// it is what the line is about, and the newest one where a log is in the order of time.
    pub(super) fn report(&self, end: u32, mut each: impl FnMut(&Reading<'_>)) {
        let Some(obis) = self.obis else { return };
        let length = end.saturating_sub(self.start) as usize;
        let values = self.values.get(..length).unwrap_or_default();
        let mut brackets = Brackets::new(values, self.start);
        if obis.measured() == CAPTURE && capture(brackets, &mut each).is_some() {
            return;
        }
        let profile = Profile::of(values);
        let mut rest = brackets;
        let mut measured = false;
        let mut back = 0;
        while let Some((content, span)) = rest.last() {
            if let P1Value::Number(number, Some((unit, exponent))) = value::parse(content, Holds::Any) {
                let (beside, note) = self.beside(rest);
                let mut reading = Self::empty(obis, &beside, span);
                reading.note = note;
                if let Some(column) = profile.and_then(|profile| profile.column_from_end(back)) {
                    reading.quantity = column.quantity();
                }
                reading.raw = Some(number);
                reading.value = Value::Number(number);
                set_unit(&mut reading, unit, exponent);
                each(&reading);
                measured = true;
            }
            back += 1;
        }
        if !measured && let Some((content, span)) = brackets.last() {
            self.report_unmeasured(content, (obis, span), brackets, profile.is_some(), each);
        }
    }

    /// What the last value says, where none has a unit.
    fn report_unmeasured(
        &self,
        content: &'a [u8],
        (obis, span): (Obis, Span),
        before: Brackets<'a>,
        is_profile: bool,
        mut each: impl FnMut(&Reading<'_>),
    ) {
        let (beside, note) = self.beside(before);
        let beside_text = Beside { captured: None, ..beside };
        let mut reading = Self::empty(obis, &beside_text, span);
        // Behind the number of entries and the names of the columns there is nothing: the log is empty.
        if is_profile && parse_obis(content).is_some() {
            return each(&reading);
        }
        match value::parse(content, self.holds()) {
            P1Value::Number(number, _) => {
                reading.beside = Some(&beside);
                reading.note = if content.contains(&b'*') { Some(Note::UnknownUnit) } else { note };
                reading.raw = Some(number);
                reading.value = Value::Number(number);
            }
            P1Value::Time(time) => {
                reading.value = Value::Time(time);
                if time.date.is_none() {
                    reading.value = Value::Absent;
                    reading.note = Some(Note::NoSuchDate);
                }
            }
            P1Value::Text(text) if text.octets.is_empty() => {}
            P1Value::Text(text) => reading.value = Value::Text(text),
        }
        each(&reading);
    }

    /// The name as it is printed, and the time that stands in front of a value.
    fn beside(&self, before: Brackets<'a>) -> (Beside<'a>, Option<Note>) {
        let (captured, note) = capture_time(before);
        (Beside { printed_name: Some(Text::forward(self.name)), captured, label: None }, note)
    }

    fn empty<'b>(obis: Obis, beside: &'b Beside<'b>, span: Span) -> Reading<'b> {
        Reading { obis: Some(obis), beside: Some(beside), quantity: obis.quantity(), ..Reading::empty(span) }
    }

    /// How a value of this line is shown.
    fn field(&self, content: &'a [u8]) -> Field<'a> {
        if let Some(obis) = parse_obis(content) {
            return Field::new("OBIS", FieldValue::Obis(obis));
        }
        let value = match value::parse(content, self.holds()) {
            P1Value::Number(number, Some((unit, exponent))) => {
                FieldValue::Value(Value::Number(number.scaled(exponent)), unit)
            }
            // The device types of M-Bus (DSMR P1 companion standard 5.0.2, 6.12).
            P1Value::Number(number, None) if self.is_device_type() && number.exponent == 0 => {
                let code = u8::try_from(number.digits).unwrap_or(u8::MAX);
                return Field::code("device type", code.into(), device_type_meaning(code));
            }
            P1Value::Number(..) if content.contains(&b'*') => FieldValue::Text(Text::forward(content)),
            P1Value::Number(number, None) => FieldValue::Value(Value::Number(number), Unit::None),
            P1Value::Time(time) if time.date.is_some() => FieldValue::Time(time),
            P1Value::Time(_) => FieldValue::Text(Text::forward(content)),
            P1Value::Text(text) => FieldValue::Text(text),
        };
        Field::new("value", value)
    }

    fn is_device_type(&self) -> bool {
        self.obis.is_some_and(|obis| obis.quantity() == Quantity::Medium)
    }

    fn holds(&self) -> Holds {
        match self.obis {
            // Printed as it stands on the meter (IEC 62056-21); the others are sent in hexadecimal.
            Some(Obis([1, _, 0, 0, ..])) => Holds::Text,
            obis => match obis.map_or(Quantity::Unknown, Obis::quantity) {
                Quantity::TextMessage => Holds::HexText,
                Quantity::MeterId | Quantity::LogicalDeviceName => Holds::Identifier,
                // Flags are printed in hexadecimal, with digits that may look decimal.
                Quantity::ListVersion | Quantity::MeterModel | Quantity::ErrorFlags => Holds::Text,
                Quantity::TimePoint => Holds::Time,
                _ => Holds::Any,
            },
        }
    }
}

/// `0-1:24.3.0(time)(status)(period)(count)(0-1:24.2.1)(m3)` and `(00001.001)`, on the same line or the next.
fn capture(mut brackets: Brackets<'_>, each: &mut impl FnMut(&Reading<'_>)) -> Option<()> {
    let (last, span) = brackets.last()?;
    let (unit, _) = brackets.last()?;
    let (name, _) = brackets.last()?;
    let P1Value::Number(number, None) = value::parse(last, Holds::Any) else { return None };
    let (unit, exponent) = Unit::from_symbol(unit)?;
    let obis = parse_obis(name)?;
    let (captured, note) = capture_time(brackets);
    let beside = Beside { printed_name: Some(Text::forward(name)), captured, label: None };
    let mut reading = Line::empty(obis, &beside, span);
    reading.raw = Some(number);
    reading.value = Value::Number(number);
    reading.note = note;
    set_unit(&mut reading, unit, exponent);
    each(&reading);
    Some(())
}

fn set_unit(reading: &mut Reading<'_>, unit: Unit, exponent: i8) {
    reading.unit = unit;
    reading.scale = Scale { exponent, source: ScaleSource::Frame };
    if let Value::Number(number) = reading.value {
        reading.value = Value::Number(number.scaled(exponent));
    }
    if reading.quantity == Quantity::Unknown {
        reading.quantity = Quantity::of_unit(unit);
    }
}

/// The time nearest in front of a value is when it was captured; `before` is what stands in front of it.
fn capture_time(mut before: Brackets<'_>) -> (Option<DateTime>, Option<Note>) {
    for _ in 0..FARTHEST_TIME {
        let Some((content, _)) = before.last() else { break };
        if let P1Value::Time(time) = value::parse(content, Holds::Time) {
            let captured = Some(time).filter(has_date);
            // 63 25 25 25 25 25: COSEM's "not specified", as meters print it that have heard nothing of the other one yet.
            let note = if captured.is_none() { Some(Note::NoCaptureTime) } else { None };
            return (captured, note);
        }
    }
    (None, None)
}

const fn has_date(time: &DateTime) -> bool {
    time.date.is_some()
}

/// Octets before the first one that is wanted, or before the end of the line.
fn length_up_to(octets: &[u8], wanted: impl Fn(u8) -> bool) -> u32 {
    let stop = |&octet: &u8| wanted(octet) || is_line_end(Some(octet));
    octets.iter().position(stop).unwrap_or(octets.len()) as u32
}

/// `A-B:C.D.E`, `A-B:C.D.E*F` or `A-B:C.D.E.F`; A and B may be missing and are 1-0 then, as in EN 62056-21.
pub fn parse_obis(octets: &[u8]) -> Option<Obis> {
    let colon = octets.iter().position(|&octet| octet == b':');
    let (medium, rest) = match colon {
        Some(at) => (octets.get(..at)?, octets.get(at + 1..)?),
        None => (&b"1-0"[..], octets),
    };
    let mut medium = medium.split(|&octet| octet == b'-').map(number);
    let (Some(Some(a)), Some(Some(b)), None) = (medium.next(), medium.next(), medium.next()) else {
        return None;
    };
    let mut rest = rest.split(|octet| matches!(octet, b'.' | b'*')).map(number);
    let (Some(Some(c)), Some(Some(d)), Some(Some(e))) = (rest.next(), rest.next(), rest.next()) else {
        return None;
    };
    match (rest.next(), rest.next()) {
        (None, _) => Some(Obis::new(a, b, c, d, e)),
        (Some(Some(f)), None) => Some(Obis([a, b, c, d, e, f])),
        _ => None,
    }
}

fn number(digits: &[u8]) -> Option<u8> {
    if !matches!(digits.len(), 1..=3) {
        return None;
    }
    digits.iter().try_fold(0_u8, |number, digit| match digit {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(digit - b'0'),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(parse_obis(b"1-0:1.8.1"), Some(Obis::new(1, 0, 1, 8, 1)));
        assert_eq!(parse_obis(b"0-1:24.2.1"), Some(Obis::new(0, 1, 24, 2, 1)));
        assert_eq!(parse_obis(b"1-0:1.8.1*255"), Some(Obis::new(1, 0, 1, 8, 1)));
        assert_eq!(parse_obis(b"1-0:1.8.1.7"), Some(Obis([1, 0, 1, 8, 1, 7])));
        assert_eq!(parse_obis(b"1.8.0"), Some(Obis::new(1, 0, 1, 8, 0)));
        for none in [
            &b""[..],
            b"1-0:1.8",
            b"1-0:1.8.256",
            b"1-0-0:1.8.0",
            b"abc",
            b"1-0:1.8.0.1.2",
            b"12.785",
            b":1.2.3",
        ] {
            assert_eq!(parse_obis(none), None);
        }
    }
}
