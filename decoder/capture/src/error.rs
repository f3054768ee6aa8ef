//! Why an input cannot be read, in words a person can act on.

use std::fmt;

/// The first place where a text is not hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadHex {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// The character there.
    pub found: char,
    /// It is a digit, but the second one of its octet is missing.
    pub half: bool,
}

impl fmt::Display for BadHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, found, half } = self;
        write!(f, "line {line}, column {column}: ")?;
        if *half {
            write!(f, "half an octet, the digit “{found}” stands alone")
        } else {
            write!(f, "“{found}” is no hexadecimal digit")
        }
    }
}

/// Why an input cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// There is nothing in it.
    Empty,
    /// It is hexadecimal text with a mistake, which a person can mend.
    BadHex(BadHex),
    /// It is text, and none of it reads as octets. The place is the first character that is none of a known form.
    NoOctets(BadHex),
    /// It is hexadecimal text in which digits were made unreadable; with [`Repairs::masked_as_zero`] they become 0.
    ///
    /// [`Repairs::masked_as_zero`]: crate::Repairs::masked_as_zero
    Masked(BadHex),
    /// A capture file that holds no octets of a meter bus.
    Capture(CaptureError),
}

/// Why a capture file gives no octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptureError {
    /// The file is damaged or cut off before its first packet.
    Damaged,
    /// There is no packet in it.
    NoPackets,
    /// All packets have this link type, which no meter bus uses.
    LinkType(u32),
    /// There are packets of a serial line, but no octets in them.
    NoOctets,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is nothing in it"),
            Self::BadHex(bad) => write!(f, "{bad}"),
            Self::NoOctets(bad) => {
                write!(f, "there are no octets of a meter in this text; {bad}")
            }
            Self::Masked(bad) => write!(
                f,
                "line {}, column {}: digits are hidden behind “{}”; they can be read as 0 if you ask for it",
                bad.line, bad.column, bad.found
            ),
            Self::Capture(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ImportError {}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("the capture file is damaged or cut off before its first packet"),
            Self::NoPackets => f.write_str("there is no packet in the capture file"),
            Self::LinkType(link_type) => write!(
                f,
                "the packets of the capture file have link type {link_type}; expected is a serial line, 250 (RTAC \
                 serial) or 147 to 162 (USER0 to USER15)"
            ),
            Self::NoOctets => f.write_str("the packets of the capture file hold no octets"),
        }
    }
}
