//! The header between CI field and records (EN 13757-7:2018 7.3–7.5).

use super::OctetOrder;
use crate::cursor::{Cursor, Short};
use crate::error::Problem;
use crate::message::{Message, Meter, MeterId};
use crate::sink::{Field, FieldSink, FieldValue, Node};

/// The configuration field: whether and how the records are ciphered (EN 13757-7:2018 7.5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Configuration {
    field: u16,
    /// Mode 7: which key, and how it is derived (EN 13757-7:2018 7.7.6).
    extension: u8,
}

impl Configuration {
    /// Not ciphered.
    pub const NONE: Self = Self { field: 0, extension: 0 };

    /// The security mode, bits 12…8.
    pub const fn mode(self) -> u8 {
        (self.field >> 8 & 0x1F) as u8
    }

    /// How many blocks of 16 octets are ciphered (modes 5 and 7), bits 7…4.
    pub const fn ciphered_blocks(self) -> u8 {
        (self.field >> 4 & 0x0F) as u8
    }

    /// Whether the key of a message is derived in the way that is told here: function 1, AES-CMAC over the message counter.
    pub const fn has_known_derivation(self) -> bool {
        self.extension >> 4 & 0x03 == 1
    }

    /// How many octets are ciphered of `content`, the length of all that follows the header. Fifteen blocks stand for all
    /// the whole blocks that there are (EN 13757-7:2018 7.7.5).
    pub const fn ciphered_octets(self, content: usize) -> usize {
        match self.ciphered_blocks() {
            15 if content > 15 * 16 => content & !0x0F,
            blocks => blocks as usize * 16,
        }
    }

    /// Whether `content`, the octets behind the header, is ciphered and in a way that keys may open.
    ///
    /// Loggers that decipher leave the field as it was. Two idle fillers in front tell that they did: a ciphertext begins
    /// so once in 65,536 times (EN 13757-7:2018 7.6.4).
    pub fn cipher(self, content: &[u8]) -> Cipher {
        let cipher = match self.mode() {
            5 | 7 if self.ciphered_blocks() == 0 => Cipher::None,
            5 | 7 => Cipher::Supported,
            1..=4 | 8..=10 | 13 => Cipher::Unsupported,
            // Meters older than the modes put a signature or nothing of sense here, and never cipher.
            _ => Cipher::None,
        };
        if content.is_empty() || content.starts_with(&[0x2F, 0x2F]) { Cipher::None } else { cipher }
    }
}

/// Whether and how records are ciphered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// They are in the clear.
    None,
    /// They are in the clear with a tag over them.
    Tagged,
    /// Mode 5 or 7.
    Supported,
    /// Another mode.
    Unsupported,
}

/// The address of a meter in the order in which it is sent: manufacturer, identification, version, device type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(pub [u8; 8]);

impl Address {
    /// The identification, least significant octet first.
    pub const fn identification(self) -> [u8; 4] {
        let [_, _, a, b, c, d, _, _] = self.0;
        [a, b, c, d]
    }

    /// What the long header begins with: identification, manufacturer, version, device type.
    fn of_header(octets: [u8; 8], order: OctetOrder) -> Self {
        let [a, b, c, d, m, n, version, medium] = octets;
        Self(match order {
            OctetOrder::LeastFirst => [m, n, a, b, c, d, version, medium],
            OctetOrder::MostFirst => [n, m, d, c, b, a, version, medium],
        })
    }
}

/// Access number, status, configuration.
pub(super) fn read_short(
    order: OctetOrder,
    message: &mut Message,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<Configuration, Problem> {
    in_header(cursor, sink, |cursor, sink| read_tail(order, message, cursor, sink))
}

/// Identification, manufacturer, version, device type and the short header.
pub(super) fn read_long(
    order: OctetOrder,
    message: &mut Message,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<(Configuration, Option<Address>), Problem> {
    let address = cursor.ahead().first_chunk().map(|octets| Address::of_header(*octets, order));
    let configuration = in_header(cursor, sink, |cursor, sink| {
        let id = read_identification(order, cursor, sink)?;
        let manufacturer = read_manufacturer(order, cursor, sink)?;
        let version = cursor.octet(sink, |octet| Field::number("version", octet.into()))?;
        let medium = cursor.octet(sink, device_type)?;
        message.meter = Some(Meter {
            manufacturer: Some(manufacturer),
            id: Some(MeterId::Packed(id)),
            version: Some(version),
            medium: Some(medium),
        });
        read_tail(order, message, cursor, sink)
    })?;
    Ok((configuration, address))
}

/// Identification, access number, status of the fixed data structure.
pub(super) fn read_fixed(
    order: OctetOrder,
    message: &mut Message,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<Configuration, Problem> {
    in_header(cursor, sink, |cursor, sink| {
        let id = read_identification(order, cursor, sink)?;
        message.meter = Some(Meter { id: Some(MeterId::Packed(id)), ..Meter::default() });
        message.access = Some(cursor.octet(sink, |octet| Field::number("access number", octet.into()))?);
        message.status =
            Some(cursor.octet(sink, |octet| Field::new("status", FieldValue::Unsigned(octet.into())))?);
        Ok(Configuration::NONE)
    })
}

/// The mask of a selection: identification, manufacturer, version, device type; F and FF stand for any.
pub(super) fn read_selection(
    order: OctetOrder,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    in_header(cursor, sink, |cursor, sink| {
        read_identification(order, cursor, sink)?;
        if cursor.ahead().starts_with(&[0xFF, 0xFF]) {
            cursor.array::<2>(sink, |_| Field::code("manufacturer", 0xFFFF, "any"))?;
        } else {
            read_manufacturer(order, cursor, sink)?;
        }
        let any = |name| {
            move |octet: u8| match octet {
                0xFF => Field::code(name, 0xFF, "any"),
                octet => Field::number(name, octet.into()),
            }
        };
        cursor.octet(sink, any("version"))?;
        cursor.octet(sink, any("device type"))?;
        Ok(())
    })
}

fn in_header<T, S: FieldSink>(
    cursor: &mut Cursor<'_>,
    sink: &mut S,
    read: impl FnOnce(&mut Cursor<'_>, &mut S) -> Result<T, Short>,
) -> Result<T, Problem> {
    sink.enter(Node::TransportHeader, cursor.position());
    let result = read(cursor, sink);
    sink.leave(cursor.position());
    result.map_err(Problem::from)
}

fn read_tail(
    order: OctetOrder,
    message: &mut Message,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<Configuration, Short> {
    message.access = Some(cursor.octet(sink, |octet| Field::number("access number", octet.into()))?);
    message.status =
        Some(cursor.octet(sink, |octet| Field::new("status", FieldValue::Status(Status(octet))))?);
    let word = |octets: &[u8; 2]| match order {
        OctetOrder::LeastFirst => u16::from_le_bytes(*octets),
        OctetOrder::MostFirst => u16::from_be_bytes(*octets),
    };
    let field = cursor.array::<2>(sink, |octets| {
        let configuration = Configuration { field: word(octets), extension: 0 };
        Field::code("configuration", configuration.field.into(), mode_meaning(configuration.mode()))
    })?;
    let mut configuration = Configuration { field: word(field), extension: 0 };
    if configuration.mode() == 7 {
        configuration.extension = cursor
            .octet(sink, |octet| Field::new("configuration extension", FieldValue::Unsigned(octet.into())))?;
    }
    Ok(configuration)
}

fn read_identification(
    order: OctetOrder,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<u32, Short> {
    let id = |octets: &[u8; 4]| match order {
        OctetOrder::LeastFirst => u32::from_le_bytes(*octets),
        OctetOrder::MostFirst => u32::from_be_bytes(*octets),
    };
    cursor
        .array::<4>(sink, |octets| {
            Field::new("identification number", FieldValue::Identification(id(octets)))
        })
        .map(id)
}

fn read_manufacturer(
    order: OctetOrder,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<[u8; 3], Short> {
    let letters = |octets: &[u8; 2]| {
        manufacturer_letters(match order {
            OctetOrder::LeastFirst => u16::from_le_bytes(*octets),
            OctetOrder::MostFirst => u16::from_be_bytes(*octets),
        })
    };
    cursor
        .array::<2>(sink, |octets| Field::new("manufacturer", FieldValue::Manufacturer(letters(octets))))
        .map(letters)
}

/// Five bits a letter, counted from `@`; the top bit says whether the address is unique world-wide
/// (EN 13757-7:2018 7.5.2).
pub const fn manufacturer_letters(code: u16) -> [u8; 3] {
    [(code >> 10 & 0x1F) as u8 + b'@', (code >> 5 & 0x1F) as u8 + b'@', (code & 0x1F) as u8 + b'@']
}

fn device_type<'a>(code: u8) -> Field<'a> {
    Field::code("device type", code.into(), device_type_meaning(code))
}

/// What a device measures (EN 13757-7:2018 Table 13).
pub const fn device_type_meaning(code: u8) -> &'static str {
    match code {
        0x00 => "other",
        0x01 => "oil",
        0x02 => "electricity",
        0x03 => "gas",
        0x04 => "heat",
        0x05 => "steam",
        0x06 => "warm water",
        0x07 => "water",
        0x08 => "heat cost allocator",
        0x09 => "compressed air",
        0x0A => "cooling, volume in the return flow",
        0x0B => "cooling, volume in the supply flow",
        0x0C => "heat, volume in the supply flow",
        0x0D => "heat and cooling",
        0x0E => "bus or system component",
        0x0F => "unknown",
        0x10 => "irrigation water",
        0x11 => "water data logger",
        0x12 => "gas data logger",
        0x13 => "gas converter",
        0x14 => "calorific value",
        0x15 => "hot water",
        0x16 => "cold water",
        0x17 => "dual register water",
        0x18 => "pressure",
        0x19 => "A/D converter",
        0x1A => "smoke detector",
        0x1B => "room sensor",
        0x1C => "gas detector",
        0x20 => "breaker (electricity)",
        0x21 => "valve (gas or water)",
        0x25 => "customer unit (display)",
        0x28 => "waste water",
        0x29 => "garbage",
        0x2B => "environmental sensor",
        0x31 => "communication controller",
        0x32 => "unidirectional repeater",
        0x33 => "bidirectional repeater",
        0x36 => "radio converter, system side",
        0x37 => "radio converter, meter side",
        0x38 => "bus converter, meter side",
        _ => "",
    }
}

const fn mode_meaning(mode: u8) -> &'static str {
    // EN 13757-7:2018 Table 19.
    match mode {
        0 => "not ciphered",
        1 => "manufacturer's own cipher",
        2 => "DES, initial vector zero",
        3 => "DES, initial vector not zero",
        4 => "AES-128 CBC, initial vector zero",
        5 => "AES-128 CBC, initial vector not zero (mode 5)",
        7 => "AES-128 CBC, ephemeral key (mode 7)",
        8 => "AES-128 CTR with CMAC (mode 8)",
        9 => "AES-128 GCM (mode 9)",
        10 => "AES-128 CCM (mode 10)",
        13 => "TLS (mode 13)",
        _ => "",
    }
}

/// The status octet of a meter (EN 13757-7:2018 7.5.6, Tables 15 and 16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(pub u8);

impl core::fmt::Display for Status {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let application = match self.0 & 0x03 {
            0 => "",
            1 => "application busy",
            2 => "application error",
            _ => "abnormal condition",
        };
        let flags = [
            (self.0 & 0x03 != 0, application),
            (self.0 & 0x04 != 0, "power low"),
            (self.0 & 0x08 != 0, "permanent error"),
            (self.0 & 0x10 != 0, "temporary error"),
            (self.0 & 0xE0 != 0, "flags of the manufacturer"),
        ];
        write!(f, "{:02X}h", self.0)?;
        if self.0 == 0 {
            return f.write_str(", no error");
        }
        flags.iter().filter(|(set, _)| *set).try_for_each(|(_, text)| write!(f, ", {text}"))
    }
}
