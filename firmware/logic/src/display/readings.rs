//! What the lists said last, and how old each part of it is.
//!
//! A meter sends its power every few seconds, its phases less often, its energies perhaps once an hour. So each of these
//! groups has an age and a cadence of its own, and is old when two lists that should have brought it did not come.

use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::obis::Obis;
use meterscope_decoder::reading::Unit;
use meterscope_decoder::sink::FieldSink;

/// `digits` × 10^`exponent`, in the unit of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number as it came.
    pub digits: i32,
    /// The power of ten.
    pub exponent: i8,
}

/// What is shown, in the order in which it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// W from the grid.
    Import = 0,
    /// W to the grid.
    Export = 1,
    /// V of phase L1; L2 and L3 follow.
    Voltage = 2,
    /// A of phase L1; L2 and L3 follow.
    Current = 5,
    /// Wh from the grid.
    ImportEnergy = 8,
    /// Wh to the grid.
    ExportEnergy = 9,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The meter has not sent it.
    Absent,
    /// It is so old that it says nothing of now.
    Old,
    /// As the meter sent it.
    Number(Number),
}

/// No meter has other powers of ten.
const EXPONENTS: core::ops::RangeInclusive<i8> = -6..=6;

/// How many places there are.
const PLACES: usize = 10;

/// The values of one list while it is read: they count only if it is whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct Collected {
    values: [Option<Number>; PLACES],
}

/// The values of the last lists.
#[derive(Clone, Copy, Debug)]
pub struct Readings {
    values: [Option<Number>; PLACES],
    groups: [Group; GROUPS],
}

const GROUPS: usize = 4;

/// What comes together, and when it came.
#[derive(Clone, Copy, Debug)]
struct Group {
    /// In seconds; 0 is never.
    at: u32,
    /// The seconds between the last lists with it and between those before; 0 where there were none.
    interval: u16,
    interval_before: u16,
}

/// An interval that is not known is taken for this: ten seconds, an hour for energies.
const USUAL_S: u16 = 10;
const USUAL_OF_ENERGIES_S: u16 = 3600;
/// A longer pause is no cadence of power or phases.
const LONGEST_S: u16 = 60;

/// A group by its number.
const PHASES: usize = 2;
const ENERGIES: usize = 3;

const fn group_of(place: usize) -> usize {
    match place {
        0 => 0,
        1 => 1,
        2..8 => PHASES,
        _ => ENERGIES,
    }
}

impl FieldSink for Collected {
    fn wants_fields(&self) -> bool {
        false
    }

    fn spares_code(&self) -> bool {
        true
    }

    fn number(&mut self, obis: Obis, number: Decimal, unit: Unit) {
        let Some((place, unit_of_place)) = place_of(obis) else { return };
        if unit == unit_of_place
            && EXPONENTS.contains(&number.exponent)
            // The directions of power and energy are places of their own: there a minus has no meaning.
            && (!number.negative || unit == Unit::Ampere)
            && let Ok(digits) = i32::try_from(number.digits)
            && let Some(value) = self.values.get_mut(place)
        {
            let digits = if number.negative { -digits } else { digits };
            *value = Some(Number { digits, exponent: number.exponent });
        }
    }
}

/// Where an object is shown, and in which unit (IEC 62056-6-1 Tables 12 and 13).
fn place_of(obis: Obis) -> Option<(usize, Unit)> {
    let Obis([1, _, c, d, 0, 255]) = obis else { return None };
    Some(match [c, d] {
        [1, 7] => (0, Unit::Watt),
        [2, 7] => (1, Unit::Watt),
        [32, 7] => (2, Unit::Volt),
        [52, 7] => (3, Unit::Volt),
        [72, 7] => (4, Unit::Volt),
        [31, 7] => (5, Unit::Ampere),
        [51, 7] => (6, Unit::Ampere),
        [71, 7] => (7, Unit::Ampere),
        [1, 8] => (8, Unit::WattHour),
        [2, 8] => (9, Unit::WattHour),
        _ => return None,
    })
}

impl Readings {
    /// Nothing was heard.
    pub const fn new() -> Self {
        let never = Group { at: 0, interval: 0, interval_before: 0 };
        Self { values: [None; PLACES], groups: [never; GROUPS] }
    }

    /// Takes over a whole list. A group of which the list brings anything is replaced; false if it brings nothing.
    pub fn take(&mut self, list: &Collected, now_s: u32) -> bool {
        let mut comes = [false; GROUPS];
        for (place, value) in list.values.iter().enumerate() {
            comes[group_of(place)] |= value.is_some();
        }
        for place in 0..PLACES {
            if comes[group_of(place)] {
                self.values[place] = list.values[place];
            }
        }
        for (number, group) in self.groups.iter_mut().enumerate() {
            if comes[number] {
                group.hear(now_s, number == ENERGIES);
            }
        }
        comes != [false; GROUPS]
    }

    /// What stands at a place; `further` is 1 and 2 for the phases L2 and L3.
    #[inline(never)]
    pub fn shown(&self, place: Place, further: u8, now_s: u32) -> Shown {
        let place = place as usize + further as usize;
        let Some(Some(number)) = self.values.get(place).copied() else { return Shown::Absent };
        let group = group_of(place);
        if self.groups[group].is_old(group, now_s) { Shown::Old } else { Shown::Number(number) }
    }

    /// Whether anything is not old.
    pub fn has_any(&self, now_s: u32) -> bool {
        (0..PLACES as u8)
            .any(|place| matches!(self.shown(Place::Import, place, now_s), Shown::Number(_)))
    }
}

impl Default for Readings {
    fn default() -> Self {
        Self::new()
    }
}

impl Group {
    fn hear(&mut self, now_s: u32, is_energy: bool) {
        let longest = if is_energy { USUAL_OF_ENERGIES_S } else { LONGEST_S };
        let passed = now_s.wrapping_sub(self.at);
        if self.at != 0 {
            self.interval_before = self.interval;
            self.interval = if passed > longest.into() { longest } else { (passed as u16).max(1) };
        }
        self.at = now_s.max(1);
    }

    /// Whether two lists did not come. A pause is no cadence, so the shorter of two intervals counts.
    fn is_old(&self, group: usize, now_s: u32) -> bool {
        let usual = if group == ENERGIES { USUAL_OF_ENERGIES_S } else { USUAL_S };
        let known = |interval| if interval == 0 { usual } else { interval };
        let interval: u32 = known(self.interval).min(known(self.interval_before)).into();
        now_s.wrapping_sub(self.at) > interval + interval + interval + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(watts: i32) -> Collected {
        let mut list = Collected::default();
        list.values[0] = Some(Number { digits: watts, exponent: 0 });
        list
    }

    fn heard(seconds: &[u32]) -> Readings {
        let mut readings = Readings::new();
        for &second in seconds {
            assert!(readings.take(&power(7), second));
        }
        readings
    }

    fn is_fresh(readings: &Readings, now_s: u32) -> bool {
        matches!(readings.shown(Place::Import, 0, now_s), Shown::Number(_))
    }

    #[test]
    fn a_value_is_old_by_the_meters_own_cadence() {
        for (seconds, fresh_until) in [
            // Taken for ten seconds until two lists have come.
            (&[100][..], 131),
            (&[100, 102], 109),
            (&[100, 102, 104], 111),
            (&[100, 110, 120], 151),
            // A pause is no cadence, and one list that was lost makes no other.
            (&[100, 102, 104, 200], 207),
            (&[100, 102, 104, 108, 110], 117),
            (&[100, 160, 220], 401),
            (&[100, 1000, 2000], 2181),
        ] {
            let readings = heard(seconds);
            assert!(is_fresh(&readings, fresh_until), "{seconds:?}");
            assert_eq!(readings.shown(Place::Import, 0, fresh_until + 1), Shown::Old, "{seconds:?}");
            assert!(!readings.has_any(fresh_until + 1));
        }
    }

    #[test]
    fn groups_age_by_themselves() {
        let mut readings = heard(&[100, 102]);
        let mut hourly = Collected::default();
        hourly.values[8] = Some(Number { digits: 5, exponent: 3 });
        assert!(readings.take(&hourly, 103));
        assert_eq!(readings.shown(Place::Import, 0, 7000), Shown::Old);
        let energy = Shown::Number(Number { digits: 5, exponent: 3 });
        assert_eq!(readings.shown(Place::ImportEnergy, 0, 10_904), energy);
        assert_eq!(readings.shown(Place::ImportEnergy, 0, 10_905), Shown::Old);
        assert_eq!(readings.shown(Place::ExportEnergy, 0, 104), Shown::Absent);
        assert_eq!(readings.shown(Place::Voltage, 2, 104), Shown::Absent);
    }

    #[test]
    fn a_list_without_what_is_shown_changes_nothing() {
        let mut readings = heard(&[100]);
        assert!(!readings.take(&Collected::default(), 120));
        assert!(is_fresh(&readings, 131) && !is_fresh(&readings, 132));
    }
}
