//! Names of COSEM objects (IEC 62056-6-1).

use core::fmt;

use crate::reading::Quantity;

/// The six value groups A-B:C.D.E.F of an OBIS code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Obis(pub [u8; 6]);

impl Obis {
    /// A-B:C.D.E.255.
    pub const fn new(a: u8, b: u8, c: u8, d: u8, e: u8) -> Self {
        Self([a, b, c, d, e, 255])
    }

    /// The value groups C, D and E, which say what was measured.
    pub const fn measured(self) -> [u8; 3] {
        let [_, _, c, d, e, _] = self.0;
        [c, d, e]
    }

    /// What the object measures, as far as its name says; [`Quantity::Unknown`] where it does not.
    ///
    /// The manufacturers' lists use some names in ways of their own: 96.1.7 is the meter model in Norway.
    pub const fn quantity(self) -> Quantity {
        let [a, _, c, d, e, _] = self.0;
        match a {
            0 => abstract_quantity(c, d, e),
            1 => match (c, d) {
                (0 | 96 | 97, _) => electricity_device(c, d, e),
                _ => electricity_quantity(c, d),
            },
            5 | 6 => heat_quantity(c),
            _ => Quantity::Unknown,
        }
    }

    /// The same, of those objects alone that say how others are scaled: the name of the list and the model of the meter.
    pub(crate) const fn quantity_of_scales(self) -> Quantity {
        let [a, _, c, d, e, _] = self.0;
        match [a, c, d, e] {
            [0 | 1, 0, 2, 8 | 129] | [0, 96, 1, 4] => Quantity::ListVersion,
            [0, 96, 1, 7] | [1, 96, 1, 1] => Quantity::MeterModel,
            _ => Quantity::Unknown,
        }
    }

    /// The phase that an electricity object stands for (IEC 62056-6-1 Table 12).
    pub const fn phase(self) -> Option<Phase> {
        let [a, _, c, ..] = self.0;
        match (a, c) {
            (1, 21..=40) => Some(Phase::L1),
            (1, 41..=60) => Some(Phase::L2),
            (1, 61..=80) => Some(Phase::L3),
            _ => None,
        }
    }

    /// The channel, value group B: 0 where the device has one only, and for what is no matter of a channel. The meters
    /// behind a P1 port or a gateway have a channel each; many electricity meters name their own values with channel 1.
    pub const fn channel(self) -> u8 {
        let [_, b, ..] = self.0;
        b
    }

    /// The tariff, 0 for the total (IEC 62056-6-1, value group E).
    pub const fn tariff(self) -> u8 {
        match self.0 {
            // M-Bus objects are numbered in group E.
            [0, ..] => 0,
            [.., e, _] => e,
        }
    }

    /// Whether the object is a value of now: an instantaneous value, or a register of the total or of one tariff as it
    /// stands. Averages, extremes, values of a period and of an earlier billing period are not.
    pub const fn is_current(self) -> bool {
        // Group F numbers billing periods; 255 is none of them.
        let [a, _, c, d, e, 255] = self.0 else { return false };
        match (a, c, d) {
            // The value of a meter on the M-Bus behind this one, and the state of this one.
            (0, 24, 2) | (0, 96, 5) => true,
            (1, 0 | 96.., _) => false,
            // From E = 1 on harmonics.
            (1, _, 7) => e == 0,
            // From E = 64 on no tariffs.
            (1, _, 8) => e < 64,
            // IEC 62056-6-1 and EN 13757-1: current values of heat, gas and water.
            (4..=9, 1.., 0) => e < 64,
            _ => false,
        }
    }

    /// What value group A says is metered, where it is neither electricity nor left open (IEC 62056-6-1, EN 13757-1).
    pub const fn medium(self) -> Option<&'static str> {
        let [a, ..] = self.0;
        Some(match a {
            4 => "heat cost allocator",
            5 => "cooling",
            6 => "heat",
            7 => "gas",
            8 => "cold water",
            9 => "hot water",
            _ => return None,
        })
    }
}

/// One of three phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each variant is the name of a phase")]
pub enum Phase {
    L1,
    L2,
    L3,
}

impl Phase {
    /// L1, L2 or L3.
    pub const fn name(self) -> &'static str {
        match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
        }
    }
}

/// Value group A = 0 (IEC 62056-6-1 Tables 10 and 11).
const fn abstract_quantity(c: u8, d: u8, e: u8) -> Quantity {
    match (c, d, e) {
        (0, 2, 8 | 129) => Quantity::ListVersion,
        (1, 0, _) => Quantity::TimePoint,
        (17, 0, _) => Quantity::PowerLimit,
        (24, 1, _) => Quantity::Medium,
        (42, 0, _) => Quantity::LogicalDeviceName,
        // Belgium: the version of the companion specification (e-MUCS-P1 1.7).
        (96, 1, 4) => Quantity::ListVersion,
        (96, 1, 7) => Quantity::MeterModel,
        (96, 1, _) => Quantity::MeterId,
        // The valve of a meter on the M-Bus, the breaker (Hungary: 96.50.68), relays.
        (24, 4, _) | (96, 3, 0..=10) | (96, 50, 68) => Quantity::SwitchPosition,
        (96, 5, _) | (97, 97 | 98, _) => Quantity::ErrorFlags,
        (96, 7, 15..=19) => Quantity::PowerFailureDuration,
        (96, 7, _) => Quantity::Counter,
        (96, 13, _) => Quantity::TextMessage,
        (96, 14, _) => Quantity::ActiveTariff,
        _ => Quantity::Unknown,
    }
}

/// Value group A = 1, objects that describe the device. Kamstrup names its model 1-1:96.1.1.
const fn electricity_device(c: u8, d: u8, e: u8) -> Quantity {
    match (c, d, e) {
        (0, 2, 8 | 129) => Quantity::ListVersion,
        (0, 0, _) => Quantity::MeterId,
        (96, 1, 1) => Quantity::MeterModel,
        (96, 1, _) => Quantity::MeterId,
        (96, 5, _) | (97, 97 | 98, _) => Quantity::ErrorFlags,
        _ => Quantity::Unknown,
    }
}

/// Value group A = 1 (IEC 62056-6-1 Tables 12 and 13).
const fn electricity_quantity(c: u8, d: u8) -> Quantity {
    // Group C counts the same quantities for the sum (1…10), L1 (21…), L2 (41…) and L3 (61…).
    let of_phase = match c {
        21..=40 => c - 20,
        41..=60 => c - 40,
        61..=80 => c - 60,
        1..=10 => c,
        other => return electricity_extra(other, d),
    };
    // Group D: 7 is the instantaneous value, 2…6, 14…16 and 24…28 are averages and extremes, 8 and its like sum up.
    let power = matches!(d, 2..=7 | 14..=16 | 24..=28);
    let energy = matches!(d, 8..=10 | 17..=20 | 29 | 30 | 58);
    match (of_phase, power, energy) {
        (1, true, _) => Quantity::ActivePowerImport,
        (1, _, true) => Quantity::ActiveEnergyImport,
        (2, true, _) => Quantity::ActivePowerExport,
        (2, _, true) => Quantity::ActiveEnergyExport,
        (3, true, _) => Quantity::ReactivePowerImport,
        (3, _, true) => Quantity::ReactiveEnergyImport,
        (4, true, _) => Quantity::ReactivePowerExport,
        (4, _, true) => Quantity::ReactiveEnergyExport,
        (5..=8, true, _) => Quantity::ReactivePower,
        (5..=8, _, true) => Quantity::ReactiveEnergy,
        (9 | 10, true, _) => Quantity::ApparentPower,
        (9 | 10, _, true) => Quantity::ApparentEnergy,
        (11, true, _) => Quantity::Current,
        (12, true, _) => Quantity::Voltage,
        (13, true, _) => Quantity::PowerFactor,
        // Voltage sags and swells, and how long they lasted.
        (12, ..) if matches!(d, 32 | 36) => Quantity::Counter,
        _ => Quantity::Unknown,
    }
}

const fn electricity_extra(c: u8, d: u8) -> Quantity {
    match (c, d) {
        (11 | 90, 2..=7 | 14..=16 | 24..=28) => Quantity::Current,
        (12, 2..=7 | 14..=16 | 24..=28) => Quantity::Voltage,
        (13, 2..=7) => Quantity::PowerFactor,
        (14, 7) => Quantity::Frequency,
        (15 | 16, 2..=7 | 14..=16 | 24..=28) => Quantity::Power,
        (15 | 16, 8..=10 | 17..=20 | 29 | 30 | 58) => Quantity::Energy,
        (81, 7) => Quantity::PhaseAngle,
        _ => Quantity::Unknown,
    }
}

/// Value group A = 5 and 6 (EN 13757-1:2014 Table 7). The energy and the volume are told from their units.
const fn heat_quantity(c: u8) -> Quantity {
    match c {
        8 => Quantity::Power,
        9 => Quantity::VolumeFlow,
        10 => Quantity::FlowTemperature,
        11 => Quantity::ReturnTemperature,
        12 => Quantity::TemperatureDifference,
        _ => Quantity::Unknown,
    }
}

impl fmt::Display for Obis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, last] = self.0;
        write!(f, "{a}-{b}:{c}.{d}.{e}.{last}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_by_name() {
        for (obis, quantity) in [
            (Obis::new(1, 0, 1, 7, 0), Quantity::ActivePowerImport),
            (Obis::new(1, 0, 62, 7, 0), Quantity::ActivePowerExport),
            (Obis::new(1, 0, 1, 8, 2), Quantity::ActiveEnergyImport),
            (Obis::new(1, 1, 4, 8, 0), Quantity::ReactiveEnergyExport),
            (Obis::new(1, 0, 71, 7, 0), Quantity::Current),
            (Obis::new(1, 0, 52, 7, 0), Quantity::Voltage),
            (Obis::new(1, 0, 52, 32, 0), Quantity::Counter),
            (Obis::new(1, 0, 14, 7, 0), Quantity::Frequency),
            (Obis::new(0, 0, 1, 0, 0), Quantity::TimePoint),
            (Obis::new(1, 1, 0, 2, 129), Quantity::ListVersion),
            (Obis::new(1, 1, 96, 1, 1), Quantity::MeterModel),
            (Obis::new(0, 0, 96, 1, 1), Quantity::MeterId),
            (Obis::new(7, 0, 3, 0, 0), Quantity::Unknown),
            (Obis::new(1, 0, 255, 255, 0), Quantity::Unknown),
        ] {
            assert_eq!(obis.quantity(), quantity, "{obis}");
        }
    }

    #[test]
    fn phases_by_name() {
        assert_eq!(Obis::new(1, 0, 31, 7, 0).phase(), Some(Phase::L1));
        assert_eq!(Obis::new(1, 0, 52, 7, 0).phase(), Some(Phase::L2));
        assert_eq!(Obis::new(1, 0, 61, 8, 0).phase(), Some(Phase::L3));
        assert_eq!(Obis::new(1, 0, 1, 7, 0).phase(), None);
        assert_eq!(Obis::new(0, 0, 42, 0, 0).phase(), None);
    }

    #[test]
    fn values_of_now_by_name() {
        for (current, obis) in [
            (true, Obis::new(1, 0, 1, 7, 0)),
            (true, Obis::new(1, 1, 1, 8, 0)),
            (true, Obis::new(1, 0, 1, 8, 2)),
            (true, Obis::new(0, 1, 24, 2, 1)),
            (true, Obis::new(6, 0, 1, 0, 0)),
            // An average, maxima, a harmonic, no tariff, a log, an earlier billing period.
            (false, Obis::new(1, 0, 1, 4, 0)),
            (false, Obis::new(1, 0, 1, 6, 0)),
            (false, Obis::new(1, 0, 32, 7, 3)),
            (false, Obis::new(1, 0, 1, 8, 128)),
            (false, Obis::new(0, 0, 98, 1, 0)),
            (false, Obis([1, 0, 1, 8, 0, 7])),
        ] {
            assert_eq!(obis.is_current(), current, "{obis}");
        }
        let second = Obis::new(1, 3, 1, 8, 2);
        assert_eq!((second.tariff(), second.channel()), (2, 3));
        assert_eq!(Obis::new(0, 1, 24, 2, 1).tariff(), 0);
        assert_eq!(Obis::new(7, 0, 3, 0, 0).medium(), Some("gas"));
    }

    #[test]
    fn what_says_how_others_are_scaled_is_told_by_the_same_names() {
        for a in 0..=1 {
            for (c, e) in [0, 1, 42, 96, 97].into_iter().flat_map(|c| (0..=255).map(move |e| (c, e))) {
                for d in 0..=3 {
                    let obis = Obis::new(a, 1, c, d, e);
                    let is_of_scales =
                        matches!(obis.quantity(), Quantity::ListVersion | Quantity::MeterModel);
                    let expected = if is_of_scales { obis.quantity() } else { Quantity::Unknown };
                    assert_eq!(obis.quantity_of_scales(), expected, "{obis}");
                }
            }
        }
    }
}
