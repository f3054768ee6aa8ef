//! What a decoder makes of a stream with keys.

use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::error::Problem;
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::Message;
use meterscope_decoder::reading::Reading;
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::FieldSink;
use meterscope_decoder::transport::Decoder;

/// The messages, readings and problems of a stream.
#[derive(Debug, Default)]
pub struct Heard {
    pub messages: Vec<Message>,
    /// How many frames before the last one each message began.
    pub frames_back: Vec<u32>,
    pub numbers: Vec<Decimal>,
    pub readings: usize,
    pub problems: Vec<&'static str>,
}

impl FieldSink for Heard {
    fn wants_fields(&self) -> bool {
        false
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        self.readings += 1;
        self.numbers.extend(reading.value.number());
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem.kind.code());
    }
}

/// Decodes a whole stream.
pub fn listen(octets: &[u8], keys: &[Key]) -> Heard {
    let mut heard = Heard::default();
    let mut decoder = Box::new(Decoder::new());
    for item in Items::new(octets) {
        let frame = match item {
            Item::Frame(frame) => frame,
            Item::Skipped(_, reason) => {
                decoder.skipped(reason);
                continue;
            }
        };
        let said = decoder.decode(&frame, keys, &mut heard);
        if let Some(message) = said.message {
            heard.messages.push(message);
            heard.frames_back.push(said.frames_back);
        }
    }
    decoder.finish(&mut heard);
    heard
}
