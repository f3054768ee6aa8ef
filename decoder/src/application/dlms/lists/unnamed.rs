//! Lists that bring neither a name of their own nor the names of their objects: bare values in a structure.
//!
//! Such a list is known by its number of elements, their types and how the first one begins. All of it has to fit: a list
//! that has one element more is another list, and its values are shown without names.

use super::{Scaling, iskraemeco, landis_gyr};
use crate::application::dlms::data::{self, tag};
use crate::cursor::Cursor;
use crate::obis::Obis;
use crate::reading::{Quantity, Unit};

/// What a grid company has its meters push, as far as it or somebody else has published it.
#[derive(Debug)]
pub struct UnnamedList {
    /// The maker's three letters.
    pub letters: [u8; 3],
    /// How the first element begins.
    pub opening: Opening,
    /// All elements in their order.
    pub places: &'static [Place],
}

/// How the first element of a list begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// An octet string that begins so.
    Text(&'static [u8]),
    /// An octet string of nothing but decimal digits: the number on the meter.
    Digits,
    /// Whatever it is.
    Any,
}

/// One element of such a list.
#[derive(Debug)]
pub struct Place {
    /// The tags that it is sent with.
    pub types: &'static [u8],
    /// The object that stands there, where that is known.
    pub obis: Option<Obis>,
    /// What it measures.
    pub quantity: Quantity,
    /// Its scale, where it is a number.
    pub scaling: Scaling,
}

impl UnnamedList {
    /// The list of so many elements that `content` holds; the cursor stands at the first.
    pub fn find(elements: u32, content: &Cursor<'_>) -> Option<&'static Self> {
        let mut all = iskraemeco::UNNAMED.iter().chain(&landis_gyr::UNNAMED);
        all.find(|list| list.places.len() == elements as usize && list.fits(content.ahead()))
    }

    fn fits(&self, mut octets: &[u8]) -> bool {
        self.opening.fits(octets)
            && self.places.iter().all(|place| {
                let type_fits = octets.first().is_some_and(|tag| place.types.contains(tag));
                let rest = data::length(octets).and_then(|length| octets.get(length as usize..));
                octets = rest.unwrap_or_default();
                type_fits && rest.is_some()
            })
    }
}

impl Opening {
    fn fits(self, octets: &[u8]) -> bool {
        let string = || match octets {
            [tag::OCTET_STRING, length, rest @ ..] => rest.get(..usize::from(*length)),
            _ => None,
        };
        match self {
            Self::Text(text) => string().is_some_and(|string| string.starts_with(text)),
            Self::Digits => {
                string().is_some_and(|string| !string.is_empty() && string.iter().all(u8::is_ascii_digit))
            }
            Self::Any => true,
        }
    }
}

/// An identification, a state, the clock: with a name and no unit.
pub(super) const fn object(types: &'static [u8], obis: Obis) -> Place {
    Place { types, obis: Some(obis), quantity: obis.quantity(), scaling: Scaling::UNKNOWN }
}

/// An element of which nothing is published.
pub(super) const fn unknown(types: &'static [u8]) -> Place {
    Place { types, obis: None, quantity: Quantity::Unknown, scaling: Scaling::UNKNOWN }
}

/// The number on the meter, whose object is not published.
pub(super) const fn meter_id(types: &'static [u8]) -> Place {
    Place { types, obis: None, quantity: Quantity::MeterId, scaling: Scaling::UNKNOWN }
}

/// 1-0:C.D.E in a unit.
pub(super) const fn value(types: &'static [u8], [c, d, e]: [u8; 3], exponent: i8, unit: Unit) -> Place {
    let obis = Obis::new(1, 0, c, d, e);
    let scaling = Scaling::always(exponent, unit);
    Place { types, obis: Some(obis), quantity: obis.quantity(), scaling }
}

/// Power in W or var.
pub(super) const fn power(c: u8) -> Place {
    let unit = if is_reactive(c) { Unit::Var } else { Unit::Watt };
    value(&[tag::DOUBLE_LONG_UNSIGNED], [c, 7, 0], 0, unit)
}

/// Energy in Wh or varh, of the total or of a tariff.
pub(super) const fn energy(c: u8, tariff: u8) -> Place {
    let unit = if is_reactive(c) { Unit::VarHour } else { Unit::WattHour };
    value(&[tag::DOUBLE_LONG_UNSIGNED], [c, 8, tariff], 0, unit)
}

/// Voltage of phase L1, L2, L3 in 10^`exponent` V.
pub(super) const fn voltage(phase: u8, exponent: i8) -> Place {
    value(&[tag::LONG_UNSIGNED], [12 + 20 * phase, 7, 0], exponent, Unit::Volt)
}

/// Current of phase L1, L2, L3 in hundredths of an ampere.
pub(super) const fn current(phase: u8) -> Place {
    value(&[tag::LONG_UNSIGNED], [11 + 20 * phase, 7, 0], -2, Unit::Ampere)
}

/// Value group C of reactive quantities, of the sum or of a phase (IEC 62056-6-1 Table 12).
const fn is_reactive(c: u8) -> bool {
    matches!(c % 20, 3..=8)
}
