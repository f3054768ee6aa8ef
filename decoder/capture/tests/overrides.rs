//! Rules of a user, applied to frames of invented meters.

use meterscope_capture::json_lines::JsonLines;
use meterscope_capture::overrides::Overrides;
use meterscope_decoder::encode::aidon::{self, Wiring};
use meterscope_decoder::encode::p1::{Check, telegram, values};
use meterscope_decoder::encode::{Clock, EncodeError, Household, Measurements, Writer, kamstrup};
use meterscope_decoder::items::Items;
use serde_json::Value;

const HEADINGS: &str = "list,elements,place,name,unit,scaler\n";

fn readings(octets: &[u8], rules: &str) -> Vec<Value> {
    let rules = Overrides::parse(&format!("{HEADINGS}{rules}")).expect("good rules");
    let mut lines = JsonLines::new().with_overrides(rules);
    let mut offset = 0;
    let mut readings = Vec::new();
    for item in Items::new(octets) {
        let line: Value = serde_json::from_slice(lines.line(offset, &item)).expect("JSON");
        offset += item.octets().len() as u64;
        assert_eq!(line["problems"], serde_json::json!([]));
        readings.extend(line["message"]["readings"].as_array().expect("readings").iter().cloned());
    }
    readings
}

fn frame(write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> Vec<u8> {
    let mut buffer = [0; 2048];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer).expect("the buffer is long enough");
    writer.finish().to_vec()
}

/// Half a minute before noon on a day in March.
fn now() -> Measurements {
    Household::starting(Clock::new(2025, 3, 31, 11, 59, 30).expect("a time that exists")).measurements()
}

fn kamstrup_hourly() -> Vec<u8> {
    frame(|writer| kamstrup::frame(writer, kamstrup::List::Two, &now()))
}

fn of<'v>(readings: &'v [Value], obis: &str) -> &'v Value {
    readings.iter().find(|reading| reading["obis"] == obis).expect("the object is in the list")
}

#[test]
fn a_scale_that_nobody_published() {
    let energy = "1-1:1.8.0.255";
    let octets = kamstrup_hourly();
    let before = readings(&octets, "");
    let before = of(&before, energy);
    assert!(before["note"].is_string() && before["unit"].is_null());
    let raw = before["raw"].as_u64().expect("a number");
    for rule in [
        "Kamstrup_V0001,,1-1:1.8.0,,Wh,1",
        "Kamstrup*,35,1-1:1.8.0,,kWh,-2",
        // The name of an object is an element of its own here.
        "*,35,29,,Wh,1",
        "*,,29,,Wh,7\n*,,29,,,1",
    ] {
        let after = readings(&octets, rule);
        let after = of(&after, energy);
        assert_eq!((&after["value"], &after["unit"]), (&(raw * 10).into(), &"Wh".into()), "{rule}");
        assert_eq!((&after["raw"], &after["exponent"]), (&raw.into(), &1.into()));
        assert_eq!(after["scale_source"], "override");
        assert!(after["note"].is_null());
    }
    for rule in ["Aidon*,,1-1:1.8.0,,Wh,1", ",,1-1:1.8.0,,Wh,1", "*,25,29,,Wh,1", "*,35,28,,Wh,1"] {
        assert_eq!(of(&readings(&octets, rule), energy), before, "{rule}");
    }
}

#[test]
fn names_by_place_count_what_the_tree_counts() {
    let octets = frame(|writer| aidon::frame(writer, aidon::List::Two, Wiring::FourWire, &now()));
    let found = readings(&octets, "AIDON_V0001,,4,heating,,\n*,,4,\"heating, all\",,\n*,,1,the list,,");
    let power = of(&found, "1-0:1.7.0.255");
    assert_eq!((&power["name"], &power["scale_source"]), (&"heating, all".into(), &Value::Null));
    assert_eq!(of(&found, "1-1:0.2.129.255")["name"], "the list");
    assert_eq!(found.iter().filter(|reading| reading["name"].is_string()).count(), 2);
}

#[test]
fn p1_objects_keep_the_name_they_print() {
    let octets = frame(|writer| {
        telegram(writer, "DMO5METERSCOPE", Check::Crc, |writer| {
            values(writer, "1-3:0.2.8", &["50"])?;
            values(writer, "0-1:24.2.1", &["240229120000W", "00012.345"])
        })
    });
    let found = readings(&octets, "50,,0-1:24.2.1,garden,m3,");
    let water = of(&found, "0-1:24.2.1");
    assert_eq!((&water["value"], &water["unit"]), (&serde_json::json!(12.345), &"m3".into()));
    assert_eq!((&water["name"], &water["quantity"]), (&"garden".into(), &"volume".into()));
    assert_eq!(water["time"], "2024-02-29T12:00:00");
}
