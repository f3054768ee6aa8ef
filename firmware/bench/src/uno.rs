//! The forwarder's Arduino Uno: a line on D8, a host on its serial port, two lamps.

use std::ops::{Deref, DerefMut};
use std::path::Path;

use meterscope_firmware_waveform::Waveform;

use crate::chip::Chip;
use crate::core::Core;
use crate::pin::Pin;

/// An Uno with an image that hears a line; all that a [`Core`] can do, it can.
pub struct Uno(Core);

/// Which lamps are lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lamps {
    /// D13.
    pub data: bool,
    /// D12.
    pub error: bool,
}

/// D8, the input capture pin of Timer 1.
pub const BUS: Pin = Pin::new('B', 0);
const DATA_LAMP: Pin = Pin::new('B', 5);
const ERROR_LAMP: Pin = Pin::new('B', 4);

impl Uno {
    /// A board that is switched on with this image; the bus rests.
    ///
    /// # Panics
    ///
    /// If simavr cannot read the image.
    pub fn start(image: &Path) -> Self {
        let mut core = Core::start(Chip::Atmega328p, image);
        core.drive(BUS, true);
        Self(core)
    }

    /// Puts a line on the bus, beginning now. What is still to come of one before is left out.
    pub fn play(&mut self, line: &Waveform) {
        self.0.play(BUS, line);
    }

    /// Plays a line to its end and a while longer.
    pub fn hear(&mut self, line: &Waveform) -> Vec<u8> {
        self.play(line);
        self.run_for_us(line.end_ns() / 1000 + 60_000);
        self.take_octets()
    }

    /// The lamps.
    pub fn lamps(&self) -> Lamps {
        Lamps { data: self.level(DATA_LAMP), error: self.level(ERROR_LAMP) }
    }
}

impl Deref for Uno {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.0
    }
}

impl DerefMut for Uno {
    fn deref_mut(&mut self) -> &mut Core {
        &mut self.0
    }
}
