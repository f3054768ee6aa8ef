//! A frame through all layers: link fields, user data, readings.

use crate::application::{dlms, mbus, p1};
use crate::cursor::Cursor;
use crate::link::hdlc_frame::{self, HdlcHeader};
use crate::link::mbus_frame::{self, MbusHeader};
use crate::link::{Frame, FrameKind};
use crate::message::Message;
use crate::sink::FieldSink;
use crate::transport::{Context, Link, hdlc_segments};

/// What a frame says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The link header, where it could be read.
    pub header: Option<LinkHeader>,
    /// The message that the frame completes; none for a damaged frame.
    pub message: Option<Message>,
    /// How many frames before this one the message began; 0 where it came in one.
    pub frames_back: u32,
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
/// The user data of a damaged frame is shown as it is and not interpreted. Nothing is remembered from frame to frame: for
/// messages in several frames and for ciphered ones there is the [`Decoder`](crate::transport::Decoder).
pub fn decode(frame: &Frame<'_>, sink: &mut impl FieldSink) -> Decoded {
    let mut decoded = Decoded::default();
    decode_into(&mut decoded, frame, &mut Context::none(), sink);
    decoded
}

/// Reads what a good HDLC frame carries: one DLMS message. Nothing is said of the frame itself, so that a program on a small
/// processor does without the code for that and for other frames.
///
/// A frame of another kind, a damaged one and a segment give nothing.
pub fn decode_dlms(frame: &Frame<'_>, sink: &mut impl FieldSink) -> Option<Message> {
    let is_good = frame.kind == FrameKind::Hdlc && frame.damage.is_none();
    let mut information = hdlc_frame::information(frame).filter(|_| is_good)?;
    let mut message = None;
    dlms::read_information(&mut information, &mut Context::none(), &mut message, sink);
    message
}

/// Fills in `decoded`, which says nothing yet.
// A message is written where it stays. One that is handed up from layer to layer is copied in other pieces than it was
// just written in, and for each of them the processor waits until the writes have reached the cache.
pub(crate) fn decode_into(
    decoded: &mut Decoded,
    frame: &Frame<'_>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) {
    let mut cursor = Cursor::new(frame.octets);
    match frame.kind {
        FrameKind::Hdlc => decode_hdlc(decoded, frame, &mut cursor, context, sink),
        FrameKind::P1 => decoded.message = p1::read_telegram(frame, &mut cursor, sink),
        FrameKind::Llc | FrameKind::Apdu => return decode_bare(decoded, frame, &mut cursor, context, sink),
        _ => decode_mbus(decoded, frame, &mut cursor, context, sink),
    }
    sink.leave(cursor.position());
}

fn decode_hdlc<'a>(
    decoded: &mut Decoded,
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) {
    hdlc_frame::enter(cursor, sink);
    report_damage(frame, sink);
    let Some((header, mut information)) = hdlc_frame::read_header(frame, cursor, sink) else {
        return context.frame_damaged(sink);
    };
    // Field by field, for the reason given at `decode_into`.
    let HdlcHeader { segmented, destination, source, control } = header;
    decoded.header = Some(LinkHeader::Hdlc(HdlcHeader { segmented, destination, source, control }));
    if frame.damage.is_some() {
        context.frame_damaged(sink);
    } else {
        context.link = Link::Hdlc { source, destination };
        hdlc_segments::read(header, &mut information, context, &mut decoded.message, sink);
    }
    information.undecoded(sink);
    hdlc_frame::read_trailer(frame, cursor, sink);
}

fn decode_mbus<'a>(
    decoded: &mut Decoded,
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) {
    mbus_frame::enter(cursor, sink);
    report_damage(frame, sink);
    let Some((header, mut user_data)) = mbus_frame::read_header(frame, cursor, sink) else {
        return;
    };
    decoded.header = Some(LinkHeader::Mbus(header, user_data.peek(0)));
    if frame.damage.is_none() {
        context.link = Link::Mbus { address: header.address };
        mbus::read_user_data(header, &mut user_data, context, &mut decoded.message, sink);
    }
    user_data.undecoded(sink);
    mbus_frame::read_trailer(frame, cursor, sink);
}

/// Nothing frames the octets, so nothing encloses their fields.
fn decode_bare<'a>(
    decoded: &mut Decoded,
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) {
    report_damage(frame, sink);
    match frame.kind {
        _ if frame.damage.is_some() => {}
        FrameKind::Llc => dlms::read_information(cursor, context, &mut decoded.message, sink),
        _ => dlms::read_apdu(cursor, context, &mut decoded.message, sink),
    }
    cursor.undecoded(sink);
}

fn report_damage(frame: &Frame<'_>, sink: &mut impl FieldSink) {
    if let Some(problem) = frame.damage {
        sink.problem(problem);
    }
}
