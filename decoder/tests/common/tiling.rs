//! The fields reported for a frame cover it exactly.

use meterscope_decoder::decode::{Decoded, decode};
use meterscope_decoder::error::Problem;
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::link::{Frame, FrameKind};
use meterscope_decoder::reading::Reading;
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::{Buffer, Field, FieldSink, Node, Origin};
use meterscope_decoder::span::Span;
use meterscope_decoder::transport::Decoder;
use std::fmt;

/// Decodes a frame and panics unless its fields tile it and its containers are balanced.
pub fn check_frame(frame: &Frame<'_>) {
    let mut check = Check::default();
    let decoded = decode(frame, &mut check);
    check.finish(frame.octets.len());
    if let Some(message) = decoded.message {
        assert_eq!(usize::from(message.readings), check.readings, "readings announced and given");
    }
}

/// The same for every frame in a stream, whose items have to cover it; also for what is joined from several.
pub fn check_stream(octets: &[u8]) {
    check_stream_with_keys(octets, &[]);
}

/// The same with keys. A message that came in several frames is the same once more, when only those are read again.
pub fn check_stream_with_keys(octets: &[u8], keys: &[Key]) {
    let mut covered = 0;
    let mut decoder = Box::new(Decoder::new());
    let mut frames = Vec::new();
    for item in Items::new(octets) {
        assert!(!item.octets().is_empty(), "an item without octets at {covered}");
        match item {
            Item::Skipped(_, reason) => decoder.skipped(reason),
            Item::Frame(frame) => {
                frames.push(frame);
                check_frame(&frame);
                let mut check = Check::default();
                let said = decoder.decode(&frame, keys, &mut check);
                check.finish(frame.octets.len());
                if let Some(message) = said.message {
                    assert_eq!(usize::from(message.readings), check.readings, "readings announced and given");
                }
                check_replay(&decoder, &frames, keys, said);
            }
        }
        covered += item.octets().len();
    }
    assert_eq!(covered, octets.len(), "octets covered by items");
}

fn check_replay(decoder: &Decoder, frames: &[Frame<'_>], keys: &[Key], said: Decoded) {
    let back = said.frames_back as usize;
    assert!(back < frames.len());
    if back == 0 {
        return;
    }
    let mut again = Box::new(decoder.once_more());
    let mut last = Decoded::default();
    for frame in &frames[frames.len() - 1 - back..] {
        last = again.decode(frame, keys, &mut ());
    }
    assert_eq!(last, said, "a message in {} frames, read once more", back + 1);
}

/// The same for octets that are called a good frame of each kind without being one.
pub fn check_as_every_kind(octets: &[u8]) {
    for kind in KINDS {
        check_frame(&Frame { octets, kind, damage: None });
    }
}

pub const KINDS: [FrameKind; 8] = [
    FrameKind::Hdlc,
    FrameKind::MbusAck,
    FrameKind::MbusShort,
    FrameKind::MbusControl,
    FrameKind::MbusLong,
    FrameKind::P1,
    FrameKind::Llc,
    FrameKind::Apdu,
];

/// Formats a value and throws the text away, so that the fuzzer is not slowed down by allocations.
fn show(value: impl fmt::Display) {
    struct Nowhere;
    impl fmt::Write for Nowhere {
        fn write_str(&mut self, _: &str) -> fmt::Result {
            Ok(())
        }
    }
    let _ = fmt::write(&mut Nowhere, format_args!("{value}"));
}

/// A sink that follows the rules of [`FieldSink`] to the letter.
#[derive(Default)]
pub struct Check {
    at: u32,
    depth: usize,
    pub readings: usize,
    places: Vec<Span>,
    /// The buffers around the open one: how far they were read, how long the open one is, and what was reported of them.
    outer: Vec<(u32, usize, Vec<Span>)>,
}

impl Check {
    /// Panics unless fields reached octet `length` and every container was left.
    pub fn finish(&self, length: usize) {
        assert_eq!(self.at as usize, length, "the last field ends where the buffer ends");
        assert_eq!(self.depth, 0, "containers left open");
        for place in &self.places {
            assert!(place.start <= place.end && place.end as usize <= length, "{place} of {length}");
        }
    }
}

impl FieldSink for Check {
    fn enter(&mut self, _: Node, at: u32) {
        assert_eq!(at, self.at, "a container begins where the last field ended");
        self.depth += 1;
    }

    fn field(&mut self, field: Field<'_>, span: Span) {
        assert_eq!(span.start, self.at, "{} begins where the last field ended", field.name);
        assert!(!span.is_empty(), "{} is empty", field.name);
        self.at = span.end;
        // Showing a value must not panic either.
        show(field.value);
    }

    fn leave(&mut self, at: u32) {
        assert_eq!(at, self.at, "a container ends where the last field ended");
        assert!(self.depth > 0, "left more containers than entered");
        self.depth -= 1;
    }

    fn open(&mut self, buffer: &Buffer<'_>) {
        let pieces: u32 = buffer.pieces.iter().map(|piece| piece.length).sum();
        let joined = buffer.origin == Origin::Joined;
        assert_eq!(if joined { pieces as usize } else { 0 }, if joined { buffer.octets.len() } else { 0 });
        self.outer.push((self.at, buffer.octets.len(), std::mem::take(&mut self.places)));
        self.at = 0;
    }

    fn close(&mut self) {
        let (at, length, places) = self.outer.pop().expect("a buffer closes that was opened");
        assert_eq!(self.at as usize, length, "the fields of a second buffer reach its end");
        assert!(self.places.iter().all(|place| place.start <= place.end && place.end as usize <= length));
        (self.at, self.places) = (at, places);
    }

    fn problem(&mut self, problem: Problem) {
        self.places.push(Span::new(problem.at, problem.at));
        show(problem);
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        self.readings += 1;
        self.places.push(reading.span);
        if let Some(number) = reading.value.number() {
            show(number);
            assert!(!number.to_f64().is_nan());
        }
    }
}
