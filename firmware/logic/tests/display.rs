//! What a display shows of what comes on the bus, without bus and display: the stories of `firmware/stories`.

use std::path::Path;

use meterscope_firmware_logic::display::line::Line;
use meterscope_firmware_logic::display::screen::{Board, Geometry, Screen};
use meterscope_firmware_logic::display::watt_meter::{FrameReceiver, WattMeter};
use meterscope_firmware_logic::receiver::{Format, Speed};
use meterscope_firmware_waveform::story::{self, LOOK_MS, Story};

/// A watt-meter and the board around it, as far as time and counts go.
struct Simple {
    meter: WattMeter,
    receiver: Box<FrameReceiver>,
    faults: u16,
}

/// A line is quiet after so long.
const QUIET_MS: u64 = 100;

impl Simple {
    fn new() -> Self {
        Self { meter: WattMeter::new(), receiver: Box::new(FrameReceiver::new()), faults: 0 }
    }

    /// What comes before `until_ms`, from `from_ms` on.
    fn hear(&mut self, story: &Story, from_ms: u64, until_ms: u64) {
        let span = from_ms..until_ms;
        for sent in &story.sent {
            let octet_us = story.sender.settings.octet_micros();
            let ends_ms = |count: usize| sent.at_ms + count as u64 * octet_us / 1000;
            for (place, &octet) in sent.octets.iter().enumerate() {
                if span.contains(&ends_ms(place + 1)) {
                    let octet = if sent.is_faulty { !octet } else { octet };
                    self.faults += u16::from(sent.is_faulty);
                    self.meter.hear(Some(octet), second(ends_ms(place + 1)), &mut self.receiver);
                }
            }
            let quiet_ms = ends_ms(sent.octets.len()) + QUIET_MS;
            if span.contains(&quiet_ms) {
                self.meter.hear(None, second(quiet_ms), &mut self.receiver);
            }
        }
    }

    fn screen(&self, story: &Story, now_s: u32, geometry: Geometry) -> Vec<String> {
        let settings = story.sender.settings;
        // The parity is known from the first octets on; before them it is not.
        let format = if self.meter.octet_age_s(now_s).is_none() {
            Format::ParityUnknown
        } else {
            Format::Known { data_bits: settings.data_bits, parity: settings.parity }
        };
        let board = Board { now_s, speed: Speed::of(settings.baud).unwrap(), format, faults: self.faults };
        let screen = Screen { meter: &self.meter, board, geometry };
        (0..geometry.lines()).map(|row| characters(&screen.line(row), geometry)).collect()
    }
}

fn second(ms: u64) -> u32 {
    1 + (ms / 1000) as u32
}

fn characters(line: &Line, geometry: Geometry) -> String {
    (0..geometry.columns()).map(|column| char::from(line.at(column))).collect()
}

fn firmware() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn every_story_shows_what_it_should() {
    let mut stories = 0;
    for entry in std::fs::read_dir(firmware().join("stories")).unwrap() {
        let folder = entry.unwrap().path();
        let story = Story::read(&folder.join("story.txt"), &firmware().join("../decoder/fixtures"));
        let mut display = Simple::new();
        let (mut seen, mut heard_ms) = (String::new(), 0);
        for &show_s in &story.shows_s {
            let now_ms = u64::from(show_s) * 1000 + LOOK_MS;
            display.hear(&story, heard_ms, now_ms);
            heard_ms = now_ms;
            let screens = [Geometry::Small, Geometry::Large]
                .map(|geometry| display.screen(&story, second(now_ms), geometry));
            seen += &story::shown(show_s, &screens);
        }
        story::check(&folder, &seen);
        stories += 1;
    }
    assert!(stories >= 11, "{stories}");
}
