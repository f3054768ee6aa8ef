//! Security suites 0 and 1 of DLMS: AES-128 in Galois/counter mode with a tag of twelve octets (IEC 62056-5-3:2017 5.3.4
//! and Table 36). The initial vector is the system title and the frame counter; the tag also covers the security control
//! octet and the authentication key.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::aes::Aes128;
use aes_gcm::aes::cipher::consts::U12;
use aes_gcm::{AesGcm, Nonce, Tag};
use ctr::cipher::{KeyIvInit, StreamCipher};

use zeroize::{Zeroize, Zeroizing};

use super::{Key, Opened, Owner, candidates};
use crate::application::dlms::ciphered::{CipheredApdu, SYSTEM_TITLE_LENGTH, TAG_LENGTH};
use crate::error::Refusal;

type Gcm = AesGcm<Aes128, U12, U12>;
type Counter = ctr::Ctr32BE<Aes128>;

const IV_LENGTH: usize = SYSTEM_TITLE_LENGTH + 4;
/// Security control octet and authentication key.
const ASSOCIATED_LENGTH: usize = 1 + 16;

/// The authentication key that every smart meter of Luxembourg has; it is published, so only the encryption key is secret
/// (Luxmetering, P1 port specification 1.1.3, 3.2.5).
const PUBLISHED_KEY: [u8; 16] =
    [0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF];

/// Deciphers an APDU into `room`. `title` is what the APDU says or, where it leaves that out, the title last heard of.
///
/// `is_message` says whether a plaintext makes sense; it is asked where no tag can be checked.
pub(crate) fn open(
    apdu: &CipheredApdu<'_>,
    title: Option<[u8; SYSTEM_TITLE_LENGTH]>,
    keys: &[Key],
    room: &mut [u8],
    is_message: impl Fn(&[u8]) -> bool,
) -> Opened {
    let control = apdu.control;
    let length = apdu.ciphertext.len();
    let too_long = ASSOCIATED_LENGTH + length > room.len();
    if !control.is_supported() || too_long {
        return Opened::Unsupported;
    }
    if !control.encrypted() {
        return open_authenticated(apdu, title, keys, room, &is_message);
    }
    let meant =
        |owner: &Owner| matches!(*owner, Owner::Address(address) if title.is_none_or(|t| t == address));
    let mut refusal = None;
    for (place, key) in candidates(keys, meant) {
        let Some(title) = title.or(key.owner.address()) else { continue };
        let Some(text) = room.get_mut(..length) else { break };
        text.copy_from_slice(apdu.ciphertext);
        match try_key(apdu, title, key, text, &is_message) {
            Ok(verified) => return Opened::Plaintext { length, verified, key: Some(place) },
            Err(this) => refusal = Some(this.or_worse(refusal)),
        }
    }
    room.iter_mut().take(length).for_each(|octet| *octet = 0);
    refusal.map_or(Opened::KeyMissing, Opened::Refused)
}

/// Deciphers in place. Says whether the tag was checked.
fn try_key(
    apdu: &CipheredApdu<'_>,
    title: [u8; SYSTEM_TITLE_LENGTH],
    key: &Key,
    text: &mut [u8],
    is_message: &impl Fn(&[u8]) -> bool,
) -> Result<bool, Refusal> {
    let vector = initial_vector(title, apdu.frame_counter);
    if let Some(tag) = apdu.tag {
        let associated = associated_data(apdu.control.0, key.authentication().unwrap_or(&PUBLISHED_KEY));
        if is_opened(key, vector, &*associated, text, tag) {
            return Ok(true);
        }
    }
    apply_key_stream(key, vector, text);
    let tag_checked = apdu.tag.is_some() && key.has_authentication();
    match (tag_checked, is_message(text)) {
        (true, true) => Err(Refusal::TagOnly),
        (true, false) => Err(Refusal::Tag),
        (false, true) => Ok(false),
        (false, false) => Err(Refusal::Plaintext),
    }
}

/// Checks the tag in constant time, and deciphers in place only if it is right.
fn is_opened(
    key: &Key,
    vector: [u8; IV_LENGTH],
    associated: &[u8],
    text: &mut [u8],
    tag: &[u8; TAG_LENGTH],
) -> bool {
    let gcm = Gcm::new(key.encryption().into());
    let tag = Tag::from(*tag);
    gcm.decrypt_inout_detached(&Nonce::from(vector), associated, text.into(), &tag).is_ok()
}

/// A text in the clear with a tag behind it, which covers it as it stands.
fn open_authenticated(
    apdu: &CipheredApdu<'_>,
    title: Option<[u8; SYSTEM_TITLE_LENGTH]>,
    keys: &[Key],
    room: &mut [u8],
    is_message: &impl Fn(&[u8]) -> bool,
) -> Opened {
    let length = apdu.ciphertext.len();
    let meant =
        |owner: &Owner| matches!(*owner, Owner::Address(address) if title.is_none_or(|t| t == address));
    let mut refusal = None;
    for (place, key) in candidates(keys, meant) {
        let Some(authentication) = key.authentication() else { continue };
        let Some((title, tag)) = title.or(key.owner.address()).zip(apdu.tag) else { continue };
        let Some(covered) = room.get_mut(..ASSOCIATED_LENGTH + length) else { break };
        let Some((head, text)) = covered.split_at_mut_checked(ASSOCIATED_LENGTH) else { break };
        head.copy_from_slice(&*associated_data(apdu.control.0, authentication));
        text.copy_from_slice(apdu.ciphertext);
        let is_right = is_opened(key, initial_vector(title, apdu.frame_counter), covered, &mut [], tag);
        // The authentication key stood in front of the text.
        covered.copy_within(ASSOCIATED_LENGTH.., 0);
        covered.iter_mut().skip(length).for_each(Zeroize::zeroize);
        if is_right {
            return Opened::Plaintext { length, verified: true, key: Some(place) };
        }
        refusal = Some(if is_message(apdu.ciphertext) { Refusal::TagOnly } else { Refusal::Tag });
    }
    refusal.map_or(Opened::KeyMissing, Opened::Refused)
}

/// What Galois/counter mode does without its tag: the first counter block is for the tag, the text begins with the next.
fn apply_key_stream(key: &Key, vector: [u8; IV_LENGTH], text: &mut [u8]) {
    let mut block = [0; 16];
    let (front, counter) = block.split_at_mut(IV_LENGTH);
    front.copy_from_slice(&vector);
    counter.copy_from_slice(&2_u32.to_be_bytes());
    Counter::new(key.encryption().into(), &block.into()).apply_keystream(text);
}

fn initial_vector(title: [u8; SYSTEM_TITLE_LENGTH], frame_counter: u32) -> [u8; IV_LENGTH] {
    let mut vector = [0; IV_LENGTH];
    let (front, back) = vector.split_at_mut(SYSTEM_TITLE_LENGTH);
    front.copy_from_slice(&title);
    back.copy_from_slice(&frame_counter.to_be_bytes());
    vector
}

fn associated_data(control: u8, authentication: &[u8; 16]) -> Zeroizing<[u8; ASSOCIATED_LENGTH]> {
    let mut data = Zeroizing::new([control; ASSOCIATED_LENGTH]);
    if let Some((_, key)) = data.split_first_mut() {
        key.copy_from_slice(authentication);
    }
    data
}

impl Refusal {
    /// Of several keys the one that came nearest says why.
    fn or_worse(self, other: Option<Self>) -> Self {
        if other == Some(Self::TagOnly) { Self::TagOnly } else { self }
    }
}

impl Owner {
    const fn address(&self) -> Option<[u8; SYSTEM_TITLE_LENGTH]> {
        match *self {
            Self::Address(address) => Some(address),
            Self::Anyone | Self::Identification(_) => None,
        }
    }
}
