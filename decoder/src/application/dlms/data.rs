//! DLMS data in A-XDR (IEC 62056-6-2:2021 4.1.5 for the types, IEC 61334-6 for the encoding).
//!
//! A body is one element: a scalar, or a structure or array of elements, nested up to [`DEEPEST`] levels. [`read`] walks
//! it without recursion and reports every element as one leaf, tag, length and content together. Who wants to know what
//! the elements mean listens as [`Elements`].

mod extent;
mod shown;

pub(crate) use self::extent::length;
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
    pub const BOOLEAN: u8 = 0x03;
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
    /// Whether it wants to know of scalars at all. Where nobody does, their values are not even read.
    const LISTENS: bool = true;
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
    let mut open = Open::new();
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

/// A number of elements that are there, each of an octet at least.
#[cfg(not(target_arch = "avr"))]
type Count = u32;
#[cfg(target_arch = "avr")]
type Count = u16;

/// The structures and arrays that have begun and not ended.
struct Open {
    /// How many elements the innermost still awaits; outside of all, the one that is read.
    awaited: Count,
    /// How many those around it await, from the outermost on.
    outer: [Count; DEEPEST],
    depth: u8,
}

impl Open {
    const fn new() -> Self {
        Self { awaited: 1, outer: [0; DEEPEST], depth: 0 }
    }

    fn begin(&mut self, elements: Count) {
        if let Some(outer) = self.outer.get_mut(usize::from(self.depth)) {
            *outer = self.awaited;
            self.awaited = elements;
            self.depth += 1;
        }
    }

    /// Counts an element that is complete; true if it was the last of the innermost container, which is then closed.
    #[inline]
    fn complete(&mut self) -> bool {
        self.awaited = self.awaited.saturating_sub(1);
        if self.awaited > 0 || self.depth == 0 {
            return false;
        }
        self.depth -= 1;
        self.awaited = self.outer.get(usize::from(self.depth)).copied().unwrap_or_default();
        true
    }

    const fn is_complete(&self) -> bool {
        self.awaited == 0
    }
}

/// Whether most of the numbers are read apart from the others. Where the program is loaded over a line or lies in a small
/// flash, its size counts more.
const FAST: bool = !cfg!(any(target_arch = "wasm32", target_arch = "avr"));

/// The number ahead, if it is of the type that most numbers of push lists are of.
#[inline]
fn double_long_unsigned(octets: &[u8]) -> Option<u32> {
    match *octets {
        [tag::DOUBLE_LONG_UNSIGNED, a, b, c, d, ..] => Some(u32::from_be_bytes([a, b, c, d])),
        _ => None,
    }
}

// Every turn consumes at least the octet of a tag, so the octets bound the loop.
fn read_all<'a, E: Elements<'a>>(
    cursor: &mut Cursor<'a>,
    open: &mut Open,
    elements: &mut E,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    loop {
        let tag = cursor.peek(0).ok_or(truncated(1, 0, cursor.position()))?;
        match tag {
            _ if E::LISTENS
                && FAST
                && let Some(number) = double_long_unsigned(cursor.ahead()) =>
            {
                let data = Data::Unsigned(number.into());
                read_scalar(tag::DOUBLE_LONG_UNSIGNED, data, 5, cursor, open.depth, elements, sink)?;
            }
            tag::ARRAY | tag::STRUCTURE => {
                let count = read_container(tag, cursor, open.depth, elements, sink)?;
                if count > 0 {
                    open.begin(count as Count);
                    continue;
                }
                elements.end(open.depth, sink);
                sink.leave(cursor.position());
            }
            _ if !E::LISTENS => {
                let length = extent::scalar_length(tag, cursor.ahead(), cursor.position())?;
                cursor.octets(length, "", sink)?;
            }
            tag::COMPACT_ARRAY if !sink.spares_code() => {
                read_compact_array(cursor, open.depth, elements, sink)?;
            }
            _ if sink.spares_code() => {
                let (data, length) = Data::ahead(tag, cursor)?;
                read_scalar(tag, data, length, cursor, open.depth, elements, sink)?;
            }
            _ => match Data::number_ahead(tag, cursor)? {
                Some((data, length)) => read_scalar(tag, data, length, cursor, open.depth, elements, sink)?,
                None => read_other(tag, cursor, open.depth, elements, sink)?,
            },
        }
        while open.complete() {
            elements.end(open.depth, sink);
            sink.leave(cursor.position());
        }
        if open.is_complete() {
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
#[allow(clippy::inline_always, reason = "see `Data::number_ahead`")]
#[cfg_attr(not(target_arch = "avr"), inline(always))]
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

/// Reads a scalar that is no whole number.
#[inline(never)]
fn read_other<'a>(
    tag: u8,
    cursor: &mut Cursor<'a>,
    depth: u8,
    elements: &mut impl Elements<'a>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    if matches!(tag, tag::BIT_STRING | tag::OCTET_STRING | tag::VISIBLE_STRING | tag::UTF8_STRING) {
        let (octets, length) = string_ahead(tag, cursor)?;
        let text = matches!(tag, tag::VISIBLE_STRING | tag::UTF8_STRING);
        let data = if text { Data::Text(Text::forward(octets)) } else { Data::Octets(octets) };
        return read_scalar(tag, data, length, cursor, depth, elements, sink);
    }
    let (data, length) = Data::other_ahead(tag, cursor)?;
    read_scalar(tag, data, length, cursor, depth, elements, sink)
}

/// `13h`, the type of the elements, the length of the contents, the contents without tags.
fn read_compact_array<'a>(
    cursor: &mut Cursor<'a>,
    depth: u8,
    elements: &mut impl Elements<'a>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    let (description, length) = compact_array_lengths(cursor.ahead(), cursor.position())?;
    let rest = cursor.ahead().get(description as usize..).unwrap_or_default();
    let size = length.octets + length.value;
    let contents = Data::Compact(rest.get(length.octets as usize..size as usize).unwrap_or_default());
    cursor.octets(description, "compact-array", sink)?;
    sink.problem(Problem::new(ProblemKind::CompactArray, cursor.position()));
    read_scalar(tag::COMPACT_ARRAY, contents, size, cursor, depth, elements, sink)
}

/// How many octets the description of a compact array takes, its tag included, and the length of the contents, which are
/// there.
#[inline(never)]
fn compact_array_lengths(ahead: &[u8], at: u32) -> Result<(u32, Length), Problem> {
    let description = 1 + type_description_length(ahead.get(1..).unwrap_or_default(), at + 1)?;
    let rest = ahead.get(description as usize..).unwrap_or_default();
    let length = Length::read(rest, at + description)?;
    let size = length.octets.saturating_add(length.value);
    if (size as usize) > rest.len() {
        return Err(truncated(size, rest.len(), at + description));
    }
    Ok((description, length))
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
    /// The whole number ahead and how many octets it takes with its tag; none if something else lies ahead.
    // Push lists are made of numbers. Apart from the rest and inlined they stay in registers: a value that goes through
    // memory and is copied in other pieces than it was written in stalls the processor.
    #[allow(clippy::inline_always, reason = "see above")]
    #[cfg_attr(not(target_arch = "avr"), inline(always))]
    fn number_ahead(tag: u8, cursor: &Cursor<'a>) -> Result<Option<(Self, u32)>, Problem> {
        let content = cursor.ahead().get(1..).unwrap_or_default();
        let short = |size: u32| truncated(1 + size, 1 + content.len(), cursor.position());
        Ok(Some(match tag {
            0x06 => (Self::Unsigned(u32::from_be_bytes(*first(content).ok_or(short(4))?).into()), 5),
            0x12 => (Self::Unsigned(u16::from_be_bytes(*first(content).ok_or(short(2))?).into()), 3),
            0x10 => (Self::Signed(i16::from_be_bytes(*first(content).ok_or(short(2))?).into()), 3),
            0x0F => (Self::Signed(i8::from_be_bytes(*first(content).ok_or(short(1))?).into()), 2),
            0x11 | 0x16 => (Self::Unsigned(u8::from_be_bytes(*first(content).ok_or(short(1))?).into()), 2),
            0x05 => (Self::Signed(i32::from_be_bytes(*first(content).ok_or(short(4))?).into()), 5),
            0x14 => (Self::Signed(i64::from_be_bytes(*first(content).ok_or(short(8))?)), 9),
            0x15 => (Self::Unsigned(u64::from_be_bytes(*first(content).ok_or(short(8))?)), 9),
            _ => return Ok(None),
        }))
    }

    /// The whole number or string ahead and how many octets it takes, for a program that spares code: numbers are read in a
    /// loop, for an AVR has a register for each octet of one, and other scalars are passed over.
    #[cfg_attr(target_arch = "avr", inline(never))]
    fn ahead(tag: u8, cursor: &Cursor<'a>) -> Result<(Self, u32), Problem> {
        if matches!(tag, tag::BIT_STRING | tag::OCTET_STRING | tag::VISIBLE_STRING | tag::UTF8_STRING) {
            let (octets, length) = string_ahead(tag, cursor)?;
            let text = matches!(tag, tag::VISIBLE_STRING | tag::UTF8_STRING);
            let data = if text { Self::Text(Text::forward(octets)) } else { Self::Octets(octets) };
            return Ok((data, length));
        }
        let length = extent::fixed_length(tag);
        if length == 0 {
            return Err(Problem::new(ProblemKind::UnknownDataType { tag }, cursor.position()));
        }
        let ahead = cursor.ahead();
        let Some(octets) = ahead.get(1..length.into()) else {
            return Err(truncated(length.into(), ahead.len(), cursor.position()));
        };
        let is_signed = matches!(tag, 0x05 | 0x0F | 0x10 | 0x14);
        let is_negative = is_signed && octets.first().is_some_and(|octet| octet & 0x80 != 0);
        let begin = if is_negative { u64::MAX } else { 0 };
        let number = octets.iter().fold(begin, |number, &octet| number << 8 | u64::from(octet));
        let data = match tag {
            _ if is_signed => Self::Signed(number as i64),
            0x06 | 0x11 | 0x12 | 0x15 | 0x16 => Self::Unsigned(number),
            _ => Self::Null,
        };
        Ok((data, length.into()))
    }

    /// The scalar ahead that is neither a whole number nor a string, and how many octets it takes, tag and length included.
    #[inline]
    fn other_ahead(tag: u8, cursor: &Cursor<'a>) -> Result<(Self, u32), Problem> {
        let content = cursor.ahead().get(1..).unwrap_or_default();
        let short = |size: u32| truncated(1 + size, 1 + content.len(), cursor.position());
        Ok(match tag {
            0x17 => (Self::Float32(f32::from_be_bytes(*first(content).ok_or(short(4))?)), 5),
            0x18 => (Self::Float64(f64::from_be_bytes(*first(content).ok_or(short(8))?)), 9),
            0x00 | 0xFF => (Self::Null, 1),
            0x03 => (Self::Boolean(*first(content).ok_or(short(1))? != [0]), 2),
            0x0D => (Self::Octets(first::<1>(content).ok_or(short(1))?), 2),
            0x19 => (Self::time(first::<12>(content).ok_or(short(12))?), 13),
            0x1A => (Self::time(first::<5>(content).ok_or(short(5))?), 6),
            0x1B => (Self::time(first::<4>(content).ok_or(short(4))?), 5),
            _ => return Err(Problem::new(ProblemKind::UnknownDataType { tag }, cursor.position())),
        })
    }

    /// What a date-time, a date or a time says, by its length; octets that say none stay octets.
    fn time(octets: &'a [u8]) -> Self {
        time(octets).map_or(Self::Octets(octets), Self::Time)
    }
}

/// The octets of the string ahead, which begins with their number, in bits for a bit-string, and how many octets the string
/// takes with tag and length.
#[inline]
fn string_ahead<'a>(tag: u8, cursor: &Cursor<'a>) -> Result<(&'a [u8], u32), Problem> {
    let content = cursor.ahead().get(1..).unwrap_or_default();
    let at = cursor.position() + 1;
    let length = Length::read(content, at)?;
    let size = if tag == tag::BIT_STRING { length.value.div_ceil(8) } else { length.value };
    let all = length.octets.saturating_add(size);
    let octets = content.get(length.octets as usize..all as usize);
    Ok((octets.ok_or(truncated(all, content.len(), at))?, 1 + all))
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
