//! The digits of a floating-point number by way of what the standard library writes: the fastest there is, for what it
//! weighs. A page goes another way, see [`shortest`](super::shortest).

use core::fmt::{self, Write};

use super::Decimal;

/// The decimal that `{:e}` writes, times 10^`exponent`.
pub(super) fn read(scientific: fmt::Arguments<'_>, exponent: i8) -> Option<Decimal> {
    let mut parts = Scientific::default();
    parts.write_fmt(scientific).ok()?;
    let power = i32::from(parts.power) * if parts.power_negative { -1 } else { 1 };
    let exponent = i8::try_from(i32::from(exponent) + power - i32::from(parts.fraction_digits)).ok()?;
    Some(Decimal { negative: parts.negative && parts.digits != 0, digits: parts.digits, exponent })
}

/// Collects what `{:e}` writes: `-1.25e-3`.
#[allow(clippy::struct_excessive_bools, reason = "two signs and two places in the text")]
#[derive(Default)]
struct Scientific {
    negative: bool,
    digits: u64,
    fraction_digits: u8,
    power: u16,
    power_negative: bool,
    in_fraction: bool,
    in_power: bool,
}

impl fmt::Write for Scientific {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for octet in text.bytes() {
            match octet {
                b'-' if self.in_power => self.power_negative = true,
                b'-' => self.negative = true,
                b'.' => self.in_fraction = true,
                b'e' => self.in_power = true,
                b'0'..=b'9' if self.in_power => self.power = self.power * 10 + u16::from(octet - b'0'),
                b'0'..=b'9' => {
                    self.digits = self.digits.checked_mul(10).ok_or(fmt::Error)? + u64::from(octet - b'0');
                    self.fraction_digits += u8::from(self.in_fraction);
                }
                _ => return Err(fmt::Error),
            }
        }
        Ok(())
    }
}
