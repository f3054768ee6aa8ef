//! Information fields that are segments (IEC 62056-46:2002 6.4.4.4, ISO/IEC 13239: segmentation bit).
//!
//! Segments of unnumbered frames bear no number. A message begins with an LLC header or, where a meter leaves that out,
//! with an APDU; the frame whose segmentation bit is not set ends it. Whether one was lost without a trace shows in the
//! message alone, whose structures then end short.

use super::{Assembly, Context, Origins, report};
use crate::application::dlms;
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::link::hdlc_frame::HdlcHeader;
use crate::message::Message;
use crate::sink::FieldSink;

/// Reads an information field: a message, or a segment of one.
pub(crate) fn read<'a>(
    header: HdlcHeader,
    information: &mut Cursor<'a>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) -> Option<Message> {
    let pending = context.segments.as_deref().is_some_and(Assembly::is_pending);
    if header.segmented || pending {
        return read_segment(header, information, context, sink);
    }
    dlms::read_information(information, context, sink)
}

#[inline(never)]
fn read_segment<'a>(
    header: HdlcHeader,
    information: &mut Cursor<'a>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) -> Option<Message> {
    let at = information.position();
    let Some(segments) = context.segments.take() else {
        sink.problem(Problem::new(ProblemKind::SegmentNotJoined, at));
        return None;
    };
    let origins = Origins::Hdlc { source: header.source, destination: header.destination };
    let begins = dlms::has_llc(information.ahead());
    let continues = !begins && segments.awaits(origins);
    if !continues {
        report(segments.forget(), at, sink);
        if !header.segmented {
            return dlms::read_information(information, context, sink);
        }
        if !begins && !dlms::is_apdu(information.ahead()) {
            sink.problem(Problem::new(ProblemKind::SegmentMissing, at));
            return None;
        }
        segments.begin(origins);
    }
    let octets = information.undecoded_as("segment", sink);
    if let Err(kind) = segments.push(octets, context.frame, at) {
        sink.problem(Problem::new(kind, at));
        return None;
    }
    if header.segmented { None } else { read_joined(segments, context, sink) }
}

fn read_joined(
    segments: &mut Assembly,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) -> Option<Message> {
    context.reach_back(segments.first_frame());
    let buffer = segments.buffer();
    sink.open(&buffer);
    let mut cursor = Cursor::new(buffer.octets);
    let message = dlms::read_information(&mut cursor, context, sink);
    cursor.undecoded(sink);
    sink.close();
    segments.forget();
    message
}
