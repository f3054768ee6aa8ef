//! Recorded telegrams from beside the repository where they exist, else the project's own fixtures.

use std::{env, fs};
use std::path::{Path, PathBuf};

use meterscope_decoder::encode::axdr::{self, EnumUnit, NotificationTime};
use meterscope_decoder::encode::ciphered::{ENCRYPTED, Sealing};
use meterscope_decoder::encode::{Clock, EncodeError, Writer};
use meterscope_decoder::obis::Obis;

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

/// The key of [`encrypted_apdus`].
pub const KEY: [u8; 16] = *b"meterscope-bench";

/// A thousand general-glo-ciphering APDUs without a tag, each a list of a dozen registers with names and scaler-units one
/// after the other: the form that the peer turns into a map.
pub fn encrypted_apdus() -> Vec<Vec<u8>> {
    (0..1000).map(|counter| encrypted_apdu(counter).expect("the buffers are long enough")).collect()
}

fn encrypted_apdu(counter: u32) -> Result<Vec<u8>, EncodeError> {
    const REGISTERS: [(u8, u8); 12] =
        [(1, 8), (2, 8), (3, 8), (4, 8), (1, 7), (2, 7), (3, 7), (4, 7), (21, 7), (41, 7), (61, 7), (13, 7)];
    let mut buffer = [0; 1024];
    let mut plain = Writer::new(&mut buffer);
    let clock = Clock(800_000_000 + counter * 5);
    axdr::notification(&mut plain, counter, NotificationTime::Untagged(clock))?;
    axdr::structure(&mut plain, 3 * REGISTERS.len() as u8)?;
    for (value, (c, d)) in (counter..).zip(REGISTERS) {
        axdr::obis(&mut plain, Obis::new(1, 0, c, d, 0))?;
        axdr::double_long_unsigned(&mut plain, value * 1001)?;
        axdr::scaler_unit(&mut plain, 0, if d == 8 { EnumUnit::WattHour } else { EnumUnit::Watt })?;
    }
    let sealing = Sealing {
        system_title: *b"MSC\x10\x00\x00\x00\x01",
        control: ENCRYPTED,
        frame_counter: counter,
        encryption: KEY,
        authentication: KEY,
    };
    let mut buffer = [0; 1024];
    let mut sealed = Writer::new(&mut buffer);
    let llc = 3;
    sealing.write(&mut sealed, plain.finish().get(llc..).unwrap_or_default())?;
    Ok(sealed.finish().to_vec())
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
