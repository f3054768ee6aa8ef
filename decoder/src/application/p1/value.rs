//! One value of a line: a number with or without a unit, a time, or text.

use crate::date_time::{Date, DateTime, Time};
use crate::decimal::Decimal;
use crate::reading::Unit;
use crate::text::Text;

/// What stands between two brackets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum P1Value<'a> {
    /// A number as printed, with its unit and the power of ten of the unit's prefix.
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
    /// Text of which each character is sent as two hexadecimal digits (DSMR 5.0.2, 6.12: identifiers and messages).
    HexText,
}

/// Says what a value is.
pub(super) fn parse(content: &[u8], holds: Holds) -> P1Value<'_> {
    if let Some(star) = content.iter().position(|&octet| octet == b'*')
        && let (Some(digits), Some(symbol)) = (content.get(..star), content.get(star + 1..))
        && let (Some(number), Some(unit)) = (number(digits), unit(symbol))
    {
        return P1Value::Number(number, Some(unit));
    }
    match holds {
        Holds::Any => {}
        Holds::Text => return P1Value::Text(Text::forward(content)),
        Holds::HexText => {
            return P1Value::Text(Text::from_hex_digits(content).unwrap_or(Text::forward(content)));
        }
    }
    if let Some(time) = time_stamp(content) {
        return P1Value::Time(time);
    }
    number(content).map_or(P1Value::Text(Text::forward(content)), |number| P1Value::Number(number, None))
}

/// The unit that a symbol stands for and the power of ten of its prefix.
pub(super) fn unit(symbol: &[u8]) -> Option<(Unit, i8)> {
    let whole = |unit| Some((unit, 0));
    match symbol {
        b"m3" => return whole(Unit::CubicMetre),
        b"dm3" | b"l" => return Some((Unit::CubicMetre, -3)),
        b"m3/h" => return whole(Unit::CubicMetrePerHour),
        b"min" => return whole(Unit::Minute),
        b"h" => return whole(Unit::Hour),
        b"s" => return whole(Unit::Second),
        _ => {}
    }
    let (prefix, base) = match symbol {
        [b'm', base @ ..] => (-3, base),
        [b'k', base @ ..] => (3, base),
        [b'M', base @ ..] => (6, base),
        [b'G', base @ ..] => (9, base),
        base => (0, base),
    };
    let unit = match base {
        b"Wh" => Unit::WattHour,
        b"W" => Unit::Watt,
        b"varh" | b"VArh" | b"Varh" => Unit::VarHour,
        b"var" | b"VAr" | b"Var" => Unit::Var,
        b"VAh" => Unit::VoltAmpereHour,
        b"VA" => Unit::VoltAmpere,
        b"V" => Unit::Volt,
        b"A" => Unit::Ampere,
        b"Hz" => Unit::Hertz,
        b"J" => Unit::Joule,
        _ => return None,
    };
    Some((unit, prefix))
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

/// `YYMMDDhhmmss` and `S` for summer or `W` for winter time (DSMR 5.0.2, 6.4); DSMR 2 and 3 leave out the letter, and
/// then only their gas lines have a time, which are not told from numbers here.
fn time_stamp(text: &[u8]) -> Option<DateTime> {
    let [digits @ .., season @ (b'S' | b'W')] = text else { return None };
    let digits = digits.as_array::<12>()?;
    let mut pairs = [0_u8; 6];
    for (pair, digits) in pairs.iter_mut().zip(digits.chunks(2)) {
        let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = digits else { return None };
        *pair = (tens - b'0') * 10 + (ones - b'0');
    }
    let [year, month, day, hour, minute, second] = pairs;
    let date = Date::new(Some(2000 + u16::from(year)), month, day);
    let time = Time::new(hour, minute, Some(second));
    let (date, time) = if date.is_some() && time.is_some() { (date, time) } else { (None, None) };
    Some(DateTime { date, time, daylight_saving: Some(*season == b'S'), ..DateTime::default() })
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
            (b"5*furlong", None),
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
    }

    #[test]
    fn text_of_digits_stays_text() {
        assert_eq!(parse(b"50", Holds::Text), P1Value::Text(Text::forward(b"50")));
        let decoded = P1Value::Text(Text::from_hex_digits(b"3031").unwrap());
        assert_eq!(parse(b"3031", Holds::HexText), decoded);
        assert_eq!(parse(b"303", Holds::HexText), P1Value::Text(Text::forward(b"303")));
        assert_eq!(parse(b"50", Holds::Any), P1Value::Number(Decimal::new(50, 0), None));
    }
}
