//! What the chips differ in.

use std::ffi::CStr;
use std::ops::RangeInclusive;

/// The chips of the boards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chip {
    /// That of the Uno.
    Atmega328p,
    /// That of the Leonardo.
    Atmega32u4,
}

impl Chip {
    pub(crate) fn name(self) -> &'static CStr {
        match self {
            Self::Atmega328p => c"atmega328p",
            Self::Atmega32u4 => c"atmega32u4",
        }
    }

    /// SRAM in data space (data sheets DS40002061B, 8.3, and Atmel-7766J, 5.2).
    pub(crate) fn ram(self) -> RangeInclusive<usize> {
        match self {
            Self::Atmega328p => 0x100..=0x8FF,
            Self::Atmega32u4 => 0x100..=0xAFF,
        }
    }

    pub(crate) fn serial_port(self) -> u8 {
        match self {
            Self::Atmega328p => b'0',
            Self::Atmega32u4 => b'1',
        }
    }
}
