//! What the P1 dialects of Europe have in common and what not, with telegrams of an invented meter.

use meterscope_decoder::decode::decode;
use meterscope_decoder::encode::p1::{Check, telegram, values};
use meterscope_decoder::encode::{EncodeError, Writer};
use meterscope_decoder::error::Problem;
use meterscope_decoder::link::Frames;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::Message;
use meterscope_decoder::reading::{Reading, Unit, Value};
use meterscope_decoder::sink::FieldSink;

/// `1-0:1.8.1 active energy import = 123456 Wh`, with the time of capture and the note where there are any.
#[derive(Default)]
struct Shown(Vec<String>);

impl FieldSink for Shown {
    fn problem(&mut self, problem: Problem) {
        panic!("{problem} at {}", problem.at);
    }

    fn reading(&mut self, reading: &Reading<'_>) {
        let name = reading.printed_name().map_or_else(String::new, |name| name.to_string());
        let mut parts = vec![name, reading.quantity.name().into(), "=".into()];
        if reading.value != Value::Absent {
            parts.push(reading.value.to_string());
        }
        if reading.unit != Unit::None {
            parts.push(reading.unit.symbol().into());
        }
        parts.extend(reading.captured().map(|time| format!("@ {time}")));
        parts.extend(reading.note.map(|note| format!("({})", note.text())));
        self.0.push(parts.join(" "));
    }
}

type Lines = [(&'static str, &'static [&'static str])];

fn read(identification: &str, check: Check, lines: &Lines) -> (Message, Vec<String>) {
    let mut buffer = [0; 4096];
    let mut writer = Writer::new(&mut buffer);
    let write = |writer: &mut Writer<'_>| -> Result<(), EncodeError> {
        lines.iter().try_for_each(|(object, content)| values(writer, object, content))
    };
    telegram(&mut writer, identification, check, write).expect("the buffer is long enough");
    let items: Vec<_> = Frames::new(writer.finish()).collect();
    let [Item::Frame(frame)] = items[..] else { panic!("{items:?}") };
    let mut shown = Shown::default();
    let message = decode(&frame, &mut shown).message.expect("a good telegram is a message");
    assert_eq!(usize::from(message.readings), shown.0.len());
    (message, shown.0)
}

fn id(message: &Message) -> Option<String> {
    Some(message.meter?.id?.to_string())
}

/// DSMR 2.2+ and 3.0: no version, no clock, no CRC; the value of the gas meter on a line of its own.
#[test]
fn dsmr_2_and_3() {
    let (message, readings) = read(
        "DMO5\\2METERSCOPE-3",
        Check::None,
        &[
            ("0-0:96.1.1", &["44454D4F30303030303030303132333435"]),
            ("1-0:1.8.1", &["12345.678*kWh"]),
            ("0-0:96.14.0", &["0002"]),
            ("1-0:1.7.0", &["0001.19*kW"]),
            ("0-0:17.0.0", &["0999.00*kW"]),
            ("0-0:96.3.10", &["1"]),
            ("0-0:96.13.1", &[""]),
            ("0-0:96.13.0", &["48656C6C6F2C206D65746572"]),
            ("0-1:24.1.0", &["3"]),
            ("0-1:96.1.0", &["44454D4F474153303030303036373839"]),
            ("0-1:24.3.0", &["131107190000", "00", "60", "1", "0-1:24.2.1", "m3"]),
            ("", &["00733.261"]),
            ("0-1:24.4.0", &["1"]),
            // Some meters do without the line end.
            ("0-2:24.3.0", &["131107190000", "08", "60", "1", "0-2:24.2.0", "GJ", "00012.345"]),
            ("0-3:24.3.0", &["000000000000", "00", "60", "1", "0-3:24.2.1", "m3", "00000.000"]),
        ],
    );
    assert_eq!(
        readings,
        [
            "0-0:96.1.1 meter id = DEMO0000000012345",
            "1-0:1.8.1 active energy import = 12345678 Wh",
            "0-0:96.14.0 active tariff = 2",
            "1-0:1.7.0 active power import = 1190 W",
            "0-0:17.0.0 power limit = 999000 W",
            "0-0:96.3.10 switch position = 1",
            "0-0:96.13.1 text message =",
            "0-0:96.13.0 text message = Hello, meter",
            "0-1:24.1.0 medium = 3",
            "0-1:96.1.0 meter id = DEMOGAS000006789",
            "0-1:24.2.1 volume = 733.261 m3 @ 2013-11-07T19:00:00",
            "0-1:24.4.0 switch position = 1",
            "0-2:24.2.0 energy = 12345000000 J @ 2013-11-07T19:00:00",
            "0-3:24.2.1 volume = 0.000 m3 (without a valid time: the value may never have been read)",
        ]
    );
    assert_eq!(id(&message), Some("DEMO0000000012345".into()));
    assert_eq!(message.time, None);
}

/// DSMR 4.x and 5.0.2: logs of power failures, sags and swells, meters on the M-Bus with a time.
#[test]
fn dsmr_4_and_5() {
    let (message, readings) = read(
        "DMO5\\2METERSCOPE-5",
        Check::Crc,
        &[
            ("1-3:0.2.8", &["50"]),
            ("0-0:1.0.0", &["240229235958W"]),
            ("0-0:96.7.21", &["00013"]),
            ("0-0:96.7.9", &["00002"]),
            (
                "1-0:99.97.0",
                &["2", "0-0:96.7.19", "240101010203W", "0000000240*s", "240102010203W", "0000000301*s"],
            ),
            ("1-0:99.97.0", &["0", "0-0:96.7.19"]),
            ("1-0:99.97.0", &[""]),
            ("1-0:32.32.0", &["00002"]),
            ("1-0:72.36.0", &["00000"]),
            ("1-0:32.7.0", &["0230.1*V"]),
            ("1-0:51.7.0", &["006*A"]),
            ("0-1:24.1.0", &["004"]),
            ("0-1:96.1.0", &["7172850912340C34"]),
            ("0-1:24.2.1", &["240229235500W", "00046.720*GJ"]),
            ("0-2:96.1.0", &[""]),
            ("0-2:24.2.1", &["632525252525S", "00000.000"]),
        ],
    );
    assert_eq!(
        readings,
        [
            "1-3:0.2.8 list version = 50",
            "0-0:1.0.0 time point = 2024-02-29T23:59:58",
            "0-0:96.7.21 counter = 13",
            "0-0:96.7.9 counter = 2",
            "1-0:99.97.0 duration of power failure = 301 s @ 2024-01-02T01:02:03",
            "1-0:99.97.0 duration of power failure = 240 s @ 2024-01-01T01:02:03",
            "1-0:99.97.0 unknown =",
            "1-0:99.97.0 unknown =",
            "1-0:32.32.0 counter = 2",
            "1-0:72.36.0 counter = 0",
            "1-0:32.7.0 voltage = 230.1 V",
            "1-0:51.7.0 current = 6 A",
            "0-1:24.1.0 medium = 4",
            // Eight octets of a number, no characters.
            "0-1:96.1.0 meter id = 7172850912340C34",
            "0-1:24.2.1 energy = 46720000000 J @ 2024-02-29T23:55:00",
            "0-2:96.1.0 meter id =",
            "0-2:24.2.1 unknown = 0.000 (without a valid time: the value may never have been read)",
        ]
    );
    assert_eq!(message.time.map(|time| time.to_string()), Some("2024-02-29T23:59:58".into()));
    assert_eq!(message.list.map(|list| list.0.to_string()), Some("50".into()));
}

/// e-MUCS-P1 1.7.1: the demand that the capacity tariff counts, breaker and limiter, water beside gas.
#[test]
fn belgium() {
    let (message, readings) = read(
        "DMO5\\253METERSCOPE",
        Check::Crc,
        &[
            ("0-0:96.1.4", &["50217"]),
            ("0-0:96.1.1", &["44454D4F30303030303030303132333435"]),
            ("1-0:1.4.0", &["02.351*kW"]),
            ("1-0:1.6.0", &["240209134558W", "02.589*kW"]),
            (
                "0-0:98.1.0",
                &[
                    "3",
                    "1-0:1.6.0",
                    "1-0:1.6.0",
                    "231101000000W",
                    "632525252525W",
                    "00.000*kW",
                    "231201000000W",
                    "231123192538W",
                    "03.695*kW",
                    "240101000000W",
                    "231205122139W",
                    "04529*W",
                ],
            ),
            ("0-0:98.1.0", &["0", "1-0:1.6.0", "1-0:1.6.0", "", "", ""]),
            ("0-0:17.0.0", &["999.9*kW"]),
            ("1-0:31.4.0", &["999*A"]),
            ("0-1:96.1.1", &["44454D4F474153303030303036373839"]),
            ("0-1:24.2.3", &["240229134558W", "00112.384*m3"]),
            ("0-2:24.2.1", &["240229134558W", "00872.234*m3"]),
        ],
    );
    assert_eq!(
        readings,
        [
            "0-0:96.1.4 list version = 50217",
            "0-0:96.1.1 meter id = DEMO0000000012345",
            "1-0:1.4.0 active power import = 2351 W",
            "1-0:1.6.0 active power import = 2589 W @ 2024-02-09T13:45:58",
            "0-0:98.1.0 active power import = 4529 W @ 2023-12-05T12:21:39",
            "0-0:98.1.0 active power import = 3695 W @ 2023-11-23T19:25:38",
            "0-0:98.1.0 active power import = 0 W (without a valid time: the value may never have been read)",
            "0-0:98.1.0 unknown =",
            "0-0:17.0.0 power limit = 999900 W",
            "1-0:31.4.0 current = 999 A",
            "0-1:96.1.1 meter id = DEMOGAS000006789",
            "0-1:24.2.3 volume = 112.384 m3 @ 2024-02-29T13:45:58",
            "0-2:24.2.1 volume = 872.234 m3 @ 2024-02-29T13:45:58",
        ]
    );
    assert_eq!(message.list.map(|list| list.0.to_string()), Some("50217".into()));
    assert_eq!(id(&message), Some("DEMO0000000012345".into()));
}

/// Sweden, Finland, Denmark and Norway: totals and phases, no tariffs; each maker spells the units and the clock its way.
#[test]
fn the_north() {
    let (message, readings) = read(
        "DMO5:83335-3E",
        Check::Crc,
        &[
            ("0-0:1.0.0", &["20240229 09:35:00"]),
            ("1-0:1.8.0", &["00036.273*kWh"]),
            ("1-0:3.8.0", &["00000.137*kVArh"]),
            ("1-0:4.8.0", &["00000185.707*kvarh"]),
            ("1-0:3.7.0", &["0000.200*kVAr"]),
            ("1-0:64.7.0", &["0000.247*kvar"]),
            ("1-0:51.7.0", &["-001.2*A"]),
        ],
    );
    assert_eq!(
        readings,
        [
            "0-0:1.0.0 time point = 2024-02-29T09:35:00",
            "1-0:1.8.0 active energy import = 36273 Wh",
            "1-0:3.8.0 reactive energy import = 137 varh",
            "1-0:4.8.0 reactive energy export = 185707 varh",
            "1-0:3.7.0 reactive power import = 200 var",
            "1-0:64.7.0 reactive power export = 247 var",
            "1-0:51.7.0 current = -1.2 A",
        ]
    );
    assert_eq!(message.time.map(|time| time.to_string()), Some("2024-02-29T09:35:00".into()));
}

/// Austria and Switzerland print whole Wh and W.
#[test]
fn austria_and_switzerland() {
    let (_, readings) = read(
        "DMO5\\253710000_A",
        Check::Crc,
        &[
            ("1-3:0.2.8", &["50"]),
            ("1-0:1.8.0", &["006545766*Wh"]),
            ("1-0:1.7.0", &["000000286*W"]),
            ("1-0:3.8.1", &["000000747*varh"]),
            ("1-0:4.7.0", &["000000166*var"]),
            ("1-0:5.8.0", &["000000.474*kVArh"]),
            ("0-1:24.2.1", &["240229120000W", "01234567*dm3"]),
        ],
    );
    assert_eq!(
        readings,
        [
            "1-3:0.2.8 list version = 50",
            "1-0:1.8.0 active energy import = 6545766 Wh",
            "1-0:1.7.0 active power import = 286 W",
            "1-0:3.8.1 reactive energy import = 747 varh",
            "1-0:4.7.0 reactive power export = 166 var",
            "1-0:5.8.0 reactive energy = 474 varh",
            "0-1:24.2.1 volume = 1234.567 m3 @ 2024-02-29T12:00:00",
        ]
    );
}

/// Luxembourg (Smarty, once it is deciphered) and Lithuania: names in hexadecimal, relays, limits without a unit.
#[test]
fn luxembourg_and_lithuania() {
    let (_, readings) = read(
        "DMO5\\253653006",
        Check::Crc,
        &[
            ("0-0:42.0.0", &["44454D4F313033303030303030303030"]),
            ("0-1:96.3.10", &["0"]),
            ("0-0:17.0.0", &["27.6*kVA"]),
            ("1-0:31.4.0", &["040*A", "-040*A"]),
            ("0-0:96.13.2", &[""]),
            ("0-0:96.1.0", &["3330303537373735"]),
            ("0-0:96.1.1", &["4D413330394D"]),
            ("0-0:17.0.0", &["16500"]),
            ("0-0:94.98.31", &["00000"]),
            ("1-0:13.7.0", &["0.616"]),
            ("1-0:14.7.0", &["50.00*Hz"]),
        ],
    );
    assert_eq!(
        readings,
        [
            "0-0:42.0.0 logical device name = DEMO103000000000",
            "0-1:96.3.10 switch position = 0",
            "0-0:17.0.0 power limit = 27600 VA",
            "1-0:31.4.0 current = -40 A",
            "1-0:31.4.0 current = 40 A",
            "0-0:96.13.2 text message =",
            "0-0:96.1.0 meter id = 30057775",
            "0-0:96.1.1 meter id = MA309M",
            "0-0:17.0.0 power limit = 16500",
            "0-0:94.98.31 unknown = 0",
            "1-0:13.7.0 power factor = 0.616",
            "1-0:14.7.0 frequency = 50.00 Hz",
        ]
    );
}

/// Hungary: four tariffs, quadrants, and last month's values in one line behind one time.
#[test]
fn hungary() {
    let (message, readings) = read(
        "DMO5METERSCOPE",
        Check::Crc,
        &[
            ("0-0:42.0.0", &["44454D4F33303832323030303032313630"]),
            ("0-0:96.50.68", &["1"]),
            ("1-0:1.8.4", &["000173.640*kWh"]),
            ("1-0:8.8.0", &["000252.564*kvarh"]),
            ("1-0:15.8.0", &["002526.790*kWh"]),
            ("1-0:5.7.0", &["00.000*kvar"]),
            ("0-0:98.1.0", &["240201000000W", "000040.777*kWh", "000008.950*kvarh", "02.500*kW"]),
        ],
    );
    assert_eq!(
        readings,
        [
            "0-0:42.0.0 logical device name = DEMO3082200002160",
            "0-0:96.50.68 switch position = 1",
            "1-0:1.8.4 active energy import = 173640 Wh",
            "1-0:8.8.0 reactive energy = 252564 varh",
            "1-0:15.8.0 energy = 2526790 Wh",
            "1-0:5.7.0 reactive power = 0 var",
            "0-0:98.1.0 power = 2500 W @ 2024-02-01T00:00:00",
            "0-0:98.1.0 reactive energy = 8950 varh @ 2024-02-01T00:00:00",
            "0-0:98.1.0 energy = 40777 Wh @ 2024-02-01T00:00:00",
        ]
    );
    assert_eq!(id(&message), None);
}

/// Readers of the German optical port (IEC 62056-21 mode D): names with a sixth group, flags in hexadecimal.
#[test]
fn mode_d() {
    let (message, readings) = read(
        "DMO5METER V3.04",
        Check::None,
        &[
            ("1-0:0.0.0*255", &["30313233"]),
            ("1-0:1.8.0*255", &["00052185.7825309*kWh"]),
            ("1-0:21.7.0*255", &["-000747.85*W"]),
            ("1-0:96.5.5*255", &["80"]),
            ("1-0:97.97.0*255", &["00000000"]),
            ("6-0:11.0.0", &["42.5*C"]),
            ("7-0:3.0.0", &["5.5*Nm3"]),
        ],
    );
    assert_eq!(
        readings,
        [
            "1-0:0.0.0*255 meter id = 30313233",
            "1-0:1.8.0*255 active energy import = 52185782.5309 Wh",
            "1-0:21.7.0*255 active power import = -747.85 W",
            "1-0:96.5.5*255 error flags = 80",
            "1-0:97.97.0*255 error flags = 00000000",
            "6-0:11.0.0 return temperature = 42.5 °C",
            "7-0:3.0.0 unknown = 5.5 (the unit is not known)",
        ]
    );
    assert_eq!(id(&message), Some("30313233".into()));
}

/// Without a check sum an octet that was lost shows only where the line no longer fits together.
#[test]
fn broken_lines_give_no_value() {
    let (_, readings) = read(
        "DMO5METERSCOPE",
        Check::None,
        &[
            ("1-0:1.8.0", &["00012(00034.5*kWh"]),
            ("1-0:2.8.0", &["00012)00034.5*kWh"]),
            ("1-0:1.7.0", &["01.19.3*kW"]),
            ("1-0:2.7.0", &["00.000*kW"]),
        ],
    );
    assert_eq!(
        readings,
        ["1-0:1.7.0 active power import = 01.19.3*kW", "1-0:2.7.0 active power export = 0 W"]
    );
}
