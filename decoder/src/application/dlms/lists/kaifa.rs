//! Kaifa in Norway (values by place) and Sweden (names or places): `KFM_001`, the scales published and not in the frame
//! (Kaifa OBIS list `KFM_001`). The wire types are those that meters send, which the document gives otherwise.

use super::{Part, Position, Scaling};
use crate::obis::Obis;
use crate::reading::Unit;

pub(super) const LIST_PREFIX: &[u8] = b"KFM_";
pub(super) const LETTERS: [u8; 3] = *b"KFM";

/// List 1.
pub(super) const SINGLE_VALUE: Position = number([1, 7], Part::Always);

/// The places of all lists in their order.
pub(super) const fn position(place: u8) -> Option<Position> {
    let (measured, part) = match place {
        0 => return Some(text(Obis::new(1, 1, 0, 2, 129), Part::Always)),
        1 => return Some(text(Obis::new(0, 0, 96, 1, 0), Part::Always)),
        2 => return Some(text(Obis::new(0, 0, 96, 1, 7), Part::Always)),
        3 => ([1, 7], Part::Always),
        4 => ([2, 7], Part::Always),
        5 => ([3, 7], Part::Always),
        6 => ([4, 7], Part::Always),
        7 => ([31, 7], Part::Always),
        8 => ([51, 7], Part::ThreePhases),
        9 => ([71, 7], Part::ThreePhases),
        10 => ([32, 7], Part::Always),
        11 => ([52, 7], Part::ThreePhases),
        12 => ([72, 7], Part::ThreePhases),
        13 => return Some(text(Obis::new(0, 0, 1, 0, 0), Part::Hourly)),
        14 => ([1, 8], Part::Hourly),
        15 => ([2, 8], Part::Hourly),
        16 => ([3, 8], Part::Hourly),
        17 => ([4, 8], Part::Hourly),
        _ => return None,
    };
    Some(number(measured, part))
}

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

/// A text, or the clock.
const fn text(obis: Obis, part: Part) -> Position {
    Position { obis, part }
}

const fn number([c, d]: [u8; 2], part: Part) -> Position {
    Position { obis: Obis::new(1, 0, c, d, 0), part }
}
