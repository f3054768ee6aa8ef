//! One JSON object a line for every item of a capture.
//!
//! The lines are put together octet by octet and not by a serializer: names and most values need no escape, and a year of
//! a meter is millions of lines. `make bench` says what that gains.

mod writer;

use meterscope_decoder::application::mbus::header::device_type_meaning;
use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::decode::{LinkHeader, decode};
use meterscope_decoder::error::Problem;
use meterscope_decoder::link::Frame;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::{Message, Meter, Security};
use meterscope_decoder::reading::{Reading, ReadingKind, RecordInfo, Unit, Value};
use meterscope_decoder::sink::FieldSink;

use writer::Writer;

/// Makes lines, one after the other; it keeps its memory from line to line.
#[derive(Debug, Default)]
pub struct JsonLines {
    line: Writer,
    parts: Parts,
}

/// What the sink collects while the frame is decoded.
#[derive(Debug, Default)]
struct Parts {
    readings: Writer,
    problems: Writer,
}

impl JsonLines {
    /// A maker of lines.
    pub fn new() -> Self {
        Self::default()
    }

    /// The line of `item`, which begins `offset` octets into the capture, with its line end.
    ///
    /// Offsets of problems count within the frame, as its fields do.
    pub fn line(&mut self, offset: u64, item: &Item<'_>) -> &[u8] {
        let line = &mut self.line;
        line.clear();
        line.begin_object();
        line.text("item", if matches!(item, Item::Skipped(..)) { "skipped" } else { "frame" });
        line.number("offset", offset);
        line.number("length", item.octets().len() as u64);
        match item {
            Item::Skipped(_, reason) => line.text("reason", reason.name()),
            Item::Frame(frame) => write_frame(frame, line, &mut self.parts),
        }
        line.end_object();
        line.end_line();
        line.octets()
    }
}

fn write_frame(frame: &Frame<'_>, line: &mut Writer, parts: &mut Parts) {
    parts.readings.clear();
    parts.problems.clear();
    let decoded = decode(frame, parts);
    line.text("link", frame.kind.link());
    if let Some(kind) = frame.kind.mbus_kind() {
        line.text("kind", kind);
    }
    match decoded.header {
        Some(LinkHeader::Hdlc(header)) => {
            line.number("source", header.source.into());
            line.number("destination", header.destination.into());
            line.number("control", header.control.into());
            line.boolean("segmented", header.segmented);
        }
        Some(LinkHeader::Mbus(header, control_information)) => {
            line.number("control", header.control.into());
            line.number("address", header.address.into());
            line.optional("ci", control_information, |line, name, code| line.number(name, code.into()));
        }
        None => {}
    }
    line.array("problems", &parts.problems);
    if let Some(message) = &decoded.message {
        line.object("message", |line| write_message(message, &parts.readings, line));
    }
}

impl FieldSink for Parts {
    const WANTS_FIELDS: bool = false;

    fn problem(&mut self, problem: Problem) {
        let output = &mut self.problems;
        output.element(|output| {
            output.text("layer", problem.kind.layer().name());
            output.text("code", problem.kind.code());
            output.number("offset", problem.at.into());
            output.shown("message", problem);
        });
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        self.readings.element(|output| write_reading(reading, output));
    }
}

fn write_message(message: &Message, readings: &Writer, output: &mut Writer) {
    output.text("protocol", message.protocol.name());
    output.object("security", |output| write_security(&message.security, output));
    if let Some(meter) = &message.meter {
        output.object("meter", |output| write_meter(meter, output));
    }
    output.optional("access", message.access, |output, name, access| output.number(name, access.into()));
    output.optional("status", message.status, |output, name, status| output.number(name, status.into()));
    output.optional("time", message.time, Writer::shown);
    output.optional("list", message.list, |output, name, list| output.shown(name, list.0));
    output.array("readings", readings);
}

fn write_security(security: &Security, output: &mut Writer) {
    output.text("state", security.state.name());
    output.optional("system_title", security.system_title, |output, name, title| output.hex(name, &title));
    output.optional("frame_counter", security.frame_counter, |output, name, counter| {
        output.number(name, counter.into());
    });
}

fn write_meter(meter: &Meter, output: &mut Writer) {
    output.optional("manufacturer", meter.manufacturer, |output, name, letters| {
        output.text(name, core::str::from_utf8(&letters).unwrap_or_default());
    });
    output.optional("id", meter.id, Writer::shown);
    output.optional("version", meter.version, |output, name, version| output.number(name, version.into()));
    if let Some(medium) = meter.medium {
        output.text("medium", device_type_meaning(medium));
        output.number("medium_code", medium.into());
    }
}

fn write_reading(reading: &Reading<'_>, output: &mut Writer) {
    match reading.kind {
        ReadingKind::Value => {
            output.text("kind", "value");
            write_value(reading, output);
        }
        ReadingKind::Manufacturer { more_follows } => {
            output.text("kind", "manufacturer");
            output.boolean("more_follows", more_follows);
        }
        ReadingKind::GlobalReadout => output.text("kind", "global-readout"),
    }
    if let Some(record) = &reading.record {
        write_record(record, reading, output);
    }
    output.optional("note", reading.note, |output, name, note| output.text(name, note.text()));
}

fn write_value(reading: &Reading<'_>, output: &mut Writer) {
    output.text("quantity", reading.quantity.name());
    let (number, unit) = in_base_unit(reading);
    match (&reading.value, number) {
        (_, Some(number)) => output.decimal("value", number),
        // JSON has no number for NaN and infinities.
        (Value::Float32(..) | Value::Float64(..), None) => output.shown("value", reading.value),
        (_, None) => output.null("value"),
    }
    match reading.record.and_then(|record| record.unit_text) {
        Some(text) => output.shown("unit", text),
        None if unit == Unit::None => output.null("unit"),
        None => output.text("unit", unit.symbol()),
    }
    output.optional("raw", reading.raw, Writer::decimal);
    match &reading.value {
        Value::Text(_) | Value::Digits(_) => output.shown("text", reading.value),
        Value::Octets(octets) => output.hex("text", octets),
        Value::Time(time) => output.shown("time", time),
        Value::Absent | Value::Number(_) | Value::Float32(..) | Value::Float64(..) => {}
    }
    if reading.scale.exponent != 0 {
        output.decimal("exponent", Decimal::new(reading.scale.exponent.into(), 0));
        output.text("scale_source", reading.scale.source.name());
    }
    match (reading.printed_name, reading.obis) {
        (Some(name), _) => output.shown("obis", name),
        (None, Some(obis)) => output.shown("obis", obis),
        (None, None) => {}
    }
}

/// Durations of fixed length in seconds, everything else as it is.
fn in_base_unit(reading: &Reading<'_>) -> (Option<Decimal>, Unit) {
    let number = reading.value.number();
    let seconds = number.zip(reading.unit.seconds()).and_then(|(number, seconds)| number.times(seconds));
    match seconds {
        Some(seconds) => (Some(seconds), Unit::Second),
        None => (number, reading.unit),
    }
}

fn write_record(record: &RecordInfo<'_>, reading: &Reading<'_>, output: &mut Writer) {
    output.hex("header", record.header);
    output.hex("data", record.data);
    output.text("function", record.function.name());
    output.number("storage", record.storage);
    output.number("tariff", record.tariff.into());
    output.number("subunit", record.subunit.into());
    let mut qualifiers = record.qualifiers(reading.quantity).peekable();
    if qualifiers.peek().is_some() {
        output.texts("qualifiers", qualifiers);
    }
}
