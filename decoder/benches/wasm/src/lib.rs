//! The work of the benchmarks, for Chromium.

use meterscope_benches::work;
use meterscope_decoder::transport::Decoder;
use wasm_bindgen::prelude::wasm_bindgen;

/// The decoder of all runs.
#[wasm_bindgen]
#[derive(Default)]
pub struct Bench(Box<Decoder>);

#[wasm_bindgen]
impl Bench {
    /// A decoder at the beginning of a stream.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Frames the octets, checks them and reads every value; returns how many values there were.
    pub fn decode_all(&mut self, octets: &[u8]) -> u32 {
        work::decode_all(&mut self.0, octets).values
    }
}
