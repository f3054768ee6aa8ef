//! Ciphered messages: DLMS APDUs of security suite 0, M-Bus telegrams of mode 5.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::aes::Aes128;
use aes_gcm::aes::cipher::consts::U12;
use aes_gcm::{AesGcm, Nonce};
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};

use super::mbus;
use super::writer::{EncodeError, Writer};

type Gcm = AesGcm<Aes128, U12, U12>;

/// Security control: a tag is sent.
pub const AUTHENTICATED: u8 = 0x10;
/// Security control: the text is encrypted.
pub const ENCRYPTED: u8 = 0x20;

const GENERAL_GLO_CIPHERING: u8 = 0xDB;
const SECURITY_HEADER_LENGTH: usize = 5;
const TAG_LENGTH: usize = 12;
const BLOCK: usize = 16;
const IDLE_FILLER: u8 = 0x2F;

/// How a DLMS APDU is ciphered.
#[derive(Clone, Copy)]
pub struct Sealing {
    /// The sender's system title.
    pub system_title: [u8; 8],
    /// [`AUTHENTICATED`], [`ENCRYPTED`] or both.
    pub control: u8,
    /// The invocation counter.
    pub frame_counter: u32,
    /// The encryption key.
    pub encryption: [u8; 16],
    /// The authentication key.
    pub authentication: [u8; 16],
}

impl Sealing {
    /// Writes a general-glo-ciphering APDU around a plaintext (IEC 62056-5-3:2017 5.7.2).
    pub fn write(&self, writer: &mut Writer<'_>, plaintext: &[u8]) -> Result<(), EncodeError> {
        writer.octets(&[GENERAL_GLO_CIPHERING, 8])?;
        writer.octets(&self.system_title)?;
        self.write_content(writer, plaintext)
    }

    /// Writes a service-specific ciphered APDU, which leaves the system title out: `CA` is glo-event-notification-request.
    pub fn write_specific(
        &self,
        writer: &mut Writer<'_>,
        tag: u8,
        plaintext: &[u8],
    ) -> Result<(), EncodeError> {
        writer.octet(tag)?;
        self.write_content(writer, plaintext)
    }

    fn write_content(&self, writer: &mut Writer<'_>, plaintext: &[u8]) -> Result<(), EncodeError> {
        let tag_length = if self.control & AUTHENTICATED == 0 { 0 } else { TAG_LENGTH };
        let length = SECURITY_HEADER_LENGTH + plaintext.len() + tag_length;
        let length = u16::try_from(length).map_err(|_| EncodeError::TooLong)?;
        // Two octets of length also where one would do, as most meters send.
        writer.octet(0x82)?;
        writer.octets(&length.to_be_bytes())?;
        writer.octet(self.control)?;
        writer.octets(&self.frame_counter.to_be_bytes())?;
        let start = writer.position();
        writer.octets(plaintext)?;
        let tag = self.seal(writer.since_mut(start), plaintext)?;
        if tag_length > 0 { writer.octets(&tag) } else { Ok(()) }
    }

    /// Ciphers in place where the control says so, and gives the tag.
    fn seal(&self, text: &mut [u8], plaintext: &[u8]) -> Result<[u8; TAG_LENGTH], EncodeError> {
        const LONGEST: usize = 4096;
        let gcm = Gcm::new(&self.encryption.into());
        let mut nonce = [0; 12];
        let (title, counter) = nonce.split_at_mut(8);
        title.copy_from_slice(&self.system_title);
        counter.copy_from_slice(&self.frame_counter.to_be_bytes());
        let mut associated = [0; LONGEST];
        let mut covered = Writer::new(&mut associated);
        covered.octet(self.control)?;
        covered.octets(&self.authentication)?;
        let encrypted = self.control & ENCRYPTED != 0;
        if !encrypted {
            covered.octets(plaintext)?;
        }
        let text = if encrypted { text } else { &mut [] };
        let tag = gcm.encrypt_inout_detached(&Nonce::from(nonce), covered.written(), text.into());
        tag.map(Into::into).map_err(|_| EncodeError::TooLong)
    }
}

/// Writes an M-Bus response with long header once more, its records ciphered in mode 5 (EN 13757-7:2018 7.6.4), the last
/// `clear` octets of them left in the clear.
pub fn mode_5(
    writer: &mut Writer<'_>,
    response: &[u8],
    key: &[u8; 16],
    clear: usize,
) -> Result<(), EncodeError> {
    let Some([_, _, _, _, control, address, ci, rest @ .., _, _]) = response.get(..) else {
        return Err(EncodeError::OutOfRange);
    };
    let (header, records) = rest.split_at_checked(12).ok_or(EncodeError::OutOfRange)?;
    let [a, b, c, d, m, n, version, medium, access, status, _, _] = *header else {
        return Err(EncodeError::OutOfRange);
    };
    let split = records.len().checked_sub(clear).ok_or(EncodeError::OutOfRange)?;
    let (ciphered, plain) = records.split_at_checked(split).ok_or(EncodeError::OutOfRange)?;
    let blocks = (ciphered.len() + 2).div_ceil(BLOCK);
    let blocks = u8::try_from(blocks).ok().filter(|&blocks| blocks < 15).ok_or(EncodeError::TooLong)?;
    let mut vector = [access; BLOCK];
    if let Some(front) = vector.first_chunk_mut::<8>() {
        *front = [m, n, a, b, c, d, version, medium];
    }
    mbus::long(writer, *control, *address, *ci, |w| {
        w.octets(&[a, b, c, d, m, n, version, medium, access, status, blocks << 4, 5])?;
        let start = w.position();
        w.octets(&[IDLE_FILLER; 2])?;
        w.octets(ciphered)?;
        while !(w.position() - start).is_multiple_of(BLOCK) {
            w.octet(IDLE_FILLER)?;
        }
        let mut chaining = cbc::Encryptor::<Aes128>::new(key.into(), &vector.into());
        for block in w.since_mut(start).as_chunks_mut::<BLOCK>().0 {
            chaining.encrypt_block(block.into());
        }
        w.octets(plain)
    })
}
