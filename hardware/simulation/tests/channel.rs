//! Lists of each meter, as UART edges in a VCD file, from the master's pin to pin D8 and back to octets.

// Nanoseconds of seconds are far from 2^52.
#![allow(clippy::cast_precision_loss)]

use std::path::Path;

use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Waveform};
use meterscope_simulation::channel::{Channel, pass};
use meterscope_simulation::corner::{BRIGHT, Corner, DIM, NOMINAL};
use meterscope_simulation::octets::{Framing, Received};
use meterscope_simulation::signal::Edge;
use meterscope_simulation::vcd::{self, Dump};

const BAUD: u32 = 2400;

/// The shortest list of a capture that this project's encoder made: an octet takes ngspice 30 ms.
fn list(meter: &str) -> Vec<u8> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../decoder/fixtures").join(meter).join("capture.hex");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let digits: Vec<u8> = text.lines().min_by_key(|line| line.len()).unwrap().bytes().collect();
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks_exact(2).map(octet).collect()
}

/// What a master's pin does, as its simulation writes it.
fn pin(octets: &[u8], settings: &str) -> String {
    let sender = Sender::exact(settings);
    let mut line = Waveform::resting(2_000_000);
    line.send(octets, &sender, &mut Random::new(1));
    line.rest(2e6);
    Dump { name: "D9".into(), initial: true, edges: line.edges().to_vec(), end_ns: line.end_ns() }.write()
}

fn received(file: &str, even_parity: bool) -> Received {
    let dump = vcd::read(file, Some("D8")).unwrap();
    let edges: Vec<Edge> =
        dump.edges.iter().map(|edge| Edge { at_s: edge.at_ns as f64 * 1e-9, level: edge.level }).collect();
    Framing { bit_s: 1.0 / f64::from(BAUD), even_parity }.receive(&edges, dump.end_ns as f64 * 1e-9)
}

fn through(octets: &[u8], settings: &str, channel: &Channel) -> Received {
    let pin = vcd::read(&pin(octets, settings), Some("D9")).unwrap();
    let d8 = pass(&pin, channel).unwrap_or_else(|failure| panic!("{failure}"));
    received(&d8.write(), settings.contains('E'))
}

fn channel(corner: Corner) -> Channel {
    Channel { corner, supply_v: 38.0, length_m: 50.0, loads: 3, baud: BAUD }
}

#[test]
fn lists_arrive_at_the_corners() {
    let lists = [("kaifa", "2400 8E1"), ("kamstrup", "2400 8N1"), ("aidon", "2400 8E1")];
    std::thread::scope(|scope| {
        for (meter, settings) in lists {
            scope.spawn(move || {
                let octets = list(meter);
                for corner in [NOMINAL, BRIGHT, DIM].into_iter().take(if meter == "kaifa" { 3 } else { 2 }) {
                    let received = through(&octets, settings, &channel(corner));
                    assert_eq!(received.plain(), octets, "{meter}, {}", corner.name);
                    assert_eq!(received.errors, 0, "{meter}, {}", corner.name);
                }
            });
        }
    });
}

#[test]
fn a_corner_that_is_too_far_is_seen() {
    const DARK: &[(&str, f64)] = &[("scale", 0.02)];
    let dark = Corner { name: "dark", set: DARK, ..NOMINAL };
    let octets = [0x7E, 0xA0, 0x27];
    assert_ne!(through(&octets, "2400 8E1", &channel(dark)).plain(), octets);
}
