//! What the errors of Web Serial mean. Each has a name by which the standard tells them apart (WICG Web Serial 4.4, 4.5);
//! the messages differ between browsers and versions.

use meterscope_capture::LineEvent;
use meterscope_capture::line_settings::LineSettings;

use super::Failure;

/// What a read that failed means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// Something happened on the line; the port stays open and has a new stream.
    Line(LineEvent),
    /// The port is gone.
    Lost,
}

/// Why there is no port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPort {
    /// The browser's dialog was closed without a choice.
    Cancelled,
    /// The browser, or whoever runs it, does not let this page use ports.
    Forbidden,
    /// Another tab of this page reads from the port.
    InOtherTab,
    /// What the browser said, where nothing better is known.
    Other(String),
}

/// What an error while reading means.
pub fn of_read(name: &str) -> ReadFault {
    ReadFault::Line(match name {
        "ParityError" => LineEvent::Parity,
        "FramingError" => LineEvent::Framing,
        "BreakError" => LineEvent::Break,
        "BufferOverrunError" => LineEvent::Overflow,
        // NetworkError: the device was lost. UnknownError: the system's driver failed. The port is closed after both.
        _ => return ReadFault::Lost,
    })
}

/// What an error while opening means.
pub fn of_open(name: &str, message: &str, settings: LineSettings) -> Failure {
    match name {
        "InvalidStateError" | "NetworkError" => Failure::PortInUse,
        "TypeError" | "NotSupportedError" | "RangeError" => Failure::SettingsRefused(settings),
        "SecurityError" | "NotAllowedError" => Failure::Forbidden,
        _ => Failure::Other(described(name, message)),
    }
}

/// What an error while asking for a port means.
pub fn of_request(name: &str, message: &str) -> NoPort {
    match name {
        "NotFoundError" | "AbortError" => NoPort::Cancelled,
        "SecurityError" | "NotAllowedError" => NoPort::Forbidden,
        _ => NoPort::Other(described(name, message)),
    }
}

fn described(name: &str, message: &str) -> String {
    format!("{name}: {message}").trim_end_matches([':', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_goes_on_after_what_happens_on_the_line() {
        assert_eq!(of_read("ParityError"), ReadFault::Line(LineEvent::Parity));
        assert_eq!(of_read("FramingError"), ReadFault::Line(LineEvent::Framing));
        assert_eq!(of_read("BreakError"), ReadFault::Line(LineEvent::Break));
        assert_eq!(of_read("BufferOverrunError"), ReadFault::Line(LineEvent::Overflow));
        assert_eq!(of_read("NetworkError"), ReadFault::Lost);
        assert_eq!(of_read("UnknownError"), ReadFault::Lost);
    }

    #[test]
    fn a_port_that_does_not_open_says_why() {
        let settings = LineSettings::MBUS;
        assert_eq!(of_open("NetworkError", "", settings), Failure::PortInUse);
        assert_eq!(of_open("InvalidStateError", "", settings), Failure::PortInUse);
        assert_eq!(of_open("TypeError", "", settings), Failure::SettingsRefused(settings));
        assert_eq!(of_open("SecurityError", "", settings), Failure::Forbidden);
        assert_eq!(of_open("Odd", "it is", settings), Failure::Other("Odd: it is".to_owned()));
    }

    #[test]
    fn a_cancelled_choice_is_no_error() {
        assert_eq!(of_request("NotFoundError", ""), NoPort::Cancelled);
        assert_eq!(of_request("SecurityError", ""), NoPort::Forbidden);
        assert_eq!(of_request("", ""), NoPort::Other(String::new()));
    }
}
