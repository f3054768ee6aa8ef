//! The clock of an invented meter.

use crate::date_time::{Date, DateTime, Time};

/// Seconds since 2000-01-01T00:00:00, local time without daylight saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(pub u32);

/// The same as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Four digits.
    pub year: u16,
    /// 1…12.
    pub month: u8,
    /// 1…31.
    pub day: u8,
    /// 1 is Monday, 7 is Sunday.
    pub weekday: u8,
    /// 0…23.
    pub hour: u8,
    /// 0…59.
    pub minute: u8,
    /// 0…59.
    pub second: u8,
}

const EPOCH_YEAR: u16 = 2000;
/// 2000-01-01 was a Saturday; days are counted from it.
const EPOCH_WEEKDAY: u32 = 6;
/// The seconds of a u32 end in this year.
const LAST_YEAR: u16 = 2135;
const DAY_SECONDS: u32 = 24 * 60 * 60;

impl Clock {
    /// A time that exists between 2000 and 2135.
    pub fn new(year: u16, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<Self> {
        Date::new(Some(year), month, day)?;
        Time::new(hour, minute, Some(second))?;
        if !(EPOCH_YEAR..=LAST_YEAR).contains(&year) {
            return None;
        }
        let years: u32 = (EPOCH_YEAR..year).map(days_of_year).sum();
        let months: u32 = (1..month).map(|month| days_of_month(year, month)).sum();
        let days = years + months + u32::from(day) - 1;
        let seconds = (u32::from(hour) * 60 + u32::from(minute)) * 60 + u32::from(second);
        Some(Self(days * DAY_SECONDS + seconds))
    }

    /// The clock so many seconds later; it stops at its last second.
    #[must_use]
    pub const fn later(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The beginning of the hour.
    #[must_use]
    pub const fn hour_start(self) -> Self {
        Self(self.0 - self.0 % 3600)
    }

    /// Seconds since midnight.
    pub const fn second_of_day(self) -> u32 {
        self.0 % DAY_SECONDS
    }

    /// Year to second.
    pub fn civil(self) -> Civil {
        let days = self.0 / DAY_SECONDS;
        let (year, month, day) = date(days);
        let seconds = self.second_of_day();
        Civil {
            year,
            month,
            day,
            weekday: ((days + EPOCH_WEEKDAY - 1) % 7 + 1) as u8,
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
        }
    }

    /// As the decoder gives it, without zone.
    pub fn date_time(self) -> DateTime {
        let civil = self.civil();
        DateTime {
            date: Date::new(Some(civil.year), civil.month, civil.day),
            time: Time::new(civil.hour, civil.minute, Some(civil.second)),
            ..DateTime::default()
        }
    }
}

/// Year, month and day so many days after 2000-01-01. At most 136 years and 12 months are counted off.
fn date(mut days: u32) -> (u16, u8, u8) {
    let mut year = EPOCH_YEAR;
    while days >= days_of_year(year) {
        days -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_of_month(year, month) {
        days -= days_of_month(year, month);
        month += 1;
    }
    (year, month, days as u8 + 1)
}

const fn days_of_year(year: u16) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

const fn days_of_month(year: u16, month: u8) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn there_and_back() {
        for (parts, weekday) in [
            ((2000, 1, 1, 0, 0, 0), 6),
            ((2024, 2, 29, 23, 59, 59), 4),
            ((2025, 12, 31, 12, 0, 1), 3),
            ((2100, 3, 1, 1, 2, 3), 1),
            ((2135, 12, 31, 23, 59, 59), 6),
        ] {
            let (year, month, day, hour, minute, second) = parts;
            let civil = Clock::new(year, month, day, hour, minute, second).unwrap().civil();
            assert_eq!((civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second), parts);
            assert_eq!(civil.weekday, weekday, "{parts:?}");
        }
    }

    #[test]
    fn times_that_do_not_exist() {
        assert_eq!(Clock::new(2023, 2, 29, 0, 0, 0), None);
        assert_eq!(Clock::new(1999, 12, 31, 0, 0, 0), None);
        assert_eq!(Clock::new(2136, 1, 1, 0, 0, 0), None);
        assert_eq!(Clock::new(2024, 1, 1, 24, 0, 0), None);
    }

    #[test]
    fn the_last_second_is_the_end() {
        let end = Clock(u32::MAX);
        assert_eq!(end.later(1), end);
        assert_eq!(end.date_time().to_string(), "2136-02-07T06:28:15");
    }
}
