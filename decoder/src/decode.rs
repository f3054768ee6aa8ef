//! A frame through all layers: link fields, user data, readings.

use crate::application::{dlms, mbus, p1};
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::link::hdlc_frame::{self, HdlcHeader};
use crate::link::mbus_frame::{self, MbusHeader};
use crate::link::{Frame, FrameKind, p1_telegram};
use crate::message::Message;
use crate::sink::FieldSink;

/// What a frame says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The link header, where it could be read.
    pub header: Option<LinkHeader>,
    /// The message that the frame completes; none for a damaged frame.
    pub message: Option<Message>,
}

/// What the link header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkHeader {
    /// HDLC.
    Hdlc(HdlcHeader),
    /// M-Bus, with the CI field where there is one.
    Mbus(MbusHeader, Option<u8>),
}

/// Reads all of a frame. Fields, readings and problems go to the sink; the fields cover every octet of the frame.
///
/// The user data of a damaged frame is shown as it is and not interpreted.
pub fn decode<'a>(frame: &Frame<'a>, sink: &mut impl FieldSink) -> Decoded {
    let mut cursor = Cursor::new(frame.octets);
    let decoded = match frame.kind {
        FrameKind::Hdlc => decode_hdlc(frame, &mut cursor, sink),
        FrameKind::P1 => decode_p1(frame, &mut cursor, sink),
        FrameKind::Llc | FrameKind::Apdu => return decode_bare(frame, &mut cursor, sink),
        _ => decode_mbus(frame, &mut cursor, sink),
    };
    sink.leave(cursor.position());
    decoded
}

fn decode_hdlc<'a>(frame: &Frame<'a>, cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Decoded {
    hdlc_frame::enter(cursor, sink);
    report_damage(frame, sink);
    let Some((header, mut information)) = hdlc_frame::read_header(frame, cursor, sink) else {
        return Decoded::default();
    };
    let message = if frame.damage.is_some() {
        None
    } else if header.segmented {
        sink.problem(Problem::new(ProblemKind::SegmentNotJoined, information.position()));
        None
    } else {
        dlms::read_information(&mut information, sink)
    };
    information.undecoded(sink);
    hdlc_frame::read_trailer(frame, cursor, sink);
    Decoded { header: Some(LinkHeader::Hdlc(header)), message }
}

fn decode_mbus<'a>(frame: &Frame<'a>, cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Decoded {
    mbus_frame::enter(cursor, sink);
    report_damage(frame, sink);
    let Some((header, mut user_data)) = mbus_frame::read_header(frame, cursor, sink) else {
        return Decoded::default();
    };
    let control_information = user_data.peek(0);
    let message = if frame.damage.is_some() { None } else { mbus::read_user_data(&mut user_data, sink) };
    user_data.undecoded(sink);
    mbus_frame::read_trailer(frame, cursor, sink);
    Decoded { header: Some(LinkHeader::Mbus(header, control_information)), message }
}

fn decode_p1<'a>(frame: &Frame<'a>, cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Decoded {
    p1_telegram::enter(cursor, sink);
    report_damage(frame, sink);
    let Some((identification, mut lines)) = p1_telegram::read_header(cursor, sink) else {
        cursor.undecoded(sink);
        return Decoded::default();
    };
    let message =
        if frame.damage.is_some() { None } else { Some(p1::read_lines(identification, &mut lines, sink)) };
    lines.undecoded(sink);
    p1_telegram::read_trailer(frame, cursor, sink);
    Decoded { header: None, message }
}

/// Nothing frames the octets, so nothing encloses their fields.
fn decode_bare<'a>(frame: &Frame<'a>, cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Decoded {
    let message = match frame.kind {
        FrameKind::Llc => dlms::read_information(cursor, sink),
        _ => dlms::read_apdu(cursor, sink),
    };
    cursor.undecoded(sink);
    Decoded { header: None, message }
}

fn report_damage(frame: &Frame<'_>, sink: &mut impl FieldSink) {
    if let Some(problem) = frame.damage {
        sink.problem(problem);
    }
}
