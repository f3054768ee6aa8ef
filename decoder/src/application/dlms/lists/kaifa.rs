//! Kaifa in Norway (values by place) and Sweden (names or places): `KFM_001`, the scales published and not in the frame
//! (Kaifa OBIS list `KFM_001`). The wire types are those that meters send, which the document gives otherwise.

use super::{Holds, Maker, Part, Position, Scaling};
use crate::obis::Obis;
use crate::reading::Unit;

pub(super) const LISTS: Maker = Maker {
    list_prefix: b"KFM_",
    letters: *b"KFM",
    unnamed_first: None,
    positions: &POSITIONS,
    scales: &[],
    kinds: &[],
};

/// List 1.
pub(super) const SINGLE_VALUE: Position = number([1, 7], Part::Always, 0, Unit::Watt);

const POSITIONS: [Position; 18] = [
    text(Obis::new(1, 1, 0, 2, 129), Part::Always),
    text(Obis::new(0, 0, 96, 1, 0), Part::Always),
    text(Obis::new(0, 0, 96, 1, 7), Part::Always),
    number([1, 7], Part::Always, 0, Unit::Watt),
    number([2, 7], Part::Always, 0, Unit::Watt),
    number([3, 7], Part::Always, 0, Unit::Var),
    number([4, 7], Part::Always, 0, Unit::Var),
    number([31, 7], Part::Always, -3, Unit::Ampere),
    number([51, 7], Part::ThreePhases, -3, Unit::Ampere),
    number([71, 7], Part::ThreePhases, -3, Unit::Ampere),
    number([32, 7], Part::Always, -1, Unit::Volt),
    number([52, 7], Part::ThreePhases, -1, Unit::Volt),
    number([72, 7], Part::ThreePhases, -1, Unit::Volt),
    text(Obis::new(0, 0, 1, 0, 0), Part::Hourly),
    number([1, 8], Part::Hourly, 0, Unit::WattHour),
    number([2, 8], Part::Hourly, 0, Unit::WattHour),
    number([3, 8], Part::Hourly, 0, Unit::VarHour),
    number([4, 8], Part::Hourly, 0, Unit::VarHour),
];

/// A text, or the clock.
const fn text(obis: Obis, part: Part) -> Position {
    let [measured @ .., _] = obis.measured();
    let scaling = Scaling { measured, exponent: 0, unit: Unit::None, holds: Holds::Unknown };
    Position { obis, quantity: obis.quantity(), part, scaling }
}

const fn number(measured: [u8; 2], part: Part, exponent: i8, unit: Unit) -> Position {
    let [c, d] = measured;
    let scaling = Scaling { measured, exponent, unit, holds: Holds::Always };
    let obis = Obis::new(1, 0, c, d, 0);
    Position { obis, quantity: obis.quantity(), part, scaling }
}
