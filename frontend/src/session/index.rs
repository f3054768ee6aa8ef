//! Reads items as they come and enters them in a session.

use meterscope_decoder::decode::Decoded;
use meterscope_decoder::error::Problem;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::link::{Frame, SkipReason, Step};
use meterscope_decoder::reading::Reading;
use meterscope_decoder::sink::{Buffer, FieldSink};

use super::points::Point;
use super::segments::{FULL_OCTETS, IndexedItem, ItemKind};
use super::{Session, meter_clock};
use crate::annotation::Numbering;
use crate::cards::Latest;
use crate::source::Micros;

impl Session {
    /// Enters an item whose octets are in memory elsewhere; its first octet was recorded at `at`.
    pub(super) fn add(&mut self, item: &Item<'_>, at: Option<Micros>) {
        self.segments.push_octets(item.octets());
        self.enter(item, at);
    }

    /// Enters what a receiver found in the octets that were pushed.
    pub(super) fn take_step(&mut self, step: Found) {
        let at = self.arrivals.of(self.segments.next_offset());
        let pending = self.segments.pending();
        let octets = pending.get(..step.length as usize).unwrap_or(pending).to_vec();
        let item = match step.kind {
            ItemKind::Good(kind) => Item::Frame(Frame { octets: &octets, kind, damage: None }),
            ItemKind::Damaged(kind) => Item::Frame(Frame { octets: &octets, kind, damage: step.problem }),
            ItemKind::Skipped(reason) => Item::Skipped(&octets, reason),
        };
        self.enter(&item, at);
    }

    fn enter(&mut self, item: &Item<'_>, at: Option<Micros>) {
        if let Item::Skipped(octets, reason) = item
            && self.lengthen(octets.len() as u32, *reason)
        {
            self.decoder.skipped(*reason);
            return self.evidence.add(item, &Decoded::default(), None);
        }
        let mut entry = IndexedItem {
            offset: self.segments.next_offset(),
            length: item.octets().len() as u32,
            at,
            kind: ItemKind::Skipped(SkipReason::Noise),
            problem: None,
            problem_in_frame: true,
            readings: 0,
            frames_back: 0,
        };
        let decoded = match item {
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
                self.read(frame, &mut entry)
            }
        };
        self.evidence.add(item, &decoded, entry.problem);
        let number = self.segments.push_item(entry);
        self.keep_points(number, at, &decoded);
        if let Some(message) = &decoded.message {
            self.ciphers.add(number, message);
            self.cadence.add(at, message);
        }
        self.segments.tidy();
    }

    /// Makes the last item longer, where these octets were skipped for the same reason.
    fn lengthen(&mut self, length: u32, reason: SkipReason) -> bool {
        match self.segments.last_mut() {
            // A line that rests or babbles for a night is many items, so that its segments end and can be dropped.
            Some(last) if last.kind == ItemKind::Skipped(reason) && (last.length as usize) < FULL_OCTETS => {
                last.length += length;
                true
            }
            _ => false,
        }
    }

    fn read(&mut self, frame: &Frame<'_>, entry: &mut IndexedItem) -> Decoded {
        self.latest.begin();
        let mut probe =
            Probe { problem: None, readings: 0, buffers: Numbering::default(), latest: &mut self.latest };
        let decoded = if self.overrides.is_empty() {
            self.decoder.decode(frame, &self.keys, &mut (&mut probe as &mut dyn FieldSink))
        } else {
            let mut sink = self.overrides.sink(&mut probe as &mut dyn FieldSink);
            self.decoder.decode(frame, &self.keys, &mut (&mut sink as &mut dyn FieldSink))
        };
        entry.problem = frame.damage.or(probe.problem.map(|(problem, _)| problem));
        entry.problem_in_frame =
            frame.damage.is_some() || probe.problem.is_some_and(|(_, buffer)| buffer == 0);
        entry.readings = probe.readings;
        entry.frames_back = decoded.frames_back;
        decoded
    }

    /// Each value that gets a card is a point of a series.
    fn keep_points(&mut self, item: usize, at: Option<Micros>, decoded: &Decoded) {
        let meters = decoded.message.as_ref().and_then(|message| message.time.as_ref()).and_then(meter_clock);
        let at = if self.times.is_some() { at } else { meters };
        let segments = &mut self.segments;
        self.latest.end(item, decoded.message.as_ref(), |series, value| {
            if let Some(at) = at {
                segments.push_point(series, Point { at, value, item });
            }
        });
    }

    /// No item follows: a message whose last pieces are missing is a problem of the capture.
    pub(super) fn end(&mut self) {
        let mut probe =
            Probe { problem: None, readings: 0, buffers: Numbering::default(), latest: &mut self.latest };
        self.decoder.finish(&mut (&mut probe as &mut dyn FieldSink));
        self.evidence.end(probe.problem.map(|(problem, _)| problem));
    }
}

/// What a receiver found, without its octets, which the session has as well.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    kind: ItemKind,
    length: u32,
    problem: Option<Problem>,
}

impl Found {
    /// Nothing where the receiver needs more octets.
    pub fn of(step: &Step<'_>) -> Option<Self> {
        Some(match *step {
            Step::NeedMore => return None,
            Step::Frame(frame) => {
                Self { kind: ItemKind::Good(frame.kind), length: frame.octets.len() as u32, problem: None }
            }
            Step::Damaged { kind, length, problem } => {
                Self { kind: ItemKind::Damaged(kind), length, problem: Some(problem) }
            }
            Step::Skipped { length, reason } => {
                Self { kind: ItemKind::Skipped(reason), length, problem: None }
            }
        })
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
