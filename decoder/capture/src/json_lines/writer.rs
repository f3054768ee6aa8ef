//! Members of JSON objects, appended to a line.

use std::fmt::{self, Display, Write as _};

use meterscope_decoder::decimal::Decimal;

/// The name of a member as it is written: `,"name":`, made by [`name!`]. A line has dozens.
#[derive(Clone, Copy)]
pub(super) struct Name(pub &'static str);

macro_rules! name {
    ($name:literal) => {
        Name(concat!(",\"", $name, "\":"))
    };
}
pub(super) use name;

/// A line in the making.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: Vec<u8>,
}

impl Writer {
    pub fn clear(&mut self) {
        self.text.clear();
    }

    pub fn octets(&self) -> &[u8] {
        &self.text
    }

    pub fn begin_object(&mut self) {
        self.text.push(b'{');
    }

    pub fn end_object(&mut self) {
        self.text.push(b'}');
    }

    pub fn end_line(&mut self) {
        self.text.push(b'\n');
    }

    /// `"name":{…}`
    pub fn object(&mut self, name: Name, members: impl FnOnce(&mut Self)) {
        self.name(name);
        self.begin_object();
        members(self);
        self.end_object();
    }

    /// An object as one more element of an array that is kept in a writer of its own.
    pub fn element(&mut self, members: impl FnOnce(&mut Self)) {
        self.comma();
        self.begin_object();
        members(self);
        self.end_object();
    }

    /// `"name":[…]` with elements made by [`Self::element`].
    pub fn array(&mut self, name: Name, elements: &Self) {
        self.name(name);
        self.text.push(b'[');
        self.text.extend_from_slice(&elements.text);
        self.text.push(b']');
    }

    /// `"name":["…","…"]`
    pub fn texts(&mut self, name: Name, texts: impl Iterator<Item = &'static str>) {
        self.name(name);
        self.text.push(b'[');
        texts.for_each(|text| {
            self.comma();
            self.quoted(text);
        });
        self.text.push(b']');
    }

    /// A member only where there is a value.
    pub fn optional<T>(&mut self, name: Name, value: Option<T>, write: impl FnOnce(&mut Self, Name, T)) {
        if let Some(value) = value {
            write(self, name, value);
        }
    }

    pub fn null(&mut self, name: Name) {
        self.name(name);
        self.text.extend_from_slice(b"null");
    }

    pub fn boolean(&mut self, name: Name, value: bool) {
        self.name(name);
        self.text.extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub fn number(&mut self, name: Name, number: u64) {
        self.name(name);
        match number {
            // Most are: storage, tariff, subunit.
            0..=9 => self.text.push(b'0' + number as u8),
            _ => self.text.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
        }
    }

    /// The number digit for digit, in plain notation.
    pub fn decimal(&mut self, name: Name, number: Decimal) {
        self.name(name);
        if number.negative {
            self.text.push(b'-');
        }
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(number.digits).as_bytes();
        let decimals = usize::from(number.exponent.min(0).unsigned_abs());
        let whole = digits.len().saturating_sub(decimals);
        let (before, behind) = digits.split_at(whole);
        self.text.extend_from_slice(if before.is_empty() { b"0" } else { before });
        if decimals > 0 {
            self.text.push(b'.');
            self.zeros(decimals - behind.len());
            self.text.extend_from_slice(behind);
        } else if number.digits != 0 {
            self.zeros(usize::from(number.exponent.unsigned_abs()));
        }
    }

    /// A text that needs no escape: a name from the decoder's own tables.
    pub fn text(&mut self, name: Name, text: &str) {
        self.name(name);
        self.quoted(text);
    }

    /// Whatever `Display` writes, escaped.
    pub fn shown(&mut self, name: Name, value: impl Display) {
        self.name(name);
        self.text.push(b'"');
        // Writing into memory cannot fail, and no Display of the decoder does.
        let _ = write!(Escaped(&mut self.text), "{value}");
        self.text.push(b'"');
    }

    /// Octets as lower-case digits.
    pub fn hex(&mut self, name: Name, octets: &[u8]) {
        self.name(name);
        self.text.push(b'"');
        let start = self.text.len();
        self.text.resize(start + 2 * octets.len(), 0);
        let pairs = self.text.get_mut(start..).unwrap_or_default().as_chunks_mut().0;
        for (pair, octet) in pairs.iter_mut().zip(octets) {
            *pair = [digit(octet >> 4), digit(octet & 0x0F)];
        }
        self.text.push(b'"');
    }

    fn name(&mut self, Name(name): Name) {
        let skip = usize::from(self.is_first());
        self.text.extend_from_slice(name.as_bytes().get(skip..).unwrap_or_default());
    }

    fn quoted(&mut self, text: &str) {
        debug_assert!(!text.bytes().any(|octet| matches!(octet, b'"' | b'\\' | 0..=0x1F)));
        self.text.push(b'"');
        self.text.extend_from_slice(text.as_bytes());
        self.text.push(b'"');
    }

    fn comma(&mut self) {
        if !self.is_first() {
            self.text.push(b',');
        }
    }

    fn is_first(&self) -> bool {
        matches!(self.text.last(), None | Some(b'{' | b'['))
    }

    fn zeros(&mut self, count: usize) {
        self.text.resize(self.text.len() + count, b'0');
    }
}

const fn digit(value: u8) -> u8 {
    match value {
        0..=9 => b'0' + value,
        _ => b'a' + value - 10,
    }
}

/// Escapes what RFC 8259 7 demands, and the characters that some readers take for the end of a line (NEL, LS, PS).
struct Escaped<'t>(&'t mut Vec<u8>);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let is_plain = |octet: u8| matches!(octet, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
        if text.bytes().all(is_plain) {
            self.0.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        text.chars().try_for_each(|character| self.write_char(character))
    }

    fn write_char(&mut self, character: char) -> fmt::Result {
        match character {
            '"' | '\\' => self.0.extend([b'\\', character as u8]),
            '\0'..='\x1F' | '\x7F'..='\u{9F}' | '\u{2028}' | '\u{2029}' => {
                self.0.extend_from_slice(format!("\\u{:04x}", u32::from(character)).as_bytes());
            }
            _ => self.0.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> String {
        let mut writer = Writer::default();
        writer.element(write);
        String::from_utf8(writer.text).unwrap()
    }

    #[test]
    fn decimals_keep_their_digits() {
        for (decimal, text) in [
            (Decimal::new(21537, -3), "21.537"),
            (Decimal::new(-5, -2), "-0.05"),
            (Decimal::new(35, 3), "35000"),
            (Decimal::new(0, 3), "0"),
            (Decimal::unsigned(u64::MAX, -19), "1.8446744073709551615"),
            (Decimal::new(1, -22), "0.0000000000000000000001"),
        ] {
            assert_eq!(written(|writer| writer.decimal(name!("n"), decimal)), format!("{{\"n\":{text}}}"));
            assert_eq!(decimal.to_string(), text);
        }
    }

    #[test]
    fn what_would_break_a_line_is_escaped() {
        assert_eq!(
            written(|writer| writer.shown(name!("t"), "a\"\\\n\u{85}°")),
            r#"{"t":"a\"\\\u000a\u0085°"}"#
        );
    }

    #[test]
    fn members_are_separated() {
        let text = written(|writer| {
            writer.number(name!("a"), 1);
            writer.object(name!("b"), |writer| writer.hex(name!("c"), &[0x0F, 0xA0]));
            writer.texts(name!("d"), ["x", "y"].into_iter());
            writer.array(name!("e"), &Writer::default());
        });
        assert_eq!(text, r#"{"a":1,"b":{"c":"0fa0"},"d":["x","y"],"e":[]}"#);
    }
}
