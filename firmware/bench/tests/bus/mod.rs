//! A master simulator and a forwarder on one bus.
#![allow(dead_code, reason = "each test uses a part")]

use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_decoder::error::Problem;
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::reading::Reading;
use meterscope_decoder::sink::FieldSink;
use meterscope_decoder::transport::Decoder;
use meterscope_firmware_bench::{BUS, CycleEdge, MasterSimulator, OUTPUT, Strap, Uno, image};
use meterscope_firmware_logic::command::Line;
use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::master_command::{MasterCommand, Play};
use meterscope_firmware_logic::pattern::Meter;

/// A master simulator, 20 ms after it was switched on.
pub fn master(straps: &[Strap]) -> MasterSimulator {
    let mut master = MasterSimulator::start(&image("master_simulator"), straps);
    master.paint_stack();
    master.run_for_us(20_000);
    master
}

/// One that plays nothing, with these settings; what it did before is over and forgotten.
pub fn silent(settings: LineSettings) -> MasterSimulator {
    let mut master = master(&[]);
    assert_eq!(master.command(MasterCommand::Play(Play::Nothing)), "ok");
    assert_eq!(master.command(MasterCommand::Line(Line::with(settings).unwrap())), "ok");
    // The frame that it began with.
    master.run_for_us(700_000);
    master.take_edges(OUTPUT);
    master
}

/// What a forwarder makes of it that was switched on at the same time and finds the settings by itself.
pub fn forwarded(edges: Vec<CycleEdge>, until_cycle: u64) -> Vec<u8> {
    let mut forwarder = Uno::start(&image("forwarder"));
    forwarder.feed(BUS, edges);
    forwarder.run_until(until_cycle);
    forwarder.take_octets()
}

/// The same with these settings, which come before the first edge.
pub fn forwarded_with(command: &str, edges: Vec<CycleEdge>, until_cycle: u64) -> Vec<u8> {
    let mut forwarder = Uno::start(&image("forwarder"));
    forwarder.run_for_us(10_000);
    assert_eq!(forwarder.ask(command), b"ok\n");
    assert!(edges.first().is_none_or(|first| first.0 > forwarder.cycle()));
    forwarder.feed(BUS, edges);
    forwarder.run_until(until_cycle);
    forwarder.take_octets()
}

pub fn settings(text: &str) -> LineSettings {
    text.parse().unwrap()
}

pub fn kind(meter: Meter) -> MeterKind {
    match meter {
        Meter::Kaifa => MeterKind::Kaifa,
        Meter::Kamstrup => MeterKind::Kamstrup,
        Meter::Aidon => MeterKind::Aidon,
        Meter::Heat => MeterKind::Heat,
    }
}

/// The first frames of a meter.
pub fn frames(meter: Meter, clock: Clock, until_ms: u32) -> Vec<Vec<u8>> {
    let (mut demo, mut buffer, mut frames) = (Demo::new(kind(meter), clock), [0; LONGEST_FRAME], Vec::new());
    while demo.next_at_ms() < until_ms {
        frames.push(demo.next_frame(&mut buffer).unwrap().octets.to_vec());
    }
    frames
}

/// What the decoder makes of octets.
#[derive(Debug, Default)]
pub struct Heard {
    pub whole: Vec<Vec<u8>>,
    /// Damaged frames, and stretches that are no frame.
    pub damaged: usize,
    pub numbers: Vec<([u8; 6], Decimal)>,
    pub problems: usize,
}

impl FieldSink for Heard {
    fn reading(&mut self, reading: &Reading<'_>) {
        if let (Some(obis), Some(number)) = (reading.obis, reading.value.number()) {
            self.numbers.push((obis.0, number));
        }
    }

    fn problem(&mut self, _: Problem) {
        self.problems += 1;
    }
}

pub fn decoded(octets: &[u8]) -> Heard {
    let (mut heard, mut decoder) = (Heard::default(), Box::new(Decoder::new()));
    for item in Items::new(octets) {
        match item {
            Item::Frame(frame) if frame.damage.is_none() => {
                heard.whole.push(frame.octets.to_vec());
                decoder.decode(&frame, &[], &mut heard);
            }
            Item::Frame(_) | Item::Skipped(..) => heard.damaged += 1,
        }
    }
    heard
}
