//! Lines of numbers and nothing else: hexadecimal, wrapped anywhere, or decimal. Hexadecimal wins where both fit, unless
//! only the decimal reading begins as frames do.

use crate::builder::{Builder, Mark};
use crate::error::BadHex;
use crate::evidence::{HEAD, starts_message};
use crate::form::Form;
use crate::forms::decimal;
use crate::forms::hex::{self, Scan};
use crate::imported::{Source, Why};
use crate::text::{Line, lines};

/// What neighbouring lines were found to be.
#[derive(Debug, Default)]
pub(crate) struct Lists<'a> {
    reading: Reading,
    /// Lines that can be both, until one that cannot.
    pending: Option<Pending<'a>>,
    /// The last digit of the last line, whose octet goes on in the next.
    half: Option<(u8, BadHex, &'a [u8])>,
    /// The last line was one long number, which may go on.
    is_wrapped: bool,
    /// The time that stood alone on the line before, or what is known of the whole block.
    pub(crate) mark: Mark,
    /// The first place where hexadecimal text has a mistake.
    pub(crate) first_bad: Option<BadHex>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reading {
    #[default]
    Unknown,
    Hex,
    Decimal,
}

#[derive(Clone, Copy, Debug)]
struct Pending<'a> {
    /// The whole input, and where the lines are in it.
    input: &'a [u8],
    start: usize,
    end: usize,
    first_line: usize,
    one_or_three: bool,
}

impl<'a> Lists<'a> {
    /// Takes a line of which `scan` is good; `at` is where it begins in `input`.
    pub(crate) fn line(
        &mut self,
        line: Line<'a>,
        scan: &Scan,
        (input, at): (&'a [u8], usize),
        out: &mut Builder,
    ) {
        let can_be_decimal = !scan.only_hex && !scan.above_255 && scan.masked == 0;
        let only_decimal = can_be_decimal && scan.one_or_three && scan.commas && scan.numbers > 1;
        match self.reading {
            Reading::Unknown if only_decimal => {
                self.reading = Reading::Decimal;
                self.settle(out);
            }
            Reading::Unknown if can_be_decimal => {
                let end = at + line.text.len();
                let fresh = Pending { input, start: at, end, first_line: line.number, one_or_three: false };
                let pending = self.pending.get_or_insert(fresh);
                pending.end = end;
                pending.one_or_three |= scan.one_or_three;
                return;
            }
            Reading::Unknown => {
                self.reading = Reading::Hex;
                self.settle(out);
            }
            Reading::Hex if only_decimal && self.half.is_none() => self.reading = Reading::Decimal,
            Reading::Decimal if !can_be_decimal => self.reading = Reading::Hex,
            Reading::Hex | Reading::Decimal => {}
        }
        self.take(line, scan, out);
    }

    /// Whether even a word, as `cafe` is one, is the rest of the number before.
    pub(crate) fn goes_on(&self) -> bool {
        self.half.is_some() || self.is_wrapped
    }

    /// What comes next is no list.
    pub(crate) fn end(&mut self, out: &mut Builder) {
        if let Some(pending) = &self.pending {
            self.reading = if pending.is_decimal() { Reading::Decimal } else { Reading::Hex };
            self.settle(out);
        }
        self.end_half(out);
        self.is_wrapped = false;
        self.reading = Reading::Unknown;
        self.mark = Mark::default();
    }

    /// Takes the pending lines as what they were found to be.
    fn settle(&mut self, out: &mut Builder) {
        let Some(Pending { input, start, end, first_line, .. }) = self.pending.take() else { return };
        for line in lines(input.get(start..end).unwrap_or_default(), first_line) {
            if !line.text.trim_ascii().is_empty() {
                self.take(line, &Scan::of(line.text), out);
            }
        }
    }

    fn take(&mut self, line: Line<'a>, scan: &Scan, out: &mut Builder) {
        let source = Source::Lines(line.number, line.number);
        self.is_wrapped = scan.numbers == 1 && scan.octets >= 8;
        if self.reading == Reading::Decimal {
            if decimal::decode(line.text, out.octets()) {
                out.end(Form::Decimal, source, self.mark);
            } else {
                out.drop_piece();
                out.leave_out(source, line.text, Why::NoOctet);
            }
            return;
        }
        if self.half.is_some() && !scan.odd_first {
            self.end_half(out);
        }
        let joins = self.half.is_some();
        // One number alone that joins has its first digit taken and is whole then.
        let bad = match scan.odd_inside {
            Some(end) => Some(end - 1),
            None if scan.odd_first && !joins && scan.numbers > 1 => {
                first_number_end(line.text).map(|end| end - 1)
            }
            None => None,
        };
        if let Some(at) = bad {
            self.end_half(out);
            self.leave_out_bad(line, hex::place(line, at, true), out);
            return;
        }
        let (mut half, source) = match self.half.take() {
            Some((digit, bad, _)) => (Some(digit), Source::Lines(bad.line, line.number)),
            None => (None, source),
        };
        out.imported.repaired.masked_as_zero += hex::decode(line.text, out.octets(), &mut half);
        if !out.piece().is_empty() {
            out.end(Form::Hex, source, self.mark);
        }
        self.half = half.map(|digit| {
            let at = line.text.iter().rposition(u8::is_ascii_hexdigit).unwrap_or_default();
            (digit, hex::place(line, at, true), line.text.get(at..).unwrap_or_default())
        });
    }

    fn end_half(&mut self, out: &mut Builder) {
        if let Some((_, bad, text)) = self.half.take() {
            let source = Source::Lines(bad.line, bad.line);
            self.first_bad.get_or_insert_with(|| bad.clone());
            out.leave_out(source, text, Why::BadHex(bad));
        }
    }

    /// Leaves out a line that is nearly hexadecimal.
    pub(crate) fn leave_out_bad(&mut self, line: Line<'_>, bad: BadHex, out: &mut Builder) {
        self.first_bad.get_or_insert_with(|| bad.clone());
        out.leave_out(Source::Lines(line.number, line.number), line.text, Why::BadHex(bad));
    }
}

impl Pending<'_> {
    fn is_decimal(&self) -> bool {
        let text = self.input.get(self.start..self.end).unwrap_or_default();
        let mut decimal = Vec::with_capacity(HEAD);
        let head = text.get(..8 * HEAD).unwrap_or(text);
        decimal::decode(head, &mut decimal);
        let reads_as_decimal = starts_message(decimal.get(..HEAD).unwrap_or(&decimal));
        if self.one_or_three {
            return reads_as_decimal;
        }
        let mut octets = Vec::with_capacity(4 * HEAD);
        hex::decode(head, &mut octets, &mut None);
        reads_as_decimal && !starts_message(octets.get(..HEAD).unwrap_or(&octets))
    }
}

fn first_number_end(text: &[u8]) -> Option<usize> {
    let number = hex::Numbers::new(text).next()?.ok()?;
    Some(number.at + number.digits.len())
}
