//! What a board tells beside the octets of the bus, in the form that termios(3) has for errors (PARMRK), extended.
//!
//! `FF` begins a mark; all else is an octet of the bus. The answer to `mode marked` is the first mark, and the answer to
//! `mode plain` the last one.
//!
//! | mark | meaning |
//! | --- | --- |
//! | `FF FF` | the octet FF |
//! | `FF 00 x` | the octet x, with a wrong parity bit |
//! | `FF 01 x` | the octet x, without a stop bit |
//! | `FF 02` | a break: low for a whole octet and longer |
//! | `FF 03` | octets were lost here |
//! | `FF 04 a b c d` | the line was quiet before the next octet, for so many ticks of 4 µs |
//! | `FF 05 a b c d` | when the next octet began, in ticks of 4 µs on the board's clock |
//! | `FF 06 text 0A` | a line of text: the answer to a command |
//!
//! The numbers have 28 bits, seven in each octet, highest first, so that no FF is inside a mark. A gap that is longer
//! than 18 minutes stays at the highest number, and the clock wraps after as long.

use crate::receiver::Fault;

/// Begins a mark.
pub const MARK: u8 = 0xFF;

/// The highest number in a mark.
pub const LARGEST: u32 = 0x0FFF_FFFF;

const PARITY: u8 = 0x00;
const FRAMING: u8 = 0x01;
const BREAK: u8 = 0x02;
const LOST: u8 = 0x03;
const GAP: u8 = 0x04;
const TIME: u8 = 0x05;
const TEXT: u8 = 0x06;

const NUMBER_OCTETS: u8 = 4;

/// What a board tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// An octet of the bus. Of a break it is 00.
    Octet {
        /// Unused high bits are zero.
        octet: u8,
        /// What was wrong with it.
        fault: Option<Fault>,
    },
    /// Octets were lost here.
    Lost,
    /// The line was quiet before the next octet, for so many ticks.
    Gap(u32),
    /// When the next octet began, in ticks.
    Time(u32),
    /// A character of a line of text, of which a line feed is the last.
    Text(u8),
    /// A mark that is not known.
    Unknown(u8),
}

/// Where octets go.
pub trait Output {
    /// Takes one. An output that always has room waits for it here.
    fn octet(&mut self, octet: u8);

    /// Whether there is room for what an octet of the bus takes: [`LONGEST`]. Where there is none, it is lost.
    fn has_room(&mut self) -> bool {
        true
    }

    /// An octet was heard on the bus, with a fault or without; whoever shows what the octets say listens here.
    fn heard(&mut self, octet: u8, is_faulty: bool) {
        let _ = (octet, is_faulty);
    }
}

/// A gap, a time and an octet with a fault: nothing longer is written at once, but answers to commands.
pub const LONGEST: usize = 6 + 6 + 3;

impl<F: FnMut(u8)> Output for F {
    fn octet(&mut self, octet: u8) {
        self(octet);
    }
}

impl Told {
    /// Writes it. A character of a text comes between [`begin_text`] and the line feed.
    pub fn write(self, output: &mut impl Output) {
        match self {
            Self::Octet { octet, fault } => write_octet(octet, fault, output),
            Self::Lost => write_lost(output),
            Self::Gap(ticks) => write_gap(ticks, output),
            Self::Time(ticks) => write_time(ticks, output),
            Self::Text(octet) => output.octet(octet),
            Self::Unknown(code) => mark(output, code),
        }
    }
}

/// [`Told::Octet`]. A board that writes marks one by one takes less flash than one that makes [`Told`] of them.
pub fn write_octet(octet: u8, fault: Option<Fault>, output: &mut impl Output) {
    let code = match fault {
        None if octet != MARK => return output.octet(octet),
        None => MARK,
        Some(Fault::Parity) => PARITY,
        Some(Fault::Framing) => FRAMING,
        Some(Fault::Break) => BREAK,
    };
    mark(output, code);
    if code < BREAK {
        output.octet(octet);
    }
}

/// [`Told::Lost`].
pub fn write_lost(output: &mut impl Output) {
    mark(output, LOST);
}

/// [`Told::Gap`].
pub fn write_gap(ticks: u32, output: &mut impl Output) {
    number(output, GAP, ticks.min(LARGEST));
}

/// [`Told::Time`].
pub fn write_time(ticks: u32, output: &mut impl Output) {
    number(output, TIME, ticks);
}

/// Begins a line of text.
pub fn begin_text(output: &mut impl Output) {
    mark(output, TEXT);
}

#[inline(never)]
fn mark(output: &mut impl Output, code: u8) {
    output.octet(MARK);
    output.octet(code);
}

#[inline(never)]
fn number(output: &mut impl Output, code: u8, number: u32) {
    mark(output, code);
    let mut bits = number;
    // Bit by bit: a shift of 32 bits by 7 costs an AVR more than a loop. The unused four fall off the first octet.
    let mut places = 4 + 7_u8;
    for _ in 0..NUMBER_OCTETS {
        let mut octet = 0_u8;
        for _ in 0..places {
            octet <<= 1;
            if bits & 1 << 31 != 0 {
                octet |= 1;
            }
            bits <<= 1;
        }
        places = 7;
        output.octet(octet & 0x7F);
    }
}

/// Reads what [`Told::write`] writes, octet by octet.
#[derive(Clone, Copy, Debug, Default)]
pub struct MarkReader {
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Octets,
    Mark,
    Faulty(Fault),
    Number {
        code: u8,
        number: u32,
        left: u8,
    },
    Text,
}

impl MarkReader {
    /// Between two marks.
    pub const fn new() -> Self {
        Self { state: State::Octets }
    }

    /// The next octet from the board; None in the middle of a mark.
    pub fn push(&mut self, octet: u8) -> Option<Told> {
        let (state, told) = match self.state {
            State::Octets if octet == MARK => (State::Mark, None),
            State::Octets => (State::Octets, Some(Told::Octet { octet, fault: None })),
            State::Mark => Self::code(octet),
            State::Faulty(fault) => (State::Octets, Some(Told::Octet { octet, fault: Some(fault) })),
            // Only a mark begins with FF: the rest of this one was lost.
            State::Number { .. } | State::Text if octet == MARK => (State::Mark, None),
            State::Number { code, number, left: 1 } => {
                let number = number << 7 | u32::from(octet & 0x7F);
                (State::Octets, Some(if code == GAP { Told::Gap(number) } else { Told::Time(number) }))
            }
            State::Number { code, number, left } => {
                (State::Number { code, number: number << 7 | u32::from(octet & 0x7F), left: left - 1 }, None)
            }
            State::Text if octet == b'\n' => (State::Octets, Some(Told::Text(octet))),
            State::Text => (State::Text, Some(Told::Text(octet))),
        };
        self.state = state;
        told
    }

    fn code(code: u8) -> (State, Option<Told>) {
        match code {
            MARK => (State::Octets, Some(Told::Octet { octet: MARK, fault: None })),
            PARITY => (State::Faulty(Fault::Parity), None),
            FRAMING => (State::Faulty(Fault::Framing), None),
            BREAK => (State::Octets, Some(Told::Octet { octet: 0, fault: Some(Fault::Break) })),
            LOST => (State::Octets, Some(Told::Lost)),
            GAP | TIME => (State::Number { code, number: 0, left: NUMBER_OCTETS }, None),
            TEXT => (State::Text, None),
            code => (State::Octets, Some(Told::Unknown(code))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    fn told() -> impl Strategy<Value = Vec<Told>> {
        let octet = any::<u8>().prop_map(|octet| Told::Octet { octet, fault: None });
        let faulty = (any::<u8>(), prop::sample::select(vec![Fault::Parity, Fault::Framing]))
            .prop_map(|(octet, fault)| Told::Octet { octet, fault: Some(fault) });
        let one = prop_oneof![
            octet,
            faulty,
            Just(Told::Octet { octet: 0, fault: Some(Fault::Break) }),
            Just(Told::Lost),
            (0..=LARGEST).prop_map(Told::Gap),
            (0..=LARGEST).prop_map(Told::Time),
        ];
        prop_oneof![
            8 => one.prop_map(|told| vec![told]),
            1 => "[ -~]{0,20}\n".prop_map(|text| text.bytes().map(Told::Text).collect()),
        ]
    }

    fn written(told: &[Told]) -> Vec<u8> {
        let mut octets = Vec::new();
        let mut output = |octet| octets.push(octet);
        if let Some(Told::Text(_)) = told.first() {
            begin_text(&mut output);
        }
        for told in told {
            told.write(&mut output);
        }
        octets
    }

    fn read(octets: &[u8]) -> Vec<Told> {
        let mut reader = MarkReader::new();
        octets.iter().filter_map(|&octet| reader.push(octet)).collect()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(parts in prop::collection::vec(told(), 0..40)) {
            let octets: Vec<u8> = parts.iter().flat_map(|part| written(part)).collect();
            prop_assert_eq!(read(&octets), parts.concat());
        }

        #[test]
        fn any_octets_are_read_and_the_next_mark_is_found(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = MarkReader::new();
            for octet in octets {
                reader.push(octet);
            }
            // Whatever was open takes at most a mark and the octet behind it.
            for octet in [0x00, 0x00, 0x00, 0x00, b'\n'] {
                reader.push(octet);
            }
            prop_assert_eq!(reader.push(0x7E), Some(Told::Octet { octet: 0x7E, fault: None }));
        }
    }

    #[test]
    fn marks_are_those_of_the_table() {
        let octet = |octet, fault| written(&[Told::Octet { octet, fault }]);
        assert_eq!(octet(0x7E, None), [0x7E]);
        assert_eq!(octet(0xFF, None), [0xFF, 0xFF]);
        assert_eq!(octet(0xA5, Some(Fault::Parity)), [0xFF, 0x00, 0xA5]);
        assert_eq!(octet(0xFF, Some(Fault::Framing)), [0xFF, 0x01, 0xFF]);
        assert_eq!(octet(0x00, Some(Fault::Break)), [0xFF, 0x02]);
        assert_eq!(written(&[Told::Lost]), [0xFF, 0x03]);
        assert_eq!(written(&[Told::Gap(0x0123_4567)]), [0xFF, 0x04, 0x09, 0x0D, 0x0A, 0x67]);
        assert_eq!(written(&[Told::Gap(u32::MAX)]), [0xFF, 0x04, 0x7F, 0x7F, 0x7F, 0x7F]);
        assert_eq!(written(&[Told::Time(u32::MAX)]), [0xFF, 0x05, 0x7F, 0x7F, 0x7F, 0x7F]);
        assert_eq!(written(&[Told::Text(b'o'), Told::Text(b'\n')]), [0xFF, 0x06, b'o', b'\n']);
    }

    /// An end of a mark that was lost does not swallow the mark behind it.
    #[test]
    fn a_cut_number_is_left_for_the_next_mark() {
        let octets = [0xFF, 0x04, 0x01, 0xFF, 0x00, 0x31];
        assert_eq!(read(&octets), [Told::Octet { octet: 0x31, fault: Some(Fault::Parity) }]);
    }
}
