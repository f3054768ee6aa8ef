//! From octets of the bus to readings with an age.

use meterscope_decoder::decode::decode_dlms;
use meterscope_decoder::error::ProblemKind;
use meterscope_decoder::link::{Frame, FrameKind, HdlcOnly, Receiver, Step};
use meterscope_decoder::message::SecurityState;

use super::readings::Readings;

/// Octets of the longest frame that is waited for, flags included. The longest list seen, of an Aidon in Sweden, has 581.
pub const CAPACITY: usize = 584;

/// Collects the octets of frames.
pub type FrameReceiver = Receiver<CAPACITY, HdlcOnly>;

/// Hears a HAN port. Apart from its receiver it begins as zeros, which take no flash on an AVR.
#[derive(Clone, Debug)]
pub struct WattMeter {
    readings: Readings,
    last: Heard,
    /// When the last list ended and when the last octet came, in seconds. 0 is never.
    list_s: u32,
    octet_s: u32,
    lists: u16,
    damaged: u16,
}

/// What the last frame was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// None has come.
    Nothing,
    /// A list with values.
    List,
    /// A message that nothing is known of, or one of several frames.
    Unknown,
    /// A ciphered message.
    Ciphered,
    /// Octets that began like a frame and were none.
    Damaged,
    /// A frame that is longer than [`CAPACITY`].
    TooLong,
}

/// Counts stay here.
pub const MOST: u16 = 9999;

impl WattMeter {
    /// Nothing was heard.
    pub const fn new() -> Self {
        Self { readings: Readings::new(), last: Heard::Nothing, list_s: 0, octet_s: 0, lists: 0, damaged: 0 }
    }

    /// The values and their age.
    pub const fn readings(&self) -> &Readings {
        &self.readings
    }

    /// What the last frame was.
    pub const fn last(&self) -> Heard {
        self.last
    }

    /// How long ago a list came, in seconds.
    pub const fn list_age_s(&self, now_s: u32) -> Option<u32> {
        age_s(self.list_s, now_s)
    }

    /// How long ago an octet came, in seconds.
    pub const fn octet_age_s(&self, now_s: u32) -> Option<u32> {
        age_s(self.octet_s, now_s)
    }

    /// How many lists have come, up to [`MOST`].
    pub const fn lists(&self) -> u16 {
        self.lists
    }

    /// How many frames were damaged, up to [`MOST`].
    pub const fn damaged(&self) -> u16 {
        self.damaged
    }

    /// The next octet of the bus; or none, when the line is quiet: a frame that has begun and is not whole will not be.
    /// Time begins with 1.
    pub fn hear(&mut self, octet: Option<u8>, now_s: u32, receiver: &mut FrameReceiver) {
        if octet.is_some() {
            self.octet_s = now_s;
        }
        let octet = octet.as_slice();
        let mut input = octet;
        loop {
            let step = if octet.is_empty() { receiver.finish() } else { receiver.push(&mut input) };
            match step {
                Step::NeedMore => return,
                Step::Frame(frame) => {
                    self.last = decode(&frame, &mut self.readings, now_s);
                    if self.last == Heard::List {
                        self.list_s = now_s;
                        increment(&mut self.lists);
                    }
                }
                Step::Damaged { kind: FrameKind::Hdlc, problem, .. } => {
                    let is_too_long = matches!(problem.kind, ProblemKind::ImpossibleLength { .. });
                    self.last = if is_too_long { Heard::TooLong } else { Heard::Damaged };
                    increment(&mut self.damaged);
                }
                Step::Damaged { .. } | Step::Skipped { .. } => {}
            }
        }
    }
}

impl Default for WattMeter {
    fn default() -> Self {
        Self::new()
    }
}

#[inline(never)]
fn decode(frame: &Frame<'_>, readings: &mut Readings, now_s: u32) -> Heard {
    let mut list = readings.taking();
    match decode_dlms(frame, &mut list).map(|message| message.security.state) {
        Some(SecurityState::None) => {
            if list.accept(now_s) {
                Heard::List
            } else {
                Heard::Unknown
            }
        }
        state => {
            list.refuse();
            if state.is_some() { Heard::Ciphered } else { Heard::Unknown }
        }
    }
}

fn increment(count: &mut u16) {
    if *count < MOST {
        *count += 1;
    }
}

const fn age_s(at_s: u32, now_s: u32) -> Option<u32> {
    if at_s == 0 { None } else { Some(now_s.wrapping_sub(at_s)) }
}
