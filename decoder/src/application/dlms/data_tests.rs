use std::vec;
use std::vec::Vec;

use super::*;
use crate::application::test_sink::TestSink;

fn read_all(octets: &[u8]) -> TestSink {
    let mut sink = TestSink::default();
    let mut cursor = Cursor::new(octets);
    let _ = read(&mut cursor, &mut (), &mut sink);
    sink.assert_tiles(octets.len());
    sink
}

#[test]
fn every_type_is_one_leaf() {
    for (octets, shown) in [
        (&[0x00][..], "null-data "),
        (&[0x03, 1], "boolean 01h, true"),
        (&[0x04, 9, 0xA5, 0x80], "bit-string A5 80"),
        (&[0x05, 0xFF, 0xFF, 0xFF, 0xFE], "double-long -2"),
        (&[0x06, 0xFF, 0xFF, 0xFF, 0xFE], "double-long-unsigned 4294967294"),
        (&[0x09, 2, 0xDE, 0xAD], "octet-string DE AD"),
        (&[0x09, 6, 1, 0, 1, 7, 0, 255], "octet-string 1-0:1.7.0.255"),
        (&[0x09, 6, b'1', b'2', b'3', b'4', b'5', b'6'], "octet-string 123456"),
        (&[0x09, 12, 0x07, 0xE8, 2, 29, 4, 12, 0, 0, 0, 0x80, 0, 0], "octet-string 2024-02-29T12:00:00"),
        (&[0x0A, 2, b'A', b'B'], "visible-string AB"),
        (&[0x0A, 0x81, 2, b'A', b'B'], "visible-string AB"),
        (&[0x0C, 2, 0xC2, 0xB0], "utf8-string °"),
        (&[0x0D, 0x42], "bcd 42"),
        (&[0x0F, 0xFE], "integer -2"),
        (&[0x10, 0xFF, 0xFE], "long -2"),
        (&[0x11, 0xFE], "unsigned 254"),
        (&[0x12, 0xFF, 0xFE], "long-unsigned 65534"),
        (&[0x14, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE], "long64 -2"),
        (&[0x15, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "long64-unsigned 18446744073709551615"),
        (&[0x16, 27], "enum 27"),
        (&[0x17, 0x3F, 0xC0, 0, 0], "float32 1.5"),
        (&[0x18, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0], "float64 1.5"),
        (&[0x19, 0x07, 0xE8, 2, 29, 4, 12, 0, 0, 0, 0x80, 0, 0], "date-time 2024-02-29T12:00:00"),
        (&[0x1A, 0x07, 0xE8, 2, 29, 4], "date 2024-02-29"),
        (&[0x1A, 0x07, 0xE7, 2, 29, 4], "date 07 E7 02 1D 04"),
        (&[0x1B, 12, 30, 0xFF, 0xFF], "time 12:30"),
        (&[0xFF], "dont-care "),
    ] {
        let sink = read_all(octets);
        assert_eq!((sink.fields, sink.problems), (vec![shown.into()], Vec::new()));
        assert_eq!(length(octets), Some(octets.len() as u32), "{shown}");
        for end in 0..octets.len() {
            let sink = read_all(&octets[..end]);
            assert_eq!(sink.problems, ["truncated"], "{shown} cut to {end} octets");
            assert_eq!(length(&octets[..end]), None, "{shown} cut to {end} octets");
        }
    }
}

#[test]
fn containers_may_be_empty_and_nest() {
    let sink = read_all(&[0x02, 2, 0x01, 0, 0x02, 1, 0x01, 1, 0x11, 7]);
    assert_eq!(sink.fields, ["structure 2", "array 0", "structure 1", "array 1", "unsigned 7"]);
    assert!(sink.problems.is_empty());
    assert_eq!(length(&[0x02, 2, 0x01, 0, 0x02, 1, 0x01, 1, 0x11, 7, 0x00]), Some(10));
}

#[test]
fn nesting_has_a_limit() {
    let mut octets = [0x02, 1].repeat(DEEPEST);
    octets.push(0x00);
    assert!(read_all(&octets).problems.is_empty());
    let mut octets = [0x02, 1].repeat(DEEPEST + 1);
    octets.push(0x00);
    assert_eq!(read_all(&octets).problems, ["too-deep"]);
    assert_eq!(length(&octets), None);
}

#[test]
fn what_is_no_data() {
    assert_eq!(read_all(&[0x07, 0, 0, 0, 0]).problems, ["unknown-type"]);
    assert_eq!(read_all(&[0x02, 1, 0x2A]).problems, ["unknown-type"]);
    assert_eq!(read_all(&[0x09, 0x80, 0]).problems, ["bad-length"]);
    assert_eq!(read_all(&[0x09, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0]).problems, ["truncated"]);
    assert_eq!(read_all(&[0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0]).problems, ["truncated"]);
    // More elements than octets: no loop runs so often.
    assert_eq!(read_all(&[0x01, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0]).problems, ["truncated"]);
}

#[test]
fn a_compact_array_keeps_its_length() {
    // Of structures of a long-unsigned and an array of three integers.
    let compact = [0x13, 0x02, 2, 0x12, 0x01, 0, 3, 0x0F, 5, 1, 2, 3, 4, 5];
    let mut octets = vec![0x02, 2];
    octets.extend(compact);
    octets.extend([0x11, 7]);
    let sink = read_all(&octets);
    assert_eq!(sink.problems, ["compact-array"]);
    assert_eq!(length(&octets), Some(octets.len() as u32));
    assert_eq!(sink.fields.last().map(std::string::String::as_str), Some("unsigned 7"));
    for end in 0..compact.len() {
        assert_eq!(read_all(&compact[..end]).problems, ["truncated"], "cut to {end} octets");
    }
}
