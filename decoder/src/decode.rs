//! A frame through all layers: link fields, user data, readings.

use crate::application::{dlms, mbus, p1};
use crate::cursor::Cursor;
use crate::link::hdlc_frame::{self, HdlcHeader};
use crate::link::mbus_frame::{self, MbusHeader};
use crate::link::{Frame, FrameKind};
use crate::message::Message;
use crate::sink::FieldSink;
use crate::transport::{Context, hdlc_segments};

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

impl Decoded {
    const fn new(header: Option<LinkHeader>, message: Option<Message>) -> Self {
        Self { header, message, frames_back: 0 }
    }
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
    decode_in(frame, &mut Context::none(), sink)
}

pub(crate) fn decode_in(frame: &Frame<'_>, context: &mut Context<'_>, sink: &mut impl FieldSink) -> Decoded {
    let mut cursor = Cursor::new(frame.octets);
    let decoded = match frame.kind {
        FrameKind::Hdlc => decode_hdlc(frame, &mut cursor, context, sink),
        FrameKind::P1 => Decoded::new(None, p1::read_telegram(frame, &mut cursor, sink)),
        FrameKind::Llc | FrameKind::Apdu => return decode_bare(frame, &mut cursor, context, sink),
        _ => decode_mbus(frame, &mut cursor, context, sink),
    };
    sink.leave(cursor.position());
    decoded
}

fn decode_hdlc<'a>(
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) -> Decoded {
    hdlc_frame::enter(cursor, sink);
    report_damage(frame, sink);
    let Some((header, mut information)) = hdlc_frame::read_header(frame, cursor, sink) else {
        context.frame_damaged(sink);
        return Decoded::default();
    };
    let message = if frame.damage.is_some() {
        context.frame_damaged(sink);
        None
    } else {
        hdlc_segments::read(header, &mut information, context, sink)
    };
    information.undecoded(sink);
    hdlc_frame::read_trailer(frame, cursor, sink);
    Decoded::new(Some(LinkHeader::Hdlc(header)), message)
}

fn decode_mbus<'a>(
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) -> Decoded {
    mbus_frame::enter(cursor, sink);
    report_damage(frame, sink);
    let Some((header, mut user_data)) = mbus_frame::read_header(frame, cursor, sink) else {
        return Decoded::default();
    };
    let control_information = user_data.peek(0);
    let message = if frame.damage.is_some() {
        None
    } else {
        mbus::read_user_data(header, &mut user_data, context, sink)
    };
    user_data.undecoded(sink);
    mbus_frame::read_trailer(frame, cursor, sink);
    Decoded::new(Some(LinkHeader::Mbus(header, control_information)), message)
}

/// Nothing frames the octets, so nothing encloses their fields.
fn decode_bare<'a>(
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) -> Decoded {
    report_damage(frame, sink);
    let message = match frame.kind {
        _ if frame.damage.is_some() => None,
        FrameKind::Llc => dlms::read_information(cursor, context, sink),
        _ => dlms::read_apdu(cursor, context, sink),
    };
    cursor.undecoded(sink);
    Decoded::new(None, message)
}

fn report_damage(frame: &Frame<'_>, sink: &mut impl FieldSink) {
    if let Some(problem) = frame.damage {
        sink.problem(problem);
    }
}
