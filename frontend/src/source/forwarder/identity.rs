//! What a board says of itself.

use meterscope_capture::line_settings::LineSettings;
use meterscope_firmware_logic::command::{Line, Mode};
use meterscope_firmware_logic::forwarder::IDENTITY;
use meterscope_firmware_logic::line_settings::Parity;

use crate::source::Micros;

/// The answer to `?`: `meterscope forwarder 1; line auto 2400 8?1; mode plain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    is_automatic: bool,
    baud: u32,
    /// Data bits and parity, where the board knows them.
    format: Option<(u8, Parity)>,
    /// How it forwards.
    pub mode: Mode,
}

impl Identity {
    /// Reads it, with or without what ends a line; nothing for what no board of this kind answers.
    pub fn parse(answer: &[u8]) -> Option<Self> {
        let answer = answer.trim_ascii_end().strip_prefix(IDENTITY)?;
        let mut parts = str::from_utf8(answer).ok()?.strip_prefix("; ")?.split("; ");
        let line = parts.next()?.strip_prefix("line ")?;
        let mode = match parts.next()?.strip_prefix("mode ")? {
            "plain" => Mode::Plain,
            "marked" => Mode::Marked,
            _ => return None,
        };
        let (is_automatic, line) = match line.strip_prefix("auto ") {
            Some(line) => (true, line),
            None => (false, line),
        };
        let (baud, format) = if let Some(baud) = line.strip_suffix(" 8?1") {
            (baud.parse().ok()?, None)
        } else {
            let settings: LineSettings = line.parse().ok()?;
            (settings.baud, Some((settings.data_bits, settings.parity)))
        };
        Some(Self { is_automatic, baud, format, mode })
    }

    /// How the board was told to receive.
    pub fn line(self) -> Line {
        let fixed = self.settings().filter(|_| !self.is_automatic);
        fixed.and_then(Line::with).unwrap_or(Line::Auto)
    }

    /// How it receives; nothing while it looks for the parity.
    pub fn settings(self) -> Option<LineSettings> {
        let (data_bits, parity) = self.format?;
        Some(LineSettings { baud: self.baud, data_bits, parity, stop_bits: 1 })
    }

    /// The board was told to receive like this.
    pub fn set(&mut self, line: Line) {
        self.is_automatic = line == Line::Auto;
        (self.baud, self.format) = match line {
            Line::Auto => (LineSettings::MBUS.baud, None),
            Line::Fixed { speed, data_bits, parity, .. } => (speed.baud().into(), Some((data_bits, parity))),
        };
    }

    /// How long an octet is on the bus, in microseconds; where the parity is not known, as if there were one.
    pub fn octet_micros(self) -> Micros {
        let settings = self.settings().unwrap_or(LineSettings { baud: self.baud, ..LineSettings::MBUS });
        settings.octet_micros()
    }
}

/// As people write it.
pub fn name() -> String {
    let mut name = String::from_utf8_lossy(IDENTITY).into_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_firmware_logic::command::TABLE;

    fn parse(answer: &str) -> Option<Identity> {
        Identity::parse(answer.as_bytes())
    }

    #[test]
    fn the_answer_in_the_table_is_read() {
        let identity = parse(TABLE[0].answer).unwrap();
        assert_eq!((identity.line(), identity.settings()), (Line::Auto, None));
        assert_eq!((identity.mode, identity.octet_micros()), (Mode::Plain, 4584));
    }

    #[test]
    fn settings_are_those_that_the_board_has() {
        let found = parse("meterscope forwarder 1; line auto 9600 8N1; mode marked").unwrap();
        let settings = "9600 8N1".parse().unwrap();
        assert_eq!((found.line(), found.settings()), (Line::Auto, Some(settings)));
        assert_eq!(found.mode, Mode::Marked);
        let fixed = parse("meterscope forwarder 1; line 9600 8N1; mode plain").unwrap();
        assert_eq!(fixed.line(), Line::with(settings).unwrap());
    }

    #[test]
    fn other_words_are_no_answer() {
        for answer in [
            "",
            "meterscope forwarder 1",
            "meterscope forwarder 2; line auto 2400 8?1; mode plain; colour red",
            "meterscope forwarder 12; line auto 2400 8?1; mode plain",
            "meterscope forwarder 1; line auto 2400; mode plain",
            "meterscope forwarder 1; line 2400 8E1; mode loud",
            "meterscope forwarder 1; mode plain; line 2400 8E1",
            "meterscope master 1; line 2400 8E1; mode plain",
        ] {
            assert_eq!(parse(answer), None, "{answer}");
        }
    }

    #[test]
    fn a_board_has_a_name() {
        assert_eq!(name(), "Meterscope forwarder 1");
    }
}
