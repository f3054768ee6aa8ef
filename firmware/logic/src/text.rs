//! Words and numbers to a host, without what the core library needs for them: that is large on an AVR.

use crate::marks::Output;

/// Writes to a host.
pub struct Text<'a, O>(&'a mut O);

impl<'a, O: Output> Text<'a, O> {
    /// Through this output.
    pub const fn to(output: &'a mut O) -> Self {
        Self(output)
    }

    /// Words as they are.
    #[inline(never)]
    pub fn words(&mut self, words: &[u8]) {
        for &octet in words {
            self.0.octet(octet);
        }
    }

    /// Words and a number.
    #[inline(never)]
    pub fn count(&mut self, words: &[u8], count: u32) {
        self.words(words);
        self.number(count);
    }

    /// Decimal, without a division: that of 32 bits is large on an AVR.
    #[inline(never)]
    pub fn number(&mut self, mut number: u32) {
        let mut has_begun = false;
        for &power in &POWERS {
            let mut digit = b'0';
            while number >= power {
                number -= power;
                digit += 1;
            }
            has_begun |= digit != b'0' || power == 1;
            if has_begun {
                self.0.octet(digit);
            }
        }
    }

    /// Decimal, of one digit to five.
    #[inline(never)]
    pub fn short(&mut self, number: u16) {
        let rest = number / 10;
        // At most four calls in one another.
        if rest > 0 {
            self.short(rest);
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

/// 40 octets of RAM on an AVR; everything else is longer.
static POWERS: [u32; 10] =
    [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1];

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    #[test]
    fn numbers_are_decimal() {
        let mut written = String::new();
        let mut output = |octet| written.push(char::from(octet));
        let mut text = Text::to(&mut output);
        text.count(b"", 0);
        text.count(b" ", 4_294_967_295);
        text.count(b" ", 2400);
        text.words(b" ");
        text.short(0);
        text.short(65_535);
        text.short(2400);
        text.two_digits(b':', 0);
        text.two_digits(b':', 59);
        assert_eq!(written, "0 4294967295 2400 0655352400:00:59");
    }
}
