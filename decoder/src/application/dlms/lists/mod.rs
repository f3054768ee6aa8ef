//! What is known of the manufacturers' push lists: data, no code paths.
//!
//! A list whose objects bring their names and scaler-units along needs nothing from here but the maker's letters. The
//! tables add what is published and not in the frame: which value stands where, and its scale and unit.
//!
//! # To add a meter
//!
//! Each maker has a file. What to write there depends on what the frame leaves out:
//!
//! - **Scales** ([`Maker::scaling`]): the objects have names but no scaler-units. One row an object; phase L1 stands for
//!   all. Where meters of the make differ and the frame does not tell, [`Holds::Unknown`] keeps the number as it came, with
//!   a note that says so. Where the model tells, the row asks for its [`Kinds`].
//! - **Places** ([`Places`]): the list says its name and nothing else. One row an element.
//! - **Bare values** ([`UnnamedList`]): not even the list has a name. One [`Place`] an element with the types that meters
//!   send; a list is taken for it only if all types fit.
//!
//! The rows are those of a `match`: on an AVR a table would stay in RAM, which is small, and a function in flash.
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
#[cfg(not(target_arch = "avr"))]
use crate::reading::Quantity;
use crate::reading::Unit;

/// A manufacturer whose lists say whose they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Norway and Sweden.
    Aidon,
    /// Norway and Sweden; its list 1 does not say it.
    Kaifa,
    /// Norway, Sweden, Denmark, Switzerland.
    Kamstrup,
    /// Norway.
    LandisGyr,
}

/// Of which kinds of its maker's models a meter is, those that send some objects in a way of their own; one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Of none, or the model is not known.
    pub const NONE: Self = Self(0);

    /// Whether it is of this kind.
    pub const fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    const fn and(self, kind: Self, fits: bool) -> Self {
        Self(self.0 | if fits { kind.0 } else { 0 })
    }
}

/// One place of a list whose objects are not named.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// The object that stands there.
    pub obis: Obis,
    /// Which of the lists have it.
    pub part: Part,
    /// What it measures. An AVR asks the object.
    #[cfg(not(target_arch = "avr"))]
    pub quantity: Quantity,
    /// Its scale, where it is a number. An AVR asks the maker.
    #[cfg(not(target_arch = "avr"))]
    pub scaling: Scaling,
}

impl Position {
    #[cfg(not(target_arch = "avr"))]
    const fn of(obis: Obis, part: Part) -> Self {
        let scaling = match Maker::Kaifa.scaling(obis, Kinds::NONE) {
            Some(scaling) => scaling,
            None => Scaling::UNKNOWN,
        };
        Self { obis, part, quantity: obis.quantity(), scaling }
    }

    #[cfg(target_arch = "avr")]
    const fn of(obis: Obis, part: Part) -> Self {
        Self { obis, part }
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaling {
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
    /// All meters send the object so.
    const fn always(exponent: i8, unit: Unit) -> Self {
        Self { exponent, unit, holds: Holds::Always }
    }

    /// Nothing is published, or what is published does not tell.
    const UNKNOWN: Self = Self { exponent: 0, unit: Unit::None, holds: Holds::Unknown };

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
    pub fn by_list(name: &[u8]) -> Option<Self> {
        [Self::Kaifa, Self::Aidon, Self::Kamstrup, Self::LandisGyr]
            .into_iter()
            .find(|maker| name.starts_with(maker.list_prefix()))
    }

    /// How the names of its lists begin.
    const fn list_prefix(self) -> &'static [u8] {
        match self {
            Self::Aidon => aidon::LIST_PREFIX,
            Self::Kaifa => kaifa::LIST_PREFIX,
            Self::Kamstrup => kamstrup::LIST_PREFIX,
            Self::LandisGyr => landis_gyr::LIST_PREFIX,
        }
    }

    /// Its three letters in the FLAG association's registry.
    pub const fn letters(self) -> [u8; 3] {
        match self {
            Self::Aidon => aidon::LETTERS,
            Self::Kaifa => kaifa::LETTERS,
            Self::Kamstrup => kamstrup::LETTERS,
            Self::LandisGyr => landis_gyr::LETTERS,
        }
    }

    /// The name of the object in front, for lists whose first element is the list's name alone.
    pub const fn unnamed_first(self) -> Option<Obis> {
        match self {
            Self::Kamstrup => Some(kamstrup::UNNAMED_FIRST),
            Self::Aidon | Self::Kaifa | Self::LandisGyr => None,
        }
    }

    /// Which kinds a meter of this model is of.
    pub fn kinds_of(self, model: &[u8]) -> Kinds {
        match self {
            Self::Kamstrup => kamstrup::kinds_of(model),
            Self::Aidon | Self::Kaifa | Self::LandisGyr => Kinds::NONE,
        }
    }

    /// The published scale of an object of a meter of these kinds.
    #[cfg_attr(target_arch = "avr", inline(never))]
    pub const fn scaling(self, obis: Obis, kinds: Kinds) -> Option<Scaling> {
        let [c, d, e] = obis.measured();
        // L2 and L3 are scaled as L1 is.
        let measured = match c {
            41..=60 => [c - 20, d],
            61..=80 => [c - 40, d],
            _ => [c, d],
        };
        match self {
            Self::Kaifa if e == 0 => kaifa::scaling(measured),
            Self::Kamstrup => kamstrup::scaling(measured, kinds),
            Self::Kaifa | Self::Aidon | Self::LandisGyr => None,
        }
    }

    /// The places of its list of so many elements without names, if it has one.
    pub fn places(self, elements: u32) -> Option<Places> {
        let selection = Selection::of(elements).filter(|_| self == Self::Kaifa)?;
        #[cfg(not(target_arch = "avr"))]
        return Some(Places { left: kaifa::POSITIONS.iter(), selection });
        #[cfg(target_arch = "avr")]
        return Some(Places { next: 0, selection });
    }
}

/// The places of a list of Kaifa's that are left.
#[derive(Clone, Debug)]
pub struct Places {
    #[cfg(not(target_arch = "avr"))]
    left: core::slice::Iter<'static, Position>,
    #[cfg(target_arch = "avr")]
    next: u8,
    selection: Selection,
}

#[cfg(not(target_arch = "avr"))]
impl Iterator for Places {
    type Item = &'static Position;

    #[inline]
    fn next(&mut self) -> Option<&'static Position> {
        let selection = self.selection;
        self.left.find(|position| selection.has(position.part))
    }
}

/// Without a table, which would lie in RAM.
#[cfg(target_arch = "avr")]
impl Iterator for Places {
    type Item = Position;

    fn next(&mut self) -> Option<Position> {
        loop {
            let position = kaifa::position(self.next)?;
            self.next += 1;
            if self.selection.has(position.part) {
                return Some(position);
            }
        }
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
pub const SINGLE_VALUE: Position = kaifa::SINGLE_VALUE;
/// Whose list that is.
pub const SINGLE_VALUE_MAKER: Maker = Maker::Kaifa;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_by_the_name_of_their_list() {
        let letters = |name: &[u8]| Maker::by_list(name).map(Maker::letters);
        assert_eq!(letters(b"KFM_001"), Some(*b"KFM"));
        assert_eq!(letters(b"AIDON_V0001"), Some(*b"AID"));
        assert_eq!(letters(b"Kamstrup_V0001"), Some(*b"KAM"));
        assert_eq!(letters(b"EMBRIQ_V1_1"), Some(*b"LGZ"));
        assert_eq!(letters(b"unheard of"), None);
    }

    #[test]
    fn kaifa_lists_have_four_sizes() {
        let sizes: std::vec::Vec<u32> =
            (0..100).filter(|&size| Maker::Kaifa.places(size).is_some()).collect();
        assert_eq!(sizes, [9, 13, 14, 18]);
        for size in sizes {
            let places: std::vec::Vec<_> = Maker::Kaifa.places(size).unwrap().collect();
            assert_eq!(places.len(), size as usize);
        }
        assert!(Maker::Kamstrup.places(13).is_none());
    }

    #[test]
    fn all_phases_share_a_scale() {
        for c in [31, 51, 71] {
            let scaling = Maker::Kamstrup.scaling(Obis::new(1, 1, c, 7, 0), Kinds::NONE).unwrap();
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
            let kinds = Maker::Kamstrup.kinds_of(model);
            let exponent = |obis| {
                let scaling = Maker::Kamstrup.scaling(obis, kinds)?;
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
