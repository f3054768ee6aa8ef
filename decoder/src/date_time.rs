//! Dates and times as meters send them: with parts missing, marked invalid, and seldom with a zone.

use core::fmt;

/// A date, a time of day, or both. A part that the wire leaves out is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// Year, month and day.
    pub date: Option<Date>,
    /// Time of day.
    pub time: Option<Time>,
    /// Minutes east of UTC, where the meter says so (DLMS sends the opposite sign).
    pub utc_offset_minutes: Option<i16>,
    /// Daylight saving time is in force, where the meter says so.
    pub daylight_saving: Option<bool>,
    /// The meter marks the time as invalid or doubtful.
    pub doubtful: bool,
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    /// Four digits; none where it repeats every year.
    pub year: Option<u16>,
    /// 1…12.
    pub month: u8,
    /// 1…31.
    pub day: u8,
}

/// A time of day, as far as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// 0…23.
    pub hour: u8,
    /// 0…59.
    pub minute: u8,
    /// 0…59; a leap second is not sent by any meter known.
    pub second: Option<u8>,
}

impl Date {
    /// A day that exists in the calendar; a year that is missing counts as a leap year.
    #[inline]
    pub const fn new(year: Option<u16>, month: u8, day: u8) -> Option<Self> {
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap(year) => 29,
            2 => 28,
            _ => return None,
        };
        if day == 0 || day > days { None } else { Some(Self { year, month, day }) }
    }
}

const fn is_leap(year: Option<u16>) -> bool {
    match year {
        Some(year) => year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)),
        None => true,
    }
}

impl Time {
    /// A time of day that exists.
    #[inline]
    pub const fn new(hour: u8, minute: u8, second: Option<u8>) -> Option<Self> {
        let second_exists = match second {
            Some(second) => second < 60,
            None => true,
        };
        if hour < 24 && minute < 60 && second_exists { Some(Self { hour, minute, second }) } else { None }
    }
}

/// ISO 8601, as far as the parts are known: `2024-09-16T16:44`, `2021-01-17`, `17:30:05`, `2020-01-25T14:00:10+01:00`.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(date) = self.date {
            match date.year {
                Some(year) => write!(f, "{year:04}-{:02}-{:02}", date.month, date.day)?,
                None => write!(f, "--{:02}-{:02}", date.month, date.day)?,
            }
        }
        let Some(time) = self.time else { return Ok(()) };
        if self.date.is_some() {
            f.write_str("T")?;
        }
        write!(f, "{:02}:{:02}", time.hour, time.minute)?;
        if let Some(second) = time.second {
            write!(f, ":{second:02}")?;
        }
        match self.utc_offset_minutes {
            None => Ok(()),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn days_that_exist() {
        assert!(Date::new(Some(2024), 2, 29).is_some());
        assert!(Date::new(Some(2023), 2, 29).is_none());
        assert!(Date::new(Some(2023), 13, 1).is_none());
        assert!(Date::new(None, 0, 1).is_none());
        assert!(Time::new(24, 0, None).is_none());
    }

    #[test]
    fn iso_8601() {
        let mut time = DateTime {
            date: Date::new(Some(2020), 1, 25),
            time: Time::new(14, 0, Some(10)),
            utc_offset_minutes: Some(-90),
            ..DateTime::default()
        };
        assert_eq!(time.to_string(), "2020-01-25T14:00:10-01:30");
        time.date = None;
        time.utc_offset_minutes = None;
        assert_eq!(time.to_string(), "14:00:10");
    }
}
