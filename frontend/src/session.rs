//! A capture: its octets, the index of what was found in them, and what they add up to.
//!
//! The index says where each item lies and whether it is good. The fields of a frame are read again when somebody looks
//! at it (see [`crate::annotation`]), so a long capture costs its octets and one small entry a frame.
//!
//! A session is a value: one that grows is a new one, which shares nearly all of its [`segments`] with the old.

mod arrivals;
mod cadence;
mod ciphers;
mod index;
mod points;
mod recent;
mod segments;

use std::rc::Rc;

use meterscope_capture::overrides::Overrides;
use meterscope_capture::verdict::Evidence;
use meterscope_decoder::date_time::{Date, DateTime};
use meterscope_decoder::decode::Decoded;
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::link::{Frame, Receiver};
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::FieldSink;
use meterscope_decoder::transport::{Decoder, MOST_PIECES};

use crate::cards::{self, Card, Latest};
use crate::source::Micros;
use arrivals::Arrivals;
use cadence::Cadence;
pub use cadence::Rhythm;
use ciphers::Ciphers;
pub use ciphers::{Fit, Sender, SenderName};
use index::Found;
pub use points::{Block, Place, Point};
use recent::Recent;
use segments::Segments;
pub use segments::{IndexedItem, ItemKind};

/// How far ahead the end of a message is looked for: a message has at most so many pieces.
const MOST_ITEMS_AHEAD: usize = 2 * MOST_PIECES;

/// After so many seconds without an octet a frame is over: no meter pauses for one within a frame.
const QUIET_TICKS: u8 = 3;

/// The octets of a capture and what was found in them.
#[derive(Clone, Debug, Default)]
pub struct Session {
    keys: Rc<[Key]>,
    overrides: Rc<Overrides>,
    /// What the times of the items count.
    times: Option<Times>,
    receiver: Receiver,
    arrivals: Arrivals,
    /// How often nothing came since the last octet.
    quiet_ticks: u8,
    /// As it was behind the last frame.
    decoder: Box<Decoder>,
    segments: Segments,
    evidence: Evidence,
    recent: Option<Recent>,
    ciphers: Ciphers,
    cadence: Cadence,
    latest: Latest,
    cards: Rc<[Card]>,
}

/// What the times of a session count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// Microseconds since 1970-01-01 00:00 UTC.
    Utc,
    /// The same of a clock on a wall: whoever wrote it down named no time zone.
    Wall,
}

impl Session {
    /// Finds and reads every frame of `octets`.
    #[cfg(test)]
    pub fn new(octets: &[u8]) -> Self {
        Self::with(octets, Vec::new(), Rc::default(), None)
    }

    /// Finds and reads every frame of `octets`, with these keys and these corrections; `stamps` say when the octets from an
    /// offset on were recorded, in order of the offsets.
    pub fn with(
        octets: &[u8],
        keys: Vec<Key>,
        overrides: Rc<Overrides>,
        stamps: Option<(Times, &[(usize, Micros)])>,
    ) -> Self {
        let mut session = Self { keys: keys.into(), overrides, ..Self::default() };
        if let Some((times, stamps)) = stamps {
            session.times = Some(times);
            for &(offset, at) in stamps {
                session.arrivals.push(offset as u64, at);
            }
        }
        for item in Items::new(octets) {
            let at = session.arrivals.of(session.segments.next_offset());
            session.add(&item, at);
        }
        session.end();
        session.evidence.examine(octets);
        session.refresh_cards();
        session
    }

    /// A session to which octets will be [pushed](Self::push) as they come.
    ///
    /// It holds so much; what came before is in its recording.
    pub fn live(keys: Vec<Key>, overrides: Rc<Overrides>, times: Times) -> Self {
        let (recent, segments) = (Some(Recent::default()), Segments::bounded());
        Self { keys: keys.into(), overrides, times: Some(times), recent, segments, ..Self::default() }
    }

    /// Octets came at `at`.
    pub fn push(&mut self, at: Micros, octets: &[u8]) {
        if !octets.is_empty() {
            self.quiet_ticks = 0;
            let end = self.segments.next_offset() + self.segments.pending().len() as u64;
            self.arrivals.push(end, at);
            self.segments.push_octets(octets);
        }
        let mut rest = octets;
        // The receiver's buffer is its own, so what it found is taken down before the session changes.
        while let Some(found) = Found::of(&self.receiver.push(&mut rest)) {
            self.take_step(found);
        }
        if let Some(recent) = &mut self.recent {
            recent.look(at, &with_pending(&self.evidence, &self.segments), &self.segments);
        }
        self.refresh_cards();
    }

    /// A second went by. Octets that nothing follows for some seconds are no part of a frame: they are told as what they are.
    ///
    /// Seconds are counted and not measured: a page that was put to sleep wakes up with octets that waited. Without a `now`
    /// nothing could come in it, and the last minute stays what it was.
    pub fn tick(&mut self, now: Option<Micros>) {
        self.quiet_ticks = self.quiet_ticks.saturating_add(1);
        if self.quiet_ticks == QUIET_TICKS {
            self.drain();
        }
        if let (Some(recent), Some(now)) = (&mut self.recent, now) {
            recent.look(now, &with_pending(&self.evidence, &self.segments), &self.segments);
        }
    }

    /// All octets that came, those that belong to no item yet as well.
    pub fn octet_count(&self) -> u64 {
        self.evidence.octets + self.segments.pending().len() as u64
    }

    /// No octets follow: what was not complete is told as what it is.
    pub fn finish(&mut self) {
        self.drain();
        self.end();
        self.refresh_cards();
    }

    fn drain(&mut self) {
        while let Some(found) = Found::of(&self.receiver.finish()) {
            self.take_step(found);
        }
    }

    /// The same octets, read again with other keys and corrections.
    pub fn again(&self, keys: Vec<Key>, overrides: Rc<Overrides>) -> Self {
        let mut session = Self {
            keys: keys.into(),
            overrides,
            times: self.times,
            receiver: self.receiver.clone(),
            arrivals: self.arrivals.clone(),
            segments: self.segments.emptied(),
            recent: self.recent.as_ref().map(|_| Recent::default()),
            ..Self::default()
        };
        for (number, item) in self.segments.items() {
            let octets = self.octets_of(number);
            match self.frame(number) {
                Some(frame) => session.add(&Item::Frame(frame), item.at),
                None => {
                    if let ItemKind::Skipped(reason) = item.kind {
                        session.add(&Item::Skipped(octets, reason), item.at);
                    }
                }
            }
        }
        session.segments.push_octets(self.segments.pending());
        match &mut session.recent {
            Some(recent) => recent.begin(&with_pending(&session.evidence, &session.segments)),
            None => session.end(),
        }
        session.evidence.symptom = self.evidence.symptom;
        session.refresh_cards();
        session
    }

    /// What the times of the items count; nothing where they have none.
    pub const fn times(&self) -> Option<Times> {
        self.times
    }

    /// What the times of the points count: where the items have none, the meter's own clock.
    pub fn point_times(&self) -> Times {
        self.times.unwrap_or(Times::Wall)
    }

    /// All octets that are held, piece by piece.
    pub fn octets(&self) -> impl Iterator<Item = &[u8]> {
        self.segments.octets()
    }

    /// How many octets came before those that are held.
    pub fn dropped_octets(&self) -> u64 {
        self.segments.dropped_octets()
    }

    /// The number of the first item that is held: only a live session of days drops any.
    pub fn first_item(&self) -> usize {
        self.segments.first_item()
    }

    /// The number after the last item.
    pub fn end_item(&self) -> usize {
        self.segments.end_item()
    }

    /// How many items are held.
    pub fn item_count(&self) -> usize {
        self.end_item() - self.first_item()
    }

    /// The item with this number.
    pub fn item(&self, number: usize) -> Option<&IndexedItem> {
        self.segments.item(number)
    }

    /// How many items are bad.
    pub fn bad_count(&self) -> usize {
        self.segments.bad_len()
    }

    /// The number of the bad item in this place.
    pub fn bad_at(&self, position: usize) -> Option<usize> {
        self.segments.bad_at(position)
    }

    /// How many bad items stand before the item with this number.
    pub fn bad_before(&self, number: usize) -> usize {
        self.segments.bad_before(number)
    }

    /// What the capture adds up to; of a live one, its last minute.
    pub fn evidence(&self) -> Evidence {
        let totals = with_pending(&self.evidence, &self.segments);
        self.recent.as_ref().map_or(totals, |recent| recent.evidence(&totals))
    }

    /// What the whole capture adds up to.
    pub const fn totals(&self) -> &Evidence {
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

    /// How often which list comes.
    pub const fn cadence(&self) -> &Cadence {
        &self.cadence
    }

    /// What each series of points is of.
    pub fn series(&self) -> Vec<cards::Key> {
        self.latest.keys().collect()
    }

    /// The points of a series from one time up to another, in the order of the octets.
    pub fn points(&self, series: usize, from: Micros, to: Micros) -> impl DoubleEndedIterator<Item = Point> {
        self.segments.points(series, from, to)
    }

    /// The same in blocks of at most `longest`: few, where nobody could tell the points apart.
    pub fn blocks(
        &self,
        series: usize,
        from: Micros,
        to: Micros,
        longest: Micros,
    ) -> impl Iterator<Item = Block> {
        self.segments.blocks(series, from, to, longest)
    }

    /// The earliest and the latest time of all points; nothing where there are none.
    pub fn span(&self) -> Option<(Micros, Micros)> {
        self.segments.span()
    }

    /// The octets of the item with this number; none when there is no such item.
    pub fn octets_of(&self, number: usize) -> &[u8] {
        self.segments.octets_of(number)
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
        self.item(number).is_some_and(|item| item.readings == 0 && item.frames_back == 0)
    }

    fn frame(&self, number: usize) -> Option<Frame<'_>> {
        let item = self.item(number)?;
        let octets = self.octets_of(number);
        match item.kind {
            ItemKind::Good(kind) => Some(Frame { octets, kind, damage: None }),
            ItemKind::Damaged(kind) => Some(Frame { octets, kind, damage: item.problem }),
            ItemKind::Skipped(_) => None,
        }
    }

    /// The frames from the one in which a message began up to the one that completes it.
    pub fn items_of_message(&self, number: usize) -> Vec<usize> {
        let back = self.item(number).map_or(0, |item| item.frames_back as usize);
        let is_frame = |&item: &usize| self.frame(item).is_some();
        let held = self.first_item()..=number;
        let mut items: Vec<_> = held.rev().filter(is_frame).take(back + 1).collect();
        items.reverse();
        items
    }

    /// The frame that completes the message of which this frame is a part.
    pub fn completed_by(&self, number: usize) -> Option<usize> {
        let later = (number + 1..self.end_item()).take(MOST_ITEMS_AHEAD);
        let mut ends = later.filter(|&end| self.item(end).is_some_and(|item| item.frames_back > 0));
        ends.find(|&end| self.items_of_message(end).contains(&number))
    }

    /// How a key fits the ciphered messages, or the first of many.
    pub fn fit(&self, key: &Key) -> Fit {
        self.ciphers.fit(self, key)
    }

    /// The item that is most worth looking at first: the first with readings, else the first frame, else the first.
    pub fn first_of_interest(&self) -> Option<usize> {
        let items = || self.segments.items();
        let with_readings = items().find(|(_, item)| item.readings > 0);
        let frame = || items().find(|(_, item)| !matches!(item.kind, ItemKind::Skipped(_)));
        with_readings.or_else(frame).or_else(|| items().next()).map(|(number, _)| number)
    }

    /// The last item with readings, else the last frame.
    pub fn last_of_interest(&self) -> Option<usize> {
        let last = || self.segments.items().rev().take(MOST_ITEMS_AHEAD);
        let with_readings = last().find(|(_, item)| item.readings > 0);
        let frame = || last().find(|(_, item)| !matches!(item.kind, ItemKind::Skipped(_)));
        with_readings.or_else(frame).map(|(number, _)| number)
    }

    fn refresh_cards(&mut self) {
        let mut latest = std::mem::take(&mut self.latest);
        if let Some(cards) = latest.cards(self) {
            self.cards = cards.into();
        }
        self.latest = latest;
    }
}

/// What there is, with the octets that the receiver still holds.
fn with_pending(evidence: &Evidence, segments: &Segments) -> Evidence {
    Evidence { pending: segments.pending().len() as u64, ..*evidence }
}

/// What the meter's own clock says, as a clock on a wall.
fn meter_clock(time: &DateTime) -> Option<Micros> {
    let (Date { year, month, day }, clock) = (time.date?, time.time?);
    let days = meterscope_capture::day_number(i64::from(year?), i64::from(month), i64::from(day))?;
    let minutes = (days * 24 + i64::from(clock.hour)) * 60 + i64::from(clock.minute);
    let seconds = minutes * 60 + i64::from(clock.second.unwrap_or(0));
    u64::try_from(seconds * 1_000_000).ok()
}

#[cfg(test)]
mod tests;
