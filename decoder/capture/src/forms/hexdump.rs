//! Dumps: an offset, octets and often their characters. `hexdump -C`, `xxd`, `od`, tcpdump, Wireshark; and the plain
//! `hexdump`, whose words of 16 bits have their low octet first.

use crate::builder::{Builder, Mark};
use crate::form::Form;
use crate::forms::hex::digit;
use crate::imported::{Source, Why};
use crate::text::Line;

/// How many octets all the `*` of a text may stand for.
const MOST_REPEATED: u64 = 1 << 24;

/// The most octets in a row.
const ROW: usize = 256;

/// What a dump has shown so far.
#[derive(Debug, Default)]
pub(crate) struct Dump {
    /// The offset of the next row, once there was one.
    next: Option<u64>,
    /// The octets of the last row.
    row: Vec<u8>,
    /// The line after it with a `*`.
    repeats: Option<usize>,
    /// Words have their low octet first.
    words: bool,
    /// How many octets came from `*` so far.
    repeated: u64,
}

impl Dump {
    /// Takes a line of a dump; not where it is none.
    pub(crate) fn line(&mut self, line: Line<'_>, out: &mut Builder) -> bool {
        let text = line.text.trim_ascii();
        if text == b"*" && self.next.is_some() && self.repeats.is_none() {
            // Its octets come with the next row.
            self.repeats = Some(line.number);
            return true;
        }
        let source = Source::Lines(self.repeats.unwrap_or(line.number), line.number);
        let Some(mut row) = Row::of(text) else { return false };
        if let Some(next) = self.next {
            row.choose_base(next);
        }
        let is_last = row.octets.is_empty();
        let continues = self.next.is_some_and(|next| {
            next == row.offset
                || (self.repeats.is_some() && next < row.offset)
                || (is_last && self.words && next == row.offset + 1)
        });
        if !continues && !row.begins_dump() {
            return false;
        }
        if let Some(next) = self.next.filter(|&next| next != row.offset && row.offset != 0) {
            self.jump(next, &row, source, line, out);
        }
        self.next = if is_last { None } else { row.offset.checked_add(row.octets.len() as u64) };
        self.words = row.words;
        out.octets().extend_from_slice(&row.octets);
        out.end(Form::HexDump, source, Mark::default());
        self.row = row.octets;
        self.repeats = None;
        true
    }

    /// What comes next belongs to no dump.
    pub(crate) fn end(&mut self, out: &mut Builder) {
        if let Some(line) = self.repeats {
            out.leave_out(Source::Lines(line, line), b"*", Why::Text);
        }
        if self.next.is_some() {
            *self = Self { repeated: self.repeated, ..Self::default() };
        }
    }

    /// Fills the way to `row` with the rows that a `*` stands for, or says what is missing.
    fn jump(&mut self, next: u64, row: &Row, source: Source, line: Line<'_>, out: &mut Builder) {
        let missing = row.offset.saturating_sub(next);
        let repeated = self.row.len() as u64;
        if self.repeats.is_some()
            && repeated > 0
            && missing <= MOST_REPEATED - self.repeated
            && missing.is_multiple_of(repeated)
        {
            self.repeated += missing;
            for _ in 0..missing / repeated {
                out.octets().extend_from_slice(&self.row);
            }
        } else if row.octets.is_empty() && self.words && next == row.offset + 1 {
            // The last offset is the length of all: there was but one octet in the last word, and it was filled up.
            out.take_back_octet();
        } else {
            out.leave_out(source, line.text, Why::Gap { from: next, to: row.offset });
        }
    }
}

struct Row {
    offset: u64,
    octets: Vec<u8>,
    words: bool,
    /// The offset read as octal, where it can be.
    octal: Option<u64>,
    /// A colon stands behind the offset, or the characters stand between bars.
    marked: bool,
}

impl Row {
    /// A row begins with at least four digits of an offset, a colon or white space.
    fn of(text: &[u8]) -> Option<Self> {
        let unprefixed = text.strip_prefix(b"0x").unwrap_or(text);
        let length = unprefixed.iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
        if !(4..=16).contains(&length) {
            return None;
        }
        let (offset, rest) = unprefixed.split_at_checked(length)?;
        let octal = (length == 7).then(|| {
            let mut digits = offset.iter().map(|octet| octet.wrapping_sub(b'0'));
            digits.try_fold(0, |value, digit| (digit < 8).then(|| value << 3 | u64::from(digit)))
        });
        let offset = offset.iter().fold(0, |value, &octet| value << 4 | u64::from(digit(octet)));
        let (colon, rest) = match rest.strip_prefix(b":") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        if rest.first().is_some_and(|octet| !octet.is_ascii_whitespace()) {
            return None;
        }
        let bars =
            rest.ends_with(b"|") && rest.iter().position(|&octet| octet == b'|') < rest.len().checked_sub(1);
        let shown = if bars { rest.get(..rest.iter().position(|&octet| octet == b'|')?)? } else { rest };
        let octal = octal.flatten();
        let mut row = Self { offset, octets: Vec::new(), words: false, octal, marked: colon || bars };
        let widest = row.columns(shown, colon)?;
        // Seven digits and words of four digits without a colon: `hexdump` and `od -x` write no other words.
        row.words = !colon && !bars && length == 7 && is_words(shown);
        if row.words {
            row.octets.as_chunks_mut::<2>().0.iter_mut().for_each(|word| word.reverse());
        } else if !row.marked && widest > 2 {
            // Groups as wide as an offset: hexadecimal text that happens to begin with zeros.
            return None;
        }
        Some(row)
    }

    /// Reads groups of digits until the characters: those stand behind two spaces, but a row of `hexdump -C` has two
    /// spaces in its middle too. Gives the digits of the widest group.
    fn columns(&mut self, shown: &[u8], colon: bool) -> Option<usize> {
        let mut rest = shown;
        let mut widest = 0;
        loop {
            let group = rest.trim_ascii_start();
            let space = rest.len() - group.len();
            let middle = !colon && self.octets.len() == 8 && space <= 2;
            let ends = !self.octets.is_empty() && (space > 2 || (space == 2 && !middle));
            let length = group.iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
            let digits = group.get(..length)?;
            let alone = group.get(length).is_none_or(u8::is_ascii_whitespace);
            if ends || length == 0 || length % 2 == 1 || !alone {
                // Without any octets in front the row is something else; characters need a space in front.
                let is_end = group.is_empty() || (!self.octets.is_empty() && space > 0);
                return is_end.then_some(widest);
            }
            if self.octets.len() + length / 2 > ROW {
                return None;
            }
            widest = widest.max(length);
            let pairs = digits.as_chunks::<2>().0;
            self.octets.extend(pairs.iter().map(|&[high, low]| digit(high) << 4 | digit(low)));
            rest = group.get(length..)?;
        }
    }

    fn begins_dump(&self) -> bool {
        !self.octets.is_empty() && (self.offset == 0 || self.marked)
    }

    /// `od` writes its offsets in octal: the base is the one in which the row follows.
    fn choose_base(&mut self, next: u64) {
        let follows = |offset: u64| offset == next || (self.octets.is_empty() && offset + 1 == next);
        if let Some(octal) = self.octal.filter(|&octal| follows(octal) && !follows(self.offset)) {
            self.offset = octal;
        }
    }
}

fn is_words(shown: &[u8]) -> bool {
    let mut groups = shown.split(u8::is_ascii_whitespace).filter(|group| !group.is_empty()).peekable();
    groups.peek().is_some() && groups.all(|group| group.len() == 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imported::Repairs;
    use crate::text::lines;

    fn dump(text: &str) -> Builder {
        let mut out = Builder::new(Repairs::default());
        let mut dump = Dump::default();
        for line in lines(text.as_bytes(), 1) {
            assert!(dump.line(line, &mut out), "{}", String::from_utf8_lossy(line.text));
        }
        out
    }

    #[test]
    fn the_dumps_of_all_tools() {
        let expected: Vec<u8> = (0x41..0x41 + 21).collect();
        for text in [
            "00000000  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50  |ABCDEFGHIJKLMNOP|\n\
             00000010  51 52 53 54 55                                    |QRSTU|\n00000015",
            "00000000: 4142 4344 4546 4748 494a 4b4c 4d4e 4f50  ABCDEFGHIJKLMNOP\n\
             00000010: 5152 5354 55                             QRSTU",
            "0000   41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50   ABCDEFGHIJKLMNOP\n\
             0010   51 52 53 54 55                                    QRSTU",
            "000000 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50  >ABCDEFGHIJKLMNOP<\n\
             000010 51 52 53 54 55                                   >QRSTU<\n000015",
            "\t0x0000:  4142 4344 4546 4748 494a 4b4c 4d4e 4f50  ABCDEFGHIJKLMNOP\n\
             \t0x0010:  5152 5354 55                             QRSTU",
            "0000000 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50\n0000020 51 52 53 54 55\n0000025",
            "0000000 4241 4443 4645 4847 4a49 4c4b 4e4d 504f\n0000010 5251 5453 0055\n0000015",
        ] {
            let out = dump(text);
            assert_eq!(out.imported.octets, expected, "{text}");
            assert_eq!(out.imported.left_out, [], "{text}");
        }
    }

    #[test]
    fn rows_left_out_by_the_tool_come_back() {
        let row = "00 ".repeat(16);
        let out = dump(&format!("00000000  {row}\n*\n00000040  01\n00000041"));
        assert_eq!(out.imported.octets.len(), 0x41);
        let out = dump(&format!("00000000  {row}\n*\nffffffffff0  01"));
        assert_eq!(out.imported.octets.len(), 17);
        assert_eq!(out.imported.left_out[0].why, Why::Gap { from: 16, to: 0xFFF_FFFF_FFF0 });
    }

    #[test]
    fn a_missing_row_is_said() {
        let out = dump("00000000: 4142 4344\n00000010: 4546");
        assert_eq!(out.imported.left_out[0].why, Why::Gap { from: 4, to: 16 });
        assert_eq!(out.imported.octets, b"ABCDEF");
    }
}
