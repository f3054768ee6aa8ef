//! Check sums and check sequences.

/// CRC-16/X-25, the check sequence of HDLC (ISO/IEC 13239 4.2.5.2; polynomial 1021h reflected, start and final `FFFFh`).
pub fn crc16_x25(octets: &[u8]) -> u16 {
    !x25(0xFFFF, octets)
}

/// Where the computation of a CRC-16/X-25 stands: parts of a frame end with check sequences of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crc16X25(u16);

impl Crc16X25 {
    /// Before the first octet.
    pub const START: Self = Self(0xFFFF);
    /// After octets and their own check sequence, if that is right (ISO/IEC 13239 4.2.5.2).
    pub const RIGHT: Self = Self(0xF0B8);

    /// Where it stands after `octets`, which come next.
    #[must_use]
    pub fn after(self, octets: &[u8]) -> Self {
        Self(x25(self.0, octets))
    }

    /// Whether `octets`, which come next, end with the right check sequence.
    #[inline]
    pub fn is_right_after(self, octets: &[u8]) -> bool {
        ends_right(self.0, octets)
    }
}

/// CRC-16/ARC, the check sequence of P1 (DSMR P1 companion standard 5.0.2, 5.2; polynomial 8005h reflected, start 0).
pub fn crc16_arc(octets: &[u8]) -> u16 {
    Crc::<0xA001>::update(0, octets)
}

/// The sum of M-Bus frames: all octets modulo 256 (EN 13757-2:2018 5.4).
pub fn sum8(octets: &[u8]) -> u8 {
    octets.iter().fold(0, |sum, &octet| sum.wrapping_add(octet))
}

#[cfg(target_arch = "avr")]
fn x25(crc: u16, octets: &[u8]) -> u16 {
    Crc::<0x8408>::update(crc, octets)
}

#[cfg(target_arch = "avr")]
fn ends_right(crc: u16, octets: &[u8]) -> bool {
    Crc16X25(x25(crc, octets)) == Crc16X25::RIGHT
}

/// What octets make of a check sequence of X-25, without tables and eight octets at a time.
///
/// A check sequence is a remainder modulo P = x^16 + x^12 + x^5 + 1. Its squares have as few terms: x^32 is x^24 + x^10 + 1
/// modulo P^2, x^64 is x^48 + x^20 + 1 modulo P^4, and what is equal modulo those is equal modulo P. So a block moves past
/// the next one by a few shifts; the remainder itself is taken at the end.
///
/// The first bit on the wire is the lowest of its octet and the coefficient of the highest power: a shift to the right
/// multiplies by x.
#[cfg(not(target_arch = "avr"))]
fn x25(crc: u16, octets: &[u8]) -> u16 {
    let (state, behind) = blocks(crc, octets);
    past_sixteen(remainder(state)) ^ behind
}

/// A check sequence is sent inverted, so together with it the octets leave all ones. That is before the sixteen places are
/// made for the check sequence of what was received, which [`Crc16X25::RIGHT`] counts in.
#[cfg(not(target_arch = "avr"))]
#[inline]
fn ends_right(crc: u16, octets: &[u8]) -> bool {
    // So many have the headers of most meters.
    match octets.as_array() {
        Some(block) => is_multiple(u64::from_le_bytes(*block) ^ u64::from(crc) ^ 0xFFFF << 48),
        None => blocks_end_right(crc, octets),
    }
}

#[cfg(not(target_arch = "avr"))]
fn blocks_end_right(crc: u16, octets: &[u8]) -> bool {
    let (state, behind) = blocks(crc, octets);
    match behind {
        0 => is_multiple(state ^ 0xFFFF << 48),
        // Less than a check sequence follows: nothing at all behind a header that is the whole frame.
        _ => past_sixteen(remainder(state)) ^ behind == Crc16X25::RIGHT.0,
    }
}

/// Whether P divides `state`.
// P ends with 1, so the quotient is found from its lowest power on, as a series: 1 + u divides by 1 + u + u^2 + ..., and
// that is (1 + u)(1 + u^2)(1 + u^4)... It leaves nothing over if its sixteen highest powers, which P times it would carry
// out of `state`, are zero.
#[cfg(not(target_arch = "avr"))]
#[inline]
fn is_multiple(state: u64) -> bool {
    let quotient = state ^ state >> 5 ^ state >> 12 ^ state >> 16;
    let quotient = quotient ^ quotient >> 10 ^ quotient >> 24 ^ quotient >> 32;
    let quotient = quotient ^ quotient >> 20 ^ quotient >> 48;
    let quotient = quotient ^ quotient >> 40;
    quotient as u16 == 0
}

/// What octets make of a check sequence, as long as a block, and what of the check sequence lies behind them.
#[cfg(not(target_arch = "avr"))]
#[inline]
fn blocks(crc: u16, octets: &[u8]) -> (u64, u16) {
    const BLOCK: usize = 8;
    let Some(others) = octets.len().checked_sub(1) else { return (0, crc) };
    // Zeros in front change nothing, so the first block is filled up there if it is not whole.
    let count = others % BLOCK + 1;
    let first = match octets.first_chunk() {
        Some(block) => u64::from_le_bytes(*block),
        None => octets.iter().rev().fold(0, |all, &octet| all << 8 | u64::from(octet)),
    };
    // What was computed so far is added to the next two octets, of which one may lie behind the first block.
    let mut state = (first ^ u64::from(crc)) << (8 * (BLOCK - count));
    let mut behind = if count == 1 { crc >> 8 } else { 0 };
    let mut blocks = octets.get(count..).unwrap_or_default().as_chunks::<BLOCK>().0;
    if !cfg!(target_arch = "wasm32") && blocks.len() >= LONG {
        (state, blocks) = pairs(state, behind, blocks);
        behind = 0;
    }
    for block in blocks {
        state = past_block(state) ^ u64::from_le_bytes(*block) ^ u64::from(behind);
        behind = 0;
    }
    (state, behind)
}

/// From so many blocks on it takes less time to move two at once past the next two; a page does without, for its weight.
#[cfg(not(target_arch = "avr"))]
const LONG: usize = 6;

/// What `blocks` make of the check sequence, but for the last one of an odd number, which is left.
#[cfg(not(target_arch = "avr"))]
#[inline(never)]
fn pairs(state: u64, behind: u16, blocks: &[[u8; 8]]) -> (u64, &[[u8; 8]]) {
    let (pairs, left) = blocks.as_chunks::<2>();
    let mut behind = u128::from(behind);
    let mut pair = u128::from(state) << 64;
    for [first, second] in pairs {
        let next = u128::from(u64::from_le_bytes(*second)) << 64 | u128::from(u64::from_le_bytes(*first));
        pair = past_pair(pair) ^ next ^ behind;
        behind = 0;
    }
    (past_block(pair as u64) ^ (pair >> 64) as u64, left)
}

/// x^128 times `pair`, modulo P^8, as in [`past_block`]: x^128 is x^96 + x^40 + 1.
#[cfg(not(target_arch = "avr"))]
#[inline]
fn past_pair(pair: u128) -> u128 {
    let series = pair ^ pair << 64;
    let all = series ^ series << 32 ^ series << 88;
    all ^ all >> 96 ^ all >> 40
}

/// x^64 times `block`, modulo P^4.
// In `block` times x^48 + x^20 + 1 what reaches x^64 again is replaced likewise, and what that brings there again. The sum
// of all that is replaced is a geometric series; the squares of a sum are the sum of the squares, so it is a product.
#[cfg(not(target_arch = "avr"))]
#[inline]
fn past_block(block: u64) -> u64 {
    let series = block ^ block << 32;
    let all = series ^ series << 16 ^ series << 44;
    all ^ all >> 48 ^ all >> 20
}

/// `state` modulo P. The half of higher powers is replaced, as a block is in [`past_block`], until sixteen bits are left.
#[cfg(not(target_arch = "avr"))]
#[inline]
fn remainder(state: u64) -> u16 {
    let (high, low) = (state as u32, (state >> 32) as u32);
    let series = high ^ high << 16;
    let all = series ^ series << 8 ^ series << 22;
    let state = low ^ all ^ all >> 24 ^ all >> 10;
    past_sixteen(state as u16) ^ (state >> 16) as u16
}

/// x^16 times `bits`, modulo P.
#[cfg(not(target_arch = "avr"))]
#[inline]
fn past_sixteen(bits: u16) -> u16 {
    let series = bits ^ bits << 8;
    let all = series ^ series << 4 ^ series << 11;
    all ^ all >> 12 ^ all >> 5
}

/// A reflected 16-bit CRC with the given polynomial.
struct Crc<const POLYNOMIAL: u16>;

impl<const POLYNOMIAL: u16> Crc<POLYNOMIAL> {
    /// Eight bits further.
    const fn octet(mut crc: u16) -> u16 {
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 };
            bit += 1;
        }
        crc
    }

    /// Bit by bit: a table of 512 octets would take a quarter of the RAM of an ATmega328P.
    #[cfg(target_arch = "avr")]
    fn update(crc: u16, octets: &[u8]) -> u16 {
        octets.iter().fold(crc, |crc, &octet| Self::octet(crc ^ u16::from(octet)))
    }

    /// What each octet does to a check sequence of zero.
    #[cfg(not(target_arch = "avr"))]
    const TABLE: [u16; 256] = {
        let mut table = [0; 256];
        let mut value = 0;
        while value < 256 {
            table[value] = Self::octet(value as u16);
            value += 1;
        }
        table
    };

    /// An octet at a time: P1 sends a telegram a second, and more tables would be paid for in the weight of the page.
    #[cfg(not(target_arch = "avr"))]
    fn update(crc: u16, octets: &[u8]) -> u16 {
        let table = const { &Self::TABLE };
        octets.iter().fold(crc, |crc, &octet| (crc >> 8) ^ table[usize::from((crc as u8) ^ octet)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogued_check_values() {
        // The check values of the CRC catalogue for "123456789".
        assert_eq!(crc16_x25(b"123456789"), 0x906E);
        assert_eq!(crc16_arc(b"123456789"), 0xBB3D);
        assert_eq!(crc16_x25(b""), 0);
        assert_eq!(sum8(&[0xFF, 0x02]), 1);
        assert!(Crc16X25::START.is_right_after(b"123456789\x6E\x90"));
        assert!(!Crc16X25::START.is_right_after(b"123456788\x6E\x90"));
    }

    #[test]
    fn slices_and_single_octets_agree() {
        let octets: std::vec::Vec<u8> = (0..100).map(|n: u8| n.wrapping_mul(73)).collect();
        for length in 0..octets.len() {
            let octets = &octets[..length];
            assert_eq!(crc16_x25(octets), !by_bit::<0x8408>(0xFFFF, octets));
            assert_eq!(x25(0xA53C, octets), by_bit::<0x8408>(0xA53C, octets));
            for before in [Crc16X25(0xA53C), Crc16X25::RIGHT, Crc16X25::START] {
                let right = by_bit::<0x8408>(before.0, octets) == Crc16X25::RIGHT.0;
                assert_eq!(before.is_right_after(octets), right);
            }
            assert_eq!(crc16_arc(octets), by_bit::<0xA001>(0, octets));
        }
    }

    #[test]
    fn behind_a_right_check_sequence_the_computation_goes_on() {
        let octets: std::vec::Vec<u8> = (0..100).map(|n: u8| n.wrapping_mul(73)).collect();
        assert_eq!(x25(x25(0xFFFF, b"123456789"), b"\x6E\x90"), Crc16X25::RIGHT.0);
        for length in 0..octets.len() {
            let mut octets = octets[..length].to_vec();
            octets.extend((!x25(Crc16X25::RIGHT.0, &octets)).to_le_bytes());
            assert!(Crc16X25::RIGHT.is_right_after(&octets));
            octets[length / 2] ^= 0x10;
            assert!(!Crc16X25::RIGHT.is_right_after(&octets));
        }
    }

    fn by_bit<const POLYNOMIAL: u16>(crc: u16, octets: &[u8]) -> u16 {
        octets.iter().fold(crc, |crc, &octet| {
            let crc = crc ^ u16::from(octet);
            (crc >> 8) ^ Crc::<POLYNOMIAL>::octet(crc & 0xFF)
        })
    }
}
