//! DLMS data in A-XDR (IEC 62056-6-2:2021 4.1.5 for the types, IEC 61334-6 for the encoding).
//!
//! A body is one element: a scalar, or a structure or array of elements, nested up to [`DEEPEST`] levels. [`read`] walks
//! it without recursion and reports every element as one leaf, tag, length and content together. Who wants to know what
//! the elements mean listens as [`Elements`].

mod shown;

pub(crate) use self::shown::field;

use super::date_time;
use super::length::{Length, truncated};
use crate::cursor::Cursor;
use crate::date_time::DateTime;
use crate::error::{Problem, ProblemKind};
use crate::obis::Obis;
use crate::sink::{Field, FieldSink, Node};
use crate::span::Span;
use crate::text::Text;

/// The deepest nesting that is followed. Push lists have three levels, those with their definitions in front five.
pub const DEEPEST: usize = 8;

/// Tags of the types that others have to tell apart.
pub(crate) mod tag {
    pub const ARRAY: u8 = 0x01;
    pub const STRUCTURE: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x04;
    pub const DOUBLE_LONG_UNSIGNED: u8 = 0x06;
    pub const OCTET_STRING: u8 = 0x09;
    pub const VISIBLE_STRING: u8 = 0x0A;
    pub const UTF8_STRING: u8 = 0x0C;
    pub const INTEGER: u8 = 0x0F;
    pub const LONG_UNSIGNED: u8 = 0x12;
    pub const COMPACT_ARRAY: u8 = 0x13;
    pub const ENUM: u8 = 0x16;
}

/// The value of a scalar.
// A wide tag keeps the payload of every variant aligned, so that a copy reads in the pieces that were written; in others
// the processor stalls, which was a fifth of the time of a capture. RAM counts more on an AVR.
#[cfg_attr(not(target_arch = "avr"), repr(u64))]
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
        match tag {
            tag::ARRAY | tag::STRUCTURE => {
                let count = read_container(tag, cursor, open.depth, elements, sink)?;
                if count > 0 {
                    open.begin(count);
                    continue;
                }
                elements.end(open.depth, sink);
                sink.leave(cursor.position());
            }
            tag::COMPACT_ARRAY => read_compact_array(cursor, open.depth, elements, sink)?,
            _ => {
                let (data, length) = Data::ahead(tag, cursor)?;
                read_scalar(tag, data, length, cursor, open.depth, elements, sink)?;
            }
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
    cursor.leaf(1 + length.octets, sink, |_| Field::number(name, count.into()))?;
    elements.begin(Container { tag, elements: count, depth }, cursor, sink);
    Ok(count)
}

/// Reads `length` octets that hold `data`.
#[allow(clippy::inline_always, reason = "see `Data::ahead`")]
#[inline(always)]
fn read_scalar<'a>(
    tag: u8,
    data: Data<'a>,
    length: u32,
    cursor: &mut Cursor<'a>,
    depth: u8,
    elements: &mut impl Elements<'a>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    let start = cursor.position();
    cursor.leaf(length, sink, |_| elements.field(tag, &data))?;
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
    let contents = Data::Compact(rest.get(length.octets as usize..size as usize).unwrap_or_default());
    cursor.octets(description, "compact-array", sink)?;
    sink.problem(Problem::new(ProblemKind::CompactArray, cursor.position()));
    read_scalar(tag::COMPACT_ARRAY, contents, size, cursor, depth, elements, sink)
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

impl<'a> Data<'a> {
    /// The scalar ahead, and how many octets it takes, tag and length included.
    // Returned through memory, it would be copied in other pieces than it was written in, which stalls the processor.
    #[allow(clippy::inline_always, reason = "a tenth of the time of a capture, see above")]
    #[inline(always)]
    fn ahead(tag: u8, cursor: &Cursor<'a>) -> Result<(Self, u32), Problem> {
        let content = cursor.ahead().get(1..).unwrap_or_default();
        let short = |size: u32| truncated(1 + size, 1 + content.len(), cursor.position());
        // The numbers that push lists are made of come first.
        Ok(match tag {
            0x06 => (Self::Unsigned(u32::from_be_bytes(*first(content).ok_or(short(4))?).into()), 5),
            0x12 => (Self::Unsigned(u16::from_be_bytes(*first(content).ok_or(short(2))?).into()), 3),
            0x10 => (Self::Signed(i16::from_be_bytes(*first(content).ok_or(short(2))?).into()), 3),
            0x0F => (Self::Signed(i8::from_be_bytes(*first(content).ok_or(short(1))?).into()), 2),
            0x11 | 0x16 => (Self::Unsigned(u8::from_be_bytes(*first(content).ok_or(short(1))?).into()), 2),
            0x05 => (Self::Signed(i32::from_be_bytes(*first(content).ok_or(short(4))?).into()), 5),
            0x14 => (Self::Signed(i64::from_be_bytes(*first(content).ok_or(short(8))?)), 9),
            0x15 => (Self::Unsigned(u64::from_be_bytes(*first(content).ok_or(short(8))?)), 9),
            0x17 => (Self::Float32(f32::from_be_bytes(*first(content).ok_or(short(4))?)), 5),
            0x18 => (Self::Float64(f64::from_be_bytes(*first(content).ok_or(short(8))?)), 9),
            0x00 | 0xFF => (Self::Null, 1),
            0x03 => (Self::Boolean(*first(content).ok_or(short(1))? != [0]), 2),
            0x0D => (Self::Octets(first::<1>(content).ok_or(short(1))?), 2),
            0x19 => (Self::time(first::<12>(content).ok_or(short(12))?), 13),
            0x1A => (Self::time(first::<5>(content).ok_or(short(5))?), 6),
            0x1B => (Self::time(first::<4>(content).ok_or(short(4))?), 5),
            0x04 | 0x09 | 0x0A | 0x0C => return Self::string_ahead(tag, content, cursor.position() + 1),
            _ => return Err(Problem::new(ProblemKind::UnknownDataType { tag }, cursor.position())),
        })
    }

    /// A string: a length, in bits for a bit-string, and as many octets.
    fn string_ahead(tag: u8, content: &'a [u8], at: u32) -> Result<(Self, u32), Problem> {
        let length = Length::read(content, at)?;
        let size = if tag == tag::BIT_STRING { length.value.div_ceil(8) } else { length.value };
        let all = length.octets.saturating_add(size);
        let octets = content.get(length.octets as usize..all as usize);
        let octets = octets.ok_or(truncated(all, content.len(), at))?;
        let text = matches!(tag, tag::VISIBLE_STRING | tag::UTF8_STRING);
        Ok((if text { Self::Text(Text::forward(octets)) } else { Self::Octets(octets) }, 1 + all))
    }

    /// What a date-time, a date or a time says, by its length; octets that say none stay octets.
    fn time(octets: &'a [u8]) -> Self {
        time(octets).map_or(Self::Octets(octets), Self::Time)
    }
}

fn first<const N: usize>(octets: &[u8]) -> Option<&[u8; N]> {
    octets.first_chunk()
}

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

#[cfg(test)]
#[path = "data_tests.rs"]
mod tests;
