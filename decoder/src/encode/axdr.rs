//! DLMS data in A-XDR and the APDU around it (IEC 62056-5-3; IEC 62056-6-2 Blue Book 4.1.5).

use super::clock::Clock;
use super::writer::{EncodeError, Writer};
use crate::obis::Obis;

/// Written in front of the body of a Data-Notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationTime {
    /// Length 0: no time, as Aidon and Landis+Gyr do.
    Absent,
    /// Length and date-time, as the standard says and Kamstrup does.
    Untagged(Clock),
    /// Tag, length and date-time, as Kaifa does.
    Tagged(Clock),
}

/// Units as a scaler-unit structure names them (Blue Book 4.3.2, Table 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the name of a unit")]
pub enum EnumUnit {
    Watt = 27,
    Var = 29,
    WattHour = 30,
    VarHour = 32,
    Ampere = 33,
    Volt = 35,
}

/// The LLC header in front of an APDU from the meter (IEC 62056-46:2002 6.2).
const LLC: [u8; 3] = [0xE6, 0xE7, 0x00];
const DATA_NOTIFICATION: u8 = 0x0F;

const ARRAY: u8 = 0x01;
const STRUCTURE: u8 = 0x02;
const DOUBLE_LONG_UNSIGNED: u8 = 0x06;
const OCTET_STRING: u8 = 0x09;
const VISIBLE_STRING: u8 = 0x0A;
const INTEGER: u8 = 0x0F;
const LONG: u8 = 0x10;
const LONG_UNSIGNED: u8 = 0x12;
const ENUM: u8 = 0x16;

const DATE_TIME_LENGTH: u8 = 12;

/// LLC header, Data-Notification with the long invoke-id `invoke_id`, its time; the body follows.
pub fn notification(
    writer: &mut Writer<'_>,
    invoke_id: u32,
    time: NotificationTime,
) -> Result<(), EncodeError> {
    writer.octets(&LLC)?;
    writer.octet(DATA_NOTIFICATION)?;
    writer.octets(&invoke_id.to_be_bytes())?;
    match time {
        NotificationTime::Absent => writer.octet(0),
        NotificationTime::Untagged(clock) => {
            writer.octet(DATE_TIME_LENGTH)?;
            writer.octets(&date_time_octets(clock))
        }
        NotificationTime::Tagged(clock) => date_time(writer, clock),
    }
}

/// The head of an array of `elements` elements.
pub fn array(writer: &mut Writer<'_>, elements: u8) -> Result<(), EncodeError> {
    count(writer, ARRAY, elements)
}

/// The head of a structure of `elements` elements.
pub fn structure(writer: &mut Writer<'_>, elements: u8) -> Result<(), EncodeError> {
    count(writer, STRUCTURE, elements)
}

/// double-long-unsigned, 32 bits.
pub fn double_long_unsigned(writer: &mut Writer<'_>, number: u32) -> Result<(), EncodeError> {
    writer.octet(DOUBLE_LONG_UNSIGNED)?;
    writer.octets(&number.to_be_bytes())
}

/// long, 16 bits signed.
pub fn long(writer: &mut Writer<'_>, number: i16) -> Result<(), EncodeError> {
    writer.octet(LONG)?;
    writer.octets(&number.to_be_bytes())
}

/// long-unsigned, 16 bits.
pub fn long_unsigned(writer: &mut Writer<'_>, number: u16) -> Result<(), EncodeError> {
    writer.octet(LONG_UNSIGNED)?;
    writer.octets(&number.to_be_bytes())
}

/// octet-string of at most 127 octets.
pub fn octet_string(writer: &mut Writer<'_>, octets: &[u8]) -> Result<(), EncodeError> {
    string(writer, OCTET_STRING, octets)
}

/// visible-string of at most 127 characters.
pub fn visible_string(writer: &mut Writer<'_>, text: &[u8]) -> Result<(), EncodeError> {
    string(writer, VISIBLE_STRING, text)
}

/// The name of an object, as an octet-string.
pub fn obis(writer: &mut Writer<'_>, obis: Obis) -> Result<(), EncodeError> {
    octet_string(writer, &obis.0)
}

/// A date-time as an octet-string.
pub fn date_time(writer: &mut Writer<'_>, clock: Clock) -> Result<(), EncodeError> {
    octet_string(writer, &date_time_octets(clock))
}

/// The structure of scaler and unit that follows a register's value (Blue Book 4.3.2).
pub fn scaler_unit(writer: &mut Writer<'_>, scaler: i8, unit: EnumUnit) -> Result<(), EncodeError> {
    structure(writer, 2)?;
    writer.octet(INTEGER)?;
    writer.octets(&scaler.to_be_bytes())?;
    writer.octets(&[ENUM, unit as u8])
}

fn count(writer: &mut Writer<'_>, tag: u8, elements: u8) -> Result<(), EncodeError> {
    // More would need a length of several octets, which no list here has.
    if elements > 0x7F { Err(EncodeError::TooLong) } else { writer.octets(&[tag, elements]) }
}

fn string(writer: &mut Writer<'_>, tag: u8, octets: &[u8]) -> Result<(), EncodeError> {
    let length = u8::try_from(octets.len()).map_err(|_| EncodeError::TooLong)?;
    count(writer, tag, length)?;
    writer.octets(octets)
}

/// Year to second; hundredths and deviation not specified, status 0 (Blue Book 4.1.6.1).
fn date_time_octets(clock: Clock) -> [u8; DATE_TIME_LENGTH as usize] {
    let civil = clock.civil();
    let [year_high, year_low] = civil.year.to_be_bytes();
    [
        year_high,
        year_low,
        civil.month,
        civil.day,
        civil.weekday,
        civil.hour,
        civil.minute,
        civil.second,
        0xFF,
        0x80,
        0x00,
        0x00,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_and_its_scaler() {
        let mut buffer = [0; 32];
        let mut writer = Writer::new(&mut buffer);
        long(&mut writer, -5).unwrap();
        scaler_unit(&mut writer, -1, EnumUnit::Ampere).unwrap();
        assert_eq!(writer.finish(), [0x10, 0xFF, 0xFB, 0x02, 0x02, 0x0F, 0xFF, 0x16, 0x21]);
    }

    #[test]
    fn lengths_of_more_than_one_octet_are_refused() {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        assert_eq!(visible_string(&mut writer, &[b'x'; 128]), Err(EncodeError::TooLong));
        assert_eq!(structure(&mut writer, 128), Err(EncodeError::TooLong));
    }
}
