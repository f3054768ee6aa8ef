//! The input cut into pieces gives the same items as the whole input; its first octets say where to cut.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use shared::items::{cut, in_pieces, whole};
use shared::tiling::check_stream;

fuzz_target!(|input: &[u8]| {
    let Some((cuts, stream)) = input.split_first_chunk::<4>() else { return };
    check_stream(stream);
    let expected = whole(stream);
    let lengths = cuts.map(|length| usize::from(length) + 1);
    assert_eq!(in_pieces(cut(stream, &lengths)), expected);
    assert_eq!(in_pieces(cut(stream, &[1])), expected);
});
