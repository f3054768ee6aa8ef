//! P1 telegrams (DSMR P1 companion standard 5.0.2, 6.2).

use super::clock::Clock;
use super::writer::{EncodeError, Writer};
use crate::link::check_sequence::crc16_arc;
use crate::link::p1_telegram::{END, START};

/// What follows the `!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// CRC-16/ARC in four hexadecimal digits, from DSMR 4 on.
    Crc,
    /// Nothing, as in DSMR 2 and 3.
    None,
}

/// Writes a telegram: `identification` is the line after the `/`, without its end, and `lines` writes the data lines.
pub fn telegram(
    writer: &mut Writer<'_>,
    identification: &str,
    check: Check,
    lines: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let start = writer.position();
    writer.octet(START)?;
    writer.octets(identification.as_bytes())?;
    writer.octets(b"\r\n\r\n")?;
    lines(writer)?;
    writer.octet(END)?;
    if check == Check::Crc {
        let crc = crc16_arc(writer.since(start));
        for digit in [crc >> 12, crc >> 8, crc >> 4, crc] {
            writer.octet(hexadecimal(digit as u8 & 0x0F))?;
        }
    }
    writer.octets(LINE_END)
}

/// `object(text)`.
pub fn text(writer: &mut Writer<'_>, object: &str, text: &str) -> Result<(), EncodeError> {
    line(writer, object, |w| w.octets(text.as_bytes()))
}

/// `object(value)(value)…`: a log, a list, or a value of an M-Bus meter as DSMR 2 and 3 print it. An empty `object` makes a
/// line of values that belongs to the one before.
pub fn values(writer: &mut Writer<'_>, object: &str, values: &[&str]) -> Result<(), EncodeError> {
    writer.octets(object.as_bytes())?;
    for value in values {
        writer.octet(b'(')?;
        writer.octets(value.as_bytes())?;
        writer.octet(b')')?;
    }
    writer.octets(LINE_END)
}

/// `object(whole.fraction*unit)`: `number` counts in units of 10^-`decimals`, with `whole` digits before the point.
pub fn number(
    writer: &mut Writer<'_>,
    object: &str,
    number: u32,
    (whole, decimals): (usize, u32),
    unit: &str,
) -> Result<(), EncodeError> {
    let one = 10_u32.checked_pow(decimals).ok_or(EncodeError::OutOfRange)?;
    line(writer, object, |w| {
        w.decimal(number / one, whole)?;
        if decimals > 0 {
            w.octet(b'.')?;
            w.decimal(number % one, decimals as usize)?;
        }
        w.octet(b'*')?;
        w.octets(unit.as_bytes())
    })
}

/// `object(YYMMDDhhmmssW)`: local time, W for normal time (DSMR P1 6.4).
pub fn clock(writer: &mut Writer<'_>, object: &str, clock: Clock) -> Result<(), EncodeError> {
    line(writer, object, |w| time(w, clock))
}

/// `object(YYMMDDhhmmssW)(whole.fraction*unit)`: a value of an M-Bus meter and when it was read (DSMR P1 6.11).
pub fn metered(
    writer: &mut Writer<'_>,
    object: &str,
    read: Clock,
    number: u32,
    digits: (usize, u32),
    unit: &str,
) -> Result<(), EncodeError> {
    writer.octets(object.as_bytes())?;
    writer.octet(b'(')?;
    time(writer, read)?;
    writer.octet(b')')?;
    self::number(writer, "", number, digits, unit)
}

const LINE_END: &[u8] = b"\r\n";

fn line(
    writer: &mut Writer<'_>,
    object: &str,
    value: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    writer.octets(object.as_bytes())?;
    writer.octet(b'(')?;
    value(writer)?;
    writer.octet(b')')?;
    writer.octets(LINE_END)
}

fn time(writer: &mut Writer<'_>, clock: Clock) -> Result<(), EncodeError> {
    let civil = clock.civil();
    let year = civil.year % 100;
    for part in [year as u8, civil.month, civil.day, civil.hour, civil.minute, civil.second] {
        writer.decimal(part.into(), 2)?;
    }
    writer.octet(b'W')
}

const fn hexadecimal(digit: u8) -> u8 {
    if digit < 10 { b'0' + digit } else { b'A' + (digit - 10) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::frames::Item;
    use crate::link::{FrameKind, Frames};

    #[test]
    fn telegrams_with_and_without_crc_are_found() {
        let mut buffer = [0; 256];
        let mut writer = Writer::new(&mut buffer);
        for check in [Check::Crc, Check::None] {
            telegram(&mut writer, "DMO5METERSCOPE", check, |w| {
                clock(w, "0-0:1.0.0", Clock::new(2024, 2, 29, 23, 59, 58).unwrap())?;
                number(w, "1-0:1.8.0", 12_345_678, (8, 3), "kWh")?;
                metered(w, "0-1:24.2.1", Clock::new(2024, 3, 1, 0, 0, 0).unwrap(), 7, (5, 3), "m3")
            })
            .unwrap();
        }
        let written = writer.finish();
        let text = std::string::String::from_utf8(written.to_vec()).unwrap();
        assert!(text.contains("\r\n0-0:1.0.0(240229235958W)\r\n1-0:1.8.0(00012345.678*kWh)\r\n"), "{text}");
        assert!(text.contains("0-1:24.2.1(240301000000W)(00000.007*m3)\r\n!"), "{text}");
        let items: std::vec::Vec<_> = Frames::new(written).collect();
        assert_eq!(items.len(), 2);
        for item in items {
            assert!(
                matches!(item, Item::Frame(frame) if frame.kind == FrameKind::P1 && frame.damage.is_none())
            );
        }
    }
}
