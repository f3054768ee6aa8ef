//! A good frame directly after a damaged one is never lost.

mod common;

use common::corpus::{before_the_hour, next_frame};
use meterscope_decoder::encode::{Damage, Demo, MeterKind, Writer};
use meterscope_decoder::link::frames::{Frames, Item};
use meterscope_decoder::link::hdlc_frame::FLAG;
use proptest::prelude::*;
use std::sync::LazyLock;

/// Different frames of every invented meter, the acknowledgement left out: a single octet E5 in the middle of damage
/// cannot be told from any other E5.
fn frames() -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    for kind in MeterKind::ALL {
        let mut demo = Demo::new(kind, before_the_hour());
        while demo.next_at_ms() <= 45_000 {
            let frame = next_frame(&mut demo);
            if frame.len() > 1 && !frames.iter().any(|other: &Vec<u8>| other.len() == frame.len()) {
                frames.push(frame);
            }
        }
    }
    frames
}

/// Panics unless the frame that begins at `start` is found, or a valid frame has swallowed its beginning.
fn check(stream: &[u8], start: usize) {
    // A flag may close the frame before and open this one.
    let body = if stream.get(start) == Some(&FLAG) { start + 1 } else { start };
    let mut at = 0;
    for item in Frames::new(stream) {
        let end = at + item.octets().len();
        let good = matches!(item, Item::Frame(frame) if frame.damage.is_none());
        if good && end > body {
            let found = (at == start || at == body) && end == stream.len();
            assert!(found || at < start, "found {at}..{end} instead of {start}..");
            return;
        }
        at = end;
    }
    panic!("the good frame from {start} on is lost: {:02X?}", Frames::new(stream).collect::<Vec<_>>());
}

fn spoil(frame: &[u8], damages: &[Damage<'_>]) -> Vec<u8> {
    let mut buffer = [0; 4096];
    let mut writer = Writer::new(&mut buffer);
    writer.octets(frame).expect("the buffer is long enough");
    for damage in damages {
        // A place that another damage took away cannot be spoiled any more.
        let _ = damage.apply(&mut writer);
    }
    writer.finish().to_vec()
}

fn followed_by(mut damaged: Vec<u8>, good: &[u8]) -> (Vec<u8>, usize) {
    let start = damaged.len();
    damaged.extend_from_slice(good);
    (damaged, start)
}

#[test]
fn after_a_frame_cut_off_anywhere() {
    let frames = frames();
    for frame in &frames {
        for length in 0..frame.len() {
            for good in [frame, &frames[0]] {
                let (stream, start) = followed_by(frame[..length].to_vec(), good);
                check(&stream, start);
            }
        }
    }
}

#[test]
fn after_a_frame_that_lost_any_octet() {
    let frames = frames();
    for frame in &frames {
        for at in 0..frame.len() {
            let (stream, start) = followed_by(spoil(frame, &[Damage::LoseOctet { at }]), frame);
            check(&stream, start);
        }
    }
}

#[test]
fn after_a_frame_with_any_bit_inverted() {
    for frame in &frames() {
        for at in 0..frame.len() {
            for bit in 0..8 {
                let (stream, start) = followed_by(spoil(frame, &[Damage::FlipBit { at, bit }]), frame);
                check(&stream, start);
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Spoiling {
    FlipBit(prop::sample::Index, u8),
    LoseOctet(prop::sample::Index),
    Truncate(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    LineFeeds,
}

impl Spoiling {
    fn damage(&self, length: usize) -> Damage<'_> {
        match self {
            Self::FlipBit(at, bit) => Damage::FlipBit { at: at.index(length), bit: *bit },
            Self::LoseOctet(at) => Damage::LoseOctet { at: at.index(length) },
            Self::Truncate(at) => Damage::Truncate { length: at.index(length) },
            Self::Insert(at, noise) => Damage::Insert { at: at.index(length), noise },
            Self::LineFeeds => Damage::LineFeeds,
        }
    }
}

fn spoiling() -> impl Strategy<Value = Spoiling> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 0_u8..8).prop_map(|(at, bit)| Spoiling::FlipBit(at, bit)),
        at().prop_map(Spoiling::LoseOctet),
        at().prop_map(Spoiling::Truncate),
        (at(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, noise)| Spoiling::Insert(at, noise)),
        Just(Spoiling::LineFeeds),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_several_damages(
        first in any::<prop::sample::Index>(),
        second in any::<prop::sample::Index>(),
        spoilings in prop::collection::vec(spoiling(), 1..4),
    ) {
        static FRAMES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(frames);
        let (frame, good): (&Vec<u8>, &Vec<u8>) = (first.get(&FRAMES), second.get(&FRAMES));
        let damages: Vec<_> = spoilings.iter().map(|spoiling| spoiling.damage(frame.len())).collect();
        let (stream, start) = followed_by(spoil(frame, &damages), good);
        check(&stream, start);
    }
}
