//! The `decode` command.

use std::io::{self, BufWriter, Write};
use std::time::Instant;

use clap::Args;
use meterscope_capture::Imported;
use meterscope_capture::json_lines::JsonLines;
use meterscope_capture::overrides::Overrides;
use meterscope_capture::verdict::Verdict;
use meterscope_decoder::decode::Decoded;
use meterscope_decoder::items::Items;
use meterscope_decoder::security::Key;
use meterscope_decoder::transport::Decoder;

use crate::input::{Failure, Input};
use crate::preview::Preview;
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
    /// Print what the input is taken for and what is left out, and decode nothing.
    #[arg(long, conflicts_with_all = ["json", "summary"])]
    preview: bool,
    #[command(flatten)]
    input: Input,
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
    let keys = options.input.keys()?;
    let overrides = options.input.overrides()?;
    let imported = options.input.read()?;
    if options.preview {
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
