//! What a whole input holds, in order: frames and skipped octets, or one message without any frame.

use crate::bare;
use crate::link::frames::{Frames, Item};
use crate::link::{Frame, FrameKind};

/// The items of a whole input, end to end.
#[derive(Clone, Debug)]
pub struct Items<'a>(Source<'a>);

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
        Self(match bare::recognise(octets) {
            Some(kind) if !Frames::new(octets).any(is_good) => Source::bare(octets, kind),
            _ => Source::Stream(Frames::new(octets)),
        })
    }
}

impl<'a> Source<'a> {
    const fn bare(octets: &'a [u8], kind: FrameKind) -> Self {
        Self::Bare(Some(Frame { octets, kind, damage: None }))
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        match &mut self.0 {
            Source::Stream(frames) => frames.next(),
            Source::Bare(frame) => frame.take().map(Item::Frame),
        }
    }
}
