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

/// What is on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Octets, and rest between them.
    Octets(LineSettings),
    /// For an oscilloscope: high and low in turn, each for a bit of so many baud.
    Square(u32),
}

/// Sends octets bit by bit: says for each end of a bit what comes behind it, one bit ahead, so that a timer can change the
/// line itself and at the exact time.
#[derive(Clone, Debug)]
pub struct Transmitter {
    frame: Frame,
    clock: BitClock,
    signal: Signal,
    level: bool,
    /// The bit that is sent is one of rest, behind the last octet.
    is_last: bool,
}

/// The next change of the line, if it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bit {
    /// High is mark.
    pub level: bool,
    /// When, in cycles behind the end of the bit before.
    pub after_cycles: u16,
}

impl Frame {
    /// No bit at all.
    const EMPTY: Self = Self { bits: 0, left: 0 };

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

impl Transmitter {
    /// Sends 2400 8E1 with a clock of `cycles_per_second`; None as for [`BitClock::new`].
    pub const fn new(cycles_per_second: u32) -> Option<Self> {
        let signal = Signal::Octets(LineSettings::MBUS);
        let Some(clock) = BitClock::new(cycles_per_second, signal.baud()) else { return None };
        Some(Self { frame: Frame::EMPTY, clock, signal, level: true, is_last: false })
    }

    /// The line rests, and what comes next is this.
    pub const fn set(&mut self, signal: Signal, clock: BitClock) {
        *self = Self { frame: Frame::EMPTY, clock, signal, level: true, is_last: false };
    }

    /// What is sent now.
    pub const fn signal(&self) -> Signal {
        self.signal
    }

    /// Lets a square wave end with the bit that is sent.
    pub const fn end_square(&mut self) {
        if matches!(self.signal, Signal::Square(_)) {
            self.signal = Signal::Octets(LineSettings::MBUS);
        }
    }

    /// What comes behind the bit that has just begun; None where the line has rested for a bit and `next` has no octet.
    #[inline]
    pub fn next_bit(&mut self, next: impl FnOnce() -> Option<u8>) -> Option<Bit> {
        let level = match (self.frame.next(), self.signal) {
            (Some(level), _) => level,
            (None, Signal::Square(_)) => !self.level,
            (None, Signal::Octets(settings)) => match next() {
                Some(octet) => {
                    self.is_last = false;
                    self.frame = Frame::new(octet, settings);
                    // The start bit.
                    self.frame.next()?
                }
                None if self.is_last => return None,
                None => {
                    self.is_last = true;
                    true
                }
            },
        };
        self.level = level;
        Some(Bit { level, after_cycles: self.clock.next_bit() })
    }
}

impl Signal {
    /// Bits a second.
    pub const fn baud(self) -> u32 {
        match self {
            Self::Octets(LineSettings { baud, .. }) | Self::Square(baud) => baud,
        }
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

    /// Every change with its cycle, until the line rests for good or so many bits are over.
    fn sent(transmitter: &mut Transmitter, octets: &[u8], most_bits: usize) -> Vec<(u64, bool)> {
        let (mut octets, mut cycle, mut level) = (octets.iter().copied(), 0, true);
        let mut edges = Vec::new();
        for _ in 0..most_bits {
            let Some(bit) = transmitter.next_bit(|| octets.next()) else { break };
            cycle += u64::from(bit.after_cycles);
            if level != bit.level {
                edges.push((cycle, bit.level));
                level = bit.level;
            }
        }
        edges
    }

    proptest! {
        /// Octets back to back are as if each bit were computed from the first one's start.
        #[test]
        fn edges_are_where_they_should_be(
            octets in prop::collection::vec(any::<u8>(), 1..40),
            baud in prop::sample::select(&[300_u32, 600, 1200, 2400, 4800, 9600][..]),
            format in prop::sample::select(&["8E1", "8N1", "8O1", "7E1", "8N2"][..]),
        ) {
            let settings = LineSettings { baud, ..std::format!("{baud} {format}").parse().unwrap() };
            let mut transmitter = Transmitter::new(16_000_000).unwrap();
            transmitter.set(Signal::Octets(settings), BitClock::new(16_000_000, baud).unwrap());
            let edges = sent(&mut transmitter, &octets, usize::MAX);
            let levels = octets.iter().flat_map(|&octet| Frame::new(octet, settings));
            let mut level = true;
            let expected: Vec<(u64, bool)> = (0..).zip(levels).filter_map(|(place, next)| {
                let is_edge = core::mem::replace(&mut level, next) != next;
                is_edge.then_some(((place + 1) * 16_000_000 / u64::from(baud), next))
            }).collect();
            prop_assert_eq!(edges, expected);
        }
    }

    #[test]
    fn a_stop_bit_is_whole_before_the_line_rests() {
        let mut transmitter = Transmitter::new(16_000_000).unwrap();
        let bits = (0..).map_while(|place| transmitter.next_bit(|| (place == 0).then_some(0x00)));
        let levels: Vec<u8> = bits.map(|bit| u8::from(bit.level)).collect();
        // Start, eight data bits, parity, stop, and one of rest: when that begins, the stop bit is over.
        assert_eq!(levels, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(transmitter.next_bit(|| None), None);
        assert!(transmitter.next_bit(|| Some(1)).is_some_and(|bit| !bit.level));
    }

    #[test]
    fn a_square_wave_has_the_bits_of_the_line_and_ends_high() {
        let mut transmitter = Transmitter::new(16_000_000).unwrap();
        transmitter.set(Signal::Square(1000), BitClock::new(16_000_000, 1000).unwrap());
        let edges = sent(&mut transmitter, &[], 4);
        assert_eq!(edges, [(16_000, false), (32_000, true), (48_000, false), (64_000, true)]);
        assert_eq!(sent(&mut transmitter, &[], 1), [(16_000, false)]);
        transmitter.end_square();
        assert!(transmitter.next_bit(|| None).is_some_and(|bit| bit.level));
        assert_eq!(transmitter.next_bit(|| None), None);
    }

    #[test]
    fn what_a_timer_cannot_count_is_refused() {
        assert_eq!(BitClock::new(16_000_000, 0), None);
        assert_eq!(BitClock::new(16_000_000, 200), None);
        assert_eq!(BitClock::new(100, 300), None);
        assert!(BitClock::new(16_000_000, 245).is_some());
    }
}
