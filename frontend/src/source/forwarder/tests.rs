//! With the board's own code on the other end.

use meterscope_capture::LineEvent;
use meterscope_capture::line_settings::LineSettings;
use meterscope_firmware_logic::edge::{Edge, Tick};
use meterscope_firmware_logic::forwarder::Forwarder as Board;
use meterscope_firmware_logic::transmitter::Frame;

use super::farewell::Farewell;
use super::greeting::{self, Greeting};
use super::*;
use crate::source::What;

/// A page's and a board's side of a port, and the bus; time goes on in ticks of the board.
struct Port {
    board: Board,
    ticks: u64,
    to_page: Vec<u8>,
    events: Vec<Event>,
    /// What is sent in the middle of the octet at this place.
    interjection: Option<(usize, &'static str)>,
}

const TICKS_PER_MS: u64 = 250;

impl Port {
    fn new() -> Self {
        Self { board: Board::new(), ticks: 0, to_page: Vec::new(), events: Vec::new(), interjection: None }
    }

    fn now_ms(&self) -> u64 {
        self.ticks / TICKS_PER_MS
    }

    fn arrival(&self) -> Micros {
        1_768_392_000_000_000 + self.ticks * 4
    }

    fn send(&mut self, text: &str) {
        for octet in text.bytes() {
            self.board.host_octet(octet, &mut |octet| self.to_page.push(octet));
        }
    }

    fn wait(&mut self, milliseconds: u64) {
        for _ in 0..milliseconds {
            self.ticks += TICKS_PER_MS;
            self.board.advance(self.ticks as Tick, &mut |octet| self.to_page.push(octet));
        }
    }

    /// A meter says this on the bus; with a wrong parity bit in the octet at this place.
    fn say(&mut self, octets: &[u8], settings: LineSettings, spoiled: Option<usize>) {
        let bit = 250_000 / u64::from(settings.baud);
        let mut before = true;
        for (place, &octet) in octets.iter().enumerate() {
            let interjection = self.interjection.take_if(|(interjected, _)| *interjected == place);
            for (bit_place, level) in Frame::new(octet, settings).enumerate() {
                if bit_place == 4
                    && let Some((_, text)) = interjection
                {
                    self.send(text);
                }
                let level = level != (spoiled == Some(place) && bit_place == 9);
                let at = self.ticks as Tick;
                let mut output = |octet| self.to_page.push(octet);
                if level != before {
                    self.board.edge(Edge { at, level }, &mut output);
                    before = level;
                }
                self.ticks += bit;
                self.board.advance(self.ticks as Tick, &mut output);
            }
        }
        self.wait(50);
    }

    fn greet(&mut self) -> Forwarder {
        self.greet_as(Some(LineSettings::MBUS))
    }

    fn greet_as(&mut self, settings: Option<LineSettings>) -> Forwarder {
        let mut greeting = Greeting::new(self.now_ms());
        loop {
            greeting.hear(self.arrival(), &std::mem::take(&mut self.to_page));
            match greeting.step(self.now_ms()) {
                greeting::Step::Wait => self.wait(1),
                greeting::Step::Send(text) => self.send(&text),
                greeting::Step::Silent(_) => panic!("the board is not understood"),
                greeting::Step::Marks { identity, plain, marked } => {
                    self.events.extend(
                        plain.into_iter().map(|(at, octets)| Event { at, what: What::Octets(octets.into()) }),
                    );
                    let mut forwarder = Forwarder::new(identity, settings);
                    for (at, octets) in marked {
                        self.events.extend(forwarder.hear(self.now_ms(), at, &octets));
                    }
                    return forwarder;
                }
            }
        }
    }

    /// Talks for so long; what else there was to do.
    fn talk(&mut self, forwarder: &mut Forwarder, milliseconds: u64) -> Vec<Step> {
        let mut steps = Vec::new();
        for _ in 0..milliseconds {
            self.wait(1);
            let octets = std::mem::take(&mut self.to_page);
            self.events.extend(forwarder.hear(self.now_ms(), self.arrival(), &octets));
            match forwarder.step(self.now_ms()) {
                Step::Listen => {}
                Step::Send(command) => {
                    steps.push(Step::Send(command));
                    self.send(&format!("{command}\n"));
                }
                step => return vec![step],
            }
        }
        steps
    }

    fn octets(&self) -> Vec<u8> {
        let octets = |event: &Event| match &event.what {
            What::Octets(octets) => octets.to_vec(),
            What::Line(_) | What::Connection(_) => Vec::new(),
        };
        self.events.iter().flat_map(octets).collect()
    }

    /// The events of the line, and how many octets came before each.
    fn line_events(&self) -> Vec<(usize, LineEvent)> {
        let mut count = 0;
        let mut found = Vec::new();
        for event in &self.events {
            match &event.what {
                What::Octets(octets) => count += octets.len(),
                What::Line(event) => found.push((count, *event)),
                What::Connection(_) => {}
            }
        }
        found
    }
}

fn all() -> Vec<u8> {
    (0..=255).collect()
}

#[test]
fn octets_come_as_they_were_on_the_bus() {
    let mut port = Port::new();
    let mut forwarder = port.greet();
    port.talk(&mut forwarder, 20);
    assert!(forwarder.is_set());
    port.say(&all(), LineSettings::MBUS, None);
    port.talk(&mut forwarder, 20);
    assert_eq!(port.octets(), all());
    assert_eq!(port.line_events(), []);
}

#[test]
fn a_wrong_parity_bit_is_told_with_its_octet() {
    let mut port = Port::new();
    let mut forwarder = port.greet();
    port.talk(&mut forwarder, 20);
    port.say(&all(), LineSettings::MBUS, Some(100));
    port.talk(&mut forwarder, 20);
    assert_eq!(port.octets(), all());
    assert_eq!(port.line_events(), [(100, LineEvent::Parity)]);
}

#[test]
fn what_came_before_the_answer_is_kept() {
    let mut port = Port::new();
    port.say(&all(), LineSettings::MBUS, None);
    let mut forwarder = port.greet();
    port.talk(&mut forwarder, 20);
    port.say(&[1, 2, 3], LineSettings::MBUS, None);
    port.talk(&mut forwarder, 20);
    assert_eq!(port.octets(), [all(), vec![1, 2, 3]].concat());
}

#[test]
fn a_board_that_was_left_marking_is_taken_up_again() {
    let mut port = Port::new();
    port.send("mode marked\nline 2400 8E1\n");
    port.to_page.clear();
    port.say(&all(), LineSettings::MBUS, Some(7));
    let mut forwarder = port.greet();
    assert_eq!(port.talk(&mut forwarder, 1000), [], "it is set as it shall be, so nothing is sent");
    assert!(forwarder.is_set());
    assert_eq!(port.octets(), all());
    assert_eq!(port.line_events(), [(7, LineEvent::Parity)]);
}

#[test]
fn the_board_finds_the_settings() {
    let sent: LineSettings = "9600 8E1".parse().unwrap();
    let mut port = Port::new();
    let mut forwarder = port.greet_as(None);
    port.talk(&mut forwarder, 20);
    assert!(forwarder.is_set());
    assert_eq!(forwarder.settings(), None);
    for _ in 0..4 {
        port.say(&all(), sent, None);
        port.talk(&mut forwarder, ASK_MS + 20);
    }
    assert_eq!(forwarder.settings(), Some(sent));
    assert_eq!(port.talk(&mut forwarder, 5000), [], "nothing is in doubt, and nothing is asked");
    // Another meter is plugged in.
    let other: LineSettings = "2400 8N1".parse().unwrap();
    for _ in 0..6 {
        port.say(&all(), other, None);
        port.talk(&mut forwarder, ASK_MS + 20);
    }
    assert_eq!(forwarder.settings(), Some(other));
}

#[test]
fn settings_that_the_board_does_not_have_are_told() {
    let mut port = Port::new();
    let mut forwarder = port.greet_as(Some("115200 8N1".parse().unwrap()));
    assert_eq!(port.talk(&mut forwarder, 20), [Step::Refused]);
}

/// The greeting repeats itself, and the answer to what was repeated comes when the line is being set already.
#[test]
fn a_late_answer_to_something_else_sets_no_line() {
    let mut port = Port::new();
    let mut forwarder = port.greet();
    let Step::Send(command @ Command::Line(_)) = forwarder.step(port.now_ms()) else { panic!("it is set") };
    forwarder.hear(port.now_ms(), port.arrival(), b"\xFF\x06ok\n");
    assert!(!forwarder.is_set());
    // The command itself never reached the board: it is sent again, as the board says that it is set otherwise.
    let steps = port.talk(&mut forwarder, 50);
    assert_eq!(steps, [Step::Send(Command::Identify), Step::Send(command), Step::Send(Command::Identify)]);
    assert!(forwarder.is_set());
    port.send("?\n");
    assert!(port.to_page.ends_with(b"; line 2400 8E1; mode marked\n"));
}

#[test]
fn a_refusal_behind_a_late_answer_is_one() {
    let mut port = Port::new();
    let mut forwarder = port.greet();
    forwarder.step(port.now_ms());
    forwarder.hear(port.now_ms(), port.arrival(), b"\xFF\x06ok\n");
    forwarder.step(port.now_ms());
    forwarder.hear(port.now_ms(), port.arrival(), b"\xFF\x06error: no such setting\n");
    assert_eq!(forwarder.step(port.now_ms()), Step::Refused);
}

#[test]
fn a_board_that_says_ok_and_is_not_set_is_not_asked_for_ever() {
    let mut port = Port::new();
    let mut forwarder = port.greet();
    for _ in 0..TRIES {
        assert!(matches!(forwarder.step(0), Step::Send(Command::Line(_))));
        forwarder.hear(0, port.arrival(), b"\xFF\x06ok\n");
        assert_eq!(forwarder.step(0), Step::Send(Command::Identify));
        let answer = b"\xFF\x06meterscope forwarder 1; line 9600 8N1; mode marked\n";
        forwarder.hear(0, port.arrival(), answer);
    }
    assert_eq!(forwarder.step(0), Step::Refused);
}

#[test]
fn two_stop_bits_are_set_as_one() {
    let mut port = Port::new();
    let mut forwarder = port.greet_as(Some("2400 8E2".parse().unwrap()));
    port.talk(&mut forwarder, 20);
    assert!(forwarder.is_set());
}

#[test]
fn a_board_that_answers_no_more_is_told() {
    let mut port = Port::new();
    let mut forwarder = port.greet();
    let unanswered = (port.now_ms()..10_000).find(|&now_ms| forwarder.step(now_ms) == Step::Unanswered);
    assert_eq!(unanswered, Some(port.now_ms() + u64::from(TRIES) * PATIENCE_MS));
}

#[test]
fn a_board_is_left_as_it_was_found() {
    let mut port = Port::new();
    let mut forwarder = port.greet();
    port.talk(&mut forwarder, 20);
    port.say(&all(), LineSettings::MBUS, Some(7));
    port.send(&forwarder.farewell());
    port.say(&all(), LineSettings::MBUS, Some(9));
    let mut farewell = Farewell::new(forwarder);
    for octet in std::mem::take(&mut port.to_page) {
        farewell.hear(port.arrival(), &[octet]);
    }
    assert!(farewell.is_over());
    port.events = farewell.finish(port.now_ms());
    assert_eq!(
        port.octets(),
        [all(), all()].concat(),
        "no octet of the bus is lost, and no answer is among them"
    );
    assert_eq!(port.line_events(), [(7, LineEvent::Parity)], "and the last ones have no marks");
    port.send("?\n");
    assert!(port.to_page.starts_with(b"meterscope forwarder 1; line auto 2400 8"));
    assert!(port.to_page.ends_with(b"1; mode plain\n"));
}

/// The board is told to go back and asked whether it has in one breath, but octets of the bus come when they come.
#[test]
fn octets_between_the_last_mark_and_the_answer_are_those_of_the_bus() {
    for between in [&[0x7E][..], &[0xFF], &[0xFF, 0x06], b"\n", &[0xFF, 0xFF, 0x00, 0x31]] {
        let mut port = Port::new();
        let mut forwarder = port.greet();
        port.talk(&mut forwarder, 20);
        port.say(&[1, 0xFF, 2], LineSettings::MBUS, Some(2));
        let farewell = forwarder.farewell();
        let (goes_back, asks) = farewell.split_at(farewell.len() - "?\n".len());
        port.send(goes_back);
        port.say(between, LineSettings::MBUS, None);
        port.send(asks);
        port.say(&[3, 0xFF, 0x00], LineSettings::MBUS, None);
        let mut farewell = Farewell::new(forwarder);
        farewell.hear(port.arrival(), &std::mem::take(&mut port.to_page));
        assert!(farewell.is_over());
        port.events = farewell.finish(port.now_ms());
        assert_eq!(port.octets(), [&[1, 0xFF, 2], between, &[3, 0xFF, 0x00]].concat(), "{between:02X?}");
        assert_eq!(port.line_events(), [(2, LineEvent::Parity)], "{between:02X?}");
    }
}

#[test]
fn a_board_that_never_says_that_it_went_back_is_not_waited_for() {
    let mut port = Port::new();
    let forwarder = port.greet();
    let mut farewell = Farewell::new(forwarder);
    let mut count = 0;
    while !farewell.is_over() {
        farewell.hear(port.arrival(), &[0x31; 64]);
        count += 64;
        assert!(count < 1 << 17);
    }
    port.events = farewell.finish(port.now_ms());
    assert_eq!(port.octets(), vec![0x31; count], "and nothing of it is thrown away");
}

/// Settings may be told at any time.
#[test]
fn setting_the_line_costs_no_octet() {
    for text in ["line 2400 8E1\n", "line auto\n"] {
        let mut port = Port::new();
        let mut forwarder = port.greet();
        port.interjection = Some((100, text));
        port.say(&all(), LineSettings::MBUS, None);
        port.talk(&mut forwarder, 20);
        assert_eq!(port.octets(), all(), "{text}");
    }
}
