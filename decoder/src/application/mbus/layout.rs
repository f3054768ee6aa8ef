//! How the octets of a value are coded and how many there are (EN 13757-3:2018 6.3.3).

#[cfg(not(target_arch = "avr"))]
use super::data_information::DATA_FIELD;
use super::data_information::{DataType, Dif};
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::sink::{Field, FieldSink};

/// How the octets of a value are coded, LVAR resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Nothing,
    /// Nothing either: the meter is asked to send the record.
    Selection,
    Integer,
    Bcd,
    NegativeBcd,
    Float32,
    Float64,
    Text,
    Binary,
}

/// How the octets of a value are coded, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub coding: Coding,
    pub length: u8,
    /// How many bits of a word of eight octets that leaves over.
    pub unused: u8,
}

impl Layout {
    const fn new(coding: Coding, length: u8) -> Self {
        let unused = if length < 8 { 64 - 8 * length } else { 0 };
        Self { coding, length, unused }
    }

    /// What a DIF says; none where the LVAR says it.
    const fn of_data_type(data_type: DataType) -> Option<Self> {
        Some(match data_type {
            DataType::None | DataType::Special => Self::new(Coding::Nothing, 0),
            DataType::SelectionForReadout => Self::new(Coding::Selection, 0),
            DataType::Integer(octets) => Self::new(Coding::Integer, octets),
            DataType::Float => Self::new(Coding::Float32, 4),
            DataType::Bcd(octets) => Self::new(Coding::Bcd, octets),
            DataType::Variable => return None,
        })
    }

    /// Computes it on an AVR, where a table would lie in RAM, and looks it up elsewhere: every record asks.
    #[inline]
    fn of_dif(dif: Dif) -> Option<Self> {
        #[cfg(target_arch = "avr")]
        {
            Self::of_data_type(dif.data_type())
        }
        #[cfg(not(target_arch = "avr"))]
        {
            const TABLE: [Option<Layout>; DATA_FIELD as usize + 1] = {
                let mut table = [None; DATA_FIELD as usize + 1];
                let mut field = 0;
                while field <= DATA_FIELD {
                    table[field as usize] = Layout::of_data_type(Dif(field).data_type());
                    field += 1;
                }
                table
            };
            TABLE[usize::from(dif.0 & DATA_FIELD)]
        }
    }

    /// EN 13757-3:2018 Table 5; F8 is the eight-octet float of EN 1434-3:1997, reserved since.
    const fn of_lvar(lvar: u8) -> Option<Self> {
        Some(match lvar {
            0x00..=0xBF => Self::new(Coding::Text, lvar),
            0xC0..=0xC9 => Self::new(Coding::Bcd, lvar - 0xC0),
            0xD0..=0xD9 => Self::new(Coding::NegativeBcd, lvar - 0xD0),
            0xE0..=0xE8 => Self::new(Coding::Integer, lvar - 0xE0),
            0xE9..=0xEF => Self::new(Coding::Binary, lvar - 0xE0),
            0xF0..=0xF4 => Self::new(Coding::Binary, 4 * (lvar - 0xEC)),
            0xF5 => Self::new(Coding::Binary, 48),
            0xF6 => Self::new(Coding::Binary, 64),
            0xF8 => Self::new(Coding::Float64, 8),
            _ => return None,
        })
    }
}

/// Reads the LVAR, where there is one, and says how the value is laid out.
#[inline]
pub(super) fn read_layout(
    dif: Dif,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<Layout, Problem> {
    if let Some(layout) = Layout::of_dif(dif) {
        return Ok(layout);
    }
    let at = cursor.position();
    let lvar = cursor.octet(sink, |octet| Field::code("LVAR", octet.into(), lvar_meaning(octet)))?;
    Layout::of_lvar(lvar).ok_or(Problem::new(ProblemKind::ReservedLvar { lvar }, at))
}

const fn lvar_meaning(lvar: u8) -> &'static str {
    match lvar {
        0x00..=0xBF => "text",
        0xC0..=0xC9 => "positive BCD number",
        0xD0..=0xD9 => "negative BCD number",
        0xE0..=0xF6 => "binary number",
        0xF8 => "64 bit float",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dif_has_a_layout_or_an_lvar() {
        assert_eq!(Layout::of_dif(Dif(0x84)), Some(Layout::new(Coding::Integer, 4)));
        assert_eq!(Layout::of_dif(Dif(0x0E)), Some(Layout::new(Coding::Bcd, 6)));
        assert_eq!(Layout::of_dif(Dif(0x48)), Some(Layout::new(Coding::Selection, 0)));
        assert_eq!(Layout::of_dif(Dif(0x0D)), None);
    }

    #[test]
    fn every_lvar_has_a_length_or_is_refused() {
        assert_eq!(Layout::of_lvar(0xC4), Some(Layout::new(Coding::Bcd, 4)));
        assert_eq!(Layout::of_lvar(0xF0), Some(Layout::new(Coding::Binary, 16)));
        assert_eq!(Layout::of_lvar(0xF8), Some(Layout::new(Coding::Float64, 8)));
        assert_eq!(Layout::of_lvar(0xCA), None);
        assert_eq!(Layout::of_lvar(0xFF), None);
    }
}
