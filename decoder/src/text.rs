//! Characters as meters send them.

use core::fmt::{self, Write as _};

/// Octets that stand for characters, shown as ISO 8859-1 (EN 13757-3:2018 6.4.3) or, where they are valid, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The octets in the order of the wire.
    pub octets: &'a [u8],
    /// Which end is read first.
    pub order: Order,
}

/// Which end of a text the wire sends first.
// The wide tag is for the reason given at `dlms::data::Data`.
#[cfg_attr(not(target_arch = "avr"), repr(u64))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The first character first, as in DLMS and P1.
    Forward,
    /// The last character first, as M-Bus sends text.
    Reversed,
    /// The first character first, each as two hexadecimal digits, as P1 sends identifiers and messages.
    HexDigits,
}

impl<'a> Text<'a> {
    /// First character first.
    pub const fn forward(octets: &'a [u8]) -> Self {
        Self { octets, order: Order::Forward }
    }

    /// Last character first.
    pub const fn reversed(octets: &'a [u8]) -> Self {
        Self { octets, order: Order::Reversed }
    }

    /// The characters that pairs of hexadecimal digits stand for; none unless all are printable ASCII.
    pub fn from_hex_digits(digits: &'a [u8]) -> Option<Self> {
        let text = Self { octets: digits, order: Order::HexDigits };
        let whole = !digits.is_empty() && digits.len().is_multiple_of(2);
        let printable = |pair: &[u8]| matches!(hex_pair(pair), Some(b' '..=b'~'));
        if whole && digits.chunks(2).all(printable) { Some(text) } else { None }
    }

    /// Whether every octet is a printable ASCII character, or a NUL that fills up the end.
    #[inline]
    pub fn is_printable(&self) -> bool {
        if cfg!(target_arch = "avr") {
            return all_printable(self.octets);
        }
        // Eight or four at a time and without a way out between them, which compilers do at once; the last ones overlap.
        match (self.octets.last_chunk::<8>(), self.octets.first_chunk::<4>(), self.octets.last_chunk::<4>()) {
            (Some(last), ..) => {
                self.octets.as_chunks::<8>().0.iter().all(|eight| all_printable(eight)) && all_printable(last)
            }
            (None, Some(first), Some(last)) => all_printable(first) & all_printable(last),
            _ => all_printable(self.octets),
        }
    }
}

#[inline]
fn all_printable(octets: &[u8]) -> bool {
    octets.iter().fold(true, |all, &octet| all & matches!(octet, b' '..=b'~' | 0))
}

/// The octet that two hexadecimal digits stand for.
fn hex_pair(pair: &[u8]) -> Option<u8> {
    let [high, low] = *pair else { return None };
    let digit = |octet: u8| char::from(octet).to_digit(16);
    Some((digit(high)? << 4 | digit(low)?) as u8)
}

/// A short text that stays when the octets it came from are gone: an identification, the name of a list.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ShortText {
    octets: [u8; Self::LONGEST],
    length: u8,
}

impl ShortText {
    /// The longest text that fits, in octets. Identifications of DLMS and P1 meters have 16 or 17. None fits on an AVR,
    /// whose stack would have to hold several.
    pub const LONGEST: usize = if cfg!(target_arch = "avr") { 0 } else { 20 };

    /// A copy of a printable text without what fills up its end; none if nothing is left or it is too long.
    pub fn new(text: Text<'_>) -> Option<Self> {
        let mut copy = Self::default();
        if copy.set(text) { Some(copy) } else { None }
    }

    /// Makes an empty text what [`new`](Self::new) makes of this one; false where that is none.
    pub(crate) fn set(&mut self, text: Text<'_>) -> bool {
        let fits = match text.order {
            Order::Forward => self.copy(trim(text.octets)),
            Order::Reversed => self.extend(text.octets.iter().rev().copied()),
            Order::HexDigits => self.extend(text.octets.chunks(2).filter_map(hex_pair)),
        };
        fits.is_some() && self.length > 0 && text.is_printable()
    }

    fn copy(&mut self, octets: &[u8]) -> Option<()> {
        self.octets.get_mut(..octets.len())?.copy_from_slice(octets);
        self.length = octets.len() as u8;
        Some(())
    }

    fn extend(&mut self, octets: impl Iterator<Item = u8>) -> Option<()> {
        for octet in octets {
            *self.octets.get_mut(usize::from(self.length))? = octet;
            self.length += 1;
        }
        Some(())
    }

    /// The octets of the text.
    pub fn octets(&self) -> &[u8] {
        self.octets.get(..usize::from(self.length)).unwrap_or_default()
    }
}

fn trim(mut octets: &[u8]) -> &[u8] {
    while let [others @ .., 0 | b' '] = octets {
        octets = others;
    }
    octets
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text::forward(self.octets()).fmt(f)
    }
}

impl fmt::Debug for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = |octet: &u8| f.write_char(char::from(*octet));
        match self.order {
            Order::Forward => match core::str::from_utf8(self.octets) {
                Ok(text) => f.write_str(text),
                Err(_) => self.octets.iter().try_for_each(&mut show),
            },
            Order::Reversed => self.octets.iter().rev().try_for_each(show),
            Order::HexDigits => self.octets.chunks(2).filter_map(hex_pair).try_for_each(|octet| show(&octet)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn characters_as_hexadecimal_digits() {
        let text = Text::from_hex_digits(b"4B414D37").unwrap();
        assert_eq!(text.to_string(), "KAM7");
        assert_eq!(ShortText::new(text).unwrap().octets(), b"KAM7");
        assert_eq!(Text::from_hex_digits(b"ADC3"), None);
        assert_eq!(Text::from_hex_digits(b"4B4"), None);
        assert_eq!(Text::from_hex_digits(b""), None);
    }

    #[test]
    fn a_short_text_loses_its_filling_only() {
        let short = |octets| ShortText::new(Text::forward(octets)).map(|text| text.to_string());
        assert_eq!(short(b"12345678\0\0\0\0"), Some("12345678".into()));
        assert_eq!(short(b"a b "), Some("a b".into()));
        assert_eq!(short(b"\0\0"), None);
        assert_eq!(short(b"\xFF1"), None);
        assert_eq!(short(&[b'7'; ShortText::LONGEST + 1]), None);
    }

    #[test]
    fn both_orders() {
        assert_eq!(Text::forward(b"KFM_001").to_string(), "KFM_001");
        assert_eq!(Text::reversed(b"61TTW").to_string(), "WTT16");
        assert_eq!(Text::forward(&[0xB0, b'C']).to_string(), "°C");
        assert_eq!(Text::forward("°C".as_bytes()).to_string(), "°C");
    }
}
