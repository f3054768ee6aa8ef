//! Hexadecimal text in any spacing and case, with or without `0x`, `\x`, commas, colons or dashes between octets.

use crate::error::BadHex;
use crate::text::{Line, first_char};

/// How many digits are read at once.
const BLOCK: usize = 32;

/// Pairs of digits with nothing but white space between them; none where there is more to it than that.
pub(crate) fn parse_pairs(text: &[u8]) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len() / 2);
    let mut rest = text.trim_ascii_start();
    while !rest.is_empty() {
        let before = octets.len();
        // Nearly all texts are long runs of digits: whole blocks without a branch in them, then pair for pair.
        for digits in rest.as_chunks::<BLOCK>().0 {
            let (block, all) = block(digits);
            if all > 0x0F {
                break;
            }
            octets.extend_from_slice(&block);
        }
        let pairs = rest.get(2 * (octets.len() - before)..).unwrap_or_default().as_chunks::<2>().0;
        octets.extend(pairs.iter().map_while(|&[high, low]| {
            let (high, low) = (DIGITS[usize::from(high)], DIGITS[usize::from(low)]);
            (high | low <= 0x0F).then_some(high << 4 | low)
        }));
        let taken = octets.len() - before;
        let behind = rest.get(2 * taken..).unwrap_or_default();
        rest = behind.trim_ascii_start();
        if taken == 0 || (!rest.is_empty() && rest.len() == behind.len()) {
            return None;
        }
    }
    Some(octets)
}

/// The octets of a block, and a value above 0F where not all of it is digits.
#[inline]
fn block(digits: &[u8; BLOCK]) -> ([u8; BLOCK / 2], u8) {
    let values = digits.map(digit);
    let all = values.iter().fold(0, |all, value| all | value);
    let mut octets = [0; BLOCK / 2];
    for (octet, pair) in octets.iter_mut().zip(values.as_chunks::<2>().0) {
        // Both digits in one number: this is what the compiler makes vectors of.
        let pair = u16::from_le_bytes(*pair);
        *octet = (pair << 4 | pair >> 8) as u8;
    }
    (octets, all)
}

/// The value of a hexadecimal digit, above 0F for everything else.
#[inline]
pub(crate) const fn digit(character: u8) -> u8 {
    let decimal = character.wrapping_sub(b'0');
    let letter = (character | 0x20).wrapping_sub(b'a');
    if decimal < 10 {
        decimal
    } else if letter < 6 {
        letter + 10
    } else {
        0xFF
    }
}

/// [`digit`] of every octet, for digits that come one by one.
const DIGITS: [u8; 256] = {
    let mut values = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        values[octet] = digit(octet as u8);
        octet += 1;
    }
    values
};

/// What a text of numbers consists of.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own to one pass over the text")]
pub(crate) struct Scan {
    /// Whole octets, were they all hexadecimal; those with unreadable digits count.
    pub(crate) octets: usize,
    /// Numbers, with separators between.
    pub(crate) numbers: usize,
    /// There are digits A to F, a prefix, or numbers of four digits or more: it can only be hexadecimal.
    pub(crate) only_hex: bool,
    /// There are numbers of one or three digits.
    pub(crate) one_or_three: bool,
    /// A number is above 255 when read as decimal.
    pub(crate) above_255: bool,
    /// A comma stands between numbers.
    pub(crate) commas: bool,
    /// The first number has an odd count of digits.
    pub(crate) odd_first: bool,
    /// The last number has.
    pub(crate) odd_last: bool,
    /// Where the first one that has, and is neither of them, ends.
    pub(crate) odd_inside: Option<usize>,
    /// Digits made unreadable.
    pub(crate) masked: usize,
    /// Where the first of them stands.
    pub(crate) first_masked: usize,
    /// Where the first character stands that is neither digit nor separator.
    pub(crate) bad: Option<usize>,
    /// There is no decimal digit, and a run of letters as long as a word.
    pub(crate) is_word: bool,
}

impl Scan {
    /// Looks at all of `text`.
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut scan = Self::default();
        let mut numbers = Numbers::new(text);
        let mut any_decimal_digit = false;
        let mut longest = 0;
        let mut last_odd = None;
        for number in numbers.by_ref() {
            let Number { digits, prefixed, at } = match number {
                Ok(number) => number,
                Err(at) => {
                    scan.bad = Some(at);
                    break;
                }
            };
            let letters = digits.iter().any(|octet| !octet.is_ascii_digit());
            any_decimal_digit |= digits.iter().any(u8::is_ascii_digit);
            longest = longest.max(digits.len());
            scan.only_hex |= prefixed || letters || digits.len() > 3;
            scan.one_or_three |= matches!(digits.len(), 1 | 3) && !prefixed;
            scan.above_255 |= digits.len() == 3 && !letters && digits > &b"255"[..];
            let masked = digits.iter().filter(|&&octet| digit(octet) > 0x0F).count();
            if masked > 0 && scan.masked == 0 {
                let within = digits.iter().position(|&octet| digit(octet) > 0x0F);
                scan.first_masked = at + within.unwrap_or_default();
            }
            scan.masked += masked;
            // `0x5` is an octet; `5` alone is half of one.
            let odd = digits.len() % 2 == 1 && !(prefixed && digits.len() == 1);
            scan.octets += digits.len().div_ceil(2) - usize::from(odd);
            if let Some(end) = last_odd.take().filter(|_| scan.numbers > 1) {
                scan.odd_inside.get_or_insert(end);
            }
            if odd {
                scan.odd_first |= scan.numbers == 0;
                last_odd = Some(at + digits.len());
            }
            scan.numbers += 1;
        }
        scan.odd_last = last_odd.is_some();
        scan.commas = numbers.commas;
        scan.is_word = !any_decimal_digit && longest > 2 && scan.masked == 0;
        scan
    }

    /// Whether the text is whole octets and nothing else.
    pub(crate) fn is_whole(&self) -> bool {
        self.octets > 0 && self.bad.is_none() && self.masked == 0 && !self.is_odd() && !self.is_word
    }
}

impl Scan {
    /// Whether a number has half an octet.
    pub(crate) fn is_odd(&self) -> bool {
        self.odd_first || self.odd_last || self.odd_inside.is_some()
    }
}

/// One number of a text, without prefix and suffix.
pub(crate) struct Number<'a> {
    pub(crate) digits: &'a [u8],
    pub(crate) prefixed: bool,
    /// Where its digits begin.
    pub(crate) at: usize,
}

/// The numbers of a text; an error is the place of a character that belongs to none, and there it ends.
pub(crate) struct Numbers<'a> {
    text: &'a [u8],
    at: usize,
    pub(crate) commas: bool,
}

impl<'a> Numbers<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, commas: false }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips what may stand between numbers, and the prefix of the next one.
    fn skip_separators(&mut self) -> bool {
        loop {
            match self.rest() {
                [b'0' | b'\\', b'x' | b'X', next, ..] if is_digit_or_mask(*next) => {
                    self.at += 2;
                    return true;
                }
                [octet, ..] if is_separator(*octet) => {
                    self.commas |= *octet == b',';
                    self.at += 1;
                }
                [octet, ..] if !octet.is_ascii() => match first_char(self.rest()) {
                    Some((character, length)) if is_wide_separator(character) => self.at += length,
                    _ => return false,
                },
                _ => return false,
            }
        }
    }
}

impl<'a> Iterator for Numbers<'a> {
    type Item = Result<Number<'a>, usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let prefixed = self.skip_separators();
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let at = self.at;
        let length = rest.iter().take_while(|&&octet| is_digit_or_mask(octet)).count();
        let digits = rest.get(..length).unwrap_or_default();
        if length == 0 {
            return Some(Err(at));
        }
        self.at += length;
        // The h of `68h`.
        let suffix = matches!(self.rest(), [b'h' | b'H', ..]);
        self.at += usize::from(suffix);
        let ends = match self.rest() {
            [] | [b'\\', b'x' | b'X', ..] => true,
            [octet, ..] => is_separator(*octet) || !octet.is_ascii(),
        };
        if !ends {
            return Some(Err(self.at));
        }
        Some(Ok(Number { digits, prefixed: prefixed || suffix, at }))
    }
}

fn is_digit_or_mask(octet: u8) -> bool {
    octet.is_ascii_hexdigit() || matches!(octet, b'x' | b'X' | b'*' | b'?')
}

/// What may stand between octets: white space and punctuation of lists.
fn is_separator(octet: u8) -> bool {
    octet.is_ascii_whitespace() || b",;:-_|.\"'[]{}()".contains(&octet)
}

/// What word processors and web pages make of them.
fn is_wide_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200B}' | '\u{FEFF}' | '“' | '”' | '„' | '‘' | '’' | '–' | '—' | '‑')
}

/// Appends the octets of `text`; digits made unreadable become 0. `half` is the last digit of the line before, whose
/// octet goes on here, and becomes that of this one. Gives how many octets had unreadable digits.
pub(crate) fn decode(text: &[u8], octets: &mut Vec<u8>, half: &mut Option<u8>) -> usize {
    let mut masked = 0;
    let value = |octet: u8| {
        let value = digit(octet);
        if value > 0x0F { (0, 1) } else { (value, 0) }
    };
    for Number { digits, prefixed, .. } in Numbers::new(text).map_while(Result::ok) {
        let mut digits = digits;
        if let (Some(high), Some((&low, rest))) =
            (half.filter(|_| digits.len() % 2 == 1), digits.split_first())
        {
            let (low, hidden) = value(low);
            octets.push(high << 4 | low);
            masked += hidden;
            digits = rest;
            *half = None;
        }
        let (pairs, rest) = digits.as_chunks::<2>();
        octets.extend(pairs.iter().map(|&[high, low]| {
            let ((high, hidden_high), (low, hidden_low)) = (value(high), value(low));
            masked += hidden_high | hidden_low;
            high << 4 | low
        }));
        if let [last] = *rest {
            let (last, hidden) = value(last);
            if prefixed {
                octets.push(last);
                masked += hidden;
            } else {
                *half = Some(last);
            }
        }
    }
    masked
}

/// The place of the octet `at` of a line, for a person.
pub(crate) fn place(line: Line<'_>, at: usize, half: bool) -> BadHex {
    let before = String::from_utf8_lossy(line.text.get(..at).unwrap_or(line.text));
    let found = first_char(line.text.get(at..).unwrap_or_default()).map_or(' ', |(character, _)| character);
    BadHex { line: line.number, column: before.chars().count() + 1, found, half }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(text: &str) -> Option<Vec<u8>> {
        let mut octets = Vec::new();
        Scan::of(text.as_bytes()).is_whole().then(|| decode(text.as_bytes(), &mut octets, &mut None))?;
        Some(octets)
    }

    #[test]
    fn whatever_stands_between() {
        for text in [
            "68 03 03 68",
            "0x68,0x3, 0x03 0x68",
            r"\x68\x03\x03\x68",
            "68:03:03:68",
            "68-03-03-68h",
            "68h 03h 03H 68H",
            "68\u{a0}03\u{2009}03 68",
            "“68030368”",
            "{ 0x68, 0x03, 0x03, 0x68 };",
        ] {
            assert_eq!(octets(text).as_deref(), Some(&[0x68, 3, 3, 0x68][..]), "{text}");
        }
        for text in ["68 0", "6 80 3", "68 0G", "0x", "68hh", "decade", "68XX", "", "--"] {
            assert_eq!(octets(text), None, "{text}");
        }
    }

    #[test]
    fn every_pair_and_nothing_else() {
        for octet in 0..=255_u8 {
            let text = format!("{octet:02x}{octet:02X}").repeat(20);
            assert_eq!(parse_pairs(text.as_bytes()), Some(vec![octet; 40]));
            let is_digit = octet.is_ascii_hexdigit();
            assert_eq!(digit(octet) <= 0x0F, is_digit);
            let mut spoiled = text.into_bytes();
            spoiled[3] = octet;
            assert_eq!(parse_pairs(&spoiled).is_some(), is_digit, "{octet:02X}");
        }
    }
}
