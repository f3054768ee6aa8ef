//! What messages say, as tables: a row for every reading, or a row for every message.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::io::{self, Write};

use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::Message;
use meterscope_decoder::reading::{Function, Quantity, Reading, ReadingKind, Unit, Value};
use meterscope_decoder::sink::FieldSink;
use meterscope_decoder::transport::Decoder;

use super::csv::Row;
use super::{Export, Found, read};
use crate::imported::Direction;
use crate::values::in_base_unit;

const HEAD: [&str; 8] =
    ["captured", "direction", "offset", "protocol", "manufacturer", "meter", "sent", "list"];
const TIDY: [&str; 10] =
    ["object", "name", "details", "storage", "tariff", "channel", "value", "unit", "value_time", "note"];
/// More columns would make a table that no program opens; what has no column is told in the last one.
const MOST_COLUMNS: usize = 1000;

/// A row for every reading.
pub(super) fn tidy(export: &Export<'_>, out: &mut dyn Write) -> io::Result<u64> {
    out.write_all(headings(TIDY.into_iter()).as_bytes())?;
    each_message(export, |head, cells| {
        cells.iter().try_for_each(|cell| {
            let mut row = Row::default();
            row.text(&cell.object);
            row.text(&cell.name);
            row.text(&cell.details);
            row.field(&cell.storage);
            row.field(&cell.tariff);
            row.field(&cell.channel);
            cell.write_value(&mut row);
            row.text(&cell.unit);
            row.field(&cell.time);
            row.field(&cell.note);
            out.write_all(row.behind(head).as_bytes())
        })
    })
}

/// A row for every message, a column for every quantity of an object. Which columns there are shows only at the end of
/// the capture, so it is read twice.
pub(super) fn wide(export: &Export<'_>, out: &mut dyn Write) -> io::Result<u64> {
    let mut columns = Headings::default();
    let mut there_are_more = false;
    each_message(export, |_, cells| {
        for heading in wide_headings(cells) {
            if let Err(place) = columns.find(&heading) {
                if columns.texts.len() < MOST_COLUMNS {
                    columns.insert(place, heading);
                } else {
                    there_are_more = true;
                }
            }
        }
        Ok(())
    })?;
    let further = there_are_more.then_some("further");
    out.write_all(headings(columns.texts.iter().map(String::as_str).chain(further)).as_bytes())?;
    each_message(export, |head, cells| {
        let mut found: Vec<Option<&Cell>> = vec![None; columns.texts.len()];
        let mut further = String::new();
        for (cell, heading) in cells.iter().zip(wide_headings(cells)) {
            match columns.find(&heading).ok().and_then(|column| found.get_mut(column)) {
                Some(place) => *place = Some(cell),
                None => {
                    let _ = write!(further, "{heading}: {}; ", cell.value);
                }
            }
        }
        let mut row = Row::default();
        for cell in found {
            match cell {
                Some(cell) => cell.write_value(&mut row),
                None => row.text(""),
            }
        }
        if there_are_more {
            row.text(further.trim_end_matches("; "));
        }
        out.write_all(row.behind(head).as_bytes())
    })
}

fn headings<'a>(own: impl Iterator<Item = &'a str>) -> String {
    let mut head = Row::default();
    for heading in HEAD {
        head.text(heading);
    }
    let mut row = Row::default();
    for heading in own {
        row.text(heading);
    }
    row.behind(&head)
}

/// What each column is called: object, name, what else tells readings apart, unit. The second of two readings with the same
/// name in a message has a number.
fn wide_headings(cells: &[Cell]) -> Vec<String> {
    let mut seen = Headings::default();
    let mut times: Vec<u32> = Vec::new();
    let heading = |cell: &Cell| {
        let mut heading = cell.named_object().to_owned();
        if !heading.is_empty() {
            heading.push(' ');
        }
        heading.push_str(&cell.name);
        if !cell.details.is_empty() {
            let _ = write!(heading, ", {}", cell.details);
        }
        // The name of an object says tariff and channel.
        if cell.is_record {
            for (number, name) in [(cell.storage, "storage"), (cell.tariff.into(), "tariff")] {
                if number > 0 {
                    let _ = write!(heading, ", {name} {number}");
                }
            }
            if cell.channel > 0 {
                let _ = write!(heading, ", channel {}", cell.channel);
            }
        }
        if !cell.unit.is_empty() {
            let _ = write!(heading, " [{}]", cell.unit);
        }
        heading
    };
    let numbered = |mut heading: String| {
        let column = seen.find(&heading).unwrap_or_else(|place| {
            times.push(0);
            seen.insert(place, heading.clone())
        });
        if let Some(times) = times.get_mut(column) {
            *times += 1;
            if *times > 1 {
                let _ = write!(heading, " #{times}");
            }
        }
        heading
    };
    cells.iter().map(heading).map(numbered).collect()
}

/// Different texts in the order in which they came, found by halving. A map or a sort would weigh more, and a page is loaded
/// over the air.
#[derive(Default)]
struct Headings {
    texts: Vec<String>,
    /// Their places, in the order of their characters.
    order: Vec<usize>,
}

impl Headings {
    /// The place of a text; where it is missing, where it belongs in the order.
    fn find(&self, text: &str) -> Result<usize, usize> {
        let found = self.order.binary_search_by(|&place| {
            self.texts.get(place).map_or(Ordering::Greater, |known| known.as_str().cmp(text))
        });
        found.map(|at| self.order.get(at).copied().unwrap_or_default())
    }

    /// Adds one that is missing, and gives its place.
    fn insert(&mut self, at: usize, text: String) -> usize {
        let place = self.texts.len();
        self.order.insert(at, place);
        self.texts.push(text);
        place
    }
}

/// Reads everything and visits each chosen message that says anything: its fields in front of all its rows, its readings.
fn each_message(
    export: &Export<'_>,
    mut visit: impl FnMut(&Row, &[Cell]) -> io::Result<()>,
) -> io::Result<u64> {
    let mut decoder = Box::new(Decoder::new());
    let mut cells = Cells::default();
    export.each_item(|found| {
        let frame = match &found.item {
            Item::Skipped(_, reason) => {
                decoder.skipped(*reason);
                return Ok(());
            }
            Item::Frame(frame) => frame,
        };
        cells.0.clear();
        let said = read(export, &mut decoder, frame, &mut cells);
        match said.message {
            Some(message) if found.is_chosen && !cells.0.is_empty() => {
                visit(&head(&found, &message), &cells.0)
            }
            _ => Ok(()),
        }
    })
}

fn head(found: &Found<'_>, message: &Message) -> Row {
    let mut row = Row::default();
    let time = found.stamp.and_then(|stamp| stamp.time);
    row.optional(time.as_ref().map(|time| time as _));
    row.text(match found.stamp.and_then(|stamp| stamp.direction) {
        Some(Direction::Sent) => "sent",
        Some(Direction::Received) => "received",
        None => "",
    });
    row.field(&found.offset);
    row.text(message.protocol.name());
    let meter = message.meter.unwrap_or_default();
    row.text(&String::from_utf8_lossy(meter.manufacturer.as_ref().map_or(&[], |letters| letters)));
    row.text(&meter.id.map(|id| id.to_string()).unwrap_or_default());
    row.optional(message.time.as_ref().map(|time| time as _));
    row.text(&message.list.map(|list| list.0.to_string()).unwrap_or_default());
    row
}

/// A reading in words and numbers.
#[derive(Debug)]
struct Cell {
    /// The object's name, or the octets in front of the value of an M-Bus record.
    object: String,
    is_record: bool,
    /// Nobody knows what it is, and so the object is all the name that it has.
    is_unknown: bool,
    name: String,
    details: String,
    storage: u64,
    tariff: u32,
    channel: u16,
    value: String,
    /// The value is text, and no number or time.
    is_text: bool,
    unit: String,
    time: String,
    note: &'static str,
}

impl Cell {
    fn write_value(&self, row: &mut Row) {
        if self.is_text {
            row.text(&self.value);
        } else {
            row.field(&self.value);
        }
    }

    /// The object where it names the column: each record has octets in front of it, and they name only what nothing else
    /// does.
    fn named_object(&self) -> &str {
        if self.is_record && !self.is_unknown { "" } else { &self.object }
    }
}

#[derive(Default)]
struct Cells(Vec<Cell>);

impl FieldSink for Cells {
    fn wants_fields(&self) -> bool {
        false
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        let hex = |octets| Value::Octets(octets).to_string();
        let record = reading.record;
        let (name, value) = match reading.kind {
            ReadingKind::Value => {
                let name = match reading.label() {
                    Some(label) => label.to_string(),
                    None => reading.quantity.name().to_owned(),
                };
                (name, value(reading))
            }
            ReadingKind::Manufacturer { .. } => {
                ("manufacturer data".into(), record.map(|record| hex(record.data)).unwrap_or_default())
            }
            ReadingKind::GlobalReadout => ("global readout".into(), String::new()),
        };
        let object = match (reading.printed_name(), reading.obis, record) {
            (Some(name), ..) => name.to_string(),
            (None, Some(obis), _) => obis.to_string(),
            (None, None, Some(record)) => hex(record.header),
            (None, None, None) => String::new(),
        };
        let (number, unit) = in_base_unit(reading);
        self.0.push(Cell {
            object,
            is_record: record.is_some(),
            is_unknown: matches!(reading.quantity, Quantity::Unknown | Quantity::ManufacturerSpecific),
            name,
            details: details(reading),
            storage: record.map_or(0, |record| record.storage),
            tariff: reading.tariff(),
            channel: reading.channel(),
            value,
            is_text: number.is_none() && matches!(reading.value, Value::Text(_)),
            unit: match record.and_then(|record| record.unit_text) {
                Some(text) => text.to_string(),
                None if unit == Unit::None => String::new(),
                None => unit.symbol().to_owned(),
            },
            time: reading.captured().map(|time| time.to_string()).unwrap_or_default(),
            note: reading.note.map_or("", |note| note.text()),
        });
    }
}

/// The value, with a point in front of its decimals and all of them.
fn value(reading: &Reading<'_>) -> String {
    match in_base_unit(reading) {
        (Some(number), _) => number.to_string(),
        (None, _) => reading.value.to_string(),
    }
}

/// What else tells an M-Bus record apart.
fn details(reading: &Reading<'_>) -> String {
    let Some(record) = &reading.record else { return String::new() };
    let function = (record.function != Function::Instantaneous).then(|| record.function.name());
    let details: Vec<_> = function.into_iter().chain(record.qualifiers(reading.quantity)).collect();
    details.join(", ")
}
