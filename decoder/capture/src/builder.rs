//! Collects what the readers of the forms find.

use crate::form::Form;
use crate::forms::pulse;
use crate::imported::{
    Direction, EXCERPT, Event, EventKind, Imported, LeftOut, Part, Repairs, Source, Stamp, Why,
};
use crate::time::Time;

/// When a piece was recorded and which way it went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) time: Option<Time>,
    pub(crate) direction: Option<Direction>,
}

/// Takes pieces in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pub(crate) imported: Imported,
    pub(crate) repairs: Repairs,
    /// Where the piece that is being written began.
    piece: usize,
    /// The last run of empty lines, which belong to nothing.
    empty: (usize, usize),
}

impl Builder {
    pub(crate) fn new(repairs: Repairs) -> Self {
        Self { repairs, ..Self::default() }
    }

    /// Where to write the octets of a piece; [`Self::end`] or [`Self::drop_piece`] follows.
    pub(crate) fn octets(&mut self) -> &mut Vec<u8> {
        &mut self.imported.octets
    }

    /// The octets of the piece so far.
    pub(crate) fn piece(&self) -> &[u8] {
        self.imported.octets.get(self.piece..).unwrap_or_default()
    }

    /// The last octet was none.
    pub(crate) fn take_back_octet(&mut self) {
        if self.imported.octets.pop().is_some()
            && let Some(part) = self.imported.parts.last_mut()
        {
            self.piece = self.imported.octets.len();
            part.octets.end = self.piece;
        }
    }

    /// What was written since the last piece was a mistake.
    pub(crate) fn drop_piece(&mut self) {
        self.imported.octets.truncate(self.piece);
    }

    /// Ends the piece: it stands at `source` in the input.
    pub(crate) fn end(&mut self, mut form: Form, source: Source, mark: Mark) {
        let start = self.piece;
        if self.piece().is_empty() {
            // The end of a dump belongs to it; otherwise there is nothing in it.
            match self.imported.parts.last_mut() {
                Some(last) if last.form == form && adjoins(last.source, source, self.empty) => {
                    last.source = joined(last.source, source);
                }
                _ if matches!(source, Source::Lines(..)) => self.leave_out(source, b"", Why::Text),
                _ => {}
            }
            return;
        }
        // What the line of a capture file carried is kept as it was.
        let may_be_batch = !matches!(form, Form::Pcapng | Form::Pcap);
        if let Some(batch) = may_be_batch.then(|| pulse::unwrap(self.piece())).flatten() {
            form = Form::TibberPulse;
            self.drop_piece();
            for record in batch {
                let time = mark.time.or(Some(record.time));
                self.stamp(self.imported.octets.len(), Mark { time, direction: mark.direction });
                self.imported.octets.extend_from_slice(&record.octets);
            }
        } else {
            self.stamp(start, mark);
        }
        self.piece = self.imported.octets.len();
        let octets = start..self.piece;
        match self.imported.parts.last_mut() {
            Some(last) if last.form == form && adjoins(last.source, source, self.empty) => {
                last.octets.end = octets.end;
                last.source = joined(last.source, source);
            }
            _ => self.imported.parts.push(Part { form, source, octets }),
        }
    }

    fn stamp(&mut self, offset: usize, Mark { time, direction }: Mark) {
        // Where nothing is known of the whole input there is no stamp at all.
        let known = self.imported.stamps.last().map_or((None, None), |last| (last.time, last.direction));
        if known != (time, direction) {
            self.imported.stamps.push(Stamp { offset, time, direction });
        }
    }

    /// Something happened before the next octet.
    pub(crate) fn event(&mut self, time: Option<Time>, kind: EventKind) {
        let offset = self.imported.octets.len();
        self.imported.events.push(Event { offset, time, kind });
    }

    /// A line without anything on it: neither part nor left out.
    pub(crate) fn empty_line(&mut self, line: usize) {
        self.empty = if self.empty.1 + 1 == line { (self.empty.0, line) } else { (line, line) };
    }

    /// Leaves out what stands at `source`; `text` is how it reads.
    pub(crate) fn leave_out(&mut self, source: Source, text: &[u8], why: Why) {
        if let Why::Masked(digits) = why {
            self.imported.offers.masked_digits += digits;
        }
        match self.imported.left_out.last_mut() {
            Some(last) if is_mergeable(&last.why, &why) && adjoins(last.source, source, self.empty) => {
                last.source = joined(last.source, source);
                if let (Why::Masked(sum), Why::Masked(digits)) = (&mut last.why, why) {
                    *sum += digits;
                }
            }
            _ => {
                let text = excerpt(text);
                self.imported.left_out.push(LeftOut { source, text, why });
            }
        }
    }
}

fn is_mergeable(last: &Why, why: &Why) -> bool {
    match (last, why) {
        (Why::Masked(_), Why::Masked(_)) => true,
        (Why::BadHex(_) | Why::Shorter { .. } | Why::Gap { .. }, _) => false,
        _ => last == why,
    }
}

/// Whether nothing but the `empty` lines lies between.
fn adjoins(last: Source, next: Source, empty: (usize, usize)) -> bool {
    match (last, next) {
        (Source::Lines(_, last), Source::Lines(next, _)) => {
            next == last || next == last + 1 || (empty.0 == last + 1 && empty.1 + 1 == next)
        }
        (Source::Packets(_, last), Source::Packets(next, _)) => next == last || next == last + 1,
        _ => false,
    }
}

fn joined(last: Source, next: Source) -> Source {
    match (last, next) {
        (Source::Lines(first, _), Source::Lines(_, last)) => Source::Lines(first, last),
        (Source::Packets(first, _), Source::Packets(_, last)) => Source::Packets(first, last),
        _ => last,
    }
}

/// How a text begins. A key in it, as configurations have them, is not repeated.
pub(crate) fn excerpt(text: &[u8]) -> String {
    /// The digits of an AES-128 key.
    const KEY: usize = 32;
    // No character has more than four octets.
    let head = text.get(..4 * EXCERPT + KEY).unwrap_or(text);
    let mut shown = Vec::with_capacity(head.len());
    for run in head.chunk_by(|before, next| before.is_ascii_hexdigit() == next.is_ascii_hexdigit()) {
        let is_key = run.len() == KEY && run.first().is_some_and(u8::is_ascii_hexdigit);
        shown.extend_from_slice(if is_key { "…".as_bytes() } else { run });
    }
    let shown = String::from_utf8_lossy(&shown);
    let shown = shown.trim();
    match shown.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown.to_owned(),
    }
}
