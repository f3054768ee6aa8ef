use std::vec::Vec;

use super::*;
use crate::application::test_sink::{Random, TestSink};
use crate::bare;
use crate::decode::decode;
use crate::link::{Frame, FrameKind};
use crate::message::SecurityState;

const LLC: [u8; 3] = [0xE6, 0xE7, 0x00];
const TIME: [u8; 12] = [0x07, 0xE8, 11, 5, 2, 13, 0, 10, 0xFF, 0x80, 0, 0];
const LIST_1: [u8; 7] = [0x02, 1, 0x06, 0, 0, 0x16, 0xDC];

fn read(octets: &[u8]) -> (Option<Message>, TestSink) {
    let mut sink = TestSink::default();
    let mut cursor = Cursor::new(octets);
    let mut message = None;
    read_information(&mut cursor, &mut Context::none(), &mut message, &mut sink);
    cursor.undecoded(&mut sink);
    sink.assert_tiles(octets.len());
    (message, sink)
}

fn notification(time: &[&[u8]], body: &[u8]) -> Vec<u8> {
    [&LLC[..], &[0x0F, 0x40, 0, 0, 0], &time.concat(), body].concat()
}

fn ciphered_apdu(control: u8) -> Vec<u8> {
    let head = [&LLC[..], &[0xDB, 8], b"KFM\x10\x00\x00\x00\x01"].concat();
    [&head[..], &[21, control, 0, 0, 0x04, 0xD2], &[0xAA; 16]].concat()
}

#[test]
fn every_form_of_date_time() {
    for form in [&[&[12][..], &TIME][..], &[&[0x09, 12], &TIME], &[&TIME]] {
        let (message, sink) = read(&notification(form, &LIST_1));
        assert_eq!(std::format!("{}", message.unwrap().time.unwrap()), "2024-11-05T13:00:10");
        assert!(sink.problems.is_empty());
        assert_eq!(sink.readings, ["1-0:1.7.0.255 5852 W list"]);
    }
    let (message, _) = read(&notification(&[&[0]], &LIST_1));
    assert_eq!(message.unwrap().time, None);
    let (message, sink) = read(&notification(&[&[5, 1, 2, 3, 4, 5]], &LIST_1));
    assert_eq!((message, &sink.problems[..]), (None, &["date-time"][..]));
}

#[test]
fn a_body_that_breaks_off_gives_no_message() {
    let octets = notification(&[&[12], &TIME], &[0x02, 2, 0x06, 0, 0, 0x16, 0xDC, 0x11]);
    let (message, sink) = read(&octets);
    assert_eq!((message, &sink.problems[..]), (None, &["truncated"][..]));
    assert!(sink.readings.is_empty());
}

#[test]
fn octets_after_the_body_are_a_problem() {
    let octets = [notification(&[&[0]], &LIST_1), [0xAB, 0xCD].to_vec()].concat();
    let (message, sink) = read(&octets);
    assert_eq!((message.map(|message| message.readings), &sink.problems[..]), (Some(1), &["trailing"][..]));
}

#[test]
fn a_ciphered_apdu_says_who_and_how() {
    for control in [0x20, 0x21, 0x30] {
        let (message, sink) = read(&ciphered_apdu(control));
        let security = message.unwrap().security;
        assert_eq!(security.state, SecurityState::KeyMissing);
        assert_eq!(security.system_title, Some(*b"KFM\x10\x00\x00\x00\x01"));
        assert_eq!(security.frame_counter, Some(1234));
        assert_eq!(message.unwrap().meter.unwrap().manufacturer, Some(*b"KFM"));
        assert_eq!(sink.problems, ["key-missing"]);
    }
    for control in [0x00, 0x32] {
        let (message, sink) = read(&ciphered_apdu(control));
        assert_eq!(message.unwrap().security.state, SecurityState::Unsupported);
        assert_eq!(sink.problems, ["unsupported-security"]);
    }
    let (message, _) = read(&[0xE6, 0xE7, 0, 0xCC, 7, 0x20, 0, 0, 0, 1, 0xAA, 0xBB]);
    assert_eq!(message.unwrap().security.system_title, None);
}

#[test]
fn a_block_alone_is_no_message() {
    let block = [0xE0, 0x40, 0, 1, 0, 0, 3, 0x0F, 0, 0];
    for octets in [&block[..], &[&LLC[..], &block].concat()] {
        let (message, sink) = read(octets);
        assert_eq!((message, &sink.problems[..]), (None, &["segment"][..]));
    }
}

#[test]
fn other_information_fields_are_no_messages() {
    let (message, sink) = read(&[0x02, 0x01]);
    assert_eq!((message, sink.problems.len()), (None, 0));
    let (message, sink) = read(&[0xE6, 0xE7, 0, 0x61, 0x29]);
    assert_eq!((message, &sink.problems[..]), (None, &["unknown-apdu"][..]));
    let (message, sink) = read(&LLC);
    assert_eq!((message, &sink.problems[..]), (None, &["truncated"][..]));
}

#[test]
fn cut_at_every_octet() {
    let whole = [
        notification(&[&[0x09, 12], &TIME], &LIST_1),
        ciphered_apdu(0x30),
        [0xE6, 0xE7, 0, 0xE0, 0x40, 0, 1, 0, 0, 3, 0x0F, 0, 0].to_vec(),
    ];
    for octets in whole {
        for end in 0..octets.len() {
            let (message, sink) = read(&octets[..end]);
            assert_eq!(message, None, "cut to {end} octets");
            assert!(end < LLC.len() || !sink.problems.is_empty(), "cut to {end} octets");
        }
    }
}

#[test]
fn anything_tiles() {
    let mut random = Random(0x5EED_1234);
    // Tags, small counts and lengths, so that random octets get somewhere.
    let likely =
        [0x01, 0x02, 0x09, 0x0A, 0x12, 0x06, 0x0F, 0x16, 0x13, 0x04, 0x02, 0x03, 0x06, 0x0C, 0x00, 0x81];
    for round in 0..20_000 {
        let length = usize::from(random.octet() % 64);
        let head = [&LLC[..], &[[0x0F, 0xDB, 0xE0, 0xCC][round % 4]]].concat();
        let tail = (0..length).map(|_| match random.octet() {
            choice @ 0..0xC0 => likely[usize::from(choice) % likely.len()],
            _ => random.octet(),
        });
        let octets: Vec<u8> = head.into_iter().chain(tail).collect();
        read(&octets);
        if let Some(kind) = bare::recognise(&octets) {
            let mut sink = TestSink::default();
            decode(&Frame { octets: &octets, kind, damage: None }, &mut sink);
            sink.assert_tiles(octets.len());
        }
    }
}

#[test]
fn bare_input_is_known_by_its_header() {
    let plain = notification(&[&[12], &TIME], &LIST_1);
    assert_eq!(bare::recognise(&plain), Some(FrameKind::Llc));
    assert_eq!(bare::recognise(&plain[3..]), Some(FrameKind::Apdu));
    assert_eq!(bare::recognise(&plain[3..plain.len() - 2]), Some(FrameKind::Apdu));
    assert_eq!(bare::recognise(&ciphered_apdu(0x30)[3..]), Some(FrameKind::Apdu));
    for none in [&b""[..], &LLC, &[0x0F], b"/KFM5", &[0x0F, 0, 0, 0, 0, 0x33], &[0xCC, 9, 0x30, 0, 0, 0, 1]] {
        assert_eq!(bare::recognise(none), None);
    }
    let mut sink = TestSink::default();
    let frame = Frame { octets: &plain[3..], kind: FrameKind::Apdu, damage: None };
    let message = decode(&frame, &mut sink).message;
    sink.assert_tiles(plain.len() - 3);
    assert_eq!(message.map(|message| message.readings), Some(1));
}

#[test]
fn an_event_notification_names_its_attribute() {
    let head = [&LLC[..], &[0xC2, 1, 12], &TIME, &[0, 3, 1, 0, 1, 7, 0, 255, 2]].concat();
    let (message, sink) = read(&[&head[..], &[0x06, 0, 0, 0x16, 0xDC]].concat());
    assert_eq!(std::format!("{}", message.unwrap().time.unwrap()), "2024-11-05T13:00:10");
    assert_eq!((&sink.readings[..], message.unwrap().readings), (&["1-0:1.7.0.255 5852 none".into()][..], 1));
    assert!(sink.problems.is_empty());
    // A push list as the value of an attribute.
    let (message, sink) = read(&[&head[..], &LIST_1].concat());
    assert_eq!((message.unwrap().readings, &sink.problems[..]), (1, &[][..]));
    // A value that breaks off.
    let (message, sink) = read(&[&head[..], &[0x06, 0, 0]].concat());
    assert_eq!((message, &sink.problems[..]), (None, &["truncated"][..]));
    let (message, sink) = read(&[&LLC[..], &[0xC2, 7, 1]].concat());
    assert_eq!((message, &sink.problems[..]), (None, &["date-time"][..]));
}
