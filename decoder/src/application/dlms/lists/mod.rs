//! What is known of the manufacturers' push lists: data, no code paths.
//!
//! A list whose objects bring their names and scaler-units along needs nothing from here but the maker's letters. The
//! tables add what is published and not in the frame: which value stands where, and its scale and unit.

mod aidon;
mod kaifa;
mod kamstrup;
mod landis_gyr;

use crate::obis::Obis;
use crate::reading::{Quantity, Unit};

/// What a manufacturer has published of its lists.
#[derive(Debug)]
pub struct Maker {
    /// How the names of its lists begin.
    pub list_prefix: &'static [u8],
    /// Its three letters in the FLAG association's registry.
    pub letters: [u8; 3],
    /// The name of the object in front, for lists whose first element is the list's name alone.
    pub unnamed_first: Option<Obis>,
    /// Values by their place, for lists without names.
    pub positions: &'static [Position],
    /// Scales by name, for lists that do not send them and that have no places.
    pub scales: &'static [Scaling],
}

/// One place of a list whose objects are not named.
#[derive(Debug)]
pub struct Position {
    /// The object that stands there.
    pub obis: Obis,
    /// What it measures.
    pub quantity: Quantity,
    /// Which of the lists have it.
    pub part: Part,
    /// Its scale, where it is a number.
    pub scaling: Scaling,
}

/// The parts that lists are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// In every list but the shortest.
    Always,
    /// Only three-phase meters send it.
    ThreePhases,
    /// Only the hourly list has it.
    Hourly,
}

/// What a maker has published of the scale of an object.
#[derive(Debug)]
pub struct Scaling {
    /// Value groups C and D; C of phase L1 stands for all phases.
    pub measured: [u8; 2],
    /// value = number on the wire × 10^exponent.
    pub exponent: i8,
    /// The unit of the value.
    pub unit: Unit,
    /// Whether the frame leaves no doubt that this is the scale.
    pub holds: Holds,
}

/// Whether a published scale is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// All meters of the make send the object so.
    Always,
    /// Numbers from this on are sent by meters with another scale.
    Below(u32),
    /// Meters of the make differ, and nothing in the frame tells them apart.
    Unknown,
}

impl Scaling {
    /// Whether a number on the wire has this scale for certain.
    pub fn holds_for(&self, digits: u64) -> bool {
        match self.holds {
            Holds::Always => true,
            Holds::Below(limit) => digits < u64::from(limit),
            Holds::Unknown => false,
        }
    }
}

impl Maker {
    /// The maker of the list called `name`.
    pub fn by_list(name: &[u8]) -> Option<&'static Self> {
        [&kaifa::LISTS, &aidon::LISTS, &kamstrup::LISTS, &landis_gyr::LISTS]
            .into_iter()
            .find(|maker| name.starts_with(maker.list_prefix))
    }

    /// The published scale of an object.
    pub fn scaling(&self, obis: Obis) -> Option<&'static Scaling> {
        let [c, d, _] = obis.measured();
        // L2 and L3 are scaled as L1 is.
        let c = match c {
            41..=60 => c - 20,
            61..=80 => c - 40,
            other => other,
        };
        let published = self.scales.iter().find(|scaling| scaling.measured == [c, d]);
        let placed = || self.positions.iter().find(|position| position.obis.measured() == obis.measured());
        published.or_else(|| placed().map(|position| &position.scaling))
    }

    /// Whether there is a list of so many elements without names.
    pub fn has_positions(&self, elements: u32) -> bool {
        Selection::of(elements).is_some_and(|selection| {
            let count = self.positions.iter().filter(|position| selection.has(position.part)).count();
            count == elements as usize
        })
    }
}

/// Which parts a list of so many elements consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    three_phases: bool,
    hourly: bool,
}

impl Selection {
    /// Kaifa is the only maker of lists without names, so its four sizes are all there are.
    pub const fn of(elements: u32) -> Option<Self> {
        let (three_phases, hourly) = match elements {
            9 => (false, false),
            13 => (true, false),
            14 => (false, true),
            18 => (true, true),
            _ => return None,
        };
        Some(Self { three_phases, hourly })
    }

    /// Whether the list has this part.
    pub const fn has(self, part: Part) -> bool {
        match part {
            Part::Always => true,
            Part::ThreePhases => self.three_phases,
            Part::Hourly => self.hourly,
        }
    }
}

/// The single value of Kaifa's list 1, the only list that is one number without a name.
pub const SINGLE_VALUE: &Position = &kaifa::SINGLE_VALUE;
/// Whose list that is.
pub const SINGLE_VALUE_MAKER: &Maker = &kaifa::LISTS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_by_the_name_of_their_list() {
        let letters = |name: &[u8]| Maker::by_list(name).map(|maker| maker.letters);
        assert_eq!(letters(b"KFM_001"), Some(*b"KFM"));
        assert_eq!(letters(b"AIDON_V0001"), Some(*b"AID"));
        assert_eq!(letters(b"Kamstrup_V0001"), Some(*b"KAM"));
        assert_eq!(letters(b"EMBRIQ_V1_1"), Some(*b"LGZ"));
        assert_eq!(letters(b"unheard of"), None);
    }

    #[test]
    fn kaifa_lists_have_four_sizes() {
        let sizes: std::vec::Vec<u32> = (0..100).filter(|&size| kaifa::LISTS.has_positions(size)).collect();
        assert_eq!(sizes, [9, 13, 14, 18]);
        assert!(!kamstrup::LISTS.has_positions(13));
    }

    #[test]
    fn all_phases_share_a_scale() {
        for c in [31, 51, 71] {
            let scaling = kamstrup::LISTS.scaling(Obis::new(1, 1, c, 7, 0)).unwrap();
            assert_eq!((scaling.exponent, scaling.unit), (-2, Unit::Ampere));
        }
    }
}
