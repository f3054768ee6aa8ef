//! General block transfer (IEC 62056-5-3:2017 7.3.13): an APDU in blocks that count from 1.

use super::length::{Length, truncated};
use super::{in_apdu, read_whole_apdu, report, report_trailing};
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::message::Message;
use crate::sink::{Field, FieldSink, FieldValue};
use crate::transport::{self, Assembly, Context};

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
    /// Where it begins.
    pub data_at: u32,
}

/// Reads a block; the last one completes the message.
pub(crate) fn read(
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) -> Option<Message> {
    let at = cursor.position();
    let block = in_apdu(cursor, sink, |cursor, sink| {
        let block = report(try_read(cursor, sink), sink)?;
        report_trailing(cursor, sink);
        Some(block)
    })?;
    let Some(blocks) = context.blocks.take() else {
        sink.problem(Problem::new(ProblemKind::SegmentNotJoined, at));
        return None;
    };
    if let Err(kind) = join(block, at, blocks, context, sink) {
        sink.problem(Problem::new(kind, at));
        return None;
    }
    let mut message = None;
    if block.last {
        transport::read_joined(blocks, context, sink, |cursor, context, sink| {
            read_whole_apdu(cursor, context, &mut message, sink);
        });
    }
    message
}

/// Adds a block to those before it.
fn join(
    block: Block<'_>,
    at: u32,
    blocks: &mut Assembly,
    context: &Context<'_>,
    sink: &mut impl FieldSink,
) -> Result<(), ProblemKind> {
    let pending = blocks.awaits(context.link);
    let repeated =
        pending && blocks.count() == usize::from(block.number) && blocks.ends_with_piece(block.data);
    if repeated {
        return Err(ProblemKind::SegmentRepeated);
    }
    if block.number == 1 {
        transport::report(blocks.begin(context.link), at, sink);
    } else if !pending || blocks.count() + 1 != usize::from(block.number) {
        transport::report(blocks.forget(), at, sink);
        return Err(ProblemKind::SegmentMissing);
    }
    blocks.push(block.data, context.frame, block.data_at)
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
    let data_at = cursor.position();
    let data = cursor.field(length.value, sink, |octets| {
        (Field::new("block data", FieldValue::Undecoded(octets)), octets)
    })?;
    Ok(Block { last: control & 0x80 != 0, number, data, data_at })
}

fn number(name: &'static str, cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Result<u16, Problem> {
    let octets = cursor.array::<2>(sink, |octets| Field::number(name, u16::from_be_bytes(*octets).into()))?;
    Ok(u16::from_be_bytes(*octets))
}
