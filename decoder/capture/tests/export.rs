//! What a capture is saved as: what can be read back is read back, and tables hold what the JSON lines say.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use meterscope_capture::export::{Export, Extent, Format};
use meterscope_capture::overrides::Overrides;
use meterscope_capture::{Direction, EventKind, Imported, LineEvent, Reference, Stamp, Time, import};
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::security::Key;
use proptest::prelude::*;
use serde_json::Value;

fn export(capture: &Imported, extent: &Extent, keys: &[Key], format: Format) -> (Vec<u8>, u64) {
    let overrides = Overrides::default();
    let export =
        Export { capture, extent, keys, overrides: &overrides, zone_minutes: 60, application: "Meterscope" };
    let mut out = Vec::new();
    let octets = export.write(format, &mut out).expect("a vector takes everything");
    (out, octets)
}

fn all(capture: &Imported, format: Format) -> Vec<u8> {
    export(capture, &Extent::All, &[], format).0
}

struct Fixture {
    name: PathBuf,
    capture: Imported,
    keys: Vec<Key>,
}

/// Every capture of `decoder/fixtures`, as if its octets had come in pieces of seven, a hundredth of a second apart.
fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let folders = fs::read_dir(folder).expect("decoder/fixtures");
    let fixture = |name: PathBuf| {
        let mut capture = import(&fs::read(name.join("capture.hex")).expect("capture.hex")).expect("octets");
        capture.stamps = (0..capture.octets.len()).step_by(7).map(|offset| stamp(offset, offset)).collect();
        let keys = fs::read_to_string(name.join("keys.txt")).unwrap_or_default();
        let keys = keys.lines().map(|line| line.parse().expect("a key a line")).collect();
        Fixture { name, capture, keys }
    };
    let fixtures: Vec<_> = folders.map(|folder| fixture(folder.expect("a folder").path())).collect();
    assert!(fixtures.len() > 20);
    fixtures
}

const START: i64 = 1_795_248_720_000_000_000;

fn stamp(offset: usize, hundredths: usize) -> Stamp {
    let time = Time::since_1970(START + hundredths as i64 * 10_000_000, 6);
    Stamp { offset, time: Some(time), direction: Some(Direction::Received) }
}

/// Each octet with what is known of it.
fn told(capture: &Imported) -> Vec<(u8, Option<Time>, Option<Direction>)> {
    let octet = |(offset, &octet)| {
        let stamp = capture.stamp_at(offset);
        (octet, stamp.and_then(|stamp| stamp.time), stamp.and_then(|stamp| stamp.direction))
    };
    (0..).zip(&capture.octets).map(octet).collect()
}

/// The same in a log: all octets of a frame that go one way have the time of the first.
fn told_in_a_log(capture: &Imported) -> Vec<(u8, Option<Time>, Option<Direction>)> {
    let mut told = told(capture);
    let mut offset = 0;
    for item in Items::new(&capture.octets) {
        let octets = &mut told[offset..offset + item.octets().len()];
        offset += octets.len();
        if matches!(item, Item::Frame(_)) {
            for way in octets.chunk_by_mut(|(_, _, one), (_, _, other)| one == other) {
                let first = way[0].1;
                for (_, time, _) in way {
                    *time = first;
                }
            }
        }
    }
    told
}

#[test]
fn octets_are_read_back_with_their_times() {
    for Fixture { name, capture, .. } in fixtures() {
        assert!(all(&capture, Format::Raw) == capture.octets, "{}", name.display());
        for (format, expected) in
            [(Format::HexLog, told_in_a_log(&capture)), (Format::Pcapng, told(&capture))]
        {
            let read_back = import(&all(&capture, format)).unwrap();
            assert!(told(&read_back) == expected, "{} {format:?}", name.display());
            assert_eq!(read_back.left_out, []);
            // Of a line that nobody knows nothing is made up.
            assert_eq!(read_back.events, []);
        }
    }
}

#[test]
fn a_log_of_a_capture_without_times_has_a_frame_a_line() {
    for Fixture { name, mut capture, .. } in fixtures() {
        capture.stamps.clear();
        let log = all(&capture, Format::HexLog);
        let read_back = import(&log).unwrap();
        assert!(read_back.octets == capture.octets && read_back.stamps.is_empty(), "{}", name.display());
        let lines = log.split(|&octet| octet == b'\n').count() - 1;
        assert_eq!(lines, Items::new(&capture.octets).count());
    }
}

/// A recording has a time every tenth of a second, and a frame at 2400 baud takes half of one.
#[test]
fn a_log_of_a_recording_has_a_frame_a_line() {
    let frame = [0x10, 0x40, 0x01, 0x41, 0x16];
    let mut capture =
        Imported { octets: [&frame[..], &[0x55, 0x55], &frame].concat(), ..Imported::default() };
    capture.stamps = (0..capture.octets.len()).map(|offset| stamp(offset, 10 * offset)).collect();
    let log = |capture: &Imported| String::from_utf8(all(capture, Format::HexLog)).unwrap();
    let line = |tenths: usize, octets: &str| format!("2026-11-21T08:12:00.{tenths}00000Z RX: {octets}\n");
    let expected = [
        line(0, "10 40 01 41 16"),
        // What is no frame tells when each of its octets came.
        line(5, "55"),
        line(6, "55"),
        line(7, "10 40 01 41 16"),
    ];
    assert_eq!(log(&capture), expected.concat());
    // An answer is not written behind the question.
    capture.stamps[2].direction = Some(Direction::Sent);
    assert_eq!(log(&capture).lines().count(), 6);
}

fn any_time() -> impl Strategy<Value = Option<Time>> {
    let second = 1_000_000_000;
    let references = prop_oneof![
        Just(Reference::Utc),
        (-720..=840_i16).prop_filter("that is UTC", |&minutes| minutes != 0).prop_map(Reference::Offset),
        Just(Reference::Local),
        Just(Reference::Year),
        Just(Reference::Midnight),
        Just(Reference::Start),
    ];
    let time = (references, 1..86_400_i64, 0..366_i64, 0..1_000_000_000_i64, 0..=9_u8);
    let time = time.prop_map(move |(reference, seconds, days, fraction, digits)| {
        let days = match reference {
            Reference::Midnight => 0,
            Reference::Year => days,
            _ => days * 50,
        };
        let fraction = fraction - fraction % 10_i64.pow(9 - u32::from(digits));
        Time { nanoseconds: (days * 86_400 + seconds) * second + fraction, reference, digits }
    });
    prop::option::weighted(0.9, time)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_log_is_read_back(
        pieces in prop::collection::vec(
            (any_time(), 0..3_usize, prop::collection::vec(any::<u8>(), 1..40)), 1..20
        ),
    ) {
        let mut capture = Imported::default();
        for (time, direction, octets) in &pieces {
            let direction = [None, Some(Direction::Sent), Some(Direction::Received)][*direction];
            capture.stamps.push(Stamp { offset: capture.octets.len(), time: *time, direction });
            capture.octets.extend(octets);
        }
        let log = all(&capture, Format::HexLog);
        let read_back = import(&log);
        prop_assert!(read_back.is_ok(), "{}", String::from_utf8_lossy(&log));
        prop_assert_eq!(told(&read_back.unwrap()), told_in_a_log(&capture), "{}", String::from_utf8_lossy(&log));
    }
}

#[test]
fn tables_hold_what_the_lines_say() {
    for Fixture { name, capture, keys } in fixtures() {
        let name = name.display();
        let written = |format| String::from_utf8(export(&capture, &Extent::All, &keys, format).0).unwrap();
        let lines = written(Format::JsonLines);
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let messages: Vec<&Value> = lines
            .iter()
            .map(|line| &line["message"])
            .filter(|message| !message["readings"][0].is_null())
            .collect();
        let readings: Vec<&Value> =
            messages.iter().flat_map(|message| message["readings"].as_array().unwrap()).collect();

        let tidy = rows(&written(Format::CsvTidy));
        assert_eq!(tidy.len(), 1 + readings.len(), "{name}");
        let column = |heading: &str| tidy[0].iter().position(|found| found == heading).unwrap();
        let [value, unit, meter, captured] = ["value", "unit", "meter", "captured"].map(column);
        for (row, reading) in tidy[1..].iter().zip(&readings) {
            assert_eq!(row.len(), tidy[0].len(), "{name}");
            assert!(row[captured].starts_with("2026-11-21T08:12:"), "{name}");
            if reading["kind"] == "value" {
                let expected = if reading["value"].is_null() { &reading["text"] } else { &reading["value"] };
                let expected = expected.as_str().map_or_else(|| expected.to_string(), str::to_owned);
                let expected = if expected == "null" { "" } else { &expected };
                let is_time = reading["time"].is_string() && reading["value"].is_null();
                assert!(is_time || same_number(&row[value], expected), "{name}: {row:?} {reading}");
                assert_eq!(row[unit], reading["unit"].as_str().unwrap_or_default(), "{name}");
            }
        }
        let meters = messages.iter().flat_map(|message| {
            let count = message["readings"].as_array().unwrap().len();
            std::iter::repeat_n(message["meter"]["id"].as_str().unwrap_or_default(), count)
        });
        assert!(tidy[1..].iter().map(|row| row[meter].as_str()).eq(meters), "{name}");

        let wide = rows(&written(Format::CsvWide));
        assert_eq!(wide.len(), 1 + messages.len(), "{name}");
        assert!(wide.iter().all(|row| row.len() == wide[0].len()), "{name}");
        // Every value has a column, and none is covered by another.
        let mut in_wide: Vec<&str> = wide[1..].iter().flat_map(|row| &row[8..]).map(String::as_str).collect();
        let mut in_tidy: Vec<&str> = tidy[1..].iter().map(|row| row[value].as_str()).collect();
        for values in [&mut in_wide, &mut in_tidy] {
            values.retain(|value| !value.is_empty());
            values.sort_unstable();
        }
        assert_eq!(in_wide, in_tidy, "{name}");
    }
}

/// JSON readers drop the zeros behind the last decimal.
fn same_number(written: &str, expected: &str) -> bool {
    let numbers = written.parse::<f64>().ok().zip(expected.parse::<f64>().ok());
    written == expected || numbers.is_some_and(|(written, expected)| written.to_bits() == expected.to_bits())
}

/// Rows of fields (RFC 4180).
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut characters = text.strip_suffix("\r\n").expect("a whole last row").chars().peekable();
    while let Some(character) = characters.next() {
        let row = rows.last_mut().unwrap();
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => row.last_mut().unwrap().push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {
                assert_eq!(characters.next(), Some('\n'));
                rows.push(vec![String::new()]);
            }
            _ => row.last_mut().unwrap().push(character),
        }
    }
    rows
}

#[test]
fn a_wide_table_names_its_columns() {
    let fixtures = fixtures();
    let heading = |folder: &str| {
        let fixture = fixtures.iter().find(|fixture| fixture.name.ends_with(folder)).unwrap();
        let wide = all(&fixture.capture, Format::CsvWide);
        rows(&String::from_utf8(wide).unwrap()).swap_remove(0)[8..].to_vec()
    };
    let kaifa = heading("kaifa");
    assert!(kaifa.contains(&"1-0:1.7.0.255 active power import [W]".to_owned()), "{kaifa:?}");
    let heat = heading("heat");
    assert!(heat.contains(&"energy [Wh]".to_owned()), "{heat:?}");
}

/// What a meter sends as text is none of a spreadsheet's formulas, and numbers are no texts.
#[test]
fn texts_of_a_meter_are_no_formulas() {
    // A P1 telegram: the message `=1+1` for the consumer in hexadecimal (DSMR 5.0.2), and reactive power below zero.
    let telegram = "/ABC5meter\r\n\r\n0-0:96.13.0(3D312B31)\r\n1-0:3.7.0(-00.250*kvar)\r\n!\r\n";
    let capture = Imported { octets: telegram.into(), ..Imported::default() };
    let [tidy, wide] = [Format::CsvTidy, Format::CsvWide].map(|format| all(&capture, format));
    let tidy = rows(&String::from_utf8(tidy).unwrap());
    let value = tidy[0].iter().position(|heading| heading == "value").unwrap();
    assert_eq!([&tidy[1][value], &tidy[2][value]], ["'=1+1", "-250"]);
    let wide = rows(&String::from_utf8(wide).unwrap());
    assert_eq!(wide[1][8..], ["'=1+1", "-250"]);
}

#[test]
fn a_part_of_a_capture() {
    let Fixture { mut capture, .. } =
        fixtures().into_iter().find(|fixture| fixture.name.ends_with("kaifa")).unwrap();
    capture.stamps.clear();
    let mut offset = 0;
    let items: Vec<Range<usize>> = Items::new(&capture.octets)
        .map(|item| {
            let start = offset;
            offset += item.octets().len();
            start..offset
        })
        .collect();
    // A frame every second.
    capture.stamps = items.iter().zip(0..).map(|(item, second)| stamp(item.start, second * 100)).collect();
    let event = |offset, kind| meterscope_capture::Event { offset, time: None, kind };
    capture.events = vec![
        event(0, EventKind::Opened("9600 8N1".parse().unwrap(), "board".into())),
        event(0, EventKind::Note("begins".into())),
        event(items[1].start + 3, EventKind::Line(LineEvent::Parity)),
        event(items[2].end, EventKind::Line(LineEvent::Break)),
    ];
    assert!(items.len() > 3);
    let expected = &capture.octets[items[1].start..items[2].end];
    let second = 1_000_000_000;
    for extent in [
        Extent::Octets(items[0].start + 1..items[2].start + 1),
        Extent::Times(START + second..START + 3 * second),
    ] {
        let (raw, octets) = export(&capture, &extent, &[], Format::Raw);
        assert_eq!((raw.as_slice(), octets), (expected, expected.len() as u64));
        let read_back = import(&export(&capture, &extent, &[], Format::Pcapng).0).unwrap();
        assert_eq!(read_back.octets, expected);
        // The line was opened before, and the break belongs to the frame behind.
        let kinds: Vec<_> = read_back.events.iter().map(|event| (event.offset, &event.kind)).collect();
        assert_eq!(kinds, [(0, &capture.events[0].kind), (3, &capture.events[2].kind)]);
        let lines = String::from_utf8(export(&capture, &extent, &[], Format::JsonLines).0).unwrap();
        let offsets: Vec<u64> = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["offset"].as_u64().unwrap())
            .collect();
        assert_eq!(offsets, [items[1].start as u64, items[2].start as u64]);
    }
    for format in Format::ALL {
        assert_eq!(export(&capture, &Extent::Octets(700_000..800_000), &[], format).1, 0);
    }
}

#[test]
fn frames_are_whole_packets() {
    for Fixture { name, capture, .. } in fixtures() {
        let read_back = import(&all(&capture, Format::Frames)).unwrap();
        let frames: Vec<u8> = Items::new(&capture.octets)
            .filter(|item| matches!(item, Item::Frame(_)))
            .flat_map(|item| item.octets().to_vec())
            .collect();
        assert!(read_back.octets == frames, "{}", name.display());
    }
}

/// Neither the keys nor anything made of them but plaintext.
#[test]
fn no_export_holds_a_key() {
    for Fixture { name, capture, keys } in fixtures().into_iter().filter(|fixture| !fixture.keys.is_empty()) {
        let text = fs::read_to_string(name.join("keys.txt")).unwrap();
        let digits = text.get(..32).unwrap().to_ascii_uppercase();
        let key = import(digits.as_bytes()).unwrap().octets;
        for format in Format::ALL {
            let written = export(&capture, &Extent::All, &keys, format).0;
            assert!(!written.windows(16).any(|window| window == key), "{} {format:?}", name.display());
            let shown = String::from_utf8_lossy(&written).to_ascii_uppercase();
            assert!(!shown.contains(&digits), "{} {format:?}", name.display());
        }
    }
}
