//! What the board says that it is.

/// The largest packet of the control pipe and of both data pipes.
pub const PACKET_OCTETS: u8 = 64;
/// The largest packet of the notification pipe.
pub const NOTIFICATION_OCTETS: u8 = 16;

/// Endpoints: where the board could notify the host, where the host sends to, and where it reads from.
pub const NOTIFICATION: u8 = 1;
/// To the board.
pub const DATA_OUT: u8 = 2;
/// To the host.
pub const DATA_IN: u8 = 3;
/// The highest bit of an endpoint's address: to the host.
pub const TO_HOST: u8 = 0x80;

/// Their addresses.
pub const ENDPOINTS: [u8; 3] = [TO_HOST | NOTIFICATION, DATA_OUT, TO_HOST | DATA_IN];

/// The interfaces: that which controls the port, and that of its data.
pub const INTERFACES: u8 = 2;
/// The former.
pub const COMMUNICATIONS: u8 = 0;
/// The only configuration there is.
pub const CONFIGURATION: u8 = 1;

/// An Arduino Leonardo, as every system knows it: its drivers and its flashing tools look for these two numbers.
pub const VENDOR_ID: u16 = 0x2341;
/// The product of that vendor.
pub const PRODUCT_ID: u16 = 0x8036;

/// Types of descriptors (table 9-5).
const DEVICE: u8 = 1;
const CONFIGURATION_TYPE: u8 = 2;
const STRING: u8 = 3;
const INTERFACE: u8 = 4;
const ENDPOINT: u8 = 5;
/// Of the class (CDC, table 12).
const CLASS_INTERFACE: u8 = 0x24;

/// Numbers of strings.
const LANGUAGES: u8 = 0;
const MANUFACTURER: u8 = 1;
const PRODUCT: u8 = 2;

/// What a descriptor is made of. Strings are stored as they are read and sent with two octets a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descriptor {
    /// As it is sent.
    Octets(&'static [u8]),
    /// A string of ASCII.
    Text(&'static str),
}

impl Descriptor {
    /// That which the high octet of a request's value names by its type and the low one by its number.
    pub fn of(value: u16) -> Option<Self> {
        let [number, kind] = value.to_le_bytes();
        match (kind, number) {
            (DEVICE, 0) => Some(Self::Octets(&DEVICE_DESCRIPTOR)),
            (CONFIGURATION_TYPE, 0) => Some(Self::Octets(&CONFIGURATION_DESCRIPTOR)),
            (STRING, LANGUAGES) => Some(Self::Octets(&[4, STRING, ENGLISH[0], ENGLISH[1]])),
            (STRING, MANUFACTURER) => Some(Self::Text("Meterscope")),
            (STRING, PRODUCT) => Some(Self::Text("Meterscope forwarder")),
            _ => None,
        }
    }

    /// How long it is.
    pub const fn length(self) -> u16 {
        match self {
            Self::Octets(octets) => octets.len() as u16,
            Self::Text(text) => 2 + 2 * text.len() as u16,
        }
    }

    /// One of its octets; zero behind its end.
    pub fn octet(self, place: u16) -> u8 {
        match (self, place) {
            (Self::Octets(octets), _) => octets.get(usize::from(place)).copied().unwrap_or(0),
            (Self::Text(_), 0) => self.length() as u8,
            (Self::Text(_), 1) => STRING,
            // UTF-16 of ASCII.
            (Self::Text(text), _) if place.is_multiple_of(2) => {
                text.as_bytes().get(usize::from(place / 2 - 1)).copied().unwrap_or(0)
            }
            (Self::Text(_), _) => 0,
        }
    }
}

const ENGLISH: [u8; 2] = 0x0409_u16.to_le_bytes();
const BCD_USB_2: [u8; 2] = 0x0200_u16.to_le_bytes();
const BCD_RELEASE: [u8; 2] = 0x0100_u16.to_le_bytes();
const VENDOR: [u8; 2] = VENDOR_ID.to_le_bytes();
const PRODUCT_NUMBER: [u8; 2] = PRODUCT_ID.to_le_bytes();

/// A communications device (table 9-8; CDC, table 1).
#[rustfmt::skip]
static DEVICE_DESCRIPTOR: [u8; 18] = [
    18, DEVICE, BCD_USB_2[0], BCD_USB_2[1],
    2, 0, 0, PACKET_OCTETS,
    VENDOR[0], VENDOR[1], PRODUCT_NUMBER[0], PRODUCT_NUMBER[1], BCD_RELEASE[0], BCD_RELEASE[1],
    MANUFACTURER, PRODUCT, 0, 1,
];

const CONFIGURATION_OCTETS: u8 = 67;
/// Fed by the bus alone (table 9-10).
const BUS_POWERED: u8 = 0x80;
/// 100 mA, in steps of 2 mA.
const POWER: u8 = 50;
/// Kinds of endpoints (table 9-13).
const BULK: u8 = 2;
const INTERRUPT: u8 = 3;
/// How often the host asks for notifications, in milliseconds.
const NOTIFICATION_MS: u8 = 255;

/// Header, call management, abstract control and union (CDC, 5.2.3; PSTN, 5.3).
#[rustfmt::skip]
static CONFIGURATION_DESCRIPTOR: [u8; CONFIGURATION_OCTETS as usize] = [
    9, CONFIGURATION_TYPE, CONFIGURATION_OCTETS, 0, INTERFACES, CONFIGURATION, 0, BUS_POWERED, POWER,
    // Interface 0: communications, abstract control, no protocol.
    9, INTERFACE, COMMUNICATIONS, 0, 1, 2, 2, 0, 0,
    5, CLASS_INTERFACE, 0, 0x10, 1,
    // No call management, neither here nor on the data interface.
    5, CLASS_INTERFACE, 1, 0, 1,
    // Line coding and the state of the control lines.
    4, CLASS_INTERFACE, 2, 0b10,
    5, CLASS_INTERFACE, 6, COMMUNICATIONS, 1,
    7, ENDPOINT, ENDPOINTS[0], INTERRUPT, NOTIFICATION_OCTETS, 0, NOTIFICATION_MS,
    // Interface 1: data.
    9, INTERFACE, 1, 0, 2, 10, 0, 0, 0,
    7, ENDPOINT, ENDPOINTS[1], BULK, PACKET_OCTETS, 0, 0,
    7, ENDPOINT, ENDPOINTS[2], BULK, PACKET_OCTETS, 0, 0,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    fn sent(value: u16) -> Vec<u8> {
        let descriptor = Descriptor::of(value).unwrap();
        (0..descriptor.length()).map(|place| descriptor.octet(place)).collect()
    }

    /// Each begins with its length and its type, and they fill the whole.
    #[test]
    fn the_configuration_is_made_of_descriptors() {
        let all = sent(0x0200);
        let total = u16::from_le_bytes([all[2], all[3]]);
        assert_eq!(usize::from(total), all.len());
        let (mut rest, mut interfaces, mut endpoints) = (&all[..], 0, Vec::new());
        while let [length, kind, ..] = *rest {
            assert!(length >= 2);
            interfaces += u8::from(kind == INTERFACE);
            if kind == ENDPOINT {
                endpoints.push(rest[2]);
            }
            rest = &rest[usize::from(length)..];
        }
        assert_eq!(interfaces, INTERFACES);
        assert_eq!(endpoints, [0x81, 0x02, 0x83]);
        assert_eq!(endpoints, ENDPOINTS);
    }

    #[test]
    fn strings_are_utf_16() {
        let product = sent(0x0302);
        assert_eq!((usize::from(product[0]), product[1]), (product.len(), STRING));
        let units: Vec<u16> =
            product[2..].chunks(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
        assert_eq!(String::from_utf16(&units).unwrap(), "Meterscope forwarder");
        assert_eq!(sent(0x0300), [4, 3, 0x09, 0x04]);
    }

    #[test]
    fn there_is_no_other_descriptor() {
        // Another string, a configuration that is not there, what a fast device would have, and the class's own.
        for value in [0x0303, 0x0201, 0x0600, 0x0700, 0x2400, 0x0000] {
            assert_eq!(Descriptor::of(value), None, "{value:04X}");
        }
    }
}
