//! An invented meter with a P1 port, in the Swedish and the Dutch form.

use super::clock::Clock;
use super::household::Measurements;
use super::p1::{self, Check};
use super::writer::{EncodeError, Writer};

/// The Swedish telegram: 27 lines, three decimals of kWh and kW ("Branschrekommendation för lokalt kundgränssnitt" 2.0).
pub fn swedish_telegram(writer: &mut Writer<'_>, now: &Measurements) -> Result<(), EncodeError> {
    p1::telegram(writer, "DMO5METERSCOPE", Check::Crc, |w| {
        p1::clock(w, "0-0:1.0.0", now.clock)?;
        for ((object, unit), value) in ENERGIES.into_iter().zip(now.energy.directions()) {
            p1::number(w, object, value, (8, 3), unit)?;
        }
        for ((object, unit), value) in POWERS.into_iter().zip(now.power.directions()) {
            p1::number(w, object, value, (4, 3), unit)?;
        }
        for (objects, phase) in PHASE_POWERS.into_iter().zip(&now.phases) {
            for ((object, unit), value) in objects.into_iter().zip(phase.power.directions()) {
                p1::number(w, object, value, (4, 3), unit)?;
            }
        }
        for (object, phase) in VOLTAGES.into_iter().zip(&now.phases) {
            p1::number(w, object, phase.voltage_dv.into(), (3, 1), "V")?;
        }
        for (object, phase) in CURRENTS.into_iter().zip(&now.phases) {
            p1::number(w, object, phase.current_ma.unsigned_abs() / 100, (3, 1), "A")?;
        }
        Ok(())
    })
}

/// The Dutch telegram with two tariffs and a gas meter behind it (DSMR P1 companion standard 5.0.2, 6.12).
pub fn dsmr5_telegram(writer: &mut Writer<'_>, now: &Measurements) -> Result<(), EncodeError> {
    p1::telegram(writer, "DMO5\\2METERSCOPE", Check::Crc, |w| {
        p1::text(w, "1-3:0.2.8", "50")?;
        p1::clock(w, "0-0:1.0.0", now.clock)?;
        p1::text(w, "0-0:96.1.1", EQUIPMENT_ID)?;
        let energy = &now.energy;
        for (object, value) in TARIFF_ENERGIES.into_iter().zip([
            energy.active_import_wh / 3,
            energy.active_import_wh - energy.active_import_wh / 3,
            energy.active_export_wh / 3,
            energy.active_export_wh - energy.active_export_wh / 3,
        ]) {
            p1::number(w, object, value, (6, 3), "kWh")?;
        }
        p1::text(w, "0-0:96.14.0", if is_day(now.clock) { "0002" } else { "0001" })?;
        p1::number(w, "1-0:1.7.0", now.power.active_import_w, (2, 3), "kW")?;
        p1::number(w, "1-0:2.7.0", now.power.active_export_w, (2, 3), "kW")?;
        p1::text(w, "0-0:96.7.21", "00004")?;
        p1::text(w, "0-0:96.13.0", "")?;
        for (object, phase) in VOLTAGES.into_iter().zip(&now.phases) {
            p1::number(w, object, phase.voltage_dv.into(), (3, 1), "V")?;
        }
        for (object, phase) in CURRENTS.into_iter().zip(&now.phases) {
            p1::number(w, object, phase.current_ma.unsigned_abs() / 1000, (3, 0), "A")?;
        }
        p1::text(w, "0-1:24.1.0", "003")?;
        p1::text(w, "0-1:96.1.0", GAS_METER_ID)?;
        p1::metered(w, "0-1:24.2.1", now.clock.hour_start(), GAS_L, (5, 3), "m3")
    })
}

/// Identification of the invented meter: the characters DEMO0000000012345 in hexadecimal (DSMR P1 6.12).
pub const EQUIPMENT_ID: &str = "44454D4F30303030303030303132333435";
/// Identification of the invented gas meter: the characters DEMOGAS0000067890 in hexadecimal.
pub const GAS_METER_ID: &str = "44454D4F47415330303030303637383930";

const GAS_L: u32 = 4_321_987;

const ENERGIES: [(&str, &str); 4] =
    [("1-0:1.8.0", "kWh"), ("1-0:2.8.0", "kWh"), ("1-0:3.8.0", "kVArh"), ("1-0:4.8.0", "kVArh")];
const POWERS: [(&str, &str); 4] =
    [("1-0:1.7.0", "kW"), ("1-0:2.7.0", "kW"), ("1-0:3.7.0", "kVAr"), ("1-0:4.7.0", "kVAr")];
const PHASE_POWERS: [[(&str, &str); 4]; 3] = [
    [("1-0:21.7.0", "kW"), ("1-0:22.7.0", "kW"), ("1-0:23.7.0", "kVAr"), ("1-0:24.7.0", "kVAr")],
    [("1-0:41.7.0", "kW"), ("1-0:42.7.0", "kW"), ("1-0:43.7.0", "kVAr"), ("1-0:44.7.0", "kVAr")],
    [("1-0:61.7.0", "kW"), ("1-0:62.7.0", "kW"), ("1-0:63.7.0", "kVAr"), ("1-0:64.7.0", "kVAr")],
];
const VOLTAGES: [&str; 3] = ["1-0:32.7.0", "1-0:52.7.0", "1-0:72.7.0"];
const CURRENTS: [&str; 3] = ["1-0:31.7.0", "1-0:51.7.0", "1-0:71.7.0"];
const TARIFF_ENERGIES: [&str; 4] = ["1-0:1.8.1", "1-0:1.8.2", "1-0:2.8.1", "1-0:2.8.2"];

/// Tariff 2 of the Dutch meter: from seven to eleven at night on weekdays.
fn is_day(clock: Clock) -> bool {
    let civil = clock.civil();
    civil.weekday <= 5 && (7..23).contains(&civil.hour)
}
