//! What came over the line: its octets, and what happened between them.

use std::io::{self, Write};
use std::ops::Range;

use super::Export;
use super::chosen::stretches;
use crate::imported::{Direction, Event, EventKind, Imported, Stamp};
use crate::pcapng::Writer;

/// The octets and nothing else.
pub(super) fn raw(export: &Export<'_>, out: &mut dyn Write) -> io::Result<u64> {
    let mut length = 0;
    for stretch in stretches(export) {
        length += stretch.len() as u64;
        out.write_all(export.capture.octets.get(stretch).unwrap_or_default())?;
    }
    Ok(length)
}

/// A capture file with everything that was recorded. Octets of which nobody says which way they went were received.
pub(super) fn pcapng(export: &Export<'_>, out: &mut dyn Write) -> io::Result<u64> {
    let mut writer = Writer::new(export.application);
    let mut length = 0;
    for stretch in stretches(export) {
        length += stretch.len() as u64;
        for entry in Entries::new(export.capture, stretch) {
            write_entry(export, &entry, &mut writer);
            out.write_all(&writer.take())?;
        }
    }
    out.write_all(&writer.take())?;
    Ok(length)
}

fn write_entry(export: &Export<'_>, entry: &Entry<'_>, writer: &mut Writer) {
    match entry {
        Entry::Octets(stamp, octets) => {
            let at = export.micros(stamp.and_then(|stamp| stamp.time));
            let direction = stamp.and_then(|stamp| stamp.direction).unwrap_or(Direction::Received);
            writer.octets(at, direction, octets);
        }
        Entry::Event(event) => match &event.kind {
            EventKind::Opened(settings, device) => writer.interface(settings, device),
            EventKind::Line(line) => writer.line_event(export.micros(event.time), *line),
            EventKind::Note(text) => writer.note(export.micros(event.time), text),
        },
    }
}

/// Something that was recorded.
pub(super) enum Entry<'a> {
    Event(&'a Event),
    /// Octets of which the same is known.
    Octets(Option<&'a Stamp>, &'a [u8]),
}

/// What was recorded within a stretch of octets, in order.
pub(super) struct Entries<'a> {
    capture: &'a Imported,
    at: usize,
    end: usize,
    /// What was opened last before the stretch.
    opened: Option<&'a Event>,
    events: &'a [Event],
    stamps: &'a [Stamp],
    stamp: Option<&'a Stamp>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(capture: &'a Imported, stretch: Range<usize>) -> Self {
        let (before, events) =
            capture.events.split_at(capture.events.partition_point(|event| event.offset < stretch.start));
        // What happened behind the last octet of a stretch belongs to what follows, where anything does.
        let is_within = |event: &Event| event.offset < stretch.end || stretch.end == capture.octets.len();
        let events = events.get(..events.partition_point(is_within)).unwrap_or_default();
        let (earlier, stamps) =
            capture.stamps.split_at(capture.stamps.partition_point(|stamp| stamp.offset <= stretch.start));
        Self {
            capture,
            at: stretch.start,
            end: stretch.end,
            opened: before.iter().rev().find(|event| matches!(event.kind, EventKind::Opened(..))),
            events,
            stamps,
            stamp: earlier.last(),
        }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        if let Some(opened) = self.opened.take() {
            return Some(Entry::Event(opened));
        }
        if let Some((event, rest)) = self.events.split_first()
            && event.offset <= self.at
        {
            self.events = rest;
            return Some(Entry::Event(event));
        }
        while let Some((stamp, rest)) = self.stamps.split_first()
            && stamp.offset <= self.at
        {
            (self.stamp, self.stamps) = (Some(stamp), rest);
        }
        let next_event = self.events.first().map_or(self.end, |event| event.offset);
        let next_stamp = self.stamps.first().map_or(self.end, |stamp| stamp.offset);
        let start = self.at;
        self.at = next_event.min(next_stamp).min(self.end);
        let octets = self.capture.octets.get(start..self.at).filter(|octets| !octets.is_empty())?;
        Some(Entry::Octets(self.stamp, octets))
    }
}
