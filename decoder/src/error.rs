//! What can be wrong with a frame, in which layer and at which octet.

use core::fmt;

use crate::cursor::Short;

/// The layer that a problem belongs to. The layers below it did their work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Layer {
    /// Octets to frames: flags, lengths, check sequences.
    Link,
    /// Frames to one message: segments and blocks.
    Transport,
    /// Keys, ciphers, authentication tags.
    Security,
    /// Records, APDUs, lists.
    Application,
}

impl Layer {
    /// The name that the output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Transport => "transport",
            Self::Security => "security",
            Self::Application => "application",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The first octet that shows it, counted in the buffer that was being read.
    pub at: u32,
}

impl Problem {
    /// A problem seen at octet `at`.
    pub const fn new(kind: ProblemKind, at: u32) -> Self {
        Self { kind, at }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)
    }
}

#[cfg(feature = "std")]
impl std::error::Error for Problem {}

impl From<Short> for Problem {
    fn from(short: Short) -> Self {
        Self::new(ProblemKind::Truncated { needed: short.needed, left: short.left }, short.at)
    }
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ProblemKind {
    /// The 8-bit sum over control, address and user data is wrong (EN 13757-2:2018 5.4).
    Checksum {
        /// What the frame carries.
        received: u8,
        /// What its octets give.
        computed: u8,
    },
    /// The header check sequence is wrong, so the length cannot be trusted either.
    HeaderCheck {
        /// What the frame carries.
        received: u16,
        /// What its octets give.
        computed: u16,
    },
    /// The frame check sequence is wrong.
    FrameCheck {
        /// What the frame carries.
        received: u16,
        /// What its octets give.
        computed: u16,
    },
    /// The CRC-16 after the `!` of a P1 telegram is wrong.
    TelegramCheck {
        /// What the telegram carries.
        received: u16,
        /// What its octets give.
        computed: u16,
    },
    /// The two length octets of an M-Bus long frame differ.
    LengthsDiffer {
        /// The first.
        first: u8,
        /// The second.
        second: u8,
    },
    /// A length that no frame of this kind has.
    ImpossibleLength {
        /// The length as sent.
        length: u32,
    },
    /// The frame does not end where its length says.
    StopMissing {
        /// The octet found there.
        found: u8,
    },
    /// A P1 telegram has an octet that is no text.
    NotText {
        /// The octet found there.
        found: u8,
    },
    /// The input ends, or another frame begins, before this one is complete.
    Incomplete {
        /// Octets that are still missing, 0 where that cannot be known.
        missing: u32,
    },
    /// The message is one of several segments, and nothing here joins them.
    SegmentNotJoined,
    /// A segment or block without those that come before it.
    SegmentMissing,
    /// A segment or block that came before; it counts once.
    SegmentRepeated,
    /// A message that was not complete when another began or the capture ended; it is lost.
    MessageLost {
        /// How many octets of it had come.
        length: u32,
    },
    /// A message longer than the decoder joins, or of more pieces.
    MessageTooLong {
        /// The longest that it joins, in octets.
        limit: u32,
    },
    /// A telegram of a readout is missing before this one.
    TelegramMissing,
    /// A field needs more octets than are left.
    Truncated {
        /// Octets the field needs.
        needed: u32,
        /// Octets left.
        left: u32,
    },
    /// Octets are left over after the message.
    Trailing {
        /// How many.
        count: u32,
    },
    /// The message is ciphered and there is no key for it.
    KeyMissing,
    /// No key fits.
    AuthenticationFailed(Refusal),
    /// A cipher or mode that is not supported.
    UnsupportedSecurity {
        /// The mode or suite as sent.
        code: u8,
    },
    /// A CI field that has no meaning here.
    UnknownControlInformation {
        /// The CI field.
        code: u8,
    },
    /// A DLMS APDU with a tag that is not supported.
    UnknownApdu {
        /// The tag.
        tag: u8,
    },
    /// A DLMS data type that is not supported.
    UnknownDataType {
        /// The tag.
        tag: u8,
    },
    /// An octet where a length should begin that begins none (IEC 62056-6-2, A-XDR: IEC 61334-6 clause 7).
    BadLength {
        /// The octet.
        octet: u8,
    },
    /// The contents of a compact array, which are not taken apart.
    CompactArray,
    /// Structures and arrays nested deeper than the decoder follows.
    TooDeep {
        /// The deepest level it follows.
        limit: u8,
    },
    /// More DIFEs or VIFEs than the ten that EN 13757-3:2018 6.3.2 allows.
    TooManyExtensions,
    /// A reserved DIF, after which the length of the rest cannot be known.
    ReservedDif {
        /// The DIF.
        dif: u8,
    },
    /// A reserved LVAR, after which the length of the rest cannot be known.
    ReservedLvar {
        /// The LVAR octet.
        lvar: u8,
    },
    /// The meter says that it could not carry out what it was asked (EN 13757-3:2018 8).
    ApplicationError {
        /// The error code.
        code: u8,
    },
    /// A date-time of a length or form that no meter is known to send.
    BadDateTime,
}

/// Why keys were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Refusal {
    /// The tag is wrong, and so is the plaintext: another key, or damage.
    Tag,
    /// The tag is wrong, but the plaintext makes sense: the authentication key is another, or a few octets are damaged.
    TagOnly,
    /// The plaintext makes no sense.
    Plaintext,
}

impl Refusal {
    const fn text(self) -> &'static str {
        match self {
            Self::Tag => {
                "the authentication tag is wrong with every key given: another meter's key, or damaged octets"
            }
            Self::TagOnly => {
                "the authentication tag is wrong, although the text makes sense: check the authentication key; or an \
                 octet was altered"
            }
            Self::Plaintext => {
                "no key given turns this into a message: another meter's key, or damaged octets"
            }
        }
    }
}

impl ProblemKind {
    /// The layer that failed.
    pub const fn layer(self) -> Layer {
        match self {
            Self::Checksum { .. }
            | Self::HeaderCheck { .. }
            | Self::FrameCheck { .. }
            | Self::TelegramCheck { .. }
            | Self::LengthsDiffer { .. }
            | Self::ImpossibleLength { .. }
            | Self::StopMissing { .. }
            | Self::NotText { .. }
            | Self::Incomplete { .. } => Layer::Link,
            Self::SegmentNotJoined
            | Self::SegmentMissing
            | Self::SegmentRepeated
            | Self::MessageLost { .. }
            | Self::MessageTooLong { .. }
            | Self::TelegramMissing => Layer::Transport,
            Self::KeyMissing | Self::AuthenticationFailed(_) | Self::UnsupportedSecurity { .. } => {
                Layer::Security
            }
            _ => Layer::Application,
        }
    }

    /// A short name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Checksum { .. } => "checksum",
            Self::HeaderCheck { .. } => "header-check",
            Self::FrameCheck { .. } => "frame-check",
            Self::TelegramCheck { .. } => "telegram-check",
            Self::LengthsDiffer { .. } => "lengths-differ",
            Self::ImpossibleLength { .. } => "length",
            Self::StopMissing { .. } => "stop",
            Self::NotText { .. } => "not-text",
            Self::Incomplete { .. } => "incomplete",
            Self::SegmentNotJoined => "segment",
            Self::SegmentMissing => "segment-missing",
            Self::SegmentRepeated => "segment-repeated",
            Self::MessageLost { .. } => "message-lost",
            Self::MessageTooLong { .. } => "message-too-long",
            Self::TelegramMissing => "telegram-missing",
            Self::Truncated { .. } => "truncated",
            Self::Trailing { .. } => "trailing",
            Self::KeyMissing => "key-missing",
            Self::AuthenticationFailed(_) => "authentication-failed",
            Self::UnsupportedSecurity { .. } => "unsupported-security",
            Self::UnknownControlInformation { .. } => "unknown-ci",
            Self::UnknownApdu { .. } => "unknown-apdu",
            Self::UnknownDataType { .. } => "unknown-type",
            Self::BadLength { .. } => "bad-length",
            Self::CompactArray => "compact-array",
            Self::TooDeep { .. } => "too-deep",
            Self::TooManyExtensions => "too-many-extensions",
            Self::ReservedDif { .. } => "reserved-dif",
            Self::ReservedLvar { .. } => "reserved-lvar",
            Self::ApplicationError { .. } => "application-error",
            Self::BadDateTime => "date-time",
        }
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Checksum { received, computed } => {
                write!(f, "the check sum is {received:02X}h, the octets give {computed:02X}h")
            }
            Self::HeaderCheck { received, computed } => {
                write!(f, "the header check sequence is {received:04X}h, the header gives {computed:04X}h")
            }
            Self::FrameCheck { received, computed } => {
                write!(f, "the frame check sequence is {received:04X}h, the octets give {computed:04X}h")
            }
            Self::TelegramCheck { received, computed } => {
                write!(f, "the CRC after the ! is {received:04X}, the telegram gives {computed:04X}")
            }
            Self::LengthsDiffer { first, second } => {
                write!(f, "the two length octets differ: {first:02X}h and {second:02X}h")
            }
            Self::ImpossibleLength { length } => write!(f, "no frame of this kind is {length} octets long"),
            Self::StopMissing { found } => {
                write!(f, "the frame should end here, but the octet is {found:02X}h")
            }
            Self::NotText { found } => write!(f, "a P1 telegram is text, but this octet is {found:02X}h"),
            Self::Incomplete { missing: 0 } => write!(f, "the frame breaks off before its end"),
            Self::Incomplete { missing } => write!(f, "the frame breaks off, {missing} octets are missing"),
            Self::SegmentNotJoined => {
                write!(f, "this frame is one segment of a longer message, and nothing here joins them")
            }
            Self::SegmentMissing => {
                write!(f, "a part of a message arrived without those before it, so the message is lost")
            }
            Self::SegmentRepeated => write!(f, "this part of the message came before; it counts once"),
            Self::MessageLost { length } => {
                write!(f, "a message never became complete and is lost; {length} octets of it had come")
            }
            Self::MessageTooLong { limit } => {
                write!(f, "the message has too many parts or is longer than {limit} octets, so it is lost")
            }
            Self::TelegramMissing => write!(f, "a telegram of this readout is missing before this one"),
            Self::Truncated { needed, left } => {
                write!(f, "a field of {needed} octets begins here, but only {left} are left")
            }
            Self::Trailing { count } => write!(f, "{count} octets are left over after the message"),
            Self::KeyMissing => write!(f, "the message is ciphered and there is no key for it"),
            Self::AuthenticationFailed(refusal) => f.write_str(refusal.text()),
            Self::UnsupportedSecurity { code } => write!(f, "security mode or suite {code} is not supported"),
            Self::UnknownControlInformation { code } => {
                write!(f, "the CI field {code:02X}h has no meaning here")
            }
            Self::UnknownApdu { tag } => write!(f, "APDUs with the tag {tag:02X}h are not supported"),
            Self::UnknownDataType { tag } => write!(f, "the DLMS data type {tag:02X}h is not supported"),
            Self::BadLength { octet } => write!(f, "no length begins with {octet:02X}h"),
            Self::CompactArray => write!(f, "the contents of this compact array are not taken apart"),
            Self::TooDeep { limit } => write!(f, "nested deeper than {limit} levels"),
            Self::TooManyExtensions => write!(f, "more than ten extension octets in a row"),
            Self::ReservedDif { dif } => {
                write!(f, "the DIF {dif:02X}h is reserved, so the rest cannot be divided into records")
            }
            Self::ReservedLvar { lvar } => {
                write!(
                    f,
                    "the length octet {lvar:02X}h is reserved, so the rest cannot be divided into records"
                )
            }
            Self::ApplicationError { code } => {
                write!(f, "the meter reports an error: {}", application_error_meaning(code))
            }
            Self::BadDateTime => write!(f, "the date-time has a form that is not known"),
        }
    }
}

/// What an application error code says (EN 13757-3:2018 8.3, Table 28).
pub const fn application_error_meaning(code: u8) -> &'static str {
    match code {
        0 => "unspecified error, or a data field that is missing",
        1 => "the CI field is not implemented",
        2 => "the buffer is too long and was cut",
        3 => "too many records",
        4 => "premature end of a record",
        5 => "more than ten DIFEs",
        6 => "more than ten VIFEs",
        7 => "reserved",
        8 => "the application is too busy for a readout",
        9 => "too many readouts, the credit is used up",
        _ => "a code of the manufacturer, or reserved",
    }
}
