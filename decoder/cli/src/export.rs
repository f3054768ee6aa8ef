//! The `export` command.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use meterscope_capture::Time;
use meterscope_capture::export::{Export, Extent, Format};

use crate::input::{Failure, Input};
use crate::preview::Preview;

/// What to save as what.
#[derive(Args)]
pub struct Options {
    /// What to save it as.
    #[arg(long = "as", value_name = "FORMAT")]
    format: FormatName,
    /// Only what was recorded at this time or later: 2026-11-21T08:12:00+01:00. Times without a zone, here and in the
    /// capture, are taken for UTC, in summer as in winter.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<i64>,
    /// Only what was recorded before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<i64>,
    /// Where to; standard output unless given.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    input: Input,
}

/// The formats by the names that they have here.
#[derive(Clone, Copy, ValueEnum)]
enum FormatName {
    /// A capture file of the serial line for Wireshark: octets, times, line settings, errors of the line
    Pcapng,
    /// The octets and nothing else
    Raw,
    /// A log of hexadecimal octets with their times
    Hex,
    /// A JSON object a line for every frame and every stretch of skipped octets
    Jsonl,
    /// A table with a row for every reading; a text that a spreadsheet would compute has an apostrophe in front
    Csv,
    /// A table with a row for every message and a column for every quantity
    CsvWide,
    /// A capture file with a frame a packet (link type 147, USER0) for Wireshark's DLMS dissectors
    Frames,
    /// The same, with the plaintext of each ciphered message in a packet of its own
    FramesDeciphered,
}

impl FormatName {
    const fn format(self) -> Format {
        match self {
            Self::Pcapng => Format::Pcapng,
            Self::Raw => Format::Raw,
            Self::Hex => Format::HexLog,
            Self::Jsonl => Format::JsonLines,
            Self::Csv => Format::CsvTidy,
            Self::CsvWide => Format::CsvWide,
            Self::Frames => Format::Frames,
            Self::FramesDeciphered => Format::FramesDeciphered,
        }
    }

    const fn is_text(self) -> bool {
        matches!(self, Self::Hex | Self::Jsonl | Self::Csv | Self::CsvWide)
    }
}

/// Saves the capture. Says whether anything was chosen.
pub fn run(options: &Options) -> Result<bool, Failure> {
    let keys = options.input.keys()?;
    let overrides = options.input.overrides()?;
    let capture = options.input.read()?;
    if let Some(notes) = Preview::notes(&capture) {
        anstream::eprint!("{notes}");
    }
    let export = Export {
        capture: &capture,
        extent: &options.extent(),
        keys: &keys,
        overrides: &overrides,
        zone_minutes: 0,
        application: concat!("Meterscope ", env!("CARGO_PKG_VERSION")),
    };
    let written = options.open().and_then(|mut out| {
        let octets = export.write(options.format.format(), &mut out)?;
        out.flush()?;
        Ok(octets)
    });
    match written {
        Ok(octets) => Ok(octets > 0),
        // Whoever reads the output has seen enough, as head does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        Err(error) => Err(Failure::Write(error)),
    }
}

impl Options {
    fn extent(&self) -> Extent {
        match (self.from, self.to) {
            (None, None) => Extent::All,
            (from, to) => Extent::Times(from.unwrap_or(i64::MIN)..to.unwrap_or(i64::MAX)),
        }
    }

    fn open(&self) -> io::Result<BufWriter<Box<dyn Write>>> {
        let out: Box<dyn Write> = match &self.output {
            Some(path) => Box::new(File::create(path)?),
            None if io::stdout().is_terminal() && !self.format.is_text() => {
                return Err(io::Error::other("these octets are no text for a terminal; name a file with -o"));
            }
            None => Box::new(io::stdout().lock()),
        };
        Ok(BufWriter::new(out))
    }
}

/// Nanoseconds since 1970 in UTC.
fn time(text: &str) -> Result<i64, &'static str> {
    let time = text.parse::<Time>().map_err(|_| "it should be like 2026-11-21T08:12:00+01:00")?;
    time.unix_nanoseconds(0).ok_or("a time needs a date")
}
