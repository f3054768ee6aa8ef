//! One plain verdict on a capture: what is the matter, which layer failed, and what to do next.
//!
//! [`Evidence`] counts while the capture is read, [`Evidence::examine`] looks at the octets themselves where the frames do
//! not tell, and [`Verdict::of`] judges.

mod line;
mod text;

use crate::repairs;
use meterscope_decoder::decode::Decoded;
use meterscope_decoder::error::{Layer, Problem, ProblemKind, Refusal};
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::link::{Frame, SkipReason};
use meterscope_decoder::message::{ListId, Meter, Protocol, SecurityState};

/// What a capture adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// All octets that were told to be a frame or none.
    pub octets: u64,
    /// Octets behind them of which a frame may still become.
    pub pending: u64,
    /// Frames whose check sequences are right.
    pub good: u64,
    /// Frames that are damaged.
    pub damaged: u64,
    /// Good frames in which a higher layer met a problem.
    pub unread: u64,
    /// Octets that belong to no frame.
    pub skipped: u64,
    /// Those of them that are a line at rest.
    pub idle: u64,
    /// Messages.
    pub messages: u64,
    /// Readings of all messages.
    pub readings: u64,
    /// DLMS messages whose values have no names, because nobody knows their list.
    pub unknown_lists: u64,
    /// Ciphered messages that a key opened.
    pub deciphered: u64,
    /// Ciphered messages for which there is no key.
    pub locked: u64,
    /// Ciphered messages that no key opened.
    pub refused: u64,
    /// Why the first of them was refused.
    pub refusal: Option<Refusal>,
    /// The first problem of a damaged frame.
    pub first_damage: Option<Problem>,
    /// The first problem of a good frame.
    pub first_unread: Option<Problem>,
    /// The list of the last message that had one.
    pub list: Option<ListId>,
    /// The meter that the last message named.
    pub meter: Option<Meter>,
    /// What the octets show beside their frames; see [`examine`](Self::examine).
    pub symptom: Option<Symptom>,
}

/// What octets show beside their frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    /// Every LF has a CR in front, and without them more frames are good.
    LineFeeds,
    /// They were read with other line settings than they were sent with.
    Line(LineFault),
}

/// How the line settings differ, seen from the octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// Sent 8N1, read as 8E1.
    ReadWithParity,
    /// Sent 8E1, read as 8N1.
    ReadWithoutParity,
    /// Octets with an even number of ones are lost: 8E1 read as 8N1 or the reverse, and what had an error was dropped.
    EvenOctetsLost,
    /// Bit 7 is always 0: eight bits were sent, and seven and a parity bit read.
    SevenBits,
    /// Bit 7 is a parity bit: sent 7E1, read as 8N1.
    ParityInBitSeven,
    /// Each bit of the line was taken for several: the line is slower than it was read.
    ReadTooFast,
}

/// What is the matter with a capture, or that nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No octets, a line at rest, or a frame that has not ended yet.
    Silent,
    /// Octets, but no frame in them.
    Noise,
    /// The line settings were other ones.
    WrongSettings(LineFault),
    /// Something on the way put a CR in front of every LF.
    LineFeeds,
    /// Frames, but the check sums fail.
    ChecksFail,
    /// Good frames whose messages need a key.
    KeyNeeded,
    /// Good frames whose messages no key opens.
    WrongKey(Refusal),
    /// Good frames, but this layer could not read any of them.
    Unreadable(Layer),
    /// Good frames with messages of a list that nobody knows.
    UnknownList,
    /// Good frames and damaged ones.
    SomeDamaged,
    /// Readings, and messages that no key opens.
    SomeRefused,
    /// Readings, and messages that need a key.
    SomeLocked,
    /// All frames are good, but this layer met a problem in some.
    SomeUnread(Layer),
    /// All frames are good, and there was nothing to be read in them.
    NoReadings,
    /// All is good.
    AllGood,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Nothing is wrong.
    Good,
    /// Something needs attention.
    Attention,
    /// Nothing could be read.
    Bad,
}

impl Evidence {
    /// Counts an item; `decoded` and `problem`, the first that was reported, say what became of a frame.
    pub fn add(&mut self, item: &Item<'_>, decoded: &Decoded, problem: Option<Problem>) {
        let octets = item.octets().len() as u64;
        self.octets += octets;
        match item {
            Item::Skipped(_, reason) => {
                self.skipped += octets;
                self.idle += if *reason == SkipReason::Idle { octets } else { 0 };
            }
            Item::Frame(Frame { damage: Some(damage), .. }) => {
                self.damaged += 1;
                self.first_damage = self.first_damage.or(Some(*damage));
            }
            Item::Frame(_) => {
                self.good += 1;
                self.unread += u64::from(problem.is_some());
                self.first_unread = self.first_unread.or(problem);
                self.add_message(decoded, problem);
            }
        }
    }

    /// No item follows; `problem` is what the end of the capture cut off: a message whose last pieces are missing.
    pub fn end(&mut self, problem: Option<Problem>) {
        self.unread += u64::from(problem.is_some());
        self.first_unread = self.first_unread.or(problem);
    }

    fn add_message(&mut self, decoded: &Decoded, problem: Option<Problem>) {
        let Some(message) = &decoded.message else { return };
        self.messages += 1;
        self.readings += u64::from(message.readings);
        self.list = message.list.or(self.list);
        self.meter = message.meter.or(self.meter);
        match message.security.state {
            SecurityState::KeyMissing => self.locked += 1,
            SecurityState::AuthenticationFailed => {
                self.refused += 1;
                if let Some(ProblemKind::AuthenticationFailed(refusal)) = problem.map(|problem| problem.kind)
                {
                    self.refusal = self.refusal.or(Some(refusal));
                }
            }
            SecurityState::Unsupported => {}
            state => {
                self.deciphered += u64::from(state != SecurityState::None);
                let empty = message.list.is_none() && message.readings == 0;
                let unknown = message.unknown_list || empty && message.protocol == Protocol::Dlms;
                self.unknown_lists += u64::from(unknown);
            }
        }
    }

    /// What came after `earlier`, a state that this one grew from.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            octets: self.octets - earlier.octets,
            good: self.good - earlier.good,
            damaged: self.damaged - earlier.damaged,
            unread: self.unread - earlier.unread,
            skipped: self.skipped - earlier.skipped,
            idle: self.idle - earlier.idle,
            messages: self.messages - earlier.messages,
            readings: self.readings - earlier.readings,
            unknown_lists: self.unknown_lists - earlier.unknown_lists,
            deciphered: self.deciphered - earlier.deciphered,
            locked: self.locked - earlier.locked,
            refused: self.refused - earlier.refused,
            ..*self
        }
    }

    /// Looks at the octets of the whole capture, those that are pending as well, where the frames in them leave a doubt.
    pub fn examine(&mut self, octets: &[u8]) {
        self.symptom = self.symptom_in(octets);
    }

    fn symptom_in(&self, octets: &[u8]) -> Option<Symptom> {
        let whole = self.damaged == 0 && self.skipped == self.idle;
        if !whole && repairs::helps_to_undo_crlf(octets) {
            return Some(Symptom::LineFeeds);
        }
        let mostly_lost = self.readings == 0 && self.deciphered + self.locked + self.refused == 0;
        // With wrong settings a frame may seem to begin whose end never comes.
        let in_doubt = !whole || self.pending > 0;
        // Octets of a good frame show the beginning of one as well.
        let pending = if whole { octets.len() } else { self.pending as usize };
        let (told, _) = octets.split_at(octets.len().saturating_sub(pending));
        (in_doubt && mostly_lost).then(|| line::fault(octets, told)).flatten().map(Symptom::Line)
    }
}

/// Meters send no longer frames: those of HDLC have two flags and 11 bits for the length between them, and telegrams of P1
/// ports are shorter. More octets of which none is a frame are noise.
const LONGEST_OF_METERS: u64 = 2 + 2047;

impl Verdict {
    /// The verdict on a capture.
    pub fn of(evidence: &Evidence) -> Self {
        let layer = evidence.first_unread.map_or(Layer::Application, |problem| problem.kind.layer());
        let refusal = evidence.refusal.unwrap_or(Refusal::Plaintext);
        match *evidence {
            Evidence { symptom: Some(Symptom::LineFeeds), .. } => Self::LineFeeds,
            Evidence { symptom: Some(Symptom::Line(fault)), .. } => Self::WrongSettings(fault),
            Evidence { octets, idle, pending, .. } if octets == idle && pending <= LONGEST_OF_METERS => {
                Self::Silent
            }
            Evidence { good: 0, damaged: 0, .. } => Self::Noise,
            Evidence { good: 0, .. } => Self::ChecksFail,
            // Chance makes a short frame of noise now and then, but no message with a reading.
            Evidence { messages: 0, skipped, octets, .. } if skipped > octets / 2 => Self::Noise,
            Evidence { readings: 0, refused: 1.., .. } => Self::WrongKey(refusal),
            Evidence { readings: 0, locked: 1.., .. } => Self::KeyNeeded,
            Evidence { unknown_lists: lists @ 1.., messages, .. } if lists == messages => Self::UnknownList,
            Evidence { good, unread, readings: 0, .. } if good == unread => Self::Unreadable(layer),
            Evidence { damaged: 1.., .. } => Self::SomeDamaged,
            Evidence { refused: 1.., .. } => Self::SomeRefused,
            Evidence { locked: 1.., .. } => Self::SomeLocked,
            Evidence { unread: 1.., .. } => Self::SomeUnread(layer),
            Evidence { readings: 0, .. } => Self::NoReadings,
            _ => Self::AllGood,
        }
    }

    /// How bad it is.
    pub const fn weight(self) -> Weight {
        match self {
            Self::AllGood => Weight::Good,
            Self::Silent
            | Self::Noise
            | Self::WrongSettings(_)
            | Self::LineFeeds
            | Self::ChecksFail
            | Self::WrongKey(_)
            | Self::Unreadable(_) => Weight::Bad,
            _ => Weight::Attention,
        }
    }

    /// The layer that failed.
    pub const fn layer(self) -> Option<Layer> {
        match self {
            Self::Noise | Self::WrongSettings(_) | Self::LineFeeds | Self::ChecksFail | Self::SomeDamaged => {
                Some(Layer::Link)
            }
            Self::KeyNeeded | Self::WrongKey(_) | Self::SomeRefused | Self::SomeLocked => {
                Some(Layer::Security)
            }
            Self::Unreadable(layer) | Self::SomeUnread(layer) => Some(layer),
            Self::UnknownList => Some(Layer::Application),
            Self::Silent | Self::NoReadings | Self::AllGood => None,
        }
    }
}

#[cfg(test)]
#[path = "verdict/tests.rs"]
mod tests;
