//! Dates and times of the types F, G, I and J (EN 13757-3:2018 Annex A).
//!
//! Years carry two digits. Type F adds a century in two bits that many meters leave 0; then 00…80 count from 2000, as
//! EN 13757-3:2018 Table A.5 advises for type F and everybody does for type G.

use crate::date_time::{Date, DateTime, Time};
use crate::reading::Note;

/// Seven bits hold more than two digits; all ones stand for every year.
const EVERY_YEAR: u8 = 127;
/// A meter that dates itself later has its century wrong.
const LAST_PLAUSIBLE_YEAR: u16 = 2099;
const MINUTE_INVALID: u8 = 0x80;

/// A date or time, or why there is none.
pub type Decoded = Result<DateTime, Note>;

/// The type that fits the number of octets: G of 2, J of 3, F of 4, I of 6.
pub fn decode(octets: &[u8]) -> Option<Decoded> {
    if octets.iter().all(|&octet| octet == 0xFF) && !octets.is_empty() {
        return Some(Err(Note::MarkedInvalid));
    }
    match *octets {
        [low, high] => Some(type_g(low, high)),
        [second, minute, hour] => Some(type_j(second, minute, hour)),
        [minute, hour, low, high] => Some(type_f(minute, hour, low, high)),
        [second, minute, hour, low, high, _week] => Some(type_i(second, minute, hour, low, high)),
        _ => None,
    }
}

/// Whether the year of a date stands for every year.
pub fn is_every_year(octets: &[u8]) -> bool {
    let ([low, high] | [_, _, low, high] | [_, _, _, low, high, _]) = *octets else { return false };
    high >> 4 << 3 | low >> 5 == EVERY_YEAR
}

/// Date, CP16.
fn type_g(low: u8, high: u8) -> Decoded {
    let date = date(low, high, 0).ok_or(Note::NoSuchDate)?;
    Ok(DateTime { date: Some(date), ..DateTime::default() })
}

/// Time, CP24.
fn type_j(second: u8, minute: u8, hour: u8) -> Decoded {
    let time = Time::new(hour & 0x1F, minute & 0x3F, Some(second & 0x3F)).ok_or(Note::NoSuchDate)?;
    Ok(DateTime { time: Some(time), ..DateTime::default() })
}

/// Date and time to the minute, CP32.
fn type_f(minute: u8, hour: u8, low: u8, high: u8) -> Decoded {
    if minute & MINUTE_INVALID != 0 {
        return Err(Note::MarkedInvalid);
    }
    let century = hour >> 5 & 0x03;
    let date = date(low, high, century).ok_or(Note::NoSuchDate)?;
    let time = Time::new(hour & 0x1F, minute & 0x3F, None).ok_or(Note::NoSuchDate)?;
    Ok(DateTime {
        date: Some(date),
        time: Some(time),
        daylight_saving: Some(hour & 0x80 != 0),
        ..DateTime::default()
    })
}

/// Date and time to the second, CP48.
fn type_i(second: u8, minute: u8, hour: u8, low: u8, high: u8) -> Decoded {
    if minute & MINUTE_INVALID != 0 {
        return Err(Note::MarkedInvalid);
    }
    let date = date(low, high, 0).ok_or(Note::NoSuchDate)?;
    let time = Time::new(hour & 0x1F, minute & 0x3F, Some(second & 0x3F)).ok_or(Note::NoSuchDate)?;
    Ok(DateTime {
        date: Some(date),
        time: Some(time),
        daylight_saving: Some(second & 0x40 != 0),
        ..DateTime::default()
    })
}

fn date(low: u8, high: u8, century: u8) -> Option<Date> {
    let day = low & 0x1F;
    let month = high & 0x0F;
    let two_digits = high >> 4 << 3 | low >> 5;
    let year = match (two_digits, century) {
        // Taken at its word this is 2027; that it means every year is noted beside it.
        (EVERY_YEAR, _) => 1900 + u16::from(EVERY_YEAR),
        (100.., _) => return None,
        (0..=80, 0) => 2000 + u16::from(two_digits),
        (_, century) => match 1900 + 100 * u16::from(century) + u16::from(two_digits) {
            year @ ..=LAST_PLAUSIBLE_YEAR => year,
            _ => 2000 + u16::from(two_digits),
        },
    };
    Date::new(Some(year), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::{String, ToString};

    fn text(octets: &[u8]) -> String {
        match decode(octets) {
            Some(Ok(time)) => time.to_string(),
            Some(Err(note)) => note.text().to_string(),
            None => String::from("no date type"),
        }
    }

    #[test]
    fn each_type() {
        assert_eq!(text(&[0x01, 0x39]), "2024-09-01");
        assert_eq!(text(&[0x2C, 0x30, 0x10, 0x39]), "2024-09-16T16:44");
        assert_eq!(text(&[0x37, 0x09, 0x0E, 0x22, 0x32, 0x05]), "2025-02-02T14:09:55");
        assert_eq!(text(&[5, 30, 17]), "17:30:05");
        assert_eq!(text(&[0xE1, 0xF1]), "2027-01-01");
        assert!(is_every_year(&[0xE1, 0xF1]) && !is_every_year(&[0x01, 0x39]));
        assert_eq!(text(&[0x22, 0x48, 0x41, 0x36]), "2026-06-01T08:34");
    }

    #[test]
    fn no_date() {
        assert_eq!(text(&[0xFF, 0xFF]), Note::MarkedInvalid.text());
        assert_eq!(text(&[0x80, 0x00, 0x10, 0x39]), Note::MarkedInvalid.text());
        assert_eq!(text(&[0x00, 0x00]), Note::NoSuchDate.text());
        assert_eq!(text(&[1, 2, 3, 4, 5]), "no date type");
    }
}
