//! Times of recording, kept as they were written: a log rarely says its time zone, and some have no date.

use std::fmt;
use std::str::FromStr;

use crate::text::stamp;

/// When something was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Nanoseconds since the start that [`Self::reference`] names, by the clock that was read.
    pub nanoseconds: i64,
    /// Which clock was read.
    pub reference: Reference,
    /// How many digits stood behind the seconds, at most 9.
    pub digits: u8,
}

/// What a time counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// 1970-01-01 00:00 UTC.
    Utc,
    /// 1970-01-01 00:00 of a clock this many minutes ahead of UTC.
    Offset(i16),
    /// 1970-01-01 00:00 of a clock of which no time zone is known.
    Local,
    /// The start of a year that is not known (syslog); leap days are counted.
    Year,
    /// Midnight of a day that is not known.
    Midnight,
    /// The start of whatever recorded it.
    Start,
}

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400;
/// A leap year, for dates without one.
const ANY_YEAR: i64 = 2000;

impl Time {
    /// A time since 1970 in UTC, as capture files and epoch seconds give it; `digits` behind the seconds are known.
    pub fn since_1970(nanoseconds: i64, digits: u8) -> Self {
        Self { nanoseconds, reference: Reference::Utc, digits }
    }

    /// Nanoseconds since 1970-01-01 00:00 UTC, where the date is known; `zone_minutes` are taken for a clock that does
    /// not say how far it is ahead of UTC.
    pub fn unix_nanoseconds(&self, zone_minutes: i16) -> Option<i64> {
        let ahead_minutes = match self.reference {
            Reference::Utc => 0,
            Reference::Offset(minutes) => minutes,
            Reference::Local => zone_minutes,
            Reference::Year | Reference::Midnight | Reference::Start => return None,
        };
        self.nanoseconds.checked_sub(i64::from(ahead_minutes) * 60 * SECOND)
    }
}

/// A text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTime;

impl FromStr for Time {
    type Err = NoTime;

    /// As [`import`](crate::import) reads the times of logs: `2026-11-21T08:12:00+01:00`, `21.11.2026 08:12:00`, a date, a
    /// number of seconds since 1970.
    fn from_str(text: &str) -> Result<Self, NoTime> {
        // What ends a number of seconds ends the text as well.
        let padded = format!("{} ", text.trim());
        let (time, length) = stamp::leading(padded.as_bytes()).ok_or(NoTime)?;
        (length >= padded.len() - 1).then_some(time).ok_or(NoTime)
    }
}

/// A date of the Gregorian calendar, and a time of day.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// Year, month and day, each as written; no year where it is 0.
    pub(crate) date: Option<(i64, i64, i64)>,
    pub(crate) second_of_day: i64,
    pub(crate) nanosecond: i64,
    pub(crate) digits: u8,
    pub(crate) offset_minutes: Option<i16>,
}

impl Clock {
    /// No time where the date does not exist or lies further from 1970 than 64 bits of nanoseconds reach.
    pub(crate) fn time(self) -> Option<Time> {
        let (seconds, reference) = match self.date {
            None => (self.second_of_day, Reference::Midnight),
            Some((0, month, day)) => {
                let day = day_number(ANY_YEAR, month, day)? - day_number(ANY_YEAR, 1, 1)?;
                (day * DAY + self.second_of_day, Reference::Year)
            }
            Some((year, month, day)) => {
                let reference = match self.offset_minutes {
                    None => Reference::Local,
                    Some(0) => Reference::Utc,
                    Some(minutes) => Reference::Offset(minutes),
                };
                (day_number(year, month, day)? * DAY + self.second_of_day, reference)
            }
        };
        let nanoseconds = seconds.checked_mul(SECOND)?.checked_add(self.nanosecond)?;
        Some(Time { nanoseconds, reference, digits: self.digits })
    }
}

/// Days since 1970-01-01, for a date that exists.
pub fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    // Years are counted from March, so that the leap day is the last of its year; 5 months have 153 days.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_in_years = 365 * year + year / 4 - year / 100 + year / 400;
    Some(days_in_years + (153 * month + 2) / 5 + day - 1 - 719_468)
}

/// The inverse of [`day_number`].
fn date(day_number: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    let days = day_number + 719_468;
    let era = days.div_euclid(ERA);
    let day_of_era = days.rem_euclid(ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (ERA - 1)) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year_of_era + carry, month, day)
}

/// As ISO 8601 writes it, with as much as is known: `2022-04-28T06:14:17Z`, `--01-30T21:39:47`, `22:48:59.123`. A time
/// since a start is a duration in seconds: `PT182732.919S`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.nanoseconds.div_euclid(SECOND);
        let fraction = self.nanoseconds.rem_euclid(SECOND);
        if self.reference == Reference::Start {
            write!(f, "PT{seconds}")?;
            write_fraction(f, fraction, self.digits)?;
            return f.write_str("S");
        }
        let (year, month, day) = date(seconds.div_euclid(DAY));
        match self.reference {
            Reference::Midnight => {}
            Reference::Year => {
                let (_, month, day) = date(seconds.div_euclid(DAY) + 10_957);
                write!(f, "--{month:02}-{day:02}T")?;
            }
            _ => write!(f, "{year:04}-{month:02}-{day:02}T")?,
        }
        let second = seconds.rem_euclid(DAY);
        write!(f, "{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)?;
        write_fraction(f, fraction, self.digits)?;
        match self.reference {
            Reference::Utc => f.write_str("Z"),
            Reference::Offset(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            _ => Ok(()),
        }
    }
}

fn write_fraction(f: &mut fmt::Formatter<'_>, nanoseconds: i64, digits: u8) -> fmt::Result {
    let digits = usize::from(digits.min(9));
    if digits == 0 {
        return Ok(());
    }
    let shown = nanoseconds / 10_i64.pow(9 - digits as u32);
    write!(f, ".{shown:0digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries() {
        for day in -200_000..200_000 {
            let (year, month, day_of_month) = date(day);
            assert_eq!(day_number(year, month, day_of_month), Some(day));
        }
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(day_number(2023, 2, 29), None);
        assert_eq!(day_number(2023, 13, 1), None);
    }

    #[test]
    fn times_are_read_from_text() {
        for (text, shown) in [
            ("2026-11-21T08:12:00+01:00", "2026-11-21T08:12:00+01:00"),
            (" 21.11.2026 08:12:00.5 ", "2026-11-21T08:12:00.5"),
            ("2026-11-21", "2026-11-21T00:00:00"),
            ("1795248720", "2026-11-21T08:12:00Z"),
        ] {
            assert_eq!(text.parse::<Time>().unwrap().to_string(), shown);
        }
        for text in ["", "soon", "2026-11-21 x", "2026-13-21", "17952487200"] {
            assert_eq!(text.parse::<Time>(), Err(NoTime), "{text}");
        }
    }

    #[test]
    fn as_much_as_is_known() {
        let clock = Clock { second_of_day: 83_339, nanosecond: 123_000_000, digits: 3, ..Clock::default() };
        assert_eq!(clock.time().unwrap().to_string(), "23:08:59.123");
        let syslog = Clock { date: Some((0, 2, 29)), digits: 0, ..clock };
        assert_eq!(syslog.time().unwrap().to_string(), "--02-29T23:08:59");
        let dated = Clock { date: Some((2022, 4, 28)), ..clock };
        assert_eq!(dated.time().unwrap().to_string(), "2022-04-28T23:08:59.123");
        assert_eq!(dated.time().unwrap().unix_nanoseconds(120), Some(1_651_180_139_123_000_000));
        let zoned = Clock { offset_minutes: Some(-150), ..dated };
        assert_eq!(zoned.time().unwrap().to_string(), "2022-04-28T23:08:59.123-02:30");
        assert_eq!(zoned.time().unwrap().unix_nanoseconds(0), Some(1_651_196_339_123_000_000));
        let packet = Time::since_1970(1_763_680_000_123_456_789, 9);
        assert_eq!(packet.to_string(), "2025-11-20T23:06:40.123456789Z");
        let start = Time { nanoseconds: 182_732_919_000_000, reference: Reference::Start, digits: 3 };
        assert_eq!(start.to_string(), "PT182732.919S");
    }
}
