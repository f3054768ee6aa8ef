//! Frames from octets that already lie in memory, scanned where they lie.

use super::scanner::{Cause, Found, Scanner};
use super::{Frame, LONGEST_FRAME, SkipReason};
use crate::error::Problem;

/// The items of a whole capture, end to end: together they cover every octet once.
///
/// They are the same items that a [`Receiver`](super::Receiver) gives when the octets come in pieces.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    octets: &'a [u8],
    at: usize,
    scanner: Scanner,
}

/// A frame or skipped octets, and where they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// A frame, good or damaged.
    Frame(Frame<'a>),
    /// Octets that belong to no frame.
    Skipped(&'a [u8], SkipReason),
}

impl<'a> Item<'a> {
    /// All octets of the item.
    pub const fn octets(&self) -> &'a [u8] {
        match self {
            Self::Frame(frame) => frame.octets,
            Self::Skipped(octets, _) => octets,
        }
    }
}

impl<'a> Frames<'a> {
    /// The items of `octets`.
    pub const fn new(octets: &'a [u8]) -> Self {
        Self { octets, at: 0, scanner: Scanner::new(LONGEST_FRAME as u32) }
    }

    fn run(&self, length: u32) -> &'a [u8] {
        self.octets.get(self.at - length as usize..self.at).unwrap_or_default()
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let rest = self.octets.get(self.at..)?;
            // Looking no further than a receiver's buffer reaches is what makes both give the same items. A buffer that is
            // just full does not know that nothing follows.
            let (window, ended) = match rest.get(..LONGEST_FRAME) {
                Some(window) => (window, false),
                None => (rest, true),
            };
            match self.scanner.look(window, ended) {
                Found::Advance => self.at += 1,
                Found::Frame { kind, length } => {
                    let octets = rest.get(..length as usize)?;
                    self.at += octets.len();
                    return Some(Item::Frame(Frame { octets, kind, damage: None }));
                }
                Found::Run(run) => {
                    let octets = self.run(run.length);
                    return Some(match run.cause {
                        Cause::Skipped(reason) => Item::Skipped(octets, reason),
                        Cause::Damaged { kind, problem, .. } => Item::damaged(octets, kind, problem),
                    });
                }
                Found::NeedMore(_) => return None,
            }
        }
    }
}

impl<'a> Item<'a> {
    fn damaged(octets: &'a [u8], kind: super::FrameKind, problem: Problem) -> Self {
        Self::Frame(Frame { octets, kind, damage: Some(problem) })
    }
}
