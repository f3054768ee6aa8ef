//! Octets to the levels of an asynchronous line, each for its exact time.

use crate::line_settings::{LineSettings, Parity};

/// An octet as it is sent: start bit, data bits from the lowest on, parity bit, stop bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The next bit lowest.
    bits: u16,
    left: u8,
}

/// How long bits are, in cycles of a clock: a bit that is no whole number of them is now shorter and now longer, so that
/// no octet is more than one cycle early or late, however many follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitClock {
    whole: u16,
    /// What is over, in parts of `baud`.
    rest: u16,
    baud: u16,
    sum: u16,
}

impl Frame {
    /// Of seven data bits the highest of `octet` is left out.
    pub const fn new(octet: u8, settings: LineSettings) -> Self {
        let data_bits = settings.data_bits;
        let data = octet & (u8::MAX >> (8 - data_bits));
        // Everything behind the data is high unless it is a parity bit that is low: stop bits are as rest is.
        let mut bits = u16::MAX << (1 + data_bits) | (data as u16) << 1;
        let mut left = 1 + data_bits + settings.stop_bits;
        if !matches!(settings.parity, Parity::None) {
            left += 1;
        }
        if matches!(settings.parity.bit(data), Some(false)) {
            bits &= !(1 << (1 + data_bits));
        }
        Self { bits, left }
    }
}

impl Iterator for Frame {
    type Item = bool;

    #[inline]
    fn next(&mut self) -> Option<bool> {
        self.left = self.left.checked_sub(1)?;
        let level = self.bits & 1 == 1;
        self.bits >>= 1;
        Some(level)
    }
}

impl BitClock {
    /// A clock of `cycles_per_second`; None where a bit is not 1 to 65,535 cycles, or faster than 65,535 baud.
    pub const fn new(cycles_per_second: u32, baud: u32) -> Option<Self> {
        if baud == 0 || baud > u16::MAX as u32 {
            return None;
        }
        let whole = cycles_per_second / baud;
        if whole == 0 || whole >= u16::MAX as u32 {
            return None;
        }
        let rest = (cycles_per_second % baud) as u16;
        Some(Self { whole: whole as u16, rest, baud: baud as u16, sum: 0 })
    }

    /// How many cycles the next bit takes.
    #[inline]
    pub const fn next_bit(&mut self) -> u16 {
        let until_full = self.baud - self.sum;
        if self.rest >= until_full {
            self.sum = self.rest - until_full;
            self.whole + 1
        } else {
            self.sum += self.rest;
            self.whole
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    fn levels(octet: u8, settings: &str) -> Vec<u8> {
        Frame::new(octet, settings.parse().unwrap()).map(u8::from).collect()
    }

    #[test]
    fn octets_are_framed_as_the_settings_say() {
        assert_eq!(levels(0x55, "2400 8N1"), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
        assert_eq!(levels(0x01, "2400 8E1"), [0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(levels(0x03, "2400 8E1"), [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(levels(0x01, "2400 8O1"), [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(levels(0xFF, "2400 8E2"), [0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1]);
        assert_eq!(levels(0x81, "9600 7E1"), [0, 1, 0, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(levels(0xFF, "9600 7O2"), [0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1]);
    }

    proptest! {
        #[test]
        fn no_bit_is_a_cycle_early_or_late(baud in 300_u32..=57_600, bits in 1_u32..5000) {
            let mut clock = BitClock::new(16_000_000, baud).unwrap();
            let cycles: u64 = (0..bits).map(|_| u64::from(clock.next_bit())).sum();
            let exact = u64::from(bits) * 16_000_000;
            let passed = cycles * u64::from(baud);
            prop_assert!(passed <= exact && exact - passed < u64::from(baud), "{cycles}");
        }
    }

    #[test]
    fn what_a_timer_cannot_count_is_refused() {
        assert_eq!(BitClock::new(16_000_000, 0), None);
        assert_eq!(BitClock::new(16_000_000, 200), None);
        assert_eq!(BitClock::new(100, 300), None);
        assert!(BitClock::new(16_000_000, 245).is_some());
    }
}
