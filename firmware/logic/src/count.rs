//! Counts, as a board keeps and tells them.

use crate::marks::Output;

/// How much came since the start, and what was wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Octets of the bus, those with faults among them.
    pub octets: u64,
    /// Octets with a wrong parity bit.
    pub parity: u64,
    /// Octets without a stop bit.
    pub framing: u64,
    /// Breaks.
    pub breaks: u64,
    /// How often the board lost octets.
    pub lost: u64,
    /// HDLC frames that were whole.
    pub frames: u64,
    /// HDLC frames that were not.
    pub damaged: u64,
}

/// A count in decimal digits, two in an octet, the lowest octet first: to make such of a binary number takes an AVR a
/// division of 32 bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count([u8; PAIRS]);

/// At 960 octets a second, which is 9600 baud, that is enough for 120 days; then it begins anew.
pub(crate) const DIGITS: usize = 2 * PAIRS;
const PAIRS: usize = 5;

/// What four digits of a display can show.
pub(crate) const MOST_SHOWN: u16 = 9999;

/// The lower and the higher digit of a pair.
const LOW: u8 = 0x0F;
const TEN: u8 = 0x10;
const HUNDRED: u8 = 10 * TEN;

impl Count {
    pub(crate) const ZERO: Self = Self([0; PAIRS]);

    pub(crate) fn increment(&mut self) {
        for pair in &mut self.0 {
            *pair += 1;
            if *pair & LOW < 10 {
                return;
            }
            *pair += TEN - 10;
            if *pair < HUNDRED {
                return;
            }
            *pair = 0;
        }
    }

    /// In decimal.
    pub(crate) fn write(self, output: &mut impl Output) {
        let mut has_begun = false;
        let mut left = DIGITS as u8;
        for &pair in self.0.iter().rev() {
            for digit in [pair / TEN, pair & LOW] {
                left -= 1;
                has_begun |= digit > 0 || left == 0;
                if has_begun {
                    output.octet(b'0' + digit);
                }
            }
        }
    }

    /// The count, or [`MOST_SHOWN`] where it is more.
    pub(crate) fn up_to_most_shown(self) -> u16 {
        let [low, high, above @ ..] = &self.0;
        if above.iter().any(|&pair| pair > 0) {
            return MOST_SHOWN;
        }
        u16::from(number(*high)) * 100 + u16::from(number(*low))
    }

    pub(crate) fn value(self) -> u64 {
        self.0.iter().rev().fold(0, |value, &pair| value * 100 + u64::from(number(pair)))
    }
}

/// Of two digits.
const fn number(pair: u8) -> u8 {
    pair / TEN * 10 + (pair & LOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::{String, ToString};

    fn written(count: Count) -> String {
        let mut text = String::new();
        count.write(&mut |octet| text.push(char::from(octet)));
        text
    }

    #[test]
    fn it_is_told_as_a_number_is_written() {
        let mut count = Count::ZERO;
        for number in 0..=12_345_u64 {
            assert_eq!((written(count), count.value()), (number.to_string(), number));
            assert_eq!(u64::from(count.up_to_most_shown()), number.min(9999));
            count.increment();
        }
    }

    #[test]
    fn behind_the_largest_comes_zero() {
        let mut count = Count([0x99; PAIRS]);
        assert_eq!(written(count), "9999999999");
        count.increment();
        assert_eq!(written(count), "0");
    }
}
