//! Frames to messages: what one frame alone does not tell.
//!
//! A message may come in HDLC segments ([`hdlc_segments`]), in blocks (general block transfer,
//! [`application::dlms::block_transfer`](crate::application::dlms::block_transfer)), in M-Bus segments of CI 00…1F
//! ([`mbus_segments`]), and an M-Bus readout in several telegrams ([`readout`]). The [`Decoder`] keeps what has come
//! so far, at most [`LONGEST_MESSAGE`] octets at each of two levels, and joins it. A lost piece costs the message that
//! it belongs to, and the frame where that shows says so.
//!
//! Joined and deciphered octets are buffers of their own: see [`FieldSink::open`].

mod assembly;
pub(crate) mod hdlc_segments;
pub mod mbus_segments;
pub(crate) mod readout;
mod seen;

pub use assembly::{LONGEST_MESSAGE, MOST_PIECES};

pub(crate) use assembly::{Assembly, Link};
pub(crate) use readout::Readout;
pub(crate) use seen::Seen;

use crate::cursor::Cursor;
use crate::decode::{Decoded, decode_into};
use crate::error::{Problem, ProblemKind};
use crate::link::{Frame, SkipReason};
use crate::security::Key;
use crate::sink::FieldSink;

/// Decodes the frames of one stream in their order, joins what belongs together and deciphers it.
///
/// It takes some 30 KiB and no more, whatever comes.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    segments: Assembly,
    blocks: Assembly,
    plaintext: Plaintext,
    seen: Seen,
    readout: Readout,
    frames: u32,
}

impl Decoder {
    /// A decoder at the beginning of a stream.
    pub const fn new() -> Self {
        Self {
            segments: Assembly::new(),
            blocks: Assembly::new(),
            plaintext: Plaintext::new(),
            seen: Seen::new(),
            readout: Readout::new(),
            frames: 0,
        }
    }

    /// Reads all of a frame, as [`decode`](crate::decode::decode) does, with what the frames before it have brought and
    /// with these keys.
    // What is filled in elsewhere stays where the caller has it; a return from there would be one more copy.
    #[inline]
    pub fn decode(&mut self, frame: &Frame<'_>, keys: &[Key], sink: &mut impl FieldSink) -> Decoded {
        let mut decoded = Decoded::default();
        self.fill_in(&mut decoded, frame, keys, sink);
        decoded
    }

    #[inline(never)]
    fn fill_in(&mut self, decoded: &mut Decoded, frame: &Frame<'_>, keys: &[Key], sink: &mut impl FieldSink) {
        let number = self.frames;
        let mut context = Context {
            segments: Some(&mut self.segments),
            blocks: Some(&mut self.blocks),
            plaintext: Some(&mut self.plaintext),
            seen: Some(&mut self.seen),
            readout: Some(&mut self.readout),
            keys,
            link: Link::Bare,
            frame: number,
            began: number,
        };
        decode_into(decoded, frame, &mut context, sink);
        decoded.frames_back = number.saturating_sub(context.began);
        self.frames = self.frames.wrapping_add(1);
    }

    /// Octets were skipped that are no frame. One may have been lost with them, so HDLC segments before them, which bear no
    /// numbers, are of no use; the next frame says so.
    pub fn skipped(&mut self, reason: SkipReason) {
        if reason != SkipReason::Idle && self.segments.is_hdlc() {
            self.segments.spoil();
        }
    }

    /// No frame follows: reports the messages that are not complete, and forgets them.
    pub fn finish(&mut self, sink: &mut impl FieldSink) {
        report(self.segments.forget(), 0, sink);
        report(self.blocks.forget(), 0, sink);
    }

    /// A decoder for frames that this one has seen before: it knows who was heard of, and awaits nothing.
    #[must_use]
    pub fn once_more(&self) -> Self {
        Self { seen: self.seen.clone(), ..Self::new() }
    }

    /// How many frames it has seen: the number of the next one in [`Piece::frame`](crate::sink::Piece::frame).
    pub const fn frames(&self) -> u32 {
        self.frames
    }
}

/// What a frame is read with, besides its own octets. Without the parts, pieces are not joined and nothing is deciphered.
pub(crate) struct Context<'c> {
    pub segments: Option<&'c mut Assembly>,
    pub blocks: Option<&'c mut Assembly>,
    pub plaintext: Option<&'c mut Plaintext>,
    pub seen: Option<&'c mut Seen>,
    pub readout: Option<&'c mut Readout>,
    #[cfg_attr(not(feature = "crypto"), allow(dead_code, reason = "keys open nothing without ciphers"))]
    pub keys: &'c [Key],
    /// Who sent this frame to whom.
    pub link: Link,
    /// The number of this frame.
    pub frame: u32,
    /// The number of the frame in which the message began.
    pub began: u32,
}

impl Context<'_> {
    /// Nothing but the frame.
    pub const fn none() -> Self {
        Self {
            segments: None,
            blocks: None,
            plaintext: None,
            seen: None,
            readout: None,
            keys: &[],
            link: Link::Bare,
            frame: 0,
            began: 0,
        }
    }

    /// HDLC segments bear no numbers: one may have been lost with this frame, so those before it are of no use.
    pub fn frame_damaged(&mut self, sink: &mut impl FieldSink) {
        let Some(segments) = self.segments.as_deref_mut() else { return };
        if segments.is_hdlc()
            && let Some(lost) = segments.forget()
        {
            sink.problem(Problem::new(lost, 0));
        }
    }

    /// A message is complete that began in this frame.
    pub fn reach_back(&mut self, frame: Option<u32>) {
        self.began = self.began.min(frame.unwrap_or(self.began));
    }
}

/// Room for one deciphered message.
#[derive(Clone)]
pub(crate) struct Plaintext(pub [u8; LONGEST_MESSAGE]);

impl Plaintext {
    const fn new() -> Self {
        Self([0; LONGEST_MESSAGE])
    }
}

/// Nothing of what was ciphered.
impl core::fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Plaintext")
    }
}

impl Default for Plaintext {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads a complete message as a buffer of its own, and forgets its pieces.
pub(crate) fn read_joined<S: FieldSink>(
    assembly: &mut Assembly,
    context: &mut Context<'_>,
    sink: &mut S,
    read: impl FnOnce(&mut Cursor<'_>, &mut Context<'_>, &mut S),
) {
    context.reach_back(assembly.first_frame());
    let buffer = assembly.buffer();
    sink.open(&buffer);
    let mut cursor = Cursor::new(buffer.octets);
    read(&mut cursor, context, sink);
    cursor.undecoded(sink);
    sink.close();
    assembly.forget();
}

/// Reports a problem at `at`, where there is one.
pub(crate) fn report(kind: Option<ProblemKind>, at: u32, sink: &mut impl FieldSink) {
    if let Some(kind) = kind {
        sink.problem(Problem::new(kind, at));
    }
}
