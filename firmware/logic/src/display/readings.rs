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
const FIRST_ENERGY: usize = Place::ImportEnergy as usize;

const fn group_of(place: usize) -> usize {
    match place {
        0 => 0,
        1 => 1,
        2..FIRST_ENERGY => PHASES,
        _ => ENERGIES,
    }
}

/// Takes over the numbers of a list while it is read. A list that turns out not to be whole must be
/// [refused](Self::refuse); there is no room for both what it brings and what was there before.
#[derive(Debug)]
pub struct Taking<'r> {
    readings: &'r mut Readings,
    /// The groups that the list has brought something of, one bit each.
    comes: u8,
}

impl FieldSink for Taking<'_> {
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
        {
            let digits = if number.negative { -digits } else { digits };
            self.put(place, Number { digits, exponent: number.exponent });
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

    /// Where a list is read into.
    pub const fn taking(&mut self) -> Taking<'_> {
        Taking { readings: self, comes: 0 }
    }

    /// What stands at a place; `further` is 1 and 2 for the phases L2 and L3.
    #[inline(never)]
    pub fn shown(&self, place: Place, further: u8, now_s: u32) -> Shown {
        let place = place as usize + further as usize;
        let Some(Some(number)) = self.values.get(place).copied() else { return Shown::Absent };
        let group = group_of(place);
        if self.groups[group].is_old(group, now_s) { Shown::Old } else { Shown::Number(number) }
    }

    /// Whether anything says how it is now: power or a phase, or an energy of a meter that sends no others. Energies may
    /// come once an hour; for themselves they do not say that the meter is still heard.
    pub fn has_news(&self, now_s: u32) -> bool {
        let mut has_others = false;
        for place in 0..PLACES as u8 {
            if usize::from(place) == FIRST_ENERGY && has_others {
                break;
            }
            match self.shown(Place::Import, place, now_s) {
                Shown::Number(_) => return true,
                Shown::Old => has_others = true,
                Shown::Absent => {}
            }
        }
        false
    }
}

impl Taking<'_> {
    /// The list is whole. False if it has brought nothing.
    pub fn accept(self, now_s: u32) -> bool {
        for (number, group) in self.readings.groups.iter_mut().enumerate() {
            if self.comes & 1 << number != 0 {
                group.hear(now_s, number == ENERGIES);
            }
        }
        self.comes != 0
    }

    /// The list is not whole: what it has brought is not known, nor what stood in its place.
    pub fn refuse(self) {
        for (place, value) in self.readings.values.iter_mut().enumerate() {
            if self.comes & 1 << group_of(place) != 0 {
                *value = None;
            }
        }
    }

    /// The first value of a group takes the place of the whole group.
    fn put(&mut self, place: usize, number: Number) {
        let group = 1 << group_of(place);
        for (other, value) in self.readings.values.iter_mut().enumerate() {
            if other == place {
                *value = Some(number);
            } else if self.comes & group == 0 && 1 << group_of(other) == group {
                *value = None;
            }
        }
        self.comes |= group;
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
    fn is_old(self, group: usize, now_s: u32) -> bool {
        let usual = if group == ENERGIES { USUAL_OF_ENERGIES_S } else { USUAL_S };
        let known = |interval| if interval == 0 { usual } else { interval };
        let interval: u32 = known(self.interval).min(known(self.interval_before)).into();
        now_s.wrapping_sub(self.at) > interval + interval + interval + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(readings: &mut Readings, numbers: &[([u8; 2], i64, Unit)], now_s: u32) -> bool {
        let mut taking = readings.taking();
        for &([c, d], digits, unit) in numbers {
            taking.number(Obis::new(1, 0, c, d, 0), Decimal::new(digits, 0), unit);
        }
        taking.accept(now_s)
    }

    const POWER: ([u8; 2], i64, Unit) = ([1, 7], 7, Unit::Watt);

    fn heard(seconds: &[u32]) -> Readings {
        let mut readings = Readings::new();
        for &second in seconds {
            assert!(take(&mut readings, &[POWER], second));
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
            assert!(!readings.has_news(fresh_until + 1));
        }
    }

    #[test]
    fn groups_age_by_themselves() {
        let mut readings = heard(&[100, 102]);
        assert!(take(&mut readings, &[([1, 8], 5000, Unit::WattHour)], 103));
        assert_eq!(readings.shown(Place::Import, 0, 7000), Shown::Old);
        assert!(readings.has_news(104) && !readings.has_news(7000));
        let energy = Shown::Number(Number { digits: 5000, exponent: 0 });
        assert_eq!(readings.shown(Place::ImportEnergy, 0, 10_904), energy);
        assert_eq!(readings.shown(Place::ImportEnergy, 0, 10_905), Shown::Old);
        assert_eq!(readings.shown(Place::ExportEnergy, 0, 104), Shown::Absent);
        assert_eq!(readings.shown(Place::Voltage, 2, 104), Shown::Absent);
    }

    #[test]
    fn what_is_not_certain_is_not_taken() {
        let mut readings = heard(&[100]);
        let others = [
            // Reactive power, a tariff's energy by another name, a power that is no power, one below zero, one too large.
            ([3, 7], 1, Unit::Var),
            ([1, 29], 1, Unit::WattHour),
            ([1, 7], 1, Unit::Var),
            ([1, 7], -1, Unit::Watt),
            ([1, 7], i64::from(i32::MAX) + 1, Unit::Watt),
        ];
        assert!(!take(&mut readings, &others, 120));
        assert!(is_fresh(&readings, 131) && !is_fresh(&readings, 132));
        let mut taking = readings.taking();
        taking.number(Obis::new(1, 0, 1, 7, 0), Decimal::new(1, 7), Unit::Watt);
        assert!(!taking.accept(121));
    }

    #[test]
    fn a_list_replaces_whole_groups_and_no_others() {
        let mut readings = heard(&[100]);
        let volt = |c, digits| ([c, 7], digits, Unit::Volt);
        assert!(take(&mut readings, &[volt(32, 230), volt(52, 231), volt(72, 232)], 101));
        assert!(take(&mut readings, &[volt(52, 229)], 111));
        let shown = |further| readings.shown(Place::Voltage, further, 112);
        assert_eq!((shown(0), shown(2)), (Shown::Absent, Shown::Absent));
        assert_eq!(shown(1), Shown::Number(Number { digits: 229, exponent: 0 }));
        assert!(is_fresh(&readings, 112));
    }

    #[test]
    fn nothing_is_left_of_a_list_that_is_refused() {
        let mut readings = heard(&[100]);
        let mut taking = readings.taking();
        taking.number(Obis::new(1, 0, 1, 7, 0), Decimal::new(9, 0), Unit::Watt);
        taking.refuse();
        assert_eq!(readings.shown(Place::Import, 0, 101), Shown::Absent);
        assert!(!readings.has_news(101));
    }
}
