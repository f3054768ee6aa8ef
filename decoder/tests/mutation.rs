//! Every stream there is, changed at random a thousand times, half of them with check sequences made right again: nothing
//! panics, fields tile, and no reading comes from a frame whose check sequence is wrong.

mod common;

use common::corpus::{Stream, streams};
use common::random::Random;
use common::tiling::check_stream_with_keys;
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::link::{Frame, FrameKind};
use std::thread;

const MUTATIONS: u32 = 1000;
/// Longer streams are cut: a mutation shows within a few frames of it.
const LONGEST: usize = 1200;

#[test]
fn a_thousand_mutations_of_everything() {
    let streams = streams();
    assert!(streams.len() >= 30);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for worker in 0..workers {
            let streams = &streams;
            scope.spawn(move || {
                for stream in streams.iter().skip(worker).step_by(workers) {
                    mutate_one(stream);
                }
            });
        }
    });
}

fn mutate_one(stream: &Stream) {
    let original = &stream.octets[..stream.octets.len().min(LONGEST)];
    let mut random = Random::from_name(&stream.name);
    let mut octets = Vec::new();
    for round in 0..MUTATIONS {
        octets.clear();
        octets.extend_from_slice(original);
        for _ in 0..=random.below(3) {
            mutate(&mut octets, &mut random);
        }
        if round % 2 == 0 {
            repair(&mut octets);
        }
        check_stream_with_keys(&octets, &stream.keys);
        check_checks(&octets, &stream.name);
    }
}

fn mutate(octets: &mut Vec<u8>, random: &mut Random) {
    if octets.is_empty() {
        return octets.push(random.octet());
    }
    let at = random.below(octets.len() as u32) as usize;
    let length = (1 + random.below(12) as usize).min(octets.len() - at);
    match random.below(8) {
        0..3 => octets[at] ^= 1 << random.below(8),
        3 => octets[at] = random.octet(),
        4 => drop(octets.drain(at..at + length)),
        5 => drop(octets.splice(at..at, (0..length).map(|_| random.octet()).collect::<Vec<_>>())),
        6 => drop(octets.splice(at..at, octets[at..at + length].to_vec())),
        _ => octets.truncate(at),
    }
}

/// Makes the check sequences of whatever looks like a frame right.
fn repair(octets: &mut [u8]) {
    for at in 0..octets.len() {
        match octets[at..] {
            [0x7E, high @ 0xA0..=0xAF, low, ..] => {
                let length = usize::from(high & 0x07) << 8 | usize::from(low);
                repair_hdlc(octets.get_mut(at + 1..at + 1 + length).unwrap_or_default());
            }
            [0x68, length, again, 0x68, ..] if length == again => {
                let end = at + 4 + usize::from(length);
                if let Some([covered @ .., sum]) = octets.get_mut(at + 4..=end) {
                    *sum = covered.iter().fold(0, |sum: u8, octet| sum.wrapping_add(*octet));
                }
            }
            _ => {}
        }
    }
}

fn repair_hdlc(frame: &mut [u8]) {
    let Some(header) = hdlc_header(frame) else { return };
    for end in [header, frame.len().saturating_sub(2)] {
        if end + 2 <= frame.len() && end > 0 {
            let check = crc(&frame[..end]).to_le_bytes();
            frame[end..end + 2].copy_from_slice(&check);
        }
    }
}

/// Format, two addresses and control.
fn hdlc_header(frame: &[u8]) -> Option<usize> {
    let mut at = 2;
    for _ in 0..2 {
        at += frame.get(at..)?.iter().position(|octet| octet & 1 == 1)? + 1;
    }
    Some(at + 1)
}

/// CRC-16/X-25 a bit at a time: another way than the decoder's.
fn crc(octets: &[u8]) -> u16 {
    let mut crc = 0xFFFF_u16;
    for octet in octets {
        crc ^= u16::from(*octet);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0x8408 } else { crc >> 1 };
        }
    }
    !crc
}

/// CRC-16/ARC a bit at a time.
fn crc_arc(octets: &[u8]) -> u16 {
    octets.iter().fold(0, |crc, octet| {
        (0..8).fold(crc ^ u16::from(*octet), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 })
    })
}

/// What is called a good frame is one, and only good frames may say anything.
fn check_checks(octets: &[u8], name: &str) {
    for item in Items::new(octets) {
        let Item::Frame(frame) = item else { continue };
        if frame.damage.is_none() {
            assert!(is_right(&frame), "{name}: taken for good: {:02X?}", frame.octets);
        } else {
            let message = meterscope_decoder::decode::decode(&frame, &mut NoReading).message;
            assert_eq!(message, None, "{name}: a damaged frame says something");
        }
    }
}

fn is_right(frame: &Frame<'_>) -> bool {
    let octets = frame.octets;
    match frame.kind {
        FrameKind::Hdlc => {
            let start = usize::from(octets.first() == Some(&0x7E));
            let body = &octets[start..];
            let length = usize::from(body[0] & 0x07) << 8 | usize::from(body[1]);
            let check = |end: usize| crc(&body[..end]).to_le_bytes() == body[end..end + 2];
            check(hdlc_header(body).unwrap()) && check(length - 2)
        }
        FrameKind::MbusShort => octets[1].wrapping_add(octets[2]) == octets[3],
        FrameKind::MbusControl | FrameKind::MbusLong => {
            let (sum, covered) = (octets[octets.len() - 2], &octets[4..octets.len() - 2]);
            covered.iter().fold(0, |sum: u8, octet| sum.wrapping_add(*octet)) == sum
        }
        FrameKind::P1 => {
            let end = octets.iter().rposition(|&octet| octet == b'!').unwrap();
            let digits: String = octets[end + 1..]
                .iter()
                .map(|&octet| octet as char)
                .take_while(char::is_ascii_hexdigit)
                .collect();
            // Old telegrams have none.
            digits.is_empty() || u16::from_str_radix(&digits, 16) == Ok(crc_arc(&octets[..=end]))
        }
        // These carry no check sequence.
        FrameKind::MbusAck | FrameKind::Llc | FrameKind::Apdu => true,
    }
}

struct NoReading;

impl meterscope_decoder::sink::FieldSink for NoReading {
    fn reading(&mut self, reading: &meterscope_decoder::reading::Reading<'_>) {
        panic!("a damaged frame gives a reading: {reading}");
    }
}
