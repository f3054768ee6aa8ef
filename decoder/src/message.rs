//! What a message says about itself; its readings go to the sink.

use core::fmt;

use crate::date_time::DateTime;
use crate::text::{ShortText, Text};

/// A message that one or more frames carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Message {
    /// The application protocol.
    pub protocol: Protocol,
    /// Whether it was ciphered, and what became of it.
    pub security: Security,
    /// Who sent it.
    pub meter: Option<Meter>,
    /// M-Bus: counts the readouts.
    pub access: Option<u8>,
    /// M-Bus: the status octet (EN 13757-7:2018 7.5.6).
    pub status: Option<u8>,
    /// When the meter says it sent it.
    pub time: Option<DateTime>,
    /// Which list it is, where it is a known one.
    pub list: Option<ListId>,
    /// A push list of values without names, of which nothing is published; its readings say their type and no more.
    pub unknown_list: bool,
    /// How many readings it gave.
    pub readings: u16,
    /// Its place among the telegrams of one readout, where it is one of several (M-Bus).
    pub readout: Option<ReadoutPart>,
}

impl Message {
    /// A plain message of `protocol` about which nothing more is known.
    pub const fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            security: Security::none(),
            meter: None,
            access: None,
            status: None,
            time: None,
            list: None,
            unknown_list: false,
            readings: 0,
            readout: None,
        }
    }
}

/// The place of a telegram among those that make up one readout (EN 13757-3:2018 6.3.3, DIF 1Fh).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ReadoutPart {
    /// Counts from 1.
    pub number: u16,
    /// No telegram of the readout follows.
    pub last: bool,
    /// The same telegram came before: the meter was asked again for the one that it had sent.
    pub repeated: bool,
}

/// The application protocol of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Protocol {
    /// M-Bus records (EN 13757-3).
    Mbus,
    /// DLMS/COSEM (IEC 62056-5-3).
    Dlms,
    /// P1 lines (DSMR P1 companion standard).
    P1,
}

impl Protocol {
    /// The name that the output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mbus => "mbus",
            Self::Dlms => "dlms",
            Self::P1 => "p1",
        }
    }
}

/// Whether a message was ciphered, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Security {
    /// What became of it.
    pub state: SecurityState,
    /// Who ciphered it (DLMS).
    pub system_title: Option<[u8; 8]>,
    /// The invocation counter (DLMS) or the message counter (M-Bus, mode 7).
    pub frame_counter: Option<u32>,
    /// Which of the keys fits, by its place among those given.
    pub key: Option<u16>,
}

impl Security {
    /// Not ciphered.
    pub const fn none() -> Self {
        Self { state: SecurityState::None, system_title: None, frame_counter: None, key: None }
    }
}

/// What became of a ciphered message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum SecurityState {
    /// It was not ciphered.
    None,
    /// A key fits, and the tag over the message is right.
    Decrypted,
    /// A key fits as far as the plaintext tells. No tag was checked: there is none, or no authentication key.
    DecryptedUnverified,
    /// It is ciphered and no key is meant for it.
    KeyMissing,
    /// A tag was checked and is wrong, or no key gives a plaintext that makes sense.
    AuthenticationFailed,
    /// A cipher or mode that is not supported.
    Unsupported,
}

impl SecurityState {
    /// The name that the output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Decrypted => "decrypted",
            Self::DecryptedUnverified => "decrypted-unverified",
            Self::KeyMissing => "key-missing",
            Self::AuthenticationFailed => "authentication-failed",
            Self::Unsupported => "unsupported",
        }
    }
}

/// Who sent a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Meter {
    /// Three letters (EN 13757-7:2018 7.5.2; the FLAG association's registry).
    pub manufacturer: Option<[u8; 3]>,
    /// The identification as printed on the meter.
    pub id: Option<MeterId>,
    /// The version or generation, up to the manufacturer.
    pub version: Option<u8>,
    /// The device type (EN 13757-7:2018 Table 13); only M-Bus says it.
    pub medium: Option<u8>,
}

impl Meter {
    /// Sets the identification to a text, if that is one.
    pub(crate) fn set_id(&mut self, text: Text<'_>) {
        // Copied where it stays: a copy of a copy would be read in other pieces than it was just written in.
        let set = match self.id.insert(MeterId::Text(ShortText::default())) {
            MeterId::Text(id) => id.set(text),
            MeterId::Packed(_) => false,
        };
        if !set {
            self.id = None;
        }
    }
}

/// The identification of a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MeterId {
    /// M-Bus: eight digits packed; digits above nine stay as they are.
    Packed(u32),
    /// DLMS and P1: up to 17 characters.
    Text(ShortText),
}

impl fmt::Display for MeterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packed(digits) => write!(f, "{digits:08x}"),
            Self::Text(text) => write!(f, "{text}"),
        }
    }
}

/// The name of a push list, as the meter sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ListId(pub ShortText);
