//! One line of a telegram: the name of an object, and values in brackets.

use super::value::{self, Holds, P1Value};
use super::{is_line_end, text_field};
use crate::cursor::Cursor;
use crate::obis::Obis;
use crate::reading::{Note, Quantity, Reading, Scale, ScaleSource, Unit, Value};
use crate::sink::{Field, FieldSink, FieldValue};
use crate::span::Span;
use crate::text::Text;

/// The capture line of DSMR 2 and 3: its values name the object, its unit and then the value.
const CAPTURE: [u8; 3] = [24, 3, 0];

/// A line as far as its reading needs it: the name and the last three values.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line<'a> {
    obis: Option<Obis>,
    name: &'a [u8],
    last: Option<Bracket<'a>>,
    before_last: Option<Bracket<'a>>,
    third_last: Option<Bracket<'a>>,
    count: u16,
}

/// What stands between two brackets, and where, brackets included.
#[derive(Clone, Copy, Debug)]
struct Bracket<'a> {
    content: &'a [u8],
    span: Span,
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
        line.read_values(lines, sink);
        line
    }

    /// Reads values up to the end of the line.
    pub(super) fn read_values(&mut self, lines: &mut Cursor<'a>, sink: &mut impl FieldSink) {
        while !lines.is_empty() && !is_line_end(lines.peek(0)) {
            let start = lines.position();
            let length = match lines.ahead() {
                [b'(', rest @ ..] => length_up_to(rest, |octet| octet == b')') + 1,
                stray => length_up_to(stray, |octet| octet == b'('),
            };
            let closes = lines.peek(0) == Some(b'(') && lines.peek(length) == Some(b')');
            if !closes {
                let _ = lines.field(length, sink, |octets| (text_field("text", octets), ()));
                continue;
            }
            let read = lines.field(length + 1, sink, |octets| {
                let content = octets.get(1..octets.len() - 1).unwrap_or_default();
                (self.field(content), content)
            });
            if let Ok(content) = read {
                self.add(Bracket { content, span: Span::new(start, lines.position()) });
            }
        }
    }

    fn add(&mut self, bracket: Bracket<'a>) {
        self.third_last = self.before_last;
        self.before_last = self.last;
        self.last = Some(bracket);
        self.count = self.count.saturating_add(1);
    }

    /// How a value of this line is shown.
    fn field(&self, content: &'a [u8]) -> Field<'a> {
        let value = match value::parse(content, self.holds()) {
            P1Value::Number(number, Some((unit, exponent))) => {
                FieldValue::Value(Value::Number(number.scaled(exponent)), unit)
            }
            P1Value::Number(number, None) => FieldValue::Value(Value::Number(number), Unit::None),
            P1Value::Time(time) if time.date.is_some() => FieldValue::Time(time),
            P1Value::Time(_) => FieldValue::Text(Text::forward(content)),
            P1Value::Text(text) => FieldValue::Text(text),
        };
        match parse_obis(content) {
            Some(obis) => Field::new("OBIS", FieldValue::Obis(obis)),
            None => Field::new("value", value),
        }
    }

    fn holds(&self) -> Holds {
        match self.obis.map_or(Quantity::Unknown, Obis::quantity) {
            Quantity::MeterId | Quantity::TextMessage => Holds::HexText,
            Quantity::ListVersion | Quantity::LogicalDeviceName | Quantity::MeterModel => Holds::Text,
            _ => Holds::Any,
        }
    }

    /// What the line says; none for a line without a name or a value.
    pub(super) fn reading(&self) -> Option<Reading<'a>> {
        let obis = self.obis?;
        let last = self.last?;
        if obis.measured() == CAPTURE
            && let Some(reading) = self.capture()
        {
            return Some(reading);
        }
        let mut reading = Reading::empty(last.span);
        reading.obis = Some(obis);
        reading.printed_name = Some(Text::forward(self.name));
        reading.quantity = obis.quantity();
        match value::parse(last.content, self.holds()) {
            P1Value::Number(number, unit) => {
                reading.raw = Some(number);
                reading.value = Value::Number(number);
                if let Some((unit, exponent)) = unit {
                    set_unit(&mut reading, unit, exponent);
                }
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
        Some(reading)
    }

    /// `0-1:24.3.0(time)(status)(period)(count)(0-1:24.2.1)(m3)` and `(00001.001)`, on the same line or the next.
    fn capture(&self) -> Option<Reading<'a>> {
        let (last, unit, name) = (self.last?, self.before_last?, self.third_last?);
        let P1Value::Number(number, None) = value::parse(last.content, Holds::Any) else { return None };
        let (unit, exponent) = value::unit(unit.content)?;
        let mut reading = Reading::empty(last.span);
        reading.obis = Some(parse_obis(name.content)?);
        reading.printed_name = Some(Text::forward(name.content));
        reading.raw = Some(number);
        reading.value = Value::Number(number);
        set_unit(&mut reading, unit, exponent);
        Some(reading)
    }
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

/// Octets before the first one that is wanted, or before the end of the line.
fn length_up_to(octets: &[u8], wanted: impl Fn(u8) -> bool) -> u32 {
    let stop = |&octet: &u8| wanted(octet) || is_line_end(Some(octet));
    octets.iter().position(stop).unwrap_or(octets.len()) as u32
}

/// `A-B:C.D.E`, `A-B:C.D.E*F` or `A-B:C.D.E.F`; A and B may be missing and are 1-0 then, as in EN 62056-21.
fn parse_obis(octets: &[u8]) -> Option<Obis> {
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
