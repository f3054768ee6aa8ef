//! The items of a stream, in memory and in pieces.

use meterscope_decoder::error::Problem;
use meterscope_decoder::link::frames::{Frames, Item};
use meterscope_decoder::link::{Frame, FrameKind, Receiver, SkipReason, Step};

/// An item without its buffer.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Good { kind: FrameKind, octets: Vec<u8> },
    Damaged { kind: FrameKind, length: u32, problem: Problem },
    Skipped { length: u32, reason: SkipReason },
}

/// What [`Frames`] finds.
pub fn whole(octets: &[u8]) -> Vec<Seen> {
    Frames::new(octets)
        .map(|item| match item {
            Item::Frame(Frame { octets, kind, damage: Some(problem) }) => {
                Seen::Damaged { kind, length: octets.len() as u32, problem }
            }
            Item::Frame(Frame { octets, kind, damage: None }) => Seen::Good { kind, octets: octets.to_vec() },
            Item::Skipped(octets, reason) => Seen::Skipped { length: octets.len() as u32, reason },
        })
        .collect()
}

/// What a [`Receiver`] finds when the octets come in these pieces.
pub fn in_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
    let mut receiver = Box::new(Receiver::<{ meterscope_decoder::link::LONGEST_FRAME }>::new());
    let mut seen = Vec::new();
    for mut piece in pieces {
        while let Some(item) = of_step(receiver.push(&mut piece)) {
            seen.push(item);
        }
        assert!(piece.is_empty(), "octets left over");
    }
    while let Some(item) = of_step(receiver.finish()) {
        seen.push(item);
    }
    assert_eq!(receiver.pending(), 0);
    seen
}

/// Cuts octets into pieces of these lengths, over and over.
pub fn cut<'a>(mut octets: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    for length in lengths.iter().cycle() {
        if octets.is_empty() {
            break;
        }
        let (piece, rest) = octets.split_at((*length).clamp(1, octets.len()));
        pieces.push(piece);
        octets = rest;
    }
    pieces
}

fn of_step(step: Step<'_>) -> Option<Seen> {
    Some(match step {
        Step::NeedMore => return None,
        Step::Frame(Frame { octets, kind, damage }) => {
            assert_eq!(damage, None);
            Seen::Good { kind, octets: octets.to_vec() }
        }
        Step::Damaged { kind, length, problem } => Seen::Damaged { kind, length, problem },
        Step::Skipped { length, reason } => Seen::Skipped { length, reason },
    })
}
