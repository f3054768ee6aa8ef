//! Ciphered APDUs that follow one another without a link frame, as the P1 ports of Luxembourg and others send them
//! (Luxmetering, P1 port specification 3.2.5; IEC 62056-5-3:2017 5.7.2: general-glo-ciphering).
//!
//! `DB 08 title(8) length control counter(4) ciphertext tag(12)`. There is no check sequence: what is found is as long as it
//! says, and its tag tells whoever has the key. The system title, which begins the next APDU too, is what brings a reader
//! back into step.

use super::FrameKind;
use super::scanner::{Evidence, Place, Probe};
use crate::error::ProblemKind;

/// Begins an APDU.
pub const START: u8 = 0xDB;

/// Tag, length of the title, title.
const HEAD: usize = 10;
/// Up to three octets of length behind it, and the security control.
const WITH_CONTROL: usize = HEAD + 4;
/// Security control and frame counter.
const SECURITY_HEADER: usize = 5;

/// Says whether an APDU begins with the first octet.
pub(crate) fn probe(octets: &[u8], place: Place) -> Probe {
    let Some(beginning) = octets.get(..WITH_CONTROL) else {
        let possible = octets.get(1).is_none_or(|&length| length == 8);
        return if place.ended || !possible { Probe::No } else { Probe::More(WITH_CONTROL as u32) };
    };
    let Some(total) = total_length(beginning) else { return Probe::No };
    let head = beginning.get(..HEAD).unwrap_or_default();
    let bad = |at: usize| {
        let problem = ProblemKind::Incomplete { missing: total.saturating_sub(at) as u32 };
        Probe::bad(FrameKind::Apdu, problem, at as u32, at as u32, Evidence::Fair)
    };
    let reach = octets.get(..(total + HEAD).min(octets.len())).unwrap_or_default();
    let next = reach.windows(HEAD).skip(1).position(|window| window == head).map(|at| at + 1);
    match (next, octets.get(..total)) {
        (Some(next), _) if next < total => bad(next),
        (_, None) if place.ended => bad(octets.len()),
        (_, None) => Probe::More(total as u32),
        // The next APDU may have begun before this one should have ended: an octet got lost.
        (None, Some(apdu)) if !place.ended && reach.len() < total + HEAD - 1 && ends_like(apdu, head) => {
            Probe::More((total + HEAD - 1) as u32)
        }
        // Behind octets that are no frame it may be the content of a frame whose beginning was hit, and nothing would check
        // that. Then only another APDU of the same sender tells, or the end.
        (None, Some(_)) if !(place.in_step || place.ended && octets.len() == total) => {
            let rest = octets.get(total..).unwrap_or_default();
            if rest.len() < HEAD && !place.ended { Probe::More((total + HEAD) as u32) } else { Probe::No }
        }
        (_, Some(_)) => Probe::Good { kind: FrameKind::Apdu, length: total as u32 },
    }
}

/// How long the APDU is, if it begins as one: a title of three letters and five octets, a length in one, two or three
/// octets, and a security control of suite 0 to 2 that says that something is ciphered.
fn total_length(beginning: &[u8]) -> Option<usize> {
    let (length, control, octets) = match beginning {
        [START, 8, a, b, c, _, _, _, _, _, rest @ ..]
            if [a, b, c].iter().all(|letter| letter.is_ascii_alphabetic()) =>
        {
            match *rest {
                [0x82, high, low, control] => (u16::from_be_bytes([high, low]).into(), control, 3),
                [0x81, length, control, _] => (usize::from(length), control, 2),
                [length @ 0..=0x7F, control, ..] => (usize::from(length), control, 1),
                _ => return None,
            }
        }
        _ => return None,
    };
    let ciphered = control & 0x30 != 0 && control & 0xCF <= 2;
    (ciphered && length > SECURITY_HEADER).then_some(HEAD + octets + length)
}

/// Whether the last octets of an APDU could be the first of the next one's head.
fn ends_like(apdu: &[u8], head: &[u8]) -> bool {
    (1..HEAD).any(|length| head.get(..length).is_some_and(|front| apdu.ends_with(front)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::frames::{Frames, Item};
    use std::vec::Vec;

    fn apdu(filling: u8, length: u8) -> Vec<u8> {
        let mut apdu = b"\xDB\x08SAG\x01\x02\x03\x04\x05\x82\x00".to_vec();
        apdu.extend([length, 0x30, 0, 0, 0, 1]);
        apdu.resize(HEAD + 3 + usize::from(length), filling);
        apdu
    }

    fn lengths(octets: &[u8]) -> Vec<(usize, bool)> {
        Frames::new(octets)
            .filter_map(|item| match item {
                Item::Frame(frame) => Some((frame.octets.len(), frame.damage.is_none())),
                Item::Skipped(..) => None,
            })
            .collect()
    }

    #[test]
    fn one_after_the_other() {
        let stream = [apdu(0x55, 100), apdu(0xDB, 50), apdu(1, 20)].concat();
        assert_eq!(lengths(&stream), [(113, true), (63, true), (33, true)]);
    }

    #[test]
    fn a_lost_octet_costs_one() {
        let mut broken = apdu(0x55, 100);
        broken.remove(40);
        let stream = [broken, apdu(1, 20), apdu(2, 30)].concat();
        assert_eq!(lengths(&stream), [(112, false), (33, true), (43, true)]);
    }

    #[test]
    fn what_breaks_off_is_damaged_and_other_octets_are_noise() {
        assert_eq!(lengths(&apdu(0x55, 100)[..60]), [(60, false)]);
        assert_eq!(lengths(b"\xDB\x08SA9\x01\x02\x03\x04\x05\x05\x30\x00\x00\x00\x00"), []);
    }
}
