//! One value of a line: a number with or without a unit, a time, or text.

use crate::date_time::{Date, DateTime, Time};
use crate::decimal::Decimal;
use crate::reading::Unit;
use crate::text::Text;

/// What stands between two brackets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum P1Value<'a> {
    /// A number as printed, with its unit and the power of ten of the unit's prefix; none where it has no unit or one that
    /// is not known.
    Number(Decimal, Option<(Unit, i8)>),
    /// A time stamp; without a date and a time where the calendar has no such day.
    Time(DateTime),
    /// Anything else.
    Text(Text<'a>),
}

/// What the values of an object are, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Numbers and times; what is neither is text.
    Any,
    /// Text: digits without a unit are no number.
    Text,
    /// A time, with or without the letter for summer and winter; numbers and text where it is none.
    Time,
    /// Text of which each character is sent as two hexadecimal digits (DSMR 5.0.2, 6.12: messages).
    HexText,
    /// An identifier, which most meters send the same way and some as it stands on the meter.
    Identifier,
}

/// Says what a value is.
pub(super) fn parse(content: &[u8], holds: Holds) -> P1Value<'_> {
    if let Some(star) = content.iter().position(|&octet| octet == b'*')
        && let (Some(digits), Some(symbol)) = (content.get(..star), content.get(star + 1..))
        && let Some(number) = number(digits)
        && symbol.first().is_some_and(|&octet| !octet.is_ascii_digit())
    {
        return P1Value::Number(number, Unit::from_symbol(symbol));
    }
    match holds {
        Holds::Any => {}
        Holds::Time => {
            if let Some(time) = time_without_season(content).or_else(|| time_with_blank(content)) {
                return P1Value::Time(time);
            }
        }
        Holds::Text => return P1Value::Text(Text::forward(content)),
        Holds::Identifier if !is_surely_hexadecimal(content) => return P1Value::Text(Text::forward(content)),
        Holds::HexText | Holds::Identifier => {
            return P1Value::Text(Text::from_hex_digits(content).unwrap_or(Text::forward(content)));
        }
    }
    if let Some(time) = time_stamp(content) {
        return P1Value::Time(time);
    }
    number(content).map_or(P1Value::Text(Text::forward(content)), |number| P1Value::Number(number, None))
}

/// Few digits without a letter may just as well be the number printed on the meter. Eight characters are the shortest
/// identifier seen in hexadecimal, eight digits the longest seen that were not.
fn is_surely_hexadecimal(digits: &[u8]) -> bool {
    digits.len() >= 16 || !digits.iter().all(u8::is_ascii_digit)
}

/// Digits, at most one point, a sign in front: exact, or no number.
fn number(text: &[u8]) -> Option<Decimal> {
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut number = Decimal::unsigned(0, 0);
    let mut in_fraction = false;
    for &octet in text {
        match octet {
            b'0'..=b'9' => {
                number.digits = number.digits.checked_mul(10)?.checked_add(u64::from(octet - b'0'))?;
                number.exponent = number.exponent.checked_sub(i8::from(in_fraction))?;
            }
            b'.' if !in_fraction => in_fraction = true,
            _ => return None,
        }
    }
    number.negative = negative && number.digits != 0;
    let begins_and_ends = text.first()?.is_ascii_digit() && text.last()?.is_ascii_digit();
    if begins_and_ends { Some(number) } else { None }
}

/// `YYMMDDhhmmss` and `S` for summer or `W` for winter time (DSMR 5.0.2, 6.4).
fn time_stamp(text: &[u8]) -> Option<DateTime> {
    let [digits @ .., season @ (b'S' | b'W')] = text else { return None };
    let [year, rest @ ..]: [u8; 6] = pairs(digits.as_array::<12>()?)?;
    Some(DateTime { daylight_saving: Some(*season == b'S'), ..date_time(2000 + u16::from(year), rest) })
}

/// The same without the letter, as DSMR 2 and 3 print it; only where a time is expected.
fn time_without_season(text: &[u8]) -> Option<DateTime> {
    let [year, rest @ ..]: [u8; 6] = pairs(text.as_array::<12>()?)?;
    Some(date_time(2000 + u16::from(year), rest))
}

/// `YYYYMMDD hh:mm:ss`, as NES prints it in Sweden.
fn time_with_blank(text: &[u8]) -> Option<DateTime> {
    let [c1, c2, y1, y2, m1, m2, d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2] = *text else {
        return None;
    };
    let [century, year, rest @ ..]: [u8; 7] =
        pairs(&[c1, c2, y1, y2, m1, m2, d1, d2, h1, h2, n1, n2, s1, s2])?;
    Some(date_time(u16::from(century) * 100 + u16::from(year), rest))
}

/// Numbers of two digits each.
fn pairs<const DIGITS: usize, const PAIRS: usize>(digits: &[u8; DIGITS]) -> Option<[u8; PAIRS]> {
    const { assert!(DIGITS == 2 * PAIRS, "two digits a pair") };
    let mut pairs = [0_u8; PAIRS];
    for (pair, digits) in pairs.iter_mut().zip(digits.chunks(2)) {
        let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = digits else { return None };
        *pair = (tens - b'0') * 10 + (ones - b'0');
    }
    Some(pairs)
}

/// Without date and time where the calendar has no such day or the day no such time.
fn date_time(year: u16, [month, day, hour, minute, second]: [u8; 5]) -> DateTime {
    let date = Date::new(Some(year), month, day);
    let time = Time::new(hour, minute, Some(second));
    let (date, time) = if date.is_some() && time.is_some() { (date, time) } else { (None, None) };
    DateTime { date, time, ..DateTime::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn numbers_are_exact() {
        for (text, shown) in [
            (&b"000123.456*kWh"[..], Some(("123456", Unit::WattHour))),
            (b"01.193*kW", Some(("1193", Unit::Watt))),
            (b"230.1*V", Some(("230.1", Unit::Volt))),
            (b"-00.5*A", Some(("-0.5", Unit::Ampere))),
            (b"250*mA", Some(("0.250", Unit::Ampere))),
            (b"12785.123*m3", Some(("12785.123", Unit::CubicMetre))),
            (b"0.000*kVArh", Some(("0", Unit::VarHour))),
            (b"240.860*GJ", Some(("240860000000", Unit::Joule))),
            (b"1.2.3*V", None),
            (b"*V", None),
            (b"5.*V", None),
            (b"99999999999999999999*V", None),
        ] {
            let found = match parse(text, Holds::Any) {
                P1Value::Number(number, Some((unit, exponent))) => {
                    Some((number.scaled(exponent).to_string(), unit))
                }
                _ => None,
            };
            assert_eq!(found, shown.map(|(shown, unit)| (shown.to_string(), unit)));
        }
    }

    #[test]
    fn time_stamps() {
        let P1Value::Time(time) = parse(b"240229235959S", Holds::Any) else { panic!("no time") };
        assert_eq!(time.to_string(), "2024-02-29T23:59:59");
        assert_eq!(time.daylight_saving, Some(true));
        let P1Value::Time(time) = parse(b"230229235959W", Holds::Any) else { panic!("no time") };
        assert_eq!((time.date, time.time), (None, None));
        assert!(matches!(parse(b"2402292359S", Holds::Any), P1Value::Text(_)));
        for text in [&b"240229235958"[..], b"20240229 23:59:58"] {
            let P1Value::Time(time) = parse(text, Holds::Time) else { panic!("no time") };
            assert_eq!((time.to_string(), time.daylight_saving), ("2024-02-29T23:59:58".into(), None));
            assert!(!matches!(parse(text, Holds::Any), P1Value::Time(_)));
        }
    }

    #[test]
    fn a_unit_nobody_knows_keeps_the_number() {
        assert_eq!(parse(b"5.0*furlong", Holds::Any), P1Value::Number(Decimal::new(50, -1), None));
        assert_eq!(parse(b"5*6", Holds::Any), P1Value::Text(Text::forward(b"5*6")));
    }

    #[test]
    fn text_of_digits_stays_text() {
        assert_eq!(parse(b"50", Holds::Text), P1Value::Text(Text::forward(b"50")));
        let decoded = P1Value::Text(Text::from_hex_digits(b"3031").unwrap());
        assert_eq!(parse(b"3031", Holds::HexText), decoded);
        assert_eq!(parse(b"30313233", Holds::Identifier), P1Value::Text(Text::forward(b"30313233")));
        let identifier = P1Value::Text(Text::from_hex_digits(b"4D413330").unwrap());
        assert_eq!(parse(b"4D413330", Holds::Identifier), identifier);
        assert_eq!(parse(b"303", Holds::HexText), P1Value::Text(Text::forward(b"303")));
        assert_eq!(parse(b"50", Holds::Any), P1Value::Number(Decimal::new(50, 0), None));
    }
}
