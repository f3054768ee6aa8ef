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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The first character first, as in DLMS and P1.
    Forward,
    /// The last character first, as M-Bus sends text.
    Reversed,
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

    /// Whether every octet is a printable ASCII character, or a NUL that fills up the end.
    pub fn is_printable(&self) -> bool {
        self.octets.iter().all(|&octet| matches!(octet, b' '..=b'~' | 0))
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn both_orders() {
        assert_eq!(Text::forward(b"KFM_001").to_string(), "KFM_001");
        assert_eq!(Text::reversed(b"61TTW").to_string(), "WTT16");
        assert_eq!(Text::forward(&[0xB0, b'C']).to_string(), "°C");
        assert_eq!(Text::forward("°C".as_bytes()).to_string(), "°C");
    }
}
