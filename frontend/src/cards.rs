//! The latest value of each quantity, for the value cards.

use meterscope_decoder::application::mbus::header::device_type_meaning;
use meterscope_decoder::date_time::DateTime;
use meterscope_decoder::message::{Message, MeterId, Protocol};
use meterscope_decoder::obis::{Obis, Phase};
use meterscope_decoder::reading::{Quantity, Reading, Unit};
use meterscope_decoder::sink::{Buffer, FieldSink};

use crate::annotation::{Numbering, OwnedReading};
use crate::session::Session;

/// The latest value of one quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// What it is the latest of.
    pub key: Key,
    /// What tells it from the other cards of the same quantity.
    pub marks: Vec<Mark>,
    /// The reading.
    pub reading: OwnedReading,
    /// The item it came in.
    pub item: usize,
    /// When the meter says it sent it.
    pub time: Option<DateTime>,
}

/// What one card stands for. Values of different meters, channels, tariffs, phases or units never overwrite each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The meter, where one bus has several.
    pub meter: Option<MeterKey>,
    /// Which part of the meter, or which meter behind it.
    pub channel: u16,
    /// What was measured.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// On which phase.
    pub phase: Option<Phase>,
    /// In which tariff; 0 is the total.
    pub tariff: u32,
    /// The value groups A and C of the object's name: the quadrants of reactive power are all reactive power.
    pub object: Option<[u8; 2]>,
}

impl Key {
    /// What a reading is of; the message says of which meter.
    fn of(reading: &Reading<'_>) -> Self {
        Self {
            meter: None,
            channel: reading.channel(),
            quantity: reading.quantity,
            unit: reading.unit,
            phase: reading.phase(),
            tariff: reading.tariff(),
            object: reading.obis.map(|Obis([a, _, c, ..])| [a, c]),
        }
    }
}

/// Which meter on an M-Bus. A HAN port has one meter only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterKey {
    /// Three letters.
    pub manufacturer: Option<[u8; 3]>,
    /// The identification as printed on the meter.
    pub id: Option<MeterId>,
}

/// What tells a card from the other cards of the same quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// What a meter behind this one meters, in the standard's words.
    Medium(&'static str),
    /// The channel of the object.
    Channel(u16),
    /// The part of an M-Bus meter.
    Subunit(u16),
    /// The phase.
    Phase(Phase),
    /// The tariff, where there is no total.
    Tariff(u32),
    /// The name of the object, where nothing else tells two apart.
    Object(String),
}

/// The most kinds of values that are kept: enough for a bus of meters, few enough to be searched for every reading.
const MOST_CARDS: usize = 64;

/// Value group A of electricity.
const ELECTRICITY: u8 = 1;

/// Remembers where the latest reading of each quantity is.
#[derive(Clone, Debug, Default)]
pub struct Latest {
    entries: Vec<Entry>,
    pending: Vec<(Key, u16, f64)>,
    /// A reading came that no card shows yet.
    news: bool,
    /// What the meters behind the channels say they meter; there are 255 channels at most.
    media: Vec<(u16, &'static str)>,
}

#[derive(Clone, Debug)]
struct Entry {
    key: Key,
    item: usize,
    ordinal: u16,
    /// The reading, once a card has shown it, and when the meter says it sent it.
    shown: Option<(OwnedReading, Option<DateTime>)>,
}

impl Latest {
    /// A frame begins.
    pub fn begin(&mut self) {
        self.pending.clear();
    }

    /// The frame gave its reading number `ordinal`.
    pub fn see(&mut self, reading: &Reading<'_>, ordinal: u16) {
        self.learn_medium(reading);
        let Some(number) = reading.value.number().filter(|_| rank(reading.quantity).is_some()) else {
            return;
        };
        if !reading.is_current() {
            return;
        }
        let key = Key::of(reading);
        // A second record of the same kind is a special one (an error value, another direction): the first counts.
        if self.pending.iter().all(|(seen, ..)| *seen != key) {
            self.pending.push((key, ordinal, number.to_f64()));
        }
    }

    /// The object's name says what the meter on a channel meters, or an object of its own does (0-1:24.1.0).
    fn learn_medium(&mut self, reading: &Reading<'_>) {
        let Some(obis) = reading.obis else { return };
        let said = || {
            let number = reading.value.number().filter(|_| reading.quantity == Quantity::Medium)?;
            let code = u8::try_from(number.digits).ok().filter(|_| number.exponent == 0)?;
            // The others are no media but kinds of devices.
            matches!(code, 0x02..=0x0D | 0x15..=0x17).then(|| device_type_meaning(code))
        };
        let Some(medium) = obis.medium().or_else(said) else { return };
        let channel = reading.channel();
        match self.media.iter_mut().find(|(known, _)| *known == channel) {
            Some((_, known)) => *known = medium,
            None => self.media.push((channel, medium)),
        }
    }

    /// What was measured, in the order in which it was first seen.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.entries.iter().map(|entry| entry.key)
    }

    /// The frame ends; it was the item `item` and carried `message`. `point` gets each value, and the place of what was
    /// measured among the [keys](Self::keys).
    pub fn end(&mut self, item: usize, message: Option<&Message>, mut point: impl FnMut(usize, f64)) {
        let meter = message.filter(|message| message.protocol == Protocol::Mbus).and_then(|message| {
            message.meter.map(|meter| MeterKey { manufacturer: meter.manufacturer, id: meter.id })
        });
        for (key, ordinal, value) in self.pending.drain(..) {
            let entry = Entry { key: Key { meter, ..key }, item, ordinal, shown: None };
            let known = self.entries.iter().position(|other| other.key == entry.key);
            let place = known.unwrap_or(self.entries.len());
            match self.entries.get_mut(place) {
                Some(known) => *known = entry,
                None if place < MOST_CARDS => self.entries.push(entry),
                None => continue,
            }
            self.news = true;
            point(place, value);
        }
    }

    /// The cards, if they changed. Reads the frames again that hold the latest values. Meters stay together, in the order
    /// they were first seen, and the meters behind a meter follow it.
    pub fn cards(&mut self, session: &Session) -> Option<Vec<Card>> {
        if !std::mem::take(&mut self.news) {
            return None;
        }
        for entry in self.entries.iter_mut().filter(|entry| entry.shown.is_none()) {
            entry.shown = read(session, entry.item, entry.ordinal);
        }
        let mut meters: Vec<Option<MeterKey>> = Vec::new();
        for entry in &self.entries {
            if !meters.contains(&entry.key.meter) {
                meters.push(entry.key.meter);
            }
        }
        let all: Vec<Key> = self.keys().collect();
        let shown = || self.entries.iter().filter(|entry| !is_part_of_total(entry.key, &all));
        let keys: Vec<Key> = shown().map(|entry| entry.key).collect();
        let place = |card: &Card| {
            let key = card.key;
            let meter = meters.iter().position(|meter| *meter == key.meter);
            let behind = if is_behind(key) { key.channel } else { 0 };
            (meter, behind, rank(key.quantity), key.phase, key.object, key.channel, key.tariff)
        };
        // There are few, and a sort for many would be a hundredth of the page.
        let mut cards: Vec<Card> = Vec::with_capacity(keys.len());
        for card in shown().filter_map(|entry| self.card(entry, &keys)) {
            let at = cards.partition_point(|other| place(other) <= place(&card));
            cards.insert(at, card);
        }
        Some(cards)
    }

    fn card(&self, entry: &Entry, keys: &[Key]) -> Option<Card> {
        let (reading, time) = entry.shown.clone()?;
        let marks = self.marks(entry.key, &reading, keys);
        Some(Card { key: entry.key, marks, reading, item: entry.item, time })
    }

    /// What has to be said of the card besides its quantity, given all cards.
    fn marks(&self, key: Key, reading: &OwnedReading, keys: &[Key]) -> Vec<Mark> {
        let medium = self.medium(key);
        let others = || keys.iter().copied().filter(|other| *other != key);
        let same_medium = others()
            .any(|other| Key { channel: key.channel, ..other } == key && self.medium(other) == medium);
        let same_name = others().any(|other| Key { object: key.object, ..other } == key);
        let numbered = key.channel != 0 && (same_medium || is_behind(key) && medium.is_none());
        let channel = if key.object.is_some() { Mark::Channel } else { Mark::Subunit };
        let marks = [
            medium.map(Mark::Medium),
            numbered.then(|| channel(key.channel)),
            key.phase.map(Mark::Phase),
            (key.tariff != 0).then_some(Mark::Tariff(key.tariff)),
            reading.object.clone().filter(|_| same_name).map(Mark::Object),
        ];
        marks.into_iter().flatten().collect()
    }

    /// What the meter on the channel of a value meters; none for electricity meters' own values.
    fn medium(&self, key: Key) -> Option<&'static str> {
        let known = self.media.iter().find(|(channel, _)| *channel == key.channel);
        known.filter(|_| is_foreign(key)).map(|&(_, medium)| medium)
    }
}

/// Reads a reading of an item once more.
fn read(session: &Session, item: usize, ordinal: u16) -> Option<(OwnedReading, Option<DateTime>)> {
    let mut pick = Pick { ordinal, at: 0, buffers: Numbering::default(), found: None };
    let decoded = session.decode(item, &mut pick);
    Some((pick.found?, decoded.message.and_then(|message| message.time)))
}

/// The reading of an item that a point of `key` stands for.
pub fn reading_of(session: &Session, item: usize, key: Key) -> Option<OwnedReading> {
    let mut find = Find { key: Key { meter: None, ..key }, buffers: Numbering::default(), found: None };
    session.decode(item, &mut find);
    find.found
}

/// Whether it is a tariff of a total that has a card.
fn is_part_of_total(key: Key, keys: &[Key]) -> bool {
    key.tariff != 0 && keys.contains(&Key { tariff: 0, ..key })
}

/// Whether its name says that it is no value of the electricity meter.
fn is_foreign(key: Key) -> bool {
    key.object.is_some_and(|[a, _]| a != ELECTRICITY)
}

/// Whether it is a value of a meter behind the meter. Many electricity meters name their own values with channel 1.
fn is_behind(key: Key) -> bool {
    key.channel != 0 && (key.object.is_none() || is_foreign(key))
}

/// Takes one reading out of a frame.
struct Pick {
    ordinal: u16,
    at: u16,
    buffers: Numbering,
    found: Option<OwnedReading>,
}

impl FieldSink for Pick {
    fn reading(&mut self, reading: &Reading<'_>) {
        if self.at == self.ordinal {
            self.found = Some(OwnedReading::new(reading, self.buffers.current()));
        }
        self.at = self.at.saturating_add(1);
    }

    fn open(&mut self, _: &Buffer<'_>) {
        self.buffers.open();
    }

    fn close(&mut self) {
        self.buffers.close();
    }
}

/// Takes the first current reading of a kind out of a frame.
struct Find {
    key: Key,
    buffers: Numbering,
    found: Option<OwnedReading>,
}

impl FieldSink for Find {
    fn reading(&mut self, reading: &Reading<'_>) {
        if self.found.is_none() && reading.is_current() && Key::of(reading) == self.key {
            self.found = Some(OwnedReading::new(reading, self.buffers.current()));
        }
    }

    fn open(&mut self, _: &Buffer<'_>) {
        self.buffers.open();
    }

    fn close(&mut self) {
        self.buffers.close();
    }
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
#[path = "cards/tests.rs"]
mod tests;
