//! Whether HDLC frames come through whole, without keeping them.
//!
//! The frames of the HAN port: `7E`, a format field of type 3 with the length, and a check sequence behind as many octets,
//! then `7E` (ISO/IEC 13239 Annex H.4). The decoder's `link` is what reads frames; a board with 2 KB of RAM counts them.

use meterscope_decoder::link::check_sequence::Crc16X25;
use meterscope_decoder::link::hdlc_frame::FLAG;

/// Follows the octets of a line.
#[derive(Clone, Copy, Debug)]
pub struct HdlcCheck {
    state: State,
    check: Crc16X25,
    spoiled: bool,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is whole.
    Whole,
    /// Its check sequence is wrong, an octet had a fault, or it did not end where it should.
    Damaged,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Outside,
    /// Behind a flag.
    Flag,
    /// Behind the first octet of the format field.
    Format(u8),
    /// Inside, with so many octets to come.
    Inside(u16),
    /// All is there but the closing flag.
    End,
}

/// Type 3 in the highest four bits of the format field.
const TYPE_3: u8 = 0xA0;
/// Format, two addresses, control and check sequence: no frame is shorter.
const SHORTEST: u16 = 7;

impl HdlcCheck {
    /// Nothing was heard.
    pub const fn new() -> Self {
        Self { state: State::Outside, check: Crc16X25::START, spoiled: false }
    }

    /// The next octet, and whether it had a fault.
    pub fn octet(&mut self, octet: u8, faulty: bool) -> Option<Outcome> {
        self.spoiled |= faulty;
        let (state, outcome) = match self.state {
            State::Outside if octet == FLAG && !faulty => (State::Flag, None),
            State::Outside => (State::Outside, None),
            // A flag that closes a frame may open the next one, or another one does.
            State::Flag if octet == FLAG => (State::Flag, None),
            State::Flag if octet & 0xF0 == TYPE_3 => (State::Format(octet), None),
            State::Flag => (State::Outside, None),
            State::Format(first) => match u16::from(first & 0x07) << 8 | u16::from(octet) {
                length if length >= SHORTEST => (State::Inside(length - 2), None),
                _ => (State::Outside, Some(Outcome::Damaged)),
            },
            State::Inside(1) => (State::End, None),
            State::Inside(left) => (State::Inside(left - 1), None),
            State::End if octet == FLAG => {
                let is_whole = !self.spoiled && self.check == Crc16X25::RIGHT;
                (State::Flag, Some(if is_whole { Outcome::Whole } else { Outcome::Damaged }))
            }
            State::End => (State::Outside, Some(Outcome::Damaged)),
        };
        self.state = state;
        match state {
            State::Outside | State::Flag => *self = Self { state, ..Self::new() },
            _ => self.check = self.check.after(&[octet]),
        }
        outcome
    }

    /// The line was quiet: what had begun goes on no more.
    pub fn gap(&mut self) -> Option<Outcome> {
        let cut = matches!(self.state, State::Format(_) | State::Inside(_) | State::End);
        *self = Self::new();
        cut.then_some(Outcome::Damaged)
    }
}

impl Default for HdlcCheck {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_decoder::encode::clock::Clock;
    use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
    use proptest::prelude::*;
    use std::vec::Vec;

    fn frames(kind: MeterKind) -> Vec<Vec<u8>> {
        let mut meter = Demo::new(kind, Clock::new(2026, 11, 21, 23, 59, 0).unwrap());
        let mut buffer = [0; LONGEST_FRAME];
        (0..30).map(|_| meter.next_frame(&mut buffer).unwrap().octets.to_vec()).collect()
    }

    fn outcomes(octets: &[u8]) -> Vec<Outcome> {
        let mut check = HdlcCheck::new();
        octets.iter().filter_map(|&octet| check.octet(octet, false)).collect()
    }

    #[test]
    fn frames_of_every_han_meter_are_whole() {
        for kind in [MeterKind::Kaifa, MeterKind::Kamstrup, MeterKind::Aidon] {
            let octets = frames(kind).concat();
            assert_eq!(outcomes(&octets), [Outcome::Whole; 30], "{kind:?}");
        }
    }

    #[test]
    fn one_flag_closes_and_opens() {
        let frames = frames(MeterKind::Kaifa);
        let octets = [&frames[0][..], &frames[1][1..]].concat();
        assert_eq!(outcomes(&octets), [Outcome::Whole; 2]);
    }

    #[test]
    fn a_fault_or_a_pause_inside_is_damage() {
        let frame = frames(MeterKind::Kamstrup).remove(0);
        let mut check = HdlcCheck::new();
        let last =
            frame.iter().enumerate().filter_map(|(place, &octet)| check.octet(octet, place == 20)).last();
        assert_eq!(last, Some(Outcome::Damaged));
        let mut check = HdlcCheck::new();
        assert!(frame.iter().take(50).all(|&octet| check.octet(octet, false).is_none()));
        assert_eq!(check.gap(), Some(Outcome::Damaged));
        assert_eq!(check.gap(), None);
    }

    proptest! {
        #[test]
        fn a_changed_octet_is_never_whole(place in 1_usize..100, change in 1_u8..) {
            let mut frame = frames(MeterKind::Kaifa).remove(4);
            prop_assume!(place < frame.len() - 1);
            frame[place] ^= change;
            prop_assert!(!outcomes(&frame).contains(&Outcome::Whole));
        }

        #[test]
        fn a_frame_behind_noise_and_a_pause_is_whole(noise in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut check = HdlcCheck::new();
            for octet in noise {
                check.octet(octet, false);
            }
            check.gap();
            let outcomes: Vec<_> =
                frames(MeterKind::Aidon).remove(0).iter().filter_map(|&octet| check.octet(octet, false)).collect();
            prop_assert_eq!(outcomes, [Outcome::Whole]);
        }
    }
}
