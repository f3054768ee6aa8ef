//! A message in the making: the pieces that have come so far.

use crate::error::ProblemKind;
use crate::sink::{Buffer, Origin, Piece};

/// The longest message that is joined, in octets. Push lists of a thousand are the longest seen.
pub const LONGEST_MESSAGE: usize = 8192;
/// The most pieces that are joined; Landis+Gyr sends blocks of about a hundred octets.
pub const MOST_PIECES: usize = 128;

/// Who speaks to whom. Pieces of different links do not belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Link {
    /// Octets without a link frame.
    #[default]
    Bare,
    /// HDLC frames between two addresses.
    Hdlc { source: u32, destination: u32 },
    /// M-Bus frames with one A field.
    Mbus { address: u8 },
}

/// Joins the pieces of one message at a time.
#[derive(Clone)]
pub struct Assembly {
    octets: [u8; LONGEST_MESSAGE],
    length: usize,
    pieces: [Piece; MOST_PIECES],
    count: usize,
    link: Option<Link>,
    spoiled: bool,
}

impl Assembly {
    /// Nothing has come.
    pub const fn new() -> Self {
        let piece = Piece { length: 0, frame: 0, at: 0 };
        Self {
            octets: [0; LONGEST_MESSAGE],
            length: 0,
            pieces: [piece; MOST_PIECES],
            count: 0,
            link: None,
            spoiled: false,
        }
    }

    /// Whether a message from there has begun.
    pub(crate) fn awaits(&self, link: Link) -> bool {
        self.link == Some(link) && !self.spoiled
    }

    /// Whether a message has begun.
    pub(crate) const fn is_pending(&self) -> bool {
        self.link.is_some()
    }

    /// Whether the message in the making comes in HDLC segments.
    pub(crate) const fn is_hdlc(&self) -> bool {
        matches!(self.link, Some(Link::Hdlc { .. }))
    }

    /// How many pieces have come.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Begins a message. What had come of another is forgotten; says what was.
    pub(crate) fn begin(&mut self, link: Link) -> Option<ProblemKind> {
        let lost = self.forget();
        self.link = Some(link);
        lost
    }

    /// Forgets the message in the making and says so, where there is one.
    pub(crate) fn forget(&mut self) -> Option<ProblemKind> {
        let length = self.length as u32;
        let pending = self.link.take().is_some();
        self.length = 0;
        self.count = 0;
        self.spoiled = false;
        pending.then_some(ProblemKind::MessageLost { length })
    }

    /// Takes no more pieces of the message in the making: one of them may be missing.
    pub(crate) const fn spoil(&mut self) {
        self.spoiled = true;
    }

    /// Adds a piece that begins at octet `at` of frame `frame`. A message that becomes too long is forgotten.
    pub(crate) fn push(&mut self, octets: &[u8], frame: u32, at: u32) -> Result<(), ProblemKind> {
        let end = self.length + octets.len();
        let room = self.octets.get_mut(self.length..end).zip(self.pieces.get_mut(self.count));
        let Some((room, piece)) = room else {
            self.forget();
            return Err(ProblemKind::MessageTooLong { limit: LONGEST_MESSAGE as u32 });
        };
        room.copy_from_slice(octets);
        *piece = Piece { length: octets.len() as u32, frame, at };
        self.length = end;
        self.count += 1;
        Ok(())
    }

    /// Whether these are the octets of the last piece.
    pub(crate) fn ends_with_piece(&self, octets: &[u8]) -> bool {
        let last = self.count.checked_sub(1).and_then(|last| self.pieces.get(last));
        last.is_some_and(|piece| piece.length as usize == octets.len())
            && self.octets.get(..self.length).is_some_and(|joined| joined.ends_with(octets))
    }

    /// The first frame that brought a piece.
    pub(crate) fn first_frame(&self) -> Option<u32> {
        self.pieces.get(..self.count)?.first().map(|piece| piece.frame)
    }

    /// What has come so far.
    pub(crate) fn buffer(&self) -> Buffer<'_> {
        Buffer {
            origin: Origin::Joined,
            octets: self.octets.get(..self.length).unwrap_or_default(),
            pieces: self.pieces.get(..self.count).unwrap_or_default(),
        }
    }
}

/// How far it has come, and none of what came: that may be a text that was ciphered.
impl core::fmt::Debug for Assembly {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Assembly")
            .field("link", &self.link)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl Default for Assembly {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_lead_back_to_their_frames() {
        let mut assembly = Assembly::new();
        assert_eq!(assembly.begin(Link::Bare), None);
        assembly.push(&[1, 2, 3], 7, 20).unwrap();
        assembly.push(&[4], 9, 5).unwrap();
        let buffer = assembly.buffer();
        assert_eq!(buffer.octets, [1, 2, 3, 4]);
        assert_eq!(
            buffer.pieces,
            [Piece { length: 3, frame: 7, at: 20 }, Piece { length: 1, frame: 9, at: 5 }]
        );
        assert_eq!(assembly.first_frame(), Some(7));
        assert!(assembly.ends_with_piece(&[4]) && !assembly.ends_with_piece(&[3, 4]));
    }

    #[test]
    fn what_is_begun_anew_is_lost() {
        let mut assembly = Assembly::new();
        assembly.begin(Link::Bare);
        assembly.push(&[1, 2], 0, 0).unwrap();
        let lost = assembly.begin(Link::Mbus { address: 1 });
        assert_eq!(lost, Some(ProblemKind::MessageLost { length: 2 }));
        assert!(assembly.awaits(Link::Mbus { address: 1 }) && assembly.buffer().octets.is_empty());
    }

    #[test]
    fn nothing_grows_without_bound() {
        let mut assembly = Assembly::new();
        assembly.begin(Link::Bare);
        for _ in 0..MOST_PIECES {
            assembly.push(&[0], 0, 0).unwrap();
        }
        let limit = LONGEST_MESSAGE as u32;
        assert_eq!(assembly.push(&[0], 0, 0), Err(ProblemKind::MessageTooLong { limit }));
        assert!(!assembly.is_pending());
        assembly.begin(Link::Bare);
        assembly.push(&[0; LONGEST_MESSAGE], 0, 0).unwrap();
        assert!(assembly.push(&[0], 0, 0).is_err());
    }
}
