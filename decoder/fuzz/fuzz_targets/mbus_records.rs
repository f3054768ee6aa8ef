//! The input as CI field and user data of a good long frame.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use meterscope_decoder::encode::mbus;
use shared::tiling::check_stream;

/// The header of an answer, so that the fuzzer need not find one.
const HEADER: [u8; 12] = [0x45, 0x23, 0x01, 0x99, 0xEF, 0x11, 0x03, 0x04, 0x01, 0x00, 0x00, 0x00];

fuzz_target!(|input: &[u8]| {
    let Some((&ci, data)) = input.split_first() else { return };
    let frame = shared::written(|w| mbus::long(w, mbus::RSP_UD, 1, ci, |w| w.octets(data)));
    check_stream(&frame.unwrap_or_default());
    let answer = shared::written(|w| {
        mbus::long(w, mbus::RSP_UD, 1, 0x72, |w| {
            w.octets(&HEADER)?;
            w.octets(input)
        })
    });
    check_stream(&answer.unwrap_or_default());
});
