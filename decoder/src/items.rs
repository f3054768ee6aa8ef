//! What a whole input holds, in order: frames and skipped octets, or one message without any frame.

use crate::bare;
use crate::link::frames::{Frames, Item};
use crate::link::{Frame, FrameKind};

/// The items of a whole input, end to end.
///
/// What is skipped in one stretch and for one reason is one item, however long: the link layers report it in pieces.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    source: Source<'a>,
    octets: &'a [u8],
    /// Where the next item begins.
    at: usize,
    ahead: Option<Item<'a>>,
}

#[derive(Clone, Debug)]
enum Source<'a> {
    Stream(Frames<'a>),
    Bare(Option<Frame<'a>>),
}

impl<'a> Items<'a> {
    /// The items of `octets`. A bare message is looked for only where no frame is good: inside a frame that a logger cut
    /// off in front, octets may look like one.
    pub fn new(octets: &'a [u8]) -> Self {
        let is_good = |item: Item<'_>| matches!(item, Item::Frame(Frame { damage: None, .. }));
        let source = match bare::recognise(octets) {
            Some(kind) if !Frames::new(octets).any(is_good) => Source::bare(octets, kind),
            _ => Source::Stream(Frames::new(octets)),
        };
        Self { source, octets, at: 0, ahead: None }
    }
}

impl<'a> Source<'a> {
    const fn bare(octets: &'a [u8], kind: FrameKind) -> Self {
        Self::Bare(Some(Frame { octets, kind, damage: None }))
    }
}

impl<'a> Iterator for Source<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        match self {
            Self::Stream(frames) => frames.next(),
            Self::Bare(frame) => frame.take().map(Item::Frame),
        }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        let item = self.ahead.take().or_else(|| self.source.next())?;
        let start = self.at;
        self.at += item.octets().len();
        let Item::Skipped(_, reason) = item else { return Some(item) };
        for next in self.source.by_ref() {
            if !matches!(next, Item::Skipped(_, same) if same == reason) {
                self.ahead = Some(next);
                break;
            }
            self.at += next.octets().len();
        }
        Some(Item::Skipped(self.octets.get(start..self.at).unwrap_or_default(), reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::SkipReason;

    #[test]
    fn a_long_silence_is_one_item() {
        let octets = [0; 5000];
        let items: std::vec::Vec<_> = Items::new(&octets).collect();
        assert_eq!(items, [Item::Skipped(&octets, SkipReason::Idle)]);
    }

    #[test]
    fn items_cover_what_is_mixed() {
        let mut octets = std::vec![0_u8; 2000];
        octets.extend([0x10, 0x5B, 0x01, 0x5C, 0x16, 0x81, 0x82]);
        let lengths: std::vec::Vec<_> = Items::new(&octets).map(|item| item.octets().len()).collect();
        assert_eq!(lengths, [2000, 5, 2]);
    }
}
