//! The captures in `decoder/fixtures` and what the decoder says of them. Each folder is one test: `capture.hex` goes in,
//! the lines of `expected.json` come out; where it is ciphered, `keys.txt` holds its keys, one a line. Every capture is
//! made by the encoder, with invented meters.
//!
//! After a change that is meant, `METERSCOPE_BLESS=1 cargo test -p meterscope-capture --features json` writes both files
//! again; the difference is then for a person to read.

use meterscope_capture::import;
use meterscope_capture::json_lines::JsonLines;
use meterscope_decoder::encode::aidon::{self, Wiring};
use meterscope_decoder::encode::demo::LONGEST_FRAME;
use meterscope_decoder::encode::secured::Secured;
use meterscope_decoder::encode::{Clock, Demo, Household, MeterKind, Writer};
use meterscope_decoder::items::Items;
use meterscope_decoder::security::Key;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_capture_gives_what_is_expected_of_it() {
    if bless() {
        // The other test is writing the files.
        return;
    }
    let mut folders = 0;
    for folder in fs::read_dir(root()).expect("decoder/fixtures") {
        let folder = folder.expect("a folder").path();
        let capture = fs::read(folder.join("capture.hex")).expect("capture.hex");
        let octets = import(&capture).expect("hexadecimal text").octets;
        compare(&folder.join("expected.json"), &decoded(&octets, &keys_in(&folder)));
        folders += 1;
    }
    assert!(folders >= captures().len(), "a folder is missing");
}

#[test]
fn every_capture_is_what_the_encoder_makes() {
    for (name, frames) in captures() {
        let folder = root().join(name);
        if bless() {
            fs::create_dir_all(&folder).expect("a new folder");
        }
        compare(&folder.join("capture.hex"), &hex_lines(&frames));
        if bless() {
            compare(&folder.join("expected.json"), &decoded(&frames.concat(), &keys_in(&folder)));
        }
    }
}

fn keys_in(folder: &Path) -> Vec<Key> {
    let text = fs::read_to_string(folder.join("keys.txt")).unwrap_or_default();
    text.lines().map(|line| line.parse().expect("a key a line")).collect()
}

/// The name of each folder and the frames in its capture.
fn captures() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    use MeterKind::{Aidon, AidonSweden, Heat, Kaifa, Kamstrup, LandisGyr, P1Netherlands, P1Sweden};
    // From ten seconds before the hour until list 3 has come.
    let over_the_hour = |kind| run(Demo::new(kind, start()), 21_000);
    let damaged = |kind, until_ms| run(Demo::new(kind, start()).damaged_every(2), until_ms);
    vec![
        ("aidon", over_the_hour(Aidon)),
        ("aidon-single-phase", vec![aidon_list_2(Wiring::SinglePhase)]),
        ("aidon-three-wire", vec![aidon_list_2(Wiring::ThreeWire)]),
        ("aidon-sweden", over_the_hour(AidonSweden)),
        ("aidon-damaged", damaged(Aidon, 21_000)),
        ("kaifa", over_the_hour(Kaifa)),
        ("kaifa-damaged", damaged(Kaifa, 21_000)),
        ("kamstrup", over_the_hour(Kamstrup)),
        ("landis-gyr", over_the_hour(LandisGyr)),
        ("heat", run(Demo::new(Heat, start().later(3560)), 31_000)),
        ("heat-damaged", damaged(Heat, 61_000)),
        ("p1-sweden", over_the_hour(P1Sweden)),
        ("p1-netherlands", run(Demo::new(P1Netherlands, start()), 2_000)),
        ("p1-damaged", damaged(P1Netherlands, 9_000)),
        ("ciphered-mbus-segments", secured(Secured::Austria)),
        ("ciphered-hdlc", secured(Secured::Denmark)),
        ("ciphered-blocks", secured(Secured::Switzerland)),
        ("ciphered-hdlc-segments", secured(Secured::Titleless)),
        ("authenticated", secured(Secured::Authenticated)),
        ("ciphered-p1", secured(Secured::Luxembourg)),
        ("ciphered-heat", secured(Secured::Heat)),
    ]
}

/// Two messages, ten seconds apart.
fn secured(kind: Secured) -> Vec<Vec<u8>> {
    let mut buffer = [0; 8192];
    let mut writer = Writer::new(&mut buffer);
    for counter in [4711, 4712] {
        let clock = start().later(10 * (counter - 4711));
        kind.write(&mut writer, clock, counter).expect("the buffer is long enough");
    }
    Items::new(writer.written()).map(|item| item.octets().to_vec()).collect()
}

fn start() -> Clock {
    Clock::new(2025, 3, 31, 11, 59, 50).expect("a time that exists")
}

fn run(mut demo: Demo, until_ms: u32) -> Vec<Vec<u8>> {
    let mut buffer = [0; LONGEST_FRAME];
    let mut frames = Vec::new();
    while demo.next_at_ms() < until_ms {
        frames.push(demo.next_frame(&mut buffer).expect("the buffer is long enough").octets.to_vec());
    }
    frames
}

fn aidon_list_2(wiring: Wiring) -> Vec<u8> {
    let mut buffer = [0; LONGEST_FRAME];
    let mut writer = Writer::new(&mut buffer);
    let now = Household::starting(start()).measurements();
    aidon::frame(&mut writer, aidon::List::Two, wiring, &now).expect("the buffer is long enough");
    writer.finish().to_vec()
}

/// A frame a line.
fn hex_lines(frames: &[Vec<u8>]) -> String {
    let mut text = String::new();
    for frame in frames {
        for octet in frame {
            write!(text, "{octet:02X}").expect("a string takes everything");
        }
        text.push('\n');
    }
    text
}

fn decoded(octets: &[u8], keys: &[Key]) -> String {
    let mut maker = JsonLines::with_keys(keys.to_vec());
    let mut lines = Vec::new();
    let mut offset = 0;
    for item in Items::new(octets) {
        lines.extend_from_slice(maker.line(offset, &item));
        offset += item.octets().len() as u64;
    }
    lines.extend_from_slice(maker.end(offset));
    String::from_utf8(lines).expect("JSON is UTF-8")
}

fn compare(path: &Path, found: &str) {
    if bless() {
        return fs::write(path, found).expect("a file that can be written");
    }
    let expected = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (number, (expected, found)) in expected.lines().zip(found.lines()).enumerate() {
        assert_eq!(expected, found, "{} line {}", path.display(), number + 1);
    }
    assert_eq!(expected.lines().count(), found.lines().count(), "lines in {}", path.display());
}

fn bless() -> bool {
    std::env::var_os("METERSCOPE_BLESS").is_some()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}
