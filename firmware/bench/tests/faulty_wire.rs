//! A master simulator and a forwarder that run together, with a wire between them on which something happens.

mod bus;
mod forwarding;

use bus::{decoded, frames, silent};
use forwarding::{octets, told, trouble};
use meterscope_decoder::encode::clock::Clock;
use meterscope_firmware_bench::{BUS, CYCLES_PER_MICROSECOND, FaultyWire, OUTPUT, Uno, Wire, image};
use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::marks::Told;
use meterscope_firmware_logic::master_command::{MasterCommand, Play};
use meterscope_firmware_logic::pattern::Meter;
use meterscope_firmware_waveform::channel::{Faults, Loss, Noise};

const SECONDS: u32 = 13;
const SLICE_US: u64 = 4000;
const WIRE: Wire = Wire { from: OUTPUT, to: BUS };

/// What came of it.
struct Outcome {
    told: Vec<Told>,
    /// Octets that the wire lost.
    lost: Vec<usize>,
    /// As the forwarder answers to `count`.
    counts: String,
}

fn clock() -> Clock {
    Clock::new(2026, 11, 21, 14, 0, 0).unwrap()
}

/// What a meter sends in this time.
fn sent() -> Vec<Vec<u8>> {
    frames(Meter::Kaifa, clock(), SECONDS * 1000 - 500)
}

/// Both boards run, slice by slice; the forwarder knows the settings.
fn forwarded(happens: Faults, seed: u64) -> Outcome {
    let mut master = silent(Meter::Kaifa.line());
    let mut forwarder = Uno::start(&image("forwarder"));
    forwarder.run_for_us(10_000);
    forwarder.ask("mode marked");
    assert_eq!(forwarder.ask("line 2400 8E1"), b"\xFF\x06ok\n");
    let mut wire = FaultyWire::new(WIRE, happens, seed);
    assert_eq!(master.command(MasterCommand::Clock(clock())), "ok");
    assert_eq!(master.command(MasterCommand::Play(Play::Meter(Meter::Kaifa))), "ok");
    let mut cycle = forwarder.cycle();
    let until = master.cycle() + u64::from(SECONDS) * 1_000_000 * CYCLES_PER_MICROSECOND;
    while cycle < until {
        cycle += SLICE_US * CYCLES_PER_MICROSECOND;
        wire.advance(&mut master, &mut forwarder, cycle);
    }
    let told = told(&forwarder.take_octets());
    let counts = String::from_utf8_lossy(&forwarder.ask("count")[2..]).trim_end().to_string();
    Outcome { told, lost: wire.lost().to_vec(), counts }
}

const GLITCHES: Noise = Noise { every_ns: 1_000_000, pulses: 1, longest_ns: 50_000 };
const LOSS: Loss = Loss { settings: LineSettings::MBUS, one_of: 40 };

#[test]
fn small_faults_lose_nothing() {
    let none = Faults::default();
    let sent = sent();
    for happens in [
        none,
        Faults { clock_error: 0.03, ..none },
        Faults { clock_error: -0.03, ..none },
        Faults { jitter_ns: 40_000, ..none },
        Faults { noise: Some(GLITCHES), ..none },
        Faults { clock_error: -0.015, jitter_ns: 10_000, noise: Some(GLITCHES), loss: None },
    ] {
        let Outcome { told, counts, .. } = forwarded(happens, 7);
        assert_eq!(octets(&told), sent.concat(), "{happens:?} {counts}");
        assert_eq!(trouble(&told), [], "{happens:?} {counts}");
        assert!(
            counts.ends_with(&format!(" lost 0 frames {} damaged 0", sent.len())),
            "{happens:?} {counts}"
        );
    }
}

#[test]
fn of_octets_that_are_lost_exactly_those_are_missing() {
    let sent = sent().concat();
    let small = Faults { clock_error: 0.01, jitter_ns: 10_000, noise: Some(GLITCHES), loss: None };
    let mut others = Vec::new();
    for (happens, seed) in [(Faults::default(), 1), (Faults::default(), 2), (small, 3)] {
        let Outcome { told, lost, counts } = forwarded(Faults { loss: Some(LOSS), ..happens }, seed);
        let kept =
            sent.iter().enumerate().filter(|(place, _)| !lost.contains(place)).map(|(_, octet)| *octet);
        assert!(lost.len() > 3, "{lost:?}");
        assert_eq!(octets(&told), kept.collect::<Vec<_>>(), "{lost:?} {counts}");
        assert_eq!(trouble(&told), [], "{counts}");
        assert!(!others.contains(&lost), "another seed loses others");
        others.push(lost);
    }
}

#[test]
fn noise_is_told_and_what_it_spares_is_whole() {
    let noise = Some(Noise { every_ns: 3_000_000_000, pulses: 12, longest_ns: 900_000 });
    let sent = sent();
    let mut told_faults = 0;
    for seed in 0..3 {
        let Outcome { told, counts, .. } = forwarded(Faults { noise, ..Faults::default() }, seed);
        let heard = decoded(&octets(&told));
        assert!(heard.whole.iter().all(|frame| sent.contains(frame)), "{counts}");
        // A burst is over within 22 ms: it spoils one frame at most, and there are five of them.
        assert!(heard.whole.len() + 5 >= sent.len(), "{counts}");
        told_faults += trouble(&told).len();
    }
    assert!(told_faults > 0);
}

#[test]
fn the_same_seed_does_the_same() {
    let noise = Some(Noise { every_ns: 100_000_000, pulses: 3, longest_ns: 900_000 });
    let happens = Faults { clock_error: 0.02, jitter_ns: 20_000, noise, loss: Some(LOSS) };
    let (once, again, other) = (forwarded(happens, 5), forwarded(happens, 5), forwarded(happens, 6));
    assert_eq!((once.told.clone(), once.lost), (again.told, again.lost));
    assert_ne!(once.told, other.told);
}
