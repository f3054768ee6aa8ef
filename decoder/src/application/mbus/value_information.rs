//! The value information block: VIF, VIFEs, plain text unit (EN 13757-3:2018 6.4).

use super::Direction;
use super::extension::{Effect, Extension};
use super::value_table::{self, Meaning};
use crate::cursor::{Cursor, Short};
use crate::error::{Problem, ProblemKind};
use crate::reading::Quantity;
use crate::sink::{Field, FieldSink, FieldValue, Node};
use crate::text::Text;

/// EN 13757-3:2018 6.4.2.
const MOST_ALLOWED: u8 = 10;
/// Between the two the record is read, and the problem reported.
const MOST_READ: u8 = 15;

const EXTENSION_BIT: u8 = 0x80;
const MANUFACTURER: u8 = 0x7F;
const OWN_EXTENSIONS: u8 = MANUFACTURER | EXTENSION_BIT;
const TO_EXTENSION_FB: u8 = 0xFB;
const TO_EXTENSION_FD: u8 = 0xFD;
const TO_SECOND_TABLE: u8 = 0x7C;

/// What a value information block says besides quantity, unit and scale. Most blocks say nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Additions<'a> {
    /// What the VIFEs do to the value.
    pub effect: Effect,
    /// The combinable VIFEs as sent.
    pub extensions: &'a [u8],
    /// The unit in the meter's own words.
    pub unit_text: Option<Text<'a>>,
}

/// Reads VIF, VIFEs and plain text. Gives the meaning as the VIFEs left it, and puts into `additions` what else there is.
#[inline]
pub fn read<'a>(
    additions: &mut Option<Additions<'a>>,
    direction: Direction,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<Meaning, Problem> {
    sink.enter(Node::ValueInformation, cursor.position());
    let result = try_read(additions, direction, cursor, sink);
    sink.leave(cursor.position());
    result
}

#[inline]
fn try_read<'a>(
    additions: &mut Option<Additions<'a>>,
    direction: Direction,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<Meaning, Problem> {
    let (meaning, follows) = read_main(cursor, sink)?;
    if follows == Follows::Nothing && meaning.quantity != Quantity::PlainText {
        return Ok(meaning);
    }
    // What a function takes by reference lies in memory from beginning to end; so it gets copies.
    let mut rest = *cursor;
    let additions = additions.insert(Additions::default());
    let meaning = read_additions(meaning, follows, additions, direction, &mut rest, sink);
    *cursor = rest;
    meaning
}

/// Reads the VIFEs and the plain text behind the main VIF.
#[inline(never)]
fn read_additions<'a>(
    meaning: Meaning,
    follows: Follows,
    additions: &mut Additions<'a>,
    direction: Direction,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<Meaning, Problem> {
    let is_text = meaning.quantity == Quantity::PlainText;
    if is_text && (follows == Follows::Nothing || text_follows(cursor)) {
        additions.unit_text = Some(read_text(cursor, sink)?);
    }
    let extensions = cursor.ahead();
    let start = cursor.position();
    let meaning = read_extensions(meaning, follows, &mut additions.effect, direction, cursor, sink)?;
    additions.extensions = extensions.get(..(cursor.position() - start) as usize).unwrap_or_default();
    if is_text && additions.unit_text.is_none() {
        additions.unit_text = Some(read_text(cursor, sink)?);
    }
    Ok(meaning)
}

#[inline]
fn read_extensions(
    mut meaning: Meaning,
    follows: Follows,
    effect: &mut Effect,
    direction: Direction,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<Meaning, Problem> {
    let mut table = match follows {
        Follows::Nothing => return Ok(meaning),
        Follows::Extensions => Table::First,
        Follows::OwnExtensions => Table::Manufacturer,
    };
    for count in 0..=MOST_READ {
        let too_many = Problem::new(ProblemKind::TooManyExtensions, cursor.position());
        match count {
            MOST_ALLOWED => sink.problem(too_many),
            MOST_READ => return Err(too_many),
            _ => {}
        }
        let octet = cursor.octet(sink, |octet| {
            let text = table.extension(octet).text(direction);
            Field::code("VIFE", octet.into(), text)
        })?;
        table.extension(octet).apply(direction, &mut meaning, effect);
        table = table.after(octet);
        if octet & EXTENSION_BIT == 0 {
            break;
        }
    }
    Ok(meaning)
}

/// Which table the next VIFE is from.
#[derive(Clone, Copy)]
enum Table {
    First,
    Second,
    Manufacturer,
}

impl Table {
    const fn extension(self, octet: u8) -> Extension {
        let code = octet & !EXTENSION_BIT;
        match self {
            Self::First => Extension::First(code),
            Self::Second => Extension::Second(code),
            Self::Manufacturer => Extension::Manufacturer(code),
        }
    }

    const fn after(self, octet: u8) -> Self {
        match (self, octet & !EXTENSION_BIT) {
            (Self::Manufacturer, _) | (Self::First, MANUFACTURER) => Self::Manufacturer,
            (Self::First, TO_SECOND_TABLE) => Self::Second,
            _ => Self::First,
        }
    }
}

/// What the extension bit of the main VIF, or of the VIFE that stands for it, announces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follows {
    Nothing,
    Extensions,
    /// The manufacturer's own.
    OwnExtensions,
}

impl Follows {
    const fn of(octet: u8) -> Self {
        if octet & EXTENSION_BIT == 0 { Self::Nothing } else { Self::Extensions }
    }
}

/// The VIF, or FB or FD and the VIFE behind it.
#[inline]
fn read_main(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Result<(Meaning, Follows), Short> {
    let vif = cursor.octet(sink, |octet| {
        let name = match octet {
            TO_EXTENSION_FB => "extension FB",
            TO_EXTENSION_FD => "extension FD",
            _ => value_table::primary(octet & !EXTENSION_BIT).quantity.name(),
        };
        Field::code("VIF", octet.into(), name)
    })?;
    let table = match vif {
        TO_EXTENSION_FB => value_table::extension_fb,
        TO_EXTENSION_FD => value_table::extension_fd,
        _ => {
            let follows = match vif {
                OWN_EXTENSIONS => Follows::OwnExtensions,
                _ => Follows::of(vif),
            };
            return Ok((value_table::primary(vif & !EXTENSION_BIT), follows));
        }
    };
    let vife = cursor.octet(sink, |octet| {
        Field::code("VIFE", octet.into(), table(octet & !EXTENSION_BIT).quantity.name())
    })?;
    Ok((table(vife & !EXTENSION_BIT), Follows::of(vife)))
}

/// Whether the plain text stands before the VIFEs, as most meters send it, and not behind them, as EN 13757-3:2018 6.4.4
/// has it: a length and so many printable characters.
fn text_follows(cursor: &Cursor<'_>) -> bool {
    let Some((&length, rest)) = cursor.ahead().split_first() else { return false };
    match rest.get(..length.into()) {
        Some([]) | None => false,
        Some(text) => text.iter().all(|octet| matches!(octet, b' '..=b'~' | 0xA0..=0xFF)),
    }
}

fn read_text<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Result<Text<'a>, Short> {
    let length = cursor.octet(sink, |octet| Field::number("unit text length", octet.into()))?;
    cursor.field(length.into(), sink, |octets| {
        let text = Text::reversed(octets);
        (Field::new("unit text", FieldValue::Text(text)), text)
    })
}

/// The combinable VIFEs of a block, one by one.
pub fn extensions(octets: &[u8], own: bool) -> impl Iterator<Item = Extension> + '_ {
    let mut table = if own { Table::Manufacturer } else { Table::First };
    octets.iter().map(move |&octet| {
        let extension = table.extension(octet);
        table = table.after(octet);
        extension
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::mbus::value_table::Form;
    use crate::reading::Unit;
    use std::string::ToString;

    fn read(octets: &[u8]) -> (Result<Meaning, Problem>, Option<Additions<'_>>) {
        let mut additions = None;
        let meaning = super::read(&mut additions, Direction::FromMeter, &mut Cursor::new(octets), &mut ());
        (meaning, additions)
    }

    fn meaning(octets: &[u8]) -> (Quantity, Unit, i8) {
        let meaning = read(octets).0.unwrap();
        (meaning.quantity, meaning.unit, meaning.exponent)
    }

    #[test]
    fn tables_and_corrections() {
        assert_eq!(meaning(&[0x06]), (Quantity::Energy, Unit::WattHour, 3));
        assert_eq!(meaning(&[0xFD, 0x48]), (Quantity::Voltage, Unit::Volt, -1));
        assert_eq!(meaning(&[0xFB, 0x97, 0x72]), (Quantity::ReactivePower, Unit::Var, -1));
        assert_eq!(meaning(&[0x86, 0x7D]), (Quantity::Energy, Unit::WattHour, 6));
        assert_eq!(meaning(&[0xBB, 0x56]), (Quantity::VolumeFlow, Unit::Hour, 0));
    }

    #[test]
    fn type_c_data_has_no_sign() {
        let octets = [0x83, 0xFC, 0x11];
        assert_eq!(read(&octets).0.unwrap().form, Form::Bits);
    }

    #[test]
    fn plain_text_before_and_behind_the_vifes() {
        for octets in [&[0xFC, 3, b'H', b'R', b'%', 0x74][..], &[0xFC, 0x74, 3, b'H', b'R', b'%'][..]] {
            let (meaning, additions) = read(octets);
            let additions = additions.unwrap();
            assert_eq!(additions.unit_text.map(|text| text.to_string()), Some("%RH".to_string()));
            assert_eq!((meaning.unwrap().exponent, additions.extensions), (-2, &[0x74][..]));
        }
    }

    #[test]
    fn the_manufacturers_own_vifes_change_nothing() {
        assert_eq!(meaning(&[0xFF, 0x7D]), (Quantity::ManufacturerSpecific, Unit::None, 0));
        assert_eq!(meaning(&[0xFD, 0xDC, 0xFF, 0x7D]), (Quantity::Current, Unit::Ampere, 0));
    }

    #[test]
    fn too_many_extensions_are_reported_and_far_too_many_refused() {
        #[derive(Default)]
        struct Problems(std::vec::Vec<Problem>);
        impl FieldSink for Problems {
            fn problem(&mut self, problem: Problem) {
                self.0.push(problem);
            }
        }
        let mut problems = Problems::default();
        let mut octets = [0xFE; 17];
        octets[11] = 0x7E;
        let mut cursor = Cursor::new(&octets);
        assert!(super::read(&mut None, Direction::FromMeter, &mut cursor, &mut problems).is_ok());
        assert_eq!(problems.0, [Problem::new(ProblemKind::TooManyExtensions, 11)]);
        let problem = read(&[0xFE; 17]).0.unwrap_err();
        assert_eq!(problem, Problem::new(ProblemKind::TooManyExtensions, 16));
    }
}
