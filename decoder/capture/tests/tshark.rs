//! Wireshark reads what is written: Debian has its reader as tshark (.ci/setup tshark).

use std::path::Path;
use std::process::Command;

use meterscope_capture::export::{Export, Extent, Format};
use meterscope_capture::line_settings::{LineSettings, Parity};
use meterscope_capture::overrides::Overrides;
use meterscope_capture::pcapng::Writer;
use meterscope_capture::{Direction, LineEvent, Stamp, Time, import};
use meterscope_decoder::items::Items;
use meterscope_decoder::reading::Value;
use meterscope_decoder::security::Key;

/// 2026-11-21 08:12:00.000001 UTC.
const START: u64 = 1_795_248_720_000_001;
const SECOND: u64 = 1_000_000;

#[test]
fn a_recording_is_rtac_serial() {
    let fields = [
        "frame.time_epoch",
        "rtacser.timestamp",
        "frame.interface_name",
        "frame.interface_description",
        "frame.packet_flags_direction",
        "frame.comment",
        "data.data",
        "_ws.col.Protocol",
        "_ws.col.Info",
    ];
    let rows = tshark("recording.pcapng", &recording(), &fields);
    let meter = ["Arduino Uno", "2400 8E1"];
    let row =
        |micros: u64, [name, settings]: [&str; 2], flags: &str, comment: &str, data: &str, event: &str| {
            let at = START + micros;
            let time = format!("{}.{:06}000", at / SECOND, at % SECOND);
            let flags = if flags.is_empty() { String::new() } else { format!("0x0000000{flags}") };
            [&time, &time, name, settings, &flags, comment, data, "RTAC Serial", event].map(str::to_owned)
        };
    let expected = [
        row(0, meter, "", "opened", "", "STATUS_CHANGE"),
        row(1_500_000, meter, "1", "", "7ea027", "DATA_RX_START"),
        row(1_600_000, meter, "2", "", "1040", "DATA_TX_START"),
        row(2 * SECOND, meter, "", "", "", "CAPTURE_DATA_LOST"),
        row(3 * SECOND, meter, "", "", "", "FRAMING_ERROR"),
        row(4 * SECOND, meter, "", "", "", "PARITY_ERROR"),
        row(5 * SECOND, meter, "", "", "", "SERIAL_BREAK_EVENT"),
        row(6 * SECOND, meter, "", "", "", "SERIAL_OVERFLOW_EVENT"),
        row(8 * SECOND, ["P1 cable", "115200 8N1"], "1", "", "2f4b464d35", "DATA_RX_START"),
    ];
    assert_eq!(rows.len(), expected.len());
    for (mut row, expected) in rows.into_iter().zip(expected) {
        // Behind the name of the event stand the control lines, which nobody told.
        if let Some(info) = row.last_mut() {
            info.truncate(info.find(' ').unwrap_or(info.len()));
        }
        assert_eq!(row, expected);
    }
}

/// What nobody knows is not said: neither a speed, nor how the line is set.
#[test]
fn a_line_of_which_nothing_is_known() {
    let mut writer = Writer::new("Meterscope");
    writer.octets(START, Direction::Received, &[0x7E]);
    writer.interface(&LineSettings::MBUS, "board");
    writer.octets(START, Direction::Received, &[0x7F]);
    let fields = ["data.data", "frame.interface_name", "frame.interface_description"];
    let rows = tshark("unknown.pcapng", &writer.take(), &fields);
    // Wireshark's own words where there is no name.
    assert_eq!(rows, [["7e", "unknown", ""], ["7f", "board", "2400 8E1"]]);
}

fn recording() -> Vec<u8> {
    let events =
        [LineEvent::Lost, LineEvent::Framing, LineEvent::Parity, LineEvent::Break, LineEvent::Overflow];
    let mut writer = Writer::new("Meterscope");
    writer.interface(&LineSettings::MBUS, "Arduino Uno");
    writer.note(START, "opened");
    writer.octets(START + 1_500_000, Direction::Received, &[0x7E, 0xA0, 0x27]);
    writer.octets(START + 1_600_000, Direction::Sent, &[0x10, 0x40]);
    for (second, event) in (2..).zip(events) {
        writer.line_event(START + second * SECOND, event);
    }
    let p1 = LineSettings { baud: 115_200, parity: Parity::None, ..LineSettings::MBUS };
    writer.interface(&p1, "P1 cable");
    writer.octets(START + 8 * SECOND, Direction::Received, b"/KFM5");
    writer.take()
}

/// What the DLMS dissectors get: frames with their flags, and plaintext APDUs, each in a packet of link type 147.
#[test]
fn frames_are_packets_of_user_0() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/ciphered-hdlc");
    let mut capture = import(&std::fs::read(folder.join("capture.hex")).unwrap()).unwrap();
    let time = Time::since_1970(START as i64 * 1000, 6);
    capture.stamps = vec![Stamp { offset: 0, time: Some(time), direction: Some(Direction::Received) }];
    let key: Key = std::fs::read_to_string(folder.join("keys.txt")).unwrap().trim().parse().unwrap();
    let overrides = Overrides::default();
    let export = Export {
        capture: &capture,
        extent: &Extent::All,
        keys: &[key],
        overrides: &overrides,
        zone_minutes: 0,
        application: "Meterscope",
    };
    let fields = ["frame.time_epoch", "frame.interface_name", "frame.comment", "data.data"];
    for format in [Format::Frames, Format::FramesDeciphered] {
        let mut file = Vec::new();
        export.write(format, &mut file).unwrap();
        let rows = tshark(&format!("{format:?}.pcapng"), &file, &fields);
        let frames: Vec<_> = rows.iter().filter(|row| row[1] == "frames").map(|row| row[3].clone()).collect();
        let expected: Vec<_> = Items::new(&capture.octets).map(|item| hex(item.octets())).collect();
        assert_eq!(frames, expected);
        assert!(rows.iter().all(|row| row[0].starts_with("1795248720.000001")));
        let plaintexts: Vec<_> = rows.iter().filter(|row| row[1] == "deciphered").collect();
        assert_eq!(plaintexts.len(), if format == Format::Frames { 0 } else { frames.len() });
        for row in plaintexts {
            assert_eq!(row[2], "dlms decrypted");
            // A data-notification (IEC 62056-5-3).
            assert!(row[3].starts_with("0f"), "{row:?}");
        }
    }
}

fn hex(octets: &[u8]) -> String {
    Value::Octets(octets).to_string().to_lowercase()
}

/// What tshark says of these fields of each packet.
fn tshark(name: &str, file: &[u8], fields: &[&str]) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, file).expect("a file that can be written");
    let mut command = Command::new("tshark");
    // Packets of USER0 are shown as data; a person names the dissector instead.
    command.args(["-o", "uat:user_dlts:\"User 0 (DLT=147)\",\"data\",\"0\",\"\",\"0\",\"\""]);
    command.arg("-r").arg(&path).args(["-T", "fields", "-E", "separator=|"]);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.output().expect("tshark is missing: run .ci/setup tshark");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(|line| line.split('|').map(str::to_owned).collect()).collect()
}
