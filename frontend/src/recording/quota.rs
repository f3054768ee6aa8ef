//! How long the browser's storage will do. It is said well before it is full.

use std::collections::VecDeque;

use super::numbers::{float, whole};

/// What the browser says of its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Octets that are taken.
    pub usage: u64,
    /// Octets that may be taken.
    pub quota: u64,
}

/// The storage gets full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// At the present rate it is full in so many hours.
    Hours(u32),
    /// So many hundredths are taken.
    Percent(u32),
}

/// How fast a recording grows: what it weighed at every look, over the last hour.
#[derive(Clone, Debug, Default)]
pub struct Growth {
    /// Milliseconds and octets.
    looks: VecDeque<(f64, u64)>,
}

/// A person who looks once a day has to be warned in time.
const FORESIGHT_HOURS: f64 = 24.0;
const FULL_PERCENT: u64 = 90;
/// One look a minute.
const MOST_LOOKS: usize = 60;
const MINUTE_MS: f64 = 60_000.0;
const HOUR_MS: f64 = 60.0 * MINUTE_MS;

impl Growth {
    /// The recording weighs so much now.
    pub fn look(&mut self, now_ms: f64, octets: u64) {
        if self.looks.len() == MOST_LOOKS {
            self.looks.pop_front();
        }
        self.looks.push_back((now_ms, octets));
    }

    /// Octets an hour; none before a minute of it was seen, since a rate over less says little.
    fn hourly(&self) -> Option<f64> {
        let (&(first_ms, first), &(last_ms, last)) = (self.looks.front()?, self.looks.back()?);
        let span_ms = last_ms - first_ms;
        (span_ms >= MINUTE_MS).then(|| float(last.saturating_sub(first)) / span_ms * HOUR_MS)
    }

    /// Whether the storage gets full.
    pub fn shortage(&self, room: Room) -> Option<Shortage> {
        let left = room.quota.saturating_sub(room.usage);
        let hours = self.hourly().filter(|&hourly| hourly > 0.0).map(|hourly| float(left) / hourly);
        if let Some(hours) = hours.filter(|&hours| hours < FORESIGHT_HOURS) {
            return Some(Shortage::Hours(whole(hours) as u32));
        }
        let percent = room.usage.saturating_mul(100).checked_div(room.quota)?;
        (percent >= FULL_PERCENT).then_some(Shortage::Percent(percent.min(100) as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growing(octets_a_minute: u64, minutes: u64) -> Growth {
        let mut growth = Growth::default();
        for minute in 0..=minutes {
            growth.look(float(minute) * MINUTE_MS, minute * octets_a_minute);
        }
        growth
    }

    #[test]
    fn less_than_a_day_at_the_present_rate_is_said() {
        let growth = growing(1000, 5);
        let room = |hours: u64| Room { usage: 0, quota: hours * 60_000 };
        assert_eq!(growth.shortage(room(24)), None);
        assert_eq!(growth.shortage(room(23)), Some(Shortage::Hours(23)));
        assert_eq!(growth.shortage(Room { usage: 60_000, quota: 60_001 }), Some(Shortage::Hours(0)));
    }

    #[test]
    fn nine_tenths_are_said_however_slow_it_grows() {
        let growth = growing(1, 100);
        assert_eq!(growth.shortage(Room { usage: 899_999, quota: 1_000_000 }), None);
        assert_eq!(growth.shortage(Room { usage: 950_000, quota: 1_000_000 }), Some(Shortage::Percent(95)));
        assert_eq!(growing(0, 3).shortage(Room { usage: 7, quota: 5 }), Some(Shortage::Percent(100)));
    }

    #[test]
    fn the_first_minute_foretells_nothing() {
        let mut growth = Growth::default();
        growth.look(0.0, 0);
        growth.look(30_000.0, 1_000_000);
        assert_eq!(growth.shortage(Room { usage: 0, quota: 2_000_000 }), None);
        assert_eq!(growth.shortage(Room { usage: 0, quota: 0 }), None);
    }

    #[test]
    fn only_the_last_hour_counts() {
        let mut growth = growing(1_000_000, 10);
        for minute in 11..=100_u64 {
            growth.look(float(minute) * MINUTE_MS, 10_000_000);
        }
        assert_eq!(growth.looks.len(), MOST_LOOKS);
        assert_eq!(growth.hourly(), Some(0.0));
    }
}
