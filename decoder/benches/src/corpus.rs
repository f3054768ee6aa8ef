//! Recorded telegrams from beside the repository where they exist, else the project's own fixtures.

use std::{env, fs};
use std::path::{Path, PathBuf};

/// The M-Bus long frames of the corpus.
pub fn mbus_frames() -> Vec<Vec<u8>> {
    let cases = recorded().join("cases/mbus.jsonl");
    let Ok(text) = fs::read_to_string(&cases) else { return fixture_frames() };
    text.lines()
        .filter_map(|line| {
            let case: serde_json::Value = serde_json::from_str(line).ok()?;
            octets(case.get("hex")?.as_str()?)
        })
        .filter(|frame| frame.first() == Some(&0x68))
        .collect()
}

/// Half a day of a Kaifa meter, or the Kaifa fixture over and over.
pub fn kaifa_capture() -> Vec<u8> {
    let recorded = recorded().join("captures/AmsToMqttBridge__kaifa_raw_20170915.bin");
    fs::read(recorded).unwrap_or_else(|_| fixture("kaifa").repeat(1000))
}

fn fixture_frames() -> Vec<Vec<u8>> {
    use meterscope_decoder::link::frames::{Frames, Item};
    let octets = fixture("heat");
    Frames::new(&octets)
        .filter_map(|item| match item {
            Item::Frame(frame) if frame.damage.is_none() => Some(frame.octets.to_vec()),
            _ => None,
        })
        .filter(|frame| frame.first() == Some(&0x68))
        .collect()
}

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name).join("capture.hex");
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    meterscope_capture::import(&text).expect("a fixture is hexadecimal text").octets
}

/// As the tests find them: in `METERSCOPE_SHARED`, else beside the repository.
fn recorded() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    env::var_os("METERSCOPE_SHARED").map_or_else(beside, PathBuf::from).join("conformance")
}

fn octets(hex: &str) -> Option<Vec<u8>> {
    meterscope_capture::import(hex.as_bytes()).ok().map(|imported| imported.octets)
}
