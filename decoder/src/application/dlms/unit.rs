//! Unit codes of a scaler-unit (IEC 62056-6-2:2021 Table 4).

use crate::reading::Unit;

/// The unit that a code stands for, and the power of ten that it adds: litres are cubic metres times 10⁻³.
///
/// None for a code that is unknown, or whose unit nobody measures with a meter.
pub const fn unit(code: u8) -> Option<(Unit, i8)> {
    let unit = match code {
        1 => Unit::Year,
        2 => Unit::Month,
        3 => Unit::Week,
        4 => Unit::Day,
        5 => Unit::Hour,
        6 => Unit::Minute,
        7 => Unit::Second,
        8 => Unit::Degree,
        9 => Unit::Celsius,
        11 => Unit::Metre,
        12 => Unit::MetrePerSecond,
        // 14, 16 and 18 are volumes corrected to reference conditions.
        13 | 14 => Unit::CubicMetre,
        15 | 16 => Unit::CubicMetrePerHour,
        17 | 18 => Unit::CubicMetrePerDay,
        19 => return Some((Unit::CubicMetre, -3)),
        20 => Unit::Kilogram,
        21 => Unit::Newton,
        22 => Unit::NewtonMetre,
        23 => Unit::Pascal,
        24 => Unit::Bar,
        25 => Unit::Joule,
        26 => Unit::JoulePerHour,
        34 => Unit::Coulomb,
        36 => Unit::VoltPerMetre,
        37 => Unit::Farad,
        38 => Unit::Ohm,
        40 => Unit::Weber,
        41 => Unit::Tesla,
        42 => Unit::AmperePerMetre,
        43 => Unit::Henry,
        48 => Unit::VoltSquareHour,
        49 => Unit::AmpereSquareHour,
        50 => Unit::KilogramPerSecond,
        51 => Unit::Siemens,
        52 => Unit::Kelvin,
        56 => Unit::Percent,
        57 => Unit::AmpereHour,
        60 => Unit::WattHourPerCubicMetre,
        61 => Unit::JoulePerCubicMetre,
        70 => Unit::DecibelMilliwatt,
        71 => Unit::DecibelMicrovolt,
        72 => Unit::Decibel,
        _ => match electric_unit(code) {
            Some(unit) => unit,
            None => return None,
        },
    };
    Some((unit, 0))
}

/// The same, for the units of electricity and for none.
pub(crate) const fn electric_unit(code: u8) -> Option<Unit> {
    Some(match code {
        27 => Unit::Watt,
        28 => Unit::VoltAmpere,
        29 => Unit::Var,
        30 => Unit::WattHour,
        31 => Unit::VoltAmpereHour,
        32 => Unit::VarHour,
        33 => Unit::Ampere,
        35 => Unit::Volt,
        44 => Unit::Hertz,
        // Count, or no unit.
        255 => Unit::None,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_that_electricity_meters_send() {
        for (code, symbol) in
            [(27, "W"), (29, "var"), (30, "Wh"), (32, "varh"), (33, "A"), (35, "V"), (44, "Hz")]
        {
            assert_eq!(unit(code).map(|(unit, _)| unit.symbol()), Some(symbol));
        }
        assert_eq!(unit(19), Some((Unit::CubicMetre, -3)));
        assert_eq!(unit(255), Some((Unit::None, 0)));
        assert_eq!(unit(0), None);
        assert_eq!(unit(200), None);
    }
}
