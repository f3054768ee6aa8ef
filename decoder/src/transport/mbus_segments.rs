//! DLMS APDUs in M-Bus frames of CI 00…1F (EN 13757-1:2014 and its transport layer: CI bit 4 ends the message, bits 3…0
//! count the segments from 0).

use super::{Assembly, Context, Link, read_joined, report};
use crate::application::dlms;
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::message::Message;
use crate::sink::FieldSink;

/// What the CI field says of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Counts from 0, modulo 16.
    pub number: u8,
    /// No segment follows.
    pub last: bool,
}

/// Reads what follows the service access points of a segment; `message` becomes the one that it completes.
pub(crate) fn read(
    segment: Segment,
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) {
    let (at, link) = (cursor.position(), context.link);
    let Some(segments) = context.segments.take() else {
        if segment == (Segment { number: 0, last: true }) {
            return dlms::read_apdu(cursor, context, message, sink);
        }
        return sink.problem(Problem::new(ProblemKind::SegmentNotJoined, at));
    };
    if begins(segments, segment, link, cursor.ahead()) {
        report(segments.forget(), at, sink);
        if segment.last {
            return dlms::read_apdu(cursor, context, message, sink);
        }
        segments.begin(link);
    } else if !continues(segments, segment, link, cursor.ahead(), at, sink) {
        return;
    }
    let octets = cursor.undecoded_as("segment", sink);
    if let Err(kind) = segments.push(octets, context.frame, at) {
        return sink.problem(Problem::new(kind, at));
    }
    if segment.last {
        read_joined(segments, context, sink, |cursor, context, sink| {
            dlms::read_apdu(cursor, context, message, sink);
        });
    }
}

/// Whether the segment is the first of a message. The sixteenth after that has its number, so where that is the one awaited
/// only an APDU begins a message.
fn begins(segments: &Assembly, segment: Segment, link: Link, octets: &[u8]) -> bool {
    let awaited = segments.awaits(link) && segments.count() & 0x0F == 0 && !dlms::is_apdu(octets);
    segment.number == 0 && !awaited && !is_repeated(segments, segment, link, octets)
}

/// Whether the segment is the one that is awaited; otherwise what is wrong has been reported.
fn continues(
    segments: &mut Assembly,
    segment: Segment,
    link: Link,
    octets: &[u8],
    at: u32,
    sink: &mut impl FieldSink,
) -> bool {
    if is_repeated(segments, segment, link, octets) {
        sink.problem(Problem::new(ProblemKind::SegmentRepeated, at));
        return false;
    }
    let awaited = segments.awaits(link) && segments.count() & 0x0F == usize::from(segment.number);
    if !awaited {
        report(segments.forget(), at, sink);
        sink.problem(Problem::new(ProblemKind::SegmentMissing, at));
    }
    awaited
}

fn is_repeated(segments: &Assembly, segment: Segment, link: Link, octets: &[u8]) -> bool {
    segments.awaits(link)
        && segments.count().wrapping_sub(1) & 0x0F == usize::from(segment.number)
        && segments.ends_with_piece(octets)
}
