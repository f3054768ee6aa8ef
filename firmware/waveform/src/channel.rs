//! What happens to a line that still goes on, edge by edge, where a seed decides: the same seed, the same faults, however time
//! is cut. What happens to a whole line, and where a test says, is in [`crate::faults`].

use std::collections::VecDeque;

use meterscope_firmware_logic::line_settings::{LineSettings, Parity};

use crate::Edge;
use crate::random::Random;

/// What happens. By default nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// How much faster the sender's clock is than the receiver's: 0.03 is 3 %.
    pub clock_error: f64,
    /// How late an edge is at most. None comes before the one that it followed.
    pub jitter_ns: u64,
    /// Pulses that invert the line.
    pub noise: Option<Noise>,
    /// Octets of which the receiver sees nothing.
    pub loss: Option<Loss>,
}

/// Pulses that invert a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    /// From the end of one burst to the beginning of the next, half as long at least and half as long again at most.
    pub every_ns: u64,
    /// How many pulses a burst has: of one it is a glitch.
    pub pulses: u32,
    /// How long a pulse is at most, and the pause before the next one.
    pub longest_ns: u64,
}

/// Octets that are lost whole: the line rests instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// How they are framed.
    pub settings: LineSettings,
    /// One of so many is lost.
    pub one_of: u64,
}

/// A line on its way from a sender to a receiver.
#[derive(Clone, Debug)]
pub struct Channel {
    faults: Faults,
    octets: Octets,
    jitter: Random,
    pulses: Option<Pulses>,
    /// Edges that have not come through yet, in their order; and when the last of them does.
    on_the_way: VecDeque<Edge>,
    last_ns: u64,
    /// The level without noise, and that which the receiver sees.
    level: bool,
    seen: bool,
}

/// Which octets are lost.
#[derive(Clone, Debug)]
struct Octets {
    random: Random,
    count: usize,
    lost: Vec<usize>,
    /// When the octet that has begun has its stop bit, and whether it is one that is lost.
    until_ns: u64,
    is_lost: bool,
}

/// An endless row of pulses.
#[derive(Clone, Debug)]
struct Pulses {
    noise: Noise,
    random: Random,
    /// How many are left of this burst.
    left: u32,
    /// When the line is inverted next, or back.
    next_ns: u64,
    is_inverted: bool,
}

impl Channel {
    /// A line at rest.
    pub fn new(faults: Faults, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let octets = Octets {
            random: Random::new(random.next()),
            count: 0,
            lost: Vec::new(),
            until_ns: 0,
            is_lost: false,
        };
        let jitter = Random::new(random.next());
        let pulses = faults.noise.map(|noise| Pulses::new(noise, Random::new(random.next())));
        let on_the_way = VecDeque::new();
        Self { faults, octets, jitter, pulses, on_the_way, last_ns: 0, level: true, seen: true }
    }

    /// When something comes through that happens at a moment of the sender's clock.
    pub fn received_ns(&self, sent_ns: u64) -> u64 {
        scaled(sent_ns, 1.0 / (1.0 + self.faults.clock_error))
    }

    /// The moment of the sender's clock at one of the receiver's.
    pub fn sent_ns(&self, received_ns: u64) -> u64 {
        scaled(received_ns, 1.0 + self.faults.clock_error)
    }

    /// What the receiver sees until a moment of its clock, of what was sent until then; that is what came since this was last
    /// called, in its order.
    pub fn pass(&mut self, sent: impl IntoIterator<Item = Edge>, until_ns: u64) -> Vec<Edge> {
        for edge in sent {
            let at_ns = self.received_ns(edge.at_ns);
            if self.faults.loss.is_some_and(|loss| self.octets.is_lost(edge.level, at_ns, loss)) {
                continue;
            }
            let late_ns = self.jitter.next() % (self.faults.jitter_ns + 1);
            self.last_ns = (at_ns + late_ns).max(self.last_ns + 1);
            self.on_the_way.push_back(Edge { at_ns: self.last_ns, level: edge.level });
        }
        let mut seen = Vec::new();
        while let Some(at_ns) = self.next_change(until_ns) {
            let is_inverted = self.pulses.as_ref().is_some_and(|pulses| pulses.is_inverted);
            let level = self.level != is_inverted;
            if std::mem::replace(&mut self.seen, level) != level {
                seen.push(Edge { at_ns, level });
            }
        }
        seen
    }

    /// Which octets were lost, counted from 0 as they were sent.
    pub fn lost(&self) -> &[usize] {
        &self.octets.lost
    }

    /// Lets the next change come, of the line or of the noise; when it does.
    fn next_change(&mut self, until_ns: u64) -> Option<u64> {
        let noise_ns = self.pulses.as_ref().map_or(u64::MAX, |pulses| pulses.next_ns);
        let line_ns = self.on_the_way.front().map_or(u64::MAX, |edge| edge.at_ns);
        let at_ns = noise_ns.min(line_ns);
        if at_ns > until_ns {
            return None;
        }
        if line_ns == at_ns
            && let Some(edge) = self.on_the_way.pop_front()
        {
            self.level = edge.level;
        }
        if noise_ns == at_ns
            && let Some(pulses) = &mut self.pulses
        {
            pulses.step();
        }
        Some(at_ns)
    }
}

impl Octets {
    /// Whether this edge belongs to an octet that is lost.
    fn is_lost(&mut self, level: bool, at_ns: u64, loss: Loss) -> bool {
        if at_ns >= self.until_ns {
            self.is_lost = false;
            if !level {
                self.until_ns = at_ns + to_the_stop_bit_ns(loss.settings);
                self.is_lost = self.random.next().is_multiple_of(loss.one_of);
                if self.is_lost {
                    self.lost.push(self.count);
                }
                self.count += 1;
            }
        }
        self.is_lost
    }
}

impl Pulses {
    fn new(noise: Noise, random: Random) -> Self {
        let mut pulses = Self { noise, random, left: noise.pulses, next_ns: 0, is_inverted: false };
        pulses.next_ns = pulses.pause_ns();
        pulses
    }

    fn step(&mut self) {
        self.is_inverted = !self.is_inverted;
        if !self.is_inverted {
            self.left -= 1;
        }
        self.next_ns += if self.left > 0 {
            1 + self.random.next() % self.noise.longest_ns
        } else {
            self.left = self.noise.pulses;
            self.pause_ns()
        };
    }

    fn pause_ns(&mut self) -> u64 {
        self.noise.every_ns / 2 + self.random.next() % self.noise.every_ns
    }
}

/// From the first edge of an octet to the middle of its stop bit.
fn to_the_stop_bit_ns(settings: LineSettings) -> u64 {
    let bits = 1 + u64::from(settings.data_bits) + u64::from(settings.parity != Parity::None);
    (2 * bits + 1) * 1_000_000_000 / (2 * u64::from(settings.baud))
}

fn scaled(ns: u64, factor: f64) -> u64 {
    std::time::Duration::from_nanos(ns).mul_f64(factor).as_nanos() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sender, Waveform};

    fn line(octets: &[u8]) -> Waveform {
        let mut line = Waveform::resting(1_000_000);
        line.send(octets, &Sender::exact("2400 8E1"), &mut Random::new(1));
        line.rest(1e8);
        line
    }

    /// What comes through in steps of so long.
    fn passed(line: &Waveform, channel: &mut Channel, step_ns: u64) -> Vec<Edge> {
        let (mut rest, mut passed, mut now_ns) = (line.edges(), Vec::new(), 0);
        while now_ns < line.end_ns() {
            now_ns = (now_ns + step_ns).min(line.end_ns());
            let count = rest.partition_point(|edge| edge.at_ns <= channel.sent_ns(now_ns));
            let (sent, later) = rest.split_at(count);
            passed.extend(channel.pass(sent.iter().copied(), now_ns));
            rest = later;
        }
        passed
    }

    fn all_faults() -> Faults {
        Faults {
            clock_error: -0.02,
            jitter_ns: 30_000,
            noise: Some(Noise { every_ns: 5_000_000, pulses: 3, longest_ns: 100_000 }),
            loss: Some(Loss { settings: LineSettings::MBUS, one_of: 5 }),
        }
    }

    #[test]
    fn without_faults_all_comes_through() {
        let line = line(b"nothing");
        let mut channel = Channel::new(Faults::default(), 1);
        assert_eq!(passed(&line, &mut channel, 700_000), line.edges());
    }

    #[test]
    fn a_seed_says_what_happens_and_how_time_is_cut_does_not() {
        let line = line(&Random::new(2).octets(60));
        let through = |seed, step_ns| passed(&line, &mut Channel::new(all_faults(), seed), step_ns);
        let once = through(1, 1_000_000_000);
        assert_eq!(once, through(1, 130_000));
        assert_eq!(once, through(1, 4_000_000));
        assert_ne!(once, through(2, 4_000_000));
        assert!(once.is_sorted_by(|before, after| before.at_ns < after.at_ns && before.level != after.level));
    }

    #[test]
    fn a_fast_sender_is_early() {
        let line = line(b"early");
        let mut channel = Channel::new(Faults { clock_error: 0.25, ..Faults::default() }, 1);
        let passed = passed(&line, &mut channel, 1_000_000);
        assert_eq!(passed.len(), line.edges().len());
        for (edge, sent) in passed.iter().zip(line.edges()) {
            assert!(edge.at_ns.abs_diff(sent.at_ns * 4 / 5) <= 1, "{edge:?}");
        }
    }

    #[test]
    fn edges_are_late_by_no_more_than_the_jitter() {
        let line = line(&[0x55; 200]);
        let mut channel = Channel::new(Faults { jitter_ns: 20_000, ..Faults::default() }, 1);
        let passed = passed(&line, &mut channel, 1_000_000);
        let late = passed.iter().zip(line.edges()).map(|(edge, sent)| edge.at_ns - sent.at_ns);
        assert!(late.clone().max() <= Some(20_000) && late.max() > Some(19_000));
    }

    #[test]
    fn glitches_are_as_many_and_as_long_as_was_said() {
        let noise = Some(Noise { every_ns: 1_000_000, pulses: 1, longest_ns: 50_000 });
        let mut channel = Channel::new(Faults { noise, ..Faults::default() }, 1);
        let passed = channel.pass([], 1_000_000_000);
        assert!(passed.len().abs_diff(2000) < 100, "{}", passed.len());
        let lengths = passed.chunks_exact(2).map(|pulse| pulse[1].at_ns - pulse[0].at_ns);
        assert!(lengths.clone().max() <= Some(50_000) && lengths.max() > Some(49_000));
        assert!(passed.iter().step_by(2).all(|edge| !edge.level));
    }

    #[test]
    fn an_octet_is_lost_with_all_its_edges_and_no_others() {
        let sent = Random::new(3).octets(100);
        let mut channel = Channel::new(Faults { loss: all_faults().loss, ..Faults::default() }, 1);
        let passed = passed(&line(&sent), &mut channel, 1_000_000);
        let lost = channel.lost().to_vec();
        assert!((10..30).contains(&lost.len()), "{lost:?}");
        // The line of the same octets, with a rest in the places of those.
        let (mut expected, mut random) = (Waveform::resting(1_000_000), Random::new(1));
        let sender = Sender::exact("2400 8E1");
        for (place, octet) in sent.iter().enumerate() {
            if lost.contains(&place) {
                expected.rest(11.0 * sender.bit_ns());
            } else {
                expected.send(&[*octet], &sender, &mut random);
            }
        }
        assert_eq!(passed.len(), expected.edges().len());
        for (edge, expected) in passed.iter().zip(expected.edges()) {
            assert!(
                edge.at_ns.abs_diff(expected.at_ns) <= 1 && edge.level == expected.level,
                "{edge:?} {expected:?}"
            );
        }
    }
}
