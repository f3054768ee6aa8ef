//! The input as the lines of a telegram with the right CRC, and as a stream.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use meterscope_decoder::encode::p1::{self, Check};
use shared::tiling::check_stream;

fuzz_target!(|input: &[u8]| {
    check_stream(input);
    // Text only, or the link layer refuses it before the lines are read.
    let text = |w: &mut meterscope_decoder::encode::Writer<'_>| {
        input.iter().try_for_each(|&octet| match octet {
            b'\n' | b' '..=b'~' => w.octet(octet),
            // So that line ends are as frequent as in a telegram.
            0..=0x1F => w.octets(b"\r\n"),
            other => w.octet(b' ' + other % 95),
        })
    };
    for check in [Check::Crc, Check::None] {
        check_stream(&shared::written(|w| p1::telegram(w, "ABC5DEMO", check, text)).unwrap_or_default());
    }
});
