//! Iskraemeco in Slovenia, Croatia and Carinthia: bare values, in an order of each grid company's own.
//!
//! Where the order comes from: the push lists that the grid companies gave to their customers, as
//! UtilitechAS/amsreader-firmware has collected and tested them (issues 615, 869, 956 Elektro Ljubljana and Elektro Celje;
//! 1072 HEP; 787 Kärnten Netz). Lists of four elements and one of nine are marked as guesses there, so they are not here.

use super::unnamed::{
    Opening, Place, UnnamedList, current, energy, meter_id, object, power, unknown, value, voltage,
};
use crate::application::dlms::data::tag;
use crate::obis::Obis;
use crate::reading::Unit;

const LETTERS: [u8; 3] = *b"ISK";
/// How a logical device name begins.
const DEVICE_NAME: Opening = Opening::Text(b"ISK");
/// The name of the push setup 0-6:25.9.0.255, which Kärnten Netz puts in front.
const PUSH_SETUP: Opening = Opening::Text(&[0, 6, 25, 9, 0, 255]);

pub(super) const UNNAMED: [UnnamedList; 9] = [
    UnnamedList { letters: LETTERS, opening: DEVICE_NAME, places: &THREE_PHASES },
    UnnamedList { letters: LETTERS, opening: DEVICE_NAME, places: &REGISTERS },
    UnnamedList { letters: LETTERS, opening: DEVICE_NAME, places: &THREE_PHASES_CELJE },
    UnnamedList { letters: LETTERS, opening: DEVICE_NAME, places: &SINGLE_PHASE },
    UnnamedList { letters: LETTERS, opening: DEVICE_NAME, places: &SINGLE_PHASE_SHORT },
    UnnamedList { letters: LETTERS, opening: DEVICE_NAME, places: &SINGLE_PHASE_CELJE },
    UnnamedList { letters: LETTERS, opening: DEVICE_NAME, places: &TARIFFS },
    UnnamedList { letters: LETTERS, opening: PUSH_SETUP, places: &CARINTHIA },
    UnnamedList { letters: LETTERS, opening: Opening::Digits, places: &CROATIA },
];

const STRING: &[u8] = &[tag::OCTET_STRING];
const NUMBER: &[u8] = &[tag::DOUBLE_LONG_UNSIGNED];

const LOGICAL_DEVICE_NAME: Place = object(STRING, Obis::new(0, 0, 42, 0, 0));
/// Device ID 3 and 4 are numbers that the grid company gives.
const DEVICE_ID_3: Place = object(STRING, Obis::new(0, 0, 96, 1, 2));
const DEVICE_ID_4: Place = object(STRING, Obis::new(0, 0, 96, 1, 3));

const THREE_PHASES: [Place; 18] = [
    LOGICAL_DEVICE_NAME,
    DEVICE_ID_3,
    power(1),
    power(2),
    power(3),
    power(4),
    voltage(1, -1),
    voltage(2, -1),
    voltage(3, -1),
    current(1),
    current(2),
    current(3),
    power(21),
    power(41),
    power(61),
    power(22),
    power(42),
    power(62),
];

const REGISTERS: [Place; 12] = [
    LOGICAL_DEVICE_NAME,
    DEVICE_ID_4,
    object(&[tag::ENUM, tag::BOOLEAN], Obis::new(0, 0, 96, 3, 10)),
    object(STRING, Obis::new(0, 0, 96, 14, 0)),
    energy(1, 0),
    energy(1, 1),
    energy(1, 2),
    energy(2, 0),
    energy(2, 1),
    energy(2, 2),
    energy(3, 0),
    energy(4, 0),
];

const THREE_PHASES_CELJE: [Place; 12] = [
    LOGICAL_DEVICE_NAME,
    DEVICE_ID_3,
    voltage(1, -1),
    voltage(2, -1),
    voltage(3, -1),
    current(1),
    current(2),
    current(3),
    power(1),
    power(2),
    power(3),
    power(4),
];

const SINGLE_PHASE: [Place; 10] = [
    LOGICAL_DEVICE_NAME,
    DEVICE_ID_3,
    power(1),
    power(2),
    power(3),
    power(4),
    voltage(1, -1),
    current(1),
    power(21),
    power(22),
];

const SINGLE_PHASE_SHORT: [Place; 9] = [
    LOGICAL_DEVICE_NAME,
    DEVICE_ID_3,
    power(1),
    power(2),
    power(3),
    power(4),
    voltage(1, -1),
    energy(2, 1),
    energy(2, 2),
];

const SINGLE_PHASE_CELJE: [Place; 8] =
    [LOGICAL_DEVICE_NAME, DEVICE_ID_3, voltage(1, -1), current(1), power(1), power(2), power(3), power(4)];

const TARIFFS: [Place; 10] = [
    LOGICAL_DEVICE_NAME,
    DEVICE_ID_4,
    energy(1, 1),
    energy(1, 2),
    energy(2, 1),
    energy(2, 2),
    energy(3, 1),
    energy(3, 2),
    energy(4, 1),
    energy(4, 2),
];

const CARINTHIA: [Place; 12] = [
    unknown(STRING),
    meter_id(STRING),
    // Time and date, each in a string of its own.
    unknown(STRING),
    unknown(STRING),
    energy(1, 0),
    energy(2, 0),
    energy(3, 0),
    energy(4, 0),
    power(1),
    power(2),
    unknown(STRING),
    unknown(STRING),
];

const CROATIA: [Place; 33] = [
    meter_id(STRING),
    unknown(STRING),
    unknown(STRING),
    energy(1, 0),
    energy(1, 1),
    energy(1, 2),
    energy(2, 0),
    energy(2, 1),
    energy(2, 2),
    energy(5, 0),
    energy(6, 0),
    energy(7, 0),
    energy(8, 0),
    power(1),
    power(2),
    value(&[tag::LONG_UNSIGNED], [13, 7, 0], -3, Unit::None),
    power(21),
    power(41),
    power(61),
    power(22),
    power(42),
    power(62),
    voltage(1, -1),
    voltage(2, -1),
    voltage(3, -1),
    current(1),
    current(2),
    current(3),
    unknown(NUMBER),
    unknown(&[tag::ARRAY]),
    unknown(&[tag::ARRAY]),
    unknown(&[tag::ARRAY]),
    unknown(&[tag::BOOLEAN]),
];
