//! What is known of the manufacturers' push lists: data, no code paths.
//!
//! A list whose objects bring their names and scaler-units along needs nothing from here but the maker's letters. The
//! tables add what is published and not in the frame: which value stands where, and its scale and unit.
//!
//! # To add a meter
//!
//! Each maker has a file. What to write there depends on what the frame leaves out:
//!
//! - **Scales** ([`Maker::scales`]): the objects have names but no scaler-units. One [`Scaling`] an object; phase L1 stands
//!   for all. Where meters of the make differ and the frame does not tell, [`Holds::Unknown`] keeps the number as it came,
//!   with a note that says so. Where the model tells, a [`Kind`] has the scales of those models.
//! - **Places** ([`Maker::positions`]): the list says its name and nothing else. One [`Position`] an element.
//! - **Bare values** ([`UnnamedList`]): not even the list has a name. One [`Place`] an element with the types that meters
//!   send; a list is taken for it only if all types fit.
//!
//! Name the source in the file's first lines, and leave an element unknown rather than guess: a value without a name is
//! shown as it came, a value with a wrong name or scale misleads. Then add the list to the tests in `push_list_tests.rs`.

mod aidon;
mod iskraemeco;
mod kaifa;
mod kamstrup;
mod landis_gyr;
mod unnamed;

pub use unnamed::{Opening, Place, UnnamedList};

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
    /// Scales that only some models have; they go before `scales`.
    pub kinds: &'static [Kind],
}

/// Models of a maker that send some objects in a way of their own.
#[derive(Debug)]
pub struct Kind {
    /// How the model's name begins.
    pub model_begins: &'static [u8],
    /// How the model's name ends, one of these.
    pub model_ends: &'static [&'static [u8]],
    /// The scales of these models.
    pub scales: &'static [Scaling],
}

/// Which of a maker's [kinds](Maker::kinds) a meter is of, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Of none, or the model is not known.
    pub const NONE: Self = Self(0);
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

    /// Which kinds a meter of this model is of.
    pub fn kinds_of(&self, model: &[u8]) -> Kinds {
        let fits = |kind: &Kind| {
            model.starts_with(kind.model_begins) && kind.model_ends.iter().any(|end| model.ends_with(end))
        };
        let bits = self.kinds.iter().zip(0..u8::BITS).filter(|(kind, _)| fits(kind));
        Kinds(bits.fold(0, |kinds, (_, bit)| kinds | 1 << bit))
    }

    /// The published scale of an object of a meter of these kinds.
    pub fn scaling(&self, obis: Obis, kinds: Kinds) -> Option<&'static Scaling> {
        let [c, d, _] = obis.measured();
        // L2 and L3 are scaled as L1 is.
        let c = match c {
            41..=60 => c - 20,
            61..=80 => c - 40,
            other => other,
        };
        let measures = |scaling: &&Scaling| scaling.measured == [c, d];
        let of_kind = |(kind, bit): (&'static Kind, u32)| {
            if kinds.0 & 1 << bit == 0 { None } else { kind.scales.iter().find(measures) }
        };
        let published = self.kinds.iter().zip(0..u8::BITS).find_map(of_kind);
        let published = published.or_else(|| self.scales.iter().find(measures));
        let placed = || self.positions.iter().find(|position| position.obis.measured() == obis.measured());
        published.or_else(|| placed().map(|position| &position.scaling))
    }

    /// Whether there is a list of so many elements without names.
    pub fn has_positions(&self, elements: u32) -> bool {
        !self.positions.is_empty() && Selection::of(elements).is_some()
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
        for size in sizes {
            let selection = Selection::of(size).unwrap();
            let places = kaifa::LISTS.positions.iter().filter(|place| selection.has(place.part));
            assert_eq!(places.count(), size as usize);
        }
        assert!(!kamstrup::LISTS.has_positions(13));
    }

    #[test]
    fn all_phases_share_a_scale() {
        for c in [31, 51, 71] {
            let scaling = kamstrup::LISTS.scaling(Obis::new(1, 1, c, 7, 0), Kinds::NONE).unwrap();
            assert_eq!((scaling.exponent, scaling.unit), (-2, Unit::Ampere));
        }
    }

    #[test]
    fn kamstrup_scales_by_model() {
        let energy = Obis::new(1, 1, 1, 8, 0);
        let current = Obis::new(1, 1, 51, 7, 0);
        for (model, energy_scale, current_scale) in [
            (&b"6841131BN243101040"[..], Some(1), -2),
            (b"6861111BN242101040", Some(1), -2),
            (b"6841131BN245101013", Some(1), -2),
            (b"6841138AN243101090", Some(0), -2),
            (b"6841131BN245101092", Some(0), -2),
            // Through current transformers.
            (b"6851131BN243101040", Some(1), -3),
            // Switzerland, and a country nobody has told about.
            (b"6841131BN240101063", None, -2),
            (b"6841131BN240101077", None, -2),
            (b"", None, -2),
        ] {
            let kinds = kamstrup::LISTS.kinds_of(model);
            let exponent = |obis| {
                let scaling = kamstrup::LISTS.scaling(obis, kinds)?;
                if scaling.holds_for(100) { Some(scaling.exponent) } else { None }
            };
            let shown = model.escape_ascii();
            assert_eq!((exponent(energy), exponent(current)), (energy_scale, Some(current_scale)), "{shown}");
        }
    }

    #[test]
    fn no_two_unnamed_lists_look_alike() {
        let all: std::vec::Vec<_> = iskraemeco::UNNAMED.iter().chain(&landis_gyr::UNNAMED).collect();
        for (number, one) in all.iter().enumerate() {
            for other in all.iter().skip(number + 1) {
                let openings = one.opening == Opening::Any || other.opening == Opening::Any;
                let alike = (openings || one.opening == other.opening)
                    && one.places.len() == other.places.len()
                    && one
                        .places
                        .iter()
                        .zip(other.places)
                        .all(|(one, other)| one.types.iter().any(|tag| other.types.contains(tag)));
                assert!(!alike, "{one:?} and {other:?}");
            }
        }
    }
}
