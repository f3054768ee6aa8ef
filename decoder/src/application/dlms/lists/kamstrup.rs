//! Kamstrup in Norway, Sweden, Denmark and Switzerland (`Kamstrup_V0001`): names before values, no scales in the frame
//! (Kamstrup HAN-NVE interface description; 5512-2584 GB chapter 5.2 for the Danish list).
//!
//! Not every scale can be told. Energies count 10 Wh in Norway and Denmark and 1 Wh in Sweden, under the same name of the
//! list; what tells them apart is the end of the type number, which the lists with few objects send
//! (amsreader-firmware issues 239 and 874, amshan-homeassistant issue 43, with the type numbers). The long lists of Denmark
//! and Switzerland send no type number, and nothing certain is published of their energies. Meters with current
//! transformers (type 685) send milliamperes (amshan). Voltages are whole volts, but firmware of 2025 in Denmark sends
//! hundredths, with five digits.

use super::{Holds, Kind, Maker, Scaling};
use crate::obis::Obis;
use crate::reading::Unit;

pub(super) const LISTS: Maker = Maker {
    list_prefix: b"Kamstrup_",
    letters: *b"KAM",
    unnamed_first: Some(Obis::new(1, 1, 0, 2, 129)),
    positions: &[],
    scales: &SCALES,
    kinds: &KINDS,
};

const KINDS: [Kind; 3] = [
    // The country's number ends a type number: 40 is Norway, 10 and 13 are Denmark, 90 and 92 Sweden.
    Kind { model_begins: b"68", model_ends: &[b"40", b"10", b"13"], scales: &TENS_OF_WATT_HOURS },
    Kind { model_begins: b"68", model_ends: &[b"90", b"92"], scales: &WATT_HOURS },
    Kind { model_begins: b"685", model_ends: &[b""], scales: &TRANSFORMED },
];

const TENS_OF_WATT_HOURS: [Scaling; 4] = energies(1);
const WATT_HOURS: [Scaling; 4] = energies(0);
const TRANSFORMED: [Scaling; 1] = [scale([31, 7], -3, Unit::Ampere)];

const fn energies(exponent: i8) -> [Scaling; 4] {
    [
        scale([1, 8], exponent, Unit::WattHour),
        scale([2, 8], exponent, Unit::WattHour),
        scale([3, 8], exponent, Unit::VarHour),
        scale([4, 8], exponent, Unit::VarHour),
    ]
}

/// No meter on a household's grid measures a thousand volts, so such a number counts hundredths.
const VOLTS_BELOW: u32 = 1000;

const SCALES: [Scaling; 18] = [
    scale([1, 7], 0, Unit::Watt),
    scale([2, 7], 0, Unit::Watt),
    scale([3, 7], 0, Unit::Var),
    scale([4, 7], 0, Unit::Var),
    scale([21, 7], 0, Unit::Watt),
    scale([22, 7], 0, Unit::Watt),
    scale([31, 7], -2, Unit::Ampere),
    Scaling { measured: [32, 7], exponent: 0, unit: Unit::Volt, holds: Holds::Below(VOLTS_BELOW) },
    // Power factors, of the sum and of a phase.
    scale([13, 7], -2, Unit::None),
    scale([33, 7], -2, Unit::None),
    unknown([1, 8], Unit::WattHour),
    unknown([2, 8], Unit::WattHour),
    unknown([3, 8], Unit::VarHour),
    unknown([4, 8], Unit::VarHour),
    unknown([21, 8], Unit::WattHour),
    unknown([22, 8], Unit::WattHour),
    unknown([23, 8], Unit::VarHour),
    unknown([24, 8], Unit::VarHour),
];

const fn scale(measured: [u8; 2], exponent: i8, unit: Unit) -> Scaling {
    Scaling { measured, exponent, unit, holds: Holds::Always }
}

const fn unknown(measured: [u8; 2], unit: Unit) -> Scaling {
    Scaling { measured, exponent: 0, unit, holds: Holds::Unknown }
}
