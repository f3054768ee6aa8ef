//! Wired M-Bus frames, format class FT 1.2 (EN 13757-2:2018 5.4).

use super::writer::{EncodeError, Writer};
use crate::link::check_sequence::sum8;
use crate::link::mbus_frame::{ACK, START_LONG, START_SHORT, STOP};

/// C field: reset the link (EN 13757-2:2018 5.5, Table 3).
pub const SND_NKE: u8 = 0x40;
/// C field: request of class 2 data, frame count bit clear.
pub const REQ_UD2: u8 = 0x5B;
/// The frame count bit, which alternates from request to request (EN 13757-2:2018 5.5).
pub const FRAME_COUNT_BIT: u8 = 0x20;
/// C field: user data from the meter.
pub const RSP_UD: u8 = 0x08;
/// C field: user data to the meter.
pub const SND_UD: u8 = 0x53;

/// The positive acknowledgement, E5.
pub fn ack(writer: &mut Writer<'_>) -> Result<(), EncodeError> {
    writer.octet(ACK)
}

/// A short frame, `10 C A sum 16`.
pub fn short(writer: &mut Writer<'_>, control: u8, address: u8) -> Result<(), EncodeError> {
    writer.octets(&[START_SHORT, control, address, sum8(&[control, address]), STOP])
}

/// A request of class 2 data.
pub fn req_ud2(writer: &mut Writer<'_>, address: u8, frame_count_bit: bool) -> Result<(), EncodeError> {
    short(writer, if frame_count_bit { REQ_UD2 | FRAME_COUNT_BIT } else { REQ_UD2 }, address)
}

/// A control frame: a long frame without data.
pub fn control(writer: &mut Writer<'_>, control: u8, address: u8, ci: u8) -> Result<(), EncodeError> {
    long(writer, control, address, ci, |_| Ok(()))
}

/// A long frame, `68 L L 68 C A CI … sum 16`, around the data that `data` writes.
pub fn long(
    writer: &mut Writer<'_>,
    control: u8,
    address: u8,
    ci: u8,
    data: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let start = writer.position();
    writer.octets(&[START_LONG, 0, 0, START_LONG])?;
    let covered = writer.position();
    writer.octets(&[control, address, ci])?;
    data(writer)?;
    let length = u8::try_from(writer.position() - covered).map_err(|_| EncodeError::TooLong)?;
    writer.patch(start + 1, &[length, length])?;
    let sum = sum8(writer.since(covered));
    writer.octets(&[sum, STOP])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::FrameKind::{MbusAck, MbusControl, MbusLong, MbusShort};
    use crate::link::Frames;
    use crate::link::frames::Item;

    #[test]
    fn each_kind_of_frame_is_found() {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        short(&mut writer, SND_NKE, 5).unwrap();
        ack(&mut writer).unwrap();
        req_ud2(&mut writer, 5, true).unwrap();
        control(&mut writer, SND_UD, 253, 0x50).unwrap();
        long(&mut writer, RSP_UD, 5, 0x72, |w| w.octets(&[0x68; 252])).unwrap();
        let kinds: std::vec::Vec<_> = Frames::new(writer.finish())
            .map(|item| match item {
                Item::Frame(frame) if frame.damage.is_none() => frame.kind,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(kinds, [MbusShort, MbusAck, MbusShort, MbusControl, MbusLong]);
    }

    #[test]
    fn more_than_255_octets_are_refused() {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        assert_eq!(long(&mut writer, RSP_UD, 5, 0x72, |w| w.octets(&[0; 253])), Err(EncodeError::TooLong));
    }
}
