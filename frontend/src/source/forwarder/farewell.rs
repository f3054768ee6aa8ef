//! Puts a board back to how it was found, and knows when it is.

use std::ops::Range;
use std::rc::Rc;

use meterscope_firmware_logic::command::Mode;

use super::Forwarder;
use super::held::Held;
use crate::source::{Event, Micros, What};

/// A board that was told to go back ([`Forwarder::farewell`]). What it sends has marks up to where it says so, and none
/// behind.
#[derive(Debug)]
pub struct Farewell {
    forwarder: Forwarder,
    held: Held,
    /// Where its last mark stands.
    last_mark: Option<Range<usize>>,
}

impl Farewell {
    /// It was told just now.
    pub const fn new(forwarder: Forwarder) -> Self {
        Self { forwarder, held: Held::new(), last_mark: None }
    }

    /// Octets came.
    pub fn hear(&mut self, at: Micros, octets: &[u8]) {
        let before = self.held.len();
        self.held.push(at, octets);
        if let Some(last_mark) = self.went_back(before) {
            self.last_mark = Some(last_mark);
        }
    }

    /// Whether it has gone back, or sends so much that nobody waits for that.
    pub fn is_over(&self) -> bool {
        self.last_mark.is_some() || self.held.is_full()
    }

    /// What was on the bus meanwhile.
    pub fn finish(mut self, now_ms: u64) -> Vec<Event> {
        let switch = self.last_mark.take().unwrap_or(self.held.len()..self.held.len());
        let marked = self.held.pieces(0..switch.start);
        let mut events: Vec<Event> =
            marked.iter().flat_map(|(at, octets)| self.forwarder.hear(now_ms, *at, octets)).collect();
        let plain = self.held.pieces_without_texts(switch.end..self.held.len());
        events
            .extend(plain.into_iter().map(|(at, octets)| Event { at, what: What::Octets(Rc::from(octets)) }));
        events
    }

    /// Where it says so, in what came behind `before`: its last mark confirms that it has gone back, and octets of the bus may already stand between that
    /// and the answer to the question behind it.
    fn went_back(&self, before: usize) -> Option<Range<usize>> {
        let (identity, text) = self.held.identity_ending_behind(before)?;
        if identity.mode == Mode::Marked {
            return None;
        }
        let last_mark = self.held.marked_confirmation_before(text.start);
        // A board that has started anew meanwhile marks nothing.
        Some(last_mark.unwrap_or_else(|| self.held.confirmation_before(text.start)..text.start))
    }
}
