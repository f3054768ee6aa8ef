//! The master simulator as a host and the bus see it.

use std::collections::VecDeque;

use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME as LONGEST_OF_ANY, MeterKind};
use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::master_command::{MOST_OCTETS, MasterCommand, Play, TABLE};
use meterscope_firmware_logic::master_simulator::{MasterSimulator, START, TICK_MS};
use meterscope_firmware_logic::pattern::{LONGEST_FRAME, Meter};
use meterscope_firmware_logic::transmitter::Signal;
use proptest::prelude::*;

/// A board: what it has of hardware is a bus that takes an octet a tick.
struct Board {
    simulator: MasterSimulator<'static>,
    /// What the host sent and the simulator did not take yet.
    from_host: VecDeque<u8>,
    answers: String,
    /// Each with what the bus was set to.
    sent: Vec<(Signal, u8)>,
    signal: Signal,
}

/// What the board's ring for the host holds.
const FROM_HOST: usize = 64;

impl Board {
    fn playing(play: Play) -> Self {
        let memory = Box::leak(Box::new([0; LONGEST_FRAME]));
        Self {
            simulator: MasterSimulator::new(play, memory),
            from_host: VecDeque::new(),
            answers: String::new(),
            sent: Vec::new(),
            signal: Signal::Octets(LineSettings::MBUS),
        }
    }

    fn silent() -> Self {
        Self::playing(Play::Nothing)
    }

    fn tick(&mut self) {
        let Self { simulator, from_host, answers, sent, signal } = self;
        let mut output = |octet: u8| answers.push(char::from(octet));
        simulator.advance(1, &mut output);
        while simulator.takes_host_octets()
            && let Some(octet) = from_host.pop_front()
        {
            simulator.host_octet(octet, &mut output);
        }
        if let Some(octet) = simulator.next_octet() {
            sent.push((*signal, octet));
        } else if let Some(new) = simulator.new_signal() {
            *signal = new;
            simulator.signal_was_set(new);
        }
    }

    fn run(&mut self, ticks: u32) {
        (0..ticks).for_each(|_| self.tick());
    }

    fn host(&mut self, octets: &[u8]) {
        self.from_host.extend(octets);
        assert!(self.from_host.len() <= FROM_HOST, "the host did not wait");
    }

    /// The next line from the board.
    fn answer(&mut self) -> String {
        for _ in 0..5000 {
            if let Some((line, rest)) = self.answers.split_once('\n') {
                let line = line.to_string();
                self.answers = rest.to_string();
                return line;
            }
            self.tick();
        }
        panic!("no answer")
    }

    fn ask(&mut self, command: &str) -> String {
        self.host(format!("{command}\n").as_bytes());
        self.answer()
    }

    fn send(&mut self, octets: &[u8]) {
        for portion in octets.chunks(MOST_OCTETS.into()) {
            self.host(format!("{}\n", MasterCommand::Send(portion.len() as u16)).as_bytes());
            self.host(portion);
            assert_eq!(self.answer(), "ok");
        }
    }

    fn octets(&self) -> Vec<u8> {
        self.sent.iter().map(|&(_, octet)| octet).collect()
    }
}

fn octets(settings: &str) -> Signal {
    Signal::Octets(settings.parse().unwrap())
}

/// The first frames of a meter.
fn frames(kind: MeterKind, clock: Clock, until_ms: u32) -> Vec<u8> {
    let (mut demo, mut buffer, mut frames) = (Demo::new(kind, clock), [0; LONGEST_OF_ANY], Vec::new());
    while demo.next_at_ms() < until_ms {
        frames.extend_from_slice(demo.next_frame(&mut buffer).unwrap().octets);
    }
    frames
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever they are: line feeds and what looks like a command are octets.
    #[test]
    fn what_a_host_sends_goes_to_the_bus(octets in prop::collection::vec(any::<u8>(), 0..600), plays in any::<bool>()) {
        let mut board = if plays { Board::playing(Play::Meter(Meter::Kaifa)) } else { Board::silent() };
        board.run(50);
        let before = board.sent.len();
        board.send(&octets);
        board.run(1000);
        // What was begun is sent to its end before.
        let sent = board.octets();
        prop_assert!(sent.ends_with(&octets));
        if plays && !octets.is_empty() {
            prop_assert!(before > 0);
            prop_assert_eq!(sent.len() - octets.len(), 122, "list 2 of Kaifa");
        }
    }

    /// Garbage is refused in words, and a command behind it is obeyed.
    #[test]
    fn after_any_octets_a_command_is_obeyed(octets in prop::collection::vec(any::<u8>(), 0..50)) {
        let mut board = Board::silent();
        board.host(&octets);
        board.run(10);
        // Should it have been a portion that was not sent: that is over after a second.
        board.host(b"\n");
        board.run(1500 / u32::from(TICK_MS));
        board.answers.clear();
        prop_assert_eq!(board.ask("line 300 8N1"), "ok");
        prop_assert!(board.ask("?").contains("; line 300 8N1; play nothing; "));
    }
}

#[test]
fn the_answers_are_those_of_the_table() {
    for row in TABLE {
        let mut board = Board::playing(Play::Meter(Meter::Kaifa));
        board.host(format!("{}\n", row.example).as_bytes());
        if row.example.starts_with("send") {
            board.host(&[1, 2, 3]);
        }
        assert_eq!(board.answer(), row.answer, "{}", row.form);
    }
    let mut board = Board::silent();
    assert_eq!(board.ask("line 110 8N1"), "error: no such setting");
    assert_eq!(board.ask("reboot"), "error: no such command");
    assert!(board.simulator.error_lamp());
}

#[test]
fn settings_change_between_octets_of_one_and_the_other() {
    let mut board = Board::silent();
    board.send(&[1; 20]);
    assert_eq!(board.ask("line 9600 8N1"), "ok");
    board.send(&[2; 20]);
    board.run(100);
    let expected = [(octets("2400 8E1"), 1), (octets("9600 8N1"), 2)];
    assert_eq!(board.sent, expected.map(|octet| [octet; 20]).concat());
}

#[test]
fn a_meter_has_its_own_settings_unless_others_are_set() {
    let mut board = Board::silent();
    board.ask("play kamstrup");
    board.run(400);
    board.ask("line 300 8O2");
    board.run(5000);
    let settings: Vec<Signal> = board.sent.iter().map(|&(signal, _)| signal).collect();
    assert_eq!(settings[0], octets("2400 8N1"));
    assert_eq!(settings.last(), Some(&octets("300 8O2")));
    assert_eq!(board.ask("line auto"), "ok");
    assert!(board.ask("?").contains("; line auto 2400 8N1; play kamstrup; "));
}

#[test]
fn too_many_octets_are_left_out_and_none_is_a_command() {
    let mut board = Board::silent();
    board.host(b"send 40\n");
    board.host(b"play kaifa\nplay kaifa\nplay kaifa\n1234567");
    assert_eq!(board.answer(), "error: no such setting");
    assert_eq!(board.ask("send 0"), "error: no such setting");
    assert!(board.ask("?").contains("; play nothing; "));
    assert_eq!(board.octets(), []);
}

#[test]
fn octets_that_never_come_are_not_waited_for() {
    let mut board = Board::silent();
    board.host(b"send 10\n123");
    board.run(240);
    assert_eq!(board.answers, "");
    assert_eq!(board.answer(), "error: octets missing");
    assert!(board.ask("?").starts_with("meterscope master_simulator 1; "));
    assert_eq!(board.octets(), *b"123", "what came is sent");
}

#[test]
fn a_line_may_end_as_any_host_ends_it() {
    let mut board = Board::silent();
    board.host(b"send 3\r\n\n\r\n");
    assert_eq!(board.answer(), "ok");
    board.host(b"play square\r");
    assert_eq!(board.answer(), "ok");
    board.run(10);
    assert_eq!(board.octets(), *b"\n\r\n");
    assert_eq!(board.signal, Signal::Square(2400));
    assert_eq!(board.ask("line 9600 8N1"), "ok");
    board.run(10);
    assert_eq!(board.signal, Signal::Square(9600));
}

#[test]
fn the_clock_is_set_and_goes_on() {
    let mut board = Board::silent();
    let start = Clock::new(2026, 1, 1, 12, 0, 0).unwrap();
    assert_eq!(START, start);
    assert!(board.ask("?").ends_with("; clock 2026-01-01 12:00:00"));
    assert_eq!(board.ask("clock 2026-11-21 11:59:50"), "ok");
    board.ask("play kaifa");
    // A tick for each octet: a bus of about 2400 baud.
    board.run(25_000 / u32::from(TICK_MS));
    let clock = Clock::new(2026, 11, 21, 11, 59, 50).unwrap();
    assert_eq!(board.octets(), frames(MeterKind::Kaifa, clock, 25_000));
    assert!(board.ask("?").ends_with("; clock 2026-11-21 12:00:15"));
    assert_eq!(board.ask("clock 2026-11-31 00:00:00"), "error: no such setting");
}

/// A list says what was measured at its time, also the first one behind a frame of before.
#[test]
fn a_clock_begins_behind_the_frame_that_is_sent() {
    let clock = Clock::new(2026, 11, 21, 11, 59, 50).unwrap();
    for (meter, kind) in [(Meter::Aidon, MeterKind::Aidon), (Meter::Kaifa, MeterKind::Kaifa)] {
        let mut board = Board::playing(Play::Meter(meter));
        board.run(5);
        assert_eq!(board.ask("clock 2026-11-21 11:59:50"), "ok");
        board.run(25_000 / u32::from(TICK_MS));
        let expected = [frames(kind, START, 1), frames(kind, clock, 22_000)].concat();
        assert_eq!(board.octets()[..expected.len()], expected);
    }
}

#[test]
fn what_was_lost_is_told() {
    let mut board = Board::silent();
    board.host(b"send 3\n1");
    board.run(2);
    board.simulator.lost(&mut |octet: u8| board.answers.push(char::from(octet)));
    assert_eq!(board.answer(), "error: octets lost");
    assert!(board.simulator.error_lamp());
    assert_eq!(board.ask("play nothing"), "ok");
}
