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
        /// Which key it was; none where the text was in the clear and nobody has a key for its tag.
        key: Option<u16>,
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

    pub const fn key(self) -> Option<u16> {
        match self {
            Self::Plaintext { key, .. } => key,
            _ => None,
        }
    }
}

/// The keys that may fit a message: those meant for its sender, then those meant for nobody in particular; with their places
/// among all.
#[cfg_attr(not(feature = "crypto"), allow(dead_code, reason = "keys open nothing without ciphers"))]
pub(crate) fn candidates<'k>(
    keys: &'k [Key],
    is_meant: impl Fn(&Owner) -> bool + Copy + 'k,
) -> impl Iterator<Item = (u16, &'k Key)> + Clone {
    let all = (0..=u16::MAX).zip(keys);
    let meant = all.clone().filter(move |(_, key)| is_meant(&key.owner));
    meant.chain(all.filter(|(_, key)| key.owner == Owner::Anyone))
}
