use std::vec::Vec;

use crate::application::dlms::read_apdu;
use crate::application::test_sink::TestSink;
use crate::cursor::Cursor;
use crate::message::{Message, MeterId};
use crate::transport::Context;

/// A data-notification without a date-time.
const HEADER: [u8; 6] = [0x0F, 0x40, 0, 0, 0, 0x00];
const WATT: [u8; 6] = [0x02, 2, 0x0F, 0, 0x16, 27];
const CLOCK: [u8; 12] = [0x07, 0xE8, 11, 5, 2, 13, 0, 10, 0xFF, 0x80, 0, 0];

pub(super) fn decode(body: &[&[u8]]) -> (Option<Message>, TestSink) {
    let octets = [&HEADER[..], &body.concat()].concat();
    let mut sink = TestSink::default();
    let mut message = None;
    read_apdu(&mut Cursor::new(&octets), &mut Context::none(), &mut message, &mut sink);
    sink.assert_tiles(octets.len());
    if let Some(message) = message {
        assert_eq!(usize::from(message.readings), sink.readings.len());
    }
    (message, sink)
}

pub(super) fn octet_string(octets: &[u8]) -> Vec<u8> {
    [&[0x09, octets.len() as u8], octets].concat()
}

pub(super) fn obis(a: u8, b: u8, c: u8, d: u8, e: u8) -> Vec<u8> {
    octet_string(&[a, b, c, d, e, 255])
}

pub(super) fn unsigned(number: u32) -> Vec<u8> {
    [&[0x06][..], &number.to_be_bytes()].concat()
}

pub(super) fn id(message: Option<Message>) -> Option<std::string::String> {
    let Some(MeterId::Text(text)) = message?.meter?.id else { return None };
    Some(std::format!("{text}"))
}

#[test]
fn kaifa_list_1_is_a_single_number() {
    let (message, sink) = decode(&[&[0x02, 1], &unsigned(5852)]);
    assert_eq!(sink.readings, ["1-0:1.7.0.255 5852 W list"]);
    assert_eq!(message.unwrap().meter.unwrap().manufacturer, Some(*b"KFM"));
}

fn kaifa(elements: u8, phases: usize, hourly: bool) -> Vec<u8> {
    let mut body = std::vec![0x02, elements];
    body.extend(octet_string(b"KFM_001"));
    body.extend(octet_string(b"6970000000000017"));
    body.extend(octet_string(b"MA304H3E"));
    for number in [2500, 0, 435, 7] {
        body.extend(unsigned(number));
    }
    body.extend(unsigned(6781).repeat(phases));
    body.extend(unsigned(2322).repeat(phases));
    if hourly {
        body.extend(octet_string(&CLOCK));
        for number in [10, 20, 30, 40] {
            body.extend(unsigned(number));
        }
    }
    body
}

#[test]
fn kaifa_places_by_size() {
    let (message, sink) = decode(&[&kaifa(18, 3, true)]);
    assert_eq!(sink.readings.len(), 18);
    for reading in [
        "1-1:0.2.129.255 KFM_001 none",
        "0-0:96.1.7.255 MA304H3E none",
        "1-0:4.7.0.255 7 var list",
        "1-0:71.7.0.255 6.781 A list",
        "1-0:72.7.0.255 232.2 V list",
        "0-0:1.0.0.255 2024-11-05T13:00:10 none",
        "1-0:4.8.0.255 40 varh list",
    ] {
        assert!(sink.readings.iter().any(|found| found == reading), "{reading}: {:?}", sink.readings);
    }
    let message = message.unwrap();
    assert_eq!(message.list.map(|list| std::format!("{}", list.0)), Some("KFM_001".into()));
    assert_eq!(message.time.map(|time| std::format!("{time}")), Some("2024-11-05T13:00:10".into()));
    assert_eq!(id(Some(message)), Some("6970000000000017".into()));

    let single_phase = decode(&[&kaifa(14, 1, true)]).1.readings;
    assert_eq!(single_phase[8], "1-0:32.7.0.255 232.2 V list");
    assert_eq!(single_phase[10], "1-0:1.8.0.255 10 Wh list");
    assert_eq!(decode(&[&kaifa(9, 1, false)]).1.readings.len(), 9);
    assert_eq!(decode(&[&kaifa(13, 3, false)]).1.readings.len(), 13);
}

#[test]
fn a_list_of_another_size_gives_no_values_by_place() {
    let (message, sink) = decode(&[&[0x02, 2], &octet_string(b"KFM_001"), &unsigned(1)]);
    assert!(sink.readings.is_empty());
    assert!(message.is_some());
}

#[test]
fn names_and_scaler_units_in_structures() {
    let current = [0x02, 2, 0x0F, 0xFE, 0x16, 33];
    let (message, sink) = decode(&[
        &[0x01, 4],
        &[&[0x02, 2][..], &obis(1, 1, 0, 2, 129), &[0x0A, 11], b"AIDON_V0001"].concat(),
        &[&[0x02, 2][..], &obis(0, 0, 96, 1, 0), &[0x0A, 12], b"13000001\0\0\0\0"].concat(),
        &[&[0x02, 3][..], &obis(1, 0, 1, 7, 0), &unsigned(280), &WATT].concat(),
        &[&[0x02, 3][..], &obis(1, 0, 31, 7, 0), &[0x10, 0xFF, 0x9C], &current].concat(),
    ]);
    assert_eq!(sink.readings[2..], ["1-0:1.7.0.255 280 W frame", "1-0:31.7.0.255 -1.00 A frame"]);
    assert!(sink.fields.contains(&"scaler -2".into()) && sink.fields.contains(&"unit 21h, A".into()));
    assert_eq!(message.unwrap().meter.unwrap().manufacturer, Some(*b"AID"));
    assert_eq!(id(message), Some("13000001".into()));
}

#[test]
fn flat_names_values_and_scaler_units() {
    let pair = [&[0x02, 2][..], &obis(0, 0, 42, 0, 0), &octet_string(b"KFM1200200000001")].concat();
    let (message, sink) = decode(&[
        &[0x02, 9],
        &obis(0, 0, 1, 0, 0),
        &octet_string(&CLOCK),
        &pair,
        &obis(1, 0, 1, 8, 0),
        &unsigned(7),
        &[0x02, 2, 0x0F, 3, 0x16, 30],
        &obis(1, 0, 13, 7, 0),
        &unsigned(98),
        &[0x00],
    ]);
    assert_eq!(
        sink.readings,
        [
            "0-0:1.0.0.255 2024-11-05T13:00:10 none",
            "0-0:42.0.0.255 KFM1200200000001 none",
            "1-0:1.8.0.255 7000 Wh frame",
            "1-0:13.7.0.255 98 none",
        ]
    );
    assert_eq!(message.unwrap().meter.unwrap().manufacturer, Some(*b"KFM"));
}

#[test]
fn kamstrup_scales_only_what_is_certain() {
    let (message, sink) = decode(&[
        &[0x02, 11, 0x0A, 14],
        b"Kamstrup_V0001",
        &obis(1, 1, 1, 7, 0),
        &unsigned(485),
        &obis(1, 1, 51, 7, 0),
        &unsigned(244),
        &obis(1, 1, 32, 7, 0),
        &[0x12, 0, 232],
        &obis(1, 1, 52, 7, 0),
        &[0x12, 0x5A, 0x3C],
        &obis(1, 1, 1, 8, 0),
        &unsigned(1000),
    ]);
    assert_eq!(
        sink.readings,
        [
            "1-1:0.2.129.255 Kamstrup_V0001 none",
            "1-1:1.7.0.255 485 W list",
            "1-1:51.7.0.255 2.44 A list",
            "1-1:32.7.0.255 232 V list",
            "1-1:52.7.0.255 23100 none",
            "1-1:1.8.0.255 1000 none",
        ]
    );
    assert_eq!(message.unwrap().meter.unwrap().manufacturer, Some(*b"KAM"));
}

fn definition(class: u8, name: &[u8], attribute: u8) -> Vec<u8> {
    [&[0x02, 4, 0x12, 0, class][..], name, &[0x0F, attribute, 0x12, 0, 0]].concat()
}

#[test]
fn definitions_in_front_of_the_values() {
    let (message, sink) = decode(&[
        &[0x02, 5, 0x01, 5],
        &definition(40, &obis(0, 8, 25, 9, 0), 2),
        &definition(1, &obis(0, 0, 96, 1, 0), 2),
        &definition(3, &obis(1, 0, 1, 7, 0), 2),
        &definition(3, &obis(1, 0, 1, 8, 0), 3),
        &definition(3, &obis(1, 0, 2, 7, 0), 2),
        &octet_string(b"43000001"),
        &unsigned(331),
        &WATT,
        &unsigned(9),
    ]);
    let readings = ["0-0:96.1.0.255 43000001 none", "1-0:1.7.0.255 331 none", "1-0:2.7.0.255 9 none"];
    assert_eq!(sink.readings, readings);
    assert_eq!(id(message), Some("43000001".into()));
}

#[test]
fn a_value_with_half_a_scaler_unit_stays_raw() {
    let odd = [&[0x02, 3][..], &obis(1, 0, 1, 7, 0), &unsigned(5), &[0x02, 2, 0x0F, 1, 0x11, 27]].concat();
    let (_, sink) = decode(&[&[0x01, 1], &odd]);
    assert_eq!(sink.readings, ["1-0:1.7.0.255 5 none"]);
}

#[test]
fn a_unit_that_nobody_knows_is_no_unit() {
    let odd = [&[0x02, 3][..], &obis(1, 0, 1, 7, 0), &unsigned(5), &[0x02, 2, 0x0F, 1, 0x16, 99]].concat();
    let (_, sink) = decode(&[&[0x01, 1], &odd]);
    assert_eq!(sink.readings, ["1-0:1.7.0.255 50 frame"]);
}

#[test]
fn a_list_cut_or_damaged_anywhere_never_gives_half_a_message() {
    let wrapped = [&[0x01, 1, 0x02, 3][..], &obis(1, 0, 1, 7, 0), &unsigned(280), &WATT].concat();
    let defined = [&[0x02, 2, 0x01, 2][..], &definition(40, &obis(0, 8, 25, 9, 0), 2)].concat();
    let defined = [defined, definition(3, &obis(1, 0, 1, 7, 0), 2), unsigned(331)].concat();
    for body in [kaifa(18, 3, true), wrapped, defined] {
        assert!(decode(&[&body]).0.is_some_and(|message| message.readings > 0));
        for end in 0..body.len() {
            let (message, sink) = decode(&[&body[..end]]);
            assert!(
                message.is_none() && sink.readings.is_empty(),
                "cut to {end} octets: {:?}",
                sink.readings
            );
            for damage in [0x00, 0x01, 0x02, 0x09, 0x13, 0x84, 0xFF] {
                let mut body = body.clone();
                body[end] = damage;
                // Tiling, balance and the count of readings are checked on the way.
                decode(&[&body]);
            }
        }
    }
}
