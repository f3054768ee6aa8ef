//! What a host says to the master simulator: readable lines, as for the forwarder.
//!
//! [`TABLE`] is the documentation. Commands and octets for the bus share one serial line: a command says how many octets
//! follow it, and these go to the bus whatever they are. So nothing needs to be escaped, and no octet is taken for a
//! command.
//!
//! A host may send the next command once the one before was answered; then nothing is lost, however fast it is. That is
//! all the flow control there is. XON and XOFF would come too late: a USB host has more octets under way than the board
//! has memory. And an Uno's USB chip has no line for RTS and CTS to the microcontroller.

use core::fmt;

use meterscope_decoder::encode::clock::Clock;

use crate::command::{Line, NoCommand, Row};
use crate::line_settings::LineSettings;
use crate::pattern::Meter;

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterCommand {
    /// Who are you?
    Identify,
    /// Send with these settings.
    Line(Line),
    /// Play this.
    Play(Play),
    /// The meter's clock says this now.
    Clock(Clock),
    /// So many octets follow, which are to be sent.
    Send(u16),
}

/// What is played while no host sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Play {
    /// The line rests.
    Nothing,
    /// High and low in turn, each for a bit.
    Square,
    /// The frames of a meter.
    Meter(Meter),
}

/// No `send` may have more octets.
pub const MOST_OCTETS: u16 = 32;

/// No command is longer: `clock 2026-11-21 12:00:00`.
pub const LONGEST: usize = 25;

/// All commands. Boards leave it out.
pub const TABLE: [Row; 6] = [
    Row {
        form: "?",
        example: "?",
        meaning: "who the board is and how it is set",
        answer: "meterscope master_simulator 1; line auto 2400 8E1; play kaifa; clock 2026-01-01 12:00:00",
    },
    Row {
        form: "line BAUD FORMAT",
        example: "line 2400 8E1",
        meaning: "sends with these settings: 300, 600, 1200, 2400, 4800 or 9600 baud; 7 or 8 data bits; parity N, E \
                  or O; 1 or 2 stop bits. What was begun is sent to its end before",
        answer: "ok",
    },
    Row {
        form: "line auto",
        example: "line auto",
        meaning: "sends as the meter that plays does, else with 2400 8E1; so the board starts",
        answer: "ok",
    },
    Row {
        form: "play kaifa|kamstrup|aidon|heat|square|nothing",
        example: "play aidon",
        meaning: "plays the frames of a meter at their times, or a square wave with the line's bits. The board starts \
                  with what its straps say",
        answer: "ok",
    },
    Row {
        form: "clock YYYY-MM-DD HH:MM:SS",
        example: "clock 2026-11-21 11:59:50",
        meaning: "sets the meter's clock, once what was begun is sent to its end; the meter's registers begin anew, and its \
                  next frame comes with the next full ten seconds of its clock",
        answer: "ok",
    },
    Row {
        form: "send COUNT",
        example: "send 3",
        meaning: "so many octets, 1 to 32, follow the line feed and are sent as they are, and from then on the board \
                  plays nothing. Answered once the last of them has its place behind the others: until then send nothing",
        answer: "ok",
    },
];

/// The word in front of octets.
pub(crate) const SEND: &[u8] = b"send";

/// What stands between the parts of a time, and how many digits are in front of it.
const TIME: [(u8, u8); 6] = [(4, b'-'), (2, b'-'), (2, b' '), (2, b':'), (2, b':'), (2, 0)];

impl MasterCommand {
    /// Reads a line, without what ends it.
    pub fn parse(line: &[u8]) -> Result<Self, NoCommand> {
        let line = line.trim_ascii();
        let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
        let (word, rest) = line.split_at_checked(end).unwrap_or_default();
        let rest = rest.trim_ascii_start();
        let command = match word {
            SEND => count_of(rest).map(Self::Send),
            b"line" => line_of(rest).map(Self::Line),
            b"play" => Play::of(rest).map(Self::Play),
            b"clock" => clock_of(rest).map(Self::Clock),
            b"?" => rest.is_empty().then_some(Self::Identify),
            _ => return Err(NoCommand::Unknown),
        };
        command.ok_or(NoCommand::Unsuitable)
    }
}

impl Play {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Square,
        Self::Meter(Meter::Kaifa),
        Self::Meter(Meter::Kamstrup),
        Self::Meter(Meter::Aidon),
        Self::Meter(Meter::Heat),
    ];

    /// As commands name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Square => "square",
            Self::Meter(meter) => meter.name(),
        }
    }

    /// What straps choose: a bit that is set is a pin that is connected to ground. Two say which meter, the third is for
    /// a square wave.
    pub const fn strapped(straps: u8) -> Self {
        match straps & 0b111 {
            0b000 => Self::Meter(Meter::Kaifa),
            0b001 => Self::Meter(Meter::Kamstrup),
            0b010 => Self::Meter(Meter::Aidon),
            0b011 => Self::Meter(Meter::Heat),
            _ => Self::Square,
        }
    }

    fn of(text: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|play| play.name().as_bytes() == text)
    }
}

/// As a host sends it, without a line feed.
impl fmt::Display for MasterCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Identify => f.write_str("?"),
            Self::Line(Line::Auto) => f.write_str("line auto"),
            Self::Line(Line::Fixed { speed, data_bits, parity, stop_bits }) => {
                let baud = speed.baud().into();
                write!(f, "line {}", LineSettings { baud, data_bits, parity, stop_bits })
            }
            Self::Play(play) => write!(f, "play {}", play.name()),
            Self::Clock(clock) => {
                let now = clock.civil();
                write!(f, "clock {:04}-{:02}-{:02} ", now.year, now.month, now.day)?;
                write!(f, "{:02}:{:02}:{:02}", now.hour, now.minute, now.second)
            }
            Self::Send(count) => write!(f, "send {count}"),
        }
    }
}

fn line_of(text: &[u8]) -> Option<Line> {
    if text == b"auto" {
        return Some(Line::Auto);
    }
    Line::with(LineSettings::from_octets(text).ok()?)
}

fn clock_of(text: &[u8]) -> Option<Clock> {
    let (mut rest, mut parts) = (text, [0_u16; 6]);
    for (part, (digits, separator)) in parts.iter_mut().zip(TIME) {
        let (number, behind) = rest.split_at_checked(digits.into())?;
        *part = count_of(number)?;
        rest = match behind {
            [first, behind @ ..] if *first == separator => behind,
            [] if separator == 0 => behind,
            _ => return None,
        };
    }
    let [year, month, day, hour, minute, second] = parts;
    Clock::new(year, month as u8, day as u8, hour as u8, minute as u8, second as u8)
}

/// A number of up to four digits.
fn count_of(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u16::from(digit & 0x0F)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line_settings::Parity;
    use crate::receiver::SPEEDS;
    use proptest::prelude::*;
    use std::string::ToString;

    #[test]
    fn every_row_of_the_table_is_a_command() {
        for row in TABLE {
            let command = MasterCommand::parse(row.example.as_bytes()).unwrap();
            assert_eq!(command.to_string(), row.example);
            assert_eq!(row.form.split(' ').next(), row.example.split(' ').next());
        }
    }

    #[test]
    fn what_is_no_command_is_told_apart() {
        for line in ["who", "sends 3", "", "\u{0}", "play_kaifa", "count"] {
            assert_eq!(MasterCommand::parse(line.as_bytes()), Err(NoCommand::Unknown), "{line}");
        }
        for line in [
            "play",
            "play all",
            "line 19200 8E1",
            "send",
            "send x",
            "send 10000",
            "send -1",
            "? 1",
            "clock",
            "clock 12:00:00",
            "clock 2026-11-21T12:00:00",
            "clock 2026-02-29 12:00:00",
            "clock 2026-11-21 12:00:000",
            "clock 2026-11-21 24:00:00",
        ] {
            assert_eq!(MasterCommand::parse(line.as_bytes()), Err(NoCommand::Unsuitable), "{line}");
        }
    }

    #[test]
    fn what_is_played_is_read_as_it_is_written() {
        for play in Play::ALL {
            let command = MasterCommand::Play(play);
            assert_eq!(MasterCommand::parse(command.to_string().as_bytes()), Ok(command));
        }
    }

    #[test]
    fn straps_choose() {
        let names = [0, 1, 2, 3, 4, 5, 6, 7].map(|straps| Play::strapped(straps).name());
        assert_eq!(names, ["kaifa", "kamstrup", "aidon", "heat", "square", "square", "square", "square"]);
    }

    proptest! {
        #[test]
        fn commands_come_back(place in 0..SPEEDS.len(), seconds in any::<u32>(), count in 0_u16..10_000) {
            let baud = u32::from(SPEEDS[place]);
            let settings = LineSettings { baud, data_bits: 8, parity: Parity::Odd, stop_bits: 2 };
            // The last year is not whole.
            let clock = Clock(seconds % 4_000_000_000);
            for command in [
                MasterCommand::Line(Line::with(settings).unwrap()),
                MasterCommand::Clock(clock),
                MasterCommand::Send(count),
            ] {
                prop_assert_eq!(MasterCommand::parse(command.to_string().as_bytes()), Ok(command));
            }
        }

        #[test]
        fn any_line_is_read(line in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = MasterCommand::parse(&line);
        }
    }
}
