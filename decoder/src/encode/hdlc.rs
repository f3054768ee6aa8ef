//! HDLC frames, frame format type 3 (ISO/IEC 13239 Annex H.4; IEC 62056-46:2002 6.4).

use super::writer::{EncodeError, Writer};
use crate::link::check_sequence::crc16_x25;
use crate::link::hdlc_frame::FLAG;

/// What stands in the header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Who shall get it.
    pub destination: Address,
    /// Who sends it.
    pub source: Address,
    /// Control field.
    pub control: u8,
    /// More frames of the same message follow.
    pub segmented: bool,
}

/// An address without its extension bits, and in how many octets it is sent (IEC 62056-46 6.4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// 7 bits.
    One(u8),
    /// 14 bits.
    Two(u16),
    /// 28 bits.
    Four(u32),
}

/// UI frame with the poll bit, as pushed on the HAN port.
pub const UI: u8 = 0x13;

/// Frame format type 3.
const FORMAT: u16 = 0xA000;
const SEGMENTED: u16 = 0x0800;
/// The length field has 11 bits.
const LONGEST: usize = 0x7FF;
const CHECK_LENGTH: usize = 2;

/// Writes a frame with both flags around the information field that `information` writes.
pub fn frame(
    writer: &mut Writer<'_>,
    header: &Header,
    information: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    writer.octet(FLAG)?;
    frame_after_flag(writer, header, information)
}

/// The same without an opening flag: the closing flag of the frame before opens this one too (ISO/IEC 13239 4.2.1).
pub fn frame_after_flag(
    writer: &mut Writer<'_>,
    header: &Header,
    information: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let start = writer.position();
    writer.octets(&FORMAT.to_be_bytes())?;
    header.destination.write(writer)?;
    header.source.write(writer)?;
    writer.octet(header.control)?;
    let header_end = writer.position();
    writer.octets(&[0; CHECK_LENGTH])?;
    information(writer)?;
    // A frame without an information field has one check sequence only.
    let has_information = writer.position() > header_end + CHECK_LENGTH;
    if !has_information {
        writer.truncate(header_end);
    }
    let length = writer.position() - start + CHECK_LENGTH;
    if length > LONGEST {
        return Err(EncodeError::TooLong);
    }
    let segmented = if header.segmented { SEGMENTED } else { 0 };
    writer.patch(start, &(FORMAT | segmented | length as u16).to_be_bytes())?;
    if has_information {
        let covered = writer.since(start).get(..header_end - start).unwrap_or_default();
        let check = crc16_x25(covered);
        writer.patch(header_end, &check.to_le_bytes())?;
    }
    let check = crc16_x25(writer.since(start));
    writer.octets(&check.to_le_bytes())?;
    writer.octet(FLAG)
}

impl Header {
    /// An unsegmented UI frame.
    pub const fn ui(destination: Address, source: Address) -> Self {
        Self { destination, source, control: UI, segmented: false }
    }

    /// The same with another control field.
    #[must_use]
    pub const fn with_control(self, control: u8) -> Self {
        Self { control, ..self }
    }
}

impl Address {
    /// Seven bits an octet, highest first; the lowest bit marks the last octet.
    fn write(self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        let (value, octets) = match self {
            Self::One(value) => (u32::from(value), 1),
            Self::Two(value) => (u32::from(value), 2),
            Self::Four(value) => (value, 4),
        };
        if value >> (7 * octets) != 0 {
            return Err(EncodeError::OutOfRange);
        }
        (0..octets).rev().try_for_each(|index| {
            let bits = (value >> (7 * index)) as u8 & 0x7F;
            writer.octet(bits << 1 | u8::from(index == 0))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{LinkHeader, decode};
    use crate::link::frames::Item;
    use crate::link::{FrameKind, Frames};

    fn headers(octets: &[u8]) -> std::vec::Vec<crate::link::hdlc_frame::HdlcHeader> {
        Frames::new(octets)
            .map(|item| {
                let Item::Frame(frame) = item else { panic!("skipped octets") };
                assert_eq!((frame.kind, frame.damage), (FrameKind::Hdlc, None));
                let Some(LinkHeader::Hdlc(header)) = decode(&frame, &mut ()).header else {
                    panic!("no header")
                };
                header
            })
            .collect()
    }

    #[test]
    fn addresses_of_each_length_come_back() {
        let mut buffer = [0; 64];
        for (address, value) in [
            (Address::One(0x7F), 0x7F),
            (Address::Two(0x241), 0x241),
            (Address::Four(0x0FFF_FFFF), 0x0FFF_FFFF),
        ] {
            let mut writer = Writer::new(&mut buffer);
            let header = Header { segmented: true, ..Header::ui(address, Address::Two(1)) };
            frame(&mut writer, &header, |w| w.octet(0x7E)).unwrap();
            let read = headers(writer.finish());
            assert_eq!(read.len(), 1);
            assert_eq!((read[0].destination, read[0].source), (value, 1));
            assert!(read[0].segmented);
        }
    }

    #[test]
    fn frames_that_share_a_flag_are_both_found() {
        let mut buffer = [0; 64];
        let mut writer = Writer::new(&mut buffer);
        let header = Header::ui(Address::One(1), Address::One(2));
        frame(&mut writer, &header, |_| Ok(())).unwrap();
        assert_eq!(writer.position(), 9, "no information, one check sequence");
        frame_after_flag(&mut writer, &header, |w| w.octets(&[1, 2, 3])).unwrap();
        assert_eq!(headers(writer.finish()).len(), 2);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut buffer = [0; 4096];
        let mut writer = Writer::new(&mut buffer);
        let header = Header::ui(Address::One(0x80), Address::One(1));
        assert_eq!(frame(&mut writer, &header, |_| Ok(())), Err(EncodeError::OutOfRange));
        let header = Header::ui(Address::One(1), Address::One(1));
        assert_eq!(frame(&mut writer, &header, |w| w.octets(&[0; 2040])), Err(EncodeError::TooLong));
    }
}
