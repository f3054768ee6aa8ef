//! The tree for people: every field with its octets.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use meterscope_capture::overrides::Overrides;
use meterscope_decoder::decode::Decoded;
use meterscope_decoder::error::Problem;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::reading::Reading;
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::{Buffer, Field, FieldSink, FieldValue, Node};
use meterscope_decoder::span::Span;
use meterscope_decoder::transport::Decoder;

const NODE: Style = AnsiColor::Blue.on_default().bold();
const NAME: Style = AnsiColor::Cyan.on_default();
const OCTETS: Style = Style::new().dimmed();
const READING: Style = AnsiColor::Green.on_default().bold();
const PROBLEM: Style = AnsiColor::Red.on_default().bold();

/// Where the octets stand.
const OCTET_COLUMN: usize = 60;
/// Octets shown on the line of a field; the rest is counted.
const OCTETS_SHOWN: usize = 16;

/// Prints items as trees.
pub struct Printer<W: Write> {
    output: W,
    depth: usize,
    /// The frame, and the second buffers that are open.
    buffers: Vec<Vec<u8>>,
    /// The first problem of the item.
    problem: Option<Problem>,
    result: io::Result<()>,
}

impl<W: Write> Printer<W> {
    /// Prints to `output`.
    pub fn new(output: W) -> Self {
        Self { output, depth: 0, buffers: Vec::new(), problem: None, result: Ok(()) }
    }

    /// Prints an item that begins `offset` octets into the capture; gives what it says and its first problem.
    pub fn item(
        &mut self,
        offset: u64,
        item: &Item<'_>,
        decoder: &mut Decoder,
        keys: &[Key],
        overrides: &Overrides,
    ) -> io::Result<(Decoded, Option<Problem>)> {
        let octets = item.octets();
        self.problem = None;
        match item {
            Item::Skipped(_, reason) => {
                decoder.skipped(*reason);
                let (count, reason) = (octets.len(), reason.name());
                let noun = if count == 1 { "octet" } else { "octets" };
                writeln!(self.output, "{NODE}{offset:08X} skipped{NODE:#} {count} {noun}, {reason}")?;
                let text = hex(octets);
                writeln!(self.output, "  {OCTETS}{text}{OCTETS:#}")?;
                Ok((Decoded::default(), None))
            }
            Item::Frame(frame) => {
                write!(self.output, "{NODE}{offset:08X}{NODE:#} ")?;
                self.buffers.clear();
                self.buffers.push(octets.to_vec());
                let said = decoder.decode(frame, keys, &mut overrides.sink(&mut *self));
                std::mem::replace(&mut self.result, Ok(()))?;
                Ok((said, self.problem))
            }
        }
    }

    /// No item follows. Gives what the end of the capture cut off.
    pub fn finish(&mut self, decoder: &mut Decoder) -> Option<Problem> {
        self.problem = None;
        decoder.finish(self);
        self.problem
    }

    /// Writes out what is held back.
    pub fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    fn line(&mut self, print: impl FnOnce(&mut W) -> io::Result<()>) {
        if self.result.is_ok() {
            self.result =
                write!(self.output, "{:1$}", "", 2 * self.depth).and_then(|()| print(&mut self.output));
        }
    }
}

impl<W: Write> FieldSink for Printer<W> {
    fn enter(&mut self, node: Node, _: u32) {
        self.line(|output| match node.number() {
            Some(number) => writeln!(output, "{NODE}{} {number}{NODE:#}", node.name()),
            None => writeln!(output, "{NODE}{}{NODE:#}", node.name()),
        });
        self.depth += 1;
    }

    fn field(&mut self, field: Field<'_>, span: Span) {
        let value = match field.value {
            FieldValue::Octets(_) | FieldValue::Undecoded(_) => String::new(),
            value => value.to_string(),
        };
        let width = OCTET_COLUMN.saturating_sub(2 * self.depth + field.name.chars().count() + 1);
        let buffer = self.buffers.last().map(Vec::as_slice).unwrap_or_default();
        let octets = buffer.get(span.start as usize..span.end as usize).map(hex).unwrap_or_default();
        self.line(|output| {
            writeln!(output, "{NAME}{}{NAME:#} {value:width$} {OCTETS}{octets}{OCTETS:#}", field.name)
        });
    }

    fn leave(&mut self, _: u32) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn problem(&mut self, problem: Problem) {
        self.problem = self.problem.or(Some(problem));
        self.line(|output| {
            let layer = problem.kind.layer().name();
            writeln!(output, "{PROBLEM}! {layer}, octet {}: {problem}{PROBLEM:#}", problem.at)
        });
    }

    fn open(&mut self, buffer: &Buffer<'_>) {
        let (name, length) = (buffer.origin.name(), buffer.octets.len());
        self.line(|output| writeln!(output, "{NODE}{name}, {length} octets{NODE:#}"));
        self.buffers.push(buffer.octets.to_vec());
        self.depth += 1;
    }

    fn close(&mut self) {
        self.buffers.pop();
        self.depth = self.depth.saturating_sub(1);
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        self.line(|output| writeln!(output, "{READING}= {reading}{READING:#}"));
    }
}

fn hex(octets: &[u8]) -> String {
    let shown: Vec<String> = octets.iter().take(OCTETS_SHOWN).map(|octet| format!("{octet:02X}")).collect();
    match octets.len().checked_sub(OCTETS_SHOWN) {
        None | Some(0) => shown.join(" "),
        Some(more) => format!("{} … {more} more", shown.join(" ")),
    }
}
