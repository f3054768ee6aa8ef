//! Boards by their USB numbers: what a person calls them, and which to offer first.

use std::fmt;
use std::str::FromStr;

use meterscope_capture::line_settings::LineSettings;

/// What a port says of itself; a port that is no USB device says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceId {
    /// The vendor, as registered with USB-IF.
    pub vendor: Option<u16>,
    /// The vendor's own number of the product.
    pub product: Option<u16>,
}

/// A port with which the page was connected, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Which device.
    pub device: DeviceId,
    /// How its line was set.
    pub settings: LineSettings,
}

/// A text is no remembered port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotRemembered;

/// A board, or all of a vendor's chips.
struct Board {
    vendor: u16,
    product: Option<u16>,
    name: &'static str,
}

const ARDUINO: u16 = 0x2341;
const ARDUINO_ORG: u16 = 0x2A03;

const BOARDS: [Board; 9] = [
    Board { vendor: ARDUINO, product: Some(0x0043), name: "Arduino Uno" },
    Board { vendor: ARDUINO, product: Some(0x8036), name: "Arduino Leonardo" },
    Board { vendor: 0x04D8, product: Some(0x00DD), name: "MCP2221" },
    Board { vendor: ARDUINO, product: None, name: "Arduino" },
    Board { vendor: ARDUINO_ORG, product: None, name: "Arduino" },
    Board { vendor: 0x0403, product: None, name: "FTDI" },
    Board { vendor: 0x1A86, product: None, name: "CH340" },
    Board { vendor: 0x10C4, product: None, name: "CP210x" },
    Board { vendor: 0x067B, product: None, name: "Prolific PL2303" },
];

impl DeviceId {
    /// What a person calls it: `Arduino Uno`, or its numbers; nothing for what is no USB device.
    pub fn name(self) -> Option<String> {
        let known = BOARDS.iter().find(|board| board.is(self));
        known.map(|board| board.name.to_owned()).or_else(|| self.vendor.map(|_| format!("USB {self}")))
    }

    /// Whether this is a board, or a chip, that meters are read with.
    pub fn is_known(self) -> bool {
        BOARDS.iter().any(|board| board.is(self))
    }

    /// Whether Meterscope's own firmware may be on it, so that it may be spoken to. Chips that only join a bus to USB are
    /// not: what is sent to them goes out to the meters.
    pub const fn may_forward(self) -> bool {
        matches!(self.vendor, Some(ARDUINO | ARDUINO_ORG))
    }

    /// What the browser's dialog offers when it is to offer known boards only. The last ones are whole vendors.
    pub fn known() -> impl Iterator<Item = Self> {
        BOARDS.iter().map(|board| Self { vendor: Some(board.vendor), product: board.product })
    }
}

impl Board {
    fn is(&self, device: DeviceId) -> bool {
        device.vendor == Some(self.vendor) && (self.product.is_none() || self.product == device.product)
    }
}

/// `2341:0043`; `none` is a device without numbers.
impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.vendor, self.product) {
            (Some(vendor), Some(product)) => write!(f, "{vendor:04x}:{product:04x}"),
            (Some(vendor), None) => write!(f, "{vendor:04x}"),
            (None, _) => f.write_str("none"),
        }
    }
}

impl FromStr for DeviceId {
    type Err = NotRemembered;

    fn from_str(text: &str) -> Result<Self, NotRemembered> {
        let number = |text: &str| u16::from_str_radix(text, 16).map_err(|_| NotRemembered);
        Ok(match text.split_once(':') {
            None if text == "none" => Self::default(),
            None => Self { vendor: Some(number(text)?), product: None },
            Some((vendor, product)) => {
                Self { vendor: Some(number(vendor)?), product: Some(number(product)?) }
            }
        })
    }
}

/// `2341:0043 2400 8E1`
impl fmt::Display for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.device, self.settings)
    }
}

impl FromStr for Remembered {
    type Err = NotRemembered;

    fn from_str(text: &str) -> Result<Self, NotRemembered> {
        let (device, settings) = text.split_once(' ').ok_or(NotRemembered)?;
        Ok(Self { device: device.parse()?, settings: settings.parse().map_err(|_| NotRemembered)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(vendor: u16, product: u16) -> DeviceId {
        DeviceId { vendor: Some(vendor), product: Some(product) }
    }

    #[test]
    fn boards_have_names() {
        for (vendor, product, name) in [
            (0x2341, 0x0043, "Arduino Uno"),
            (0x2341, 0x8036, "Arduino Leonardo"),
            (0x2341, 0x0001, "Arduino"),
            (0x04D8, 0x00DD, "MCP2221"),
            (0x0403, 0x6001, "FTDI"),
            (0x1A86, 0x7523, "CH340"),
            (0x10C4, 0xEA60, "CP210x"),
            (0x04D8, 0x0001, "USB 04d8:0001"),
        ] {
            assert_eq!(device(vendor, product).name().as_deref(), Some(name));
        }
        assert_eq!(DeviceId::default().name(), None);
        assert!(!device(0x04D8, 1).is_known() && !DeviceId::default().is_known());
        assert!(DeviceId::known().all(DeviceId::is_known));
    }

    #[test]
    fn only_boards_that_are_programmed_are_spoken_to() {
        let spoken_to = DeviceId::known().filter(|device| device.may_forward()).filter_map(DeviceId::name);
        let names: Vec<_> = spoken_to.collect();
        assert_eq!(names, ["Arduino Uno", "Arduino Leonardo", "Arduino", "Arduino"]);
        assert!(!DeviceId::default().may_forward());
    }

    #[test]
    fn a_port_is_remembered_as_it_was() {
        for text in ["2341:0043 2400 8E1", "none 115200 8N1", "0403 300 8E1"] {
            assert_eq!(text.parse::<Remembered>().unwrap().to_string(), text);
        }
        for text in ["", "2341:0043", "2341:0043 fast", "xyz 2400 8E1", "12345:1 2400 8E1"] {
            assert_eq!(text.parse::<Remembered>(), Err(NotRemembered), "{text}");
        }
    }
}
