//! Frames from octets that arrive in pieces.

use super::scanner::{Cause, Found, Scanner};
use super::{AnyLink, Frame, LONGEST_FRAME, Links, Step};

/// Collects octets and gives frames. It owns the only buffer, of `CAPACITY` octets; a frame that does not fit is given as
/// damaged once the buffer is full. `L` says which kinds of frames there may be.
#[derive(Clone, Debug)]
pub struct Receiver<const CAPACITY: usize = LONGEST_FRAME, L = AnyLink> {
    buffer: [u8; CAPACITY],
    filled: usize,
    /// Octets at the front of the buffer that the last step gave away.
    taken: usize,
    /// Nothing can be said before the buffer holds so many octets.
    needed: usize,
    scanner: Scanner<L>,
}

impl<const CAPACITY: usize, L: Links> Receiver<CAPACITY, L> {
    /// A receiver at the beginning of a stream.
    pub const fn new() -> Self {
        Self { buffer: [0; CAPACITY], filled: 0, taken: 0, needed: 1, scanner: Scanner::new(CAPACITY as u32) }
    }

    /// Takes as many octets from the front of `input` as there is room for, and says what they complete.
    ///
    /// Call it until it says [`Step::NeedMore`]; then `input` is empty.
    pub fn push(&mut self, input: &mut &[u8]) -> Step<'_> {
        self.advance(input, false)
    }

    /// Takes one octet and says what it completes. Call [`Self::push`] with no input for the items behind it.
    pub fn push_byte(&mut self, octet: u8) -> Step<'_> {
        self.push(&mut &[octet][..])
    }

    /// No more octets will come: says what is left, one item a call, and [`Step::NeedMore`] when there is nothing left.
    pub fn finish(&mut self) -> Step<'_> {
        self.advance(&mut &[][..], true)
    }

    /// Octets that were pushed and belong to no item yet.
    pub const fn pending(&self) -> u32 {
        self.scanner.pending() + (self.filled - self.taken) as u32
    }

    #[cfg_attr(not(target_arch = "avr"), inline)]
    fn advance(&mut self, input: &mut &[u8], ended: bool) -> Step<'_> {
        loop {
            self.fill(input);
            if !ended && self.filled - self.taken < self.needed {
                return Step::NeedMore;
            }
            match self.look(ended) {
                Progress::NeedMore if ended || input.is_empty() => return Step::NeedMore,
                Progress::NeedMore | Progress::Advanced => {}
                Progress::Item(item) => return self.step(item),
            }
        }
    }

    fn fill(&mut self, input: &mut &[u8]) {
        // Moving the rest to the front at each octet would cost a buffer's length an octet: only when it is in the way.
        if self.filled == self.taken || CAPACITY - self.taken < self.needed {
            self.discard();
        }
        let room = CAPACITY - self.filled;
        let (now, later) = input.split_at(input.len().min(room));
        if let Some(free) = self.buffer.get_mut(self.filled..self.filled + now.len()) {
            free.copy_from_slice(now);
            self.filled += now.len();
        }
        *input = later;
    }

    fn discard(&mut self) {
        self.buffer.copy_within(self.taken..self.filled, 0);
        self.filled -= self.taken;
        self.taken = 0;
    }

    fn look(&mut self, ended: bool) -> Progress {
        let octets = self.buffer.get(self.taken..self.filled).unwrap_or_default();
        match self.scanner.look(octets, ended) {
            Found::NeedMore(needed) => {
                self.needed = needed as usize;
                Progress::NeedMore
            }
            Found::Advance => {
                self.taken += 1;
                self.needed = 1;
                Progress::Advanced
            }
            found => Progress::Item(found),
        }
    }

    fn step(&mut self, found: Found) -> Step<'_> {
        match found {
            Found::Frame { kind, length } => {
                let start = self.taken;
                self.taken += length as usize;
                self.needed = 1;
                let octets = self.buffer.get(start..self.taken).unwrap_or_default();
                Step::Frame(Frame { octets, kind, damage: None })
            }
            Found::Run(run) => match run.cause {
                Cause::Skipped(reason) => Step::Skipped { length: run.length, reason },
                Cause::Damaged { kind, problem, .. } => Step::Damaged { kind, length: run.length, problem },
            },
            Found::NeedMore(_) | Found::Advance => Step::NeedMore,
        }
    }
}

impl<const CAPACITY: usize, L: Links> Default for Receiver<CAPACITY, L> {
    fn default() -> Self {
        Self::new()
    }
}

enum Progress {
    NeedMore,
    Advanced,
    Item(Found),
}
