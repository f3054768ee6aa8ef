//! Lists of bare values, and scales that the model decides.

use std::string::String;
use std::vec::Vec;

use super::tests::{decode, id, obis, octet_string, unsigned};

fn short(number: u16) -> Vec<u8> {
    [&[0x12][..], &number.to_be_bytes()].concat()
}

fn structure(elements: &[Vec<u8>]) -> Vec<u8> {
    [&[0x02, elements.len() as u8][..], &elements.concat()].concat()
}

fn readings(elements: &[Vec<u8>]) -> Vec<String> {
    let (message, sink) = decode(&[&structure(elements)]);
    assert_eq!(sink.problems.len(), 0);
    assert!(message.is_some());
    sink.readings
}

#[test]
fn iskraemeco_three_phases() {
    let mut elements = std::vec![octet_string(b"ISK1030000000017"), octet_string(b"16820005")];
    elements.extend([1393, 0, 0, 738].map(unsigned));
    elements.extend([2379, 2379, 2296, 103, 125, 597].map(short));
    elements.extend([16, 51, 1325, 0, 0, 0].map(unsigned));
    let (message, sink) = decode(&[&structure(&elements)]);
    assert_eq!(
        sink.readings,
        [
            "0-0:42.0.0.255 ISK1030000000017 none",
            "0-0:96.1.2.255 16820005 none",
            "1-0:1.7.0.255 1393 W list",
            "1-0:2.7.0.255 0 W list",
            "1-0:3.7.0.255 0 var list",
            "1-0:4.7.0.255 738 var list",
            "1-0:32.7.0.255 237.9 V list",
            "1-0:52.7.0.255 237.9 V list",
            "1-0:72.7.0.255 229.6 V list",
            "1-0:31.7.0.255 1.03 A list",
            "1-0:51.7.0.255 1.25 A list",
            "1-0:71.7.0.255 5.97 A list",
            "1-0:21.7.0.255 16 W list",
            "1-0:41.7.0.255 51 W list",
            "1-0:61.7.0.255 1325 W list",
            "1-0:22.7.0.255 0 W list",
            "1-0:42.7.0.255 0 W list",
            "1-0:62.7.0.255 0 W list",
        ]
    );
    assert_eq!(message.unwrap().meter.unwrap().manufacturer, Some(*b"ISK"));
    // The grid company's number is not the meter's.
    assert_eq!(id(message), Some("ISK1030000000017".into()));
}

#[test]
fn iskraemeco_registers() {
    let mut elements = std::vec![octet_string(b"ISK1030000000017"), octet_string(b"16820006")];
    elements.push(std::vec![0x16, 1]);
    elements.push(octet_string(&[0, 1]));
    elements.extend([52_837, 13_593, 39_244, 177_927, 78_615, 99_312, 107_882, 43_253].map(unsigned));
    let found = readings(&elements);
    assert_eq!(
        found.get(2..6).unwrap(),
        [
            "0-0:96.3.10.255 1 none",
            "0-0:96.14.0.255 [00, 01] none",
            "1-0:1.8.0.255 52837 Wh list",
            "1-0:1.8.1.255 13593 Wh list",
        ]
    );
    assert_eq!(found.last().unwrap(), "1-0:4.8.0.255 43253 varh list");
}

#[test]
fn iskraemeco_lists_with_containers_keep_their_places() {
    let mut elements = std::vec![octet_string(b"92000017"), octet_string(&[23, 55, 40, 0])];
    elements.push(octet_string(&[7, 0xE9, 12, 19, 5]));
    elements.extend((1..=12).map(unsigned));
    elements.push(short(889));
    elements.extend((1..=6).map(unsigned));
    elements.extend([2388, 2357, 2377, 55, 89, 77].map(short));
    elements.push(unsigned(17_250));
    for _ in 0..3 {
        elements.push([&[0x01, 1][..], &short(9400)].concat());
    }
    elements.push(std::vec![0x03, 1]);
    let (message, sink) = decode(&[&structure(&elements)]);
    assert_eq!(sink.readings.first().unwrap(), " 92000017 none");
    assert_eq!(sink.readings.get(15).unwrap(), "1-0:13.7.0.255 0.889 list");
    assert_eq!(sink.readings.get(27).unwrap(), "1-0:71.7.0.255 0.77 A list");
    // What nobody has published stays a number without a name.
    assert_eq!(sink.readings.get(28..).unwrap(), [" 17250 none", " 1 none"]);
    assert_eq!(id(message), Some("92000017".into()));
}

#[test]
fn landis_gyr_of_slovenia_and_austria() {
    let totals: Vec<_> = core::iter::once(octet_string(b"999999999999"))
        .chain([508, 0, 3, 5, 1, 2, 3, 4].map(unsigned))
        .collect();
    assert_eq!(readings(&totals).last().unwrap(), "1-0:4.8.0.255 4 varh list");
    let mut austria: Vec<_> = [228, 226, 230, 781, 1482, 643].map(short).into();
    austria.extend([5432, 0, 40_091_000, 0].map(unsigned));
    austria.push(octet_string(b"30050017"));
    let (message, sink) = decode(&[&structure(&austria)]);
    assert_eq!(sink.readings.first().unwrap(), "1-0:32.7.0.255 228 V list");
    assert_eq!(sink.readings.get(3).unwrap(), "1-0:31.7.0.255 7.81 A list");
    assert_eq!(sink.readings.get(8).unwrap(), "1-0:1.8.0.255 40091000 Wh list");
    assert_eq!(message.unwrap().meter.unwrap().manufacturer, Some(*b"LGZ"));
    assert_eq!(id(message), Some("30050017".into()));
}

/// The same number of elements, but another type: not the list that is published.
#[test]
fn an_unknown_list_gives_readings_without_names() {
    let mut totals = std::vec![octet_string(b"999999999999")];
    totals.extend([508, 0, 3, 5, 1, 2, 3].map(unsigned));
    totals.push(short(2379));
    let (message, sink) = decode(&[&structure(&totals)]);
    assert_eq!(sink.readings.first().unwrap(), " 999999999999 none");
    assert_eq!(sink.readings.last().unwrap(), " 2379 none");
    assert_eq!((message.unwrap().readings, sink.problems.len()), (9, 0));
    assert_eq!(message.unwrap().meter, None);
}

fn kamstrup(model: &str) -> Vec<String> {
    let text = |text: &str| [&[0x0A, text.len() as u8], text.as_bytes()].concat();
    let body = [
        text("Kamstrup_V0001"),
        obis(1, 1, 96, 1, 1),
        text(model),
        obis(1, 1, 31, 7, 0),
        unsigned(1234),
        obis(1, 1, 1, 8, 0),
        unsigned(8_582_328),
    ]
    .concat();
    let (_, sink) = decode(&[&[0x02, 7], &body]);
    sink.readings.get(2..).unwrap().to_vec()
}

#[test]
fn kamstrup_models_and_countries() {
    let norway = kamstrup("6841131BN243101040");
    assert_eq!(norway, ["1-1:31.7.0.255 12.34 A list", "1-1:1.8.0.255 85823280 Wh list"]);
    let sweden = kamstrup("6841138AN243101090");
    assert_eq!(sweden, ["1-1:31.7.0.255 12.34 A list", "1-1:1.8.0.255 8582328 Wh list"]);
    let transformed = kamstrup("6851138AN243101090");
    assert_eq!(transformed, ["1-1:31.7.0.255 1.234 A list", "1-1:1.8.0.255 8582328 Wh list"]);
    let unheard_of = kamstrup("6841131BN240101077");
    assert_eq!(unheard_of, ["1-1:31.7.0.255 12.34 A list", "1-1:1.8.0.255 8582328 none"]);
}
