//! One JSON object a line for every item of a capture.
//!
//! The lines are put together octet by octet and not by a serializer: names and most values need no escape, and a year of
//! a meter is millions of lines. `make bench` says what that gains.

mod writer;

use meterscope_decoder::application::mbus::header::device_type_meaning;
use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::decode::{Decoded, LinkHeader};
use meterscope_decoder::error::Problem;
use meterscope_decoder::link::Frame;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::{Message, Meter, Security};
use meterscope_decoder::reading::{Reading, ReadingKind, RecordInfo, ScaleSource, Unit, Value};
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::{Buffer, FieldSink, Origin};
use meterscope_decoder::text::Text;
use meterscope_decoder::transport::Decoder;

use crate::overrides::Overrides;
use crate::values::in_base_unit;
use crate::{Direction, Stamp};
use writer::{Name, Writer, name};

/// Makes lines, one after the other; it keeps its memory from line to line, and what a later frame needs of this one.
#[derive(Debug, Default)]
pub struct JsonLines {
    decoder: Decoder,
    keys: Vec<Key>,
    overrides: Overrides,
    line: Writer,
    parts: Parts,
}

/// What the sink collects while the frame is decoded.
#[derive(Debug, Default)]
struct Parts {
    readings: Writer,
    problems: Writer,
    /// The second buffers that are open.
    buffers: Vec<Origin>,
}

impl JsonLines {
    /// A maker of lines for one capture.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with keys.
    pub fn with_keys(keys: Vec<Key>) -> Self {
        Self { keys, ..Self::default() }
    }

    /// Has readings changed as the user's rules say.
    #[must_use]
    pub fn with_overrides(self, overrides: Overrides) -> Self {
        Self { overrides, ..self }
    }

    /// The line of `item`, which begins `offset` octets into the capture, with its line end.
    ///
    /// Offsets of problems count within the frame, as its fields do; those within joined or deciphered octets name the
    /// buffer that they count in.
    pub fn line(&mut self, offset: u64, item: &Item<'_>) -> &[u8] {
        self.captured_line(offset, item, None)
    }

    /// As [`Self::line`], of an item whose first octet was recorded at the time of `captured`, and which way it
    /// went, as far as that is known.
    pub fn captured_line(&mut self, offset: u64, item: &Item<'_>, captured: Option<&Stamp>) -> &[u8] {
        let Self { decoder, keys, overrides, line, parts } = self;
        line.clear();
        line.begin_line();
        line.text(name!("item"), if matches!(item, Item::Skipped(..)) { "skipped" } else { "frame" });
        line.number(name!("offset"), offset);
        line.number(name!("length"), item.octets().len() as u64);
        match item {
            Item::Skipped(_, reason) => {
                decoder.skipped(*reason);
                line.text(name!("reason"), reason.name());
            }
            Item::Frame(frame) => {
                if let Some(stamp) = captured {
                    write_stamp(stamp, line);
                }
                parts.readings.clear();
                parts.problems.clear();
                let said = read(decoder, frame, keys, overrides, parts);
                write_frame(frame, &said, line, parts);
            }
        }
        line.end_line();
        line.octets()
    }

    /// The line behind all items of a capture of `length` octets, where it ends within a message; else nothing.
    pub fn end(&mut self, length: u64) -> &[u8] {
        let Self { decoder, line, parts, .. } = self;
        line.clear();
        parts.problems.clear();
        decoder.finish(parts);
        if parts.problems.octets().is_empty() {
            return &[];
        }
        line.begin_line();
        line.text(name!("item"), "end");
        line.number(name!("offset"), length);
        line.number(name!("length"), 0);
        line.array(name!("problems"), &parts.problems);
        line.end_line();
        line.octets()
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn read(
    decoder: &mut Decoder,
    frame: &Frame<'_>,
    keys: &[Key],
    overrides: &Overrides,
    parts: &mut Parts,
) -> Decoded {
    if overrides.is_empty() {
        decoder.decode(frame, keys, parts)
    } else {
        decoder.decode(frame, keys, &mut overrides.sink(parts))
    }
}

/// The whole decoder is compiled for every type of sink, and on the page weight counts.
#[cfg(target_arch = "wasm32")]
fn read(
    decoder: &mut Decoder,
    frame: &Frame<'_>,
    keys: &[Key],
    overrides: &Overrides,
    parts: &mut Parts,
) -> Decoded {
    let mut sink = overrides.sink(parts as &mut dyn FieldSink);
    decoder.decode(frame, keys, &mut (&mut sink as &mut dyn FieldSink))
}

fn write_stamp(stamp: &Stamp, line: &mut Writer) {
    line.optional(name!("captured"), stamp.time, Writer::shown);
    line.optional(name!("direction"), stamp.direction, |line, name, direction| {
        line.text(name, if direction == Direction::Sent { "sent" } else { "received" });
    });
}

fn write_frame(frame: &Frame<'_>, said: &Decoded, line: &mut Writer, parts: &Parts) {
    line.text(name!("link"), frame.kind.link());
    if let Some(kind) = frame.kind.mbus_kind() {
        line.text(name!("kind"), kind);
    }
    match said.header {
        Some(LinkHeader::Hdlc(header)) => {
            line.number(name!("source"), header.source.into());
            line.number(name!("destination"), header.destination.into());
            line.number(name!("control"), header.control.into());
            line.boolean(name!("segmented"), header.segmented);
        }
        Some(LinkHeader::Mbus(header, control_information)) => {
            line.number(name!("control"), header.control.into());
            line.number(name!("address"), header.address.into());
            line.optional(name!("ci"), control_information, |line, name, code| {
                line.number(name, code.into());
            });
        }
        None => {}
    }
    line.array(name!("problems"), &parts.problems);
    if said.frames_back > 0 {
        line.number(name!("frames_back"), said.frames_back.into());
    }
    if let Some(message) = &said.message {
        line.object(name!("message"), |line| write_message(message, &parts.readings, line));
    }
}

impl FieldSink for Parts {
    #[inline]
    fn wants_fields(&self) -> bool {
        false
    }

    fn problem(&mut self, problem: Problem) {
        let output = &mut self.problems;
        output.element(|output| {
            output.text(name!("layer"), problem.kind.layer().name());
            output.text(name!("code"), problem.kind.code());
            output.number(name!("offset"), problem.at.into());
            if let Some(origin) = self.buffers.last() {
                output.text(name!("buffer"), origin.name());
            }
            output.shown(name!("message"), problem);
        });
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        self.readings.element(|output| write_reading(reading, output));
    }

    fn open(&mut self, buffer: &Buffer<'_>) {
        self.buffers.push(buffer.origin);
    }

    fn close(&mut self) {
        self.buffers.pop();
    }
}

fn write_message(message: &Message, readings: &Writer, output: &mut Writer) {
    output.text(name!("protocol"), message.protocol.name());
    output.object(name!("security"), |output| write_security(&message.security, output));
    if let Some(meter) = &message.meter {
        output.object(name!("meter"), |output| write_meter(meter, output));
    }
    output
        .optional(name!("access"), message.access, |output, name, access| output.number(name, access.into()));
    output
        .optional(name!("status"), message.status, |output, name, status| output.number(name, status.into()));
    output.optional(name!("time"), message.time, Writer::shown);
    output.optional(name!("list"), message.list, |output, name, list| output.shown(name, list.0));
    if let Some(part) = message.readout {
        output.object(name!("readout"), |output| {
            output.number(name!("part"), part.number.into());
            output.boolean(name!("last"), part.last);
            output.boolean(name!("repeated"), part.repeated);
        });
    }
    output.array(name!("readings"), readings);
}

fn write_security(security: &Security, output: &mut Writer) {
    output.text(name!("state"), security.state.name());
    output.optional(name!("system_title"), security.system_title, |output, name, title| {
        output.hex(name, &title);
    });
    output.optional(name!("frame_counter"), security.frame_counter, |output, name, counter| {
        output.number(name, counter.into());
    });
}

fn write_meter(meter: &Meter, output: &mut Writer) {
    // Five bits a letter hold more than letters, a backslash among them.
    output.optional(name!("manufacturer"), meter.manufacturer, |output, name, letters| {
        output.shown(name, Text::forward(&letters));
    });
    output.optional(name!("id"), meter.id, Writer::shown);
    output.optional(name!("version"), meter.version, |output, name, version| {
        output.number(name, version.into());
    });
    if let Some(medium) = meter.medium {
        output.text(name!("medium"), device_type_meaning(medium));
        output.number(name!("medium_code"), medium.into());
    }
}

fn write_reading(reading: &Reading<'_>, output: &mut Writer) {
    match reading.kind {
        ReadingKind::Value => {
            output.text(name!("kind"), "value");
            write_value(reading, output);
        }
        ReadingKind::Manufacturer { more_follows } => {
            output.text(name!("kind"), "manufacturer");
            output.boolean(name!("more_follows"), more_follows);
        }
        ReadingKind::GlobalReadout => output.text(name!("kind"), "global-readout"),
    }
    if let Some(record) = &reading.record {
        write_record(record, reading, output);
    }
    output.optional(name!("note"), reading.note, |output, name, note| output.text(name, note.text()));
}

fn write_value(reading: &Reading<'_>, output: &mut Writer) {
    output.text(name!("quantity"), reading.quantity.name());
    output.optional(name!("name"), reading.label(), Writer::shown);
    let (number, unit) = in_base_unit(reading);
    match (&reading.value, number) {
        (_, Some(number)) => output.decimal(name!("value"), number),
        // JSON has no number for NaN and infinities.
        (Value::Float32(..) | Value::Float64(..), None) => output.shown(name!("value"), reading.value),
        (_, None) => output.null(name!("value")),
    }
    match reading.record.and_then(|record| record.unit_text) {
        Some(text) => output.shown(name!("unit"), text),
        None if unit == Unit::None => output.null(name!("unit")),
        None => output.text(name!("unit"), unit.symbol()),
    }
    output.optional(name!("raw"), reading.raw, Writer::decimal);
    match &reading.value {
        Value::Text(_) | Value::Digits(_) => output.shown(name!("text"), reading.value),
        Value::Octets(octets) => output.hex(name!("text"), octets),
        Value::Time(time) => output.shown(name!("time"), time),
        Value::Absent | Value::Number(_) | Value::Float32(..) | Value::Float64(..) => {}
    }
    output.optional(name!("time"), reading.captured(), Writer::shown);
    if reading.scale.exponent != 0 || reading.scale.source == ScaleSource::Override {
        output.decimal(name!("exponent"), Decimal::new(reading.scale.exponent.into(), 0));
        output.text(name!("scale_source"), reading.scale.source.name());
    }
    match (reading.printed_name(), reading.obis) {
        (Some(name), _) => output.shown(name!("obis"), name),
        (None, Some(obis)) => output.shown(name!("obis"), obis),
        (None, None) => {}
    }
}

fn write_record(record: &RecordInfo<'_>, reading: &Reading<'_>, output: &mut Writer) {
    output.hex(name!("header"), record.header);
    output.hex(name!("data"), record.data);
    output.text(name!("function"), record.function.name());
    output.number(name!("storage"), record.storage);
    output.number(name!("tariff"), record.tariff.into());
    output.number(name!("subunit"), record.subunit.into());
    let mut qualifiers = record.qualifiers(reading.quantity).peekable();
    if qualifiers.peek().is_some() {
        output.texts(name!("qualifiers"), qualifiers);
    }
}
