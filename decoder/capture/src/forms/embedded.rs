//! Octets somewhere in a line of a log, a source or JSON. Only what begins as a frame or a message does is taken: a log is
//! full of numbers that could be octets, such as addresses, keys and versions.

use crate::builder::{Builder, Mark};
use crate::evidence::{HEAD, is_wireless, starts_message};
use crate::form::Form;
use crate::forms::hex::{self, Scan};
use crate::forms::{base64, decimal, escaped};
use crate::imported::{Source, Why};
use crate::text::{Line, stamp};

/// What was found in lines like this one before.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    /// The text in front of the octets of the line before; a long frame goes on behind the same words.
    label: Vec<u8>,
    line: usize,
}

/// What a line gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Octets,
    Wireless,
}

/// A stretch of a line.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    form: Form,
}

impl Embedded {
    /// Takes what there is in `text`, which is the line behind its prefix.
    pub(crate) fn line(
        &mut self,
        line: Line<'_>,
        text: &[u8],
        mark: Mark,
        is_log: bool,
        out: &mut Builder,
    ) -> Found {
        let source = Source::Lines(line.number, line.number);
        let continues = self.line + 1 == line.number && is_log;
        let mut at = 0;
        let mut found = Found::Nothing;
        while let Some(run) = next_run(text, at, out, |label| continues && label == self.label) {
            let Some(octets) = out.piece().get(..) else { break };
            if run.form == Form::HexLog && is_wireless(octets) && !starts_message(octets) {
                out.drop_piece();
                return Found::Wireless;
            }
            let time = mark.time.or_else(|| near(text, at, run));
            out.end(run.form, source, Mark { time, ..mark });
            if found == Found::Nothing {
                self.label = text.get(..run.start).unwrap_or_default().to_vec();
                self.line = line.number;
            }
            found = Found::Octets;
            at = run.end;
            if run.form == Form::HexLog
                && let Some((from, why)) = cut_short(line, text, at)
            {
                out.leave_out(source, text.get(from..).unwrap_or_default(), why);
            }
        }
        if found == Found::Nothing && wireless(text) { Found::Wireless } else { found }
    }
}

/// Where something goes on behind octets that is none but stands like one: a mistake, or half an octet.
fn cut_short(line: Line<'_>, text: &[u8], at: usize) -> Option<(usize, Why)> {
    let behind = text.get(at..)?;
    let separators = behind.iter().take_while(|octet| b" \t,:.-;".contains(octet)).count();
    let word = behind.get(separators..)?;
    let length = word.iter().take_while(|octet| octet.is_ascii_alphanumeric() || **octet == b'?').count();
    let digits = word.get(..length)?.iter().filter(|octet| octet.is_ascii_hexdigit()).count();
    let bad = word.iter().position(|octet| !octet.is_ascii_hexdigit()).filter(|&bad| bad < length);
    if digits == 0 || (length > 2 && digits * 4 < length * 3) {
        return None;
    }
    let from = at + separators;
    let in_line = line.text.len() - text.len() + from + bad.unwrap_or(length - 1);
    Some((from, Why::BadHex(hex::place(line, in_line, bad.is_none()))))
}

/// How far behind octets a time is looked for.
const NEAR: usize = 200;

/// A time in front of the octets or behind them, as far as the next bracket.
fn near(text: &[u8], from: usize, run: Run) -> Option<crate::time::Time> {
    let before = text.get(from.max(run.start.saturating_sub(NEAR))..run.start).unwrap_or_default();
    stamp::within(before).or_else(|| {
        let behind = text.get(run.end..).unwrap_or_default();
        let behind = behind.get(..NEAR).unwrap_or(behind);
        let end = behind.iter().position(|octet| matches!(octet, b'}' | b']')).unwrap_or(behind.len());
        stamp::within(behind.get(..end).unwrap_or_default())
    })
}

/// The next stretch of octets from `from` on; they are written. `continues` says whether a text in front of octets is that
/// of the line before.
fn next_run(text: &[u8], from: usize, out: &mut Builder, continues: impl Fn(&[u8]) -> bool) -> Option<Run> {
    let mut at = from;
    let mut before = b' ';
    // A quotation mark that nothing closes closes nothing behind it either, so it is looked for once.
    let mut unclosed = None;
    while let Some(&octet) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let (length, run) = match octet {
            b'"' | b'\'' if unclosed == Some(octet) => (1, None),
            b'"' | b'\'' => {
                let looked_at = quoted(rest, at, out);
                if looked_at.0 == UNCLOSED {
                    unclosed = Some(octet);
                }
                (looked_at.0.max(1), looked_at.1)
            }
            b'{' | b'[' | b'(' => listed(rest, at, out),
            _ if octet.is_ascii_hexdigit() && !before.is_ascii_alphanumeric() => {
                let label = text.get(..at).unwrap_or_default();
                bare(rest, at, from == 0 && continues(label), out)
            }
            _ => (1, None),
        };
        if run.is_some() {
            return run;
        }
        // Whatever was looked at in vain is not looked at again, so that the work stays in proportion.
        at += length.max(1);
        before = text.get(at - 1).copied().unwrap_or(b' ');
    }
    None
}

/// In place of a length: the quotation mark has no other.
const UNCLOSED: usize = 0;

/// A string in quotes: escapes, hexadecimal or Base64.
fn quoted(rest: &[u8], at: usize, out: &mut Builder) -> (usize, Option<Run>) {
    let quote = rest.first().copied().unwrap_or(b'"');
    let mut escape = false;
    let end = rest.iter().skip(1).position(|&octet| {
        let closes = octet == quote && !escape;
        escape = octet == b'\\' && !escape;
        closes
    });
    let Some(content) = end.and_then(|end| rest.get(1..=end)) else { return (UNCLOSED, None) };
    let run = |form| Some(Run { start: at, end: at + content.len() + 2, form });
    let escapes = content.contains(&b'\\');
    if escapes && escaped::decode(content, out.octets()) {
        let is_message = starts_message(head(out.piece()));
        if is_message || (escaped::count(content) >= 4 && !out.piece().is_ascii()) {
            return (0, run(Form::Escaped));
        }
        out.drop_piece();
    }
    if Scan::of(content.get(..8 * HEAD).unwrap_or(content)).bad.is_none() {
        let scan = Scan::of(content);
        if scan.is_whole() && !scan.commas {
            hex::decode(content, out.octets(), &mut None);
            if starts_message(head(out.piece())) {
                return (0, run(Form::HexLog));
            }
            out.drop_piece();
        }
    }
    if base64::decode_message(content, out.octets()) {
        return (0, run(Form::Base64));
    }
    // What is in quotes may be a sentence with octets in it; names and numbers are passed.
    (if content.len() < HEAD || escapes { content.len() + 1 } else { 1 }, None)
}

/// Numbers in brackets, as sources and JSON have them: `{0x10, 0x40, …}`, `[104, 3, 3, 104, …]`.
fn listed(rest: &[u8], at: usize, out: &mut Builder) -> (usize, Option<Run>) {
    let inside = rest.get(1..).unwrap_or_default();
    let is_number = |octet: &u8| {
        octet.is_ascii_hexdigit() || octet.is_ascii_whitespace() || matches!(octet, b'x' | b'X' | b',' | b'-')
    };
    let length = inside.iter().take_while(|octet| is_number(octet)).count();
    let ends = inside.get(length).is_none_or(|octet| matches!(octet, b'}' | b']' | b')'));
    let content = inside.get(..length).unwrap_or_default();
    if !ends || content.len() < 8 {
        return (1, None);
    }
    let scan = Scan::of(content);
    let prefixed = content.trim_ascii_start().get(..2).is_some_and(|head| head.eq_ignore_ascii_case(b"0x"));
    let run = |form| Some(Run { start: at, end: at + length + 2, form });
    if scan.is_whole() && (scan.only_hex || !scan.one_or_three) {
        hex::decode(content, out.octets(), &mut None);
        if (prefixed && scan.numbers > 1) || starts_message(head(out.piece())) {
            return (0, run(Form::Hex));
        }
        out.drop_piece();
    }
    if !scan.only_hex && decimal::decode(content, out.octets()) && starts_message(head(out.piece())) {
        return (0, run(Form::Decimal));
    }
    out.drop_piece();
    (length, None)
}

/// Digits among words. Only the first octets are read until they are found to begin a message.
fn bare(rest: &[u8], at: usize, continues: bool, out: &mut Builder) -> (usize, Option<Run>) {
    let number = rest.iter().take_while(|octet| octet.is_ascii_alphanumeric()).count();
    let peeked = rest.get(..run_length(rest, HEAD)).unwrap_or_default();
    let begins = peeked.len() > 1 && {
        hex::decode(peeked, out.octets(), &mut None);
        let begins = starts_message(head(out.piece()));
        out.drop_piece();
        begins
    };
    let length = if begins || continues { run_length(rest, usize::MAX) } else { 0 };
    if length == 0 || (continues && !begins && length < rest.trim_ascii_end().len()) {
        return (number, None);
    }
    hex::decode(rest.get(..length).unwrap_or_default(), out.octets(), &mut None);
    (0, Some(Run { start: at, end: at + length, form: Form::HexLog }))
}

/// How far octets reach, at most `most` of them: pairs of digits with at most two separators between.
fn run_length(text: &[u8], most: usize) -> usize {
    let mut length = 0;
    let mut octets = 0;
    while octets < most {
        let rest = text.get(length..).unwrap_or_default();
        let separators = rest.iter().take_while(|octet| b" \t,:.-;".contains(octet)).count();
        let number = rest.get(separators..).unwrap_or_default();
        let prefix = if number.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(b"0x")) { 2 } else { 0 };
        let number = number.get(prefix..).unwrap_or_default();
        let word = number.iter().take_while(|octet| octet.is_ascii_alphanumeric()).count();
        let digits = number.iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
        if separators > 2 || digits == 0 || digits % 2 == 1 || digits != word {
            break;
        }
        let digits = digits.min(2 * most.saturating_sub(octets).min(usize::MAX / 2));
        octets += digits / 2;
        length += separators + prefix + digits;
    }
    length
}

/// Whether the longest number of the line is a telegram of wireless M-Bus.
fn wireless(text: &[u8]) -> bool {
    text.split(|octet| !octet.is_ascii_alphanumeric()).any(|word| {
        let digits = word.strip_prefix(b"0x").unwrap_or(word);
        digits.len() >= 24
            && hex::parse_pairs(digits).is_some_and(|octets| {
                is_wireless(&octets) && octets.first().is_some_and(|&l| usize::from(l) + 1 == octets.len())
            })
    })
}

fn head(octets: &[u8]) -> &[u8] {
    octets.get(..HEAD).unwrap_or(octets)
}
