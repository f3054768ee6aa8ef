//! Where a field lies.

use core::fmt;

/// A half-open range of octets within one buffer, counted from the buffer's first octet.
///
/// The buffer is the frame, unless the field stands under a node that opens a buffer of its own (see
/// [`Node`](crate::sink::Node)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Span {
    /// The first octet.
    pub start: u32,
    /// One past the last octet.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Length in octets.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no octet.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `at` lies within.
    pub const fn contains(self, at: u32) -> bool {
        self.start <= at && at < self.end
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
