//! General block transfer (IEC 62056-5-3:2017 7.3.13): an APDU in blocks. One block is no message yet.

use super::length::{Length, truncated};
use super::{report, report_trailing};
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::sink::{Field, FieldSink, FieldValue};

/// The tag of a block.
pub const TAG: u8 = 0xE0;

/// A block, its fields read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// No block follows.
    pub last: bool,
    /// Counts from 1.
    pub number: u16,
    /// Part of an APDU.
    pub data: &'a [u8],
}

/// Reads a block and says that it is not joined with the others.
pub fn read<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<Block<'a>> {
    let at = cursor.position();
    let result = try_read(cursor, sink);
    let block = report(result, sink)?;
    sink.problem(Problem::new(ProblemKind::SegmentNotJoined, at));
    report_trailing(cursor, sink);
    Some(block)
}

fn try_read<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Result<Block<'a>, Problem> {
    cursor.octet(sink, |tag| Field::code("APDU", tag.into(), "general-block-transfer"))?;
    // Bit 7: last block; bit 6: streaming; the rest is the window.
    let control = cursor.octet(sink, |control| {
        let meaning = if control & 0x80 == 0 { "more blocks follow" } else { "last block" };
        Field::code("block control", control.into(), meaning)
    })?;
    let number = number("block number", cursor, sink)?;
    self::number("block number acknowledged", cursor, sink)?;
    let length = Length::read(cursor.ahead(), cursor.position())?;
    let left = cursor.left().saturating_sub(length.octets);
    if length.value > left {
        return Err(truncated(length.value, left as usize, cursor.position() + length.octets));
    }
    cursor.field(length.octets, sink, |_| (Field::number("length", length.value.into()), ()))?;
    let data = cursor.field(length.value, sink, |octets| {
        (Field::new("block data", FieldValue::Undecoded(octets)), octets)
    })?;
    Ok(Block { last: control & 0x80 != 0, number, data })
}

fn number(name: &'static str, cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Result<u16, Problem> {
    let octets = cursor.array::<2>(sink, |octets| Field::number(name, u16::from_be_bytes(*octets).into()))?;
    Ok(u16::from_be_bytes(*octets))
}
