//! Captures of meters that do not exist, made by the decoder's own encoder.
//!
//! Every number is below 1000, so that no language puts anything between its digits.

use meterscope_decoder::encode::axdr::{self, NotificationTime};
use meterscope_decoder::encode::{
    Clock, Damage, EncodeError, Energy, HeatMeasurements, Measurements, Phase, Power, Writer, aidon,
    heat_meter, kaifa,
};

/// Import in every capture of an electricity meter.
pub const POWER_W: u32 = 742;
/// Flow temperature of the heat meter, as English writes it.
pub const FLOW_TEMPERATURE: &str = "71.25";
/// Identification number in [`kaifa_list_2`].
pub const METER_ID: &str = "9990000000067890";

/// Frames of no invented meter here are longer.
const LONGEST_CAPTURE: usize = 1024;

/// One HDLC frame with the thirteen items that a Kaifa meter sends every ten seconds.
pub fn kaifa_list_2() -> Vec<u8> {
    written(|writer| kaifa::frame(writer, kaifa::List::Two, &household()))
}

/// One short HDLC frame, an Aidon meter's list of one item: power, with scaler and unit.
pub fn aidon_list_1() -> Vec<u8> {
    written(|writer| aidon::frame(writer, aidon::List::One, aidon::Wiring::FourWire, &household()))
}

/// One long M-Bus frame, the answer of a heat meter.
pub fn heat_meter() -> Vec<u8> {
    written(|writer| heat_meter::response(writer, 1, &heating()))
}

/// LLC header and APDU without a link frame, as some adapters log them.
pub fn bare_llc() -> Vec<u8> {
    written(|writer| {
        axdr::notification(writer, 1, NotificationTime::Tagged(noon()))?;
        axdr::structure(writer, 1)?;
        axdr::double_long_unsigned(writer, POWER_W)
    })
}

/// A frame with one bit wrong in its power, and a good one right after it.
pub fn damaged_then_good() -> Vec<u8> {
    let mut capture = written(|writer| {
        kaifa::frame(writer, kaifa::List::One, &household())?;
        let at = writer.position() - 5;
        Damage::FlipBit { at, bit: 0 }.apply(writer)
    });
    capture.extend(kaifa_list_2());
    capture
}

/// Octets as people paste them.
pub fn hex(octets: &[u8]) -> String {
    let octets: Vec<String> = octets.iter().map(|octet| format!("{octet:02X}")).collect();
    octets.join(" ")
}

fn household() -> Measurements {
    let phase = Phase { current_ma: 925, voltage_dv: 231, power: Power::default() };
    Measurements {
        clock: noon(),
        power: Power { active_import_w: POWER_W, ..Power::default() },
        phases: [phase; 3],
        energy: Energy::default(),
    }
}

fn heating() -> HeatMeasurements {
    let stored =
        meterscope_decoder::encode::heating::StoredHeat { date: noon(), energy_kwh: 321, volume_dal: 654 };
    HeatMeasurements {
        clock: noon(),
        energy_kwh: 432,
        volume_dal: 765,
        power_w: 876,
        flow_l_per_h: 123,
        flow_temperature_c_celsius: 7125,
        return_temperature_c_celsius: 4050,
        on_time_h: 987,
        alarms: 0,
        stored,
    }
}

fn noon() -> Clock {
    Clock::new(2025, 3, 31, 12, 0, 0).expect("the thirty-first of March is a date")
}

fn written(write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> Vec<u8> {
    let mut buffer = [0; LONGEST_CAPTURE];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer).expect("the captures fit into the buffer");
    writer.finish().to_vec()
}
