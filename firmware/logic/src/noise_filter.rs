//! Lets through the changes of a line that last.

use crate::edge::{Edge, Tick};

/// Pulses shorter than `hold` ticks are noise, whichever way they go.
#[derive(Clone, Copy, Debug)]
pub struct NoiseFilter {
    hold: Tick,
    /// Whether the level that lasts is low.
    is_low: bool,
    /// A change away from it that may become a lasting one.
    change: Option<Change>,
    /// The pulse that was just rejected.
    rejected: Option<Rejected>,
}

#[derive(Clone, Copy, Debug)]
struct Change {
    /// When the line changed.
    since: Tick,
    /// What the change is taken for.
    at: Tick,
}

#[derive(Clone, Copy, Debug)]
struct Rejected {
    from: Tick,
    to: Tick,
}

impl NoiseFilter {
    /// A filter for a line that rests. Pulses of `hold` ticks pass.
    pub const fn new(hold: Tick) -> Self {
        Self { hold, is_low: false, change: None, rejected: None }
    }

    /// From now on pulses of `hold` ticks pass.
    pub const fn set_hold(&mut self, hold: Tick) {
        self.hold = hold;
    }

    /// The line has this level, whatever was before.
    pub fn set(&mut self, level: bool) {
        *self = Self { is_low: !level, ..Self::new(self.hold) };
    }

    /// The level that lasts.
    #[inline]
    pub const fn level(&self) -> bool {
        !self.is_low
    }

    /// The line changed; [`lasting`](Self::lasting) was asked about this moment before.
    #[inline]
    pub fn edge(&mut self, edge: Edge) {
        if edge.level != self.is_low {
            self.rejected = self.change.take().map(|change| Rejected { from: change.since, to: edge.at });
        } else if self.change.is_none() {
            self.change = Some(Change { since: edge.at, at: self.begin(edge.at) });
        }
    }

    /// A change that has lasted by `now`, with the moment that it began; the same until it is let through.
    #[inline]
    pub fn lasting(&mut self, now: Tick) -> Option<Edge> {
        if self.rejected.is_some_and(|rejected| now.wrapping_sub(rejected.to) >= self.hold) {
            self.rejected = None;
        }
        let change = self.change.filter(|change| now.wrapping_sub(change.since) >= self.hold)?;
        Some(Edge { at: change.at, level: self.is_low })
    }

    /// Lets the change through that [`lasting`](Self::lasting) told.
    #[inline]
    pub fn pass(&mut self) {
        self.change = None;
        self.is_low = !self.is_low;
    }

    /// Up to which moment it is known, at `now`, that the level lasts.
    #[inline]
    pub fn known_until(&self, now: Tick) -> Tick {
        match (self.change, self.rejected) {
            (Some(change), _) => change.at,
            // A change that comes soon may yet have begun with what was rejected.
            (None, Some(rejected)) => rejected.from,
            (None, None) => now,
        }
    }

    /// Two pulses, low and high, that are both too short, in front of a change: either may be the noise and the other
    /// belong to the level before or behind. The middle is wrong by half of them at most.
    fn begin(&self, at: Tick) -> Tick {
        // One that was rejected longer ago has been forgotten.
        self.rejected.map_or(at, |rejected| rejected.from.wrapping_add(at.wrapping_sub(rejected.from) / 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    const HOLD: Tick = 13;

    /// What passes, of edges at these moments; the first one falls.
    fn passing(edges: &[Tick], until: Tick) -> Vec<(Tick, bool)> {
        let mut filter = NoiseFilter::new(HOLD);
        let mut passed = Vec::new();
        for (place, &at) in edges.iter().enumerate() {
            pass(&mut filter, at, &mut passed);
            filter.edge(Edge { at, level: place % 2 == 1 });
        }
        pass(&mut filter, until, &mut passed);
        passed
    }

    fn pass(filter: &mut NoiseFilter, now: Tick, passed: &mut Vec<(Tick, bool)>) {
        if let Some(edge) = filter.lasting(now) {
            filter.pass();
            passed.push((edge.at, edge.level));
        }
    }

    #[test]
    fn what_lasts_passes_with_its_own_time() {
        assert_eq!(passing(&[100, 200], 300), [(100, false), (200, true)]);
        assert_eq!(passing(&[65_500, 20], 100), [(65_500, false), (20, true)]);
        assert_eq!(passing(&[100], 112), []);
        assert_eq!(passing(&[100], 113), [(100, false)]);
    }

    #[test]
    fn short_pulses_either_way_do_not() {
        assert_eq!(passing(&[100, 112], 300), []);
        assert_eq!(passing(&[100, 150, 162, 300], 400), [(100, false), (300, true)]);
        assert_eq!(passing(&[100, 105, 200, 205], 400), []);
    }

    #[test]
    fn noise_beside_a_change_moves_it_by_half_of_the_noise() {
        assert_eq!(passing(&[100, 106, 116], 400), [(108, false)]);
        // Further away it is noise of its own.
        assert_eq!(passing(&[100, 106, 120], 400), [(120, false)]);
    }
}
