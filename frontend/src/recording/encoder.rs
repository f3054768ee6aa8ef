//! What a source reports, as the octets of a pcapng file that grows.

use meterscope_capture::Direction;
use meterscope_capture::pcapng::Writer;

use super::queue::Batch;
use crate::source::{Connection, Event, Micros, What, note};

/// Octets that come so soon after one another share a packet and the time of the first: a packet has 68 octets of its own,
/// and at 2400 baud the browser hands over octets one by one. Between them the speed of the line tells the time.
pub const JOINED_MICROS: Micros = 100_000;

/// Writes events as they come. Keys never pass here: a recording holds what was on the line.
pub struct Encoder {
    writer: Writer,
    /// Octets that others may follow, and when the first came.
    open: Option<(Micros, Vec<u8>)>,
    /// Octets of the line that were not taken yet.
    line_octets: u64,
    /// Whether anything came from the line at all.
    heard: bool,
    /// Whether anything did that was not taken yet.
    heard_more: bool,
}

impl Encoder {
    /// A file without packets.
    pub fn new() -> Self {
        let writer = Writer::new(concat!("Meterscope ", env!("CARGO_PKG_VERSION")));
        Self { writer, open: None, line_octets: 0, heard: false, heard_more: false }
    }

    /// Adds an event.
    pub fn write(&mut self, event: &Event) {
        match &event.what {
            What::Octets(octets) => {
                self.heard = true;
                self.close_before(event.at);
                self.open.get_or_insert_with(|| (event.at, Vec::new())).1.extend_from_slice(octets);
            }
            What::Line(line_event) => {
                (self.heard, self.heard_more) = (true, true);
                self.close();
                self.writer.line_event(event.at, *line_event);
            }
            What::Connection(connection) => {
                self.close();
                if let Connection::Opening(line) | Connection::Searching(line) | Connection::Open(line) =
                    connection
                {
                    self.writer.interface(&line.settings, &line.device);
                }
                self.writer.note(event.at, &note::of_connection(connection));
            }
        }
    }

    /// What was written since the last time, but for octets that at `now` others may still follow; nothing until the line
    /// has said something, so that a port that was opened and closed again leaves no recording behind.
    pub fn take(&mut self, now: Micros) -> Option<Batch> {
        if !self.heard {
            return None;
        }
        self.close_before(now);
        let batch = Batch {
            octets: self.writer.take(),
            line_octets: std::mem::take(&mut self.line_octets),
            heard: std::mem::take(&mut self.heard_more),
        };
        (!batch.octets.is_empty()).then_some(batch)
    }
}

impl Encoder {
    /// Whether octets wait for others.
    pub const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Writes the octets that wait for others.
    pub fn close(&mut self) {
        if let Some((at, octets)) = self.open.take() {
            self.line_octets += octets.len() as u64;
            self.heard_more = true;
            self.writer.octets(at, Direction::Received, &octets);
        }
    }

    /// The same, unless octets that come at `at` belong to them. A clock that was set back separates them as well.
    fn close_before(&mut self, at: Micros) {
        if self.open.as_ref().is_some_and(|&(first, _)| !(first..first + JOINED_MICROS).contains(&at)) {
            self.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use meterscope_capture::line_settings::LineSettings;
    use meterscope_capture::{LineEvent, import};

    use super::*;
    use crate::source::Line;

    fn line() -> Line {
        Line { device: Rc::from("Arduino Uno"), settings: LineSettings::MBUS }
    }

    fn event(at: u64, what: What) -> Event {
        Event { at, what }
    }

    fn octets(at: u64, octets: &[u8]) -> Event {
        event(at, What::Octets(octets.into()))
    }

    #[test]
    fn pieces_put_together_are_a_capture_of_the_line() {
        let mut encoder = Encoder::new();
        let mut file = Vec::new();
        let mut line_octets = 0;
        for event in [
            event(1, What::Connection(Connection::Opening(line()))),
            event(2, What::Connection(Connection::Open(line()))),
            octets(3, &[0x10, 0x40]),
            event(4, What::Line(LineEvent::Parity)),
            event(5, What::Connection(Connection::Unplugged)),
            event(6, What::Connection(Connection::Opening(line()))),
            octets(7, &[0x01, 0x41, 0x16]),
            event(8, What::Connection(Connection::Closed)),
        ] {
            encoder.write(&event);
            if let Some(batch) = encoder.take(u64::MAX) {
                file.extend(batch.octets);
                line_octets += batch.line_octets;
            }
        }
        let imported = import(&file).unwrap();
        assert_eq!(imported.octets, [0x10, 0x40, 0x01, 0x41, 0x16]);
        assert_eq!(line_octets, 5);
        let text = String::from_utf8_lossy(&file);
        assert!(text.contains("Arduino Uno") && text.contains("unplugged") && text.contains("2400 8E1"));
        assert_eq!(imported.stamps.iter().filter_map(|stamp| stamp.time).count(), 2);
    }

    #[test]
    fn octets_one_by_one_share_packets() {
        let mut encoder = Encoder::new();
        encoder.write(&event(0, What::Connection(Connection::Opening(line()))));
        let mut file = Vec::new();
        for number in 0..240 {
            let now = 1_000_000 + number * 4584;
            encoder.write(&octets(now, &[number as u8]));
            file.extend(encoder.take(now).map(|batch| batch.octets).unwrap_or_default());
        }
        assert!(encoder.is_open());
        let last = encoder.take(u64::MAX).unwrap();
        file.extend(last.octets);
        let imported = import(&file).unwrap();
        assert_eq!(imported.octets, (0..240).collect::<Vec<u8>>());
        let times: Vec<_> = imported.stamps.iter().filter_map(|stamp| stamp.time).collect();
        assert_eq!(times.len(), 11);
        assert_eq!(times[1].unix_nanoseconds(0), Some(1_000_000_000 + 22 * 4_584_000));
        assert!(file.len() < 8 * 240, "{}", file.len());
    }

    #[test]
    fn words_about_the_port_are_not_from_the_line() {
        let mut encoder = Encoder::new();
        encoder.write(&event(0, What::Connection(Connection::Opening(line()))));
        let heard = |encoder: &mut Encoder, event: &Event| {
            encoder.write(event);
            encoder.take(u64::MAX).map(|batch| batch.heard)
        };
        assert_eq!(heard(&mut encoder, &octets(1, &[0x10])), Some(true));
        assert_eq!(heard(&mut encoder, &event(2, What::Connection(Connection::Unplugged))), Some(false));
        assert_eq!(heard(&mut encoder, &event(3, What::Line(LineEvent::Break))), Some(true));
        assert_eq!(heard(&mut encoder, &event(4, What::Connection(Connection::Closed))), Some(false));
    }

    #[test]
    fn a_port_that_says_nothing_leaves_nothing() {
        let mut encoder = Encoder::new();
        for connection in [Connection::Opening(line()), Connection::Open(line()), Connection::Closed] {
            encoder.write(&event(1, What::Connection(connection)));
            assert_eq!(encoder.take(u64::MAX), None);
        }
    }
}
