//! The CI field: what follows it and how (EN 13757-7:2018 5.2, Table 2).

use super::{Direction, OctetOrder};
use crate::transport::mbus_segments::Segment;

/// What a CI field says of the octets behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlInformation {
    /// The header that follows at once.
    pub header: HeaderForm,
    /// What follows the header.
    pub content: Content,
    /// How numbers are sent.
    pub order: OctetOrder,
}

/// The header after a CI field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderForm {
    /// None at all.
    None,
    /// Access number, status, configuration: 4 octets.
    Short,
    /// Identification, manufacturer, version, device type and the short header: 12 octets.
    Long,
    /// Identification, access number, status: 6 octets (fixed data structure).
    Fixed,
}

/// What follows the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Data records.
    Records(Direction),
    /// Two counters (EN 1434-3:1997; no longer in EN 13757-3:2018).
    FixedData,
    /// The meter reports an error.
    ApplicationError,
    /// The meter reports an alarm.
    Alarm,
    /// A subcode or nothing.
    ApplicationReset,
    /// Identification, manufacturer, version, device type, any of them masked with F.
    Selection,
    /// A segment of a DLMS APDU (EN 13757-1).
    Dlms(Segment),
    /// Nothing: the CI field is the command.
    Nothing,
    /// Not known.
    Unknown,
}

impl From<u8> for ControlInformation {
    fn from(code: u8) -> Self {
        let (header, content) = match code {
            0x00..=0x1F => {
                let segment = Segment { number: code & 0x0F, last: code & 0x10 != 0 };
                (HeaderForm::None, Content::Dlms(segment))
            }
            0x50 => (HeaderForm::None, Content::ApplicationReset),
            0x51 | 0x55 => (HeaderForm::None, Content::Records(Direction::ToMeter)),
            0x52 | 0x56 => (HeaderForm::None, Content::Selection),
            0x53 => (HeaderForm::Long, Content::ApplicationReset),
            0x54 | 0x5C | 0xB8..=0xBF => (HeaderForm::None, Content::Nothing),
            0x5A => (HeaderForm::Short, Content::Records(Direction::ToMeter)),
            0x5B => (HeaderForm::Long, Content::Records(Direction::ToMeter)),
            0x70 => (HeaderForm::None, Content::ApplicationError),
            0x71 => (HeaderForm::None, Content::Alarm),
            0x72 | 0x76 => (HeaderForm::Long, Content::Records(Direction::FromMeter)),
            0x73 | 0x77 => (HeaderForm::Fixed, Content::FixedData),
            0x78 => (HeaderForm::None, Content::Records(Direction::FromMeter)),
            0x7A => (HeaderForm::Short, Content::Records(Direction::FromMeter)),
            0x6E => (HeaderForm::Short, Content::ApplicationError),
            0x6F => (HeaderForm::Long, Content::ApplicationError),
            0x74 => (HeaderForm::Short, Content::Alarm),
            0x75 => (HeaderForm::Long, Content::Alarm),
            _ => (HeaderForm::None, Content::Unknown),
        };
        let order = match code {
            0x55 | 0x56 | 0x76 | 0x77 => OctetOrder::MostFirst,
            _ => OctetOrder::LeastFirst,
        };
        Self { header, content, order }
    }
}

/// What people call it; empty where nothing is known.
pub const fn meaning(code: u8) -> &'static str {
    match code {
        0x00 => "DLMS, first segment",
        0x01..=0x0F => "DLMS, segment",
        0x10 => "DLMS, the only segment",
        0x11..=0x1F => "DLMS, last segment",
        0x50 => "application reset or select, to the meter",
        0x51 => "command, to the meter",
        0x52 => "selection of a meter",
        0x53 => "application reset or select with long header, to the meter",
        0x54 => "synchronise action, to the meter",
        0x55 => "command, most significant octet first, to the meter",
        0x56 => "selection of a meter, most significant octet first",
        0x5A => "command with short header, to the meter",
        0x5B => "command with long header, to the meter",
        0x5C => "synchronise action, to the meter",
        0x6E => "application error with short header",
        0x6F => "application error with long header",
        0x70 => "application error",
        0x71 => "alarm",
        0x72 => "response with long header",
        0x73 => "response of fixed data structure",
        0x74 => "alarm with short header",
        0x75 => "alarm with long header",
        0x76 => "response with long header, most significant octet first",
        0x77 => "response of fixed data structure, most significant octet first",
        0x78 => "response without header",
        0x7A => "response with short header",
        0x90 => "authentication and fragmentation",
        0xB8 => "set the speed to 300 baud",
        0xB9 => "set the speed to 600 baud",
        0xBA => "set the speed to 1200 baud",
        0xBB => "set the speed to 2400 baud",
        0xBC => "set the speed to 4800 baud",
        0xBD => "set the speed to 9600 baud",
        0xBE => "set the speed to 19200 baud",
        0xBF => "set the speed to 38400 baud",
        0xA0..=0xB7 => "of the manufacturer's own",
        _ => "",
    }
}

/// What an application reset selects (EN 13757-3:2018 7.2, Table 24), by its upper half.
pub const fn reset_subcode_meaning(subcode: u8) -> &'static str {
    match subcode >> 4 {
        0x0 => "everything",
        0x1 => "user data",
        0x2 => "simple billing",
        0x3 => "enhanced billing",
        0x4 => "multi tariff billing",
        0x5 => "instantaneous values",
        0x6 => "load management values",
        0x8 => "installation and start-up",
        0x9 => "testing",
        0xA => "calibration",
        0xB => "manufacturing",
        0xC => "development",
        0xD => "self test",
        _ => "",
    }
}
