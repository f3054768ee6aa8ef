//! Octets to frames.
//!
//! [`scanner`] decides where frames begin and end. [`receiver`] runs it over octets that arrive in pieces, [`frames`]
//! over octets that already lie in memory; both give the same items, whatever the pieces. What a frame's own fields say
//! is read by [`hdlc_frame`], [`mbus_frame`] and [`p1_telegram`]; [`ciphered_apdu`] finds APDUs that nothing frames.

pub mod check_sequence;
pub mod ciphered_apdu;
pub mod frames;
pub mod hdlc_frame;
pub mod mbus_frame;
pub mod p1_telegram;
pub mod receiver;
pub mod scanner;

pub use frames::Frames;
pub use receiver::Receiver;
pub use scanner::LONGEST_FRAME;

use crate::error::Problem;

/// A stretch of octets that a link layer recognised as a frame, good or damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// All octets of the frame: flags, start and stop octets and check sequences included.
    pub octets: &'a [u8],
    /// Which kind of frame.
    pub kind: FrameKind,
    /// What is wrong with it; its place counts from the frame's first octet.
    pub damage: Option<Problem>,
}

/// The kinds of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum FrameKind {
    /// HDLC, frame format type 3.
    Hdlc,
    /// The single character E5.
    MbusAck,
    /// A short frame, `10 C A sum 16`.
    MbusShort,
    /// A control frame, a long frame without data: L = 3.
    MbusControl,
    /// A long frame, `68 L L 68 C A CI … sum 16`.
    MbusLong,
    /// A P1 telegram, `/` to `!`.
    P1,
    /// No frame: the input is an LLC header and an APDU.
    Llc,
    /// No frame: an APDU by itself.
    Apdu,
}

impl FrameKind {
    /// The name of the link that the output uses.
    pub const fn link(self) -> &'static str {
        match self {
            Self::Hdlc => "hdlc",
            Self::MbusAck | Self::MbusShort | Self::MbusControl | Self::MbusLong => "mbus",
            Self::P1 => "p1",
            Self::Llc => "llc",
            Self::Apdu => "apdu",
        }
    }

    /// Which M-Bus frame it is.
    pub const fn mbus_kind(self) -> Option<&'static str> {
        match self {
            Self::MbusAck => Some("ack"),
            Self::MbusShort => Some("short"),
            Self::MbusControl => Some("control"),
            Self::MbusLong => Some("long"),
            Self::Hdlc | Self::P1 | Self::Llc | Self::Apdu => None,
        }
    }
}

/// Which kinds of frames a stream is searched for.
pub trait Links {
    /// All kinds; else HDLC frames alone.
    const ALL: bool;
}

/// Whatever there is.
#[derive(Clone, Copy, Debug)]
pub struct AnyLink;

/// HDLC frames alone, as on a HAN port. A program that asks for no others does without the code that knows them.
#[derive(Clone, Copy, Debug)]
pub struct HdlcOnly;

impl Links for AnyLink {
    const ALL: bool = true;
}

impl Links for HdlcOnly {
    const ALL: bool = false;
}

/// What comes next in a stream of octets. The lengths of successive items add up to the octets pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The octets so far do not tell; push more.
    NeedMore,
    /// A frame whose check sequences are right.
    Frame(Frame<'a>),
    /// Octets that began like a frame and are none.
    Damaged {
        /// The kind of frame that it began like.
        kind: FrameKind,
        /// How many octets, up to the next frame or to where this one should have ended.
        length: u32,
        /// What is wrong; its place counts from the first of these octets.
        problem: Problem,
    },
    /// Octets that belong to no frame.
    Skipped {
        /// How many.
        length: u32,
        /// What they look like.
        reason: SkipReason,
    },
}

/// What skipped octets look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum SkipReason {
    /// Flags, or a line at rest: only 7E, 00 and FF.
    Idle,
    /// Printable characters, as from a logger or a console.
    Text,
    /// Anything else.
    Noise,
}

impl SkipReason {
    /// The name that the output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Text => "text",
            Self::Noise => "noise",
        }
    }
}
