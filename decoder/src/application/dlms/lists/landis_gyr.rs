//! Landis+Gyr E350 in Norway (`EMBRIQ_V1_1`): objects with names and scaler-units, nothing to add. Most lists of the E450,
//! E360 and E570 have no name; they bring the definitions of their objects along, and no scales. Those of the E450 in
//! Austria (Netz Burgenland, Stadtwerke Klagenfurt) and Slovenia are bare values, in the order that the grid companies
//! gave to their customers (UtilitechAS/amsreader-firmware, issue 501 and its recorded telegrams of 2026).

use super::unnamed::{
    Opening, Place, UnnamedList, current, energy, meter_id, object, power, unknown, value, voltage,
};
use crate::application::dlms::data::tag;
use crate::obis::Obis;
use crate::reading::Unit;

pub(super) const LIST_PREFIX: &[u8] = b"EMBRIQ";
pub(super) const LETTERS: [u8; 3] = *b"LGZ";

pub(super) const UNNAMED: [UnnamedList; 4] = [
    UnnamedList { letters: LETTERS, opening: Opening::Any, places: &AUSTRIA },
    UnnamedList { letters: LETTERS, opening: Opening::Any, places: &AUSTRIA_LONG },
    UnnamedList { letters: LETTERS, opening: Opening::Digits, places: &SLOVENIA_TOTALS },
    UnnamedList { letters: LETTERS, opening: Opening::Digits, places: &SLOVENIA_PHASES },
];

const STRING: &[u8] = &[tag::OCTET_STRING];
const SHORT_NUMBER: &[u8] = &[tag::LONG_UNSIGNED];

/// Whole volts, unlike other lists of the make.
const AUSTRIA: [Place; 11] = [
    voltage(1, 0),
    voltage(2, 0),
    voltage(3, 0),
    current(1),
    current(2),
    current(3),
    power(1),
    power(2),
    energy(1, 0),
    energy(2, 0),
    meter_id(STRING),
];

const AUSTRIA_LONG: [Place; 14] = [
    voltage(1, 0),
    voltage(2, 0),
    voltage(3, 0),
    current(1),
    current(2),
    current(3),
    power(1),
    power(2),
    energy(1, 0),
    energy(2, 0),
    unknown(SHORT_NUMBER),
    unknown(SHORT_NUMBER),
    unknown(SHORT_NUMBER),
    meter_id(STRING),
];

const SLOVENIA_TOTALS: [Place; 9] = [
    object(STRING, Obis::new(0, 0, 96, 1, 0)),
    power(1),
    power(2),
    power(3),
    power(4),
    energy(1, 0),
    energy(2, 0),
    energy(3, 0),
    energy(4, 0),
];

const SLOVENIA_PHASES: [Place; 14] = [
    object(STRING, Obis::new(0, 0, 96, 1, 1)),
    value(SHORT_NUMBER, [14, 7, 0], 0, Unit::Hertz),
    current(1),
    current(2),
    current(3),
    voltage(1, 0),
    voltage(2, 0),
    voltage(3, 0),
    power(21),
    power(41),
    power(61),
    power(22),
    power(42),
    power(62),
];
