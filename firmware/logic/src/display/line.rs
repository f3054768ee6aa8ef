//! A line of text in the making.

use super::readings::{Number, Shown};

/// The columns of the widest display.
pub const WIDEST: usize = 20;

/// The decimal digits of the largest number.
const DIGITS: u8 = 10;

/// What a decimal digit counts, from the first. A table of these takes an AVR 40 octets of RAM.
const fn power(place: u8) -> u32 {
    match place {
        0 => 1_000_000_000,
        1 => 100_000_000,
        2 => 10_000_000,
        3 => 1_000_000,
        4 => 100_000,
        5 => 10_000,
        6 => 1000,
        7 => 100,
        8 => 10,
        _ => 1,
    }
}

/// A line, filled from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    octets: [u8; WIDEST],
    length: u8,
}

/// Which sign stands in front of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A minus, of a number below zero.
    IfNegative,
    /// This one, unless the number is zero.
    Always(u8),
}

/// A number digit by digit.
struct Digits {
    /// The last one is that of `exponent`.
    all: [u8; DIGITS as usize],
    exponent: i8,
    /// The power of ten of the first digit that is not zero; of zero a negative one.
    first: i8,
}

/// Puts a text that is no wider than a line into one.
macro_rules! text {
    ($line:expr, $text:literal) => {{
        const { assert!($text.len() <= $crate::display::line::WIDEST) };
        $crate::text::by_fours!($text, |four| $line.four(four));
    }};
}
pub(super) use text;

impl Line {
    /// An empty line.
    pub const fn new() -> Self {
        Self { octets: [b' '; WIDEST], length: 0 }
    }

    /// The character in a column.
    pub fn at(&self, column: u8) -> u8 {
        self.octets.get(usize::from(column)).copied().unwrap_or(b' ')
    }

    /// Adds a character, as long as there is room.
    pub fn put(&mut self, character: u8) {
        if let Some(place) = self.octets.get_mut(usize::from(self.length)) {
            *place = character;
            self.length += 1;
        }
    }

    #[inline(never)]
    pub(super) fn four(&mut self, mut four: u32) {
        while four != 0 {
            self.put(four as u8);
            four >>= 8;
        }
    }

    /// Adds what stands at a place, in `width` columns, with so many decimals and with this sign, if it is not zero.
    #[inline(never)]
    pub fn shown(&mut self, shown: Shown, decimals: i8, width: u8, sign: Sign) {
        match shown {
            Shown::Number(number) => self.number(number, decimals, width, sign),
            Shown::Old => self.twice(b'?', width),
            Shown::Absent => self.twice(b'-', width),
        }
    }

    /// Adds a count.
    pub fn count(&mut self, count: u16, width: u8) {
        self.number(Number { digits: count.into(), exponent: 0 }, 0, width, Sign::IfNegative);
    }

    /// Further decimals are left out, not rounded, as registers do it. A number that does not fit becomes `#`.
    #[inline(never)]
    fn number(&mut self, number: Number, decimals: i8, width: u8, sign: Sign) {
        let digits = Digits::of(number);
        // The power of ten of the first digit that is shown.
        let first = digits.first.max(0);
        let sign = match sign {
            _ if number.digits < 0 => b'-',
            Sign::Always(sign) if number.digits > 0 => sign,
            Sign::Always(_) | Sign::IfNegative => 0,
        };
        let point = i8::from(decimals > 0);
        let needed = first + 1 + decimals + point + i8::from(sign != 0);
        let Some(free) = width.checked_sub(needed as u8) else {
            return self.fill(b'#', width);
        };
        self.fill(b' ', free);
        if sign != 0 {
            self.put(sign);
        }
        let mut power = first;
        while power >= -decimals {
            if power == -1 {
                self.put(b'.');
            }
            self.put(b'0' + digits.at(power));
            power -= 1;
        }
    }

    fn fill(&mut self, character: u8, width: u8) {
        for _ in 0..width {
            self.put(character);
        }
    }

    fn twice(&mut self, character: u8, width: u8) {
        self.fill(b' ', width - 2);
        self.put(character);
        self.put(character);
    }
}

impl Digits {
    /// Without a division, as [`crate::forwarder`] does it.
    fn of(number: Number) -> Self {
        let exponent = number.exponent;
        let mut left = number.digits.unsigned_abs();
        let mut digits = [0; DIGITS as usize];
        let mut first = i8::MIN;
        let mut of_digit = DIGITS as i8 + exponent;
        for (digit, place) in digits.iter_mut().zip(0..) {
            of_digit -= 1;
            let ten = power(place);
            while left >= ten {
                left -= ten;
                *digit += 1;
                first = first.max(of_digit);
            }
        }
        Self { all: digits, exponent, first }
    }

    /// The digit of a power of ten.
    fn at(&self, power: i8) -> u8 {
        let place = DIGITS as i8 - 1 + self.exponent - power;
        // A negative place becomes a large one.
        self.all.get(usize::from(place as u8)).copied().unwrap_or_default()
    }
}

impl Default for Line {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::format;
    use std::string::{String, ToString};

    fn text_of(line: Line) -> String {
        line.octets[..usize::from(line.length)].iter().map(|&octet| char::from(octet)).collect()
    }

    fn number(digits: i32, exponent: i8, decimals: i8, width: u8, sign: Sign) -> String {
        let mut line = Line::new();
        line.shown(Shown::Number(Number { digits, exponent }), decimals, width, sign);
        text_of(line)
    }

    #[test]
    fn numbers_are_cut_and_filled() {
        let plain = Sign::IfNegative;
        assert_eq!(number(2301, -1, 1, 6, plain), " 230.1");
        assert_eq!(number(2309, -1, 0, 6, plain), "   230");
        assert_eq!(number(999, -2, 1, 5, plain), "  9.9");
        assert_eq!(number(5, -3, 2, 5, plain), " 0.00");
        assert_eq!(number(-15, -1, 1, 5, plain), " -1.5");
        assert_eq!(number(12, 1, 2, 7, plain), " 120.00");
        assert_eq!(number(0, 0, 0, 3, Sign::Always(b'+')), "  0");
        assert_eq!(number(7, 0, 0, 3, Sign::Always(b'+')), " +7");
        assert_eq!(number(7, 0, 0, 3, Sign::Always(b'-')), " -7");
        assert_eq!(number(1000, 0, 0, 3, plain), "###");
        assert_eq!(number(i32::MAX, 9, 0, 20, plain), " 2147483647000000000");
        assert_eq!(number(i32::MIN, 0, 0, 11, plain), "-2147483648");
    }

    #[test]
    fn what_is_missing_is_no_number() {
        for (shown, expected) in [(Shown::Absent, "   --"), (Shown::Old, "   ??")] {
            let mut line = Line::new();
            line.shown(shown, 1, 5, Sign::IfNegative);
            assert_eq!(text_of(line), expected);
        }
    }

    #[test]
    fn texts_of_all_lengths() {
        let mut line = Line::new();
        text!(line, b"four");
        text!(line, b"and six");
        assert_eq!(text_of(line), "fourand six");
        let mut line = Line::new();
        text!(line, b"twenty characters -!");
        text!(line, b"and no more");
        assert_eq!(text_of(line), "twenty characters -!");
    }

    proptest! {
        #[test]
        fn any_number_is_the_right_one_or_hashes(
            digits in any::<i32>(), exponent in -9_i8..=9, decimals in 0_i8..=2, width in 4_u8..=20
        ) {
            let shown = number(digits, exponent, decimals, width, Sign::IfNegative);
            prop_assert_eq!(shown.len(), usize::from(width));
            // In hundredths of the last decimal, cut towards zero.
            let scale = i32::from(exponent) + i32::from(decimals);
            let value = if scale >= 0 {
                i128::from(digits) * 10_i128.pow(scale as u32)
            } else {
                i128::from(digits) / 10_i128.pow(-scale as u32)
            };
            let unit = 10_i128.pow(decimals as u32);
            let sign = if digits < 0 { "-" } else { "" };
            let (whole, behind) = ((value / unit).abs(), (value % unit).abs());
            let mut expected = match decimals as usize {
                0 => format!("{sign}{whole}"),
                decimals => format!("{sign}{whole}.{behind:0decimals$}"),
            };
            if expected.len() > usize::from(width) {
                expected = "#".repeat(usize::from(width));
            }
            prop_assert_eq!(shown.trim_start().to_string(), expected);
        }
    }
}
