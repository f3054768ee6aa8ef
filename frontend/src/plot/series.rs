//! Which readings are in a plot, and in which colour.

use meterscope_decoder::reading::Unit;

use super::mark::SLOTS;
use crate::cards::{Card, Key, MeterKey};

/// More units than these side by side leave none of them room.
pub const MOST_UNITS: usize = 3;

/// A reading that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub key: Key,
    /// The place of its colour and shape; it keeps them as long as it is chosen.
    pub slot: usize,
}

/// Why a reading cannot be chosen as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// All colours are taken.
    Series,
    /// There are as many units as there is room for.
    Units,
}

/// The keys of a session's series with their places: meter by meter, in the order of the cards.
pub fn offered(series: &[Key], cards: &[Card]) -> Vec<(usize, Key)> {
    let numbered = || series.iter().copied().enumerate();
    let with_card = cards.iter().filter_map(|card| numbered().find(|(_, key)| *key == card.key));
    // What has no card stays in the order in which it was first seen.
    let others = numbered().filter(|(_, key)| cards.iter().all(|card| card.key != *key));
    let mut offered: Vec<(usize, Key)> = with_card.chain(others).collect();
    let meters: Vec<Option<MeterKey>> = offered.iter().map(|(_, key)| key.meter).collect();
    offered.sort_by_key(|(_, key)| meters.iter().position(|meter| *meter == key.meter));
    offered
}

/// What is shown before anybody has chosen: the reading that has the first card.
pub fn first_choice(offered: &[Key]) -> Vec<Chosen> {
    offered.first().map(|&key| Chosen { key, slot: 0 }).into_iter().collect()
}

/// What is chosen after `key` was ticked or unticked.
pub fn toggled(chosen: &[Chosen], key: Key) -> Vec<Chosen> {
    let mut chosen = chosen.to_vec();
    if let Some(place) = chosen.iter().position(|other| other.key == key) {
        chosen.remove(place);
    } else if full(&chosen, key).is_none() {
        let slot = (0..SLOTS).find(|slot| chosen.iter().all(|other| other.slot != *slot)).unwrap_or(0);
        chosen.push(Chosen { key, slot });
    }
    chosen
}

/// Whether something keeps `key` from being chosen as well.
pub fn full(chosen: &[Chosen], key: Key) -> Option<Full> {
    if chosen.iter().any(|other| other.key == key) {
        None
    } else if chosen.len() >= SLOTS {
        Some(Full::Series)
    } else {
        let units = units(chosen);
        (units.len() >= MOST_UNITS && !units.contains(&key.unit)).then_some(Full::Units)
    }
}

/// The units of what is chosen, each once, in the order in which they were chosen.
pub fn units(chosen: &[Chosen]) -> Vec<Unit> {
    let mut units = Vec::new();
    for Chosen { key, .. } in chosen {
        if !units.contains(&key.unit) {
            units.push(key.unit);
        }
    }
    units
}

/// Names for machines: `active-power-import`, `voltage-l1`, and a number where several would be the same.
pub fn slugs(keys: &[Key]) -> Vec<String> {
    let mut slugs: Vec<String> = Vec::new();
    for key in keys {
        let mut slug = key.quantity.name().to_lowercase().replace(' ', "-");
        if let Some(phase) = key.phase {
            slug = format!("{slug}-{}", phase.name().to_lowercase());
        }
        let same = |other: &&String| other.strip_prefix(slug.as_str()).is_some_and(is_number);
        let before = slugs.iter().filter(same).count();
        slugs.push(if before == 0 { slug } else { format!("{slug}-{}", before + 1) });
    }
    slugs
}

/// Whether it is nothing, or the number that tells a slug from its likes.
fn is_number(rest: &str) -> bool {
    rest.is_empty()
        || rest.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|octet| octet.is_ascii_digit()))
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use meterscope_decoder::obis::Phase;
    use meterscope_decoder::reading::Quantity;

    pub const fn key(quantity: Quantity, unit: Unit, phase: Option<Phase>) -> Key {
        Key { meter: None, channel: 0, quantity, unit, phase, tariff: 0, object: None }
    }

    pub const POWER: Key = key(Quantity::ActivePowerImport, Unit::Watt, None);
    const VOLTAGE: Key = key(Quantity::Voltage, Unit::Volt, Some(Phase::L1));
    const CURRENT: Key = key(Quantity::Current, Unit::Ampere, None);
    const ENERGY: Key = key(Quantity::Energy, Unit::WattHour, None);

    #[test]
    fn a_colour_stays_with_its_reading() {
        let chosen = toggled(&first_choice(&[POWER, VOLTAGE]), VOLTAGE);
        let chosen = toggled(&chosen, POWER);
        assert_eq!(chosen, [Chosen { key: VOLTAGE, slot: 1 }]);
        let chosen = toggled(&chosen, CURRENT);
        assert_eq!(chosen[1], Chosen { key: CURRENT, slot: 0 });
    }

    #[test]
    fn readings_of_one_meter_stand_together() {
        let meter = |letter| Some(MeterKey { manufacturer: Some([letter; 3]), id: None });
        let of = |letter, key| Key { meter: meter(letter), ..key };
        let series = [of(b'A', POWER), of(b'B', POWER), of(b'A', ENERGY), of(b'B', ENERGY)];
        let places: Vec<usize> = offered(&series, &[]).iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [0, 2, 1, 3]);
    }

    #[test]
    fn there_is_an_end_to_units_and_colours() {
        let chosen =
            [POWER, VOLTAGE, CURRENT].into_iter().fold(Vec::new(), |chosen, key| toggled(&chosen, key));
        assert_eq!(units(&chosen), [Unit::Watt, Unit::Volt, Unit::Ampere]);
        assert_eq!(full(&chosen, ENERGY), Some(Full::Units));
        assert_eq!(toggled(&chosen, ENERGY), chosen);
        let second = Key { tariff: 1, ..POWER };
        assert_eq!(full(&chosen, second), None);
        let all = (1..9).fold(chosen, |chosen, tariff| toggled(&chosen, Key { tariff, ..POWER }));
        assert_eq!(all.len(), SLOTS);
        assert_eq!(full(&all, Key { tariff: 9, ..POWER }), Some(Full::Series));
        assert_eq!(full(&all, POWER), None);
    }

    #[test]
    fn slugs_are_all_different() {
        let keys = [POWER, VOLTAGE, Key { tariff: 1, ..POWER }, Key { tariff: 2, ..POWER }];
        assert_eq!(
            slugs(&keys),
            ["active-power-import", "voltage-l1", "active-power-import-2", "active-power-import-3"]
        );
    }
}
