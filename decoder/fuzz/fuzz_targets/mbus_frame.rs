//! A stream of M-Bus frames: each piece of the input begins with an octet that says which frame and how long.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use meterscope_decoder::encode::mbus;
use shared::tiling::check_stream;

fuzz_target!(|input: &[u8]| {
    check_stream(input);
    let stream = shared::written(|w| {
        let mut rest = input;
        while let Some((&kind, after)) = rest.split_first() {
            let (data, later) = after.split_at(usize::from(kind >> 2).min(after.len()));
            rest = later;
            match kind & 3 {
                0 => mbus::ack(w)?,
                1 => mbus::short(w, kind, data.first().copied().unwrap_or(0))?,
                2 => mbus::long(w, mbus::RSP_UD, kind, data.first().copied().unwrap_or(0), |w| w.octets(data))?,
                // Octets in between, which may be the beginning of a frame.
                _ => w.octets(data)?,
            }
        }
        Ok(())
    });
    check_stream(&stream.unwrap_or_default());
});
