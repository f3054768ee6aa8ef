//! An invented heat meter on the wired M-Bus, and the requests of its master.

use super::heating::HeatMeasurements;
use super::mbus::{self, RSP_UD};
use super::record::{self, LongHeader};
use super::writer::{EncodeError, Writer};

/// Primary address of the meter.
pub const ADDRESS: u8 = 17;
/// Identification number of the invented meter.
pub const METER_ID: u32 = 99_012_345;
/// Three letters that no maker has.
pub const MANUFACTURER: [u8; 3] = *b"DMO";

/// CI field: answer with a long header (EN 13757-7:2018 Table 2).
const CI_RESPONSE: u8 = 0x72;
const VERSION: u8 = 3;
/// Device type: heat (EN 13757-7:2018 Table 13).
const HEAT: u8 = 0x04;
/// Status: temporary error (EN 13757-7:2018 7.5.6).
const TEMPORARY_ERROR: u8 = 0x10;

/// The answer to [`mbus::req_ud2`]: every record of the meter, with `access` as access number.
pub fn response(writer: &mut Writer<'_>, access: u8, now: &HeatMeasurements) -> Result<(), EncodeError> {
    let header = LongHeader {
        id: METER_ID,
        manufacturer: MANUFACTURER,
        version: VERSION,
        medium: HEAT,
        access,
        status: if now.alarms == 0 { 0 } else { TEMPORARY_ERROR },
    };
    mbus::long(writer, RSP_UD, ADDRESS, CI_RESPONSE, |w| {
        header.write(w)?;
        for (header, value) in values(now)? {
            record::number(w, header, value)?;
        }
        record::date_time(w, &DATE_TIME, now.clock)?;
        record::number(w, &ERROR_FLAGS, now.alarms.into())?;
        record::date(w, &STORED_DATE, now.stored.date)?;
        record::number(w, &STORED_ENERGY, whole(now.stored.energy_kwh)?)?;
        record::number(w, &STORED_VOLUME, whole(now.stored.volume_dal)?)?;
        record::manufacturer_block(w, &MANUFACTURER_BLOCK)
    })
}

// DIF, DIFE, VIF, VIFE (EN 13757-3:2018 Tables 4, 10 and 12).
const FABRICATION_NUMBER: [u8; 2] = [0x0C, 0x78];
const ENERGY_KWH: [u8; 2] = [0x0C, 0x06];
const VOLUME_DAL: [u8; 2] = [0x0C, 0x14];
const POWER_W: [u8; 2] = [0x04, 0x2B];
const FLOW_L_PER_H: [u8; 2] = [0x02, 0x3B];
const FLOW_TEMPERATURE_CENTI: [u8; 2] = [0x02, 0x59];
const RETURN_TEMPERATURE_CENTI: [u8; 2] = [0x02, 0x5D];
const DIFFERENCE_CENTI: [u8; 2] = [0x02, 0x61];
const ON_TIME_H: [u8; 2] = [0x04, 0x22];
const DATE_TIME: [u8; 2] = [0x04, 0x6D];
const ERROR_FLAGS: [u8; 3] = [0x02, 0xFD, 0x17];
const STORED_DATE: [u8; 2] = [0x42, 0x6C];
const STORED_ENERGY: [u8; 2] = [0x4C, 0x06];
const STORED_VOLUME: [u8; 2] = [0x4C, 0x14];
const MANUFACTURER_BLOCK: [u8; 6] = [0x01, 0x00, 0x2A, 0xFF, 0x7E, 0x68];

fn values(now: &HeatMeasurements) -> Result<[(&'static [u8], i32); 9], EncodeError> {
    Ok([
        (&FABRICATION_NUMBER, whole(METER_ID)?),
        (&ENERGY_KWH, whole(now.energy_kwh)?),
        (&VOLUME_DAL, whole(now.volume_dal)?),
        (&POWER_W, whole(now.power_w)?),
        (&FLOW_L_PER_H, whole(now.flow_l_per_h)?),
        (&FLOW_TEMPERATURE_CENTI, now.flow_temperature_c_celsius),
        (&RETURN_TEMPERATURE_CENTI, now.return_temperature_c_celsius),
        (&DIFFERENCE_CENTI, now.difference_ck()),
        (&ON_TIME_H, whole(now.on_time_h)?),
    ])
}

fn whole(number: u32) -> Result<i32, EncodeError> {
    number.try_into().map_err(|_| EncodeError::OutOfRange)
}
