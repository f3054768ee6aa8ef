//! Kaifa in Norway (values by place) and Sweden (names or places): `KFM_001`, the scales published and not in the frame
//! (Kaifa OBIS list KFM_001). The wire types are those that meters send, which the document gives otherwise.

use super::{Holds, Maker, Part, Position, Scaling};
use crate::obis::Obis;
use crate::reading::Unit;

pub(super) const LISTS: Maker = Maker {
    list_prefix: b"KFM_",
    letters: *b"KFM",
    unnamed_first: None,
    positions: &POSITIONS,
    scales: &SCALES,
};

const POSITIONS: [Position; 18] = [
    at(Obis::new(1, 1, 0, 2, 129), Part::Always),
    at(Obis::new(0, 0, 96, 1, 0), Part::Always),
    at(Obis::new(0, 0, 96, 1, 7), Part::Always),
    at(Obis::new(1, 0, 1, 7, 0), Part::Always),
    at(Obis::new(1, 0, 2, 7, 0), Part::Always),
    at(Obis::new(1, 0, 3, 7, 0), Part::Always),
    at(Obis::new(1, 0, 4, 7, 0), Part::Always),
    at(Obis::new(1, 0, 31, 7, 0), Part::Always),
    at(Obis::new(1, 0, 51, 7, 0), Part::ThreePhases),
    at(Obis::new(1, 0, 71, 7, 0), Part::ThreePhases),
    at(Obis::new(1, 0, 32, 7, 0), Part::Always),
    at(Obis::new(1, 0, 52, 7, 0), Part::ThreePhases),
    at(Obis::new(1, 0, 72, 7, 0), Part::ThreePhases),
    at(Obis::new(0, 0, 1, 0, 0), Part::Hourly),
    at(Obis::new(1, 0, 1, 8, 0), Part::Hourly),
    at(Obis::new(1, 0, 2, 8, 0), Part::Hourly),
    at(Obis::new(1, 0, 3, 8, 0), Part::Hourly),
    at(Obis::new(1, 0, 4, 8, 0), Part::Hourly),
];

const SCALES: [Scaling; 10] = [
    scale([1, 7], 0, Unit::Watt),
    scale([2, 7], 0, Unit::Watt),
    scale([3, 7], 0, Unit::Var),
    scale([4, 7], 0, Unit::Var),
    scale([31, 7], -3, Unit::Ampere),
    scale([32, 7], -1, Unit::Volt),
    scale([1, 8], 0, Unit::WattHour),
    scale([2, 8], 0, Unit::WattHour),
    scale([3, 8], 0, Unit::VarHour),
    scale([4, 8], 0, Unit::VarHour),
];

const fn at(obis: Obis, part: Part) -> Position {
    Position { obis, part }
}

const fn scale(measured: [u8; 2], exponent: i8, unit: Unit) -> Scaling {
    Scaling { measured, exponent, unit, holds: Holds::Always }
}
