//! Information fields that are segments (IEC 62056-46:2002 6.4.4.4, ISO/IEC 13239: segmentation bit).
//!
//! Segments of unnumbered frames bear no number. A message begins with an LLC header or, where a meter leaves that out,
//! with an APDU; the frame whose segmentation bit is not set ends it. Whether one was lost without a trace shows in the
//! message alone, whose structures then end short.

use super::{Assembly, Context, read_joined, report};
use crate::application::dlms;
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::link::hdlc_frame::HdlcHeader;
use crate::message::Message;
use crate::sink::FieldSink;

/// Reads an information field: a message, or a segment of one; `message` becomes the one that it completes.
pub(crate) fn read<'a>(
    header: HdlcHeader,
    information: &mut Cursor<'a>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) {
    let pending = context.segments.as_deref().is_some_and(Assembly::is_pending);
    if header.segmented || pending {
        return read_segment(header.segmented, information, context, message, sink);
    }
    dlms::read_information(information, context, message, sink);
}

#[inline(never)]
fn read_segment<'a>(
    segmented: bool,
    information: &mut Cursor<'a>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) {
    let at = information.position();
    let Some(segments) = context.segments.take() else {
        return sink.problem(Problem::new(ProblemKind::SegmentNotJoined, at));
    };
    let begins = dlms::has_llc(information.ahead());
    let continues = !begins && segments.awaits(context.link);
    if !continues {
        report(segments.forget(), at, sink);
        if !segmented {
            return dlms::read_information(information, context, message, sink);
        }
        if !begins && !dlms::is_apdu(information.ahead()) {
            return sink.problem(Problem::new(ProblemKind::SegmentMissing, at));
        }
        segments.begin(context.link);
    }
    let octets = information.undecoded_as("segment", sink);
    if let Err(kind) = segments.push(octets, context.frame, at) {
        return sink.problem(Problem::new(kind, at));
    }
    if !segmented {
        read_joined(segments, context, sink, |cursor, context, sink| {
            dlms::read_information(cursor, context, message, sink);
        });
    }
}
