//! What an import gives: octets, where they came from, what was left out, and when they were recorded.

use std::fmt;
use std::ops::Range;

use crate::error::BadHex;
use crate::form::Form;
use crate::line_settings::LineSettings;
use crate::time::Time;

/// Octets, and how they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The octets, in order.
    pub octets: Vec<u8>,
    /// What each stretch of the octets was taken from; end to end, in order.
    pub parts: Vec<Part>,
    /// What was not taken, in order.
    pub left_out: Vec<LeftOut>,
    /// When octets were recorded and which way they went; in order of their offsets.
    pub stamps: Vec<Stamp>,
    /// What happened between the octets; in order of their offsets.
    pub events: Vec<Event>,
    /// What was changed because it was asked for.
    pub repaired: Repaired,
    /// What could be repaired if it was asked for.
    pub offers: Offers,
}

/// One stretch of octets from neighbouring places of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it was taken for.
    pub form: Form,
    /// Where it stands in the input.
    pub source: Source,
    /// Where its octets are in [`Imported::octets`].
    pub octets: Range<usize>,
}

/// A place in an input; first and last belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The whole of it.
    Whole,
    /// Lines of a text, counted from 1.
    Lines(usize, usize),
    /// Packets of a capture file, counted from 1.
    Packets(usize, usize),
}

/// Something of the input that gave no octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it stands in the input. Neighbouring lines that were left out for the same reason are one entry.
    pub source: Source,
    /// How it begins, cut to [`EXCERPT`] characters.
    pub text: String,
    /// Why it was left out.
    pub why: Why,
}

/// The longest [`LeftOut::text`], in characters.
pub const EXCERPT: usize = 60;

/// Why something gave no octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A sentence, a prompt, source code: nothing in it reads as octets of a meter.
    Text,
    /// A remark behind `#`, `//` or the like.
    Comment,
    /// A time and nothing else; it stamps the octets that follow.
    TimeOnly,
    /// Nearly hexadecimal.
    BadHex(BadHex),
    /// Hexadecimal with this many digits made unreadable.
    Masked(usize),
    /// The same octets as those taken, or a part of them, printed again.
    Again,
    /// A telegram of wireless M-Bus.
    Wireless,
    /// A list of numbers of which at least one is no octet.
    NoOctet,
    /// More octets were announced than there are.
    Shorter {
        /// How many were announced.
        announced: usize,
        /// How many there are.
        found: usize,
    },
    /// The offsets of a dump jump, from where it was to where it goes on.
    Gap {
        /// The offset of the next octet.
        from: u64,
        /// The offset that stands there.
        to: u64,
    },
    /// Packets of a link type that no meter bus uses.
    LinkType(u32),
    /// The file ends within it, or it is damaged.
    Damaged,
}

/// Something that happened before the octet at an offset arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Into [`Imported::octets`].
    pub offset: usize,
    /// When it was recorded.
    pub time: Option<Time>,
    /// What it was.
    pub kind: EventKind,
}

/// What can happen between octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// From here on the octets come from this device, on a line that is set like this.
    Opened(LineSettings, String),
    /// The line reported something.
    Line(LineEvent),
    /// Whoever recorded it had something to say.
    Note(String),
}

/// What a serial line reports beside octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEvent {
    /// Octets were lost before they were recorded.
    Lost,
    /// A stop bit was missing.
    Framing,
    /// A parity bit was wrong.
    Parity,
    /// The line was held low.
    Break,
    /// The receiver was too slow.
    Overflow,
}

/// What is known of the octets from an offset on, until the next stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Into [`Imported::octets`].
    pub offset: usize,
    /// When they were recorded.
    pub time: Option<Time>,
    /// Which way they went.
    pub direction: Option<Direction>,
}

/// Which way octets went, as seen by who recorded them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the meter.
    Received,
    /// To the meter.
    Sent,
}

/// What to repair; nothing is unless it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// Take the CR out again that something on the way put in front of every LF. P1 text is left as it is.
    pub undo_crlf: bool,
    /// Read digits that were made unreadable (`XX`) as 0.
    pub masked_as_zero: bool,
}

/// What was repaired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// How many CR were taken out.
    pub crlf_undone: usize,
    /// How many octets have a digit that was unreadable and became 0.
    pub masked_as_zero: usize,
}

/// What could be repaired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Every LF has a CR in front, and without them more frames are good.
    pub undo_crlf: bool,
    /// Lines were left out because this many digits of theirs are unreadable.
    pub masked_digits: usize,
}

impl Imported {
    /// The form that most of the octets have.
    pub fn form(&self) -> Form {
        let longest = self.parts.iter().rev().max_by_key(|part| part.octets.len());
        longest.map_or(Form::Binary, |part| part.form)
    }

    /// What is known of the octet at `offset`.
    pub fn stamp_at(&self, offset: usize) -> Option<&Stamp> {
        let following = self.stamps.partition_point(|stamp| stamp.offset <= offset);
        self.stamps.get(following.checked_sub(1)?)
    }

    /// Whether every octet of the input was taken as it is.
    pub fn is_complete(&self) -> bool {
        self.left_out.is_empty() && self.repaired == Repaired::default() && self.offers == Offers::default()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Whole => f.write_str("all"),
            Self::Lines(first, last) if first == last => write!(f, "line {first}"),
            Self::Lines(first, last) => write!(f, "lines {first} to {last}"),
            Self::Packets(first, last) if first == last => write!(f, "packet {first}"),
            Self::Packets(first, last) => write!(f, "packets {first} to {last}"),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text without octets"),
            Self::Comment => f.write_str("a comment"),
            Self::TimeOnly => f.write_str("a time without octets"),
            Self::BadHex(bad) if bad.half => {
                write!(f, "half an octet: the digit “{}” in column {} stands alone", bad.found, bad.column)
            }
            Self::BadHex(bad) => {
                write!(f, "“{}” in column {} is no hexadecimal digit", bad.found, bad.column)
            }
            Self::Masked(digits) => write!(f, "{digits} digits are hidden"),
            Self::Again => f.write_str("octets that are printed a second time"),
            Self::Wireless => f.write_str("a telegram of wireless M-Bus, not of a wire"),
            Self::NoOctet => f.write_str("numbers that are no octets (0 to 255)"),
            Self::Shorter { announced, found } => {
                write!(f, "{announced} octets are announced, {found} are there")
            }
            Self::Gap { from, to } => write!(f, "the dump jumps from offset {from:X} to {to:X}"),
            Self::LinkType(link_type) => {
                write!(f, "link type {link_type}, not a serial line (250, or 147 to 162)")
            }
            Self::Damaged => f.write_str("damaged or cut off"),
        }
    }
}

impl fmt::Display for LineEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost => "lost octets",
            Self::Framing => "a framing error",
            Self::Parity => "a parity error",
            Self::Break => "a break",
            Self::Overflow => "an overflow",
        })
    }
}
