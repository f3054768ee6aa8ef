//! The forwarder's image on a simulated Uno.

use std::time::Instant;

use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_firmware_bench::{BUS, Lamps, Sizes, Uno, image};
use meterscope_firmware_logic::command::TABLE;
use meterscope_firmware_logic::marks::{MarkReader, Told};
use meterscope_firmware_logic::receiver::{Fault, SPEEDS};
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Spoiling, Waveform};

const LEAD_NS: u32 = 50_000_000;

/// Interrupts of Timer 1, and why the chip was reset, in data space (DS40002061B, 30); the watchdog's flag there.
const TIMSK1: usize = 0x6F;
const MCUSR: usize = 0x54;
const WDRF: u8 = 1 << 3;

fn board() -> Uno {
    let mut uno = Uno::start(&image("forwarder"));
    uno.run_for_us(10_000);
    uno
}

fn every_octet() -> Vec<u8> {
    (0..=255).collect()
}

fn told(octets: &[u8]) -> Vec<Told> {
    let mut reader = MarkReader::new();
    octets.iter().filter_map(|&octet| reader.push(octet)).collect()
}

/// Faults and losses alone, and how many octets came.
fn trouble(told: &[Told]) -> Vec<Told> {
    let is_trouble = |told: &&Told| match told {
        Told::Octet { fault, .. } => fault.is_some(),
        Told::Lost | Told::Unknown(_) => true,
        Told::Gap(_) | Told::Time(_) | Told::Text(_) => false,
    };
    told.iter().filter(is_trouble).copied().collect()
}

fn octets(told: &[Told]) -> Vec<u8> {
    told.iter()
        .filter_map(|told| if let Told::Octet { octet, .. } = told { Some(*octet) } else { None })
        .collect()
}

#[test]
fn every_octet_comes_through_at_every_setting() {
    for speed in SPEEDS {
        for format in ["8E1", "8N1", "8O1", "7E1", "7N1", "7O1"] {
            let mut uno = board();
            uno.ask("mode marked");
            assert_eq!(uno.ask(&format!("line {speed} {format}")), b"\xFF\x06ok\n");
            let sender = Sender::exact(&format!("{speed} {format}"));
            let mut line = Waveform::resting(LEAD_NS);
            line.send(&every_octet(), &sender, &mut Random::new(1));
            let told = told(&uno.hear(&line));
            let mask = u8::MAX >> (8 - sender.settings.data_bits);
            let expected: Vec<u8> = every_octet().iter().map(|octet| octet & mask).collect();
            assert_eq!(octets(&told), expected, "{speed} {format}");
            assert_eq!(trouble(&told), [], "{speed} {format}");
        }
    }
}

#[test]
fn a_clock_that_is_three_percent_wrong_loses_nothing() {
    for speed in SPEEDS {
        for (format, thousandths) in
            [("8E1", -30_i8), ("8N1", -30), ("8O1", -20), ("8E1", -10), ("8O1", 10), ("8N1", 20), ("8E1", 30)]
        {
            let mut uno = board();
            uno.ask("mode marked");
            uno.ask(&format!("line {speed} {format}"));
            let clock_error = f64::from(thousandths) / 1000.0;
            let exact = Sender::exact(&format!("{speed} {format}"));
            let sender = Sender { clock_error, jitter_ns: 3000.0, ..exact };
            let mut random = Random::new(7);
            let sent = random.octets(usize::from(speed / 10).min(500));
            let mut line = Waveform::resting(LEAD_NS);
            line.send(&sent, &sender, &mut random);
            let told = told(&uno.hear(&line));
            assert_eq!((octets(&told), trouble(&told)), (sent, vec![]), "{speed} {format} {thousandths}");
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
                let mut uno = board();
                uno.ask("mode marked");
                uno.ask(&format!("line {speed} {format}"));
                let (line, sent) = noisy(&Sender::exact(&format!("{speed} {format}")), longest_ns);
                let told = told(&uno.hear(&line));
                let heard = (octets(&told), trouble(&told));
                assert_eq!(heard, (sent, vec![]), "{speed} {format} {longest_ns} ns");
            }
        }
    }
}

/// Octets with a pulse in each, somewhere in it, either way.
fn noisy(sender: &Sender, longest_ns: u64) -> (Waveform, Vec<u8>) {
    let mut random = Random::new(longest_ns);
    let sent = random.octets((sender.settings.baud / 24).clamp(20, 100) as usize);
    let (mut line, mut noise) = (Waveform::resting(LEAD_NS), Vec::new());
    for &octet in &sent {
        let place = random.fraction() * 12.0 * sender.bit_ns();
        noise.push((line.end_ns() + place as u64, longest_ns / 2 + random.next() % (longest_ns / 2)));
        line.send(&[octet], sender, &mut random);
        line.rest(3.0 * sender.bit_ns());
    }
    for (at_ns, length_ns) in noise {
        line.add_noise(at_ns, length_ns);
    }
    (line, sent)
}

#[test]
fn faults_are_told_with_their_octet() {
    let mut uno = board();
    uno.ask("mode marked");
    uno.ask("line 2400 8E1");
    let sender = Sender::exact("2400 8E1");
    let (mut line, mut random) = (Waveform::resting(LEAD_NS), Random::new(1));
    line.send(&[0xFF], &sender, &mut random);
    line.send_spoiled(0x31, Spoiling::Parity, &sender, &mut random);
    line.send_spoiled(0x42, Spoiling::Stop, &sender, &mut random);
    line.low(20.0 * sender.bit_ns());
    line.rest(sender.bit_ns());
    line.send(&[0x7E], &sender, &mut random);
    let told = told(&uno.hear(&line));
    assert!(matches!(told[..2], [Told::Gap(_), Told::Time(_)]), "{told:?}");
    let octet = |octet, fault| Told::Octet { octet, fault };
    let expected = [
        octet(0xFF, None),
        octet(0x31, Some(Fault::Parity)),
        octet(0x42, Some(Fault::Framing)),
        octet(0x00, Some(Fault::Break)),
        octet(0x7E, None),
    ];
    assert_eq!(told[2..], expected);
    assert_eq!(uno.ask("count"), b"\xFF\x06octets 5 parity 1 framing 1 break 1 lost 0 frames 0 damaged 0\n");
}

/// A burst of edges that no line has, much faster than the main loop takes them.
#[test]
fn what_is_too_much_is_told_and_over_when_it_is_over() {
    let mut uno = board();
    uno.ask("mode marked");
    uno.ask("line 9600 8E1");
    let sender = Sender::exact("9600 8E1");
    let (mut line, mut random) = (Waveform::resting(LEAD_NS), Random::new(1));
    line.send(b"before", &sender, &mut random);
    line.rest(1e6);
    for _ in 0..2000 {
        line.low(9000.0);
        line.rest(9000.0);
    }
    // The board still has what the ring holds to go through.
    line.rest(50e6);
    line.send(b"behind", &sender, &mut random);
    let told = told(&uno.hear(&line));
    let first = told.iter().position(|told| *told == Told::Lost).expect("it is told");
    let last = told.iter().rposition(|told| *told == Told::Lost).expect("it is told");
    assert!(octets(&told[..first]).starts_with(b"before"), "{told:?}");
    assert_eq!(octets(&told[last..]), b"behind", "{told:?}");
    assert_eq!(trouble(&told[last + 1..]), [], "{told:?}");
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
    for row in TABLE {
        let mut uno = board();
        let answer = uno.ask(row.example);
        let text = answer.strip_prefix(b"\xFF\x06").unwrap_or(&answer);
        assert_eq!(text, format!("{}\n", row.answer).as_bytes(), "{}", row.form);
    }
}

/// A meter as it comes: plain, nothing set.
#[test]
fn every_meter_is_forwarded_and_its_settings_are_found() {
    let meters = [
        (MeterKind::Kaifa, "2400 8E1"),
        (MeterKind::Kamstrup, "2400 8N1"),
        (MeterKind::Aidon, "2400 8E1"),
        (MeterKind::Heat, "2400 8E1"),
    ];
    for (kind, settings) in meters {
        let mut uno = board();
        let sender = Sender { clock_error: 0.015, ..Sender::exact(settings) };
        let (line, sent) = meter(kind, 5, &sender);
        assert_eq!(uno.hear(&line), sent, "{kind:?}");
        let answer = String::from_utf8(uno.ask("?")).unwrap();
        assert_eq!(answer, format!("meterscope forwarder 1; line auto {settings}; mode plain\n"), "{kind:?}");
    }
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

/// So many frames of a meter, half a second apart.
fn meter(kind: MeterKind, frames: usize, sender: &Sender) -> (Waveform, Vec<u8>) {
    let mut meter = Demo::new(kind, Clock::new(2026, 11, 21, 12, 0, 0).unwrap());
    let (mut buffer, mut random) = ([0; LONGEST_FRAME], Random::new(1));
    let (mut line, mut sent) = (Waveform::resting(LEAD_NS), Vec::new());
    for _ in 0..frames {
        let frame = meter.next_frame(&mut buffer).unwrap().octets;
        line.send(frame, sender, &mut random);
        line.rest(0.5e9);
        sent.extend_from_slice(frame);
    }
    (line, sent)
}
