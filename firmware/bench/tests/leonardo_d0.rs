//! The same image on a Leonardo whose shield has its shunt at D0: all is as with D4, and nobody had to say so.

mod forwarding;

use forwarding::{
    Forwards, expect_all_of_a_wrong_clock, expect_every_meter_with_its_settings, expect_every_octet,
    expect_faults_with_their_octet, expect_nothing_of_aimed_noise, expect_nothing_of_noise,
    expect_too_much_to_be_told_and_over, octets, random_line, set, told, trouble,
};
use meterscope_firmware_bench::{Leonardo, Shunt, image};
use meterscope_firmware_logic::marks::Told;
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Waveform};

fn board_with(shunt: Shunt) -> Leonardo {
    Leonardo::ready(&image("forwarder_leonardo"), shunt)
}

fn board() -> Leonardo {
    board_with(Shunt::D0)
}

/// A board whose host asks all the time while the bus is heard.
struct Asked(Leonardo);

impl Forwards for Asked {
    fn ask(&mut self, command: &str) -> Vec<u8> {
        self.0.ask(command)
    }

    fn hear(&mut self, line: &Waveform) -> Vec<u8> {
        self.0.play(line);
        for _ in 0..line.end_ns() / 4_000_000 + 15 {
            self.0.send(b"?\n");
            self.0.run_for_us(3750);
        }
        self.0.take_octets()
    }
}

#[test]
fn every_octet_comes_through() {
    for speed in [300, 2400, 9600] {
        for format in ["8E1", "8N1", "8O1"] {
            expect_every_octet(&mut board(), &format!("{speed} {format}"));
        }
    }
}

#[test]
fn a_clock_that_is_three_percent_wrong_loses_nothing() {
    for settings in ["2400 8E1", "2400 8N1", "2400 8O1", "9600 8E1"] {
        for thousandths in [-30, 30] {
            expect_all_of_a_wrong_clock(&mut board(), settings, thousandths);
        }
    }
}

/// At 9600 baud a pulse of 28 µs is nothing on D4. On D0 its end may be stamped later than its beginning, and that much the
/// limit is lower: 20 µs.
#[test]
fn noise_is_nothing() {
    for settings in ["300 8N1", "2400 8E1"] {
        for longest_ns in [1000, 5000, 50_000] {
            expect_nothing_of_noise(&mut board(), settings, longest_ns);
        }
    }
    expect_nothing_of_noise(&mut board(), "9600 8E1", 20_000);
}

/// The longest noise that is nothing, while the host asks all the time: the stamps are late then, some more than others.
#[test]
fn the_longest_noise_is_nothing_while_the_host_asks() {
    for (settings, lengths_ns) in
        [("2400 8E1", 48_000..=50_000), ("4800 8E1", 49_500..=50_000), ("9600 8E1", 18_000..=20_000)]
    {
        expect_nothing_of_aimed_noise(&mut Asked(board()), settings, lengths_ns, 1500);
    }
}

#[test]
fn faults_are_told_with_their_octet() {
    expect_faults_with_their_octet(&mut board());
}

#[test]
fn every_meter_is_forwarded_and_its_settings_are_found() {
    expect_every_meter_with_its_settings(board);
}

#[test]
fn what_is_too_much_is_told_and_over_when_it_is_over() {
    expect_too_much_to_be_told_and_over(&mut board());
}

/// The host asks all the time meanwhile.
#[test]
fn a_full_bus_of_9600_baud_is_forwarded() {
    let mut board = board();
    set(&mut board, "9600 8N1");
    let (line, sent) = random_line(3000, "9600 8N1");
    board.play(&line);
    for _ in 0..line.end_ns() / 10_000_000 {
        board.send(b"count\n");
        board.run_for_us(9750);
    }
    board.run_for_us(60_000);
    let told = told(&board.take_octets());
    assert_eq!((octets(&told), trouble(&told)), (sent, vec![]));
}

/// Each octet is stamped when it began, though the host asks all the time. D4 has the timer's own stamp; that of D0 is late
/// by what holds its interrupt up, by no more than a tick more or less. Two moments are rounded to ticks as well.
#[test]
fn stamps_are_right() {
    for (shunt, most_ticks) in [(Shunt::D4, 1), (Shunt::D0, 2)] {
        let mut board = board_with(shunt);
        set(&mut board, "9600 8N1");
        let (sender, mut random) = (Sender::exact("9600 8N1"), Random::new(3));
        let (mut line, mut sent_ns) = (Waveform::resting(20_000_000), Vec::new());
        for octet in random.octets(500) {
            sent_ns.push(line.end_ns());
            line.send(&[octet], &sender, &mut random);
            line.rest(3e6 + random.fraction() * 3e6);
        }
        board.play(&line);
        for _ in 0..line.end_ns() / 5_000_000 {
            board.send(b"?\n");
            board.run_for_us(4750);
        }
        let told = told(&board.take_octets());
        let stamps = told.iter().filter_map(|told| if let Told::Time(at) = told { Some(*at) } else { None });
        let late: Vec<i64> = stamps
            .zip(&sent_ns)
            .map(|(stamp, &ns)| i64::from(stamp) - i64::try_from(ns / 4000).unwrap())
            .collect();
        let spread = late.iter().max().unwrap() - late.iter().min().unwrap();
        println!("{shunt:?}: {} stamps within {spread} ticks of each other", late.len());
        assert_eq!(late.len(), sent_ns.len());
        assert!(spread <= most_ticks, "{shunt:?}: {spread}");
    }
}

/// A pin that nothing drives rests: without a shunt nothing is heard.
#[test]
fn without_a_shunt_the_bus_rests() {
    let mut board = board_with(Shunt::Off);
    board.run_for_us(2_000_000);
    assert_eq!(board.take_octets(), b"");
    assert_eq!(board.ask("count"), b"octets 0 parity 0 framing 0 break 0 lost 0 frames 0 damaged 0\n");
}
