//! The data information block: DIF and DIFEs (EN 13757-3:2018 6.3).

use core::fmt;

use crate::cursor::{Cursor, Short};
use crate::error::{Problem, ProblemKind};
use crate::reading::Function;
use crate::sink::{Field, FieldSink, FieldValue, Node};

/// EN 13757-3:2018 6.3.2.
const MOST_ALLOWED: u8 = 10;
/// What the storage number has room for. Between the two the record is read, and the problem reported.
const MOST_READ: u8 = 15;

/// The bits of a DIF that say how the value is coded.
pub(super) const DATA_FIELD: u8 = 0x0F;

/// What a data information block says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataInformation {
    /// The first of the fields; the others only add to it.
    pub dif: Dif,
    /// Which value of a period it is.
    pub function: Function,
    /// 0 is now, others are earlier.
    pub storage: u64,
    /// 0 is the total.
    pub tariff: u32,
    /// Which of several units in the device.
    pub subunit: u16,
}

/// Reads DIF and DIFEs, or refuses a DIF that is no data type.
#[inline]
pub fn read(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Result<DataInformation, Problem> {
    sink.enter(Node::DataInformation, cursor.position());
    let result = try_read(cursor, sink);
    sink.leave(cursor.position());
    result
}

#[allow(clippy::inline_always, reason = "a result that goes through memory makes the processor wait for it")]
#[inline(always)]
fn try_read(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Result<DataInformation, Problem> {
    let at = cursor.position();
    let dif = Dif(cursor.octet(sink, |octet| Field::new("DIF", FieldValue::Dif(Dif(octet))))?);
    if dif.is_special() {
        return Err(Problem::new(ProblemKind::ReservedDif { dif: dif.0 }, at));
    }
    let mut information =
        DataInformation { dif, function: dif.function(), storage: dif.storage(), tariff: 0, subunit: 0 };
    // Nearly every record has one DIFE at most, and that needs no counting.
    if dif.is_extended() && information.read_extension(0, cursor, sink)? {
        read_more_extensions(&mut information, cursor, sink)?;
    }
    Ok(information)
}

#[inline]
fn read_more_extensions(
    information: &mut DataInformation,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    for count in 1..=MOST_READ {
        let too_many = Problem::new(ProblemKind::TooManyExtensions, cursor.position());
        match count {
            MOST_ALLOWED => sink.problem(too_many),
            MOST_READ => return Err(too_many),
            _ => {}
        }
        if !information.read_extension(count, cursor, sink)? {
            break;
        }
    }
    Ok(())
}

impl DataInformation {
    /// Reads the DIFE after `count` others. Says whether one more follows.
    #[inline]
    fn read_extension(
        &mut self,
        count: u8,
        cursor: &mut Cursor<'_>,
        sink: &mut impl FieldSink,
    ) -> Result<bool, Short> {
        let dife = Dife(cursor.octet(sink, |octet| Field::new("DIFE", FieldValue::Dife(Dife(octet))))?);
        // Each DIFE carries the next higher four bits of storage, two of tariff and one of subunit.
        self.storage |= u64::from(dife.storage()) << (1 + 4 * count);
        self.tariff |= u32::from(dife.tariff()) << (2 * count);
        self.subunit |= u16::from(dife.subunit()) << count;
        Ok(dife.is_extended())
    }
}

/// A data information field (EN 13757-3:2018 6.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dif(pub u8);

/// A data information field extension (EN 13757-3:2018 6.3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dife(pub u8);

impl Dif {
    /// Whether a DIFE follows.
    pub const fn is_extended(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// Whether it is no data type but a special function.
    pub const fn is_special(self) -> bool {
        self.0 & DATA_FIELD == DATA_FIELD
    }

    /// The lowest bit of the storage number.
    pub const fn storage(self) -> u64 {
        (self.0 >> 6 & 1) as u64
    }

    /// Which value of a period it is.
    pub const fn function(self) -> Function {
        match self.0 & 0x30 {
            0x00 => Function::Instantaneous,
            0x10 => Function::Maximum,
            0x20 => Function::Minimum,
            _ => Function::Error,
        }
    }

    /// How the value is coded and how long it is.
    pub const fn data_type(self) -> DataType {
        match self.0 & DATA_FIELD {
            0x0 => DataType::None,
            0x1 => DataType::Integer(1),
            0x2 => DataType::Integer(2),
            0x3 => DataType::Integer(3),
            0x4 => DataType::Integer(4),
            0x5 => DataType::Float,
            0x6 => DataType::Integer(6),
            0x7 => DataType::Integer(8),
            0x8 => DataType::SelectionForReadout,
            0x9 => DataType::Bcd(1),
            0xA => DataType::Bcd(2),
            0xB => DataType::Bcd(3),
            0xC => DataType::Bcd(4),
            0xD => DataType::Variable,
            0xE => DataType::Bcd(6),
            _ => DataType::Special,
        }
    }
}

impl Dife {
    /// Whether another DIFE follows.
    pub const fn is_extended(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// Four bits of the storage number.
    pub const fn storage(self) -> u8 {
        self.0 & 0x0F
    }

    /// Two bits of the tariff.
    pub const fn tariff(self) -> u8 {
        self.0 >> 4 & 0x03
    }

    /// One bit of the subunit.
    pub const fn subunit(self) -> u8 {
        self.0 >> 6 & 0x01
    }
}

/// How a value is coded (EN 13757-3:2018 Table 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataType {
    /// No value.
    None,
    /// Two's complement, so many octets (type B).
    Integer(u8),
    /// IEEE 754 single precision (type H).
    Float,
    /// The meter is asked to send this record; no value.
    SelectionForReadout,
    /// Packed decimal digits, so many octets (type A).
    Bcd(u8),
    /// The next octet says how long it is and how it is coded (LVAR).
    Variable,
    /// Not a data type: a special function.
    Special,
}

impl fmt::Display for Dif {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.data_type() {
            DataType::None => f.write_str("no data")?,
            DataType::Integer(octets) => write!(f, "{} bit integer", u16::from(octets) * 8)?,
            DataType::Float => f.write_str("32 bit float")?,
            DataType::SelectionForReadout => f.write_str("selection for readout")?,
            DataType::Bcd(octets) => write!(f, "{} digit BCD", u16::from(octets) * 2)?,
            DataType::Variable => f.write_str("variable length")?,
            DataType::Special => {
                return f.write_str(match self.0 {
                    0x0F => "manufacturer specific data to the end",
                    0x1F => "manufacturer specific data to the end, more records follow in the next message",
                    0x2F => "idle filler",
                    0x7F => "global readout request",
                    _ => "reserved",
                });
            }
        }
        write!(f, ", {}", self.function().name())?;
        if self.storage() == 1 { f.write_str(", storage odd") } else { Ok(()) }
    }
}

impl fmt::Display for Dife {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (storage, tariff, subunit) = (self.storage(), self.tariff(), self.subunit());
        write!(f, "bits of storage {storage}, tariff {tariff}, subunit {subunit}")
    }
}
