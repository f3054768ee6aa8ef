//! From marks to octets and events of the bus.

use std::rc::Rc;

use meterscope_capture::LineEvent;
use meterscope_firmware_logic::marks::{MarkReader, Told};
use meterscope_firmware_logic::receiver::Fault;

use super::bus_clock::BusClock;
use crate::source::{Event, Micros, What};

/// Takes the marks out.
#[derive(Clone, Debug, Default)]
pub struct Unmarked {
    reader: MarkReader,
    clock: BusClock,
    /// When the first octet behind the last gap began, and how many there were since.
    burst: Option<(Micros, u64)>,
    answer: Vec<u8>,
}

/// What octets of the port tell.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// What was on the bus.
    pub events: Vec<Event>,
    /// What the board answered to commands, without line feeds.
    pub answers: Vec<Vec<u8>>,
    /// Whether the line settings may be wrong.
    pub has_faults: bool,
}

/// No answer is longer.
const LONGEST_ANSWER: usize = 200;

impl Unmarked {
    /// Between two marks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes octets that arrived now. On the bus each took `octet_micros`.
    pub fn hear(&mut self, arrival: Micros, octets: &[u8], octet_micros: Micros) -> Heard {
        let mut heard = Heard::default();
        let mut waiting = Waiting { octets: Vec::new(), arrival, octet_micros };
        for &octet in octets {
            let Some(told) = self.reader.push(octet) else { continue };
            match told {
                Told::Octet { octet, fault: None } => self.octet(octet, &mut waiting),
                Told::Octet { octet, fault: Some(fault) } => {
                    heard.has_faults = true;
                    heard.events.extend(waiting.take(self.burst));
                    heard.events.push(self.line(line_event(fault), &waiting));
                    // A break is no octet. The others stay: of a frame with a wrong octet the length is right.
                    if fault != Fault::Break {
                        self.octet(octet, &mut waiting);
                    }
                }
                // The board speaks of nothing that is not known here, so octets of a mark were lost.
                Told::Lost | Told::Unknown(_) => {
                    heard.events.extend(waiting.take(self.burst));
                    heard.events.push(self.line(LineEvent::Lost, &waiting));
                }
                Told::Gap(_) => heard.events.extend(waiting.take(self.burst)),
                Told::Time(ticks) => {
                    heard.events.extend(waiting.take(self.burst));
                    // It is told when the octet has ended.
                    let known = arrival.saturating_sub(octet_micros);
                    self.burst = Some((self.clock.moment(ticks, known), 0));
                }
                Told::Text(b'\n') => heard.answers.push(std::mem::take(&mut self.answer)),
                Told::Text(character) if self.answer.len() < LONGEST_ANSWER => self.answer.push(character),
                Told::Text(_) => {}
            }
        }
        heard.events.extend(waiting.take(self.burst));
        heard
    }

    fn octet(&mut self, octet: u8, waiting: &mut Waiting) {
        waiting.octets.push(octet);
        if let Some((_, count)) = &mut self.burst {
            *count += 1;
        }
    }

    fn line(&self, event: LineEvent, waiting: &Waiting) -> Event {
        Event { at: waiting.time(self.burst), what: What::Line(event) }
    }
}

/// Octets that belong to one event.
struct Waiting {
    octets: Vec<u8>,
    arrival: Micros,
    octet_micros: Micros,
}

impl Waiting {
    fn take(&mut self, burst: Option<(Micros, u64)>) -> Option<Event> {
        if self.octets.is_empty() {
            return None;
        }
        let octets: Rc<[u8]> = std::mem::take(&mut self.octets).into();
        Some(Event { at: self.time(burst), what: What::Octets(octets) })
    }

    /// When the last octet ended: octets behind a gap follow each other without one.
    fn time(&self, burst: Option<(Micros, u64)>) -> Micros {
        let Some((began, count)) = burst else { return self.arrival };
        (began + count * self.octet_micros).min(self.arrival)
    }
}

const fn line_event(fault: Fault) -> LineEvent {
    match fault {
        Fault::Parity => LineEvent::Parity,
        Fault::Framing => LineEvent::Framing,
        Fault::Break => LineEvent::Break,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_firmware_logic::marks::begin_text;

    const NOON: Micros = 1_768_392_000_000_000;
    const OCTET: Micros = 4584;

    fn written(told: &[Told]) -> Vec<u8> {
        let mut octets = Vec::new();
        for told in told {
            told.write(&mut |octet| octets.push(octet));
        }
        octets
    }

    fn octet(octet: u8) -> Told {
        Told::Octet { octet, fault: None }
    }

    fn faulty(octet: u8, fault: Fault) -> Told {
        Told::Octet { octet, fault: Some(fault) }
    }

    fn whats(octets: &[u8]) -> Vec<What> {
        Unmarked::new().hear(NOON, octets, OCTET).events.into_iter().map(|event| event.what).collect()
    }

    fn some(octets: &[u8]) -> What {
        What::Octets(octets.into())
    }

    #[test]
    fn what_is_wrong_stands_in_front_of_its_octet() {
        let told = [octet(1), faulty(2, Fault::Parity), octet(0xFF), faulty(0xFF, Fault::Framing), octet(5)];
        let parity = What::Line(LineEvent::Parity);
        let framing = What::Line(LineEvent::Framing);
        assert_eq!(whats(&written(&told)), [some(&[1]), parity, some(&[2, 0xFF]), framing, some(&[0xFF, 5])]);
    }

    #[test]
    fn breaks_and_losses_have_no_octet() {
        let told = [octet(1), faulty(0, Fault::Break), octet(2), Told::Lost, octet(3)];
        let (broken, lost) = (What::Line(LineEvent::Break), What::Line(LineEvent::Lost));
        assert_eq!(whats(&written(&told)), [some(&[1]), broken, some(&[2]), lost.clone(), some(&[3])]);
        assert_eq!(whats(&[0xFF, 0x7F, 0x01]), [lost, some(&[1])]);
    }

    #[test]
    fn answers_are_no_octets() {
        let mut octets = vec![1];
        begin_text(&mut |octet| octets.push(octet));
        octets.extend(*b"ok\n\x02");
        let heard = Unmarked::new().hear(NOON, &octets, OCTET);
        assert_eq!(heard.answers, [b"ok"]);
        assert_eq!(heard.events, [Event { at: NOON, what: some(&[1, 2]) }]);
        let mut endless = vec![0xFF, 0x06];
        endless.extend([b'x'; 1000]);
        let mut unmarked = Unmarked::new();
        unmarked.hear(NOON, &endless, OCTET);
        assert_eq!(unmarked.hear(NOON, b"\n", OCTET).answers, [[b'x'; LONGEST_ANSWER]]);
    }

    #[test]
    fn octets_have_the_time_of_the_bus() {
        let mut unmarked = Unmarked::new();
        let list = |ticks| written(&[Told::Gap(500_000), Told::Time(ticks), octet(0x7E), octet(0xA0)]);
        let first = unmarked.hear(NOON, &list(1000), OCTET).events;
        assert_eq!(first, [Event { at: NOON, what: some(&[0x7E, 0xA0]) }]);
        // Two seconds later the page is 300 ms late.
        let events = unmarked.hear(NOON + 2_300_000, &list(501_000), OCTET).events;
        let on_bus = NOON + 2_000_000 + OCTET;
        assert!(events[0].at.abs_diff(on_bus) < 25_000, "{}", events[0].at - NOON);
        // And what follows without a gap has its own time.
        let more = unmarked.hear(NOON + 2_310_000, &[1; 10], OCTET).events;
        assert_eq!(more[0].at - events[0].at, 10 * OCTET);
    }

    #[test]
    fn marks_may_be_cut_anywhere() {
        let told =
            [octet(1), Told::Time(70_000), faulty(2, Fault::Parity), octet(0xFF), Told::Lost, octet(9)];
        let octets = written(&told);
        let joined = |events: Vec<Event>| {
            let mut joined: Vec<Result<u8, LineEvent>> = Vec::new();
            for Event { what, .. } in events {
                match what {
                    What::Octets(octets) => joined.extend(octets.iter().map(|&octet| Ok(octet))),
                    What::Line(event) => joined.push(Err(event)),
                    What::Connection(_) => {}
                }
            }
            joined
        };
        let whole = joined(Unmarked::new().hear(NOON, &octets, OCTET).events);
        for cut in 0..octets.len() {
            let mut unmarked = Unmarked::new();
            let (before, behind) = octets.split_at(cut);
            let mut events = unmarked.hear(NOON, before, OCTET).events;
            events.extend(unmarked.hear(NOON, behind, OCTET).events);
            assert_eq!(joined(events), whole, "{cut}");
        }
    }
}
