//! Octets to numbers (EN 13757-3:2018 Annex A, types A, B and C).

use super::OctetOrder;
use crate::decimal::Decimal;

/// Most octets that make one number.
const OCTETS: usize = size_of::<u64>();
/// Stands in the place of the highest digit for a minus (EN 13757-3:2018 Annex B).
const MINUS: u64 = 0xF;

/// Up to eight octets as one number.
///
/// Whatever their number is, they take the same few steps: what is left out is shifted out, not looped around.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// The octets, the most significant one at the top.
    bits: u64,
    /// How many bits at the bottom are none of them.
    unused: u32,
}

impl Word {
    /// Most octets that it holds.
    pub const OCTETS: u8 = OCTETS as u8;

    /// The first octets of `ahead` but for so many bits of eight octets; there have to be so many.
    #[inline]
    pub fn new(ahead: &[u8], unused: u8, order: OctetOrder) -> Self {
        let unused = u32::from(unused);
        // One look at eight octets, of which some may belong to the next record.
        let octets = match ahead.first_chunk() {
            Some(octets) => u64::from_le_bytes(*octets),
            None => padded(ahead),
        };
        let bits = match order {
            OctetOrder::LeastFirst => octets.checked_shl(unused),
            OctetOrder::MostFirst => octets.swap_bytes().checked_shr(unused).map(|bits| bits << unused),
        };
        Self { bits: bits.unwrap_or(0), unused }
    }

    /// At most the first eight of `octets`.
    fn of(octets: &[u8], order: OctetOrder) -> Self {
        Self::new(octets, (64 - 8 * octets.len().min(OCTETS)) as u8, order)
    }

    /// A number without sign (type C).
    #[inline]
    pub const fn unsigned(self) -> u64 {
        // No octets are no bits, and shifting by nothing leaves those.
        self.bits.wrapping_shr(self.unused)
    }

    /// Two's complement (type B).
    #[inline]
    pub const fn signed(self) -> i64 {
        (self.bits as i64).wrapping_shr(self.unused)
    }

    /// Packed decimal digits (type A); F as the highest one stands for minus. None where any other is above nine.
    #[inline]
    pub fn bcd(self) -> Option<Decimal> {
        let (negative, rest) = self.sign();
        rest.digits().map(|digits| Decimal { negative: negative && digits != 0, digits, exponent: 0 })
    }

    /// Takes the minus off, and says whether there was one.
    #[inline]
    const fn sign(self) -> (bool, Self) {
        let negative = self.bits >> 60 == MINUS;
        (negative, Self { bits: if negative { self.bits << 4 >> 4 } else { self.bits }, ..self })
    }

    /// Packed decimal digits without a sign.
    #[inline]
    const fn digits(self) -> Option<u64> {
        let bits = self.unsigned();
        // Above nine are the digits with the 8 and the 4 or the 2.
        if bits >> 3 & (bits >> 2 | bits >> 1) & 0x1111_1111_1111_1111 != 0 {
            return None;
        }
        // Neighbours are joined, all at once: digits to pairs, pairs to fours, fours to eights, eights to all.
        let pairs = bits - (0x10 - 10) * (bits >> 4 & 0x0F0F_0F0F_0F0F_0F0F);
        let fours = pairs - (0x100 - 100) * (pairs >> 8 & 0x00FF_00FF_00FF_00FF);
        let eights = fours - (0x1_0000 - 10_000) * (fours >> 16 & 0x0000_FFFF_0000_FFFF);
        Some(eights - (0x1_0000_0000 - 100_000_000) * (eights >> 32))
    }
}

/// Fewer than eight octets as if zeros followed, as at the end of a message.
#[cold]
fn padded(octets: &[u8]) -> u64 {
    match (octets.first_chunk::<4>(), octets.last_chunk::<4>()) {
        // Most last values have four octets; of five to seven the two halves have some in common.
        (Some(first), Some(last)) => {
            let above = 8 * (octets.len() as u32 - 4);
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << above
        }
        _ => octets.iter().rev().fold(0, |value, &octet| value << 8 | u64::from(octet)),
    }
}

/// A number without sign of up to eight octets (type C).
#[inline]
pub(super) fn unsigned(octets: &[u8], order: OctetOrder) -> u64 {
    Word::of(octets, order).unsigned()
}

/// Packed decimal digits as [`Word::bcd`] reads them, also more than fit into a word; none where they fit into no number.
pub(super) fn bcd_number(octets: &[u8], order: OctetOrder) -> Option<Decimal> {
    let (high, low) = match order {
        OctetOrder::LeastFirst => {
            let (low, high) = octets.split_at(octets.len().saturating_sub(OCTETS));
            (high, low)
        }
        OctetOrder::MostFirst => octets.split_at(octets.len().min(OCTETS)),
    };
    let word = |octets: &[u8]| Word::of(octets, order);
    let (negative, high) = word(high).sign();
    let above = match low.len() {
        more @ 0..=OCTETS => 100_u64.pow(more as u32),
        _ => return None,
    };
    let digits = high.digits()?.checked_mul(above)?.checked_add(word(low).digits()?)?;
    Some(Decimal { negative: negative && digits != 0, digits, exponent: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: OctetOrder = OctetOrder::LeastFirst;
    const MOST: OctetOrder = OctetOrder::MostFirst;

    fn signed(octets: &[u8], order: OctetOrder) -> i64 {
        Word::of(octets, order).signed()
    }

    #[test]
    fn integers_of_each_length() {
        assert_eq!(signed(&[0xFF], LEAST), -1);
        assert_eq!(signed(&[0x00, 0x80], LEAST), -32768);
        assert_eq!(signed(&[0x0E, 0x00, 0xC3], LEAST), -3_997_682);
        assert_eq!(signed(&[1, 0, 0, 0, 0, 0, 0, 0x80], LEAST), i64::MIN + 1);
        assert_eq!(signed(&[0x01, 0x02], MOST), 0x0102);
        assert_eq!(signed(&[], LEAST), 0);
    }

    #[test]
    fn what_follows_does_not_count() {
        for length in 0..=8 {
            let ahead = [0xAB; 9];
            for order in [LEAST, MOST] {
                let alone = Word::of(ahead.get(..length).unwrap(), order);
                let word = Word::new(&ahead, (64 - 8 * length) as u8, order);
                let expected = (0..length).fold(0, |value, _| value << 8 | 0xAB);
                assert_eq!((word.unsigned(), alone.unsigned()), (expected, expected));
                assert_eq!(word.signed(), alone.signed());
            }
        }
    }

    #[test]
    fn bcd_with_sign_and_without_sense() {
        assert_eq!(bcd_number(&[0x34, 0x12], LEAST), Some(Decimal::new(1234, 0)));
        assert_eq!(bcd_number(&[0x02, 0x00, 0xF0], LEAST), Some(Decimal::new(-2, 0)));
        assert_eq!(bcd_number(&[0x00, 0xF0], LEAST), Some(Decimal::new(0, 0)));
        assert_eq!(bcd_number(&[0xBD, 0xEB], LEAST), None);
        assert_eq!(bcd_number(&[0x34, 0x12], MOST), Some(Decimal::new(3412, 0)));
        assert_eq!(bcd_number(&[], LEAST), Some(Decimal::new(0, 0)));
    }

    #[test]
    fn bcd_as_digits_are_written() {
        let mut octets = [0x98, 0x76, 0x54, 0x32, 0x10, 0x98, 0x76, 0x54, 0x32];
        for length in 0..=9 {
            let octets = octets.get(..length).unwrap();
            let digits = octets.iter().flat_map(|octet| [octet >> 4, octet & 0xF]);
            let expected = digits.fold(0, |number, digit| 10 * number + u64::from(digit));
            assert_eq!(bcd_number(octets, MOST).unwrap().digits, expected);
        }
        assert_eq!(bcd_number(&octets, LEAST).unwrap().digits, 325_476_981_032_547_698);
        *octets.last_mut().unwrap() = 0xF0;
        assert_eq!(bcd_number(&octets, LEAST), Some(Decimal::new(-5_476_981_032_547_698, 0)));
        *octets.first_mut().unwrap() = 0x9A;
        assert_eq!(bcd_number(&octets, LEAST), None);
        assert_eq!(bcd_number(&[0x99; 16], LEAST), None);
    }

    #[test]
    fn every_pair_of_digits() {
        for octet in 0..=u8::MAX {
            let (high, low) = (octet >> 4, octet & 0xF);
            let digits = (high <= 9 && low <= 9).then(|| u64::from(10 * high + low));
            assert_eq!(bcd_number(&[octet, 0], LEAST).map(|number| number.digits), digits, "{octet:02X}");
        }
    }
}
