//! A good HDLC frame around the input, then the same frame with octets changed, then the input as a stream.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use meterscope_decoder::encode::hdlc::{self, Address, Header};
use shared::tiling::check_stream;

fuzz_target!(|input: &[u8]| {
    check_stream(input);
    let Some((&[control, address, place], information)) = input.split_first_chunk::<3>() else { return };
    let header = Header {
        destination: Address::Four(u32::from(address) << 9),
        source: Address::One(address >> 1),
        control,
        segmented: address & 1 == 1,
    };
    let Some(mut frame) = shared::written(|w| hdlc::frame(w, &header, |w| w.octets(information))) else {
        return;
    };
    check_stream(&frame);
    let place = usize::from(place) % frame.len();
    frame[place] = frame[place].wrapping_add(1);
    check_stream(&frame);
});
