//! Every line is valid JSON and nothing else, whatever the octets are.

use meterscope_capture::json_lines::JsonLines;
use meterscope_decoder::encode::{Writer, mbus};
use meterscope_decoder::items::Items;

fn check(octets: &[u8]) {
    let mut lines = JsonLines::new();
    let mut at = 0;
    for item in Items::new(octets) {
        let line = std::str::from_utf8(lines.line(at, &item)).expect("JSON is UTF-8");
        assert_eq!(line.lines().count(), 1, "{line}");
        let value: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(value["offset"], at);
        at += value["length"].as_u64().expect("a length");
    }
    assert_eq!(at, octets.len() as u64);
}

#[test]
fn manufacturers_that_are_no_letters() {
    for code in 0..=u16::MAX {
        let [low, high] = code.to_le_bytes();
        let mut buffer = [0; 64];
        let mut writer = Writer::new(&mut buffer);
        let user_data = [1, 2, 3, 4, low, high, 1, 7, 0, 0, 0, 0, 0x0D, 0x78, 2, b'\\', 0x85];
        mbus::long(&mut writer, 0x08, 1, 0x72, |writer| writer.octets(&user_data)).expect("there is room");
        check(writer.written());
    }
}

#[test]
fn octets_of_any_kind() {
    // xorshift32: the same octets in every run.
    let mut state = 0x9E37_79B9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    for _ in 0..3000 {
        let length = usize::from(next()).max(1);
        let user_data: Vec<u8> = (0..length.min(240)).map(|_| next()).collect();
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        mbus::long(&mut writer, 0x08, 1, 0x72, |writer| writer.octets(&user_data)).expect("there is room");
        check(writer.written());
        check(&user_data);
    }
}
