//! How a block is made up.

use crate::cursor::Cursor;
use crate::date_time::{Date, DateTime};
use crate::decimal::Decimal;
use crate::reading::{Unit, Value};
use crate::sink::{Field, FieldSink, FieldValue};

/// Parts of fixed length, and then, in some blocks, registers.
#[derive(Debug)]
pub(super) struct Block {
    pub parts: &'static [Part],
    pub registers: Option<Registers>,
}

/// One part of a block.
#[derive(Debug)]
pub(super) struct Part {
    pub name: &'static str,
    pub length: u8,
    pub shows: Shows,
}

/// What the octets of a part say.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shows {
    /// Nothing that is known.
    Octets,
    /// A number, least significant octet first, times ten to the exponent. All ones stand for no value.
    Number(i8, Unit),
    /// Year, month and day in BCD.
    Date,
    /// A code of one octet.
    Code(fn(u8) -> &'static str),
}

/// A number of one octet in front of each value says what it is.
#[derive(Debug)]
pub(super) struct Registers {
    /// The register of this number; none where not even its length is known.
    pub part: fn(u8) -> Option<Part>,
    /// The number that stands for filling.
    pub filler: u8,
}

impl Block {
    /// Reads as much as fits; the caller reads what is left.
    pub fn read(&self, cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) {
        for part in self.parts {
            if part.read(cursor, sink).is_none() {
                return;
            }
        }
        let Some(registers) = &self.registers else { return };
        while let Some(number) = cursor.peek(0) {
            let part = if number == registers.filler { None } else { (registers.part)(number) };
            let Some(part) = part.filter(|part| cursor.left() > part.length.into()) else { return };
            let _ = cursor.octet(sink, |octet| Field::code("register", octet.into(), part.name));
            let _ = part.read(cursor, sink);
        }
    }
}

impl Part {
    fn read(&self, cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Option<()> {
        cursor
            .leaf(self.length.into(), sink, |octets| Field::new(self.name, self.shows.value(octets)))
            .ok()?;
        Some(())
    }
}

impl Shows {
    fn value(self, octets: &[u8]) -> FieldValue<'_> {
        match self {
            Self::Octets => FieldValue::Octets(octets),
            Self::Number(exponent, unit) => number(octets).map_or(FieldValue::Octets(octets), |number| {
                FieldValue::Value(Value::Number(Decimal::unsigned(number, exponent)), unit)
            }),
            Self::Date => date(octets).map_or(FieldValue::Octets(octets), FieldValue::Time),
            Self::Code(meaning) => {
                let code = octets.first().copied().unwrap_or_default();
                FieldValue::Code { code: code.into(), meaning: meaning(code) }
            }
        }
    }
}

fn number(octets: &[u8]) -> Option<u64> {
    if octets.len() > 8 || octets.iter().all(|&octet| octet == 0xFF) {
        return None;
    }
    Some(octets.iter().rev().fold(0, |number, &octet| number << 8 | u64::from(octet)))
}

fn date(octets: &[u8]) -> Option<DateTime> {
    let decimal = |octet: u8| {
        let (tens, ones) = (octet >> 4, octet & 0x0F);
        (tens <= 9 && ones <= 9).then_some(tens * 10 + ones)
    };
    let [year, month, day] = *octets else { return None };
    let date = Date::new(Some(2000 + u16::from(decimal(year)?)), decimal(month)?, decimal(day)?)?;
    Some(DateTime { date: Some(date), ..DateTime::default() })
}
