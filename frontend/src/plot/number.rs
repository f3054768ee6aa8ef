//! Points are floating-point numbers; people read decimals. The shortest decimal that is the same floating-point number is
//! the one that the meter sent, up to fifteen digits.

use meterscope_decoder::decimal::Decimal;

/// The number as a meter would have sent it; none for what is no number.
pub fn decimal(value: f64) -> Option<Decimal> {
    let text = format!("{value}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{decimals}").parse().ok()?;
    Some(Decimal::new(digits, -(i8::try_from(decimals.len()).ok()?)))
}

/// The same with so many decimals.
#[allow(clippy::cast_precision_loss, reason = "a mean is no more exact than its points")]
pub fn rounded(value: f64, decimals: u8) -> Option<Decimal> {
    let decimals = decimals.min(9);
    let digits = (value * 10_f64.powi(i32::from(decimals))).round();
    (digits.abs() < i64::MAX as f64).then(|| Decimal::new(digits as i64, -(decimals as i8)))
}

/// How many decimals a number has.
pub fn decimals(value: f64) -> u8 {
    decimal(value).map_or(0, |number| (-number.exponent).max(0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_reads_as_it_was_sent() {
        for (value, text) in [
            (230.1, "230.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-170.0, "-170"),
            (1e7, "10000000"),
            (0.005, "0.005"),
        ] {
            assert_eq!(decimal(value).unwrap().to_string(), text);
        }
        assert_eq!(decimal(f64::NAN), None);
        assert_eq!(decimal(f64::INFINITY), None);
        assert_eq!(decimals(230.15), 2);
        assert_eq!(rounded(1.0 / 3.0, 2).unwrap().to_string(), "0.33");
        assert_eq!(rounded(f64::NAN, 2), None);
    }
}
