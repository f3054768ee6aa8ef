//! The latest value of each quantity, for the value cards.

use meterscope_decoder::application::mbus::extension::Extension;
use meterscope_decoder::application::mbus::value_information;
use meterscope_decoder::date_time::DateTime;
use meterscope_decoder::message::{Message, MeterId, Protocol};
use meterscope_decoder::obis::Obis;
use meterscope_decoder::reading::{Function, Quantity, Reading, ReadingKind, RecordInfo, Unit, Value};
use meterscope_decoder::sink::FieldSink;

use crate::annotation::OwnedReading;
use crate::session::Session;

/// The latest value of one quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// What it is the latest of.
    pub key: Key,
    /// The reading.
    pub reading: OwnedReading,
    /// The item it came in.
    pub item: usize,
    /// When the meter says it sent it.
    pub time: Option<DateTime>,
}

/// What one card stands for. Values of different meters, phases or units never overwrite each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The meter, where one bus has several.
    pub meter: Option<MeterKey>,
    /// What was measured.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// On which phase.
    pub phase: Option<u8>,
}

/// Which meter on an M-Bus. A HAN port has one meter only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterKey {
    /// Three letters.
    pub manufacturer: Option<[u8; 3]>,
    /// The identification as printed on the meter.
    pub id: Option<MeterId>,
}

/// The most kinds of values that are kept: enough for a bus of meters, few enough to be searched for every reading.
const MOST_CARDS: usize = 64;

/// Remembers where the latest reading of each quantity is.
#[derive(Debug, Default)]
pub struct Latest {
    entries: Vec<Entry>,
    pending: Vec<(Key, u16)>,
}

#[derive(Debug)]
struct Entry {
    key: Key,
    item: u32,
    ordinal: u16,
}

impl Latest {
    /// A frame begins.
    pub fn begin(&mut self) {
        self.pending.clear();
    }

    /// The frame gave its reading number `ordinal`.
    pub fn see(&mut self, reading: &Reading<'_>, ordinal: u16) {
        if rank(reading.quantity).is_none() || !is_now(reading) {
            return;
        }
        let phase = reading.obis.and_then(phase).or(record_phase(reading));
        let key = Key { meter: None, quantity: reading.quantity, unit: reading.unit, phase };
        // A second record of the same kind is a special one (an error value, another direction): the first counts.
        if self.pending.iter().all(|(seen, _)| *seen != key) {
            self.pending.push((key, ordinal));
        }
    }

    /// The frame ends; it was the item `item` and carried `message`.
    pub fn end(&mut self, item: u32, message: Option<&Message>) {
        let meter = message.filter(|message| message.protocol == Protocol::Mbus).and_then(|message| {
            message.meter.map(|meter| MeterKey { manufacturer: meter.manufacturer, id: meter.id })
        });
        for (key, ordinal) in self.pending.drain(..) {
            let key = Key { meter, ..key };
            if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key) {
                (entry.item, entry.ordinal) = (item, ordinal);
            } else if self.entries.len() < MOST_CARDS {
                self.entries.push(Entry { key, item, ordinal });
            }
        }
    }

    /// Reads the frames again that hold the latest values. Meters stay together, in the order they were first seen.
    pub fn cards(self, session: &Session) -> Vec<Card> {
        let mut meters: Vec<Option<MeterKey>> = Vec::new();
        for entry in &self.entries {
            if !meters.contains(&entry.key.meter) {
                meters.push(entry.key.meter);
            }
        }
        let mut cards: Vec<Card> = self.entries.iter().filter_map(|entry| card(session, entry)).collect();
        cards.sort_by_key(|card| {
            let meter = meters.iter().position(|meter| *meter == card.key.meter);
            (meter, rank(card.key.quantity), card.key.phase)
        });
        cards
    }
}

fn card(session: &Session, entry: &Entry) -> Option<Card> {
    let mut pick = Pick { ordinal: entry.ordinal, at: 0, found: None };
    let decoded = session.decode(entry.item as usize, &mut pick);
    let time = decoded.message.and_then(|message| message.time);
    Some(Card { key: entry.key, reading: pick.found?, item: entry.item as usize, time })
}

/// Takes one reading out of a frame.
struct Pick {
    ordinal: u16,
    at: u16,
    found: Option<OwnedReading>,
}

impl FieldSink for Pick {
    fn reading(&mut self, reading: &Reading<'_>) {
        if self.at == self.ordinal {
            self.found = Some(OwnedReading::new(reading));
        }
        self.at = self.at.saturating_add(1);
    }
}

/// Whether it is the total, measured now, and a number: not a stored value, a tariff, a maximum, a limit, a rate.
fn is_now(reading: &Reading<'_>) -> bool {
    let plain = reading.record.is_none_or(|record| {
        record.function == Function::Instantaneous
            && record.storage == 0
            && record.tariff == 0
            && record.subunit == 0
            && extensions(&record).all(leaves_value)
    });
    let number = matches!(reading.value, Value::Number(_) | Value::Float32(..) | Value::Float64(..));
    plain && number && reading.kind == ReadingKind::Value
}

/// The phase that an electricity object belongs to: value group C, 21…40 is L1, 41…60 L2, 61…80 L3 (IEC 62056-6-1 7.3).
const fn phase(obis: Obis) -> Option<u8> {
    match obis.0 {
        [1, _, 21..=40, ..] => Some(1),
        [1, _, 41..=60, ..] => Some(2),
        [1, _, 61..=80, ..] => Some(3),
        _ => None,
    }
}

fn extensions(record: &RecordInfo<'_>) -> impl Iterator<Item = Extension> {
    value_information::extensions(record.extensions, false)
}

/// A multiplier is already in the value, a phase has a card of its own; anything else makes it another quantity
/// (EN 13757-3:2018 Tables 15 and 16).
const fn leaves_value(extension: Extension) -> bool {
    matches!(extension, Extension::First(0x70..=0x77 | 0x7C | 0x7D) | Extension::Second(0x01..=0x03))
}

fn record_phase(reading: &Reading<'_>) -> Option<u8> {
    extensions(&reading.record?).find_map(|extension| match extension {
        Extension::Second(phase @ 0x01..=0x03) => Some(phase),
        _ => None,
    })
}

/// The place of a quantity among the cards; none for those that get no card.
const fn rank(quantity: Quantity) -> Option<u8> {
    Some(match quantity {
        Quantity::ActivePowerImport => 0,
        Quantity::ActivePowerExport => 1,
        Quantity::Power => 2,
        Quantity::Energy => 3,
        Quantity::FlowTemperature => 4,
        Quantity::ReturnTemperature => 5,
        Quantity::TemperatureDifference => 6,
        Quantity::VolumeFlow => 7,
        Quantity::Volume => 8,
        Quantity::Voltage => 9,
        Quantity::Current => 10,
        Quantity::ActiveEnergyImport => 11,
        Quantity::ActiveEnergyExport => 12,
        Quantity::ReactivePowerImport => 13,
        Quantity::ReactivePowerExport => 14,
        Quantity::ReactivePower => 15,
        Quantity::ReactiveEnergyImport => 16,
        Quantity::ReactiveEnergyExport => 17,
        Quantity::ReactiveEnergy => 18,
        Quantity::ApparentPower => 19,
        Quantity::PowerFactor => 20,
        Quantity::Frequency => 21,
        Quantity::Mass => 22,
        Quantity::MassFlow => 23,
        Quantity::ExternalTemperature => 24,
        Quantity::Pressure => 25,
        Quantity::RelativeHumidity => 26,
        Quantity::HeatCostAllocation => 27,
        Quantity::ErrorFlags => 28,
        Quantity::OperatingTime => 29,
        Quantity::OnTime => 30,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_decoder::decimal::Decimal;
    use meterscope_decoder::span::Span;

    fn reading(quantity: Quantity, obis: Option<Obis>) -> Reading<'static> {
        Reading {
            quantity,
            obis,
            value: Value::Number(Decimal::new(1, 0)),
            ..Reading::empty(Span::new(0, 1))
        }
    }

    #[test]
    fn phases_get_cards_of_their_own() {
        let mut latest = Latest::default();
        latest.begin();
        for (ordinal, c) in (0..).zip([32, 52, 72]) {
            latest.see(&reading(Quantity::Voltage, Some(Obis::new(1, 0, c, 7, 0))), ordinal);
        }
        latest.end(4, None);
        let phases: Vec<_> = latest.entries.iter().map(|entry| (entry.key.phase, entry.ordinal)).collect();
        assert_eq!(phases, [(Some(1), 0), (Some(2), 1), (Some(3), 2)]);
    }

    #[test]
    fn later_frames_win_and_within_a_frame_the_first() {
        let mut latest = Latest::default();
        for item in [3, 9] {
            latest.begin();
            latest.see(&reading(Quantity::Power, None), 5);
            latest.see(&reading(Quantity::Power, None), 6);
            latest.end(item, None);
        }
        let found: Vec<_> = latest.entries.iter().map(|entry| (entry.item, entry.ordinal)).collect();
        assert_eq!(found, [(9, 5)]);
    }

    #[test]
    fn stored_values_and_texts_get_none() {
        let mut latest = Latest::default();
        let stored = RecordInfo {
            header: &[],
            data: &[],
            function: Function::Instantaneous,
            storage: 1,
            tariff: 0,
            subunit: 0,
            extensions: &[],
            unit_text: None,
        };
        latest.begin();
        latest.see(&Reading { record: Some(stored), ..reading(Quantity::Energy, None) }, 0);
        latest.see(&reading(Quantity::MeterId, None), 1);
        latest.end(0, None);
        assert!(latest.entries.is_empty());
    }
}
