//! M-Bus data records (EN 13757-3:2018 6).

use super::clock::Clock;
use super::writer::{EncodeError, Writer};
use crate::application::mbus::data_information::{DataType, Dif};

/// The header of a message with the CI field 72 (EN 13757-7:2018 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongHeader {
    /// The identification number, eight decimal digits.
    pub id: u32,
    /// Three capital letters (EN 13757-7:2018 7.5.2).
    pub manufacturer: [u8; 3],
    /// The version or generation.
    pub version: u8,
    /// The device type (EN 13757-7:2018 Table 13).
    pub medium: u8,
    /// Counts the readouts.
    pub access: u8,
    /// The status octet (EN 13757-7:2018 7.5.6).
    pub status: u8,
}

impl LongHeader {
    /// Writes it, for unencrypted data.
    pub fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        bcd(writer, self.id.try_into().map_err(|_| EncodeError::OutOfRange)?, 4)?;
        writer.octets(&manufacturer_octets(self.manufacturer)?)?;
        writer.octets(&[self.version, self.medium, self.access, self.status])?;
        // Configuration field: security mode 0.
        writer.octets(&[0, 0])
    }
}

/// Writes a record: `header` is DIF, DIFEs, VIF and VIFEs; its DIF says how `number` is coded.
///
/// Integers of one to four octets and BCD are supported; a DIF of another kind, or a number that does not fit, is
/// [`EncodeError::OutOfRange`].
pub fn number(writer: &mut Writer<'_>, header: &[u8], number: i32) -> Result<(), EncodeError> {
    let dif = header.first().copied().map(Dif).ok_or(EncodeError::OutOfRange)?;
    writer.octets(header)?;
    match dif.data_type() {
        DataType::Integer(octets @ 1..=4) => integer(writer, number, octets.into()),
        DataType::Bcd(octets) => bcd(writer, number, octets.into()),
        _ => Err(EncodeError::OutOfRange),
    }
}

/// Writes a record of date and time, type F (EN 13757-3:2018 Annex A); the DIF has to say 32 bits.
pub fn date_time(writer: &mut Writer<'_>, header: &[u8], clock: Clock) -> Result<(), EncodeError> {
    let civil = clock.civil();
    let [day_year, month_year] = date_octets(clock);
    record(writer, header, &[civil.minute, civil.hour, day_year, month_year])
}

/// Writes a record of a date, type G (EN 13757-3:2018 Annex A); the DIF has to say 16 bits.
pub fn date(writer: &mut Writer<'_>, header: &[u8], clock: Clock) -> Result<(), EncodeError> {
    record(writer, header, &date_octets(clock))
}

/// Writes a block of the manufacturer's own, which ends the message (DIF 0F).
pub fn manufacturer_block(writer: &mut Writer<'_>, block: &[u8]) -> Result<(), EncodeError> {
    writer.octet(0x0F)?;
    writer.octets(block)
}

fn record(writer: &mut Writer<'_>, header: &[u8], data: &[u8]) -> Result<(), EncodeError> {
    let dif = header.first().copied().map(Dif).ok_or(EncodeError::OutOfRange)?;
    if dif.data_type() != DataType::Integer(data.len() as u8) {
        return Err(EncodeError::OutOfRange);
    }
    writer.octets(header)?;
    writer.octets(data)
}

/// Day and the low bits of the year, month and the high bits of the year.
fn date_octets(clock: Clock) -> [u8; 2] {
    let civil = clock.civil();
    let year = (civil.year % 100) as u8;
    [civil.day | (year & 0x07) << 5, civil.month | (year >> 3) << 4]
}

/// Two's complement, lowest octet first (type B).
fn integer(writer: &mut Writer<'_>, number: i32, octets: usize) -> Result<(), EncodeError> {
    let all = number.to_le_bytes();
    let (sent, rest) = all.split_at_checked(octets).ok_or(EncodeError::OutOfRange)?;
    let sign = if sent.last().is_some_and(|&octet| octet & 0x80 != 0) { 0xFF } else { 0 };
    let fits = rest.iter().all(|&octet| octet == sign) && (number < 0) == (sign != 0);
    if fits { writer.octets(sent) } else { Err(EncodeError::OutOfRange) }
}

/// Packed decimal digits, lowest first; a leading F is the minus sign (type A).
fn bcd(writer: &mut Writer<'_>, number: i32, octets: usize) -> Result<(), EncodeError> {
    let mut rest = number.unsigned_abs();
    for index in 0..octets {
        let low = (rest % 10) as u8;
        rest /= 10;
        let high = if number < 0 && index + 1 == octets {
            0x0F
        } else {
            let digit = (rest % 10) as u8;
            rest /= 10;
            digit
        };
        writer.octet(high << 4 | low)?;
    }
    if rest == 0 { Ok(()) } else { Err(EncodeError::OutOfRange) }
}

/// Five bits a letter, A being 1 (EN 13757-7:2018 7.5.2).
fn manufacturer_octets(letters: [u8; 3]) -> Result<[u8; 2], EncodeError> {
    let code = letters.iter().try_fold(0_u16, |code, letter| {
        letter.is_ascii_uppercase().then(|| code << 5 | u16::from(letter - b'@'))
    });
    code.map(u16::to_le_bytes).ok_or(EncodeError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> std::vec::Vec<u8> {
        let mut buffer = [0; 64];
        let mut writer = Writer::new(&mut buffer);
        write(&mut writer).unwrap();
        writer.finish().to_vec()
    }

    #[test]
    fn numbers_take_the_form_that_the_dif_says() {
        assert_eq!(written(|w| number(w, &[0x0C, 0x06], 12_345_678)), [0x0C, 0x06, 0x78, 0x56, 0x34, 0x12]);
        assert_eq!(written(|w| number(w, &[0x0A, 0x61], -123)), [0x0A, 0x61, 0x23, 0xF1]);
        assert_eq!(written(|w| number(w, &[0x02, 0x61], -2)), [0x02, 0x61, 0xFE, 0xFF]);
        assert_eq!(written(|w| number(w, &[0x03, 0x13], 0x0001_0203)), [0x03, 0x13, 0x03, 0x02, 0x01]);
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        let mut buffer = [0; 64];
        let mut writer = Writer::new(&mut buffer);
        for (header, value) in
            [([0x01, 0x06], 128), ([0x01, 0x06], -129), ([0x0A, 0x06], 10_000), ([0x0A, 0x06], -1000)]
        {
            assert_eq!(number(&mut writer, &header, value), Err(EncodeError::OutOfRange), "{value}");
        }
        assert_eq!(number(&mut writer, &[0x05, 0x06], 1), Err(EncodeError::OutOfRange), "a float");
        let clock = Clock::new(2024, 1, 1, 0, 0, 0).unwrap();
        assert_eq!(date(&mut writer, &[0x04, 0x6C], clock), Err(EncodeError::OutOfRange));
    }

    #[test]
    fn the_header_of_a_meter() {
        let header =
            LongHeader { id: 12_345_678, manufacturer: *b"KAM", version: 1, medium: 4, access: 9, status: 0 };
        let octets = [0x78, 0x56, 0x34, 0x12, 0x2D, 0x2C, 0x01, 0x04, 0x09, 0x00, 0x00, 0x00];
        assert_eq!(written(|w| header.write(w)), octets);
    }
}
