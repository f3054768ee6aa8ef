//! The input as frames of one stream, each put around a part of it: segments, blocks and telegrams in any order.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use meterscope_decoder::encode::hdlc::{self, Address, Header};
use meterscope_decoder::encode::mbus;
use shared::tiling::check_stream_with_keys;
use shared::written;

fuzz_target!(|input: &[u8]| {
    let mut octets = Vec::new();
    let mut rest = input;
    // What kind of frame, how long, and its content; the last takes what is left.
    while let [kind, length, content @ ..] = rest {
        let (content, left) = content.split_at(content.len().min(usize::from(*length)));
        rest = left;
        let frame = written(|w| match kind % 4 {
            0 => hdlc::frame(w, &header(kind), |w| w.octets(content)),
            1 => hdlc::frame(w, &header(kind), |w| {
                w.octets(&[0xE6, 0xE7, 0x00])?;
                w.octets(content)
            }),
            2 => mbus::long(w, mbus::SND_UD, 1, kind >> 2 & 0x1F, |w| {
                w.octets(&[0x01, 0x67])?;
                w.octets(content)
            }),
            _ => mbus::long(w, mbus::RSP_UD, kind >> 6, 0x72, |w| w.octets(content)),
        });
        octets.extend(frame.unwrap_or_default());
    }
    check_stream_with_keys(&octets, &[]);
});

fn header(kind: &u8) -> Header {
    let header = Header::ui(Address::One(1), Address::One(kind >> 4 & 1));
    Header { segmented: kind & 0x04 != 0, ..header }
}
