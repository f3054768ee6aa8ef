use super::*;
use crate::text::{Language, Text};
use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};

/// The cards of one telegram without a check sum, as `quantity [marks] value`.
fn cards_of(lines: &[&str]) -> Vec<String> {
    let telegram = format!("/FLU5\\253770234_A\r\n\r\n{}\r\n!\r\n", lines.join("\r\n"));
    shown(&Session::new(telegram.as_bytes()), Text::default())
}

fn shown(session: &Session, text: Text) -> Vec<String> {
    let show = |card: &Card| {
        let shown = text.shown(&card.reading);
        let marks = text.marks(&card.marks);
        format!("{} [{marks}] {} {}", text.quantity(card.key.quantity), shown.value, shown.unit)
    };
    session.cards().iter().map(show).collect()
}

#[test]
fn a_belgian_telegram() {
    let cards = cards_of(&[
        "0-0:1.0.0(240229120000W)",
        "1-0:1.8.1(000123.456*kWh)",
        "1-0:1.8.2(000234.567*kWh)",
        "1-0:2.8.1(000001.000*kWh)",
        "1-0:1.4.0(02.351*kW)",
        "1-0:1.6.0(240212104500W)(05.000*kW)",
        "0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(240201000000W)(240110174500W)(04.329*kW)",
        "1-0:1.7.0(00.500*kW)",
        "1-0:21.7.0(00.200*kW)",
        "1-0:31.4.0(999*A)",
        "0-1:24.1.0(003)",
        "0-1:24.2.3(240229115000W)(00112.384*m3)",
        "0-2:24.1.0(007)",
        "0-2:24.2.1(240229115000W)(00872.234*m3)",
        "0-3:24.2.1(240229115000W)(00003.000*m3)",
    ]);
    assert_eq!(
        cards,
        [
            "active power import [] 500 W",
            "active power import [L1] 200 W",
            "active energy import [tariff 1] 123.456 kWh",
            "active energy import [tariff 2] 234.567 kWh",
            "active energy export [tariff 1] 1.000 kWh",
            "volume [gas] 112.384 m³",
            "volume [water] 872.234 m³",
            "volume [channel 3] 3.000 m³",
        ]
    );
}

#[test]
fn two_meters_of_a_kind_are_numbered() {
    let cards = cards_of(&[
        "0-1:24.1.0(007)",
        "0-1:24.2.1(240229115000W)(00001.000*m3)",
        "0-4:24.1.0(007)",
        "0-4:24.2.1(240229115000W)(00002.000*m3)",
    ]);
    assert_eq!(cards, ["volume [water, channel 1] 1.000 m³", "volume [water, channel 4] 2.000 m³"]);
}

#[test]
fn a_total_stands_for_its_tariffs_wherever_it_is() {
    let cards = cards_of(&["1-0:1.8.1(000001*kWh)", "1-0:1.8.0(000003*kWh)", "1-0:1.8.2(000002*kWh)"]);
    assert_eq!(cards, ["active energy import [] 3 kWh"]);
}

#[test]
fn an_average_alone_is_no_card() {
    assert_eq!(cards_of(&["1-0:1.4.0(02.351*kW)"]), [""; 0]);
}

#[test]
fn what_the_meter_calls_channel_1_is_its_own() {
    let cards = cards_of(&["1-1:32.7.0(230.1*V)", "1-0:1.7.0(00.500*kW)"]);
    assert_eq!(cards, ["active power import [] 500 W", "voltage [L1] 230.1 V"]);
    let cards = cards_of(&["1-1:1.7.0(00.100*kW)", "1-0:1.7.0(00.500*kW)"]);
    assert_eq!(cards, ["active power import [] 500 W", "active power import [channel 1] 100 W"]);
}

#[test]
fn quadrants_are_told_apart() {
    let cards = cards_of(&["1-0:5.8.0(000001*kvarh)", "1-0:8.8.0(000002*kvarh)"]);
    assert_eq!(cards, ["reactive energy [1-0:5.8.0] 1 kvarh", "reactive energy [1-0:8.8.0] 2 kvarh"]);
}

#[test]
fn a_gas_meter_is_named_by_its_object() {
    assert_eq!(cards_of(&["7-0:3.0.0(00001.000*m3)"]), ["volume [gas] 1.000 m³"]);
}

#[test]
fn marks_in_norwegian() {
    let nb = Text { language: Language::Nb, ..Text::default() };
    let marks =
        [Mark::Medium("gas"), Mark::Channel(1), Mark::Subunit(2), Mark::Phase(Phase::L3), Mark::Tariff(2)];
    assert_eq!(nb.marks(&marks), "gass, kanal 1, delenhet 2, L3, tariff 2");
}

#[test]
fn a_heat_meter_shows_each_quantity_once() {
    let mut demo = Demo::new(MeterKind::Heat, Clock::new(2025, 1, 14, 16, 57, 0).unwrap());
    let mut octets = Vec::new();
    for _ in 0..6 {
        let mut buffer = [0; LONGEST_FRAME];
        octets.extend_from_slice(demo.next_frame(&mut buffer).unwrap().octets);
    }
    let session = Session::new(&octets);
    let quantities: Vec<_> = session.cards().iter().map(|card| card.key.quantity).collect();
    assert_eq!(
        quantities,
        [
            Quantity::Power,
            Quantity::Energy,
            Quantity::FlowTemperature,
            Quantity::ReturnTemperature,
            Quantity::TemperatureDifference,
            Quantity::VolumeFlow,
            Quantity::Volume,
            Quantity::ErrorFlags,
            Quantity::OnTime,
        ]
    );
    // The stored energy and volume are no values of now.
    assert!(
        session.cards().iter().all(|card| card.marks.is_empty() && card.reading.record.unwrap().storage == 0)
    );
}

#[test]
fn records_of_tariffs_and_subunits() {
    // Energy, total and tariff 1; volume of subunit 1; volume per hour: no card.
    let records = [0x01, 0x03, 9, 0x81, 0x10, 0x03, 4, 0x81, 0x40, 0x13, 7, 0x01, 0x93, 0x22, 5];
    let mut data = vec![0x08, 0x01, 0x72, 0x78, 0x56, 0x34, 0x12, 0x2D, 0x2C, 0x01, 0x04, 0, 0, 0, 0];
    data.extend(records);
    let sum = data.iter().fold(0_u8, |sum, octet| sum.wrapping_add(*octet));
    let length = data.len() as u8;
    let frame = [&[0x68, length, length, 0x68][..], &data, &[sum, 0x16]].concat();
    let cards = shown(&Session::new(&frame), Text::default());
    assert_eq!(cards, ["energy [] 0.009 kWh", "volume [subunit 1] 0.007 m³"]);
}

#[test]
fn later_frames_win_and_within_a_frame_the_first() {
    let telegrams = ["00.100", "00.200"]
        .map(|power| format!("/FLU5\\1\r\n\r\n1-0:1.7.0({power}*kW)\r\n1-0:1.7.0(09.999*kW)\r\n!\r\n"));
    let session = Session::new(telegrams.concat().as_bytes());
    assert_eq!(shown(&session, Text::default()), ["active power import [] 200 W"]);
    assert_eq!(session.cards()[0].item, 1);
}
