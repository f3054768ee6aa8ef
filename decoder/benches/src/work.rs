//! What is timed on our side. The wasm build runs the same functions.

use meterscope_decoder::link::frames::{Frames, Item};
use meterscope_decoder::link::{Frame, FrameKind};
use meterscope_decoder::reading::Reading;
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::FieldSink;
use meterscope_decoder::transport::Decoder;

/// What a run over a capture found; printed beside the times so that nobody compares different work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Good frames.
    pub frames: u32,
    /// Messages with or without readings.
    pub messages: u32,
    /// Readings with a value.
    pub values: u32,
}

/// Frames the octets, checks every check sequence and reads every value, with the decoder that page and command run.
pub fn decode_all(decoder: &mut Decoder, octets: &[u8]) -> Found {
    let mut values = Values(0);
    let mut found = Found::default();
    for item in Frames::new(octets) {
        if let Item::Frame(frame) = item {
            found.frames += u32::from(frame.damage.is_none());
            found.messages += u32::from(decoder.decode(&frame, &[], &mut values).message.is_some());
        }
    }
    found.values = values.0;
    found
}

/// Deciphers APDUs with one key among those given and reads every value.
pub fn decode_apdus(decoder: &mut Decoder, apdus: &[Vec<u8>], keys: &[Key]) -> Found {
    let mut values = Values(0);
    let mut found = Found::default();
    for octets in apdus {
        let frame = Frame { octets, kind: FrameKind::Apdu, damage: None };
        let message = decoder.decode(&frame, keys, &mut values).message;
        found.frames += 1;
        found.messages += u32::from(message.is_some());
    }
    found.values = values.0;
    found
}

/// Counts readings after looking at the exact value of each, so that no compiler leaves it out.
struct Values(u32);

impl FieldSink for Values {
    #[inline]
    fn wants_fields(&self) -> bool {
        false
    }

    #[inline]
    fn reading(&mut self, reading: &Reading<'_>) {
        std::hint::black_box(&reading.value);
        self.0 += 1;
    }
}
