//! Finds speed and parity of a line from what is on it.

use crate::edge::{Edge, Tick};
use crate::line_settings::{Parity, has_odd_ones};
use crate::receiver::{Fault, Octet, SPEEDS, Speed};

/// Finds the speed: the slowest one at which the line is at a level for whole bits.
///
/// The shortest time alone says little: eight digits 0 in a row, with odd parity, have no single bit between two edges.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpeedDetector {
    /// When the line changed last. Before it ever did, one time is wrong: as good as noise.
    last: Tick,
    /// How many times were no whole bits of each speed.
    unfit: [u8; SPEEDS.len()],
    seen: u8,
    /// What the times before these said.
    before: Option<Speed>,
}

/// So many times are judged together; the number of edges in six octets or so.
const TIMES: u8 = 32;
/// So many of them may be noise.
const NOISE: u8 = TIMES / 8;
/// Times, in ticks, that are shorter than four fifths of any bit, or longer than five bits of 300 baud.
const SHORTEST: Tick = 21;
const LONGEST: Tick = 5 * 833;
/// Further on a wrong clock makes too much of a bit.
const MOST_BITS: u8 = 5;

impl SpeedDetector {
    /// A detector that has heard nothing.
    pub const fn new() -> Self {
        Self { last: 0, unfit: [0; SPEEDS.len()], seen: 0, before: None }
    }

    /// Forgets what it counted.
    #[inline(never)]
    pub fn reset(&mut self) {
        self.seen = 0;
        self.before = None;
        for unfit in &mut self.unfit {
            *unfit = 0;
        }
    }

    /// A change of the line, noise or not. The speed, as soon as twice 32 times say the same.
    pub fn edge(&mut self, edge: Edge) -> Option<Speed> {
        let ticks = edge.at.wrapping_sub(core::mem::replace(&mut self.last, edge.at));
        if !(SHORTEST..=LONGEST).contains(&ticks) {
            return None;
        }
        // 26.04 ticks are a bit of 9600 baud; each speed is half of the one before.
        let mut bit = 26;
        for unfit in &mut self.unfit {
            *unfit += u8::from(is_unfit(ticks, bit));
            bit *= 2;
        }
        self.seen += 1;
        if self.seen < TIMES {
            return None;
        }
        let found = self.slowest();
        let confirmed = found.filter(|_| found == self.before);
        self.reset();
        self.before = found;
        confirmed
    }

    fn slowest(&self) -> Option<Speed> {
        self.unfit.iter().rposition(|&unfit| unfit <= NOISE).and_then(|place| Speed::at(place as u8))
    }
}

/// Whether so many ticks are further than three tenths of a bit from whole bits. Of many bits it is not said.
fn is_unfit(ticks: Tick, bit: Tick) -> bool {
    let mut behind_last_bit = ticks;
    for _ in 0..MOST_BITS {
        // 5/16.
        let tolerance = (bit >> 2) + (bit >> 4);
        if behind_last_bit < bit - tolerance {
            return behind_last_bit > tolerance || behind_last_bit == ticks;
        }
        behind_last_bit = behind_last_bit.saturating_sub(bit);
    }
    false
}

/// Finds the parity from the bit behind eight data bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct ParityDetector {
    octets: u8,
    even: u8,
    odd: u8,
    high: u8,
}

/// So many octets are judged together, and so many of them must fit.
const OCTETS: u8 = 16;
const FITTING: u8 = 15;
/// If more than so many fit another parity as well, they say nothing.
const TELLING: u8 = 12;

impl ParityDetector {
    /// A detector that has heard nothing.
    pub const fn new() -> Self {
        Self { octets: 0, even: 0, odd: 0, high: 0 }
    }

    /// An octet that was received with unknown parity. The parity, as soon as 16 octets agree about it.
    pub fn octet(&mut self, octet: Octet) -> Option<Parity> {
        let odd_ones = has_odd_ones(octet.octet);
        self.octets += 1;
        self.even += u8::from(octet.ninth == odd_ones);
        self.odd += u8::from(octet.ninth != odd_ones);
        self.high += u8::from(octet.ninth);
        if self.octets < OCTETS {
            return None;
        }
        let Self { even, odd, high, .. } = core::mem::take(self);
        let varied = even <= TELLING && odd <= TELLING;
        match () {
            () if high >= FITTING && varied => Some(Parity::None),
            () if even >= FITTING && high <= TELLING => Some(Parity::Even),
            () if odd >= FITTING && high <= TELLING => Some(Parity::Odd),
            () => None,
        }
    }
}

/// Notices that the parity is not what it was found to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct ParityDoubt {
    octets: u8,
    faults: u8,
}

impl ParityDoubt {
    /// No doubt yet.
    pub const fn new() -> Self {
        Self { octets: 0, faults: 0 }
    }

    /// An octet that was received with the parity found. Whether so many have faults that it must be found anew.
    pub fn octet(&mut self, fault: Option<Fault>) -> bool {
        self.octets += 1;
        self.faults += u8::from(fault.is_some());
        if self.octets < OCTETS {
            return false;
        }
        let Self { faults, .. } = core::mem::take(self);
        faults >= OCTETS / 2
    }
}
