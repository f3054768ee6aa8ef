//! What happens on the way from the master simulator to the forwarder: what is damaged is told, and nothing else is lost.

mod bus;
mod forwarding;

use bus::{Heard, decoded, frames, silent};
use forwarding::{octets, told, trouble};
use meterscope_decoder::encode::clock::Clock;
use meterscope_firmware_bench::{OUTPUT, Uno, image, line_of};
use meterscope_firmware_logic::master_command::{MasterCommand, Play};
use meterscope_firmware_logic::pattern::Meter;
use meterscope_firmware_waveform::Waveform;
use meterscope_firmware_waveform::random::Random;

const SECONDS: u32 = 21;
const BIT_NS: u64 = 1_000_000_000 / 2400;
const OCTET_NS: u64 = 11 * BIT_NS;
/// What the clock of the meter says at the beginning.
const HOUR: u8 = 14;

/// Lists of a Kaifa meter as they leave the board, and which they are.
fn lists() -> (Waveform, Vec<Vec<u8>>) {
    let clock = Clock::new(2026, 11, 21, HOUR, 0, 0).unwrap();
    let mut master = silent(Meter::Kaifa.line());
    assert_eq!(master.command(MasterCommand::Clock(clock)), "ok");
    let from = master.cycle();
    assert_eq!(master.command(MasterCommand::Play(Play::Meter(Meter::Kaifa))), "ok");
    master.run_for_us(u64::from(SECONDS) * 1_000_000);
    let line = line_of(&master.take_edges(OUTPUT), from, master.cycle());
    (line, frames(Meter::Kaifa, clock, SECONDS * 1000 - 500))
}

/// A forwarder in marked mode that knows the settings hears a line.
struct Bench {
    forwarder: Uno,
}

/// What came of it.
struct Result {
    heard: Heard,
    /// Octets with a fault and losses.
    faults: usize,
    /// As the board answers to `count`.
    counts: String,
}

impl Bench {
    fn new() -> Self {
        let mut forwarder = Uno::start(&image("forwarder"));
        forwarder.run_for_us(10_000);
        forwarder.ask("mode marked");
        assert_eq!(forwarder.ask("line 2400 8E1"), b"\xFF\x06ok\n");
        Self { forwarder }
    }

    fn hear(mut self, line: &Waveform) -> Result {
        let told = told(&self.forwarder.hear(line));
        let counts = self.forwarder.ask("count");
        Result {
            heard: decoded(&octets(&told)),
            faults: trouble(&told).len(),
            counts: String::from_utf8_lossy(&counts[2..]).trim_end().to_string(),
        }
    }
}

impl Result {
    /// All but one frame came whole.
    fn expect_all_but(&self, lost: usize, frames: &[Vec<u8>]) {
        let mut expected = frames.to_vec();
        expected.remove(lost);
        assert_eq!(self.heard.whole, expected, "{}", self.counts);
    }

    fn expect_all(&self, frames: &[Vec<u8>]) {
        assert_eq!(self.heard.whole, frames, "{}", self.counts);
        let octets: usize = frames.iter().map(Vec::len).sum();
        let count = frames.len();
        let expected = format!("octets {octets} parity 0 framing 0 break 0 lost 0 frames {count} damaged 0");
        assert_eq!((self.counts.as_str(), self.faults, self.heard.damaged), (expected.as_str(), 0, 0));
    }
}

/// Where an octet of a frame is on an undamaged line. Each frame begins with a pause before it.
fn octet_ns(line: &Waveform, frame: usize, octet: u64) -> u64 {
    let mut before_ns = 0;
    let starts = line.edges().iter().filter(|edge| {
        let is_start = !edge.level && (before_ns == 0 || edge.at_ns - before_ns > 2 * OCTET_NS);
        before_ns = edge.at_ns;
        is_start
    });
    starts.map(|edge| edge.at_ns).nth(frame).unwrap() + octet * OCTET_NS
}

#[test]
fn a_wrong_clock_is_nothing() {
    let (line, frames) = lists();
    for clock_error in [-0.03, 0.03] {
        let mut line = line.clone();
        line.hurry(clock_error);
        Bench::new().hear(&line).expect_all(&frames);
    }
}

#[test]
fn jitter_is_nothing() {
    let (mut line, frames) = lists();
    line.hurry(-0.015);
    line.shake(20_000, &mut Random::new(3));
    Bench::new().hear(&line).expect_all(&frames);
}

#[test]
fn glitches_of_fifty_microseconds_are_nothing() {
    let (mut line, frames) = lists();
    let (mut random, mut at_ns) = (Random::new(4), 0);
    while at_ns < line.end_ns() {
        line.add_noise(at_ns, 1000 + random.next() % 49_000);
        at_ns += 500_000 + random.next() % 1_000_000;
    }
    Bench::new().hear(&line).expect_all(&frames);
}

#[test]
fn octets_that_are_lost_cost_their_frame_and_no_other() {
    let (undamaged, frames) = lists();
    // Of a long list, its first octet, of its middle, and its last; and in the middle more than one.
    let last = frames[5].len() as u64 - 1;
    for (octet, count) in [(0, 1), (60, 1), (60, 7), (last, 1)] {
        let mut line = undamaged.clone();
        // The stop bit of the octet before is whole.
        line.hold(true, octet_ns(&undamaged, 5, octet) - BIT_NS / 2, count * OCTET_NS);
        let result = Bench::new().hear(&line);
        let all: u64 = frames.iter().map(|frame| frame.len() as u64).sum();
        assert!(result.counts.starts_with(&format!("octets {} parity 0", all - count)), "{}", result.counts);
        // Without its first flag the board sees no frame.
        let damaged = u8::from(octet != 0);
        assert!(result.counts.ends_with(&format!(" frames 10 damaged {damaged}")), "{}", result.counts);
        if octet == 0 || octet == last {
            // The decoder may take the flag of the frame beside for the one that is missing.
            let heard: Vec<_> = result.heard.whole.iter().map(|frame| without_flags(frame)).collect();
            let mut others = frames.clone();
            let spoiled = others.remove(5);
            assert!(others.iter().all(|frame| heard.contains(&without_flags(frame))), "{}", result.counts);
            assert!(
                result.heard.damaged > 0 || heard.contains(&without_flags(&spoiled)),
                "{}",
                result.counts
            );
        } else {
            result.expect_all_but(5, &frames);
            assert!(result.heard.damaged > 0, "{}", result.counts);
        }
    }
}

fn without_flags(frame: &[u8]) -> &[u8] {
    let frame = frame.strip_prefix(b"\x7E").unwrap_or(frame);
    frame.strip_suffix(b"\x7E").unwrap_or(frame)
}

#[test]
fn noise_is_told_and_costs_its_frame_and_no_other() {
    let (undamaged, frames) = lists();
    for seed in 0..4 {
        let mut line = undamaged.clone();
        let at_ns = octet_ns(&undamaged, 5, 50);
        line.add_burst(at_ns, 6 * OCTET_NS, 900_000, &mut Random::new(seed));
        let result = Bench::new().hear(&line);
        result.expect_all_but(5, &frames);
        assert!(result.faults > 0 && result.counts.ends_with(" damaged 1"), "{}", result.counts);
    }
}

#[test]
fn a_break_is_told_and_costs_its_frame_and_no_other() {
    let (undamaged, frames) = lists();
    let mut line = undamaged.clone();
    line.hold(false, octet_ns(&undamaged, 5, 40), 30 * OCTET_NS);
    let result = Bench::new().hear(&line);
    result.expect_all_but(5, &frames);
    assert!(result.counts.contains(" break 1 "), "{}", result.counts);
}

#[test]
fn noise_between_frames_costs_nothing() {
    let (undamaged, frames) = lists();
    let mut line = undamaged.clone();
    line.add_burst(octet_ns(&undamaged, 6, 0) - 300_000_000, 50_000_000, 900_000, &mut Random::new(9));
    let result = Bench::new().hear(&line);
    assert_eq!(result.heard.whole, frames, "{}", result.counts);
    assert!(result.faults > 0, "{}", result.counts);
}
