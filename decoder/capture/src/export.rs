//! What a capture is saved as, for other programs: octets, a log of them, lines, tables, packets.
//!
//! 1. [`Extent`] says how much of the capture, and `chosen` finds the octets that this is,
//! 2. `octets` writes what came over the line: raw, as a log, as a capture file,
//! 3. `table` and [`json_lines`](crate::json_lines) write what it says,
//! 4. `frames` writes frames for Wireshark's DLMS dissector.
//!
//! Everything is written as it is found and nothing is kept but the headings of the wide table. Keys open messages and
//! are never written.

mod chosen;
mod csv;
mod frames;
mod hex_log;
mod octets;
mod table;

use std::io::{self, Write};
use std::ops::Range;

use meterscope_decoder::decode::Decoded;
use meterscope_decoder::link::Frame;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::FieldSink;
use meterscope_decoder::transport::Decoder;

use crate::imported::{Imported, Stamp};
use crate::json_lines::JsonLines;
use crate::overrides::Overrides;
use crate::time::Time;
use chosen::Chosen;

/// What a capture can be saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A capture file of the serial line, with everything that was recorded.
    Pcapng,
    /// The octets and nothing else.
    Raw,
    /// Hexadecimal octets, with time and direction in front of each line.
    HexLog,
    /// A JSON object a line for every item.
    JsonLines,
    /// A row for every reading (RFC 4180). A text that a spreadsheet would take for a formula has an apostrophe in front:
    /// one that begins with `=`, `+`, `-`, `@`, a tab or an end of line.
    CsvTidy,
    /// A row for every message, a column for every quantity of an object (RFC 4180), and texts as above.
    CsvWide,
    /// A capture file with a frame a packet, link type 147 (USER0).
    Frames,
    /// The same, with the plaintext of each ciphered message behind the frame that completes it.
    FramesDeciphered,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Pcapng,
        Self::Raw,
        Self::HexLog,
        Self::JsonLines,
        Self::CsvTidy,
        Self::CsvWide,
        Self::Frames,
        Self::FramesDeciphered,
    ];

    /// What the file's name ends in.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pcapng | Self::Frames | Self::FramesDeciphered => "pcapng",
            Self::Raw => "bin",
            Self::HexLog => "log",
            Self::JsonLines => "jsonl",
            Self::CsvTidy | Self::CsvWide => "csv",
        }
    }
}

/// How much of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    All,
    /// The frames and stretches of skipped octets that begin within these octets.
    Octets(Range<usize>),
    /// The items whose first octet was recorded from the one time on and before the other, in nanoseconds since 1970 in
    /// UTC. Items of which no date is known are left out. Times without a zone count as
    /// [`zone_minutes`](Export::zone_minutes) says, also where the clocks were changed in between.
    Times(Range<i64>),
}

/// A capture, how much of it, and what is needed to read it.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// The capture.
    pub capture: &'a Imported,
    /// How much of it.
    pub extent: &'a Extent,
    /// What opens ciphered messages.
    pub keys: &'a [Key],
    /// The user's word on readings.
    pub overrides: &'a Overrides,
    /// Minutes by which clocks that name no time zone are ahead of UTC: one number for the whole capture. Where the clock
    /// of a log was put forward or back while it recorded, what lies beyond is an hour off in [`Extent::Times`] and in
    /// capture files, which know UTC only; the other formats keep times as they were written. Times that name their zone,
    /// and those of a recording, are never off.
    pub zone_minutes: i16,
    /// Who writes the file: `Meterscope 0.1.0`.
    pub application: &'a str,
}

impl Export<'_> {
    /// Writes it as `format`. Gives how many octets of the capture that is; 0 says that nothing was chosen, and then the
    /// file has at most a heading.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<u64> {
        match format {
            Format::Pcapng => octets::pcapng(self, out),
            Format::Raw => octets::raw(self, out),
            Format::HexLog => hex_log::write(self, out),
            Format::JsonLines => self.json_lines(out),
            Format::CsvTidy => table::tidy(self, out),
            Format::CsvWide => table::wide(self, out),
            Format::Frames => frames::write(self, false, out),
            Format::FramesDeciphered => frames::write(self, true, out),
        }
    }

    fn json_lines(&self, out: &mut dyn Write) -> io::Result<u64> {
        let mut lines = JsonLines::with_keys(self.keys.to_vec()).with_overrides(self.overrides.clone());
        let length = self.each_item(|found| {
            // What is not chosen is read too: later frames may need it.
            let line = lines.captured_line(found.offset as u64, &found.item, found.stamp);
            if found.is_chosen { out.write_all(line) } else { Ok(()) }
        })?;
        if *self.extent == Extent::All {
            out.write_all(lines.end(self.capture.octets.len() as u64))?;
        }
        Ok(length)
    }

    /// Visits every item, and gives how many octets those have that are chosen.
    fn each_item(&self, mut visit: impl FnMut(Found<'_>) -> io::Result<()>) -> io::Result<u64> {
        let mut chosen = 0;
        for found in Chosen::new(self) {
            chosen += if found.is_chosen { found.item.octets().len() as u64 } else { 0 };
            visit(found)?;
        }
        Ok(chosen)
    }

    /// Microseconds since 1970 in UTC; 0 where that is not known.
    fn micros(&self, time: Option<Time>) -> u64 {
        let nanoseconds = time.and_then(|time| time.unix_nanoseconds(self.zone_minutes));
        nanoseconds.and_then(|nanoseconds| u64::try_from(nanoseconds / 1000).ok()).unwrap_or_default()
    }
}

/// Reads a frame. The sink has no type of its own, because the whole decoder is compiled for every type of sink and the
/// page has it for this one.
fn read(export: &Export<'_>, decoder: &mut Decoder, frame: &Frame<'_>, sink: &mut dyn FieldSink) -> Decoded {
    let mut sink = export.overrides.sink(sink);
    decoder.decode(frame, export.keys, &mut (&mut sink as &mut dyn FieldSink))
}

/// An item and where it was found.
struct Found<'a> {
    offset: usize,
    item: Item<'a>,
    /// What is known of its first octet.
    stamp: Option<&'a Stamp>,
    is_chosen: bool,
}
