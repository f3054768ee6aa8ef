//! Octets to try: invented meters, fixtures, and recorded telegrams where the folder with them exists.

use meterscope_decoder::encode::demo::LONGEST_FRAME;
use meterscope_decoder::encode::{Clock, Demo, MeterKind};
use meterscope_decoder::security::Key;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A stream and where it comes from.
pub struct Stream {
    pub name: String,
    pub octets: Vec<u8>,
    /// The keys that belong to it.
    pub keys: Vec<Key>,
}

/// Everything there is.
pub fn streams() -> Vec<Stream> {
    let mut streams = run_demos();
    #[cfg(feature = "crypto")]
    streams.extend(secured());
    streams.extend(fixtures());
    streams.extend(recorded());
    streams
}

/// Three quarters of a minute of each invented meter around the full hour, plain and with damage.
pub fn demo_streams() -> &'static [Stream] {
    static STREAMS: LazyLock<Vec<Stream>> = LazyLock::new(run_demos);
    &STREAMS
}

fn run_demos() -> Vec<Stream> {
    let mut streams = Vec::new();
    for kind in MeterKind::ALL {
        for every in [0, 2] {
            let mut demo = Demo::new(kind, before_the_hour()).damaged_every(every);
            let mut octets = Vec::new();
            while demo.next_at_ms() <= 45_000 {
                octets.extend(next_frame(&mut demo));
            }
            streams.push(Stream { name: format!("{} {every}", kind.name()), octets, keys: Vec::new() });
        }
    }
    streams
}

/// One of each ciphered message, with its key.
#[cfg(feature = "crypto")]
fn secured() -> impl Iterator<Item = Stream> {
    use meterscope_decoder::encode::Writer;
    use meterscope_decoder::encode::secured::{AUTHENTICATION_KEY, ENCRYPTION_KEY, SYSTEM_TITLE, Secured};
    use meterscope_decoder::security::Owner;

    Secured::ALL.into_iter().map(|kind| {
        let mut buffer = [0; 8192];
        let mut writer = Writer::new(&mut buffer);
        for counter in 1..3 {
            kind.write(&mut writer, before_the_hour(), counter).expect("the buffer is long enough");
        }
        let titled = Key::new(ENCRYPTION_KEY, Some(AUTHENTICATION_KEY), Owner::Address(SYSTEM_TITLE));
        let anyone = Key::new(ENCRYPTION_KEY, Some(AUTHENTICATION_KEY), Owner::Anyone);
        let octets = writer.finish().to_vec();
        Stream { name: format!("{kind:?}"), octets, keys: vec![titled, anyone] }
    })
}

/// Half a minute before noon on a day in March.
pub fn before_the_hour() -> Clock {
    Clock::new(2025, 3, 31, 11, 59, 30).expect("a time that exists")
}

/// The next frame of an invented meter.
pub fn next_frame(demo: &mut Demo) -> Vec<u8> {
    let mut buffer = [0; LONGEST_FRAME];
    demo.next_frame(&mut buffer).expect("the buffer is long enough").octets.to_vec()
}

/// The folder with the project's own fixtures.
pub fn fixtures_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn fixtures() -> Vec<Stream> {
    let Ok(folders) = fs::read_dir(fixtures_folder()) else { return Vec::new() };
    folders
        .map(|folder| {
            let path = folder.expect("a readable folder").path().join("capture.hex");
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Stream { name: path.display().to_string(), octets: hex(&text), keys: Vec::new() }
        })
        .collect()
}

/// Recorded telegrams stay outside of the repository; `METERSCOPE_SHARED` names another place for them.
fn recorded() -> Vec<Stream> {
    let shared = std::env::var_os("METERSCOPE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let mut streams = Vec::new();
    for file in ["han.jsonl", "mbus.jsonl"] {
        let Ok(text) = fs::read_to_string(shared.join("conformance/cases").join(file)) else { continue };
        for line in text.lines() {
            // A float that is not a number stands there as Python writes it.
            let line = line.replace(":NaN", ":null");
            let case: serde_json::Value = serde_json::from_str(&line).expect("a case is JSON");
            let (Some(name), Some(digits)) = (case["name"].as_str(), case["hex"].as_str()) else {
                panic!("a case has a name and hex")
            };
            streams.push(Stream { name: name.to_owned(), octets: hex(digits), keys: keys(&case) });
        }
    }
    streams
}

/// What the case gives as keys.
fn keys(case: &serde_json::Value) -> Vec<Key> {
    let Some(encryption) = case["key"].as_str() else { return Vec::new() };
    let authentication = case["auth_key"].as_str().map(|key| format!(":{key}")).unwrap_or_default();
    vec![format!("{encryption}{authentication}").parse().expect("a case's key is one")]
}

/// Hex digits to octets; everything behind a `#` is a comment.
pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .lines()
        .flat_map(|line| line.split('#').next().unwrap_or_default().chars())
        .filter(|character| !character.is_whitespace())
        .map(|digit| digit.to_digit(16).expect("a hex digit") as u8)
        .collect();
    assert!(digits.len().is_multiple_of(2), "an odd number of hex digits");
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
