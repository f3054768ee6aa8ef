//! A capture whose octets have times, played as if the meter spoke again.

use std::rc::Rc;

use super::{Event, Micros, What};

/// What is played: octets, and when those from an offset on were recorded.
#[derive(Debug, PartialEq)]
pub struct Tape {
    octets: Vec<u8>,
    stamps: Vec<(usize, Micros)>,
}

/// How fast it is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// So many times as fast as the meter spoke.
    Times(u32),
    /// As fast as the page can read.
    #[default]
    AtOnce,
}

/// A tape, and how far it was played.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    tape: Rc<Tape>,
    /// The first stamp whose octets were not played.
    next: usize,
    now: Micros,
    /// How fast.
    pub speed: Speed,
    /// Whether it moves.
    pub playing: bool,
}

/// At once, in bites: between them the page can draw and hear the person.
const BITE: usize = 1 << 17;

impl Tape {
    /// Nothing where there is no time to go by. `stamps` are in order of their offsets.
    pub fn new(octets: &[u8], stamps: &[(usize, Micros)]) -> Option<Self> {
        let &(_, first) = stamps.first()?;
        // A clock that was set back while it recorded: the octets come one after another all the same.
        let mut latest = first;
        let mut ordered = Vec::with_capacity(stamps.len());
        for &(offset, at) in stamps {
            latest = latest.max(at);
            ordered.push((offset, latest));
        }
        // Octets in front of the first time belong to it.
        ordered.first_mut()?.0 = 0;
        (latest > first && !octets.is_empty()).then(|| Self { octets: octets.to_vec(), stamps: ordered })
    }

    fn begin(&self) -> Micros {
        self.stamps.first().map_or(0, |&(_, at)| at)
    }

    fn end(&self) -> Micros {
        self.stamps.last().map_or(0, |&(_, at)| at)
    }

    fn piece(&self, number: usize) -> Option<(Micros, &[u8])> {
        let &(start, at) = self.stamps.get(number)?;
        let end = self.stamps.get(number + 1).map_or(self.octets.len(), |&(next, _)| next);
        Some((at, self.octets.get(start..end).unwrap_or_default()))
    }
}

impl Replay {
    /// Behind the end, as a capture is shown when it was opened.
    pub fn new(tape: Tape) -> Self {
        let (next, now) = (tape.stamps.len(), tape.end());
        Self { tape: Rc::new(tape), next, now, speed: Speed::Times(1), playing: false }
    }

    /// When the tape begins, where it stands, and when it ends.
    pub fn times(&self) -> [Micros; 3] {
        [self.tape.begin(), self.now, self.tape.end()]
    }

    /// Whether all of it was played.
    pub fn is_at_end(&self) -> bool {
        self.next >= self.tape.stamps.len()
    }

    /// What is due after so much time of the person went by.
    pub fn advance(&mut self, elapsed: Micros) -> Vec<Event> {
        let events = match self.speed {
            Speed::Times(times) => {
                let until = self.now.saturating_add(elapsed.saturating_mul(u64::from(times)));
                let events = self.play(|_, at| at <= until);
                self.now = until.min(self.tape.end());
                events
            }
            Speed::AtOnce => {
                let events = self.play(|played, _| played < BITE);
                self.now = events.last().map_or(self.now, |event| event.at);
                events
            }
        };
        self.playing &= !self.is_at_end();
        events
    }

    /// Goes to a time, and gives all octets from the beginning up to there.
    pub fn seek(&mut self, at: Micros) -> Vec<Event> {
        self.next = 0;
        self.forward(at)
    }

    /// Goes to a later time, and gives the octets up to there.
    pub fn forward(&mut self, at: Micros) -> Vec<Event> {
        self.now = at.clamp(self.tape.begin(), self.tape.end());
        let until = self.now;
        let events = self.play(|_, at| at <= until);
        self.playing &= !self.is_at_end();
        events
    }

    /// Goes in front of the first octet.
    pub fn rewind(&mut self) {
        (self.next, self.now) = (0, self.tape.begin());
    }

    fn play(&mut self, goes_on: impl Fn(usize, Micros) -> bool) -> Vec<Event> {
        let (mut events, mut played) = (Vec::new(), 0);
        while let Some((at, octets)) = self.tape.piece(self.next).filter(|&(at, _)| goes_on(played, at)) {
            played += octets.len();
            events.push(Event { at, what: What::Octets(octets.into()) });
            self.next += 1;
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OCTETS: [u8; 6] = [1, 2, 3, 4, 5, 6];

    fn replay() -> Replay {
        let mut replay = Replay::new(Tape::new(&OCTETS, &[(1, 100), (2, 200), (4, 150), (5, 1000)]).unwrap());
        replay.rewind();
        replay
    }

    fn octets(events: &[Event]) -> Vec<u8> {
        let octets = |event: &Event| match &event.what {
            What::Octets(octets) => octets.to_vec(),
            _ => Vec::new(),
        };
        events.iter().flat_map(octets).collect()
    }

    #[test]
    fn octets_come_when_they_came() {
        let mut replay = replay();
        replay.playing = true;
        assert_eq!(octets(&replay.advance(0)), [1, 2]);
        assert!(replay.advance(99).is_empty());
        assert_eq!(octets(&replay.advance(1)), [3, 4, 5]);
        replay.speed = Speed::Times(100);
        assert!(replay.advance(7).is_empty());
        assert!(replay.playing);
        assert_eq!(octets(&replay.advance(1)), [6]);
        assert!(!replay.playing && replay.is_at_end());
        assert_eq!(replay.times(), [100, 1000, 1000]);
    }

    #[test]
    fn at_once_is_all_of_it_in_bites() {
        let long: Vec<u8> = (0..=255).cycle().take(3 * BITE + 5).collect();
        let stamps: Vec<_> = (0..long.len()).step_by(1000).map(|offset| (offset, offset as u64)).collect();
        let mut replay = Replay::new(Tape::new(&long, &stamps).unwrap());
        replay.rewind();
        (replay.speed, replay.playing) = (Speed::AtOnce, true);
        let mut played = Vec::new();
        let mut bites = 0;
        while replay.playing {
            played.extend(octets(&replay.advance(0)));
            bites += 1;
        }
        assert!(played == long && bites == 3, "{bites}");
    }

    #[test]
    fn any_place_can_be_gone_to() {
        let mut replay = replay();
        assert_eq!(octets(&replay.seek(999)), [1, 2, 3, 4, 5]);
        assert_eq!(octets(&replay.seek(0)), [1, 2]);
        assert_eq!(octets(&replay.forward(200)), [3, 4, 5]);
        assert_eq!(octets(&replay.seek(u64::MAX)), OCTETS);
        assert!(replay.is_at_end());
    }

    #[test]
    fn what_has_no_length_is_no_tape() {
        assert_eq!(Tape::new(&OCTETS, &[]), None);
        assert_eq!(Tape::new(&OCTETS, &[(0, 5), (3, 5)]), None);
        assert_eq!(Tape::new(&[], &[(0, 5), (0, 6)]), None);
    }
}
