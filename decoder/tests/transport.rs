//! Messages in pieces: whole whatever comes between, lost and said to be lost where a piece is missing.

mod common;

use common::messages::{Heard, listen};
use common::tiling::check_stream;
use meterscope_decoder::encode::aidon;
use meterscope_decoder::encode::{Carrier, Clock, Household, Writer, hdlc, mbus};
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::ReadoutPart;

const CARRIERS: [Carrier; 3] =
    [Carrier::Hdlc { longest: 150 }, Carrier::Blocks { longest: 119 }, Carrier::Mbus { longest: 245 }];

/// The frames of one message in pieces; the second differs from the first in its values.
fn frames(carrier: Carrier, minute: u8) -> Vec<Vec<u8>> {
    let mut buffer = [0; 4096];
    let mut list = [0; 1024];
    let mut plain = Writer::new(&mut list);
    let clock = Clock::new(2025, 3, 31, 11, minute, 50).unwrap();
    aidon::swedish_information(&mut plain, &Household::starting(clock).measurements()).unwrap();
    let mut writer = Writer::new(&mut buffer);
    carrier.write(&mut writer, &plain.finish()[3..]).unwrap();
    let octets = writer.finish().to_vec();
    Items::new(&octets).map(|item| item.octets().to_vec()).collect()
}

fn heard(frames: &[&[Vec<u8>]]) -> Heard {
    let octets = frames.concat().concat();
    check_stream(&octets);
    listen(&octets, &[])
}

#[test]
fn pieces_make_one_message() {
    for carrier in CARRIERS {
        let message = frames(carrier, 1);
        assert!(message.len() >= 3, "{carrier:?}");
        let heard = heard(&[&message]);
        assert_eq!((heard.messages.len(), heard.problems.len()), (1, 0), "{carrier:?} {:?}", heard.problems);
        assert_eq!(heard.readings, 27);
        assert_eq!(heard.frames_back, [message.len() as u32 - 1]);
    }
}

#[test]
fn a_lost_piece_costs_its_message_and_no_other() {
    for carrier in CARRIERS {
        for lost in 0..frames(carrier, 1).len() {
            let (mut broken, whole) = (frames(carrier, 1), frames(carrier, 2));
            broken.remove(lost);
            let heard = heard(&[&broken, &whole]);
            assert_eq!(heard.messages.len(), 1, "{carrier:?} without {lost}");
            assert_eq!(heard.readings, 27);
            assert!(!heard.problems.is_empty(), "{carrier:?} without {lost}: it has to be said");
            assert_eq!(heard.numbers, self::heard(&[&whole]).numbers);
        }
    }
}

#[test]
fn a_damaged_piece_costs_its_message_and_no_other() {
    for carrier in CARRIERS {
        for damaged in 0..frames(carrier, 1).len() {
            let (mut broken, whole) = (frames(carrier, 1), frames(carrier, 2));
            let middle = broken[damaged].len() / 2;
            broken[damaged][middle] ^= 0x10;
            let heard = heard(&[&broken, &whole]);
            assert_eq!((heard.messages.len(), heard.readings), (1, 27), "{carrier:?} {damaged}");
            assert!(!heard.problems.is_empty());
            assert_eq!(heard.numbers, self::heard(&[&whole]).numbers);
        }
    }
}

/// Blocks and M-Bus segments are numbered; an HDLC segment that comes twice cannot be told from two that are alike, so the
/// message is lost there unless the first one comes again and begins it anew.
#[test]
fn a_repeated_piece_counts_once() {
    for carrier in CARRIERS {
        for repeated in 0..frames(carrier, 1).len() - 1 {
            let mut message = frames(carrier, 1);
            message.insert(repeated, message[repeated].clone());
            let heard = heard(&[&message]);
            let survives = repeated == 0 || !matches!(carrier, Carrier::Hdlc { .. });
            assert_eq!(heard.messages.len(), usize::from(survives), "{carrier:?} {repeated}");
            assert!(!heard.problems.is_empty());
        }
    }
}

#[test]
fn what_comes_in_between_does_no_harm() {
    let mut whole = [0; 600];
    let mut writer = Writer::new(&mut whole);
    mbus::ack(&mut writer).unwrap();
    mbus::req_ud2(&mut writer, 5, true).unwrap();
    let between = writer.finish().to_vec();
    for carrier in CARRIERS {
        let message = frames(carrier, 1);
        for at in 1..message.len() {
            let (before, after) = message.split_at(at);
            let heard = heard(&[before, std::slice::from_ref(&between), after]);
            assert_eq!((heard.messages.len(), heard.readings), (1, 27), "{carrier:?} at {at}");
        }
    }
}

/// Octets of noise may be a segment that was lost.
#[test]
fn hdlc_segments_are_not_joined_over_a_gap() {
    let mut message = frames(Carrier::Hdlc { longest: 150 }, 1);
    message[1][0] = 0x55;
    let heard = heard(&[&message]);
    assert_eq!((heard.messages.len(), heard.readings), (0, 0));
    assert!(heard.problems.contains(&"message-lost"), "{:?}", heard.problems);
}

#[test]
fn mbus_segments_are_counted_beyond_sixteen() {
    let message = frames(Carrier::Mbus { longest: 20 }, 1);
    assert!(message.len() > 17);
    let heard = heard(&[&message, &frames(Carrier::Mbus { longest: 20 }, 2)]);
    assert_eq!((heard.messages.len(), heard.readings), (2, 54), "{:?}", heard.problems);
}

#[test]
fn blocks_of_different_meters_do_not_mix() {
    let carrier = Carrier::Blocks { longest: 119 };
    let (one, mut other) = (frames(carrier, 1), frames(carrier, 2));
    for frame in &mut other {
        // Another source address, with the check sequences for it.
        frame[5] = 0x09;
        let end = frame.len() - 3;
        for (from, to) in [(7, 7), (end, end)] {
            let check = meterscope_decoder::link::check_sequence::crc16_x25(&frame[1..from]).to_le_bytes();
            frame[to..to + 2].copy_from_slice(&check);
        }
    }
    let heard = heard(&[&one[..1], &other[1..]]);
    assert_eq!(heard.messages.len(), 0);
    assert!(heard.problems.contains(&"segment-missing"), "{:?}", heard.problems);
}

#[test]
fn a_capture_that_ends_within_a_message_says_so() {
    for carrier in CARRIERS {
        let mut message = frames(carrier, 1);
        message.pop();
        let heard = heard(&[&message]);
        assert_eq!((heard.messages.len(), &heard.problems[..]), (0, &["message-lost"][..]), "{carrier:?}");
    }
}

#[test]
fn a_message_without_end_is_given_up() {
    let mut buffer = [0; 300];
    let mut octets = Vec::new();
    for number in 0..200 {
        let mut writer = Writer::new(&mut buffer);
        let header = hdlc::Header {
            segmented: true,
            ..hdlc::Header::ui(hdlc::Address::One(1), hdlc::Address::One(2))
        };
        let head: &[u8] = if number == 0 { &[0xE6, 0xE7, 0x00, 0x0F] } else { &[] };
        hdlc::frame(&mut writer, &header, |w| {
            w.octets(head)?;
            w.octets(&[0x55; 100])
        })
        .unwrap();
        octets.extend_from_slice(writer.finish());
    }
    let heard = listen(&octets, &[]);
    assert!(heard.messages.is_empty());
    assert!(heard.problems.contains(&"message-too-long") && heard.problems.contains(&"segment-missing"));
}

#[test]
fn telegrams_of_a_readout_are_counted() {
    let telegram = |access, more: bool| {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        mbus::long(&mut writer, mbus::RSP_UD, 5, 0x72, |w| {
            w.octets(&[0x78, 0x56, 0x34, 0x12, 0xB3, 0x35, 1, 4, access, 0, 0, 0])?;
            w.octets(&[0x04, 0x06, access, 0, 0, 0])?;
            w.octets(if more { &[0x1F][..] } else { &[] })
        })
        .unwrap();
        writer.finish().to_vec()
    };
    let request = |bit| {
        let mut buffer = [0; 8];
        let mut writer = Writer::new(&mut buffer);
        mbus::req_ud2(&mut writer, 5, bit).unwrap();
        writer.finish().to_vec()
    };
    let stream = [
        request(true),
        telegram(1, true),
        request(true),
        telegram(1, true),
        request(false),
        telegram(2, true),
        request(true),
        telegram(3, false),
        request(false),
        telegram(4, false),
    ];
    let heard = heard(&[&stream]);
    let parts: Vec<_> = heard.messages.iter().map(|message| message.readout).collect();
    let part = |number, last, repeated| Some(ReadoutPart { number, last, repeated });
    let expected =
        [part(1, false, false), part(1, false, true), part(2, false, false), part(3, true, false), None];
    assert_eq!(parts, expected);
    assert!(heard.problems.is_empty());
    let gap = self::heard(&[&[telegram(1, true), telegram(3, false)]]);
    assert_eq!(gap.problems, ["telegram-missing"]);
}

/// Sagemcom's frames of 256 octets and more, whose length octet begins anew.
#[test]
fn a_length_that_wraps_is_understood() {
    for length in [256_usize, 257, 258] {
        let mut octets = vec![0x68, length as u8, length as u8, 0x68, 0x53, 0xFF, 0x00, 0x01, 0x67];
        octets.resize(4 + length, 0xA5);
        let sum = octets[4..].iter().fold(0_u8, |sum, octet| sum.wrapping_add(*octet));
        octets.extend([sum, 0x16]);
        let items: Vec<_> = Items::new(&octets).collect();
        let [Item::Frame(frame)] = items[..] else { panic!("{items:?}") };
        assert_eq!((frame.octets.len(), frame.damage), (length + 6, None));
        check_stream(&octets);
        // Cut off it is what it looks like: a length that no frame has.
        let cut = &octets[..200];
        assert!(Items::new(cut).all(|item| !matches!(item, Item::Frame(frame) if frame.damage.is_none())));
    }
}
