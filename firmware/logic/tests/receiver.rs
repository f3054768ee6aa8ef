//! The receiver on lines of good and bad senders.

mod line;

use line::{STARTED_NS, hear, received};
use meterscope_firmware_logic::edge::Tick;
use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::receiver::{Fault, Format, Receiver, SPEEDS, Speed};
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Edge, Sender, Spoiling, Waveform};
use proptest::prelude::*;

const FORMATS: [&str; 7] = ["8N1", "8E1", "8O1", "7N1", "7E1", "7O1", "8E2"];

fn receiver(settings: LineSettings) -> Receiver {
    Receiver::with(settings).unwrap()
}

fn every_octet() -> Vec<u8> {
    (0..=255).collect()
}

#[test]
fn every_octet_comes_through_at_every_setting_with_a_wrong_clock() {
    for speed in SPEEDS {
        for format in FORMATS {
            let sender = Sender::exact(&format!("{speed} {format}"));
            let mask = u8::MAX >> (8 - sender.settings.data_bits);
            let expected: Vec<u8> = every_octet().iter().map(|octet| octet & mask).collect();
            for clock_error in [-0.04, -0.03, -0.02, 0.0, 0.02, 0.03, 0.04] {
                let sender = Sender { clock_error, ..sender };
                let mut line = Waveform::resting(STARTED_NS);
                line.send(&every_octet(), &sender, &mut Random::new(1));
                let heard = hear(&line, receiver(sender.settings));
                let faults = heard.iter().filter(|octet| octet.fault.is_some()).count();
                assert_eq!(
                    (received(&heard), faults),
                    (expected.clone(), 0),
                    "{speed} {format} {clock_error}"
                );
            }
        }
    }
}

#[test]
fn octets_are_right_before_the_parity_is_known() {
    for format in ["8N1", "8E1", "8O1", "8N2"] {
        for clock_error in [-0.03, 0.03] {
            let sender = Sender { clock_error, ..Sender::exact(&format!("2400 {format}")) };
            let mut line = Waveform::resting(STARTED_NS);
            line.send(&every_octet(), &sender, &mut Random::new(1));
            let heard = hear(&line, Receiver::<0>::new(Speed::USUAL, Format::ParityUnknown));
            assert_eq!(received(&heard), every_octet(), "{format}");
        }
    }
}

#[test]
fn faults_are_told_with_their_octet() {
    let sender = Sender::exact("2400 8E1");
    let (mut line, mut random) = (Waveform::resting(STARTED_NS), Random::new(1));
    line.send(&[0x55], &sender, &mut random);
    line.send_spoiled(0x31, Spoiling::Parity, &sender, &mut random);
    line.send_spoiled(0x42, Spoiling::Stop, &sender, &mut random);
    line.send(&[0xAA], &sender, &mut random);
    line.low(20.0 * sender.bit_ns());
    line.rest(3.0 * sender.bit_ns());
    line.send(&[0x7E], &sender, &mut random);
    let heard: Vec<_> =
        hear(&line, receiver(sender.settings)).iter().map(|octet| (octet.octet, octet.fault)).collect();
    let expected = [
        (0x55, None),
        (0x31, Some(Fault::Parity)),
        (0x42, Some(Fault::Framing)),
        (0xAA, None),
        (0x00, Some(Fault::Break)),
        (0x7E, None),
    ];
    assert_eq!(heard, expected);
}

#[test]
fn an_octet_knows_when_it_began() {
    let sender = Sender::exact("300 8E1");
    let mut line = Waveform::resting(STARTED_NS);
    line.rest(1e6);
    line.send(&[0x00, 0xFF], &sender, &mut Random::new(1));
    let heard = hear(&line, receiver(sender.settings));
    let [first, second] = heard[..] else { panic!("{heard:?}") };
    assert_eq!(u64::from(first.began), u64::from(STARTED_NS + 1_000_000) / 4000 % 0x1_0000);
    // Eleven bits of 3333.3 µs in ticks of 4 µs.
    assert_eq!(second.began.wrapping_sub(first.began), 9166);
}

/// Octets, each with a pulse somewhere in it: at which bit, and how many nanoseconds.
type Noisy = (u8, f64, u64);

/// What is heard of them, and whether something is wrong with it.
fn heard_through_noise(octets: &[Noisy], sender: &Sender) -> Vec<(u8, bool)> {
    heard(&noisy_line(octets, sender), receiver(sender.settings))
}

/// What a board's stamps need that may be up to 5 µs late.
const LATE_TICKS: Tick = 1;

/// The same with such stamps.
fn heard_late_through_noise(octets: &[Noisy], sender: &Sender, seed: u64) -> Vec<(u8, bool)> {
    let (line, mut random, mut last_ns) = (noisy_line(octets, sender), Random::new(seed), 0);
    let late = line.edges().iter().map(|edge| {
        last_ns = last_ns.max(edge.at_ns + random.next() % 5001);
        Edge { at_ns: last_ns, level: edge.level }
    });
    let late = Waveform::seen(late.collect::<Vec<_>>(), line.end_ns());
    heard(&late, Receiver::<LATE_TICKS>::with(sender.settings).unwrap())
}

fn noisy_line(octets: &[Noisy], sender: &Sender) -> Waveform {
    let (mut line, mut random) = (Waveform::resting(STARTED_NS), Random::new(1));
    let mut noise: Vec<(u64, u64)> = Vec::new();
    for &(octet, place, length_ns) in octets {
        noise.push((line.end_ns().saturating_add_signed((place * sender.bit_ns()) as i64), length_ns));
        line.send(&[octet], sender, &mut random);
        line.rest(2.0 * sender.bit_ns());
    }
    noise.dedup_by(|next, before| next.0 < before.0 + 300_000);
    for (at_ns, length_ns) in noise {
        line.add_noise(at_ns, length_ns);
    }
    line
}

fn heard<const LATE_TICKS: Tick>(line: &Waveform, receiver: Receiver<LATE_TICKS>) -> Vec<(u8, bool)> {
    hear(line, receiver).iter().map(|octet| (octet.octet, octet.fault.is_some())).collect()
}

fn expected(octets: &[Noisy]) -> Vec<(u8, bool)> {
    octets.iter().map(|&(octet, ..)| (octet, false)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// One pulse an octet, anywhere, either way, of up to 50 µs.
    #[test]
    fn noise_of_fifty_microseconds_is_nothing(
        octets in prop::collection::vec((any::<u8>(), 0.0..12.0, 1_000_u64..=50_000), 1..30),
        clock_error in -0.02..0.02,
        format in prop::sample::select(&FORMATS[..3]),
        speed in prop::sample::select(&SPEEDS[1..]),
    ) {
        let sender = Sender { clock_error, ..Sender::exact(&format!("{speed} {format}")) };
        prop_assert_eq!(heard_through_noise(&octets, &sender), expected(&octets));
    }

    /// Also by stamps that are late, some more than others, where the receiver knows of it.
    #[test]
    fn noise_is_nothing_however_late_its_stamps_are(
        octets in prop::collection::vec((any::<u8>(), -0.7..10.5, 40_000_u64..=50_000), 1..30),
        clock_error in -0.01..0.01,
        format in prop::sample::select(&FORMATS[..3]),
        speed in prop::sample::select(&SPEEDS[1..3]),
        seed in any::<u64>(),
    ) {
        let sender = Sender { clock_error, ..Sender::exact(&format!("{speed} {format}")) };
        prop_assert_eq!(heard_late_through_noise(&octets, &sender, seed), expected(&octets));
    }

    /// At 9600 baud a bit is not much longer than that.
    #[test]
    fn noise_of_a_quarter_of_a_bit_is_nothing_at_9600_baud(
        octets in prop::collection::vec((any::<u8>(), 0.0..12.0, 1_000_u64..=28_000), 1..30),
        clock_error in -0.01..0.01,
        format in prop::sample::select(&FORMATS[..3]),
    ) {
        let sender = Sender { clock_error, ..Sender::exact(&format!("9600 {format}")) };
        prop_assert_eq!(heard_through_noise(&octets, &sender), expected(&octets));
    }

    /// However edges are early or late by up to 5 % of a bit.
    #[test]
    fn jitter_is_nothing(octets in prop::collection::vec(any::<u8>(), 1..60), clock_error in -0.03..0.03, seed in any::<u64>()) {
        for speed in SPEEDS {
            let exact = Sender::exact(&format!("{speed} 8E1"));
            let sender = Sender { clock_error, jitter_ns: 0.05 * exact.bit_ns(), ..exact };
            let mut line = Waveform::resting(STARTED_NS);
            line.send(&octets, &sender, &mut Random::new(seed));
            let heard = hear(&line, receiver(sender.settings));
            prop_assert!(heard.iter().all(|octet| octet.fault.is_none()));
            prop_assert_eq!(received(&heard), octets.clone());
        }
    }

    /// Whatever edges come, the receiver goes on, and an octet behind a rest is right.
    #[test]
    fn after_any_edges_and_a_rest_the_next_octet_is_right(
        runs_ns in prop::collection::vec(1e3..3e6, 0..100),
        octet in any::<u8>(),
    ) {
        let sender = Sender::exact("2400 8E1");
        let mut line = Waveform::resting(STARTED_NS);
        for run in runs_ns.chunks(2) {
            line.low(run[0]);
            line.rest(run.get(1).copied().unwrap_or(1.0));
        }
        line.rest(11.0 * sender.bit_ns());
        line.send(&[octet], &sender, &mut Random::new(1));
        let heard = hear(&line, receiver(sender.settings));
        let last = heard.last().map(|octet| (octet.octet, octet.fault));
        prop_assert_eq!(last, Some((octet, None)));
    }
}
