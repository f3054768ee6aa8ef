//! What senders, good and bad, put on an asynchronous line: edges in nanoseconds.
//!
//! A [`Sender`] has line settings, a clock that may be wrong and edges that may come early or late; [`Waveform`] collects
//! what it sends. What happens to that on its way is in [`faults`], and to a line that still goes on in [`channel`].
#![forbid(unsafe_code)]

pub mod channel;
pub mod faults;
pub mod random;
pub mod story;

use std::time::Duration;

use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::transmitter::Frame;
use random::Random;

/// A line over time. It is high before its first edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Waveform {
    edges: Vec<Edge>,
    end_ns: f64,
    level: bool,
}

/// A change of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// When.
    pub at_ns: u64,
    /// What it changed to.
    pub level: bool,
}

/// Sends octets.
#[derive(Clone, Copy, Debug)]
pub struct Sender {
    /// How they are framed.
    pub settings: LineSettings,
    /// How much faster the sender's clock is than it should be: 0.03 is 3 %.
    pub clock_error: f64,
    /// How early or late an edge is at most.
    pub jitter_ns: f64,
}

/// What is wrong with an octet that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoiling {
    /// Nothing.
    None,
    /// Its parity bit is the other one.
    Parity,
    /// Its stop bit is low; then the line rests for a bit.
    Stop,
}

impl Sender {
    /// A sender without fault, for settings like `2400 8E1`.
    ///
    /// # Panics
    ///
    /// If they are no settings.
    pub fn exact(settings: &str) -> Self {
        let Ok(settings) = settings.parse() else { panic!("{settings} are no line settings") };
        Self { settings, clock_error: 0.0, jitter_ns: 0.0 }
    }

    /// How long a bit takes.
    pub fn bit_ns(&self) -> f64 {
        1e9 / (f64::from(self.settings.baud) * (1.0 + self.clock_error))
    }
}

impl Waveform {
    /// A line that has rested for so long.
    pub fn resting(ns: u32) -> Self {
        Self { edges: Vec::new(), end_ns: ns.into(), level: true }
    }

    /// A line that was seen: its changes in their order, and how long it was looked at. What changes nothing is left out.
    pub fn seen(edges: impl IntoIterator<Item = Edge>, end_ns: u64) -> Self {
        let end_ns = Duration::from_nanos(end_ns).as_secs_f64() * 1e9;
        let mut seen = Self { edges: edges.into_iter().collect(), end_ns, level: true };
        seen.leave_out_what_changes_nothing();
        seen.level = seen.level_at(u64::MAX);
        seen
    }

    /// The changes, in their order.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// How long it is.
    pub fn end_ns(&self) -> u64 {
        self.end_ns as u64
    }

    /// Stays high for so long.
    pub fn rest(&mut self, ns: f64) {
        self.stay(true, ns, 0.0);
    }

    /// Stays low for so long.
    pub fn low(&mut self, ns: f64) {
        self.stay(false, ns, 0.0);
    }

    /// Octets without a pause between them.
    pub fn send(&mut self, octets: &[u8], sender: &Sender, random: &mut Random) {
        for &octet in octets {
            self.send_spoiled(octet, Spoiling::None, sender, random);
        }
    }

    /// An octet with a fault.
    pub fn send_spoiled(&mut self, octet: u8, spoiling: Spoiling, sender: &Sender, random: &mut Random) {
        let bit = sender.bit_ns();
        let parity_place = 1 + usize::from(sender.settings.data_bits);
        let levels: Vec<bool> = Frame::new(octet, sender.settings).collect();
        let stop_place = levels.len() - usize::from(sender.settings.stop_bits);
        for (place, level) in levels.into_iter().enumerate() {
            let level = match spoiling {
                Spoiling::Parity if place == parity_place => !level,
                Spoiling::Stop if place >= stop_place => false,
                _ => level,
            };
            self.stay(level, bit, random.within(sender.jitter_ns));
        }
        if spoiling == Spoiling::Stop {
            self.rest(bit);
        }
    }

    /// The level at a moment; that behind the edge where there is one.
    pub fn level_at(&self, at_ns: u64) -> bool {
        let behind = self.edges.partition_point(|edge| edge.at_ns <= at_ns);
        behind.checked_sub(1).and_then(|place| self.edges.get(place)).is_none_or(|edge| edge.level)
    }

    fn stay(&mut self, level: bool, ns: f64, late_ns: f64) {
        if level != self.level {
            self.edges.push(Edge { at_ns: (self.end_ns + late_ns).max(0.0) as u64, level });
            self.level = level;
        }
        self.end_ns += ns;
    }

    fn leave_out_what_changes_nothing(&mut self) {
        let mut level = true;
        self.edges.retain(|edge| std::mem::replace(&mut level, edge.level) != edge.level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(waveform: &Waveform) -> Vec<(u64, bool)> {
        waveform.edges().iter().map(|edge| (edge.at_ns, edge.level)).collect()
    }

    #[test]
    fn an_octet_has_the_edges_of_its_bits() {
        let mut waveform = Waveform::resting(1000);
        let sender = Sender { clock_error: 0.25, ..Sender::exact("8000 8N1") };
        waveform.send(&[0x0F], &sender, &mut Random::new(1));
        // A bit of 10,000 baud is 100 µs.
        assert_eq!(edges(&waveform), [(1000, false), (101_000, true), (501_000, false), (901_000, true)]);
        assert_eq!(waveform.end_ns(), 1_001_000);
    }

    #[test]
    fn a_level_is_that_behind_the_last_edge() {
        let mut waveform = Waveform::resting(10);
        waveform.low(10.0);
        assert_eq!([0, 9, 10, 500].map(|at| waveform.level_at(at)), [true, true, false, false]);
    }
}
