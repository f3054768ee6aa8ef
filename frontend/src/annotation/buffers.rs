//! Octets that fields count in: those of the frame, and those that were joined or deciphered.

use meterscope_decoder::sink::{Buffer, Origin, Piece};

/// A buffer that outlives its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedBuffer {
    /// How it came about; none for the frame.
    pub origin: Option<Origin>,
    /// All of its octets.
    pub octets: Vec<u8>,
    /// The rows that are its fields, in the order of the octets: they tile it.
    pub(super) leaves: Vec<usize>,
    pieces: Vec<Piece>,
    /// The buffer that was being read when this one was opened.
    within: usize,
    /// Where the ciphertext begins there, if it was deciphered.
    source: u32,
}

/// Where an octet of a second buffer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An octet of another buffer of the same frame.
    Buffer(usize, u32),
    /// An octet of a frame; the frames that carry the message count from 0. Where a piece lay in a joined buffer of its own
    /// frame, its octet is not known.
    Frame(usize, Option<u32>),
}

impl OwnedBuffer {
    /// The frame.
    pub fn frame(octets: &[u8]) -> Self {
        Self {
            origin: None,
            octets: octets.to_vec(),
            leaves: Vec::new(),
            pieces: Vec::new(),
            within: 0,
            source: 0,
        }
    }

    /// A second buffer.
    pub fn new(buffer: &Buffer<'_>, within: usize, source: u32) -> Self {
        let pieces = buffer.pieces.to_vec();
        Self { origin: Some(buffer.origin), pieces, within, source, ..Self::frame(buffer.octets) }
    }

    /// Where an octet came from; none for those of the frame.
    pub fn place(&self, octet: u32) -> Option<Place> {
        match self.origin? {
            Origin::Deciphered => Some(Place::Buffer(self.within, self.source + octet)),
            Origin::Joined => {
                let mut before = 0;
                let piece = self.pieces.iter().find(|piece| {
                    before += piece.length;
                    octet < before
                })?;
                let at = piece.at + octet - (before - piece.length);
                Some(Place::Frame(piece.frame as usize, (self.within == 0).then_some(at)))
            }
        }
    }
}

/// Counts buffers as they are opened and closed; the frame is 0.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    opened: usize,
    open: Vec<usize>,
}

impl Numbering {
    /// The buffer that is being read.
    pub fn current(&self) -> usize {
        self.open.last().copied().unwrap_or(0)
    }

    /// Another buffer is opened.
    pub fn open(&mut self) {
        self.opened += 1;
        self.open.push(self.opened);
    }

    /// The one that was opened last is closed.
    pub fn close(&mut self) {
        self.open.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_octets_lead_back_to_their_frames() {
        let pieces = [Piece { length: 3, frame: 0, at: 20 }, Piece { length: 2, frame: 2, at: 5 }];
        let buffer = Buffer { origin: Origin::Joined, octets: &[1, 2, 3, 4, 5], pieces: &pieces };
        let owned = OwnedBuffer::new(&buffer, 0, 0);
        assert_eq!(owned.place(2), Some(Place::Frame(0, Some(22))));
        assert_eq!(owned.place(3), Some(Place::Frame(2, Some(5))));
        assert_eq!(owned.place(5), None);
        assert_eq!(OwnedBuffer::new(&buffer, 1, 0).place(4), Some(Place::Frame(2, None)));
    }

    #[test]
    fn deciphered_octets_lead_back_to_the_ciphertext() {
        let buffer = Buffer { origin: Origin::Deciphered, octets: &[1, 2], pieces: &[] };
        assert_eq!(OwnedBuffer::new(&buffer, 1, 30).place(1), Some(Place::Buffer(1, 31)));
        assert_eq!(OwnedBuffer::frame(&[1]).place(0), None);
    }

    #[test]
    fn buffers_are_numbered_as_they_open() {
        let mut numbering = Numbering::default();
        numbering.open();
        numbering.open();
        assert_eq!(numbering.current(), 2);
        numbering.close();
        assert_eq!(numbering.current(), 1);
        numbering.close();
        numbering.open();
        assert_eq!(numbering.current(), 3);
    }
}
