//! The words by which a capture keeps how it stood with a source. They are read in other programs and stay English.

use meterscope_capture::line_settings::LineSettings;

use super::{Connection, Failure, Line};

/// A note that the page understands when it reads a capture again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The port was to be opened, was opened, or was opened to find its settings.
    Opened(Line),
    /// The device was gone.
    Unplugged,
    /// The browser did not offer the device any more.
    PermissionGone,
    /// The connection was closed.
    Closed,
}

const OPENING: &str = "opening";
const OPEN: &str = "open";
const LISTENING: &str = "listening";

const UNPLUGGED: &str = "unplugged";
const PERMISSION_GONE: &str = "permission gone";
const CLOSED: &str = "closed";

impl Note {
    /// Its words.
    pub fn words(&self) -> String {
        match self {
            Self::Opened(line) => opened(OPEN, line),
            Self::Unplugged => UNPLUGGED.to_owned(),
            Self::PermissionGone => PERMISSION_GONE.to_owned(),
            Self::Closed => CLOSED.to_owned(),
        }
    }

    /// Reads it; nothing for words of others, and for those that say all there is by themselves.
    pub fn read(words: &str) -> Option<Self> {
        match words {
            UNPLUGGED => Some(Self::Unplugged),
            PERMISSION_GONE => Some(Self::PermissionGone),
            CLOSED => Some(Self::Closed),
            _ => read_opened(words).map(Self::Opened),
        }
    }
}

/// What a capture keeps of `connection`.
pub fn of_connection(connection: &Connection) -> String {
    match connection {
        Connection::Opening(line) => opened(OPENING, line),
        Connection::Searching(line) => opened(LISTENING, line),
        Connection::Open(line) => Note::Opened(line.clone()).words(),
        Connection::Replaying => String::from("replaying"),
        Connection::Unplugged => Note::Unplugged.words(),
        Connection::PermissionGone => Note::PermissionGone.words(),
        Connection::Closed => Note::Closed.words(),
        Connection::Failed(failure) => format!("failed: {}", reason(failure)),
    }
}

fn opened(how: &str, Line { device, settings }: &Line) -> String {
    format!("{how} {device} {settings}")
}

/// The settings are the last two words; a device may have none, or many.
fn read_opened(words: &str) -> Option<Line> {
    let (how, line) = words.split_once(' ')?;
    if ![OPENING, OPEN, LISTENING].contains(&how) {
        return None;
    }
    let (before, _) = line.rsplit_once(' ')?;
    let (device, _) = before.rsplit_once(' ')?;
    let settings: LineSettings = line.get(device.len()..)?.parse().ok()?;
    Some(Line { device: device.into(), settings })
}

fn reason(failure: &Failure) -> String {
    match failure {
        Failure::PortInUse => String::from("port in use"),
        Failure::SettingsRefused(settings) => format!("{settings} refused"),
        Failure::Forbidden => String::from("forbidden"),
        Failure::Silent => String::from("the board answers no more"),
        Failure::NoSettingsFit(verdict) => format!("no settings fit: {verdict}"),
        Failure::Other(why) => why.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(device: &str) -> Line {
        Line { device: device.into(), settings: LineSettings::MBUS }
    }

    fn read_back(connection: &Connection) -> Option<Note> {
        Note::read(&of_connection(connection))
    }

    #[test]
    fn what_is_written_is_understood_again() {
        assert_eq!(read_back(&Connection::Unplugged), Some(Note::Unplugged));
        assert_eq!(read_back(&Connection::PermissionGone), Some(Note::PermissionGone));
        assert_eq!(read_back(&Connection::Closed), Some(Note::Closed));
        for device in ["Arduino Uno", "MCP2221", ""] {
            for connection in [Connection::Opening, Connection::Searching, Connection::Open] {
                assert_eq!(read_back(&connection(line(device))), Some(Note::Opened(line(device))));
            }
        }
        for note in [Note::Opened(line("FTDI")), Note::Unplugged, Note::PermissionGone, Note::Closed] {
            assert_eq!(Note::read(&note.words()), Some(note));
        }
    }

    #[test]
    fn words_of_others_are_left_to_them() {
        for words in ["open the window", "open", "opening ", "Closed", "closed by hand", "listening 2400", ""]
        {
            assert_eq!(Note::read(words), None, "{words}");
        }
        let failed = Connection::Failed(Failure::SettingsRefused(LineSettings::MBUS));
        assert_eq!(of_connection(&failed), "failed: 2400 8E1 refused");
        assert_eq!(read_back(&failed), None, "a reader sees the words themselves");
    }
}
