//! How an APDU travels: in one frame, in segments or in blocks.

use super::hdlc::{self, Address, Header};
use super::mbus;
use super::writer::{EncodeError, Writer};

/// A way of sending an APDU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// HDLC frames of at most so many octets of information, the segmentation bit set on all but the last
    /// (IEC 62056-46:2002 6.4.4.4). One frame where the APDU fits.
    Hdlc {
        /// The longest information field.
        longest: usize,
    },
    /// General block transfer, a block an HDLC frame (IEC 62056-5-3:2017 7.3.13).
    Blocks {
        /// The longest block.
        longest: usize,
    },
    /// M-Bus frames of CI 00…1F (EN 13757-1).
    Mbus {
        /// The longest segment.
        longest: usize,
    },
}

const HEADER: Header = Header::ui(Address::One(0x67), Address::Two(0x7F));
const LLC: [u8; 3] = [0xE6, 0xE7, 0x00];
const ADDRESS: u8 = 0xFF;
/// Service access points of client and server, as Austrian meters send them.
const ACCESS_POINTS: [u8; 2] = [0x01, 0x67];
const LAST_SEGMENT: u8 = 0x10;
const BLOCK_TAG: u8 = 0xE0;
const LAST_BLOCK: u8 = 0x80;
const STREAMING: u8 = 0x40;

impl Carrier {
    /// Writes all frames of an APDU.
    pub fn write(self, writer: &mut Writer<'_>, apdu: &[u8]) -> Result<(), EncodeError> {
        let longest = match self {
            Self::Hdlc { longest } | Self::Blocks { longest } | Self::Mbus { longest } => longest.max(1),
        };
        let count = apdu.len().div_ceil(longest);
        for (number, part) in apdu.chunks(longest).enumerate() {
            let part = Part { number, last: number + 1 == count, octets: part };
            match self {
                Self::Hdlc { .. } => write_segment(writer, &part)?,
                Self::Blocks { .. } => write_block(writer, &part)?,
                Self::Mbus { .. } => write_mbus_segment(writer, &part)?,
            }
        }
        Ok(())
    }
}

struct Part<'a> {
    number: usize,
    last: bool,
    octets: &'a [u8],
}

impl Part<'_> {
    fn llc(&self) -> &'static [u8] {
        if self.number == 0 { &LLC } else { &[] }
    }
}

fn write_segment(writer: &mut Writer<'_>, part: &Part<'_>) -> Result<(), EncodeError> {
    let header = Header { segmented: !part.last, ..HEADER };
    hdlc::frame(writer, &header, |w| {
        w.octets(part.llc())?;
        w.octets(part.octets)
    })
}

fn write_block(writer: &mut Writer<'_>, part: &Part<'_>) -> Result<(), EncodeError> {
    let number = u16::try_from(part.number + 1).map_err(|_| EncodeError::OutOfRange)?;
    let length = u8::try_from(part.octets.len()).map_err(|_| EncodeError::TooLong)?;
    hdlc::frame(writer, &HEADER, |w| {
        w.octets(part.llc())?;
        w.octets(&[BLOCK_TAG, if part.last { LAST_BLOCK } else { STREAMING }])?;
        w.octets(&number.to_be_bytes())?;
        w.octets(&[0, 0])?;
        if length > 0x7F {
            w.octet(0x81)?;
        }
        w.octet(length)?;
        w.octets(part.octets)
    })
}

fn write_mbus_segment(writer: &mut Writer<'_>, part: &Part<'_>) -> Result<(), EncodeError> {
    let number = u8::try_from(part.number & 0x0F).unwrap_or_default();
    let ci = if part.last { number | LAST_SEGMENT } else { number };
    mbus::long(writer, mbus::SND_UD, ADDRESS, ci, |w| {
        w.octets(&ACCESS_POINTS)?;
        w.octets(part.octets)
    })
}
