//! The master simulator's image on a simulated Uno.

mod bus;

use bus::{decoded, forwarded, forwarded_with, frames, master, settings, silent};
use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::household::Household;
use meterscope_firmware_bench::{CycleEdge, HZ, Lamps, MasterSimulator, OUTPUT, Sizes, Strap, image};
use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::master_command::{MasterCommand, Play, TABLE};
use meterscope_firmware_logic::master_simulator::START;
use meterscope_firmware_logic::pattern::Meter;
use meterscope_firmware_logic::receiver::SPEEDS;
use meterscope_firmware_logic::transmitter::Frame;
use meterscope_firmware_waveform::random::Random;

fn every_octet() -> Vec<u8> {
    (0..=255).collect()
}

/// Behind which bit each edge of octets back to back should come.
fn ideal(octets: &[u8], settings: LineSettings) -> Vec<(i64, bool)> {
    let mut level = true;
    let levels = octets.iter().flat_map(|&octet| Frame::new(octet, settings));
    (0..).zip(levels).filter(|&(_, next)| std::mem::replace(&mut level, next) != next).collect()
}

/// Panics if an edge is more than two cycles from where it should be. simavr tells an edge at the end of the instruction
/// that it falls into, and so the first one too: what counts is how far all of them spread.
fn expect_edges(edges: &[CycleEdge], octets: &[u8], settings: LineSettings) {
    let ideal = ideal(octets, settings);
    assert!(edges.iter().map(|edge| edge.1).eq(ideal.iter().map(|edge| edge.1)), "{settings}: other edges");
    let (baud, first) = (i64::from(settings.baud), edges.first().map_or(0, |edge| edge.0));
    // In parts of a cycle, of which it has as many as the line has bits a second.
    let late =
        edges.iter().zip(&ideal).map(|(edge, (bit, _))| (edge.0 - first) as i64 * baud - bit * i64::from(HZ));
    let (earliest, latest) =
        late.fold((0, 0), |(earliest, latest), late| (late.min(earliest), late.max(latest)));
    let spread = latest - earliest;
    println!("{settings}: {} edges within {} hundredths of a cycle", edges.len(), spread * 100 / baud);
    assert!(spread <= 2 * MOST_CYCLES_LATE * baud, "{settings}: {spread}");
}

const MOST_CYCLES_LATE: i64 = 2;

#[test]
fn every_edge_is_at_its_time_and_every_octet_comes_back() {
    for speed in SPEEDS {
        for format in ["8E1", "8N1", "8O1", "7E1", "8E2"] {
            let settings = settings(&format!("{speed} {format}"));
            let mut master = silent(settings);
            // The host is busy meanwhile: its interrupts must not show.
            master.send_octets(&every_octet());
            master.run_for_us(270 * 12 * 1_000_000 / u64::from(speed));
            let edges = master.take_edges(OUTPUT);
            expect_edges(&edges, &every_octet(), settings);
            let octets = forwarded_with(&format!("line {speed} {format}"), edges, master.cycle());
            let mask = u8::MAX >> (8 - settings.data_bits);
            let expected: Vec<u8> = every_octet().iter().map(|octet| octet & mask).collect();
            assert_eq!(octets, expected, "{speed} {format}");
        }
    }
}

/// Nor does the line ever wait for the host.
#[test]
fn a_fast_host_loses_nothing() {
    let settings = settings("9600 8N1");
    let mut master = silent(settings);
    let sent = Random::new(5).octets(65_536);
    master.send_octets(&sent);
    master.run_for_us(1_000_000);
    expect_edges(&master.take_edges(OUTPUT), &sent, settings);
    let (untouched, ram) = master.untouched_ram();
    assert!(untouched * 4 >= ram, "{untouched} of {ram}");
}

#[test]
fn a_host_that_does_not_wait_is_told() {
    let mut master = silent(settings("300 8E1"));
    for _ in 0..20 {
        master.send(b"send 32\n");
        master.send(&[0x55; 32]);
    }
    master.run_for_us(100_000);
    let answers = String::from_utf8(master.take_octets()).unwrap();
    assert!(answers.contains("error: octets lost\n"), "{answers}");
    assert!(master.lamps().error);
    // What it took is sent; the rest of a portion is not waited for longer than a second.
    master.run_for_us(20_000_000);
    // Whatever is left of a line is no command.
    master.ask("");
    assert_eq!(master.command(MasterCommand::Play(Play::Nothing)), "ok");
}

#[test]
fn the_answers_are_those_of_the_table() {
    for row in TABLE {
        let mut master = master(&[]);
        master.send(format!("{}\n", row.example).as_bytes());
        if row.example.starts_with("send") {
            // Taken only once the frame that the board began with has been sent.
            master.send(b"\n\0?");
            master.run_for_us(800_000);
        }
        master.run_for_us(20_000);
        let answer = String::from_utf8(master.take_octets()).unwrap();
        assert_eq!(answer, format!("{}\n", row.answer), "{}", row.form);
    }
}

/// Through the hour, so that all lists come; what straps chose is heard by a forwarder that has to find the settings.
#[test]
fn every_meter_plays_its_lists() {
    const SECONDS: u32 = 29;
    let clock = Clock::new(2026, 11, 21, 11, 59, 50).unwrap();
    let all = [
        (Meter::Kaifa, vec![], "8E1"),
        (Meter::Kamstrup, vec![Strap::First], "8N1"),
        (Meter::Aidon, vec![Strap::Second], "8E1"),
        (Meter::Heat, vec![Strap::First, Strap::Second], "8E1"),
    ];
    for (meter, straps, format) in all {
        let mut master = master(&straps);
        let identity = master.command(MasterCommand::Identify);
        assert!(
            identity.contains(&format!("line auto 2400 {format}; play {}; ", meter.name())),
            "{identity}"
        );
        assert_eq!(master.command(MasterCommand::Clock(clock)), "ok");
        // The last frame is whole: each takes less than two seconds.
        master.run_for_us(u64::from(SECONDS) * 1_000_000);
        let octets = forwarded(master.take_edges(OUTPUT), master.cycle());
        // What the board began with before its clock was set.
        let mut expected = frames(meter, START, 1);
        expected.extend(frames(meter, clock, SECONDS * 1000 - 500));
        let heard = decoded(&octets);
        let lengths = |frames: &[Vec<u8>]| frames.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(lengths(&heard.whole), lengths(&expected), "{meter:?}");
        assert_eq!(heard.whole, expected, "{meter:?}");
        assert_eq!((heard.damaged, heard.problems, octets.len()), (0, 0, expected.concat().len()));
        let (untouched, ram) = master.untouched_ram();
        println!(
            "{}: {} frames, {untouched} of {ram} octets of RAM never used",
            meter.name(),
            expected.len()
        );
        assert!(untouched * 4 >= ram, "{untouched} of {ram}");
    }
}

/// A long list takes longer than until the next one: what plays is whole, and the newest of those that wait.
#[test]
fn on_a_slow_line_lists_are_left_out_and_none_is_cut() {
    let clock = Clock::new(2026, 11, 21, 11, 59, 50).unwrap();
    let mut master = silent(settings("300 8E1"));
    assert_eq!(master.command(MasterCommand::Clock(clock)), "ok");
    assert_eq!(master.command(MasterCommand::Play(Play::Meter(Meter::Kaifa))), "ok");
    master.run_for_us(40_000_000);
    assert_eq!(master.command(MasterCommand::Play(Play::Nothing)), "ok");
    master.run_for_us(6_000_000);
    let octets = forwarded_with("line 300 8E1", master.take_edges(OUTPUT), master.cycle());
    let heard = decoded(&octets);
    assert_eq!((heard.damaged, heard.problems), (0, 0));
    let lengths: Vec<usize> = heard.whole.iter().map(Vec::len).collect();
    assert!(lengths.contains(&122) && lengths.contains(&156) && lengths.contains(&41), "{lengths:?}");
    let (untouched, ram) = master.untouched_ram();
    assert!(untouched * 4 >= ram, "{untouched} of {ram}");
}

/// What the decoder reads is what the house measured.
#[test]
fn readings_are_those_of_the_house() {
    let clock = Clock::new(2026, 11, 21, 12, 59, 50).unwrap();
    for (meter, tens, volts) in [(Meter::Kaifa, 0, -1), (Meter::Kamstrup, 1, 0), (Meter::Aidon, 1, -1)] {
        let mut master = silent(meter.line());
        assert_eq!(master.command(MasterCommand::Clock(clock)), "ok");
        assert_eq!(master.command(MasterCommand::Play(Play::Meter(meter))), "ok");
        // To the hourly list, 5 or 10 s behind the hour.
        let hourly_s = if meter == Meter::Kamstrup { 15 } else { 20 };
        master.run_for_us(hourly_s * 1_000_000 - 100_000);
        master.take_edges(OUTPUT);
        master.run_for_us(2_000_000);
        let octets = forwarded(master.take_edges(OUTPUT), master.cycle());
        let heard = decoded(&octets);
        let mut house = Household::starting(clock);
        house.advance(hourly_s as u32);
        let now = house.measurements();
        // Kamstrup's registers count in 10 Wh; how much that is does not stand in the frame.
        let energy = match (meter, tens) {
            (Meter::Kamstrup, _) => Decimal::new((now.energy.active_import_wh / 10).into(), 0),
            (_, 1) => Decimal::new((now.energy.active_import_wh / 10).into(), 1),
            _ => Decimal::new(now.energy.active_import_wh.into(), 0),
        };
        let voltage = if volts == 0 { now.phases[0].voltage_dv / 10 } else { now.phases[0].voltage_dv };
        for (c, d, value) in [
            (1, 7, Decimal::new(now.power.active_import_w.into(), 0)),
            (32, 7, Decimal::new(voltage.into(), volts)),
            (1, 8, energy),
        ] {
            let read = heard.numbers.iter().find(|(obis, _)| (obis[2], obis[3]) == (c, d));
            let read = read.unwrap_or_else(|| panic!("{meter:?} says nothing of {c}.{d}.0: {heard:?}")).1;
            assert_eq!(read.to_string(), value.to_string(), "{meter:?} {c}.{d}.0");
        }
    }
}

fn half_waves(master: &mut MasterSimulator) -> Vec<u64> {
    let edges = master.take_edges(OUTPUT);
    edges.windows(2).map(|pair| pair[1].0 - pair[0].0).collect()
}

#[test]
fn a_square_wave_has_the_bits_of_the_line() {
    let mut master = master(&[Strap::Square]);
    assert!(master.command(MasterCommand::Identify).contains("; play square; "));
    master.take_edges(OUTPUT);
    master.run_for_us(1_000_000);
    let halves = half_waves(&mut master);
    assert_eq!(halves.len().div_ceil(100), 24, "{} edges", halves.len());
    assert!(halves.iter().all(|half| half.abs_diff(6667) <= 4), "{halves:?}");

    assert_eq!(master.ask("line 9600 8N1"), b"ok\n");
    master.take_edges(OUTPUT);
    master.run_for_us(100_000);
    assert!(half_waves(&mut master).iter().all(|half| half.abs_diff(1667) <= 4));

    assert_eq!(master.command(MasterCommand::Play(Play::Nothing)), "ok");
    master.run_for_us(10_000);
    assert_eq!(master.take_edges(OUTPUT).last().map(|edge| edge.1), Some(true), "it ends in rest");
    master.run_for_us(1_000_000);
    assert_eq!(master.take_edges(OUTPUT), []);
}

#[test]
fn lamps_show_octets_and_refusals() {
    let mut master = silent(settings("2400 8E1"));
    assert_eq!(master.lamps(), Lamps { data: false, error: false });
    master.send_octets(&[1]);
    master.run_for_us(10_000);
    assert_eq!(master.lamps(), Lamps { data: true, error: false });
    master.ask("reboot");
    assert!(master.lamps().error);
    master.run_for_us(300_000);
    assert_eq!(master.lamps(), Lamps { data: false, error: false });
}

/// WDTCSR with its enable bit (data sheet DS40002061B, 10.9.2).
#[test]
fn the_watchdog_is_on_and_does_not_bite() {
    let mut master = silent(settings("2400 8E1"));
    assert_eq!(master.memory(0x60) & 1 << 3, 1 << 3);
    master.run_for_us(5_000_000);
    assert!(master.command(MasterCommand::Identify).contains("; play nothing; clock 2026-01-01 12:00:05"));
}

#[test]
fn it_is_no_larger_than_it_may_be() {
    let Sizes { flash, variables } = Sizes::of(&image("master_simulator"));
    println!("master_simulator: {flash} octets of flash, {variables} of RAM");
    // Of the Uno's 32 KB the boot loader has half a kilobyte.
    assert!(flash <= 28 * 1024, "{flash}");
}
