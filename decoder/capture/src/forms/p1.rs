//! The text of P1 telegrams: from a line `/XXX…` to a line `!` with the CRC.

use crate::builder::{Builder, Mark};
use crate::evidence::{HEAD, starts_message};
use crate::form::Form;
use crate::forms::hex;
use crate::imported::Source;
use crate::text::{Line, line_ends, prefix};

/// A telegram has no more lines than this; one that goes on longer was cut off before the next text.
const MOST_LINES: usize = 1000;

/// A telegram that is being read.
#[derive(Debug, Default)]
pub(crate) struct Telegram {
    /// The line it began on, and what is known of it.
    begun: Option<(usize, Mark)>,
    /// The line ends of the input are those of the wire.
    has_cr: bool,
}

/// The longest first line of a telegram, above the 21 characters that IEC 62056-21 has for it.
const LONGEST_NAME: usize = 60;

/// Whether a line begins a telegram: `/` and three letters; no hexadecimal text has that, and Base64 has longer lines.
pub(crate) fn begins(text: &[u8]) -> bool {
    matches!(text.trim_ascii(), [b'/', name @ ..]
        if name.len() < LONGEST_NAME && name.first_chunk::<3>().is_some_and(|name| name.iter().all(u8::is_ascii_alphabetic)))
}

/// Some meters send a line or two behind the end of their telegram.
const MOST_LINES_BEHIND: usize = 3;

/// Whether the whole of `text` is what a P1 port sends: at least the beginning of one telegram, and all else between its
/// lines looks like more of them. Then it is taken as it is, for it may have been recorded octet for octet.
pub(crate) fn is_all(text: &[u8]) -> bool {
    let mut inside = false;
    let mut any = false;
    let mut behind = 0;
    for line in text.split(|&octet| octet == b'\n') {
        if begins(line) {
            (inside, any, behind) = (true, true, 0);
        } else if line.starts_with(b"!") {
            inside = false;
        } else if !inside && !is_data_line(line.trim_ascii()) {
            behind += 1;
            // A paste rarely has CR, and a log has times in front.
            let recorded = any && line.ends_with(b"\r") && !prefix::of(line).is_log && !has_message(line);
            if !recorded || behind > MOST_LINES_BEHIND {
                return false;
            }
        }
    }
    any
}

/// Whether a line is a frame in hexadecimal text.
fn has_message(line: &[u8]) -> bool {
    let head = line.get(..4 * HEAD).unwrap_or(line);
    let mut octets = Vec::with_capacity(HEAD);
    hex::decode(head, &mut octets, &mut None);
    starts_message(octets.get(..HEAD).unwrap_or(&octets))
}

/// `1-0:1.8.0(001.2*kWh)`, and also the rest of such a line.
fn is_data_line(text: &[u8]) -> bool {
    text.is_empty() || (text.ends_with(b")") && text.contains(&b'('))
}

/// Takes `text` as it is; a paste that lost its CR gets them back.
pub(crate) fn whole(text: &[u8], out: &mut Builder) {
    let line_ends_restored = text.contains(&b'\n') && !text.contains(&b'\r');
    if line_ends_restored {
        let line_ends = line_ends(text);
        let octets = out.octets();
        octets.reserve_exact(text.len() + line_ends);
        for line in text.split_inclusive(|&octet| octet == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(line) => {
                    octets.extend_from_slice(line);
                    octets.extend_from_slice(b"\r\n");
                }
                None => octets.extend_from_slice(line),
            }
        }
    } else {
        out.octets().extend_from_slice(text);
    }
    let lines = line_ends(text.trim_ascii_end()) + 1;
    out.end(Form::P1Text { line_ends_restored }, Source::Lines(1, lines), Mark::default());
}

impl Telegram {
    pub(crate) fn new(has_cr: bool) -> Self {
        Self { begun: None, has_cr }
    }

    /// Takes a line of a telegram, of which `text` is what stands behind the prefix; not where it is none.
    pub(crate) fn line(&mut self, line: Line<'_>, text: &[u8], mark: Mark, out: &mut Builder) -> bool {
        if begins(text) {
            self.begun = Some((line.number, mark));
        }
        let Some((first, mark)) = self.begun else { return false };
        let ends = text.starts_with(b"!");
        let is_telegram = begins(text) || ends || is_data_line(text.trim_ascii()) || text.starts_with(b"(");
        if !is_telegram || line.number - first > MOST_LINES {
            self.begun = None;
            return false;
        }
        out.octets().extend_from_slice(text);
        out.octets().extend_from_slice(b"\r\n");
        let form = Form::P1Text { line_ends_restored: !self.has_cr };
        out.end(form, Source::Lines(line.number, line.number), mark);
        if ends {
            self.begun = None;
        }
        true
    }

    /// An empty line within a telegram, which the CRC counts.
    pub(crate) fn empty_line(&self, line: Line<'_>, out: &mut Builder) {
        if let Some((_, mark)) = self.begun {
            out.octets().extend_from_slice(b"\r\n");
            let form = Form::P1Text { line_ends_restored: !self.has_cr };
            out.end(form, Source::Lines(line.number, line.number), mark);
        }
    }

    /// Whether a telegram has begun and not ended.
    pub(crate) fn is_open(&self) -> bool {
        self.begun.is_some()
    }
}
