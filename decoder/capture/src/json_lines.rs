//! One JSON object a line for every item of a capture.

use std::io::{self, Write};

use meterscope_decoder::decode::{Decoded, LinkHeader, decode};
use meterscope_decoder::error::Problem;
use meterscope_decoder::link::Frame;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::reading::Reading;
use meterscope_decoder::serialize::{EachReading, WithReadings};
use meterscope_decoder::sink::FieldSink;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::Formatter;

/// Writes `item`, which begins `offset` octets into the capture, as one line.
///
/// Offsets of problems count within the frame, as its fields do.
pub fn write(output: &mut impl Write, offset: u64, item: &Item<'_>) -> io::Result<()> {
    let line = Line { offset, item };
    line.serialize(&mut serde_json::Serializer::with_formatter(&mut *output, OneLine))?;
    output.write_all(b"\n")
}

/// Escapes the characters that some readers take for the end of a line (Unicode 5.8: NEL, LS, PS) and the rest of the
/// control characters of ISO 8859-1.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(|c| matches!(c, '\u{80}'..='\u{9F}' | '\u{2028}' | '\u{2029}')) {
            let (plain, from) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut characters = from.chars();
            if let Some(character) = characters.next() {
                write!(writer, "\\u{:04x}", u32::from(character))?;
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

struct Line<'i, 'a> {
    offset: u64,
    item: &'i Item<'a>,
}

impl Serialize for Line<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let name = if matches!(self.item, Item::Skipped(..)) { "skipped" } else { "frame" };
        map.serialize_entry("item", name)?;
        map.serialize_entry("offset", &self.offset)?;
        map.serialize_entry("length", &self.item.octets().len())?;
        match self.item {
            Item::Skipped(_, reason) => map.serialize_entry("reason", reason.name())?,
            Item::Frame(frame) => serialize_frame(frame, &mut map)?,
        }
        map.end()
    }
}

fn serialize_frame<M: SerializeMap>(frame: &Frame<'_>, map: &mut M) -> Result<(), M::Error> {
    let mut problems = Problems(Vec::new());
    let decoded = decode(frame, &mut problems);
    map.serialize_entry("link", frame.kind.link())?;
    if let Some(kind) = frame.kind.mbus_kind() {
        map.serialize_entry("kind", kind)?;
    }
    serialize_header(&decoded, map)?;
    map.serialize_entry("problems", &problems.0)?;
    if let Some(message) = &decoded.message {
        map.serialize_entry("message", &WithReadings(message, Readings(frame)))?;
    }
    Ok(())
}

fn serialize_header<M: SerializeMap>(decoded: &Decoded, map: &mut M) -> Result<(), M::Error> {
    match decoded.header {
        Some(LinkHeader::Hdlc(header)) => {
            map.serialize_entry("source", &header.source)?;
            map.serialize_entry("destination", &header.destination)?;
            map.serialize_entry("control", &header.control)?;
            map.serialize_entry("segmented", &header.segmented)
        }
        Some(LinkHeader::Mbus(header, control_information)) => {
            map.serialize_entry("control", &header.control)?;
            map.serialize_entry("address", &header.address)?;
            match control_information {
                Some(code) => map.serialize_entry("ci", &code),
                None => Ok(()),
            }
        }
        None => Ok(()),
    }
}

struct Problems(Vec<Problem>);

impl FieldSink for Problems {
    fn problem(&mut self, problem: Problem) {
        self.0.push(problem);
    }
}

/// Decodes the frame again while its readings are written: that takes less than to keep them.
struct Readings<'f, 'a>(&'f Frame<'a>);

impl EachReading for Readings<'_, '_> {
    fn each(&self, each: &mut dyn FnMut(&Reading<'_>)) {
        decode(self.0, &mut Each(each));
    }
}

struct Each<'e>(&'e mut dyn FnMut(&Reading<'_>));

impl FieldSink for Each<'_> {
    fn reading(&mut self, reading: &Reading<'_>) {
        (self.0)(reading);
    }
}
