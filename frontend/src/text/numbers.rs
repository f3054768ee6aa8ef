//! How a language writes numbers. The browser says how (`Intl`); the digits are ours, because they are exact.

use meterscope_decoder::decimal::Decimal;

/// The separators of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberStyle {
    /// Between groups of three digits.
    pub group: char,
    /// In front of the decimals.
    pub decimal: char,
}

impl Default for NumberStyle {
    fn default() -> Self {
        Self { group: ',', decimal: '.' }
    }
}

impl NumberStyle {
    /// A whole number.
    pub fn whole(self, number: u64) -> String {
        self.grouped(&number.to_string())
    }

    /// A decimal number, with every digit that it has.
    pub fn exact(self, number: Decimal) -> String {
        let plain = number.to_string();
        let (sign, magnitude) = match plain.strip_prefix('-') {
            Some(magnitude) => ("\u{2212}", magnitude),
            None => ("", plain.as_str()),
        };
        match magnitude.split_once('.') {
            Some((whole, decimals)) => format!("{sign}{}{}{decimals}", self.grouped(whole), self.decimal),
            None => format!("{sign}{}", self.grouped(magnitude)),
        }
    }

    fn grouped(self, digits: &str) -> String {
        let mut text = String::with_capacity(digits.len() * 4 / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(self.group);
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_stays() {
        let nb = NumberStyle { group: '\u{A0}', decimal: ',' };
        assert_eq!(nb.exact(Decimal::new(-1_234_567_890, -3)), "\u{2212}1\u{A0}234\u{A0}567,890");
        assert_eq!(NumberStyle::default().exact(Decimal::new(35, 3)), "35,000");
        assert_eq!(
            NumberStyle::default().exact(Decimal::unsigned(u64::MAX, 0)),
            "18,446,744,073,709,551,615"
        );
        assert_eq!(NumberStyle::default().whole(999), "999");
    }
}
