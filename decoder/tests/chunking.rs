//! Cutting a stream anywhere and feeding the parts gives the same items as feeding it whole, and the items cover it.

mod common;

use common::corpus::{demo_streams, streams};
use common::items::{Seen, cut, in_pieces, whole};
use meterscope_decoder::link::LONGEST_FRAME;
use proptest::prelude::*;

fn check(octets: &[u8], lengths: &[usize]) {
    let expected = whole(octets);
    let found = in_pieces(cut(octets, lengths));
    let first = expected.iter().zip(&found).position(|(a, b)| a != b);
    if let Some(at) = first {
        panic!("item {at} in pieces of {lengths:?}: {:?}, whole {:?}", found[at], expected[at]);
    }
    assert_eq!(expected.len(), found.len(), "in pieces of {lengths:?}");
    assert_eq!(expected.iter().map(length).sum::<usize>(), octets.len());
}

fn length(seen: &Seen) -> usize {
    match seen {
        Seen::Good { octets, .. } => octets.len(),
        Seen::Damaged { length, .. } | Seen::Skipped { length, .. } => *length as usize,
    }
}

#[test]
fn pieces_of_every_stream() {
    for stream in streams() {
        for lengths in [&[1][..], &[2, 7, 1, 64], &[255], &[4096], &[20_000]] {
            check(&stream.octets, lengths);
        }
    }
}

/// A receiver cannot wait for more than its buffer holds, so octets in memory are looked at no further either.
#[test]
fn pieces_of_telegrams_longer_than_the_buffer() {
    let lines = b"1-0:1.8.0(0)\r\n".iter().copied().cycle();
    for length in
        [LONGEST_FRAME - 20, LONGEST_FRAME - 10, LONGEST_FRAME, LONGEST_FRAME + 1, 3 * LONGEST_FRAME]
    {
        let body = lines.clone().take(length).collect::<Vec<u8>>();
        let telegram = [b"/ABC5\r\n\r\n", &body[..], b"\r\n!\r\n"].concat();
        let stream = [&telegram[..], &telegram, b"/ABC5\r\n\r\n!\r\n"].concat();
        for lengths in [&[1][..], &[64], &[255, 8191], &[40_000]] {
            check(&stream, lengths);
        }
        assert!(matches!(whole(&stream).last(), Some(Seen::Good { .. })), "{length}");
    }
}

/// A telegram that just fits, just does not, or breaks off there, with nothing behind it to tell by.
#[test]
fn pieces_of_a_telegram_as_long_as_the_buffer() {
    for length in LONGEST_FRAME - 6..=LONGEST_FRAME + 6 {
        let mut telegram = b"/ABC5\r\n\r\n".to_vec();
        telegram.extend(b"1-0:1.8.0(0)\r\n".iter().cycle().take(length - telegram.len()));
        let unfinished = telegram.clone();
        telegram.truncate(length - 3);
        telegram.extend(b"\r\n!");
        for stream in [&telegram, &unfinished] {
            for lengths in [&[1][..], &[255], &[40_000]] {
                check(stream, lengths);
            }
        }
        let good = matches!(whole(&telegram).as_slice(), [Seen::Good { .. }]);
        assert_eq!(good, length <= LONGEST_FRAME, "{length}");
    }
}

/// A small buffer sees fewer frames, but says so of those that do not fit, at the same places however they arrive.
#[test]
fn a_frame_too_long_for_a_small_buffer_is_damaged_and_not_noise() {
    use meterscope_decoder::error::ProblemKind;
    use meterscope_decoder::link::{FrameKind, Receiver, Step};
    let mut frame = vec![0x68, 100, 100, 0x68];
    frame.extend([0; 100]);
    frame.extend([0, 0x16]);
    for piece in [1, 7, 200] {
        let mut receiver = Receiver::<64>::new();
        let mut damaged = Vec::new();
        for mut part in frame.chunks(piece) {
            while let step @ (Step::Damaged { .. } | Step::Skipped { .. } | Step::Frame(_)) =
                receiver.push(&mut part)
            {
                damaged.push(format!("{step:?}"));
            }
        }
        loop {
            match receiver.finish() {
                Step::NeedMore => break,
                step => damaged.push(format!("{step:?}")),
            }
        }
        let problem =
            meterscope_decoder::error::Problem::new(ProblemKind::ImpossibleLength { length: 106 }, 64);
        let expected = Step::Damaged { kind: FrameKind::MbusLong, length: 106, problem };
        assert_eq!(damaged, [format!("{expected:?}")], "in pieces of {piece}");
    }
}

/// Octets that mean something to one link layer or another.
fn meaningful() -> impl Strategy<Value = Vec<u8>> {
    let pieces: &[&[u8]] = &[
        &[0x7E],
        &[0xA0, 0x09],
        &[0x7E, 0xA7, 0xFF],
        &[0x68, 0x03, 0x03, 0x68],
        &[0x68, 0xFF, 0xFF, 0x68],
        &[0x10, 0x5B, 0x01, 0x5C, 0x16],
        &[0xE5],
        &[0x16],
        b"/ABC5\r\n\r\n",
        b"/ABC\r\n",
        b"x/ABC5\r\n\r\n",
        b"1-0:1.8.0(1)\r\n",
        b"!\r\n",
        b"!12",
        b"!1234\r\n",
        b"\n\n",
        b"\t",
    ];
    let piece = prop_oneof![
        prop::sample::select(pieces).prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_meaningful_octets(octets in meaningful(), lengths in prop::collection::vec(1_usize..40, 1..5)) {
        check(&octets, &lengths);
    }

    #[test]
    fn pieces_of_mutated_streams(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        lengths in prop::collection::vec(1_usize..600, 1..5),
    ) {
        let mut octets = which.get(demo_streams()).octets.clone();
        octets.truncate(6000);
        for (at, octet) in changes {
            *at.get_mut(&mut octets) = octet;
        }
        check(&octets, &lengths);
    }
}
