//! Date-times of DLMS (IEC 62056-6-2:2021 4.1.6.1): any part may be left out, and the clock says how far it trusts itself.

use crate::date_time::{Date, DateTime, Time};

/// Octets of a date-time.
pub const DATE_TIME_LENGTH: usize = 12;

/// A part that is not specified.
const NOT_SPECIFIED: u8 = 0xFF;
const YEAR_NOT_SPECIFIED: u16 = 0xFFFF;
const DEVIATION_NOT_SPECIFIED: i16 = i16::MIN;
/// Minutes from local time to UTC lie between these.
const DEVIATIONS: core::ops::RangeInclusive<i16> = -840..=840;

/// Clock status: the time is invalid, or doubtful.
const STATUS_INVALID_OR_DOUBTFUL: u8 = 0x03;
/// Clock status: daylight saving is in force.
const STATUS_DAYLIGHT_SAVING: u8 = 0x80;

/// Reads twelve octets: date, time, hundredths, deviation, clock status. None where they are no date-time at all.
// Inlined, its parts are written one by one where they stay. As a value they would be put together in memory and read
// from there at once, right after they were written.
#[allow(clippy::inline_always, reason = "see above")]
#[inline(always)]
pub fn date_time(octets: &[u8; DATE_TIME_LENGTH]) -> Option<DateTime> {
    let [y1, y2, month, day, weekday, hour, minute, second, hundredths, d1, d2, status] = *octets;
    // 0 is no weekday, but some meters leave it.
    if !matches!(weekday, 0..=7 | NOT_SPECIFIED) || !matches!(hundredths, 0..=99 | NOT_SPECIFIED) {
        return None;
    }
    let deviation = i16::from_be_bytes([d1, d2]);
    let specified = deviation != DEVIATION_NOT_SPECIFIED && DEVIATIONS.contains(&deviation);
    let known_status = status != NOT_SPECIFIED;
    Some(DateTime {
        date: date(&[y1, y2, month, day, weekday])?,
        time: time(&[hour, minute, second, hundredths])?,
        // DLMS counts from local time to UTC.
        utc_offset_minutes: if specified { Some(-deviation) } else { None },
        daylight_saving: if known_status { Some(status & STATUS_DAYLIGHT_SAVING != 0) } else { None },
        doubtful: known_status && status & STATUS_INVALID_OR_DOUBTFUL != 0,
    })
}

/// Reads the five octets of a date: year, month, day, weekday. `Some(None)` where it is not specified.
#[allow(clippy::option_option, reason = "no date, and a date that is left out, are different answers")]
#[inline]
pub fn date(octets: &[u8; 5]) -> Option<Option<Date>> {
    let [y1, y2, month, day, _] = *octets;
    let year = u16::from_be_bytes([y1, y2]);
    // FD and FE stand for the ends of daylight saving and for days counted from the end of the month.
    if month >= 0xFD || day >= 0xFD {
        return Some(None);
    }
    Date::new(if year == YEAR_NOT_SPECIFIED { None } else { Some(year) }, month, day).map(Some)
}

/// Reads the four octets of a time: hour, minute, second, hundredths. `Some(None)` where it is not specified.
#[allow(clippy::option_option, reason = "no time, and a time that is left out, are different answers")]
#[inline]
pub fn time(octets: &[u8; 4]) -> Option<Option<Time>> {
    let [hour, minute, second, _] = *octets;
    if hour == NOT_SPECIFIED || minute == NOT_SPECIFIED {
        return Some(None);
    }
    Time::new(hour, minute, if second == NOT_SPECIFIED { None } else { Some(second) }).map(Some)
}

/// The date-time that an octet string of twelve holds, if it looks like one: a full date of this or the next century.
pub fn in_octet_string(octets: &[u8]) -> Option<DateTime> {
    let octets = octets.as_array::<DATE_TIME_LENGTH>()?;
    // The year's first octet is 07 up to 2047 and 08 up to 2303; digits and letters are above 20.
    if !matches!(octets, [0x07 | 0x08, ..]) {
        return None;
    }
    date_time(octets).filter(|time| time.date.is_some_and(|date| date.year.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    const SUMMER: [u8; 12] = [0x07, 0xE5, 9, 11, 6, 9, 13, 20, 0, 0xFF, 0x88, 0x80];

    #[test]
    fn the_deviation_counts_westward() {
        let time = date_time(&SUMMER).unwrap();
        assert_eq!(time.to_string(), "2021-09-11T09:13:20+02:00");
        assert_eq!(time.daylight_saving, Some(true));
        assert!(!time.doubtful);
    }

    #[test]
    fn parts_left_out() {
        let time = date_time(&[0x07, 0xE3, 2, 4, 1, 23, 52, 22, 0xFF, 0x80, 0, 0]).unwrap();
        assert_eq!(time.to_string(), "2019-02-04T23:52:22");
        let nothing = date_time(&[0xFF; 12]).map(|time| (time.date, time.time));
        assert_eq!(nothing, Some((None, None)));
    }

    #[test]
    fn a_clock_that_does_not_trust_itself() {
        for status in [0x01, 0x02] {
            let mut octets = SUMMER;
            octets[11] = status;
            assert!(date_time(&octets).unwrap().doubtful);
        }
        let mut octets = SUMMER;
        octets[11] = 0xFF;
        let time = date_time(&octets).unwrap();
        assert_eq!((time.doubtful, time.daylight_saving), (false, None));
    }

    #[test]
    fn what_is_no_date_time() {
        for (at, octet) in [(2, 13), (2, 0), (3, 32), (4, 8), (5, 24), (6, 60), (7, 60)] {
            let mut octets = SUMMER;
            octets[at] = octet;
            assert_eq!(date_time(&octets), None, "octet {at} is {octet}");
        }
        assert_eq!(in_octet_string(b"123456789012"), None);
        assert_eq!(in_octet_string(&SUMMER[..11]), None);
        assert!(in_octet_string(&SUMMER).is_some());
    }
}
