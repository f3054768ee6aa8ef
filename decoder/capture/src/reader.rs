//! Reads a text line by line: each line goes to the form that it has, or is left out with the reason.

use crate::builder::{Builder, Mark};
use crate::error::{BadHex, ImportError};
use crate::form::Form;
use crate::forms::amsreader::Blocks;
use crate::forms::embedded::{Embedded, Found};
use crate::forms::hex::{self, Scan};
use crate::forms::hexdump::Dump;
use crate::forms::list::Lists;
use crate::forms::wmbusmeters::Log;
use crate::forms::{base64, decimal, escaped, libmbus, p1};
use crate::imported::{Source, Why};
use crate::text::prefix::{self, Prefix};
use crate::text::{self, Line};

/// Reads all of `input`, which is text.
pub(crate) fn read(input: &[u8], out: &mut Builder) -> Result<(), ImportError> {
    let mut reader = Reader::new(input);
    let mut at = 0;
    for (line, whole) in text::lines(input, 1).zip(input.split_inclusive(|&octet| octet == b'\n')) {
        reader.line(line, at, out);
        at += whole.len();
    }
    reader.finish(out)
}

struct Reader<'a> {
    input: &'a [u8],
    has_colours: bool,
    lists: Lists<'a>,
    dump: Dump,
    telegram: p1::Telegram,
    blocks: Blocks,
    log: Log,
    embedded: Embedded,
    /// The lines of Base64 so far: where they begin and end, and the number of the first.
    base64: Option<(usize, usize, usize)>,
    /// A time that stood alone on the line before.
    mark: Mark,
    /// There is a line that is no hexadecimal text, not even nearly.
    is_mixed: bool,
    first_masked: Option<BadHex>,
    first_text: Option<BadHex>,
}

impl<'a> Reader<'a> {
    fn new(input: &'a [u8]) -> Self {
        Self {
            input,
            has_colours: text::has_colours(input),
            lists: Lists::default(),
            dump: Dump::default(),
            telegram: p1::Telegram::new(input.contains(&b'\r')),
            blocks: Blocks::default(),
            log: Log::default(),
            embedded: Embedded::default(),
            base64: None,
            mark: Mark::default(),
            is_mixed: false,
            first_masked: None,
            first_text: None,
        }
    }

    fn line(&mut self, line: Line<'a>, at: usize, out: &mut Builder) {
        if line.text.trim_ascii().is_empty() {
            out.empty_line(line.number);
            self.telegram.empty_line(line, out);
            return;
        }
        if self.has_colours && text::has_colours(line.text) {
            let plain = text::without_colours(line.text);
            self.end_lists(out);
            self.structured(Line { number: line.number, text: &plain }, out);
            return;
        }
        if self.telegram.is_open() {
            let prefix = prefix::of(line.text);
            if self.telegram.line(line, prefix.p1(line.text), prefix.mark, out) {
                return;
            }
        }
        if !p1::begins(line.text) && !self.log.expects_quote() && self.numbers(line, at, out) {
            return;
        }
        self.end_lists(out);
        self.structured(line, out);
    }

    /// Takes a line of numbers, of a dump or of Base64, without anything in front.
    fn numbers(&mut self, line: Line<'a>, at: usize, out: &mut Builder) -> bool {
        if self.dump.line(line, out) {
            self.end_base64(out);
            self.end_list(out);
            self.is_mixed = true;
            return true;
        }
        let trimmed = without_comment(line.text);
        let scan = Scan::of(trimmed);
        let first = trimmed.first().copied().unwrap_or_default();
        // The names of two months are hexadecimal digits.
        let may_have_time = first.is_ascii_digit()
            || first == b'['
            || [b"Feb ", b"Dec "].iter().any(|month| trimmed.starts_with(*month));
        let has_time = may_have_time && prefix::of(trimmed).mark.time.is_some();
        let hidden = scan.masked > 0;
        if scan.bad.is_some()
            || scan.octets == 0 && !scan.odd_first
            || (scan.is_word && !self.lists.goes_on())
            || has_time
        {
            return self.base64_line(line, at, out);
        }
        // An asterisk or `12?` is no hidden octet.
        if hidden && (scan.octets < 2 || scan.is_odd()) {
            return false;
        }
        if hidden && !out.repairs.masked_as_zero {
            self.end_lists(out);
            self.first_masked.get_or_insert_with(|| hex::place(line, scan.first_masked, false));
            out.leave_out(Source::Lines(line.number, line.number), line.text, Why::Masked(scan.masked));
            return true;
        }
        self.end_base64(out);
        self.dump.end(out);
        self.lists.mark =
            if self.mark == Mark::default() { self.lists.mark } else { std::mem::take(&mut self.mark) };
        self.lists.line(Line { text: trimmed, ..line }, &scan, (self.input, at), out);
        if trimmed.len() < line.text.trim_ascii_end().len() {
            // Lines that are not decided yet come before their comments.
            self.lists.end(out);
            let comment = line.text.get(trimmed.len()..).unwrap_or_default();
            out.leave_out(Source::Lines(line.number, line.number), comment, Why::Comment);
        }
        true
    }

    fn base64_line(&mut self, line: Line<'a>, at: usize, out: &mut Builder) -> bool {
        if !base64::is_line(line.text) {
            return false;
        }
        self.end_list(out);
        let end = at + line.text.len();
        self.base64 =
            Some(self.base64.map_or((at, end, line.number), |(start, _, first)| (start, end, first)));
        true
    }

    fn end_base64(&mut self, out: &mut Builder) {
        let Some((start, end, first)) = self.base64.take() else { return };
        self.is_mixed = true;
        let all = self.input.get(start..end).unwrap_or_default();
        let last = first + text::line_ends(all);
        let mark = std::mem::take(&mut self.mark);
        if base64::decode(all, out.octets()) {
            out.end(Form::Base64, Source::Lines(first, last), mark);
            return;
        }
        // Not one text over several lines; perhaps one a line.
        for line in text::lines(all, first) {
            let source = Source::Lines(line.number, line.number);
            if base64::decode(line.text.trim_ascii(), out.octets()) {
                out.end(Form::Base64, source, mark);
            } else if line.text.trim_ascii().is_empty() {
                out.empty_line(line.number);
            } else {
                self.text(line, 0, out);
            }
        }
    }

    fn end_list(&mut self, out: &mut Builder) {
        self.lists.end(out);
    }

    fn end_lists(&mut self, out: &mut Builder) {
        self.end_base64(out);
        self.end_list(out);
        self.dump.end(out);
    }

    /// A line with something in front of its octets, or without any.
    fn structured(&mut self, line: Line<'_>, out: &mut Builder) {
        let source = Source::Lines(line.number, line.number);
        let prefix = prefix::of(line.text);
        let Prefix { mut mark, length, is_log, amsreader_level } = prefix;
        let rest = line.text.get(length..).unwrap_or_default();
        let mark_before = std::mem::take(&mut self.mark);
        if rest.trim_ascii().is_empty() && mark.time.is_some() {
            self.mark = mark;
            self.is_mixed = true;
            out.leave_out(source, line.text, Why::TimeOnly);
            return;
        }
        mark.time = mark.time.or(mark_before.time);
        mark.direction = mark.direction.or(mark_before.direction);
        let taken = self.telegram.line(line, prefix.p1(line.text), mark, out)
            || libmbus::line(line, rest, mark, out)
            || self.blocks.line(line, rest, mark, amsreader_level, out)
            || self.log.line(line, mark, out)
            || (length > 0 && self.behind_prefix(line, rest, mark, out));
        if taken {
            self.is_mixed = true;
            return;
        }
        let near = near_hex(rest, line, length);
        if is_comment(rest) {
            self.is_mixed = true;
            out.leave_out(source, line.text, Why::Comment);
            return;
        }
        if rest.starts_with(b"\\x") && escaped::decode(rest.trim_ascii(), out.octets()) {
            self.is_mixed = true;
            out.end(Form::Escaped, source, mark);
            return;
        }
        if let Some(bad) = near {
            self.is_mixed |= is_log;
            self.lists.leave_out_bad(line, bad, out);
            return;
        }
        match self.embedded.line(line, rest, mark, is_log, out) {
            Found::Octets => self.is_mixed = true,
            Found::Wireless => {
                self.is_mixed = true;
                out.leave_out(source, line.text, Why::Wireless);
            }
            Found::Nothing => self.text(line, length, out),
        }
    }

    /// Numbers and nothing else behind a time, a tag or a direction.
    fn behind_prefix(&mut self, line: Line<'_>, rest: &[u8], mark: Mark, out: &mut Builder) -> bool {
        let source = Source::Lines(line.number, line.number);
        let rest = without_comment(rest);
        let scan = Scan::of(rest);
        if scan.bad.is_some() || scan.is_word || scan.octets == 0 && !scan.one_or_three {
            return base64::is_line(rest) && base64::decode_message(rest.trim_ascii(), out.octets()) && {
                out.end(Form::Base64, source, mark);
                true
            };
        }
        let is_decimal = !scan.only_hex && !scan.above_255 && scan.one_or_three && scan.masked == 0;
        if is_decimal && (scan.commas || scan.numbers > 3) && decimal::decode(rest, out.octets()) {
            out.end(Form::Decimal, source, mark);
            return true;
        }
        out.drop_piece();
        if scan.masked > 0 && !out.repairs.masked_as_zero && scan.octets > 1 && !scan.is_odd() {
            self.first_masked.get_or_insert_with(|| hex::place(line, scan.first_masked, false));
            out.leave_out(source, line.text, Why::Masked(scan.masked));
            return true;
        }
        if scan.is_odd() || scan.octets == 0 || (scan.masked > 0 && !out.repairs.masked_as_zero) {
            return false;
        }
        out.imported.repaired.masked_as_zero += hex::decode(rest, out.octets(), &mut None);
        out.end(Form::HexLog, source, mark);
        true
    }

    /// Leaves out a line without octets.
    fn text(&mut self, line: Line<'_>, from: usize, out: &mut Builder) {
        self.is_mixed = true;
        let bad_at = Scan::of(line.text.get(from..).unwrap_or_default()).bad.unwrap_or_default();
        self.first_text.get_or_insert_with(|| hex::place(line, from + bad_at, false));
        out.leave_out(Source::Lines(line.number, line.number), line.text, Why::Text);
    }

    fn finish(mut self, out: &mut Builder) -> Result<(), ImportError> {
        self.end_lists(out);
        let has_octets = !out.imported.octets.is_empty();
        match self.lists.first_bad {
            // Nothing but hexadecimal text, with a mistake that a person can mend.
            Some(bad) if !self.is_mixed => return Err(ImportError::BadHex(bad)),
            Some(bad) if !has_octets => return Err(ImportError::BadHex(bad)),
            _ => {}
        }
        if has_octets {
            return Ok(());
        }
        Err(match (self.first_masked, self.first_text) {
            (Some(masked), _) => ImportError::Masked(masked),
            (None, Some(bad)) if self.input.iter().any(u8::is_ascii_alphanumeric) => {
                ImportError::NoOctets(bad)
            }
            _ => ImportError::Empty,
        })
    }
}

fn is_comment(rest: &[u8]) -> bool {
    [&b"#"[..], b"//", b";", b"/*", b"--"].iter().any(|start| rest.trim_ascii_start().starts_with(start))
}

/// A line without the comment behind its octets.
fn without_comment(text: &[u8]) -> &[u8] {
    let starts = [&b"//"[..], b"/*", b" #"];
    let at =
        starts.iter().filter_map(|start| text.windows(start.len()).position(|window| window == *start)).min();
    at.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// The mistake in a line that is nearly hexadecimal: it begins with an octet, and most of it are digits.
fn near_hex(rest: &[u8], line: Line<'_>, from: usize) -> Option<BadHex> {
    let scan = Scan::of(rest);
    let printed = rest.iter().filter(|octet| !octet.is_ascii_whitespace()).count();
    let digits = rest.iter().filter(|octet| octet.is_ascii_hexdigit()).count();
    let at = match scan.bad {
        Some(at) => at,
        None => {
            scan.odd_inside.or_else(|| scan.odd_last.then(|| rest.trim_ascii_end().len()))?.checked_sub(1)?
        }
    };
    let begins =
        rest.trim_ascii_start().first_chunk::<2>().is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit));
    let near = begins && scan.octets > 0 && !scan.is_word && digits * 4 >= printed * 3;
    near.then(|| hex::place(line, from + at, scan.bad.is_none()))
}
