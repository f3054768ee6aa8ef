//! Check sums and check sequences.

/// CRC-16/X-25, the check sequence of HDLC (ISO/IEC 13239 4.2.5.2; polynomial 1021h reflected, start and final `FFFFh`).
pub fn crc16_x25(octets: &[u8]) -> u16 {
    !Crc::<0x8408>::update(0xFFFF, octets)
}

/// A CRC-16/X-25 that is computed over parts which end with check sequences of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crc16X25(u16);

impl Crc16X25 {
    /// Before the first octet.
    pub const START: Self = Self(0xFFFF);
    /// After octets and their own check sequence, if that is right (ISO/IEC 13239 4.2.5.2).
    pub const RIGHT: Self = Self(0xF0B8);

    /// After more octets.
    #[must_use]
    pub fn after(self, octets: &[u8]) -> Self {
        Self(Crc::<0x8408>::update(self.0, octets))
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

/// A reflected 16-bit CRC with the given polynomial.
struct Crc<const POLYNOMIAL: u16>;

/// Octets taken at once where memory for tables is cheap: two slices, of which only the first waits for what came before.
#[cfg(not(target_arch = "avr"))]
const PAIR: usize = 2 * SLICE;
#[cfg(not(target_arch = "avr"))]
const SLICE: usize = 8;

impl<const POLYNOMIAL: u16> Crc<POLYNOMIAL> {
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

    /// TABLES[k][v]: what the octet v does to the check sequence when k more octets follow in the same slices.
    #[cfg(not(target_arch = "avr"))]
    const TABLES: [[u16; 256]; PAIR] = {
        let mut tables = [[0; 256]; PAIR];
        let mut value = 0;
        while value < 256 {
            let mut crc = Self::octet(value as u16);
            let mut following = 0;
            while following < PAIR {
                tables[following][value] = crc;
                crc = (crc >> 8) ^ Self::octet(crc & 0xFF);
                following += 1;
            }
            value += 1;
        }
        tables
    };

    #[cfg(not(target_arch = "avr"))]
    #[inline]
    fn update(mut crc: u16, octets: &[u8]) -> u16 {
        let (slices, rest) = octets.as_chunks::<SLICE>();
        let (pairs, single) = slices.as_chunks::<2>();
        for [first, second] in pairs {
            crc = Self::slice::<0>(0, *second) ^ Self::slice::<SLICE>(crc, *first);
        }
        for slice in single {
            crc = Self::slice::<0>(crc, *slice);
        }
        match octets.last_chunk::<SLICE>() {
            Some(_) if rest.is_empty() => crc,
            Some(last) => Self::rest(crc, u64::from_le_bytes(*last), rest.len()),
            None => rest
                .iter()
                .fold(crc, |crc, &octet| (crc >> 8) ^ Self::TABLES[0][usize::from((crc as u8) ^ octet)]),
        }
    }

    /// The last `count` octets, 1…7, of a slice. Octets of zero in front change nothing where a check sequence begins with
    /// zero, so a part of a slice with zeros in place of the octets before it takes one step as a whole one does.
    #[cfg(not(target_arch = "avr"))]
    #[inline]
    fn rest(crc: u16, last: u64, count: usize) -> u16 {
        let before = 8 * (SLICE - count);
        let slice = (last >> before ^ u64::from(crc)) << before;
        // Behind a single octet half of the old check sequence is left.
        let left = u64::from(crc) >> (8 * count);
        Self::slice::<0>(0, slice.to_le_bytes()) ^ left as u16
    }

    /// What a slice makes of the check sequence before it when `FOLLOWING` octets come after it.
    #[cfg(not(target_arch = "avr"))]
    #[inline]
    fn slice<const FOLLOWING: usize>(crc: u16, slice: [u8; SLICE]) -> u16 {
        let tables = const { &Self::TABLES };
        let [low, high] = crc.to_le_bytes();
        let [a, b, c, d, e, f, g, h] = slice;
        let others = tables[FOLLOWING + 5][usize::from(c)]
            ^ tables[FOLLOWING + 4][usize::from(d)]
            ^ tables[FOLLOWING + 3][usize::from(e)]
            ^ tables[FOLLOWING + 2][usize::from(f)]
            ^ tables[FOLLOWING + 1][usize::from(g)]
            ^ tables[FOLLOWING][usize::from(h)];
        // Only these two wait for the slice before, so they come last.
        others ^ (tables[FOLLOWING + 7][usize::from(a ^ low)] ^ tables[FOLLOWING + 6][usize::from(b ^ high)])
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
        assert_eq!(Crc16X25::START.after(b"1234").after(b"56789\x6E\x90"), Crc16X25::RIGHT);
    }

    #[test]
    fn slices_and_single_octets_agree() {
        let octets: std::vec::Vec<u8> = (0..100).map(|n: u8| n.wrapping_mul(73)).collect();
        for length in 0..octets.len() {
            let whole = crc16_x25(&octets[..length]);
            let by_bit = octets[..length].iter().fold(0xFFFF, |crc, &o| {
                let crc = crc ^ u16::from(o);
                (crc >> 8) ^ Crc::<0x8408>::octet(crc & 0xFF)
            });
            assert_eq!(whole, !by_bit);
        }
    }
}
