//! How a serial line is set: the same words on the page, in capture files and in the board's commands.

use core::fmt;
use core::str::FromStr;

/// Speed and format of an asynchronous serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LineSettings {
    /// Bits a second.
    pub baud: u32,
    /// 7 or 8.
    pub data_bits: u8,
    /// What the bit behind the data bits is.
    pub parity: Parity,
    /// 1 or 2.
    pub stop_bits: u8,
}

/// What the bit behind the data bits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parity {
    /// There is none.
    None,
    /// It makes the number of ones even.
    Even,
    /// It makes the number of ones odd.
    Odd,
}

/// No line is faster than so many digits say, and no sum of them overflows.
const MOST_DIGITS: usize = 9;

/// A text is no line settings: it should be like `2400 8E1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLineSettings;

impl LineSettings {
    /// 2400 8E1: M-Bus meters (EN 13757-2) and most HAN ports.
    pub const MBUS: Self = Self { baud: 2400, data_bits: 8, parity: Parity::Even, stop_bits: 1 };

    /// Reads `2400 8E1`.
    pub fn from_octets(text: &[u8]) -> Result<Self, NoLineSettings> {
        let text = text.trim_ascii();
        let space = text.iter().position(|&octet| octet == b' ').ok_or(NoLineSettings)?;
        let (baud, format) = text.split_at_checked(space).ok_or(NoLineSettings)?;
        let (data_bits, parity, stop_bits) = format_from_octets(format.trim_ascii()).ok_or(NoLineSettings)?;
        let baud = number(baud).filter(|&baud| baud > 0).ok_or(NoLineSettings)?;
        Ok(Self { baud, data_bits, parity, stop_bits })
    }

    /// How long an octet is on the line, in microseconds: its bits, the start bit and what frames them.
    pub const fn octet_micros(&self) -> u64 {
        let parity = !matches!(self.parity, Parity::None) as u64;
        let bits = 1 + self.data_bits as u64 + parity + self.stop_bits as u64;
        let baud = if self.baud == 0 { 1 } else { self.baud as u64 };
        (bits * 1_000_000).div_ceil(baud)
    }
}

impl Parity {
    /// As line settings are written.
    pub const fn letter(self) -> char {
        match self {
            Self::None => 'N',
            Self::Even => 'E',
            Self::Odd => 'O',
        }
    }

    /// The parity bit of an octet whose unused high bits are zero, where there is one.
    pub const fn bit(self, octet: u8) -> Option<bool> {
        match self {
            Self::None => None,
            Self::Even => Some(has_odd_ones(octet)),
            Self::Odd => Some(!has_odd_ones(octet)),
        }
    }
}

/// Once on an AVR, which has no instruction for it.
#[cfg_attr(target_arch = "avr", inline(never))]
pub(crate) const fn has_odd_ones(octet: u8) -> bool {
    octet.count_ones() % 2 == 1
}

/// `2400 8E1`
impl fmt::Display for LineSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}{}", self.baud, self.data_bits, self.parity.letter(), self.stop_bits)
    }
}

impl FromStr for LineSettings {
    type Err = NoLineSettings;

    fn from_str(text: &str) -> Result<Self, NoLineSettings> {
        Self::from_octets(text.as_bytes())
    }
}

/// Data bits, parity and stop bits of `8E1`.
pub(crate) fn format_from_octets(text: &[u8]) -> Option<(u8, Parity, u8)> {
    let &[data_bits @ b'7'..=b'8', parity, stop_bits @ b'1'..=b'2'] = text else { return None };
    let parity = match parity.to_ascii_uppercase() {
        b'N' => Parity::None,
        b'E' => Parity::Even,
        b'O' => Parity::Odd,
        _ => return None,
    };
    Some((data_bits - b'0', parity, stop_bits - b'0'))
}

fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > MOST_DIGITS {
        return None;
    }
    digits.iter().try_fold(0, |number: u32, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit & 0x0F))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn settings_are_read_as_they_are_written() {
        for text in ["2400 8E1", "115200 8N1", "9600 7E1", "300 8O2"] {
            assert_eq!(text.parse::<LineSettings>().unwrap().to_string(), text);
        }
        assert_eq!("2400 8E1".parse(), Ok(LineSettings::MBUS));
    }

    #[test]
    fn what_no_line_has_is_refused() {
        for text in
            ["", "2400", "2400 9E1", "2400 8X1", "2400 8E3", "0 8E1", "fast 8E1", "2400 8E11", "-1 8N1"]
        {
            assert_eq!(text.parse::<LineSettings>(), Err(NoLineSettings), "{text}");
        }
    }

    #[test]
    fn an_octet_with_parity_has_eleven_bits() {
        assert_eq!(LineSettings::MBUS.octet_micros(), 4584);
        let p1 = LineSettings { baud: 115_200, parity: Parity::None, ..LineSettings::MBUS };
        assert_eq!(p1.octet_micros(), 87);
    }
}
