//! What people paste, as public logs show it, with telegrams of invented meters in it. Each folder of `forms` is one test:
//! `input.*` goes in, `expected.txt` comes out.
//!
//! The first line of `expected.txt` names the frames of `decoder/fixtures` whose octets must be found, by folder and line.
//! The rest, which `METERSCOPE_BLESS=1 cargo test -p meterscope-capture --test forms` writes again, is what was taken for
//! what, what was left out, and the stamps.

use meterscope_capture::{Direction, Imported, import};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[test]
fn every_form_gives_its_octets_and_says_what_it_was() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    let mut folders = 0;
    for folder in fs::read_dir(root).expect("tests/forms") {
        let folder = folder.expect("a folder").path();
        let name = folder.display();
        let expected_path = folder.join("expected.txt");
        let expected = fs::read_to_string(&expected_path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (octets, _) = expected.split_once('\n').unwrap_or((&expected, ""));
        let imported = import(&input(&folder)).unwrap_or_else(|error| panic!("{name}: {error}"));
        if octets != "octets -" {
            let fixtures = octets.strip_prefix("octets ").expect("a first line with fixtures");
            assert_eq!(hex(&imported.octets), hex(&fixture_octets(fixtures)), "{name}");
        }
        let found = format!("{octets}\n{}", described(&imported));
        if std::env::var_os("METERSCOPE_BLESS").is_some() {
            fs::write(expected_path, found).expect("a file that can be written");
        } else {
            assert_eq!(found, expected, "{name}");
        }
        folders += 1;
    }
    assert!(folders >= 28, "a folder is missing");
}

fn input(folder: &Path) -> Vec<u8> {
    let mut files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let input = files.find(|file| file.file_stem().is_some_and(|stem| stem == "input"));
    fs::read(input.expect("an input")).expect("a file that can be read")
}

/// The octets of frames, named as `heat:4`.
fn fixture_octets(names: &str) -> Vec<u8> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut octets = Vec::new();
    for name in names.split(' ') {
        let (folder, line) = name.split_once(':').expect("a folder and a line");
        let capture = fs::read_to_string(fixtures.join(folder).join("capture.hex")).expect("a fixture");
        let line: usize = line.parse().expect("a number");
        let digits = capture.lines().nth(line - 1).expect("a line");
        let pairs = (0..digits.len()).step_by(2);
        octets.extend(pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits")));
    }
    octets
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(" ")
}

fn described(imported: &Imported) -> String {
    let mut text = String::new();
    for part in &imported.parts {
        writeln!(text, "part, {}: {}, {} octets", part.source, part.form, part.octets.len()).unwrap();
    }
    for left_out in &imported.left_out {
        writeln!(text, "left out, {}: {} | {}", left_out.source, left_out.why, left_out.text).unwrap();
    }
    for stamp in &imported.stamps {
        let direction = match stamp.direction {
            Some(Direction::Received) => "received",
            Some(Direction::Sent) => "sent",
            None => "-",
        };
        let time = stamp.time.map_or("-".to_owned(), |time| time.to_string());
        writeln!(text, "stamp {}: {direction} {time}", stamp.offset).unwrap();
    }
    if imported.offers.masked_digits > 0 || imported.offers.undo_crlf {
        writeln!(text, "{:?}", imported.offers).unwrap();
    }
    text
}
