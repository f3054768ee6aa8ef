//! Words and numbers to a host, without what the core library needs for them: that is large on an AVR.

use crate::marks::Output;

/// Does something with a text of at most 24 octets, four at a time, as [`four`] makes them: they stand in the code. A text
/// that is a value lies in the RAM of an AVR.
macro_rules! by_fours {
    ($text:expr, |$four:ident| $write:expr) => {
        $crate::text::by_fours!($text, |$four| $write, 0 4 8 12 16 20)
    };
    ($text:expr, |$four:ident| $write:expr, $($at:literal)+) => {{
        const TEXT: &[u8] = $text;
        const { assert!(TEXT.len() <= 24) };
        $(
            if const { TEXT.len() > $at } {
                let $four = const { $crate::text::four(TEXT, $at) };
                $write;
            }
        )+
    }};
}
pub(crate) use by_fours;

/// Writes a text that is known beforehand: with the feature `little_ram` [by fours](by_fours), which takes more flash and
/// no RAM.
macro_rules! say {
    ($output:expr, $words:expr) => {{
        const WORDS: &[u8] = $words;
        #[cfg(not(feature = "little_ram"))]
        $crate::text::words(WORDS, $output);
        #[cfg(feature = "little_ram")]
        $crate::text::by_fours!(WORDS, |four| $crate::text::write_four(four, $output));
    }};
}
pub(crate) use say;

/// Four octets of a text from `at` on, filled up with zeros.
pub(crate) const fn four(text: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    let mut place = 0;
    while place < 4 && at + place < text.len() {
        four[place] = text[at + place];
        place += 1;
    }
    u32::from_le_bytes(four)
}

/// What [`four`] made of a text.
#[cfg(feature = "little_ram")]
#[inline(never)]
pub(crate) fn write_four(mut four: u32, output: &mut impl Output) {
    while four != 0 {
        output.octet(four as u8);
        four >>= 8;
    }
}

/// A text as it is.
#[inline(never)]
pub(crate) fn words(words: &[u8], output: &mut impl Output) {
    for &octet in words {
        output.octet(octet);
    }
}

/// Writes to a host.
pub struct Text<'a, O>(&'a mut O);

impl<'a, O: Output> Text<'a, O> {
    /// Through this output.
    pub const fn to(output: &'a mut O) -> Self {
        Self(output)
    }

    /// Words as they are.
    pub fn words(&mut self, text: &[u8]) {
        words(text, self.0);
    }

    /// Decimal, of one digit to five.
    #[inline(never)]
    pub fn number(&mut self, number: u16) {
        let rest = number / 10;
        // At most four calls in one another.
        if rest > 0 {
            self.number(rest);
        }
        self.0.octet(b'0' + (number % 10) as u8);
    }

    /// A character and two digits; of a number below 100.
    #[inline(never)]
    pub fn two_digits(&mut self, before: u8, mut number: u8) {
        let mut tens = b'0';
        while number >= 10 {
            number -= 10;
            tens += 1;
        }
        for octet in [before, tens, b'0' + number] {
            self.0.octet(octet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    #[test]
    fn numbers_are_decimal() {
        let mut written = String::new();
        let mut output = |octet| written.push(char::from(octet));
        let mut text = Text::to(&mut output);
        for number in [0, 9, 10, 2400, 65_535] {
            text.number(number);
            text.words(b" ");
        }
        text.two_digits(b':', 0);
        text.two_digits(b':', 59);
        assert_eq!(written, "0 9 10 2400 65535 :00:59");
    }
}
