//! Kamstrup in Norway, Sweden, Denmark and Switzerland (`Kamstrup_V0001`): names before values, no scales in the frame
//! (Kamstrup HAN-NVE interface description; 5512-2584 GB chapter 5.2 for the Danish list).
//!
//! Not every scale can be told. Energies count 10 Wh in Norway and Denmark and 1 Wh in Sweden, under the same name of the
//! list; what tells them apart is the end of the type number, which the lists with few objects send
//! (amsreader-firmware issues 239 and 874, amshan-homeassistant issue 43, with the type numbers). The long lists of Denmark
//! and Switzerland send no type number, and nothing certain is published of their energies. Meters with current
//! transformers (type 685) send milliamperes (amshan). Voltages are whole volts, but firmware of 2025 in Denmark sends
//! hundredths, with five digits.

use super::{Holds, Kinds, Scaling};
use crate::obis::Obis;
use crate::reading::Unit;

pub(super) const LIST_PREFIX: &[u8] = b"Kamstrup_";
pub(super) const LETTERS: [u8; 3] = *b"KAM";
/// The object in front of the name of the list.
pub(super) const UNNAMED_FIRST: Obis = Obis::new(1, 1, 0, 2, 129);

const TENS_OF_WATT_HOURS: Kinds = Kinds(1 << 0);
const WATT_HOURS: Kinds = Kinds(1 << 1);
const TRANSFORMED: Kinds = Kinds(1 << 2);

/// By the type number.
pub(super) fn kinds_of(model: &[u8]) -> Kinds {
    let is_known = model.starts_with(b"68");
    // The country's number ends a type number: 40 is Norway, 10 and 13 are Denmark, 90 and 92 Sweden.
    let country = model.last_chunk::<2>();
    Kinds::NONE
        .and(TENS_OF_WATT_HOURS, is_known && matches!(country, Some(b"40" | b"10" | b"13")))
        .and(WATT_HOURS, is_known && matches!(country, Some(b"90" | b"92")))
        .and(TRANSFORMED, model.starts_with(b"685"))
}

/// No meter on a household's grid measures a thousand volts, so such a number counts hundredths.
const VOLTS_BELOW: u32 = 1000;

/// By value groups C and D; C of phase L1 stands for all phases.
pub(super) const fn scaling(measured: [u8; 2], kinds: Kinds) -> Option<Scaling> {
    Some(match measured {
        [1..=4, 8] if kinds.has(TENS_OF_WATT_HOURS) => Scaling::always(1, energy_unit(measured)),
        [1..=4, 8] if kinds.has(WATT_HOURS) => Scaling::always(0, energy_unit(measured)),
        [1..=4 | 21..=24, 8] => Scaling { unit: energy_unit(measured), ..Scaling::UNKNOWN },
        [1 | 2 | 21 | 22, 7] => Scaling::always(0, Unit::Watt),
        [3 | 4, 7] => Scaling::always(0, Unit::Var),
        [31, 7] if kinds.has(TRANSFORMED) => Scaling::always(-3, Unit::Ampere),
        [31, 7] => Scaling::always(-2, Unit::Ampere),
        [32, 7] => Scaling { holds: Holds::Below(VOLTS_BELOW), ..Scaling::always(0, Unit::Volt) },
        // Power factors, of the sum and of a phase.
        [13 | 33, 7] => Scaling::always(-2, Unit::None),
        _ => return None,
    })
}

const fn energy_unit([c, _]: [u8; 2]) -> Unit {
    match c {
        3 | 4 | 23 | 24 => Unit::VarHour,
        _ => Unit::WattHour,
    }
}
