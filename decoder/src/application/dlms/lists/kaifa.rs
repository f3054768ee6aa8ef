//! Kaifa in Norway (values by place) and Sweden (names or places): `KFM_001`, the scales published and not in the frame
//! (Kaifa OBIS list `KFM_001`). The wire types are those that meters send, which the document gives otherwise.

use super::{Part, Position, Scaling};
use crate::obis::Obis;
use crate::reading::Unit;

pub(super) const LIST_PREFIX: &[u8] = b"KFM_";
pub(super) const LETTERS: [u8; 3] = *b"KFM";

/// List 1.
pub(super) const SINGLE_VALUE: Position = Position::of(number([1, 7]), Part::Always);

/// The places of all lists in their order.
pub(super) const fn position(place: u8) -> Option<Position> {
    let (obis, part) = match place {
        0 => (Obis::new(1, 1, 0, 2, 129), Part::Always),
        1 => (Obis::new(0, 0, 96, 1, 0), Part::Always),
        2 => (Obis::new(0, 0, 96, 1, 7), Part::Always),
        3 => (number([1, 7]), Part::Always),
        4 => (number([2, 7]), Part::Always),
        5 => (number([3, 7]), Part::Always),
        6 => (number([4, 7]), Part::Always),
        7 => (number([31, 7]), Part::Always),
        8 => (number([51, 7]), Part::ThreePhases),
        9 => (number([71, 7]), Part::ThreePhases),
        10 => (number([32, 7]), Part::Always),
        11 => (number([52, 7]), Part::ThreePhases),
        12 => (number([72, 7]), Part::ThreePhases),
        13 => (Obis::new(0, 0, 1, 0, 0), Part::Hourly),
        14 => (number([1, 8]), Part::Hourly),
        15 => (number([2, 8]), Part::Hourly),
        16 => (number([3, 8]), Part::Hourly),
        17 => (number([4, 8]), Part::Hourly),
        _ => return None,
    };
    Some(Position::of(obis, part))
}

/// [`position`] of each place: what it says of quantity and scale is found out once.
#[cfg(not(target_arch = "avr"))]
pub(super) static POSITIONS: [Position; 18] = {
    let mut positions = [SINGLE_VALUE; 18];
    let mut place = 0;
    while let Some(position) = position(place) {
        positions[place as usize] = position;
        place += 1;
    }
    positions
};

/// By value groups C and D; C of phase L1 stands for all phases.
pub(super) const fn scaling(measured: [u8; 2]) -> Option<Scaling> {
    Some(match measured {
        [1 | 2, 7] => Scaling::always(0, Unit::Watt),
        [3 | 4, 7] => Scaling::always(0, Unit::Var),
        [31, 7] => Scaling::always(-3, Unit::Ampere),
        [32, 7] => Scaling::always(-1, Unit::Volt),
        [1 | 2, 8] => Scaling::always(0, Unit::WattHour),
        [3 | 4, 8] => Scaling::always(0, Unit::VarHour),
        _ => return None,
    })
}

const fn number([c, d]: [u8; 2]) -> Obis {
    Obis::new(1, 0, c, d, 0)
}
