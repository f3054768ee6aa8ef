//! Keys, and what they open.
//!
//! [`dlms`] deciphers DLMS APDUs of security suite 0 (AES-128 in Galois/counter mode), [`mbus`] M-Bus telegrams of the
//! security modes 5 and 7 (AES-128 in cipher block chaining mode). Both need the feature `crypto`; without it every
//! ciphered message stays a message whose key is missing.
//!
//! What comes out is a plaintext together with how sure it is, or a typed refusal. A key is never printed, and its memory
//! is cleared when it is dropped.

#[cfg(feature = "crypto")]
pub(crate) mod dlms;
mod key;
#[cfg(feature = "crypto")]
pub(crate) mod mbus;

pub use key::{Key, KeyError, Owner};

use crate::error::Refusal;
use crate::message::SecurityState;

/// What became of a ciphertext.
#[cfg_attr(not(feature = "crypto"), allow(dead_code, reason = "nothing opens without ciphers"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// The plaintext takes so many octets of the room that was given for it.
    Plaintext {
        length: usize,
        /// A tag was checked and is right.
        verified: bool,
        /// Which key it was.
        key: u8,
    },
    /// No key is meant for it.
    KeyMissing,
    /// Keys are meant for it, and none fits.
    Refused(Refusal),
    /// The cipher or its parameters are not supported.
    Unsupported,
}

impl Opened {
    pub const fn state(self) -> SecurityState {
        match self {
            Self::Plaintext { verified: true, .. } => SecurityState::Decrypted,
            Self::Plaintext { verified: false, .. } => SecurityState::DecryptedUnverified,
            Self::KeyMissing => SecurityState::KeyMissing,
            Self::Refused(_) => SecurityState::AuthenticationFailed,
            Self::Unsupported => SecurityState::Unsupported,
        }
    }

    pub const fn key(self) -> Option<u8> {
        match self {
            Self::Plaintext { key, .. } => Some(key),
            _ => None,
        }
    }
}

/// The keys that may fit a message: those meant for its sender, else those meant for nobody in particular; with their
/// places among all. No more than 256 are looked at.
#[cfg_attr(not(feature = "crypto"), allow(dead_code, reason = "keys open nothing without ciphers"))]
pub(crate) fn candidates<'k>(
    keys: &'k [Key],
    is_meant: impl Fn(&Owner) -> bool + Copy + 'k,
) -> impl Iterator<Item = (u8, &'k Key)> + Clone {
    let named = keys.iter().any(|key| is_meant(&key.owner));
    (0..=u8::MAX).zip(keys).filter(move |(_, key)| match key.owner {
        Owner::Anyone => !named,
        ref owner => is_meant(owner),
    })
}
