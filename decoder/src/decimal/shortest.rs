//! The shortest decimal that reads back as the same floating-point number (Steele and White 1990, "Dragon4").
//!
//! The standard library can do this too, but only as text and with all that text can be asked for: a fiftieth of the page.

use super::Decimal;

/// Bits of the largest number that occurs: 2^1074 times ten, and what a doubled boundary takes.
const LIMBS: usize = 36;

/// The shortest decimal that reads back as the same number, which is finite, times 10^`exponent`.
pub(super) fn of_f32(value: f32, exponent: i8) -> Option<Decimal> {
    const FRACTION: u32 = f32::MANTISSA_DIGITS - 1;
    let bits = value.to_bits();
    let (fraction, biased) = (bits & ((1 << FRACTION) - 1), bits >> FRACTION & 0xFF);
    let parts =
        Parts { fraction: fraction.into(), biased: biased as i32, fraction_bits: FRACTION, bias: 127 };
    parts.decimal(value.is_sign_negative(), exponent)
}

/// The same for 64 bits.
pub(super) fn of_f64(value: f64, exponent: i8) -> Option<Decimal> {
    const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
    let bits = value.to_bits();
    let (fraction, biased) = (bits & ((1 << FRACTION) - 1), bits >> FRACTION & 0x7FF);
    let parts = Parts { fraction, biased: biased as i32, fraction_bits: FRACTION, bias: 1023 };
    parts.decimal(value.is_sign_negative(), exponent)
}

/// A floating-point number as it is stored (IEEE 754).
#[derive(Clone, Copy)]
struct Parts {
    fraction: u64,
    biased: i32,
    fraction_bits: u32,
    bias: i32,
}

impl Parts {
    fn decimal(self, negative: bool, exponent: i8) -> Option<Decimal> {
        let normal = self.biased > 0;
        let mantissa = self.fraction | u64::from(normal) << self.fraction_bits;
        let power_of_two = self.biased.max(1) - self.bias - self.fraction_bits as i32;
        let narrow_below = self.fraction == 0 && self.biased > 1;
        let (digits, power) = shortest(mantissa, power_of_two, narrow_below);
        let exponent = i8::try_from(i32::from(exponent) + power).ok()?;
        Some(Decimal { negative: negative && digits != 0, digits, exponent })
    }
}

/// Decimal digits and the power of ten of the last one, of `mantissa` × 2^`exponent`. `narrow_below`: the next smaller
/// number is nearer than the next larger one, as it is below a power of two.
fn shortest(mantissa: u64, exponent: i32, narrow_below: bool) -> (u64, i32) {
    if mantissa == 0 {
        return (0, 0);
    }
    // In quarters of the last place: the number, the unit, and how far away the neighbours' halves are.
    let (mut rest, mut unit) = (Big::from(mantissa), Big::from(1));
    let (mut above, mut below) = (Big::from(2), Big::from(if narrow_below { 1 } else { 2 }));
    rest.shift(2);
    unit.shift(2);
    if exponent >= 0 {
        for big in [&mut rest, &mut above, &mut below] {
            big.shift(exponent.unsigned_abs());
        }
    } else {
        unit.shift(exponent.unsigned_abs());
    }
    // A neighbour's half belongs to an even number.
    let even = mantissa.is_multiple_of(2);
    let mut power = 0;
    while reaches(&rest, &above, &unit, even) {
        unit.times_ten();
        power += 1;
    }
    let mut digits = 0_u64;
    loop {
        for big in [&mut rest, &mut above, &mut below] {
            big.times_ten();
        }
        // The first digit of a small number may be far behind the point.
        if digits == 0 && !reaches(&rest, &above, &unit, even) {
            power -= 1;
            continue;
        }
        power -= 1;
        digits *= 10;
        while rest >= unit {
            rest.subtract(&unit);
            digits += 1;
        }
        let down = if even { rest <= below } else { rest < below };
        let up = reaches(&rest, &above, &unit, even);
        if down || up {
            let mut doubled = rest;
            doubled.shift(1);
            digits += u64::from(up && (!down || doubled >= unit));
            break;
        }
    }
    // Rounding up may have carried.
    while digits.is_multiple_of(10) {
        digits /= 10;
        power += 1;
    }
    (digits, power)
}

/// Whether the sum reaches the unit.
fn reaches(rest: &Big, above: &Big, unit: &Big, even: bool) -> bool {
    let mut sum = *rest;
    sum.add(above);
    if even { sum >= *unit } else { sum > *unit }
}

/// A large number; the highest limb comes first, so that the order of arrays is that of numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Big([u32; LIMBS]);

impl From<u64> for Big {
    fn from(number: u64) -> Self {
        let mut limbs = [0; LIMBS];
        let [.., high, low] = &mut limbs;
        (*high, *low) = ((number >> 32) as u32, number as u32);
        Self(limbs)
    }
}

impl Big {
    fn times_ten(&mut self) {
        let mut carry = 0;
        for limb in self.0.iter_mut().rev() {
            let product = u64::from(*limb) * 10 + carry;
            *limb = product as u32;
            carry = product >> 32;
        }
    }

    fn shift(&mut self, bits: u32) {
        self.0.rotate_left(bits as usize / 32 % LIMBS);
        let bits = bits % 32;
        let mut carry = 0;
        for limb in self.0.iter_mut().rev() {
            let shifted = u64::from(*limb) << bits | carry;
            *limb = shifted as u32;
            carry = shifted >> 32;
        }
    }

    fn add(&mut self, other: &Self) {
        let mut carry = 0;
        for (limb, other) in self.0.iter_mut().zip(&other.0).rev() {
            let sum = u64::from(*limb) + u64::from(*other) + carry;
            *limb = sum as u32;
            carry = sum >> 32;
        }
    }

    fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (limb, other) in self.0.iter_mut().zip(&other.0).rev() {
            let (difference, under) = limb.overflowing_sub(*other);
            let (difference, under_again) = difference.overflowing_sub(u32::from(borrow));
            *limb = difference;
            borrow = under || under_again;
        }
    }
}
