//! Members of JSON objects, appended to a line.

use std::fmt::{self, Display, Write as _};

use meterscope_decoder::decimal::Decimal;

/// The name of a member as it is written, made by [`name!`]. A line has dozens.
#[derive(Clone, Copy)]
pub(super) struct Name {
    /// `"name":`
    pub bare: &'static str,
    /// `"name":"`, before a text.
    pub quoted: &'static str,
}

macro_rules! name {
    ($name:literal) => {
        Name { bare: concat!("\"", $name, "\":"), quoted: concat!("\"", $name, "\":\"") }
    };
}
pub(super) use name;

/// A line in the making.
///
/// Members and elements end with a comma, which the bracket behind the last one replaces: so what is written of a member
/// never depends on what stands before it. What writes a name is inlined, so that its octets are copied as constants.
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

    pub fn begin_line(&mut self) {
        self.text.push(b'{');
    }

    pub fn end_line(&mut self) {
        self.close(b'}');
        self.text.push(b'\n');
    }

    /// `"name":{…}`
    #[inline]
    pub fn object(&mut self, name: Name, members: impl FnOnce(&mut Self)) {
        self.name(name);
        self.element(members);
    }

    /// An object as one more element of an array that is kept in a writer of its own.
    #[inline]
    pub fn element(&mut self, members: impl FnOnce(&mut Self)) {
        self.text.push(b'{');
        members(self);
        self.close(b'}');
        self.comma();
    }

    /// `"name":[…]` with elements made by [`Self::element`].
    pub fn array(&mut self, name: Name, elements: &Self) {
        self.name(name);
        self.text.push(b'[');
        self.text.extend_from_slice(&elements.text);
        self.close(b']');
        self.comma();
    }

    /// `"name":["…","…"]`
    pub fn texts(&mut self, name: Name, texts: impl Iterator<Item = &'static str>) {
        self.name(name);
        self.text.push(b'[');
        texts.for_each(|text| {
            self.text.push(b'"');
            self.rest_of_text(text);
        });
        self.close(b']');
        self.comma();
    }

    /// A member only where there is a value.
    #[inline]
    pub fn optional<T>(&mut self, name: Name, value: Option<T>, write: impl FnOnce(&mut Self, Name, T)) {
        if let Some(value) = value {
            write(self, name, value);
        }
    }

    #[inline]
    pub fn null(&mut self, name: Name) {
        self.name(name);
        self.text.extend_from_slice(b"null,");
    }

    #[inline]
    pub fn boolean(&mut self, name: Name, value: bool) {
        self.name(name);
        self.text.extend_from_slice(if value { b"true," } else { b"false," });
    }

    #[allow(clippy::inline_always, reason = "see `Writer`")]
    #[inline(always)]
    pub fn number(&mut self, name: Name, number: u64) {
        self.name(name);
        match number {
            // Most are: storage, tariff, subunit.
            0..=9 => self.text.extend_from_slice(&[b'0' + number as u8, b',']),
            _ => self.long_number(number),
        }
    }

    fn long_number(&mut self, number: u64) {
        self.text.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        self.comma();
    }

    /// The number digit for digit, in plain notation.
    #[allow(clippy::inline_always, reason = "see `Writer`")]
    #[inline(always)]
    pub fn decimal(&mut self, name: Name, number: Decimal) {
        self.name(name);
        self.digits(number);
    }

    fn digits(&mut self, number: Decimal) {
        if number.negative {
            self.text.push(b'-');
        }
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(number.digits).as_bytes();
        if number.exponent < 0 {
            self.with_point(digits, number.exponent.unsigned_abs().into());
        } else {
            self.text.extend_from_slice(digits);
            let zeros = if number.digits == 0 { 0 } else { number.exponent.unsigned_abs() };
            (0..zeros).for_each(|_| self.text.push(b'0'));
        }
        self.comma();
    }

    fn with_point(&mut self, digits: &[u8], decimals: usize) {
        let whole = digits.len().saturating_sub(decimals);
        let (before, behind) = digits.split_at(whole);
        self.text.extend_from_slice(if before.is_empty() { b"0" } else { before });
        self.text.push(b'.');
        (behind.len()..decimals).for_each(|_| self.text.push(b'0'));
        self.text.extend_from_slice(behind);
    }

    /// A text that needs no escape: a name from the decoder's own tables.
    #[allow(clippy::inline_always, reason = "see `Writer`")]
    #[inline(always)]
    pub fn text(&mut self, name: Name, text: &str) {
        self.begin_quote(name);
        self.rest_of_text(text);
    }

    /// Whatever `Display` writes, escaped.
    pub fn shown(&mut self, name: Name, value: impl Display) {
        self.begin_quote(name);
        // Writing into memory cannot fail, and no Display of the decoder does.
        let _ = write!(Escaped(&mut self.text), "{value}");
        self.end_quote();
    }

    /// Octets as lower-case digits.
    #[allow(clippy::inline_always, reason = "see `Writer`")]
    #[inline(always)]
    pub fn hex(&mut self, name: Name, octets: &[u8]) {
        self.begin_quote(name);
        self.pairs(octets);
    }

    fn pairs(&mut self, octets: &[u8]) {
        for &octet in octets {
            self.text.extend_from_slice(&PAIRS[usize::from(octet)]);
        }
        self.end_quote();
    }

    #[inline]
    fn name(&mut self, name: Name) {
        self.text.extend_from_slice(name.bare.as_bytes());
    }

    #[inline]
    fn begin_quote(&mut self, name: Name) {
        self.text.extend_from_slice(name.quoted.as_bytes());
    }

    fn rest_of_text(&mut self, text: &str) {
        debug_assert!(!text.bytes().any(|octet| matches!(octet, b'"' | b'\\' | 0..=0x1F)));
        self.text.extend_from_slice(text.as_bytes());
        self.end_quote();
    }

    #[inline]
    fn end_quote(&mut self) {
        self.text.extend_from_slice(b"\",");
    }

    #[inline]
    fn comma(&mut self) {
        self.text.push(b',');
    }

    /// No text ends with a comma of its own: it has its quote behind it.
    fn close(&mut self, bracket: u8) {
        match self.text.last_mut() {
            Some(last @ b',') => *last = bracket,
            _ => self.text.push(bracket),
        }
    }
}

/// The two digits of each octet.
const PAIRS: [[u8; 2]; 256] = {
    let mut pairs = [[0; 2]; 256];
    let mut octet = 0;
    while octet < 256 {
        pairs[octet] = [b"0123456789abcdef"[octet >> 4], b"0123456789abcdef"[octet & 0x0F]];
        octet += 1;
    }
    pairs
};

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
        writer.begin_line();
        write(&mut writer);
        writer.end_line();
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
            assert_eq!(written(|writer| writer.decimal(name!("n"), decimal)), format!("{{\"n\":{text}}}\n"));
            assert_eq!(decimal.to_string(), text);
        }
    }

    #[test]
    fn what_would_break_a_line_is_escaped() {
        assert_eq!(
            written(|writer| writer.shown(name!("t"), "a\"\\\n\u{85}°")),
            "{\"t\":\"a\\\"\\\\\\u000a\\u0085°\"}\n"
        );
    }

    #[test]
    fn members_are_separated() {
        let text = written(|writer| {
            writer.number(name!("a"), 1);
            writer.object(name!("b"), |writer| writer.hex(name!("c"), &[0x0F, 0xA0]));
            writer.texts(name!("d"), ["x", "y"].into_iter());
            writer.array(name!("e"), &Writer::default());
            let mut elements = Writer::default();
            elements.element(|writer| writer.null(name!("g")));
            elements.element(|_| {});
            writer.array(name!("f"), &elements);
            writer.texts(name!("h"), ["a,"].into_iter());
        });
        let expected = r#"{"a":1,"b":{"c":"0fa0"},"d":["x","y"],"e":[],"f":[{"g":null},{}],"h":["a,"]}"#;
        assert_eq!(text, format!("{expected}\n"));
    }
}
