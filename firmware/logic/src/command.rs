//! What a host says to a board: readable lines, one command each. These are the forwarder's; those of the master simulator
//! have the same form and are in [`crate::master_command`].
//!
//! [`TABLE`] is the documentation. Board, page and tests read and write commands with this module.

use core::fmt;

use crate::line_settings::{LineSettings, Parity, format_from_octets};
use crate::receiver::{Format, SPEEDS, Speed};

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Who are you?
    Identify,
    /// Receive with these settings.
    Line(Line),
    /// Forward like this.
    Mode(Mode),
    /// How much came, and what was wrong with it?
    Count,
}

/// How the bus is received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// With speed and parity as they are found to be.
    Auto,
    /// With these settings: those of [`LineSettings`] at a speed that a board has.
    Fixed {
        /// How fast.
        speed: Speed,
        /// 7 or 8.
        data_bits: u8,
        /// What the bit behind the data bits is.
        parity: Parity,
        /// 1 or 2, of which only the first is looked at.
        stop_bits: u8,
    },
}

/// How octets are forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As they are, and nothing else: any program that reads a serial port understands it.
    Plain,
    /// With [`crate::marks`].
    Marked,
}

/// A line is no command that this board has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCommand {
    /// No such word.
    Unknown,
    /// The word is known; what follows is not.
    Unsuitable,
}

/// A row of the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The command, with what may stand in it.
    pub form: &'static str,
    /// One that works.
    pub example: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// What the board answers to the example.
    pub answer: &'static str,
}

/// All commands. Boards leave it out.
pub const TABLE: [Row; 5] = [
    Row {
        form: "?",
        example: "?",
        meaning: "who the board is and how it is set",
        answer: "meterscope forwarder 1; line auto 2400 8?1; mode plain",
    },
    Row {
        form: "line BAUD FORMAT",
        example: "line 2400 8E1",
        meaning: "receives with these settings: 300, 600, 1200, 2400, 4800 or 9600 baud; 7 or 8 data bits; \
                  parity N, E or O; 1 or 2 stop bits, of which the board looks at the first and tells that one",
        answer: "ok",
    },
    Row {
        form: "line auto",
        example: "line auto",
        meaning: "finds speed and parity (of eight data bits); so the board starts",
        answer: "ok",
    },
    Row {
        form: "mode plain|marked",
        example: "mode marked",
        meaning: "forwards octets as they are (so the board starts), or with marks for errors, gaps and times; the answer \
                  to `mode marked` is the first mark, and that to `mode plain` the last one",
        answer: "ok",
    },
    Row {
        form: "count",
        example: "count",
        meaning: "octets since the start, those with faults by kind, losses, and HDLC frames whole and damaged",
        answer: "octets 0 parity 0 framing 0 break 0 lost 0 frames 0 damaged 0",
    },
];

/// What a board answers to a command that needs no other answer, with the end of the line.
pub const OK: &[u8] = b"ok\n";

/// All words of commands; a speed's place among them is its place in [`crate::receiver::SPEEDS`]. One text that one
/// function goes through takes a board less flash than comparisons.
const WORDS: &[u8] = b"9600 4800 2400 1200 600 300 auto plain marked ? count line mode ";
const SPEED_COUNT: u8 = SPEEDS.len() as u8;
const AUTO: u8 = SPEED_COUNT;
const PLAIN: u8 = AUTO + 1;
const MARKED: u8 = AUTO + 2;
const IDENTIFY: u8 = AUTO + 3;
const COUNT: u8 = AUTO + 4;
const LINE: u8 = AUTO + 5;
const MODE: u8 = AUTO + 6;

impl Command {
    /// Reads a line, without what ends it.
    pub fn parse(line: &[u8]) -> Result<Self, NoCommand> {
        let mut words = Words(line);
        let command = match words.place() {
            IDENTIFY => Some(Self::Identify),
            COUNT => Some(Self::Count),
            LINE => words.line().map(Self::Line),
            MODE => words.mode().map(Self::Mode),
            _ => return Err(NoCommand::Unknown),
        };
        command.filter(|_| words.next().is_empty()).ok_or(NoCommand::Unsuitable)
    }
}

/// What is still to be read of a line.
struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    /// The next word; nothing at the end.
    #[inline(never)]
    fn next(&mut self) -> &'a [u8] {
        while let [b' ' | b'\t', rest @ ..] = self.0 {
            self.0 = rest;
        }
        let end = self.0.iter().position(|octet| matches!(octet, b' ' | b'\t')).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at_checked(end).unwrap_or_default();
        self.0 = rest;
        word
    }

    /// The place of the next word in [`WORDS`]; of another one, how many there are.
    #[inline(never)]
    fn place(&mut self) -> u8 {
        let word = self.next();
        let (mut place, mut is_same, mut octets) = (0, true, word.iter());
        for known in WORDS {
            if *known != b' ' {
                is_same &= octets.next() == Some(known);
                continue;
            }
            if is_same && octets.next().is_none() {
                break;
            }
            place += 1;
            (is_same, octets) = (true, word.iter());
        }
        place
    }

    fn line(&mut self) -> Option<Line> {
        let place = self.place();
        if place == AUTO {
            return Some(Line::Auto);
        }
        let speed = Speed::at(place)?;
        let (data_bits, parity, stop_bits) = format_from_octets(self.next())?;
        Some(Line::Fixed { speed, data_bits, parity, stop_bits })
    }

    fn mode(&mut self) -> Option<Mode> {
        match self.place() {
            PLAIN => Some(Mode::Plain),
            MARKED => Some(Mode::Marked),
            _ => None,
        }
    }
}

/// As a host sends it, without a line feed.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Identify => f.write_str("?"),
            Self::Line(Line::Auto) => f.write_str("line auto"),
            Self::Line(Line::Fixed { speed, data_bits, parity, stop_bits }) => {
                let baud = speed.baud().into();
                write!(f, "line {}", LineSettings { baud, data_bits, parity, stop_bits })
            }
            Self::Mode(Mode::Plain) => f.write_str("mode plain"),
            Self::Mode(Mode::Marked) => f.write_str("mode marked"),
            Self::Count => f.write_str("count"),
        }
    }
}

impl NoCommand {
    /// What the board answers, with the end of the line.
    pub const fn answer(self) -> &'static [u8] {
        match self {
            Self::Unknown => b"error: no such command\n",
            Self::Unsuitable => b"error: no such setting\n",
        }
    }
}

impl Line {
    /// With these settings; None at a speed that no board has.
    pub fn with(settings: LineSettings) -> Option<Self> {
        let LineSettings { baud, data_bits, parity, stop_bits } = settings;
        Some(Self::Fixed { speed: Speed::of(baud)?, data_bits, parity, stop_bits })
    }

    /// How its octets are received at first.
    pub const fn format(self) -> Format {
        match self {
            Self::Auto => Format::ParityUnknown,
            Self::Fixed { data_bits, parity, .. } => Format::Known { data_bits, parity },
        }
    }
}

/// A speed, as it stands in commands and answers.
pub(crate) fn speed_word(speed: Speed) -> &'static [u8] {
    let mut words = Words(WORDS);
    let mut place = 0;
    while Speed::at(place) != Some(speed) {
        words.next();
        place += 1;
    }
    words.next()
}

/// `8E1`; where the parity is not known yet, `8?1`.
pub const fn format_letters(format: Format) -> [u8; 3] {
    match format {
        Format::Known { data_bits, parity } => [b'0' + data_bits, parity_letter(parity), b'1'],
        Format::ParityUnknown => *b"8?1",
    }
}

const fn parity_letter(parity: Parity) -> u8 {
    parity.letter() as u8
}

/// Collects the octets from the host to lines, of which none is longer than `LONGEST`.
#[derive(Clone, Copy, Debug)]
pub struct LineBuffer<const LONGEST: usize> {
    octets: [u8; LONGEST],
    length: u8,
    is_too_long: bool,
}

/// No command of a forwarder is longer: `line 2400 8E1`, with a few spaces to spare.
pub const LONGEST: usize = 16;

impl<const LONGEST: usize> LineBuffer<LONGEST> {
    /// An empty line.
    pub const fn new() -> Self {
        Self { octets: [0; LONGEST], length: 0, is_too_long: false }
    }

    /// The next octet; a command where it ends a line that is not empty.
    pub fn push(&mut self, octet: u8) -> Option<Result<Command, NoCommand>> {
        self.push_to_line(octet).map(|line| line.and_then(Command::parse))
    }

    /// The next octet; the line that it ends, if that is not empty. For boards with commands of their own.
    #[inline]
    pub fn push_to_line(&mut self, octet: u8) -> Option<Result<&[u8], NoCommand>> {
        if octet != b'\n' && octet != b'\r' {
            match self.octets.get_mut(self.length as usize) {
                Some(place) => {
                    *place = octet;
                    self.length += 1;
                }
                None => self.is_too_long = true,
            }
            return None;
        }
        let length = core::mem::take(&mut self.length);
        if core::mem::take(&mut self.is_too_long) {
            return Some(Err(NoCommand::Unknown));
        }
        let line = self.octets.get(..length as usize)?;
        (!Words(line).next().is_empty()).then_some(Ok(line))
    }

    /// The line so far.
    pub fn so_far(&self) -> &[u8] {
        self.octets.get(..self.length as usize).unwrap_or_default()
    }
}

impl<const LONGEST: usize> Default for LineBuffer<LONGEST> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn every_row_of_the_table_is_a_command() {
        for row in TABLE {
            let command = Command::parse(row.example.as_bytes()).unwrap();
            assert_eq!(command.to_string(), row.example);
            assert_eq!(row.form.split(' ').next(), row.example.split(' ').next());
            assert!(row.example.len() <= LONGEST);
        }
    }

    #[test]
    fn what_is_no_command_is_told_apart() {
        for line in ["who", "lines 2400 8E1", "??", "\u{0}", "mode_plain"] {
            assert_eq!(Command::parse(line.as_bytes()), Err(NoCommand::Unknown), "{line}");
        }
        for line in
            ["mode", "mode fast", "line", "line 2400", "line 19200 8E1", "line 2400 9E1", "? 1", "count all"]
        {
            assert_eq!(Command::parse(line.as_bytes()), Err(NoCommand::Unsuitable), "{line}");
        }
    }

    proptest! {
        #[test]
        fn line_settings_come_back(place in 0..SPEEDS.len(), data_bits in 7_u8..=8, parity in 0..3_usize, stop_bits in 1_u8..=2) {
            let parity = [Parity::None, Parity::Even, Parity::Odd][parity];
            let baud = u32::from(SPEEDS[place]);
            let settings = LineSettings { baud, data_bits, parity, stop_bits };
            let command = Command::Line(Line::with(settings).unwrap());
            let text = command.to_string();
            prop_assert!(text.len() <= LONGEST);
            prop_assert_eq!(Command::parse(text.as_bytes()), Ok(command));
        }

        #[test]
        fn a_line_of_any_octets_leaves_the_next_one_whole(octets in prop::collection::vec(any::<u8>(), 0..100)) {
            let mut buffer = LineBuffer::<LONGEST>::new();
            for octet in octets {
                buffer.push(octet);
            }
            buffer.push(b'\n');
            let answers: Vec<_> = b"mode marked\r\n".iter().filter_map(|&octet| buffer.push(octet)).collect();
            prop_assert_eq!(answers, [Ok(Command::Mode(Mode::Marked))]);
        }
    }
}
