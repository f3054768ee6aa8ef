//! The input as octets without a link frame, whatever they are taken for.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use shared::tiling::{check_as_every_kind, check_frame};

fuzz_target!(|input: &[u8]| {
    check_as_every_kind(input);
    let mut covered = 0;
    for item in Items::new(input) {
        if let Item::Frame(frame) = item {
            check_frame(&frame);
        }
        covered += item.octets().len();
    }
    assert_eq!(covered, input.len());
});
