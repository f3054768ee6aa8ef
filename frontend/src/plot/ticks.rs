//! What stands at the axes: round numbers, and round times of the wall clock.
//!
//! Local time is worked out moment by moment, from how far the clock is ahead of UTC just then: on the day when the clock
//! goes back, two o'clock stands twice on the axis; when it goes forward, not at all.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "ticks are counted in tens, and times are later than 1970"
)]

use meterscope_decoder::decimal::Decimal;

use super::view::{SECOND, Window};
use crate::source::Micros;

const DAY_SECONDS: i64 = 86_400;
/// Steps of the time axis below a day, in seconds.
const STEPS: [i64; 17] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200];
/// In days.
const DAY_STEPS: [i64; 4] = [1, 2, 7, 14];
/// In months.
const MONTH_STEPS: [i64; 5] = [1, 3, 6, 12, 60];

/// No clock is changed by more than this, or twice within it.
const FARTHEST: Micros = 3 * 3_600 * SECOND;

/// A date and time of day, as a clock on the wall shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of the calendar")]
pub struct WallClock {
    pub year: i64,
    pub month: usize,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
}

/// A mark at the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeTick {
    /// When.
    pub at: Micros,
    /// The same on the wall.
    pub clock: WallClock,
    /// What has to be written at it.
    pub shows: Shows,
}

/// What tells a tick from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Hour, minute and second.
    Second,
    /// Hour and minute.
    Minute,
    /// Day and month.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}

/// How many minutes the clock is ahead of UTC at a moment.
pub type Ahead<'a> = &'a dyn Fn(Micros) -> i64;

impl WallClock {
    /// What the clock shows at a moment.
    pub fn at(at: Micros, ahead: Ahead<'_>) -> Self {
        Self::of((at / SECOND) as i64 + ahead(at) * 60)
    }

    /// `seconds` since 1970-01-01 00:00 of the same clock.
    fn of(seconds: i64) -> Self {
        let (year, month, day) = date(seconds.div_euclid(DAY_SECONDS));
        let second = seconds.rem_euclid(DAY_SECONDS);
        Self {
            year,
            month: month as usize,
            day,
            hour: second / 3_600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }
}

/// How many minutes the clock is ahead of UTC at a moment, if it shows the same once more: an hour before or after, when it
/// goes back.
pub fn offset_if_twice(at: Micros, ahead: Ahead<'_>) -> Option<i64> {
    let here = ahead(at);
    let is_twice = [at.saturating_sub(FARTHEST), at.saturating_add(FARTHEST)].into_iter().any(|near| {
        let other = ahead(near);
        let again = at.saturating_add_signed((here - other) * 60 * SECOND as i64);
        other != here && ahead(again) == other
    });
    is_twice.then_some(here)
}

/// Round times in `window`, `most` at the most.
pub fn time_ticks(window: Window, most: usize, ahead: Ahead<'_>) -> Vec<TimeTick> {
    let seconds = (window.width() / SECOND) as i64;
    let fits = |step: i64| seconds / step < most.max(1) as i64;
    let step = STEPS.into_iter().find(|&step| fits(step));
    let days = DAY_STEPS.into_iter().find(|&days| fits(days * DAY_SECONDS));
    let months = MONTH_STEPS.into_iter().find(|&months| fits(months * 30 * DAY_SECONDS));
    let mut ticks = Vec::new();
    for stretch in stretches(window, ahead) {
        let (from, to) = (stretch.local(stretch.window.from), stretch.local(stretch.window.to));
        match (step, days) {
            (Some(step), _) => stretch.every(step, from, to, &mut ticks),
            (None, Some(days)) => stretch.every(days * DAY_SECONDS, from, to, &mut ticks),
            (None, None) => stretch.months(months.unwrap_or(120), from, to, &mut ticks),
        }
    }
    ticks.retain(|tick| window.contains(tick.at));
    ticks
}

/// A stretch of time in which the clock is not changed.
struct Stretch {
    window: Window,
    ahead_seconds: i64,
}

impl Stretch {
    /// Seconds of the wall clock.
    const fn local(&self, at: Micros) -> i64 {
        (at / SECOND) as i64 + self.ahead_seconds
    }

    fn every(&self, step: i64, from: i64, to: i64, ticks: &mut Vec<TimeTick>) {
        let mut local = from.div_euclid(step) * step;
        while local < to {
            let shows = if step >= DAY_SECONDS {
                Shows::Day
            } else if step >= 60 {
                Shows::Minute
            } else {
                Shows::Second
            };
            self.push(local, shows, ticks);
            local += step;
        }
    }

    fn months(&self, step: i64, from: i64, to: i64, ticks: &mut Vec<TimeTick>) {
        let first = WallClock::of(from);
        let mut month = (first.year * 12 + first.month as i64 - 1).div_euclid(step) * step;
        loop {
            let local = day_number(month.div_euclid(12), month.rem_euclid(12) + 1) * DAY_SECONDS;
            if local >= to {
                return;
            }
            self.push(local, Shows::Month, ticks);
            month += step;
        }
    }

    fn push(&self, local: i64, shows: Shows, ticks: &mut Vec<TimeTick>) {
        let at = (local - self.ahead_seconds).max(0) as Micros * SECOND;
        let ends = ticks.last().is_some_and(|tick: &TimeTick| tick.at >= at);
        if at < self.window.from || at > self.window.to || ends {
            return;
        }
        let clock = WallClock::of(local);
        let midnight = local.rem_euclid(DAY_SECONDS) == 0;
        let shows = match shows {
            Shows::Day | Shows::Month if clock.month == 1 && clock.day == 1 => Shows::Year,
            Shows::Second | Shows::Minute if midnight => Shows::Day,
            other => other,
        };
        ticks.push(TimeTick { at, clock, shows });
    }
}

/// The clock is looked at so often; it is changed twice a year, and in some years and places after a month.
const LOOK: Micros = 7 * DAY_SECONDS as Micros * SECOND;
const MOST_LOOKS: Micros = 1_000;

/// `window`, cut where the clock is changed.
fn stretches(window: Window, ahead: Ahead<'_>) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let (mut from, mut here) = (window.from, ahead(window.from));
    let look = LOOK.max(window.width() / MOST_LOOKS);
    let mut known = window.from;
    while known < window.to {
        let next = known.saturating_add(look).min(window.to);
        let there = ahead(next);
        if there != here {
            let change = change_between(known, next, here, ahead);
            stretches.push(Stretch { window: Window { from, to: change }, ahead_seconds: here * 60 });
            (from, here) = (change, there);
        }
        known = next;
    }
    stretches.push(Stretch { window: Window { from, to: window.to }, ahead_seconds: here * 60 });
    stretches
}

/// The first second at which the clock is no more as it was at `known`.
fn change_between(known: Micros, later: Micros, was: i64, ahead: Ahead<'_>) -> Micros {
    let (mut before, mut behind) = (known / SECOND, later.div_ceil(SECOND));
    while behind - before > 1 {
        let middle = before.midpoint(behind);
        if ahead(middle * SECOND) == was { before = middle } else { behind = middle }
    }
    behind * SECOND
}

/// The year, month and day that is so many days after 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let mut year = 1970 + days.div_euclid(366);
    while new_year(year + 1) <= days {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && day_number(year, month + 1) <= days {
        month += 1;
    }
    (year, month, days - day_number(year, month) + 1)
}

/// Days from 1970-01-01 to the first of a month.
fn day_number(year: i64, month: i64) -> i64 {
    const DAYS: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = DAYS.get((month - 1).clamp(0, 11) as usize).copied().unwrap_or(0);
    new_year(year) + days + i64::from(leap && month > 2)
}

/// Days from 1970-01-01 to the first of January.
const fn new_year(year: i64) -> i64 {
    let before = year - 1;
    365 * (year - 1970) + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 477
}

/// Round numbers between `low` and `high`, `most` at the most.
pub fn value_ticks(low: f64, high: f64, most: usize) -> Vec<Decimal> {
    let least = (high - low) / most.max(1) as f64;
    if !(least.is_finite() && least > 0.0) {
        return Vec::new();
    }
    let mut exponent = least.log10().floor().clamp(-12.0, 15.0) as i8;
    let digits = [1, 2, 5].into_iter().find(|&digits| number(digits, exponent) >= least);
    let digits = digits.unwrap_or_else(|| {
        exponent += 1;
        1
    });
    let step = number(digits, exponent);
    let (bottom, top) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (bottom..=top).take(most + 1).map(|count| Decimal::new(count * digits, exponent)).collect()
}

fn number(digits: i64, exponent: i8) -> f64 {
    let power = 10_f64.powi(i32::from(exponent.unsigned_abs()));
    if exponent < 0 { digits as f64 / power } else { digits as f64 * power }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Micros = 3_600 * SECOND;
    /// 2025-10-26 01:00 UTC, when clocks in Oslo went back from 3 to 2.
    const BACK: Micros = 1_761_440_400 * SECOND;
    /// 2025-03-30 01:00 UTC, when they went forward from 2 to 3.
    const FORWARD: Micros = 1_743_296_400 * SECOND;

    fn oslo(at: Micros) -> i64 {
        if (FORWARD..BACK).contains(&at) { 120 } else { 60 }
    }

    fn hours(window: Window) -> Vec<(i64, i64)> {
        let ticks = time_ticks(window, 9, &oslo);
        ticks.iter().map(|tick| (tick.clock.hour, tick.clock.minute)).collect()
    }

    #[test]
    fn two_o_clock_comes_twice_when_the_clock_goes_back() {
        let window = Window { from: BACK - 3 * HOUR, to: BACK + 3 * HOUR };
        assert_eq!(hours(window), [(0, 0), (1, 0), (2, 0), (2, 0), (3, 0), (4, 0)].map(|it| it));
        let ticks = time_ticks(window, 9, &oslo);
        assert!(ticks.windows(2).all(|pair| pair[1].at - pair[0].at == HOUR));
        assert_eq!(ticks[0].shows, Shows::Day);
    }

    #[test]
    fn two_o_clock_is_left_out_when_the_clock_goes_forward() {
        let window = Window { from: FORWARD - 2 * HOUR, to: FORWARD + 2 * HOUR };
        assert_eq!(
            hours(window).into_iter().filter(|it| it.1 == 0).map(|it| it.0).collect::<Vec<_>>(),
            [0, 1, 3, 4]
        );
    }

    #[test]
    fn what_the_clock_shows_twice_has_its_offset() {
        let minutes = |at: Micros| offset_if_twice(at, &oslo);
        assert_eq!(minutes(BACK - HOUR - 1), None);
        assert_eq!(minutes(BACK - HOUR), Some(120));
        assert_eq!(minutes(BACK - 1), Some(120));
        assert_eq!(minutes(BACK), Some(60));
        assert_eq!(minutes(BACK + HOUR - 1), Some(60));
        assert_eq!(minutes(BACK + HOUR), None);
        for at in (FORWARD - 4 * HOUR..FORWARD + 4 * HOUR).step_by(600_000_000) {
            assert_eq!(minutes(at), None);
        }
    }

    #[test]
    fn days_begin_at_midnight_on_either_side_of_a_change() {
        let ticks = time_ticks(Window { from: BACK - 48 * HOUR, to: BACK + 48 * HOUR }, 5, &oslo);
        assert!(ticks.iter().all(|tick| tick.shows == Shows::Day && tick.clock.hour == 0), "{ticks:?}");
        let days: Vec<i64> = ticks.iter().map(|tick| tick.clock.day).collect();
        assert_eq!(days, [25, 26, 27, 28]);
    }

    #[test]
    fn any_width_has_some_ticks_and_not_too_many() {
        let mut width = 5 * SECOND;
        while width < 20 * 366 * 24 * HOUR {
            let ticks = time_ticks(Window { from: BACK, to: BACK + width }, 8, &oslo);
            assert!((1..=9).contains(&ticks.len()), "{} for {} s", ticks.len(), width / SECOND);
            width = width * 5 / 4;
        }
    }

    #[test]
    fn every_day_has_the_date_after_the_day_before() {
        let mut before = (1969, 12, 31);
        for day in 0..80_000 {
            let (year, month, number) = date(day);
            let follows = (year, month, number) == (before.0, before.1, before.2 + 1)
                || number == 1 && (year * 12 + month) == (before.0 * 12 + before.1 + 1) && before.2 >= 28;
            assert!(follows, "{before:?} {:?}", date(day));
            before = (year, month, number);
        }
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(20_388), (2025, 10, 27));
        let clock = WallClock::at(BACK, &oslo);
        assert_eq!((clock.year, clock.month, clock.day, clock.hour), (2025, 10, 26, 2));
    }

    #[test]
    fn numbers_are_round_and_lie_between_the_ends() {
        let texts = |low, high, most| {
            value_ticks(low, high, most).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(texts(0.0, 100.0, 5), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(texts(229.8, 231.1, 4), ["230.0", "230.5", "231.0"]);
        assert_eq!(texts(-1_500.0, 9_000.0, 3), ["0", "5000"]);
        assert_eq!(texts(5.0, 5.0, 3), [""; 0]);
        assert_eq!(texts(f64::NAN, 5.0, 3), [""; 0]);
    }
}
