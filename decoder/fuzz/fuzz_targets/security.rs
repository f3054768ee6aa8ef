//! The input as a plaintext that the right key opens, and as a ciphertext that it does not.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use meterscope_decoder::encode::ciphered::{Sealing, mode_5};
use meterscope_decoder::encode::secured::{AUTHENTICATION_KEY, ENCRYPTION_KEY, SYSTEM_TITLE};
use meterscope_decoder::encode::{Carrier, mbus};
use meterscope_decoder::security::{Key, Owner};
use shared::tiling::check_stream_with_keys;
use shared::written;

fuzz_target!(|input: &[u8]| {
    let [choice, content @ ..] = input else { return };
    let keys = [
        Key::new(ENCRYPTION_KEY, None, Owner::Anyone),
        Key::new(ENCRYPTION_KEY, Some(AUTHENTICATION_KEY), Owner::Address(SYSTEM_TITLE)),
        Key::new(AUTHENTICATION_KEY, Some(ENCRYPTION_KEY), Owner::Identification(0x1234_5678)),
    ];
    let keys = &keys[..usize::from(choice >> 4) % 4];
    for octets in [ciphered(*choice, content), telegram(content), raw(*choice, content)].into_iter().flatten() {
        check_stream_with_keys(&octets, keys);
    }
});

/// A DLMS APDU around the input.
fn ciphered(choice: u8, content: &[u8]) -> Option<Vec<u8>> {
    let sealing = Sealing {
        system_title: SYSTEM_TITLE,
        control: [0x10, 0x20, 0x30, 0x31][usize::from(choice & 3)],
        frame_counter: choice.into(),
        encryption: ENCRYPTION_KEY,
        authentication: AUTHENTICATION_KEY,
    };
    let apdu = written(|w| sealing.write(w, content))?;
    let carrier = match choice >> 2 & 3 {
        0 => Carrier::Blocks { longest: 90 },
        1 => Carrier::Mbus { longest: 200 },
        _ => Carrier::Hdlc { longest: 180 },
    };
    written(|w| carrier.write(w, &apdu))
}

/// Records of mode 5 around the input, as far as it goes.
fn telegram(content: &[u8]) -> Option<Vec<u8>> {
    let plain = written(|w| {
        mbus::long(w, mbus::RSP_UD, 1, 0x72, |w| {
            w.octets(&[0x78, 0x56, 0x34, 0x12, 0xB3, 0x35, 1, 4, 9, 0, 0, 0])?;
            w.octets(content)
        })
    })?;
    written(|w| mode_5(w, &plain, &ENCRYPTION_KEY, content.len() % 5))
}

/// The input as ciphered records, with an authentication header in front or without.
fn raw(choice: u8, content: &[u8]) -> Option<Vec<u8>> {
    written(|w| {
        let ci = if choice & 1 == 0 { 0x90 } else { 0x7A };
        mbus::long(w, mbus::RSP_UD, 1, ci, |w| w.octets(content))
    })
}
