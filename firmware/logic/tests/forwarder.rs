//! The forwarder as a host sees it: detection, marks, commands, counts.

mod line;

use line::{Call, STARTED_NS, calls};
use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_firmware_logic::command::TABLE;
use meterscope_firmware_logic::edge::{Edge, Tick};
use meterscope_firmware_logic::forwarder::Forwarder;
use meterscope_firmware_logic::marks::{LARGEST, LONGEST, MarkReader, Output, Told};
use meterscope_firmware_logic::receiver::{Fault, SPEEDS};
use meterscope_firmware_logic::transmitter::Frame;
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Spoiling, Waveform};

struct Board(Forwarder);

impl Board {
    fn new() -> Self {
        Self(Forwarder::new())
    }

    fn hear(&mut self, line: &Waveform) -> Vec<u8> {
        let mut octets = Vec::new();
        for call in calls(line) {
            match call {
                Call::Edge(edge) => self.0.edge(edge, &mut |octet| octets.push(octet)),
                Call::Now(now) => self.0.advance(now, &mut |octet| octets.push(octet)),
            }
        }
        octets
    }

    fn ask(&mut self, command: &str) -> String {
        let mut octets = Vec::new();
        for octet in command.bytes().chain(*b"\n") {
            self.0.host_octet(octet, &mut |octet| octets.push(octet));
        }
        let text = octets.strip_prefix(b"\xFF\x06").unwrap_or(&octets);
        String::from_utf8(text.to_vec()).unwrap()
    }
}

/// Frames of a meter, two seconds apart.
fn frames(kind: MeterKind, count: usize) -> Vec<Vec<u8>> {
    let mut meter = Demo::new(kind, Clock::new(2026, 11, 21, 12, 0, 0).unwrap());
    let mut buffer = [0; LONGEST_FRAME];
    (0..count).map(|_| meter.next_frame(&mut buffer).unwrap().octets.to_vec()).collect()
}

fn sent(frames: &[Vec<u8>], sender: &Sender) -> Waveform {
    let (mut line, mut random) = (Waveform::resting(STARTED_NS), Random::new(1));
    for frame in frames {
        line.send(frame, sender, &mut random);
        line.rest(0.2e9);
    }
    line
}

fn told(octets: &[u8]) -> Vec<Told> {
    let mut reader = MarkReader::new();
    octets.iter().filter_map(|&octet| reader.push(octet)).collect()
}

#[test]
fn at_the_usual_speed_nothing_is_lost_while_parity_is_found() {
    let frames = frames(MeterKind::Kaifa, 3);
    for (format, expected) in [("8E1", "8E1"), ("8N1", "8N1"), ("8O1", "8O1"), ("8E2", "8E1")] {
        let mut board = Board::new();
        let octets = board.hear(&sent(&frames, &Sender::exact(&format!("2400 {format}"))));
        assert_eq!(octets, frames.concat(), "{format}");
        let answer = format!("meterscope forwarder 1; line auto 2400 {expected}; mode plain\n");
        assert_eq!(board.ask("?"), answer);
        assert_eq!((board.0.counts().frames, board.0.counts().damaged), (3, 0), "{format}");
    }
}

#[test]
fn every_speed_is_found_in_one_frame() {
    let frames = frames(MeterKind::Kamstrup, 3);
    for speed in SPEEDS {
        for format in ["8E1", "8N1", "8O1"] {
            let mut board = Board::new();
            let sender = Sender { clock_error: 0.02, ..Sender::exact(&format!("{speed} {format}")) };
            let octets = board.hear(&sent(&frames, &sender));
            assert!(octets.ends_with(&frames[1..].concat()), "{speed} {format}");
            let answer = format!("meterscope forwarder 1; line auto {speed} {format}; mode plain\n");
            assert_eq!(board.ask("?"), answer);
        }
    }
}

#[test]
fn another_parity_is_found_after_one_that_was() {
    let frames = frames(MeterKind::Kaifa, 3);
    let mut board = Board::new();
    for format in ["8E1", "8N1", "8O1"] {
        board.hear(&sent(&frames, &Sender::exact(&format!("2400 {format}"))));
        assert!(board.ask("?").contains(&format!("auto 2400 {format}")), "{format}");
    }
}

#[test]
fn marks_tell_faults_gaps_and_times() {
    let mut board = Board::new();
    assert_eq!(board.ask("line 2400 8E1"), "ok\n");
    // The answer is already marked.
    let mut answer = Vec::new();
    for &octet in b"mode marked\n" {
        board.0.host_octet(octet, &mut |octet| answer.push(octet));
    }
    assert_eq!(answer, *b"\xFF\x06ok\n");
    assert!(board.ask("?").ends_with("; mode marked\n"));

    let sender = Sender::exact("2400 8E1");
    let (mut line, mut random) = (Waveform::resting(STARTED_NS), Random::new(1));
    line.send(&[0xFF, 0x10], &sender, &mut random);
    line.send_spoiled(0x31, Spoiling::Parity, &sender, &mut random);
    line.send_spoiled(0x42, Spoiling::Stop, &sender, &mut random);
    line.rest(0.5e9);
    line.low(20.0 * sender.bit_ns());
    line.rest(sender.bit_ns());
    line.send(&[0x7E], &sender, &mut random);
    let told = told(&board.hear(&line));
    let octet = |octet, fault| Told::Octet { octet, fault };
    let [
        Told::Gap(_),
        Told::Time(first),
        ff,
        good,
        parity,
        framing,
        Told::Gap(gap),
        Told::Time(second),
        a_break,
        behind,
    ] = told[..]
    else {
        panic!("{told:?}")
    };
    assert_eq!([ff, good], [octet(0xFF, None), octet(0x10, None)]);
    assert_eq!(parity, octet(0x31, Some(Fault::Parity)));
    assert_eq!(framing, octet(0x42, Some(Fault::Framing)));
    assert_eq!([a_break, behind], [octet(0, Some(Fault::Break)), octet(0x7E, None)]);
    // 250 ms before; four octets and a bit, and half a second between.
    assert_eq!(first, 62_500);
    assert!((second - first).abs_diff(125_000 + 4688) < 3, "{}", second - first);
    // The gap is measured from the middle of the stop bit, behind which a bit of rest followed.
    assert!(gap.abs_diff(125_000 + 3 * 104 / 2) < 15, "{gap}");
    assert_eq!(board.0.counts().octets, 6);
}

#[test]
fn the_answer_to_plain_is_the_last_mark() {
    let mut board = Board::new();
    board.ask("mode marked");
    let mut octets = Vec::new();
    for &octet in b"mode plain\nmode plain\n" {
        board.0.host_octet(octet, &mut |octet| octets.push(octet));
    }
    assert_eq!(octets, *b"\xFF\x06ok\nok\n");
}

#[test]
fn plain_is_what_was_on_the_bus_and_nothing_else() {
    let mut board = Board::new();
    board.ask("line 2400 8E1");
    let sender = Sender::exact("2400 8E1");
    let (mut line, mut random) = (Waveform::resting(STARTED_NS), Random::new(1));
    line.send_spoiled(0xFF, Spoiling::Parity, &sender, &mut random);
    line.rest(1e9);
    line.send_spoiled(0x42, Spoiling::Stop, &sender, &mut random);
    assert_eq!(board.hear(&line), [0xFF, 0x42]);
    let expected = "octets 2 parity 1 framing 1 break 0 lost 0 frames 0 damaged 0\n";
    assert_eq!(board.ask("count"), expected);
}

#[test]
fn the_answers_are_those_of_the_table() {
    for row in TABLE {
        assert_eq!(Board::new().ask(row.example), format!("{}\n", row.answer), "{}", row.form);
    }
    assert_eq!(Board::new().ask("line 110 8N1"), "error: no such setting\n");
    assert_eq!(Board::new().ask("reboot"), "error: no such command\n");
    assert_eq!(Board::new().ask(""), "");
}

#[test]
fn a_line_set_by_hand_stays_as_it_is() {
    let mut board = Board::new();
    board.ask("line 9600 8N1");
    board.hear(&sent(&frames(MeterKind::Kaifa, 2), &Sender::exact("2400 8E1")));
    assert!(board.ask("?").contains("; line 9600 8N1; "));
}

#[test]
fn what_was_lost_is_told() {
    let mut board = Board::new();
    board.ask("mode marked");
    let mut octets = Vec::new();
    board.0.lost(true, &mut |octet| octets.push(octet));
    assert_eq!(told(&octets), [Told::Lost]);
    assert_eq!(board.0.counts().lost, 1);
    assert!(board.0.error_lamp());
}

#[test]
fn a_gap_stays_at_the_highest_number_however_long_it_is() {
    let nap = 25_000;
    // 17 minutes; then 19, and up to ten hours: the board's clock goes round after 4.7.
    for (seconds, is_told) in
        [(1020_u32, true), (1140, false), (2400, false), (17_000, false), (17_500, false), (36_000, false)]
    {
        let mut board = Board::new();
        board.ask("mode marked");
        let mut octets = Vec::new();
        let mut now: Tick = 0;
        let said = |board: &mut Board, now: &mut Tick, octets: &mut Vec<u8>| {
            let mut output = |octet| octets.push(octet);
            let mut level = true;
            for bit in Frame::new(0x31, "2400 8E1".parse().unwrap()).chain([true; 20]) {
                if bit != level {
                    board.0.edge(Edge { at: *now, level: bit }, &mut output);
                    level = bit;
                }
                *now = now.wrapping_add(104);
                board.0.advance(*now, &mut output);
            }
        };
        said(&mut board, &mut now, &mut octets);
        for _ in 0..u64::from(seconds) * 250_000 / u64::from(nap) {
            now = now.wrapping_add(nap);
            board.0.advance(now, &mut |octet| octets.push(octet));
        }
        said(&mut board, &mut now, &mut octets);
        let gap = told(&octets)
            .into_iter()
            .rev()
            .find_map(|told| if let Told::Gap(gap) = told { Some(gap) } else { None });
        let gap = gap.unwrap();
        if is_told {
            assert!(gap.abs_diff(seconds * 250_000) < 3000, "{gap} behind {seconds} s");
        } else {
            assert_eq!(gap, LARGEST, "{seconds} s");
        }
    }
}

#[test]
fn a_frame_in_which_edges_were_lost_is_damaged() {
    let frame = frames(MeterKind::Kaifa, 1).concat();
    let mut board = Board::new();
    board.hear(&sent(&[frame[..frame.len() / 2].to_vec()], &Sender::exact("2400 8E1")));
    assert_eq!(board.0.counts().damaged, 0);
    board.0.lost(true, &mut |_| {});
    assert_eq!((board.0.counts().frames, board.0.counts().damaged), (0, 1));
    board.0.lost(true, &mut |_| {});
    assert_eq!(board.0.counts().damaged, 1, "once");
}

/// A host that takes so many octets and then no more for a while.
struct SlowHost {
    octets: Vec<u8>,
    room: usize,
}

impl Output for SlowHost {
    fn octet(&mut self, octet: u8) {
        self.room = self.room.checked_sub(1).expect("only as much is written as there is room for");
        self.octets.push(octet);
    }

    fn has_room(&mut self) -> bool {
        self.room >= LONGEST
    }
}

#[test]
fn what_a_slow_host_has_no_room_for_is_left_out_whole_and_told() {
    let (mut line, mut random) = (Waveform::resting(STARTED_NS), Random::new(1));
    let sent = random.octets(200);
    // Far apart, so that each comes with a gap and a time.
    for octet in &sent {
        line.send(&[*octet], &Sender::exact("2400 8E1"), &mut random);
        line.rest(20e6);
    }
    for room in 30..60 {
        let mut board = Board::new();
        board.ask("mode marked");
        board.ask("line 2400 8E1");
        let mut host = SlowHost { octets: Vec::new(), room };
        for (place, call) in calls(&line).into_iter().enumerate() {
            if place == 1000 {
                host.room = usize::MAX;
            }
            match call {
                Call::Edge(edge) => board.0.edge(edge, &mut host),
                Call::Now(now) => board.0.advance(now, &mut host),
            }
        }
        let told = told(&host.octets);
        let octets: Vec<u8> = told
            .iter()
            .filter_map(|told| if let Told::Octet { octet, .. } = told { Some(*octet) } else { None })
            .collect();
        let lost = told.iter().position(|told| *told == Told::Lost).expect("it is told");
        assert_eq!(told.iter().filter(|told| **told == Told::Lost).count(), 1);
        let before = told[..lost].iter().filter(|told| matches!(told, Told::Octet { .. })).count();
        assert!(sent.starts_with(&octets[..before]) && sent.ends_with(&octets[before..]), "{room}");
        assert!(before > 0 && octets.len() < sent.len(), "{room}");
        assert_eq!((board.0.counts().octets, board.0.counts().lost), (200, 1));
    }
}

#[test]
fn the_next_program_gets_octets_as_they_are() {
    let mut board = Board::new();
    board.ask("line 9600 8N1");
    board.ask("mode marked");
    for octet in *b"mode mar" {
        board.0.host_octet(octet, &mut |_| {});
    }
    board.0.host_left();
    assert_eq!(board.ask("?"), "meterscope forwarder 1; line 9600 8N1; mode plain\n");
}

#[test]
fn lamps_go_out() {
    let mut board = Board::new();
    let sender = Sender::exact("2400 8E1");
    let mut line = Waveform::resting(STARTED_NS);
    line.send_spoiled(0x10, Spoiling::Stop, &sender, &mut Random::new(1));
    assert!(!board.0.data_lamp() && !board.0.error_lamp());
    board.ask("line 2400 8E1");
    let mut nothing = |_| {};
    let mut lit = Vec::new();
    line.rest(0.5e9);
    for call in calls(&line) {
        match call {
            Call::Edge(edge) => board.0.edge(edge, &mut nothing),
            Call::Now(now) => board.0.advance(now, &mut nothing),
        }
        lit.push((board.0.data_lamp(), board.0.error_lamp()));
    }
    lit.dedup();
    assert_eq!(lit, [(false, false), (true, true), (false, true), (false, false)]);
}
