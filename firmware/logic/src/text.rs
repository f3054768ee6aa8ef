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
