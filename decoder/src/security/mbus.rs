//! Security modes 5 and 7 of M-Bus: AES-128 in cipher block chaining mode (EN 13757-7:2018 7.6; OMS-Spec vol. 2, 9.1).
//!
//! Mode 5 takes the key as it is and an initial vector made of the meter's address and the access number. Mode 7 derives
//! a key for every message from the message counter, with a zero vector, and may carry an AES-CMAC over the message.

use aes_gcm::aes::Aes128;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use cmac::{Cmac, KeyInit, Mac};
use zeroize::Zeroizing;

use super::{Key, Opened, Owner, candidates};
use crate::application::mbus::authentication::Authentication;
use crate::application::mbus::header::{Address, Configuration};
use crate::error::Refusal;

type Chaining = cbc::Decryptor<Aes128>;

const BLOCK: usize = 16;
/// Idle fillers stand in front of every plaintext (EN 13757-7:2018 7.6.4).
const IN_FRONT: [u8; 2] = [0x2F, 0x2F];
/// What the derived keys are for (OMS-Spec vol. 2, 9.5.1).
const FOR_CIPHER: u8 = 0x00;
const FOR_TAG: u8 = 0x01;
const KEY_FILLING: u8 = 0x07;

/// A ciphered telegram.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Telegram<'a> {
    pub configuration: Configuration,
    /// Who sent it, where the telegram or one before it says so.
    pub address: Option<Address>,
    pub access: u8,
    /// What the authentication header in front says.
    pub authentication: Option<Authentication<'a>>,
    /// The ciphered blocks and what follows them in the clear.
    pub content: &'a [u8],
    /// How many octets of it are ciphered; none where there is only a tag.
    pub ciphered: usize,
}

/// Deciphers a telegram into `room`: the ciphered blocks, then the rest as it is.
///
/// `is_message` says whether a plaintext makes sense. Where no tag vouches for it, it has to: two fillers in front come
/// about by chance once in 65,536 times.
pub(crate) fn open(
    telegram: &Telegram<'_>,
    keys: &[Key],
    room: &mut [u8],
    is_message: impl Fn(&[u8]) -> bool,
) -> Opened {
    let Some(room) = room.get_mut(..telegram.content.len()).filter(|_| telegram.is_supported()) else {
        return Opened::Unsupported;
    };
    let length = room.len();
    let meant = |owner: &Owner| owner.is_meter(telegram.address);
    let mut refusal = None;
    for (place, key) in candidates(keys, meant) {
        let Some(address) = telegram.address.or(key.owner.meter_address()) else { continue };
        room.copy_from_slice(telegram.content);
        telegram.decipher(key, address, room);
        let fits = telegram.ciphered == 0 || room.starts_with(&IN_FRONT);
        refusal = Some(match telegram.tag_is_right(key, address) {
            Some(true) if fits => return Opened::Plaintext { length, verified: true, key: Some(place) },
            None if fits && is_message(room) => {
                return Opened::Plaintext { length, verified: false, key: Some(place) };
            }
            Some(false) if fits && is_message(room) => Refusal::TagOnly,
            Some(_) => Refusal::Tag,
            None => Refusal::Plaintext,
        });
    }
    if telegram.ciphered == 0 && refusal.is_none() {
        room.copy_from_slice(telegram.content);
        return Opened::Plaintext { length, verified: false, key: None };
    }
    room.fill(0);
    refusal.map_or(Opened::KeyMissing, Opened::Refused)
}

impl Telegram<'_> {
    /// Whether the cipher and the tag are ones that are told here.
    fn is_supported(&self) -> bool {
        let mode_7 = self.ciphered > 0 && self.configuration.mode() == 7;
        let tag = self.authentication.is_none_or(|layer| layer.has_known_tag());
        let derivable = self.counter().is_some() && self.configuration.has_known_derivation();
        tag && (derivable || !mode_7) && self.ciphered <= self.content.len()
    }

    fn counter(&self) -> Option<[u8; 4]> {
        self.authentication.and_then(|authentication| authentication.counter)
    }

    fn decipher(&self, key: &Key, address: Address, content: &mut [u8]) {
        let text = content.get_mut(..self.ciphered).unwrap_or_default();
        let mut chaining = match self.counter().filter(|_| self.configuration.mode() == 7) {
            Some(counter) => {
                let derived = derived_key(key, FOR_CIPHER, counter, address);
                Chaining::new((&*derived).into(), &[0; BLOCK].into())
            }
            None => Chaining::new(key.encryption().into(), &initial_vector(address, self.access).into()),
        };
        for block in text.as_chunks_mut::<BLOCK>().0 {
            chaining.decrypt_block(block.into());
        }
    }

    /// None where there is no tag.
    fn tag_is_right(&self, key: &Key, address: Address) -> Option<bool> {
        let authentication = self.authentication?;
        let (tag, counter) = (authentication.tag?, authentication.counter?);
        let derived = derived_key(key, FOR_TAG, counter, address);
        let mut mac = Cmac::<Aes128>::new((&*derived).into());
        authentication.covered().for_each(|part| mac.update(part));
        Some(mac.verify_truncated_left(tag).is_ok())
    }
}

/// AES-CMAC over purpose, counter, identification and filling, under the meter's key.
fn derived_key(key: &Key, purpose: u8, counter: [u8; 4], address: Address) -> Zeroizing<[u8; 16]> {
    let mut mac = Cmac::<Aes128>::new(key.encryption().into());
    mac.update(&[purpose]);
    mac.update(&counter);
    mac.update(&address.identification());
    mac.update(&[KEY_FILLING; 7]);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Manufacturer, identification, version, device type as they are sent, and the access number eight times.
fn initial_vector(address: Address, access: u8) -> [u8; BLOCK] {
    let mut vector = [access; BLOCK];
    if let Some(front) = vector.first_chunk_mut::<8>() {
        *front = address.0;
    }
    vector
}

impl Owner {
    /// Whether a key of this owner is meant for the meter; for one that has not said who it is, any named one may be.
    fn is_meter(&self, address: Option<Address>) -> bool {
        match (*self, address) {
            (Self::Anyone, _) => false,
            (Self::Address(_), None) => true,
            (Self::Address(named), Some(address)) => named == address.0,
            (Self::Identification(_), None) => false,
            (Self::Identification(named), Some(address)) => {
                named == u32::from_le_bytes(address.identification())
            }
        }
    }

    fn meter_address(&self) -> Option<Address> {
        match *self {
            Self::Address(address) => Some(Address(address)),
            Self::Anyone | Self::Identification(_) => None,
        }
    }
}
