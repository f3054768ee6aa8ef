//! The work of the benchmarks, for Chromium.

use meterscope_benches::work;
use wasm_bindgen::prelude::wasm_bindgen;

/// Frames the octets, checks them and reads every value; returns how many values there were.
#[wasm_bindgen]
pub fn decode_all(octets: &[u8]) -> u32 {
    work::decode_all(octets).values
}
