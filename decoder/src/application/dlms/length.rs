//! Lengths as A-XDR and BER encode them: one octet up to 127, or the number of octets that follow.

use crate::error::{Problem, ProblemKind};

/// A length, and how many octets it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// The length.
    pub value: u32,
    /// The octets it takes, 1…5.
    pub octets: u32,
}

impl Length {
    /// The length at the beginning of `ahead`, which stands at octet `at`.
    ///
    /// # Errors
    ///
    /// Says so where the octets end before the length does, or where its first octet begins none: 80h would be BER's
    /// indefinite form, which DLMS does not use, and no meter sends more than four octets of length.
    #[inline]
    pub fn read(ahead: &[u8], at: u32) -> Result<Self, Problem> {
        match ahead {
            [short @ 0..=0x7F, ..] => Ok(Self { value: u32::from(*short), octets: 1 }),
            [long @ 0x81..=0x84, rest @ ..] => {
                let count = u32::from(long & 0x7F);
                let octets = rest.get(..count as usize);
                let octets = octets.ok_or(truncated(1 + count, ahead.len(), at))?;
                let value = octets.iter().fold(0, |value, &octet| value << 8 | u32::from(octet));
                Ok(Self { value, octets: 1 + count })
            }
            [octet, ..] => Err(Problem::new(ProblemKind::BadLength { octet: *octet }, at)),
            [] => Err(truncated(1, 0, at)),
        }
    }
}

/// `needed` octets should begin at `at`, but only `left` are there.
pub(crate) const fn truncated(needed: u32, left: usize, at: u32) -> Problem {
    Problem::new(ProblemKind::Truncated { needed, left: left as u32 }, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms() {
        assert_eq!(Length::read(&[0x7F], 0), Ok(Length { value: 0x7F, octets: 1 }));
        assert_eq!(Length::read(&[0x81, 0xE7], 0), Ok(Length { value: 0xE7, octets: 2 }));
        assert_eq!(Length::read(&[0x82, 0x01, 0x02, 9], 0), Ok(Length { value: 0x0102, octets: 3 }));
        let longest = Length { value: 0xFFFF_FFFF, octets: 5 };
        assert_eq!(Length::read(&[0x84, 0xFF, 0xFF, 0xFF, 0xFF], 0), Ok(longest));
    }

    #[test]
    fn what_is_no_length() {
        assert_eq!(Length::read(&[], 3), Err(truncated(1, 0, 3)));
        assert_eq!(Length::read(&[0x82, 0x01], 3), Err(truncated(3, 2, 3)));
        for octet in [0x80, 0x85, 0xFF] {
            assert_eq!(Length::read(&[octet, 0], 7), Err(Problem::new(ProblemKind::BadLength { octet }, 7)));
        }
    }
}
