//! The `decode` command.

use std::fmt;
use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use meterscope_capture::json_lines::JsonLines;
use meterscope_capture::overrides::{OverrideError, Overrides};
use meterscope_capture::verdict::Verdict;
use meterscope_capture::{ImportError, Imported, import_with};
use meterscope_decoder::decode::Decoded;
use meterscope_decoder::items::Items;
use meterscope_decoder::security::Key;
use meterscope_decoder::transport::Decoder;

use crate::keys;
use crate::preview::{self, Preview};
use crate::summary::{Spoken, Summary};
use crate::tree;

/// What to decode and how to print it.
#[derive(Args)]
pub struct Options {
    /// Print one JSON object a line for every frame and every stretch of skipped octets.
    #[arg(long)]
    json: bool,
    /// Print counts, speed and a verdict only.
    #[arg(long, conflicts_with = "json")]
    summary: bool,
    #[command(flatten)]
    keys: keys::Keys,
    /// A table of names, units and scales for what the meter leaves out or gets wrong: list,elements,place,name,unit,scaler.
    #[arg(long, value_name = "FILE")]
    overrides: Option<PathBuf>,
    #[command(flatten)]
    import: preview::Choices,
    /// The capture, or - for standard input.
    #[arg(value_name = "FILE|-")]
    input: PathBuf,
}

/// Why there is nothing to print.
pub enum Failure {
    /// The file cannot be read.
    Read(PathBuf, io::Error),
    /// There is nothing in the file that can be decoded.
    Import(PathBuf, ImportError),
    /// A key is none.
    Key(keys::Failure),
    /// The table of overrides has a fault.
    Overrides(PathBuf, OverrideError),
    /// The output cannot be written.
    Write(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            Self::Import(path, error) => write!(
                f,
                "{}: {error}. Give octets as they came from the wire, hexadecimal digits, a log or a dump with \
                 them, a pcapng file, or a P1 telegram.",
                path.display()
            ),
            Self::Key(failure) => write!(f, "{failure}"),
            Self::Overrides(path, error) => write!(f, "{}, {error}", path.display()),
            Self::Write(error) => write!(f, "cannot write the output: {error}"),
        }
    }
}

/// What came of it.
pub struct Outcome {
    /// There was a good frame.
    pub anything_decoded: bool,
    /// The verdict, where it has not been printed yet.
    pub verdict: Option<Verdict>,
}

/// Decodes the input and prints it.
pub fn run(options: &Options) -> Result<Outcome, Failure> {
    let keys = options.keys.keys().map_err(Failure::Key)?;
    let overrides = read_overrides(options)?;
    let imported = read_input(options)?;
    if options.import.preview {
        write!(io::stdout(), "{}", Preview::all(&imported)).map_err(Failure::Write)?;
        return Ok(Outcome { anything_decoded: true, verdict: None });
    }
    if let Some(notes) = Preview::notes(&imported) {
        anstream::eprint!("{notes}");
    }
    let started = Instant::now();
    let mut summary = Summary::default();
    let print = print(options, &keys, &overrides, &imported, &mut summary);
    match print {
        Ok(()) => {}
        // Whoever reads the output has seen enough, as head does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            return Ok(Outcome { anything_decoded: true, verdict: None });
        }
        Err(error) => return Err(Failure::Write(error)),
    }
    if options.summary {
        let elapsed = started.elapsed();
        let verdict = summary.verdict(&imported.octets);
        let written = writeln!(io::stdout(), "{}verdict         {}", summary.timed(elapsed), Spoken(verdict));
        written.map_err(Failure::Write)?;
    }
    let anything_decoded = summary.anything_decoded();
    // Lines for programs are followed by words for people only where there is nothing in them.
    let wanted = !options.summary && (!options.json || !anything_decoded);
    let verdict = wanted.then(|| summary.verdict(&imported.octets));
    Ok(Outcome { anything_decoded, verdict })
}

fn print(
    options: &Options,
    keys: &[Key],
    overrides: &Overrides,
    imported: &Imported,
    summary: &mut Summary,
) -> io::Result<()> {
    let mut offset = 0;
    let mut output = BufWriter::new(io::stdout().lock());
    let mut lines = JsonLines::with_keys(keys.to_vec()).with_overrides(overrides.clone());
    let mut decoder = Decoder::new();
    let mut tree = tree::Printer::new(anstream::AutoStream::auto(io::stdout()));
    for item in Items::new(&imported.octets) {
        if options.json {
            summary.add(&item, &Decoded::default(), None);
            output.write_all(lines.captured_line(offset, &item, imported.stamp_at(offset as usize)))?;
        } else if options.summary {
            summary.read(&item, keys);
        } else {
            let (said, problem) = tree.item(offset, &item, &mut decoder, keys, overrides)?;
            summary.add(&item, &said, problem);
        }
        offset += item.octets().len() as u64;
    }
    if options.json {
        output.write_all(lines.end(offset))?;
    } else if options.summary {
        summary.finish();
    } else {
        summary.end(tree.finish(&mut decoder));
    }
    output.flush()?;
    tree.flush()
}

fn read_overrides(options: &Options) -> Result<Overrides, Failure> {
    let Some(path) = &options.overrides else { return Ok(Overrides::default()) };
    let text = fs::read_to_string(path).map_err(|error| Failure::Read(path.clone(), error))?;
    Overrides::parse(&text).map_err(|error| Failure::Overrides(path.clone(), error))
}

fn read_input(options: &Options) -> Result<Imported, Failure> {
    let mut octets = Vec::new();
    let read = if options.input.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut octets).map(|_| ())
    } else {
        fs::read(&options.input).map(|read| octets = read)
    };
    read.map_err(|error| Failure::Read(options.input.clone(), error))?;
    import_with(&octets, options.import.repairs())
        .map_err(|error| Failure::Import(options.input.clone(), error))
}
