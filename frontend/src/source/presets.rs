//! Line settings by what is on the other end. A person knows the meter, seldom the parity.

use meterscope_capture::line_settings::{LineSettings, Parity};

/// A meter's port as a person calls it, and how its line is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// HAN port in Norway and Sweden: Kaifa, Aidon, Landis+Gyr.
    HanEven,
    /// HAN port of Kamstrup meters.
    HanNone,
    /// Heat and water meters at the speed that EN 13757-2 asks of all.
    Mbus,
    /// Old heat meters.
    MbusSlow,
    /// Heat meters whose speed was raised.
    MbusFast,
    /// P1 port: Netherlands, Sweden, Belgium.
    P1,
}

impl Preset {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::HanEven, Self::HanNone, Self::Mbus, Self::MbusSlow, Self::MbusFast, Self::P1];

    /// How the line is set.
    pub const fn settings(self) -> LineSettings {
        let mbus = LineSettings::MBUS;
        match self {
            Self::HanEven | Self::Mbus => mbus,
            Self::HanNone => LineSettings { parity: Parity::None, ..mbus },
            Self::MbusSlow => LineSettings { baud: 300, ..mbus },
            Self::MbusFast => LineSettings { baud: 9600, ..mbus },
            Self::P1 => LineSettings { baud: 115_200, parity: Parity::None, ..mbus },
        }
    }

    /// The element in the dialog.
    pub const fn id(self) -> &'static str {
        match self {
            Self::HanEven => "preset-han-8e1",
            Self::HanNone => "preset-han-8n1",
            Self::Mbus => "preset-mbus",
            Self::MbusSlow => "preset-mbus-300",
            Self::MbusFast => "preset-mbus-9600",
            Self::P1 => "preset-p1",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_what_meters_use() {
        let settings = Preset::ALL.map(|preset| preset.settings().to_string());
        assert_eq!(settings, ["2400 8E1", "2400 8N1", "2400 8E1", "300 8E1", "9600 8E1", "115200 8N1"]);
    }
}
