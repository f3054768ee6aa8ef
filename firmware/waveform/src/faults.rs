//! What can happen to a line between a sender and a receiver.

use std::time::Duration;

use crate::random::Random;
use crate::{Edge, Waveform};

impl Waveform {
    /// As from a sender whose clock is so much faster: 0.03 is 3 %.
    pub fn hurry(&mut self, clock_error: f64) {
        for edge in &mut self.edges {
            edge.at_ns = Duration::from_nanos(edge.at_ns).div_f64(1.0 + clock_error).as_nanos() as u64;
        }
        self.end_ns /= 1.0 + clock_error;
    }

    /// Every edge comes early or late by at most so much; none before the one that it followed.
    pub fn shake(&mut self, most_ns: u32, random: &mut Random) {
        let mut before_ns = 0;
        for edge in &mut self.edges {
            let late_ns = random.within(most_ns.into()) as i64;
            edge.at_ns = edge.at_ns.saturating_add_signed(late_ns).max(before_ns);
            before_ns = edge.at_ns + 1;
        }
    }

    /// Inverts the line for a while that is over already.
    pub fn add_noise(&mut self, at_ns: u64, length_ns: u64) {
        let until_ns = at_ns + length_ns;
        let (before, after) = (self.level_at(at_ns), self.level_at(until_ns));
        for edge in &mut self.edges {
            if edge.at_ns >= at_ns && edge.at_ns < until_ns {
                edge.level = !edge.level;
            }
        }
        self.insert([Edge { at_ns, level: !before }, Edge { at_ns: until_ns, level: after }]);
    }

    /// Many short pulses for a while that is over already: each of `longest_ns` at most, and as much between them.
    pub fn add_burst(&mut self, at_ns: u64, length_ns: u64, longest_ns: u64, random: &mut Random) {
        let mut now_ns = at_ns;
        while now_ns < at_ns + length_ns {
            let pulse_ns = 1 + random.next() % longest_ns;
            self.add_noise(now_ns, pulse_ns);
            now_ns += pulse_ns + 1 + random.next() % longest_ns;
        }
    }

    /// The line stayed at a level for a while that is over already. High, which is rest, octets are lost; low is a break.
    pub fn hold(&mut self, level: bool, at_ns: u64, length_ns: u64) {
        let until_ns = at_ns + length_ns;
        let after = self.level_at(until_ns);
        self.edges.retain(|edge| edge.at_ns < at_ns || edge.at_ns > until_ns);
        self.insert([Edge { at_ns, level }, Edge { at_ns: until_ns, level: after }]);
    }

    fn insert(&mut self, edges: [Edge; 2]) {
        self.edges.extend(edges);
        self.edges.sort_by_key(|edge| edge.at_ns);
        self.leave_out_what_changes_nothing();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(waveform: &Waveform) -> Vec<(u64, bool)> {
        waveform.edges().iter().map(|edge| (edge.at_ns, edge.level)).collect()
    }

    fn low_once() -> Waveform {
        let mut waveform = Waveform::resting(1000);
        waveform.low(1000.0);
        waveform.rest(1000.0);
        waveform
    }

    #[test]
    fn noise_inverts_what_is_there() {
        let mut waveform = low_once();
        waveform.add_noise(500, 100);
        assert_eq!(edges(&waveform), [(500, false), (600, true), (1000, false), (2000, true)]);
        waveform.add_noise(1950, 100);
        assert_eq!(edges(&waveform)[2..], [(1000, false), (1950, true), (2000, false), (2050, true)]);
    }

    #[test]
    fn a_hurried_line_is_shorter() {
        let mut waveform = low_once();
        waveform.hurry(0.25);
        assert_eq!(edges(&waveform), [(800, false), (1600, true)]);
        assert_eq!(waveform.end_ns(), 2400);
    }

    #[test]
    fn shaken_edges_keep_their_order() {
        let mut waveform = Waveform::resting(1000);
        for _ in 0..1000 {
            waveform.low(10.0);
            waveform.rest(10.0);
        }
        let before = waveform.clone();
        waveform.shake(30, &mut Random::new(1));
        let times: Vec<u64> = waveform.edges().iter().map(|edge| edge.at_ns).collect();
        assert!(times.is_sorted_by(|before, after| before < after));
        let late = |(is, was): (&Edge, &Edge)| is.at_ns.abs_diff(was.at_ns);
        let most = waveform.edges().iter().zip(before.edges()).map(late).max();
        assert!(most.is_some_and(|ns| (20..=60).contains(&ns)), "{most:?}");
    }

    #[test]
    fn a_line_that_is_held_has_no_edges_there() {
        let mut waveform = low_once();
        waveform.hold(true, 500, 1000);
        assert_eq!(edges(&waveform), [(1500, false), (2000, true)]);
        waveform.hold(false, 1700, 800);
        assert_eq!(edges(&waveform), [(1500, false), (2500, true)]);
    }

    #[test]
    fn a_burst_ends_as_the_line_was() {
        let mut waveform = low_once();
        waveform.add_burst(1200, 500, 50, &mut Random::new(1));
        assert!(waveform.edges().len() > 10);
        assert_eq!([1199, 1999, 2000].map(|at| waveform.level_at(at)), [false, false, true]);
    }
}
