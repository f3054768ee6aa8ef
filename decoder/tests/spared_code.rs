//! What a program that spares code is told: nothing but what a complete decoder says as well.

mod common;

use common::corpus::{demo_streams, streams};
use common::random::Random;
use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::decode::{decode, decode_dlms};
use meterscope_decoder::encode::MeterKind;
use meterscope_decoder::link::frames::{Frames, Item};
use meterscope_decoder::link::{AnyLink, Frame, FrameKind, HdlcOnly, Links, Receiver, Step};
use meterscope_decoder::message::{Message, SecurityState};
use meterscope_decoder::obis::Obis;
use meterscope_decoder::reading::{Reading, ScaleSource, Unit, Value};
use meterscope_decoder::sink::FieldSink;

/// A number with its name and unit.
type Named = (Option<Obis>, String, Unit);

#[derive(Default)]
struct Numbers {
    spares_code: bool,
    named: Vec<Named>,
}

impl FieldSink for Numbers {
    fn wants_fields(&self) -> bool {
        false
    }

    fn spares_code(&self) -> bool {
        self.spares_code
    }

    fn number(&mut self, obis: Obis, number: Decimal, unit: Unit) {
        self.named.push((Some(obis), number.to_string(), unit));
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        if let Value::Number(number) = reading.value
            && reading.scale.source != ScaleSource::None
            && reading.note.is_none()
        {
            self.named.push((reading.obis, number.to_string(), reading.unit));
        }
    }
}

fn all(frame: &Frame<'_>) -> (Option<Message>, Vec<Named>) {
    let mut numbers = Numbers::default();
    let message = decode(frame, &mut numbers).message;
    (message, numbers.named)
}

fn spared(frame: &Frame<'_>) -> (Option<Message>, Vec<Named>) {
    let mut numbers = Numbers { spares_code: true, ..Numbers::default() };
    let message = decode_dlms(frame, &mut numbers);
    (message, numbers.named)
}

/// Each number of a message is one that the complete decoder reads too.
fn check(frame: &Frame<'_>) {
    let (Some(message), numbers) = spared(frame) else { return };
    let (complete, all) = all(frame);
    let complete = complete.unwrap_or_else(|| panic!("no message: {:02X?}", frame.octets));
    assert_eq!(message.security.state == SecurityState::None, complete.security.state == SecurityState::None);
    for number in numbers {
        assert!(all.contains(&number), "{number:?} is not in {all:?}: {:02X?}", frame.octets);
    }
}

fn good_hdlc(octets: &[u8]) -> Vec<Frame<'_>> {
    let good = |item| match item {
        Item::Frame(frame) if frame.kind == FrameKind::Hdlc && frame.damage.is_none() => Some(frame),
        _ => None,
    };
    Frames::new(octets).filter_map(good).collect()
}

#[test]
fn meters_of_the_han_port_say_the_same() {
    let names = [
        MeterKind::Aidon,
        MeterKind::AidonSweden,
        MeterKind::Kaifa,
        MeterKind::Kamstrup,
        MeterKind::LandisGyr,
    ]
    .map(MeterKind::name);
    let mut seen = 0;
    for stream in demo_streams() {
        if !names.iter().any(|name| stream.name.starts_with(name)) {
            continue;
        }
        for frame in good_hdlc(&stream.octets) {
            let (message, numbers) = spared(&frame);
            assert!(message.is_some(), "{}", stream.name);
            assert_eq!(numbers, all(&frame).1, "{}", stream.name);
            seen += numbers.len();
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn nothing_is_said_that_the_complete_decoder_does_not_say() {
    let mut frames = 0;
    for stream in streams() {
        for frame in good_hdlc(&stream.octets) {
            check(&frame);
            frames += 1;
        }
    }
    assert!(frames > 50, "{frames}");
}

/// The check sequences are right as far as the decoder is told: what was signed off may still be anything.
#[test]
fn not_even_of_a_body_that_is_wrong() {
    let mut random = Random::from_name("wrong bodies");
    for stream in demo_streams() {
        for frame in good_hdlc(&stream.octets) {
            for _ in 0..40 {
                let mut octets = frame.octets.to_vec();
                let at = random.below(octets.len() as u32) as usize;
                octets[at] ^= 1 << random.below(8);
                check(&Frame { octets: &octets, ..frame });
            }
        }
    }
}

fn good_frames<L: Links>(octets: &[u8]) -> Vec<Vec<u8>> {
    let mut receiver = Box::new(Receiver::<8192, L>::new());
    let (mut frames, mut rest) = (Vec::new(), octets);
    loop {
        match receiver.push(&mut rest) {
            Step::Frame(frame) if frame.kind == FrameKind::Hdlc => frames.push(frame.octets.to_vec()),
            Step::NeedMore => return frames,
            _ => {}
        }
    }
}

#[test]
fn a_search_for_hdlc_alone_finds_all_of_it() {
    for stream in demo_streams() {
        let found = good_frames::<HdlcOnly>(&stream.octets);
        assert_eq!(found, good_frames::<AnyLink>(&stream.octets), "{}", stream.name);
    }
}
