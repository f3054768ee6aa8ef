//! Texts: what is one, its lines, and what stands in front of the octets on a line.

pub(crate) mod prefix;
pub(crate) mod stamp;

/// A line of a text, without its end and without colours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) text: &'a [u8],
}

/// The lines of a text, counted from `first`.
pub(crate) fn lines(text: &[u8], first: usize) -> impl Iterator<Item = Line<'_>> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.split(|&octet| octet == b'\n').enumerate().map(move |(index, text)| Line {
        number: first + index,
        // A terminal overwrites a line behind each CR; what was captured has both.
        text: text.strip_suffix(b"\r").unwrap_or(text),
    })
}

/// How many line ends there are in `text`.
pub(crate) fn line_ends(text: &[u8]) -> usize {
    text.split(|&octet| octet == b'\n').count() - 1
}

/// Text as PowerShell redirects it: UTF-16 with a byte order mark.
pub(crate) fn from_utf16(input: &[u8]) -> Option<String> {
    let units =
        input.strip_prefix(&[0xFF, 0xFE])?.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    (!text.is_empty() && text.is_ascii()).then_some(text)
}

/// Whether `input` is text: no control characters other than white space and the colours of a terminal, and UTF-8 or
/// nearly all ASCII in lines, as old logs with a degree sign are. One frame of any link holds other octets.
pub(crate) fn is_text(input: &[u8]) -> bool {
    let mut before = 0;
    let mut beyond_ascii = 0;
    let is_printed = input.iter().all(|&octet| {
        let colour_begins = before == ESCAPE && octet == b'[';
        let escape_stands_alone = before == ESCAPE && !colour_begins;
        before = octet;
        beyond_ascii += usize::from(!octet.is_ascii());
        !escape_stands_alone && (!octet.is_ascii_control() || octet.is_ascii_whitespace() || octet == ESCAPE)
    });
    if !is_printed || before == ESCAPE {
        return false;
    }
    if beyond_ascii == 0 {
        return true;
    }
    match std::str::from_utf8(input) {
        Ok(text) => !text.chars().any(|c| c.is_control() && !c.is_ascii()),
        Err(_) => beyond_ascii * 50 < input.len() && input.contains(&b'\n'),
    }
}

const ESCAPE: u8 = 0x1B;

/// Whether a terminal was told colours in `text`.
pub(crate) fn has_colours(text: &[u8]) -> bool {
    text.contains(&ESCAPE)
}

/// `text` without the colours of a terminal (ECMA-48: ESC `[`, parameters, a letter).
pub(crate) fn without_colours(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&octet| octet == ESCAPE) {
        plain.extend_from_slice(rest.get(..at).unwrap_or_default());
        let behind = rest.get(at + 1..).unwrap_or_default();
        let parameters = |octet: &u8| octet.is_ascii_digit() || matches!(octet, b'[' | b';' | b'?');
        let length = behind.iter().take_while(|octet| parameters(octet)).count();
        rest = behind.get(length + 1..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
    plain
}

/// The character at the start of `text`; what is no UTF-8 counts as one replacement character.
pub(crate) fn first_char(text: &[u8]) -> Option<(char, usize)> {
    let &first = text.first()?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let head = text.get(..4).unwrap_or(text);
    let chunk = head.utf8_chunks().next()?;
    Some(match chunk.valid().chars().next() {
        Some(character) => (character, character.len_utf8()),
        None => (char::REPLACEMENT_CHARACTER, 1),
    })
}
