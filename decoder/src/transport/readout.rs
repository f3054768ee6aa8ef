//! Readouts of several M-Bus telegrams (EN 13757-3:2018 6.3.3: DIF 1Fh, more records follow).
//!
//! The master asks again, its frame count bit toggled, until a telegram ends without DIF 1F. Where it asks without toggling
//! the bit, the meter sends the same telegram once more. Each telegram is readable by itself; what is kept here tells
//! their order and whether one is missing.

use crate::application::mbus::header::Address;
use crate::error::ProblemKind;
use crate::message::ReadoutPart;

/// What the telegram before said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Before {
    field: u8,
    address: Option<Address>,
    access: u8,
    digest: u64,
    part: ReadoutPart,
}

/// Follows the telegrams of one readout at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readout {
    before: Option<Before>,
}

/// A telegram of records.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Telegram<'a> {
    /// The A field.
    pub field: u8,
    pub address: Option<Address>,
    pub access: u8,
    /// It ends with DIF 1F.
    pub more_follows: bool,
    /// The user data.
    pub octets: &'a [u8],
}

impl Readout {
    pub const fn new() -> Self {
        Self { before: None }
    }

    /// Sets `place` to the place of a telegram in its readout, and leaves it for one that is a readout by itself. Says what
    /// is wrong with the order.
    #[inline]
    pub fn place(&mut self, telegram: &Telegram<'_>, place: &mut Option<ReadoutPart>) -> Option<ProblemKind> {
        if self.before.is_none() && !telegram.more_follows {
            return None;
        }
        self.follow(telegram, place)
    }

    #[inline(never)]
    fn follow(&mut self, telegram: &Telegram<'_>, place: &mut Option<ReadoutPart>) -> Option<ProblemKind> {
        let digest = digest(telegram.octets);
        let before = self
            .before
            .take()
            .filter(|before| before.field == telegram.field && before.address == telegram.address);
        let part = |number, repeated| ReadoutPart { number, last: !telegram.more_follows, repeated };
        let (part, problem) = match before {
            Some(before) if before.digest == digest && before.access == telegram.access => {
                (Some(part(before.part.number, true)), None)
            }
            Some(before) if !before.part.last => {
                // Most meters count each telegram, some each readout; no meter skips a number.
                let step = telegram.access.wrapping_sub(before.access);
                let missing = (step > 1).then_some(ProblemKind::TelegramMissing);
                (Some(part(before.part.number.saturating_add(1), false)), missing)
            }
            _ => (telegram.more_follows.then(|| part(1, false)), None),
        };
        self.before = part.map(|part| Before {
            field: telegram.field,
            address: telegram.address,
            access: telegram.access,
            digest,
            part,
        });
        *place = part;
        problem
    }
}

/// Tells telegrams apart, whatever they hold: FNV-1a over eight octets at a time, of which the last may have been among
/// those before, and the length.
fn digest(octets: &[u8]) -> u64 {
    const PRIME: u64 = 0x0100_0000_01B3;
    let (words, rest) = octets.as_chunks::<8>();
    let step = |digest: u64, word: u64| (digest ^ word).wrapping_mul(PRIME).rotate_left(29);
    let digest =
        words.iter().fold(octets.len() as u64, |digest, word| step(digest, u64::from_le_bytes(*word)));
    match octets.last_chunk::<8>() {
        Some(last) => step(digest, u64::from_le_bytes(*last)),
        None => rest.iter().fold(digest, |digest, &octet| step(digest, octet.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn telegram(access: u8, more_follows: bool, octets: &[u8]) -> Telegram<'_> {
        Telegram { field: 1, address: None, access, more_follows, octets }
    }

    fn numbers(readout: &mut Readout, telegram: &Telegram<'_>) -> (Option<(u16, bool, bool)>, bool) {
        let mut part = None;
        let problem = readout.place(telegram, &mut part);
        (part.map(|part| (part.number, part.last, part.repeated)), problem.is_some())
    }

    #[test]
    fn telegrams_are_counted_up_to_the_last() {
        let mut readout = Readout::new();
        assert_eq!(numbers(&mut readout, &telegram(7, true, &[1])), (Some((1, false, false)), false));
        assert_eq!(numbers(&mut readout, &telegram(7, true, &[1])), (Some((1, false, true)), false));
        assert_eq!(numbers(&mut readout, &telegram(8, true, &[2])), (Some((2, false, false)), false));
        assert_eq!(numbers(&mut readout, &telegram(9, false, &[3])), (Some((3, true, false)), false));
        assert_eq!(numbers(&mut readout, &telegram(9, false, &[3])), (Some((3, true, true)), false));
        assert_eq!(numbers(&mut readout, &telegram(10, false, &[1])), (None, false));
    }

    #[test]
    fn a_gap_is_said() {
        let mut readout = Readout::new();
        readout.place(&telegram(255, true, &[1]), &mut None);
        assert_eq!(numbers(&mut readout, &telegram(1, false, &[3])), (Some((2, true, false)), true));
    }
}
