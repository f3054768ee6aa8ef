//! Exact decimal numbers.

#[cfg(not(target_arch = "wasm32"))]
mod scientific;
#[cfg(any(test, target_arch = "wasm32"))]
mod shortest;

use core::fmt;

/// A decimal number without rounding: ± `digits` × 10^`exponent`.
///
/// The magnitude is unsigned so that every DLMS `long64-unsigned` and every 64-bit M-Bus integer fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// Whether the number is below zero. Never set for 0.
    pub negative: bool,
    /// The digits of the magnitude as a whole number.
    pub digits: u64,
    /// The power of ten that the digits are multiplied by.
    pub exponent: i8,
}

impl Decimal {
    /// `digits` × 10^`exponent`.
    pub const fn new(digits: i64, exponent: i8) -> Self {
        Self { negative: digits < 0, digits: digits.unsigned_abs(), exponent }
    }

    /// `digits` × 10^`exponent`, never negative.
    pub const fn unsigned(digits: u64, exponent: i8) -> Self {
        Self { negative: false, digits, exponent }
    }

    /// The number times 10^`power`.
    #[must_use]
    pub const fn scaled(self, power: i8) -> Self {
        Self { exponent: self.exponent.saturating_add(power), ..self }
    }

    /// The number times a whole number, unless it no longer fits.
    #[must_use]
    pub const fn times(self, factor: u32) -> Option<Self> {
        match self.digits.checked_mul(factor as u64) {
            Some(digits) => Some(Self { digits, ..self }),
            None => None,
        }
    }

    /// The sum, unless it does not fit into 64 bits at the smaller exponent.
    #[must_use]
    pub const fn plus(self, other: Self) -> Option<Self> {
        let exponent = if self.exponent < other.exponent { self.exponent } else { other.exponent };
        let (Some(a), Some(b)) = (self.at_exponent(exponent), other.at_exponent(exponent)) else {
            return None;
        };
        match a.checked_add(b) {
            Some(digits) => Some(Self::new(digits, exponent)),
            None => None,
        }
    }

    const fn at_exponent(self, exponent: i8) -> Option<i64> {
        let mut digits = self.digits;
        let mut at = self.exponent;
        // At most 19 turns before the multiplication overflows, whatever the exponents are; 0 never overflows.
        while at > exponent && digits != 0 {
            let Some(more) = digits.checked_mul(10) else { return None };
            digits = more;
            at -= 1;
        }
        if digits > i64::MAX as u64 {
            return None;
        }
        Some(if self.negative { -(digits as i64) } else { digits as i64 })
    }

    /// The shortest decimal that reads back as the same `f32`, times 10^`exponent`; none for NaN and infinities.
    pub fn from_f32(value: f32, exponent: i8) -> Option<Self> {
        if value.is_finite() { Self::of_f32(value, exponent) } else { None }
    }

    /// The shortest decimal that reads back as the same `f64`, times 10^`exponent`; none for NaN and infinities.
    pub fn from_f64(value: f64, exponent: i8) -> Option<Self> {
        if value.is_finite() { Self::of_f64(value, exponent) } else { None }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn of_f32(value: f32, exponent: i8) -> Option<Self> {
        scientific::read(format_args!("{value:e}"), exponent)
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn of_f64(value: f64, exponent: i8) -> Option<Self> {
        scientific::read(format_args!("{value:e}"), exponent)
    }

    #[cfg(target_arch = "wasm32")]
    fn of_f32(value: f32, exponent: i8) -> Option<Self> {
        shortest::of_f32(value, exponent)
    }

    #[cfg(target_arch = "wasm32")]
    fn of_f64(value: f64, exponent: i8) -> Option<Self> {
        shortest::of_f64(value, exponent)
    }

    /// The nearest `f64`, for plots.
    #[allow(clippy::cast_precision_loss, reason = "a plot has fewer pixels than a mantissa has values")]
    pub fn to_f64(self) -> f64 {
        let magnitude = self.digits as f64;
        let mut power = 1.0;
        for _ in 0..self.exponent.unsigned_abs() {
            power *= 10.0;
        }
        // Dividing by an exact power of ten rounds once; multiplying by its inverse would round twice.
        let value = if self.exponent < 0 { magnitude / power } else { magnitude * power };
        if self.negative { -value } else { value }
    }
}

/// Plain notation, never scientific: `-21.537`, `35000`. The decimals that the scale gives stay: `230.0`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        if self.exponent >= 0 {
            write!(f, "{}", self.digits)?;
            let zeros = if self.digits == 0 { 0 } else { self.exponent };
            return (0..zeros).try_for_each(|_| f.write_str("0"));
        }
        let decimals = usize::from(self.exponent.unsigned_abs());
        let power = u32::try_from(decimals).ok().and_then(|power| 10_u64.checked_pow(power));
        match power {
            Some(power) => {
                write!(f, "{}.{:0decimals$}", self.digits / power, self.digits % power)
            }
            // More decimals than u64 has digits: everything stands behind the point.
            None => write!(f, "0.{:0decimals$}", self.digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn plain_notation() {
        for (decimal, text) in [
            (Decimal::new(21537, -3), "21.537"),
            (Decimal::new(-170, 0), "-170"),
            (Decimal::new(35, 3), "35000"),
            (Decimal::new(0, 3), "0"),
            (Decimal::new(2300, -1), "230.0"),
            (Decimal::new(-5, -2), "-0.05"),
            (Decimal::new(1, -22), "0.0000000000000000000001"),
            (Decimal::unsigned(u64::MAX, 0), "18446744073709551615"),
        ] {
            assert_eq!(decimal.to_string(), text);
        }
    }

    #[test]
    fn sums_are_exact_or_refused() {
        assert_eq!(Decimal::new(15, -1).plus(Decimal::new(25, -2)), Some(Decimal::new(175, -2)));
        assert_eq!(Decimal::new(1, 100).plus(Decimal::new(1, -100)), None);
        assert_eq!(Decimal::new(i64::MAX, 0).plus(Decimal::new(1, 0)), None);
    }

    #[test]
    fn a_float_gives_its_shortest_digits() {
        assert_eq!(Decimal::from_f32(21.537, 0).map(|d| d.to_string()), Some("21.537".into()));
        assert_eq!(Decimal::from_f32(1.5e3, 3).map(|d| d.to_string()), Some("1500000".into()));
        assert_eq!(Decimal::from_f32(-0.0, 0).map(|d| d.to_string()), Some("0".into()));
        assert_eq!(Decimal::from_f32(f32::NAN, 0), None);
        assert_eq!(Decimal::from_f64(f64::MIN_POSITIVE, 0), None);
    }

    #[test]
    fn nearest_float() {
        assert!((Decimal::new(21537, -3).to_f64() - 21.537).abs() < f64::EPSILON);
        assert!((Decimal::new(-35, 3).to_f64() + 35000.0).abs() < f64::EPSILON);
    }

    fn scientific(text: &str, exponent: i8) -> Option<Decimal> {
        let (digits, power) = text.split_once('e')?;
        let fraction = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let negative = digits.starts_with('-');
        let digits: u64 = digits.replace(['.', '-'], "").parse().ok()?;
        let power: i32 = power.parse().ok()?;
        let exponent = i8::try_from(i32::from(exponent) + power - fraction as i32).ok()?;
        Some(Decimal { negative: negative && digits != 0, digits, exponent })
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4_000))]

        #[test]
        fn shortest_as_the_standard_library_has_it(bits in proptest::prelude::any::<u64>(), exponent in -3..4_i8) {
            let single = f32::from_bits(bits as u32);
            if single.is_finite() {
                proptest::prop_assert_eq!(shortest::of_f32(single, exponent), scientific(&std::format!("{single:e}"), exponent));
            }
            let double = f64::from_bits(bits);
            if double.is_finite() {
                proptest::prop_assert_eq!(shortest::of_f64(double, exponent), scientific(&std::format!("{double:e}"), exponent));
            }
        }
    }

    #[test]
    fn shortest_at_every_power_of_two() {
        for bits in 0..=255_u32 {
            for fraction in [0, 1, 0x7F_FFFF] {
                let value = f32::from_bits(bits << 23 | fraction);
                if value.is_finite() {
                    assert_eq!(
                        shortest::of_f32(value, 0),
                        scientific(&std::format!("{value:e}"), 0),
                        "{value:e}"
                    );
                }
            }
        }
        for bits in 0..2047_u64 {
            for fraction in [0, 1, (1 << 52) - 1] {
                let value = f64::from_bits(bits << 52 | fraction);
                assert_eq!(
                    shortest::of_f64(value, 0),
                    scientific(&std::format!("{value:e}"), 0),
                    "{value:e}"
                );
            }
        }
    }
}
