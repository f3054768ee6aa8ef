//! Hexadecimal text in any spacing and case, with or without `0x`, `\x`, commas, colons or dashes between octets.

use std::fmt;

/// The first place where a text is not hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadHex {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// The character there.
    pub found: char,
    /// It is a digit, but the second one of its octet is missing.
    pub half: bool,
}

impl fmt::Display for BadHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, found, half } = self;
        write!(f, "line {line}, column {column}: ")?;
        if *half {
            write!(f, "half an octet, the digit “{found}” stands alone")
        } else {
            write!(f, "“{found}” is no hexadecimal digit")
        }
    }
}

/// Pairs of digits with nothing but white space between them; none where there is more to it than that.
pub(crate) fn parse_pairs(text: &[u8]) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len() / 2);
    let mut rest = text.trim_ascii_start();
    while !rest.is_empty() {
        let before = octets.len();
        let pairs = rest.as_chunks::<2>().0;
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

/// The value of each hexadecimal digit, FF for everything else.
const DIGITS: [u8; 256] = {
    let mut values = [0xFF; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value] as usize] = value as u8;
        values[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Reads all of `text`, whatever it has between its digits.
pub(crate) fn parse(text: &str) -> Result<Vec<u8>, BadHex> {
    let mut octets = Vec::with_capacity(text.len() / 2);
    let mut characters = Places { rest: text.chars(), line: 1, column: 0 };
    let mut half: Option<(u8, BadHex)> = None;
    while let Some((character, place)) = characters.next() {
        if let Some(digit) = character.to_digit(16).map(|digit| digit as u8) {
            half = match half.take() {
                Some((high, _)) => {
                    octets.push(high << 4 | digit);
                    None
                }
                None if digit == 0 && characters.skip_x() => None,
                None => Some((digit, BadHex { half: true, ..place })),
            };
            continue;
        }
        if let Some((_, lonely)) = half.take() {
            return Err(if is_separator(character) { lonely } else { place });
        }
        let escape = character == '\\' && characters.skip_x();
        if !escape && !is_separator(character) {
            return Err(place);
        }
    }
    match half {
        Some((_, lonely)) => Err(lonely),
        None => Ok(octets),
    }
}

/// What may stand between octets: white space, punctuation of lists, and the h behind a number.
fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            ',' | ';'
                | ':'
                | '-'
                | '_'
                | '|'
                | '.'
                | '"'
                | '\''
                | '['
                | ']'
                | '{'
                | '}'
                | '('
                | ')'
                | 'h'
                | 'H'
        )
}

struct Places<'a> {
    rest: std::str::Chars<'a>,
    line: usize,
    column: usize,
}

impl Places<'_> {
    fn next(&mut self) -> Option<(char, BadHex)> {
        let character = self.rest.next()?;
        self.column += 1;
        let place = BadHex { line: self.line, column: self.column, found: character, half: false };
        if character == '\n' {
            self.line += 1;
            self.column = 0;
        }
        Some((character, place))
    }

    /// Skips the x of `0x` or `\x`.
    fn skip_x(&mut self) -> bool {
        let mut ahead = self.rest.clone();
        let found = matches!(ahead.next(), Some('x' | 'X'));
        if found {
            self.rest = ahead;
            self.column += 1;
        }
        found
    }
}
