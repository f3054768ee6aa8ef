//! DLMS data in A-XDR (IEC 62056-6-2:2021 4.1.5 for the types, IEC 61334-6 for the encoding).
//!
//! A body is one element: a scalar, or a structure or array of elements, nested up to [`DEEPEST`] levels. [`read`] walks
//! it without recursion and reports every element as one leaf, tag, length and content together. Who wants to know what
//! the elements mean listens as [`Elements`].

use super::date_time;
use super::length::{Length, truncated};
use crate::cursor::Cursor;
use crate::date_time::DateTime;
use crate::error::{Problem, ProblemKind};
use crate::obis::Obis;
use crate::reading::{Unit, Value};
use crate::sink::{Field, FieldSink, FieldValue, Node};
use crate::span::Span;
use crate::text::Text;

/// The deepest nesting that is followed. Push lists have three levels, those with their definitions in front five.
pub const DEEPEST: usize = 8;

/// Tags of the types that others have to tell apart.
pub(crate) mod tag {
    pub const ARRAY: u8 = 0x01;
    pub const STRUCTURE: u8 = 0x02;
    pub const DOUBLE_LONG_UNSIGNED: u8 = 0x06;
    pub const OCTET_STRING: u8 = 0x09;
    pub const INTEGER: u8 = 0x0F;
    pub const LONG_UNSIGNED: u8 = 0x12;
    pub const COMPACT_ARRAY: u8 = 0x13;
    pub const ENUM: u8 = 0x16;
}

/// The value of a scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Data<'a> {
    /// null-data and dont-care.
    Null,
    /// boolean.
    Boolean(bool),
    /// double-long, integer, long, long64.
    Signed(i64),
    /// double-long-unsigned, unsigned, long-unsigned, long64-unsigned, enum.
    Unsigned(u64),
    /// float32.
    Float32(f32),
    /// float64.
    Float64(f64),
    /// octet-string, and what else has no value of its own: bit-string, bcd.
    Octets(&'a [u8]),
    /// visible-string, utf8-string.
    Text(Text<'a>),
    /// date-time, date, time, where they are one.
    Time(DateTime),
    /// The contents of a compact array.
    Compact(&'a [u8]),
}

/// A scalar and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Element<'a> {
    /// The tag of its type.
    pub tag: u8,
    /// Its value.
    pub data: Data<'a>,
    /// How many structures and arrays it stands in.
    pub depth: u8,
    /// Tag, length and content.
    pub span: Span,
}

/// A structure or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its tag.
    pub tag: u8,
    /// How many elements it has.
    pub elements: u32,
    /// How many structures and arrays it stands in.
    pub depth: u8,
}

/// Learns of the elements in their order.
pub(crate) trait Elements<'a> {
    /// A structure or array begins; `content` stands at its first element.
    fn begin(&mut self, container: Container, content: &Cursor<'a>, sink: &mut impl FieldSink) {
        let _ = (container, content, sink);
    }
    /// A scalar, already reported as a field.
    fn scalar(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        let _ = (element, sink);
    }
    /// A structure or array that stands in `depth` others ends.
    fn end(&mut self, depth: u8, sink: &mut impl FieldSink) {
        let _ = (depth, sink);
    }
    /// How a scalar is called and shown, asked before [`scalar`](Self::scalar).
    fn field(&self, tag: u8, data: &Data<'a>) -> Field<'a> {
        field(tag, data)
    }
}

/// Only walks.
impl Elements<'_> for () {}

/// Reads one element and all that it contains.
///
/// # Errors
///
/// Where the octets are no data: then the problem has been reported, and all that is left as undecoded.
pub(crate) fn read<'a>(
    cursor: &mut Cursor<'a>,
    elements: &mut impl Elements<'a>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    let mut open = Open::default();
    let result = read_all(cursor, &mut open, elements, sink);
    if let Err(problem) = result {
        sink.problem(problem);
        cursor.undecoded(sink);
        for _ in 0..open.depth {
            sink.leave(cursor.position());
        }
    }
    result
}

/// Whether a whole element lies ahead, and moves behind it; nothing is reported.
pub(crate) fn skip(cursor: &mut Cursor<'_>) -> Result<(), Problem> {
    read(cursor, &mut (), &mut ())
}

/// The structures and arrays that have begun and not ended, and how many elements each still awaits.
#[derive(Default)]
struct Open {
    awaited: [u32; DEEPEST],
    depth: u8,
}

impl Open {
    fn begin(&mut self, elements: u32) {
        if let Some(awaited) = self.awaited.get_mut(usize::from(self.depth)) {
            *awaited = elements;
            self.depth += 1;
        }
    }

    /// Counts an element that is complete; true if it was the last of the innermost container, which is then closed.
    fn complete(&mut self) -> bool {
        let Some(innermost) = usize::from(self.depth).checked_sub(1) else { return false };
        let Some(awaited) = self.awaited.get_mut(innermost) else { return false };
        *awaited = awaited.saturating_sub(1);
        let closes = *awaited == 0;
        self.depth -= u8::from(closes);
        closes
    }
}

// Every turn consumes at least the octet of a tag, so the octets bound the loop.
fn read_all<'a>(
    cursor: &mut Cursor<'a>,
    open: &mut Open,
    elements: &mut impl Elements<'a>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    loop {
        let tag = cursor.peek(0).ok_or(truncated(1, 0, cursor.position()))?;
        match Form::of(tag) {
            Some(Form::Container) => {
                let count = read_container(tag, cursor, open.depth, elements, sink)?;
                if count > 0 {
                    open.begin(count);
                    continue;
                }
                elements.end(open.depth, sink);
                sink.leave(cursor.position());
            }
            Some(Form::Fixed(size)) => read_scalar(tag, 1, size, cursor, open.depth, elements, sink)?,
            Some(Form::Counted(unit)) => {
                let length =
                    Length::read(cursor.ahead().get(1..).unwrap_or_default(), cursor.position() + 1)?;
                let size = length.value.div_ceil(unit);
                read_scalar(tag, 1 + length.octets, size, cursor, open.depth, elements, sink)?;
            }
            Some(Form::Compact) => read_compact_array(cursor, open.depth, elements, sink)?,
            None => return Err(Problem::new(ProblemKind::UnknownDataType { tag }, cursor.position())),
        }
        while open.complete() {
            elements.end(open.depth, sink);
            sink.leave(cursor.position());
        }
        if open.depth == 0 {
            return Ok(());
        }
    }
}

fn read_container<'a>(
    tag: u8,
    cursor: &mut Cursor<'a>,
    depth: u8,
    elements: &mut impl Elements<'a>,
    sink: &mut impl FieldSink,
) -> Result<u32, Problem> {
    let at = cursor.position();
    if usize::from(depth) >= DEEPEST {
        return Err(Problem::new(ProblemKind::TooDeep { limit: DEEPEST as u8 }, at));
    }
    let length = Length::read(cursor.ahead().get(1..).unwrap_or_default(), at + 1)?;
    let count = length.value;
    let left = cursor.left().saturating_sub(1 + length.octets);
    // Each element takes an octet at least.
    if count > left {
        return Err(truncated(count, left as usize, at));
    }
    let shown = count.min(u32::from(u16::MAX)) as u16;
    sink.enter(if tag == tag::ARRAY { Node::Array(shown) } else { Node::Structure(shown) }, at);
    let name = if tag == tag::ARRAY { "array" } else { "structure" };
    cursor.field(1 + length.octets, sink, |_| (Field::number(name, count.into()), ()))?;
    elements.begin(Container { tag, elements: count, depth }, cursor, sink);
    Ok(count)
}

#[inline]
fn read_scalar<'a>(
    tag: u8,
    header: u32,
    size: u32,
    cursor: &mut Cursor<'a>,
    depth: u8,
    elements: &mut impl Elements<'a>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    let start = cursor.position();
    let data = cursor.field(header.saturating_add(size), sink, |octets| {
        let data = Data::decode(tag, octets.get(header as usize..).unwrap_or_default());
        (elements.field(tag, &data), data)
    })?;
    elements.scalar(&Element { tag, data, depth, span: Span::new(start, cursor.position()) }, sink);
    Ok(())
}

/// `13h`, the type of the elements, the length of the contents, the contents without tags.
fn read_compact_array<'a>(
    cursor: &mut Cursor<'a>,
    depth: u8,
    elements: &mut impl Elements<'a>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    let description =
        1 + type_description_length(cursor.ahead().get(1..).unwrap_or_default(), cursor.position() + 1)?;
    let rest = cursor.ahead().get(description as usize..).unwrap_or_default();
    let length = Length::read(rest, cursor.position() + description)?;
    let size = length.octets.saturating_add(length.value);
    if (size as usize) > rest.len() {
        return Err(truncated(size, rest.len(), cursor.position() + description));
    }
    cursor.octets(description, "compact-array", sink)?;
    sink.problem(Problem::new(ProblemKind::CompactArray, cursor.position()));
    read_scalar(tag::COMPACT_ARRAY, length.octets, length.value, cursor, depth, elements, sink)
}

/// A tag; for a structure its tag, the number of its elements and their types; for an array two octets for the number
/// of its elements and their type.
fn type_description_length(octets: &[u8], at: u32) -> Result<u32, Problem> {
    let mut length = 0_u32;
    let mut awaited = 1_u32;
    while awaited > 0 {
        let rest = octets.get(length as usize..).unwrap_or_default();
        let (size, types) = match *rest {
            [tag::STRUCTURE, count, ..] => (2, u32::from(count)),
            [tag::ARRAY, _, _, ..] => (3, 1),
            [tag, ..] if !matches!(tag, tag::STRUCTURE | tag::ARRAY) => (1, 0),
            _ => return Err(truncated(2, rest.len(), at + length)),
        };
        length += size;
        awaited = awaited - 1 + types;
    }
    Ok(length)
}

/// How the length of a type is found.
enum Form {
    /// Always so many octets.
    Fixed(u32),
    /// A length in front, in units of which so many make an octet.
    Counted(u32),
    /// The number of elements in front.
    Container,
    Compact,
}

impl Form {
    #[inline]
    const fn of(tag: u8) -> Option<Self> {
        Some(match tag {
            0x00 | 0xFF => Self::Fixed(0),
            0x03 | 0x0D | 0x0F | 0x11 | 0x16 => Self::Fixed(1),
            0x10 | 0x12 => Self::Fixed(2),
            0x05 | 0x06 | 0x17 | 0x1B => Self::Fixed(4),
            0x1A => Self::Fixed(5),
            0x14 | 0x15 | 0x18 => Self::Fixed(8),
            0x19 => Self::Fixed(12),
            0x09 | 0x0A | 0x0C => Self::Counted(1),
            0x04 => Self::Counted(8),
            tag::ARRAY | tag::STRUCTURE => Self::Container,
            tag::COMPACT_ARRAY => Self::Compact,
            _ => return None,
        })
    }
}

impl<'a> Data<'a> {
    /// The value of a scalar whose content has the length that its type asks for.
    #[inline]
    fn decode(tag: u8, content: &'a [u8]) -> Self {
        match (tag, content) {
            (0x00 | 0xFF, _) => Self::Null,
            (0x03, &[octet]) => Self::Boolean(octet != 0),
            (0x0F, &[octet]) => Self::Signed(octet.cast_signed().into()),
            (0x11 | 0x16, &[octet]) => Self::Unsigned(octet.into()),
            (0x10, &[a, b]) => Self::Signed(i16::from_be_bytes([a, b]).into()),
            (0x12, &[a, b]) => Self::Unsigned(u16::from_be_bytes([a, b]).into()),
            (0x05, &[a, b, c, d]) => Self::Signed(i32::from_be_bytes([a, b, c, d]).into()),
            (0x06, &[a, b, c, d]) => Self::Unsigned(u32::from_be_bytes([a, b, c, d]).into()),
            (0x17, &[a, b, c, d]) => Self::Float32(f32::from_be_bytes([a, b, c, d])),
            (0x0A | 0x0C, text) => Self::Text(Text::forward(text)),
            (tag::COMPACT_ARRAY, contents) => Self::Compact(contents),
            (0x14, octets) => {
                octets.as_array().map_or(Self::Null, |octets| Self::Signed(i64::from_be_bytes(*octets)))
            }
            (0x15, octets) => {
                octets.as_array().map_or(Self::Null, |octets| Self::Unsigned(u64::from_be_bytes(*octets)))
            }
            (0x18, octets) => {
                octets.as_array().map_or(Self::Null, |octets| Self::Float64(f64::from_be_bytes(*octets)))
            }
            (0x19..=0x1B, octets) => time(octets).map_or(Self::Octets(octets), Self::Time),
            (_, octets) => Self::Octets(octets),
        }
    }
}

/// What a date-time, a date or a time says, by its length.
fn time(octets: &[u8]) -> Option<DateTime> {
    if let Some(octets) = octets.as_array::<12>() {
        date_time::date_time(octets)
    } else if let Some(octets) = octets.as_array::<5>() {
        date_time::date(octets).map(|date| DateTime { date, ..DateTime::default() })
    } else {
        let octets = octets.as_array::<4>()?;
        date_time::time(octets).map(|time| DateTime { time, ..DateTime::default() })
    }
}

/// The name of an object, if the octets can be one: value group A is 0…15 (IEC 62056-6-1 Table 1), so text is none.
pub(crate) fn obis(tag: u8, data: &Data<'_>) -> Option<Obis> {
    match *data {
        Data::Octets(&[a @ 0..=15, b, c, d, e, f]) if tag == tag::OCTET_STRING => {
            Some(Obis([a, b, c, d, e, f]))
        }
        _ => None,
    }
}

/// A scalar by the name of its type.
pub(crate) fn field<'a>(tag: u8, data: &Data<'a>) -> Field<'a> {
    let value = match *data {
        Data::Null => FieldValue::Marker,
        Data::Boolean(value) => {
            FieldValue::Code { code: value.into(), meaning: if value { "true" } else { "false" } }
        }
        Data::Signed(number) => FieldValue::Signed(number),
        Data::Unsigned(number) => FieldValue::Unsigned(number),
        Data::Float32(number) => FieldValue::Value(Value::Float32(number, 0), Unit::None),
        Data::Float64(number) => FieldValue::Value(Value::Float64(number, 0), Unit::None),
        Data::Text(text) => FieldValue::Text(text),
        Data::Time(time) => FieldValue::Time(time),
        Data::Compact(octets) => FieldValue::Undecoded(octets),
        Data::Octets(octets) => octet_string(tag, octets, data),
    };
    Field::new(type_name(tag), value)
}

/// An octet string is whatever the meter likes: a name, a date-time, text, or octets.
fn octet_string<'a>(tag: u8, octets: &'a [u8], data: &Data<'_>) -> FieldValue<'a> {
    if tag != tag::OCTET_STRING {
        return FieldValue::Octets(octets);
    }
    if let Some(obis) = obis(tag, data) {
        return FieldValue::Obis(obis);
    }
    if let Some(time) = date_time::in_octet_string(octets) {
        return FieldValue::Time(time);
    }
    let text = Text::forward(octets);
    if !octets.is_empty() && text.is_printable() {
        FieldValue::Text(text)
    } else {
        FieldValue::Octets(octets)
    }
}

/// The name of a type (IEC 62056-6-2:2021 Table 2).
const fn type_name(tag: u8) -> &'static str {
    match tag {
        0x00 => "null-data",
        0x03 => "boolean",
        0x04 => "bit-string",
        0x05 => "double-long",
        0x06 => "double-long-unsigned",
        0x09 => "octet-string",
        0x0A => "visible-string",
        0x0C => "utf8-string",
        0x0D => "bcd",
        0x0F => "integer",
        0x10 => "long",
        0x11 => "unsigned",
        0x12 => "long-unsigned",
        0x13 => "contents",
        0x14 => "long64",
        0x15 => "long64-unsigned",
        0x16 => "enum",
        0x17 => "float32",
        0x18 => "float64",
        0x19 => "date-time",
        0x1A => "date",
        0x1B => "time",
        0xFF => "dont-care",
        _ => "data",
    }
}

#[cfg(test)]
#[path = "data_tests.rs"]
mod tests;
