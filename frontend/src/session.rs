//! A capture: its octets, the index of what was found in them, and what they add up to.
//!
//! The index says where each item lies and whether it is good. The fields of a frame are read again when somebody looks
//! at it (see [`crate::annotation`]), so a long capture costs its octets and one small entry a frame.

mod ciphers;

use std::rc::Rc;

use meterscope_capture::overrides::Overrides;
use meterscope_capture::verdict::Evidence;
use meterscope_decoder::decode::Decoded;
use meterscope_decoder::error::Problem;
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::link::{Frame, FrameKind, SkipReason};
use meterscope_decoder::reading::Reading;
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::{Buffer, FieldSink};
use meterscope_decoder::transport::{Decoder, MOST_PIECES};

use crate::annotation::Numbering;
use crate::cards::{Card, Latest};
use ciphers::Ciphers;
pub use ciphers::{Fit, Sender, SenderName};

/// How far ahead the end of a message is looked for: a message has at most so many pieces.
const MOST_ITEMS_AHEAD: usize = 2 * MOST_PIECES;

/// The octets of a capture and what was found in them.
#[derive(Debug, Default)]
pub struct Session {
    octets: Rc<Vec<u8>>,
    keys: Vec<Key>,
    overrides: Rc<Overrides>,
    /// As it was behind the last frame.
    decoder: Box<Decoder>,
    items: Vec<IndexedItem>,
    bad: Vec<u32>,
    evidence: Evidence,
    ciphers: Ciphers,
    cards: Vec<Card>,
}

/// Where an item lies and how it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndexedItem {
    /// The first octet, counted from the start of the capture.
    pub offset: u32,
    /// How many octets.
    pub length: u32,
    /// What it is.
    pub kind: ItemKind,
    /// The first problem found in it.
    pub problem: Option<Problem>,
    /// Whether the problem's place counts from the item's first octet, and not in joined or deciphered octets.
    pub problem_in_frame: bool,
    /// Readings that its message gave.
    pub readings: u16,
    /// How many frames before this one its message began.
    pub frames_back: u32,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A frame whose check sequences are right.
    Good(FrameKind),
    /// A frame that is damaged.
    Damaged(FrameKind),
    /// Octets that belong to no frame.
    Skipped(SkipReason),
}

impl IndexedItem {
    /// Whether somebody who looks for faults wants to see it: all but good frames without a problem and resting lines.
    pub const fn is_bad(&self) -> bool {
        match self.kind {
            ItemKind::Good(_) => self.problem.is_some(),
            ItemKind::Damaged(_) => true,
            ItemKind::Skipped(reason) => !matches!(reason, SkipReason::Idle),
        }
    }
}

impl Session {
    /// Finds and reads every frame of `octets`.
    #[cfg(test)]
    pub fn new(octets: Vec<u8>) -> Self {
        Self::with(octets, Vec::new(), Rc::default())
    }

    /// Finds and reads every frame of `octets`, with these keys and these corrections.
    pub fn with(octets: Vec<u8>, keys: Vec<Key>, overrides: Rc<Overrides>) -> Self {
        Self::read(Rc::new(octets), keys, overrides)
    }

    /// The same octets, read again with other keys and corrections.
    pub fn again(&self, keys: Vec<Key>, overrides: Rc<Overrides>) -> Self {
        Self::read(Rc::clone(&self.octets), keys, overrides)
    }

    fn read(octets: Rc<Vec<u8>>, keys: Vec<Key>, overrides: Rc<Overrides>) -> Self {
        let mut index = Index::default();
        for item in Items::new(&octets) {
            index.add(item, &keys, &overrides);
        }
        index.end();
        let Index { items, mut evidence, latest, ciphers, decoder, .. } = index;
        evidence.examine(&octets);
        let bad = (0..).zip(&items).filter(|(_, item)| item.is_bad()).map(|(index, _)| index).collect();
        let cards = Vec::new();
        let mut session = Self { octets, keys, overrides, decoder, items, bad, evidence, ciphers, cards };
        session.cards = latest.cards(&session);
        session
    }

    /// All octets.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Every item, in the order of the octets.
    pub fn items(&self) -> &[IndexedItem] {
        &self.items
    }

    /// The numbers of the items that are bad.
    pub fn bad(&self) -> &[u32] {
        &self.bad
    }

    /// What the capture adds up to.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Who sends ciphered messages.
    pub fn senders(&self) -> &[Sender] {
        self.ciphers.senders()
    }

    /// The latest value of each quantity.
    pub fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// The octets of the item with this number; none when there is no such item.
    pub fn octets_of(&self, number: usize) -> &[u8] {
        let Some(item) = self.items.get(number) else { return &[] };
        let (start, length) = (item.offset as usize, item.length as usize);
        self.octets.get(start..start + length).unwrap_or_default()
    }

    /// Reads the item with this number once more, into `sink`; skipped octets are not read.
    ///
    /// A message that began in an earlier frame is joined anew.
    pub fn decode(&self, number: usize, sink: &mut dyn FieldSink) -> Decoded {
        self.decode_with(number, &self.keys, sink)
    }

    /// The same with these keys and no others.
    fn decode_with(&self, number: usize, keys: &[Key], sink: &mut dyn FieldSink) -> Decoded {
        let Some(frame) = self.frame(number) else { return Decoded::default() };
        let mut decoder = Box::new(self.decoder.once_more());
        // A part of a message is one only behind the parts before it.
        let later = self.may_be_a_part(number).then(|| self.completed_by(number)).flatten();
        let last = later.unwrap_or(number);
        for earlier in self.items_of_message(last).into_iter().filter(|&item| item < number) {
            if let Some(frame) = self.frame(earlier) {
                decoder.decode(&frame, keys, &mut (&mut () as &mut dyn FieldSink));
            }
        }
        let mut sink = self.overrides.sink(sink);
        decoder.decode(&frame, keys, &mut (&mut sink as &mut dyn FieldSink))
    }

    /// Whether a frame said nothing of its own and may so be a part of a message that a later one completes.
    fn may_be_a_part(&self, number: usize) -> bool {
        self.items.get(number).is_some_and(|item| item.readings == 0 && item.frames_back == 0)
    }

    fn frame(&self, number: usize) -> Option<Frame<'_>> {
        let item = self.items.get(number)?;
        let octets = self.octets_of(number);
        match item.kind {
            ItemKind::Good(kind) => Some(Frame { octets, kind, damage: None }),
            ItemKind::Damaged(kind) => Some(Frame { octets, kind, damage: item.problem }),
            ItemKind::Skipped(_) => None,
        }
    }

    /// The frames from the one in which a message began up to the one that completes it.
    pub fn items_of_message(&self, number: usize) -> Vec<usize> {
        let back = self.items.get(number).map_or(0, |item| item.frames_back as usize);
        let is_frame = |&item: &usize| self.frame(item).is_some();
        let mut items: Vec<_> = (0..=number).rev().filter(is_frame).take(back + 1).collect();
        items.reverse();
        items
    }

    /// The frame that completes the message of which this frame is a part.
    pub fn completed_by(&self, number: usize) -> Option<usize> {
        let later = (number + 1..self.items.len()).take(MOST_ITEMS_AHEAD);
        let mut ends = later.filter(|&end| self.items.get(end).is_some_and(|item| item.frames_back > 0));
        ends.find(|&end| self.items_of_message(end).contains(&number))
    }

    /// How a key fits the ciphered messages, or the first of many.
    pub fn fit(&self, key: &Key) -> Fit {
        self.ciphers.fit(self, key)
    }

    /// The item that is most worth looking at first: the first with readings, else the first frame, else the first.
    pub fn first_of_interest(&self) -> Option<usize> {
        let with_readings = self.items.iter().position(|item| item.readings > 0);
        let frame = || self.items.iter().position(|item| !matches!(item.kind, ItemKind::Skipped(_)));
        with_readings.or_else(frame).or(if self.items.is_empty() { None } else { Some(0) })
    }
}

#[derive(Default)]
struct Index {
    decoder: Box<Decoder>,
    offset: u32,
    items: Vec<IndexedItem>,
    evidence: Evidence,
    ciphers: Ciphers,
    latest: Latest,
}

impl Index {
    fn add(&mut self, item: Item<'_>, keys: &[Key], overrides: &Overrides) {
        let length = item.octets().len() as u32;
        let mut entry = IndexedItem {
            offset: self.offset,
            length,
            kind: ItemKind::Skipped(SkipReason::Noise),
            problem: None,
            problem_in_frame: true,
            readings: 0,
            frames_back: 0,
        };
        let decoded = match &item {
            Item::Skipped(_, reason) => {
                entry.kind = ItemKind::Skipped(*reason);
                self.decoder.skipped(*reason);
                Decoded::default()
            }
            Item::Frame(frame) => {
                entry.kind = match frame.damage {
                    None => ItemKind::Good(frame.kind),
                    Some(_) => ItemKind::Damaged(frame.kind),
                };
                self.read(frame, keys, overrides, &mut entry)
            }
        };
        self.evidence.add(&item, &decoded, entry.problem);
        self.offset += length;
        self.items.push(entry);
    }

    /// No item follows: a message whose last pieces are missing is a problem of the capture.
    fn end(&mut self) {
        let mut probe =
            Probe { problem: None, readings: 0, buffers: Numbering::default(), latest: &mut self.latest };
        self.decoder.finish(&mut (&mut probe as &mut dyn FieldSink));
        self.evidence.end(probe.problem.map(|(problem, _)| problem));
    }

    fn read(
        &mut self,
        frame: &Frame<'_>,
        keys: &[Key],
        overrides: &Overrides,
        entry: &mut IndexedItem,
    ) -> Decoded {
        let item = self.items.len() as u32;
        self.latest.begin();
        let mut probe =
            Probe { problem: None, readings: 0, buffers: Numbering::default(), latest: &mut self.latest };
        let decoded = if overrides.is_empty() {
            self.decoder.decode(frame, keys, &mut (&mut probe as &mut dyn FieldSink))
        } else {
            let mut sink = overrides.sink(&mut probe as &mut dyn FieldSink);
            self.decoder.decode(frame, keys, &mut (&mut sink as &mut dyn FieldSink))
        };
        entry.problem = frame.damage.or(probe.problem.map(|(problem, _)| problem));
        entry.problem_in_frame =
            frame.damage.is_some() || probe.problem.is_some_and(|(_, buffer)| buffer == 0);
        entry.readings = probe.readings;
        entry.frames_back = decoded.frames_back;
        self.latest.end(item, decoded.message.as_ref());
        if let Some(message) = &decoded.message {
            self.ciphers.add(item, message);
        }
        decoded
    }
}

/// What the index wants to know of a frame.
struct Probe<'a> {
    /// The first problem and its buffer.
    problem: Option<(Problem, usize)>,
    readings: u16,
    buffers: Numbering,
    latest: &'a mut Latest,
}

impl FieldSink for Probe<'_> {
    fn wants_fields(&self) -> bool {
        false
    }

    fn problem(&mut self, problem: Problem) {
        self.problem = self.problem.or(Some((problem, self.buffers.current())));
    }

    fn open(&mut self, _: &Buffer<'_>) {
        self.buffers.open();
    }

    fn close(&mut self) {
        self.buffers.close();
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        self.latest.see(reading, self.readings);
        self.readings = self.readings.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_decoder::error::Layer;

    const SHORT: [u8; 5] = [0x10, 0x40, 0x01, 0x41, 0x16];
    const BAD_SUM: [u8; 9] = [0x68, 0x03, 0x03, 0x68, 0x08, 0x01, 0x70, 0x00, 0x16];

    fn capture() -> Session {
        let mut octets = vec![0x55, 0xAA, 0x33];
        octets.extend(SHORT);
        octets.extend(BAD_SUM);
        octets.extend(SHORT);
        Session::new(octets)
    }

    #[test]
    fn items_cover_every_octet_once() {
        let session = capture();
        let mut at = 0;
        for (number, item) in session.items().iter().enumerate() {
            assert_eq!(item.offset, at);
            assert_eq!(session.octets_of(number).len(), item.length as usize);
            at += item.length;
        }
        assert_eq!(u64::from(at), session.evidence().octets);
        assert_eq!(at, 22);
    }

    #[test]
    fn what_is_damaged_stays_with_its_reason() {
        let session = capture();
        let evidence = session.evidence();
        assert_eq!((evidence.good, evidence.damaged, evidence.skipped), (2, 1, 3));
        assert_eq!(evidence.first_damage.map(|problem| problem.kind.layer()), Some(Layer::Link));
        let damaged = session.items().iter().find(|item| matches!(item.kind, ItemKind::Damaged(_))).unwrap();
        assert_eq!(damaged.problem.unwrap().at, 7);
        assert_eq!(session.bad(), [0, 2]);
    }

    #[test]
    fn a_frame_is_looked_at_before_noise() {
        assert_eq!(capture().first_of_interest(), Some(1));
        assert_eq!(Session::new(vec![0x55, 0xAA]).first_of_interest(), Some(0));
        assert_eq!(Session::new(Vec::new()).first_of_interest(), None);
    }
}
