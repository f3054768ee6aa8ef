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
    /// Where it stands behind the flag; None right behind it.
    check: Option<Crc16X25>,
    /// Whether an octet behind the flag had a fault.
    is_spoiled: bool,
    /// Octets of the frame that are still to come; until the length is known, its higher part.
    left: u16,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is whole.
    Whole,
    /// Its check sequence is wrong, an octet had a fault, or it did not end where it should.
    Damaged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Outside,
    /// Behind a flag.
    Flag,
    /// Behind the first octet of the format field.
    Format,
    Inside,
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
        Self { state: State::Outside, check: None, is_spoiled: false, left: 0 }
    }

    /// The next octet, and whether it had a fault.
    pub fn octet(&mut self, octet: u8, is_faulty: bool) -> Option<Outcome> {
        let check = self.check.unwrap_or(Crc16X25::START);
        self.is_spoiled |= is_faulty;
        if octet == FLAG {
            match self.state {
                // A flag that closes a frame may open the next one, or another one does.
                State::End => {
                    let is_whole = !self.is_spoiled && check == Crc16X25::RIGHT;
                    self.open();
                    return Some(if is_whole { Outcome::Whole } else { Outcome::Damaged });
                }
                State::Outside | State::Flag => {
                    if self.state == State::Flag || !is_faulty {
                        self.open();
                    }
                    return None;
                }
                State::Format | State::Inside => {}
            }
        }
        self.check = Some(check.after(&[octet]));
        self.inside(octet)
    }

    /// The line was quiet: what had begun goes on no more.
    pub fn gap(&mut self) -> Option<Outcome> {
        let is_cut = matches!(self.state, State::Format | State::Inside | State::End);
        self.state = State::Outside;
        is_cut.then_some(Outcome::Damaged)
    }

    fn open(&mut self) {
        self.state = State::Flag;
        self.check = None;
        self.is_spoiled = false;
    }

    /// An octet that is no flag, or none for a frame.
    fn inside(&mut self, octet: u8) -> Option<Outcome> {
        match self.state {
            State::Outside => {}
            State::Flag => {
                self.left = u16::from(octet & 0x07) << 8;
                self.state = if octet & 0xF0 == TYPE_3 { State::Format } else { State::Outside };
            }
            State::Format => {
                self.left |= u16::from(octet);
                if self.left < SHORTEST {
                    return self.gap();
                }
                self.left -= 2;
                self.state = State::Inside;
            }
            State::Inside => {
                self.left -= 1;
                if self.left == 0 {
                    self.state = State::End;
                }
            }
            State::End => return self.gap(),
        }
        None
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
