//! A simulated line: a meter drives it bit by bit, and a receiver with settings of its own samples it.

use meterscope_capture::LineEvent;
use meterscope_capture::line_settings::{LineSettings, Parity};

/// The level of a line over time, as its changes; it rests high.
pub struct Line {
    /// When the level changes, in nanoseconds; the first change is to low.
    changes: Vec<u64>,
}

impl Line {
    /// A line on which these octets are sent from these times (ms) on, or from when the one before has ended.
    pub fn sent(telegrams: &[(u64, Vec<u8>)], settings: LineSettings) -> Self {
        let bit = 1_000_000_000 / u64::from(settings.baud);
        let (mut changes, mut level, mut end) = (Vec::new(), true, 0);
        for (at_ms, octets) in telegrams {
            let mut at = end.max(at_ms * 1_000_000);
            for next in octets.iter().flat_map(|&octet| bits(octet, settings)) {
                if next != level {
                    changes.push(at);
                    level = next;
                }
                at += bit;
            }
            end = at;
        }
        Self { changes }
    }

    fn level(&self, at: u64) -> bool {
        self.changes.partition_point(|&change| change <= at).is_multiple_of(2)
    }

    fn next_fall(&self, from: u64) -> Option<u64> {
        let index = self.changes.partition_point(|&change| change < from);
        self.changes.get(index.next_multiple_of(2)).copied()
    }
}

/// Start bit, data from the lowest bit on, parity, stop.
fn bits(octet: u8, settings: LineSettings) -> Vec<bool> {
    let mut bits = vec![false];
    bits.extend((0..settings.data_bits).map(|bit| octet >> bit & 1 == 1));
    bits.extend(parity_bit(octet, settings));
    bits.extend((0..settings.stop_bits).map(|_| true));
    bits
}

fn parity_bit(octet: u8, settings: LineSettings) -> Option<bool> {
    let is_odd = (octet & ((1_u16 << settings.data_bits) - 1) as u8).count_ones() % 2 == 1;
    match settings.parity {
        Parity::None => None,
        Parity::Even => Some(is_odd),
        Parity::Odd => Some(!is_odd),
    }
}

/// A receiver that is opened at some time.
pub struct Receiver<'l> {
    pub line: &'l Line,
    pub settings: LineSettings,
    /// Up to when it has listened, in nanoseconds.
    pub at: u64,
}

impl Receiver<'_> {
    /// The next octet that ends by then; one with an error is reported and dropped.
    pub fn next(&mut self, until: u64) -> Option<Result<u8, LineEvent>> {
        let bit = 1_000_000_000 / u64::from(self.settings.baud);
        let start = self.line.next_fall(self.at)?;
        let sample = |number: u64| self.line.level(start + bit * number + bit / 2);
        let data = u64::from(self.settings.data_bits);
        let octet = (0..data).fold(0, |octet, number| octet | u8::from(sample(number + 1)) << number);
        let parity = parity_bit(octet, self.settings);
        let stop = data + 1 + u64::from(parity.is_some());
        let end = start + bit * stop + bit / 2;
        if end > until {
            return None;
        }
        self.at = end;
        Some(match parity {
            _ if !sample(stop) && octet == 0 => Err(LineEvent::Break),
            _ if !sample(stop) => Err(LineEvent::Framing),
            Some(bit) if bit != sample(data + 1) => Err(LineEvent::Parity),
            _ => Ok(octet),
        })
    }
}
