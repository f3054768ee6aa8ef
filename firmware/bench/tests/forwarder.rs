//! The forwarder's image on a simulated Uno.

mod forwarding;

use std::time::Instant;

use forwarding::{
    LEAD_NS, expect_all_of_a_wrong_clock, expect_answers_of_the_table, expect_every_meter_with_its_settings,
    expect_every_octet, expect_faults_with_their_octet, expect_nothing_of_noise,
    expect_too_much_to_be_told_and_over, meter, octets, set, told, trouble,
};
use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_firmware_bench::{BUS, CYCLES_PER_MICROSECOND, Lamps, Sizes, Uno, image};
use meterscope_firmware_logic::marks::Told;
use meterscope_firmware_logic::receiver::SPEEDS;
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Spoiling, Waveform};

/// Interrupts of Timer 1, and why the chip was reset, in data space (DS40002061B, 30); the watchdog's flag there.
const TIMSK1: usize = 0x6F;
const MCUSR: usize = 0x54;
const WDRF: u8 = 1 << 3;
/// For which edge Timer 1 waits, and when its compare interrupt comes next.
const TCCR1B: usize = 0x81;
const ICES1: u8 = 1 << 6;
const OCR1A_HIGH: usize = 0x89;

fn board() -> Uno {
    let mut uno = Uno::start(&image("forwarder"));
    uno.run_for_us(10_000);
    uno
}

#[test]
fn every_octet_comes_through_at_every_setting() {
    for speed in SPEEDS {
        for format in ["8E1", "8N1", "8O1", "7E1", "7N1", "7O1"] {
            expect_every_octet(&mut board(), &format!("{speed} {format}"));
        }
    }
}

#[test]
fn a_clock_that_is_three_percent_wrong_loses_nothing() {
    for speed in SPEEDS {
        for (format, thousandths) in
            [("8E1", -30_i8), ("8N1", -30), ("8O1", -20), ("8E1", -10), ("8O1", 10), ("8N1", 20), ("8E1", 30)]
        {
            expect_all_of_a_wrong_clock(&mut board(), &format!("{speed} {format}"), thousandths);
        }
    }
}

/// At 9600 baud noise of fifty microseconds is half of a bit, and may be the bit.
#[test]
fn noise_of_fifty_microseconds_is_nothing() {
    let lengths_ns = [1000, 5000, 10_000, 20_000, 28_000, 50_000];
    for speed in SPEEDS {
        for format in ["8E1", "8N1", "8O1"] {
            for longest_ns in lengths_ns.into_iter().filter(|&ns| speed < 9600 || ns <= 28_000) {
                expect_nothing_of_noise(&mut board(), &format!("{speed} {format}"), longest_ns);
            }
        }
    }
}

#[test]
fn faults_are_told_with_their_octet() {
    expect_faults_with_their_octet(&mut board());
}

#[test]
fn what_is_too_much_is_told_and_over_when_it_is_over() {
    expect_too_much_to_be_told_and_over(&mut board());
}

/// A line that has always changed by the time that the board looks at it: interrupts go on, and what comes behind is right.
#[test]
fn a_line_that_changes_at_every_look_is_over_when_it_is_over() {
    let mut uno = board();
    set(&mut uno, "2400 8E1");
    uno.drive(BUS, false);
    let (mut waits_for_rise, mut compares) = (false, Vec::new());
    let end = uno.cycle() + 40_000 * CYCLES_PER_MICROSECOND;
    while uno.cycle() < end {
        let next = uno.cycle() + 1;
        uno.run_until(next);
        let rise = uno.memory(TCCR1B) & ICES1 != 0;
        if rise != waits_for_rise {
            waits_for_rise = rise;
            uno.drive(BUS, rise);
        }
        compares.push(uno.memory(OCR1A_HIGH));
    }
    compares.dedup();
    assert!(compares.len() >= 4, "the timer's interrupt came {} times in 40 ms", compares.len() - 1);
    uno.drive(BUS, true);
    uno.run_for_us(20_000);
    assert!(told(&uno.take_octets()).contains(&Told::Lost), "what was lost is told");
    let mut line = Waveform::resting(LEAD_NS);
    line.send(b"behind", &Sender::exact("2400 8E1"), &mut Random::new(1));
    let told = told(&uno.hear(&line));
    assert_eq!((octets(&told), trouble(&told)), (b"behind".to_vec(), vec![]));
}

/// The main loop sleeps until the timer wakes it. Without the timer it sleeps for good, as it would hang for good.
#[test]
fn the_watchdog_starts_a_board_that_hangs() {
    let mut uno = board();
    uno.ask("mode marked");
    assert!(!uno.is_reset_within_us(2_000_000), "a board that is well is left alone");
    uno.set_memory(TIMSK1, 0);
    assert!(!uno.is_reset_within_us(400_000));
    assert!(uno.is_reset_within_us(300_000));
    // simavr's reset takes the level from the pin, which the meter does not.
    uno.drive(BUS, true);
    assert_ne!(uno.memory(MCUSR) & WDRF, 0, "it was the watchdog");
    uno.run_for_us(10_000);
    // It begins as it always does, and hears.
    assert_eq!(uno.ask("?"), b"meterscope forwarder 1; line auto 2400 8?1; mode plain\n");
    let (line, sent) = meter(MeterKind::Kaifa, 2, &Sender::exact("2400 8E1"));
    assert_eq!(uno.hear(&line), sent);
}

#[test]
fn the_answers_are_those_of_the_table() {
    expect_answers_of_the_table(board);
}

#[test]
fn every_meter_is_forwarded_and_its_settings_are_found() {
    expect_every_meter_with_its_settings(board);
}

#[test]
fn it_is_no_larger_than_it_may_be() {
    let Sizes { flash, variables } = Sizes::of(&image("forwarder"));
    println!("forwarder: {flash} octets of flash, {variables} of RAM");
    assert!(flash <= 6144, "{flash}");
}

#[test]
fn an_hour_of_lists_loses_nothing() {
    hear_lists(1);
}

#[test]
#[ignore = "takes minutes: `make soak-firmware`"]
fn a_day_of_lists_loses_nothing() {
    hear_lists(24);
}

/// Lists of a meter with a wrong clock and early and late edges, every two seconds for so many hours.
fn hear_lists(hours: u32) {
    let mut uno = board();
    uno.paint_stack();
    uno.ask("line 2400 8E1");
    let sender = Sender { clock_error: -0.02, jitter_ns: 10_000.0, ..Sender::exact("2400 8E1") };
    let mut meter = Demo::new(MeterKind::Kaifa, Clock::new(2026, 11, 21, 12, 0, 0).unwrap());
    let (mut buffer, mut random) = ([0; LONGEST_FRAME], Random::new(3));
    let (mut at_ms, mut frames, begun) = (0, 0_u32, Instant::now());
    while at_ms < hours * 3_600_000 {
        let frame = meter.next_frame(&mut buffer).unwrap();
        at_ms = frame.at_ms;
        let mut line = Waveform::resting(1_000_000);
        line.send(frame.octets, &sender, &mut random);
        // Hearing goes on for 60 ms behind the line.
        let rest_ms = f64::from(meter.next_at_ms() - at_ms) - 60.0 - f64::from(line.end_ns() as u32) / 1e6;
        line.rest(rest_ms.max(0.0) * 1e6);
        assert_eq!(uno.hear(&line), frame.octets, "frame {frames}");
        frames += 1;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let speed = f64::from(hours) * 3600.0 / seconds;
    println!("{frames} frames, {hours} h in {seconds:.1} s: {speed:.0} x real time");
    let answer = String::from_utf8(uno.ask("count")).unwrap();
    assert!(answer.contains(&format!(" lost 0 frames {frames} damaged 0")), "{answer}");
    let (untouched, ram) = uno.untouched_ram();
    println!("RAM: {untouched} of {ram} octets were never used");
    assert!(untouched * 4 >= ram, "{untouched} of {ram}");
}

#[test]
fn half_a_minute_of_a_full_bus_loses_nothing() {
    hear_full_bus(30);
}

#[test]
#[ignore = "takes minutes: `make soak-firmware`"]
fn an_hour_of_a_full_bus_loses_nothing() {
    hear_full_bus(3600);
}

/// Octets back to back at the highest speed, among them the one with the most edges, as the host gets the most of them.
fn hear_full_bus(seconds: u32) {
    let mut uno = board();
    uno.ask("mode marked");
    uno.ask("line 9600 8N1");
    let sender = Sender { clock_error: 0.02, ..Sender::exact("9600 8N1") };
    let mut random = Random::new(9);
    for second in 0..seconds {
        let mut sent = random.octets(480);
        sent.extend([0x55; 480]);
        let mut line = Waveform::resting(1_000_000);
        line.send(&sent, &sender, &mut random);
        let told = told(&uno.hear(&line));
        assert_eq!((octets(&told), trouble(&told)), (sent, vec![]), "second {second}");
    }
}

#[test]
fn lamps_show_octets_and_errors() {
    let mut uno = board();
    uno.ask("line 2400 8E1");
    assert_eq!(uno.lamps(), Lamps { data: false, error: false });
    let sender = Sender::exact("2400 8E1");
    let mut line = Waveform::resting(1000);
    line.send_spoiled(0x10, Spoiling::Parity, &sender, &mut Random::new(1));
    uno.play(&line);
    uno.run_for_us(20_000);
    assert_eq!(uno.lamps(), Lamps { data: true, error: true });
    uno.run_for_us(100_000);
    assert_eq!(uno.lamps(), Lamps { data: false, error: true });
    uno.run_for_us(300_000);
    assert_eq!(uno.lamps(), Lamps { data: false, error: false });
}
