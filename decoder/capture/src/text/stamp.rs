//! Times at the start of a line, or in it, as logs write them.

use crate::time::{Clock, Reference, Time};

/// The time at the start of `text`, and how long it is. Known are ISO 8601, `dd.mm.yyyy` and `dd/mm/yyyy`, syslog
/// (`Jan 30 21:39:47`), a time of day, seconds or milliseconds since 1970, and seconds since a start (`PT1.5S`).
pub(crate) fn leading(text: &[u8]) -> Option<(Time, usize)> {
    // Most lines begin with anything else.
    if !text.first().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let mut reader = Reader { text, at: 0 };
    let clock = date_and_time(&mut reader).or_else(|| {
        reader.at = 0;
        time_of_day(&mut reader)
    });
    if let Some(time) = clock.and_then(Clock::time) {
        return Some((time, reader.at));
    }
    since_1970(text).or_else(|| since_start(text))
}

/// The first date with a time within `text`, as JSON has it behind a name.
pub(crate) fn within(text: &[u8]) -> Option<Time> {
    let mut before = b' ';
    text.iter().enumerate().find_map(|(at, &octet)| {
        let begins = octet.is_ascii_digit() && !before.is_ascii_digit();
        before = octet;
        let mut reader = Reader { text: text.get(at..).filter(|_| begins)?, at: 0 };
        date_and_time(&mut reader)?.time()
    })
}

fn date_and_time(reader: &mut Reader<'_>) -> Option<Clock> {
    let date = reader.date()?;
    let written_out = reader.text.first().is_some_and(u8::is_ascii_digit);
    let clock = if reader.one_of(b"T_") || reader.spaces() {
        let before = reader.at;
        time_of_day(reader).or_else(|| {
            // A date alone is a time too.
            reader.at = before;
            written_out.then(Clock::default)
        })?
    } else if written_out && !reader.next_is(|octet| octet.is_ascii_alphanumeric()) {
        Clock::default()
    } else {
        return None;
    };
    Some(Clock { date: Some(date), ..clock })
}

/// `21:39:47.123+01:00`; seconds may be missing only in front of an end.
fn time_of_day(reader: &mut Reader<'_>) -> Option<Clock> {
    let hour = reader.number(2, 23)?;
    let minute = reader.one_of(b":").then(|| reader.number(2, 59)).flatten()?;
    let second = reader.one_of(b":").then(|| reader.number(2, 60)).flatten()?;
    let mut clock = Clock { second_of_day: hour * 3600 + minute * 60 + second, ..Clock::default() };
    // `12:30:45:7E` is no time.
    if reader.next_is(|octet| octet == b':' || octet.is_ascii_digit()) {
        return None;
    }
    if reader.next_is(|octet| matches!(octet, b'.' | b',')) && reader.digit_at(1) {
        reader.at += 1;
        while let Some(digit) = reader.digit() {
            if clock.digits < 9 {
                clock.nanosecond = clock.nanosecond * 10 + digit;
                clock.digits += 1;
            }
        }
        clock.nanosecond *= 10_i64.pow(9 - u32::from(clock.digits));
    }
    clock.offset_minutes = reader.zone();
    // `12:30:45.7E` is none either.
    (!reader.next_is(|octet| octet.is_ascii_alphanumeric())).then_some(clock)
}

/// Between 2010 and 2100: an M-Bus short frame of ten decimal digits (`10…16`) is below, eleven digits are a meter number.
fn since_1970(text: &[u8]) -> Option<(Time, usize)> {
    const RANGE: std::ops::Range<i64> = 1_262_304_000..4_102_444_800;
    let length = text.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let value = || {
        text.get(..length)?
            .iter()
            .try_fold(0_i64, |value, digit| value.checked_mul(10)?.checked_add(i64::from(digit - b'0')))
    };
    let (scale, digits) = match length {
        10 => (1, 0),
        13 => (1_000, 3),
        16 => (1_000_000, 6),
        19 => (1_000_000_000, 9),
        _ => return None,
    };
    let value = value()?;
    if !RANGE.contains(&(value / scale)) {
        return None;
    }
    let nanoseconds = value.checked_mul(1_000_000_000 / scale)?;
    let mut reader = Reader { text, at: length };
    let (mut fraction, mut fraction_digits) = (0, 0);
    if digits == 0 && reader.next_is(|octet| octet == b'.') && reader.digit_at(1) {
        reader.at += 1;
        while let Some(digit) = reader.digit() {
            if fraction_digits < 9 {
                fraction = fraction * 10 + digit;
                fraction_digits += 1;
            }
        }
        fraction *= 10_i64.pow(9 - u32::from(fraction_digits));
    }
    // Octets follow in another column; anything joined to the number makes it something else.
    let ends = reader.next_is(|octet| octet.is_ascii_whitespace() || b"],;:)|".contains(&octet));
    let time = Time::since_1970(nanoseconds.checked_add(fraction)?, digits.max(fraction_digits));
    ends.then_some((time, reader.at))
}

/// `PT182732.919S`, a duration of ISO 8601 in seconds.
fn since_start(text: &[u8]) -> Option<(Time, usize)> {
    let mut reader = Reader { text, at: text.starts_with(b"PT").then_some(2)? };
    let mut seconds = reader.digit()?;
    while let Some(digit) = reader.digit() {
        seconds = seconds.checked_mul(10)?.checked_add(digit)?;
    }
    let (mut fraction, mut digits) = (0, 0);
    if reader.one_of(b".") {
        while let (0..9, Some(digit)) = (digits, reader.digit()) {
            fraction = fraction * 10 + digit;
            digits += 1;
        }
    }
    let fraction = fraction * 10_i64.pow(9 - u32::from(digits));
    let nanoseconds = seconds.checked_mul(1_000_000_000)?.checked_add(fraction)?;
    let ends = reader.one_of(b"S") && !reader.next_is(|octet| octet.is_ascii_alphanumeric());
    ends.then_some((Time { nanoseconds, reference: Reference::Start, digits }, reader.at))
}

/// Reads forward; where something is not there the place is not restored.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn next_is(&self, is: impl Fn(u8) -> bool) -> bool {
        self.text.get(self.at).is_some_and(|&octet| is(octet))
    }

    fn digit_at(&self, ahead: usize) -> bool {
        self.text.get(self.at + ahead).is_some_and(u8::is_ascii_digit)
    }

    fn digit(&mut self) -> Option<i64> {
        let digit = *self.text.get(self.at).filter(|octet| octet.is_ascii_digit())?;
        self.at += 1;
        Some(i64::from(digit - b'0'))
    }

    fn one_of(&mut self, octets: &[u8]) -> bool {
        let found = self.next_is(|octet| octets.contains(&octet));
        self.at += usize::from(found);
        found
    }

    fn spaces(&mut self) -> bool {
        let start = self.at;
        while self.one_of(b" ,;\t") {}
        self.at > start
    }

    /// One to `digits` digits, and no more follow; not above `most`.
    fn number(&mut self, digits: usize, most: i64) -> Option<i64> {
        let start = self.at;
        let mut value = 0;
        while let Some(digit) = self.digit() {
            value = value * 10 + digit;
            if self.at - start > digits {
                return None;
            }
        }
        (self.at > start && value <= most).then_some(value)
    }

    fn date(&mut self) -> Option<(i64, i64, i64)> {
        if self.next_is(|octet| octet.is_ascii_alphabetic()) {
            return self.syslog_date();
        }
        let first = self.number(4, 9999)?;
        let first_digits = self.at;
        let separator = *self.text.get(self.at).filter(|octet| b"-./".contains(octet))?;
        self.at += 1;
        let second = self.number(2, 12)?;
        if !self.one_of(&[separator]) {
            return None;
        }
        let third_start = self.at;
        let third = self.number(4, 9999)?;
        match (first_digits, self.at - third_start) {
            (4, 1..=2) => Some((first, second, third)),
            (1..=2, 4) => Some((third, second, first)),
            (2, 2) if separator == b'.' => Some((2000 + third, second, first)),
            _ => None,
        }
    }

    /// `Jan 30` or `Jan  3`, without a year.
    fn syslog_date(&mut self) -> Option<(i64, i64, i64)> {
        const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
        let name = self.text.first_chunk::<3>()?;
        let month = MONTHS.as_chunks::<3>().0.iter().position(|month| month == name)? as i64 + 1;
        self.at = 3;
        if !self.spaces() {
            return None;
        }
        Some((0, month, self.number(2, 31)?))
    }

    /// `Z`, `+01:00` or `+0100`, also behind a space.
    fn zone(&mut self) -> Option<i16> {
        if self.one_of(b"Z") {
            return Some(0);
        }
        let start = self.at;
        self.one_of(b" ");
        let sign = if self.one_of(b"+") { 1 } else { -1 };
        let parsed = (sign == 1 || self.at == start && self.one_of(b"-"))
            .then(|| {
                let (hour, minute) = (self.two_digits()?, {
                    self.one_of(b":");
                    self.two_digits()?
                });
                (hour <= 14 && minute < 60).then_some(sign * (hour * 60 + minute) as i16)
            })
            .flatten();
        if parsed.is_none() {
            self.at = start;
        }
        parsed
    }

    fn two_digits(&mut self) -> Option<i64> {
        Some(self.digit()? * 10 + self.digit()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_logs_write_them() {
        for (text, expected, rest) in [
            ("2022-04-28T06:14:17Z RECV", "2022-04-28T06:14:17Z", " RECV"),
            ("2022-10-16 20:26:56.672 DEBUG", "2022-10-16T20:26:56.672", " DEBUG"),
            ("2022-10-16 20:26:56,672: x", "2022-10-16T20:26:56.672", ": x"),
            ("2022-10-16T20:26:56.672+02:00 x", "2022-10-16T20:26:56.672+02:00", " x"),
            ("2022-10-16T20:26:56 -0330 x", "2022-10-16T20:26:56", " -0330 x"),
            ("2022-10-16T20:26:56-0330 x", "2022-10-16T20:26:56-03:30", " x"),
            ("31.12.2024 23:59:58 x", "2024-12-31T23:59:58", " x"),
            ("31/12/2024, 23:59:58 x", "2024-12-31T23:59:58", " x"),
            ("31.12.24 23:59:58", "2024-12-31T23:59:58", ""),
            ("Jan 30 21:39:47 host", "--01-30T21:39:47", " host"),
            ("Feb  3 1:39:47 host", "--02-03T01:39:47", " host"),
            ("14:47:26] x", "14:47:26", "] x"),
            ("11:40:01.25] x", "11:40:01.25", "] x"),
            ("1763680000 7E", "2025-11-20T23:06:40Z", " 7E"),
            ("1763680000.5 7E", "2025-11-20T23:06:40.5Z", " 7E"),
            ("1763680000123 7E", "2025-11-20T23:06:40.123Z", " 7E"),
            ("1763680000123456789 7E", "2025-11-20T23:06:40.123456789Z", " 7E"),
            ("PT182732.919S 7E", "PT182732.919S", " 7E"),
            ("PT1S 7E", "PT1S", " 7E"),
            ("2025-01-02 x", "2025-01-02T00:00:00", "x"),
        ] {
            let (time, length) = leading(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(time.to_string(), expected, "{text}");
            assert_eq!(&text[length..], rest, "{text}");
        }
    }

    #[test]
    fn octets_are_no_times() {
        for text in [
            "12:30:45:7E:A0",
            "12:30:45.7E",
            "12:30:4516",
            "10-40-FD-3D-16",
            "1040115116 E5",
            "1763680000",
            "17636800007E",
            "68 03 03 68",
            "2025-02-30 10:00:00",
            "20-01-01-16",
            "Mar",
            "Marble 12",
            "1-0:1.8.0(003*kWh)",
        ] {
            assert_eq!(leading(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_time_within_a_line() {
        let time = within(br#"{"SerialReceived":"7EA0","Time":"2024-06-09T15:19:42"}"#).unwrap();
        assert_eq!(time.to_string(), "2024-06-09T15:19:42");
        assert_eq!(within(b"no time 12:30:45 here"), None);
    }
}
