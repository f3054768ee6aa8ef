//! How often a meter sends which list, learned from when its messages came.

use meterscope_decoder::message::{ListId, Message, Meter};

use crate::source::Micros;

const SECOND: Micros = 1_000_000;
const HOUR: Micros = 3600 * SECOND;
/// The most lists that are told apart; a bus of heat meters has as many as meters.
const MOST_LISTS: usize = 16;
/// The interval is the middle one of the last so many: one lost message does not change it.
const REMEMBERED: usize = 5;

/// How often which list comes.
#[derive(Clone, Debug, Default)]
pub struct Cadence {
    lists: Vec<List>,
}

/// A list, and when it came.
#[derive(Clone, Debug)]
struct List {
    kind: Kind,
    last: Micros,
    intervals: Vec<Micros>,
    /// The meter's clock said the first minute of an hour, where it said anything.
    on_the_hour: bool,
}

/// What tells a list from others: the same name may stand for lists of different length, and a bus has several meters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Who sent it, where it says so.
    pub meter: Option<Meter>,
    /// What it is called, where that is known.
    pub list: Option<ListId>,
    readings: u16,
}

/// What a list's times say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Of what.
    pub kind: Kind,
    /// From one to the next.
    pub interval: Micros,
    /// When the next is due.
    pub due: Micros,
}

impl Cadence {
    /// A message came.
    pub fn add(&mut self, at: Option<Micros>, message: &Message) {
        let Some(at) = at else { return };
        let kind = Kind { meter: message.meter, list: message.list, readings: message.readings };
        let minute = message.time.and_then(|time| time.time).map(|time| time.minute);
        let on_the_hour = minute == Some(0);
        let known = self.lists.iter().position(|list| list.kind == kind);
        if let Some(list) = known.and_then(|known| self.lists.get_mut(known)) {
            if let Some(interval) = at.checked_sub(list.last).filter(|&interval| interval > 0) {
                if list.intervals.len() == REMEMBERED {
                    list.intervals.remove(0);
                }
                list.intervals.push(interval);
            }
            list.last = at;
            list.on_the_hour &= on_the_hour;
        } else {
            if self.lists.len() == MOST_LISTS {
                // The one that was silent for longest has gone.
                let stalest = (0..).zip(&self.lists).min_by_key(|(_, list)| list.last).map(|(at, _)| at);
                self.lists.swap_remove(stalest.unwrap_or(0));
            }
            self.lists.push(List { kind, last: at, intervals: Vec::new(), on_the_hour });
        }
    }

    /// When the last message came.
    pub fn last(&self) -> Option<Micros> {
        self.lists.iter().map(|list| list.last).max()
    }

    /// The list that comes most often, of those that still come.
    pub fn fastest(&self) -> Option<Rhythm> {
        let last = self.last()?;
        let comes = |rhythm: &Rhythm| rhythm.due + 2 * rhythm.interval >= last;
        self.lists.iter().filter_map(List::rhythm).filter(comes).min_by_key(|rhythm| rhythm.interval)
    }

    /// The list that comes once an hour.
    ///
    /// Nobody waits two hours to be told: a list that came but once, in the first minute of an hour by the meter's own
    /// clock, beside one that comes often, is taken for it, as every HAN port has one.
    pub fn hourly(&self) -> Option<Rhythm> {
        let fastest = self.fastest()?;
        let learned = |list: &List| list.rhythm().filter(|rhythm| rhythm.interval.abs_diff(HOUR) < HOUR / 10);
        let supposed = |list: &List| {
            let once = list.intervals.is_empty() && list.on_the_hour && fastest.interval < HOUR / 10;
            once.then_some(Rhythm { kind: list.kind, interval: HOUR, due: list.last + HOUR })
        };
        self.lists.iter().find_map(learned).or_else(|| self.lists.iter().find_map(supposed))
    }
}

impl List {
    fn rhythm(&self) -> Option<Rhythm> {
        let mut intervals = self.intervals.clone();
        intervals.sort_unstable();
        let interval = *intervals.get(intervals.len() / 2)?;
        Some(Rhythm { kind: self.kind, interval, due: self.last + interval })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_decoder::date_time::{DateTime, Time};
    use meterscope_decoder::message::Protocol;

    fn message(readings: u16, minute: u8) -> Message {
        let time = Time::new(12, minute, Some(0));
        let time = Some(DateTime { time, ..DateTime::default() });
        Message { readings, time, ..Message::new(Protocol::Dlms) }
    }

    #[test]
    fn a_lost_message_does_not_change_the_interval() {
        let mut cadence = Cadence::default();
        for at in [0, 10, 20, 40, 50, 60] {
            cadence.add(Some(at * SECOND), &message(13, 5));
        }
        let rhythm = cadence.fastest().unwrap();
        assert_eq!((rhythm.interval, rhythm.due), (10 * SECOND, 70 * SECOND));
        assert_eq!(cadence.hourly(), None);
    }

    #[test]
    fn an_hourly_list_is_expected_after_it_came_once() {
        let mut cadence = Cadence::default();
        for at in 0..4 {
            cadence.add(Some(at * 10 * SECOND), &message(13, 0));
        }
        cadence.add(Some(35 * SECOND), &message(18, 0));
        assert_eq!(cadence.hourly().unwrap().due, 35 * SECOND + HOUR);
        cadence.add(Some(35 * SECOND + HOUR), &message(18, 0));
        assert_eq!(cadence.hourly().unwrap().due, 35 * SECOND + 2 * HOUR);
    }

    #[test]
    fn a_list_in_the_middle_of_an_hour_is_none_of_the_hour() {
        let mut cadence = Cadence::default();
        for at in 0..4 {
            cadence.add(Some(at * 10 * SECOND), &message(13, 30));
        }
        cadence.add(Some(35 * SECOND), &message(18, 30));
        assert_eq!(cadence.hourly(), None);
    }

    #[test]
    fn each_meter_has_its_own_rhythm_and_who_is_silent_has_none() {
        let mut cadence = Cadence::default();
        let of = |letters: &[u8; 3]| {
            let meter = Some(Meter { manufacturer: Some(*letters), ..Meter::default() });
            Message { meter, ..message(10, 5) }
        };
        for second in 0..20 {
            let who = if second % 2 == 0 { of(b"AAA") } else { of(b"BBB") };
            cadence.add(Some(second * SECOND), &who);
        }
        assert_eq!(cadence.fastest().unwrap().interval, 2 * SECOND);
        for time in 2..10 {
            cadence.add(Some(time * 10 * SECOND), &of(b"CCC"));
        }
        let fastest = cadence.fastest().unwrap();
        assert_eq!(
            (fastest.interval, fastest.kind.meter.unwrap().manufacturer),
            (10 * SECOND, Some(*b"CCC"))
        );
    }

    #[test]
    fn messages_without_a_time_teach_nothing() {
        let mut cadence = Cadence::default();
        cadence.add(None, &message(13, 0));
        cadence.add(None, &message(13, 0));
        assert_eq!(cadence.fastest(), None);
    }
}
