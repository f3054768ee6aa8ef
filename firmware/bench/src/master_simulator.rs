//! The master simulator's Arduino Uno: a line on D9, straps, a host that waits for answers, two lamps.

use std::ops::{Deref, DerefMut};
use std::path::Path;

use meterscope_firmware_logic::master_command::{MOST_OCTETS, MasterCommand};

use crate::chip::Chip;
use crate::core::{Core, HZ};
use crate::pin::Pin;
use crate::uno::Lamps;

/// An Uno with an image that sends; all that a [`Core`] can do, it can.
pub struct MasterSimulator(Core);

/// The pins that straps connect to ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strap {
    /// D2.
    First,
    /// D3.
    Second,
    /// D4.
    Square,
}

/// D9, which Timer 1 changes: high is mark.
pub const OUTPUT: Pin = Pin::new('B', 1);
const DATA_LAMP: Pin = Pin::new('B', 5);
const ERROR_LAMP: Pin = Pin::new('B', 4);

/// No answer takes longer: 64 octets with eleven bits at 300 baud are 2.4 s, and a frame may have to end before.
const MOST_ANSWER_US: u64 = 20_000_000;
/// How often the host looks for an answer.
const POLL_US: u64 = 100;

impl MasterSimulator {
    /// A board that is switched on with this image and with these straps; what it sends is recorded.
    ///
    /// # Panics
    ///
    /// If simavr cannot read the image.
    pub fn start(image: &Path, straps: &[Strap]) -> Self {
        let mut core = Core::start(Chip::Atmega328p, image);
        for strap in straps {
            core.drive(strap.pin(), false);
        }
        core.watch_oc1a(OUTPUT);
        Self(core)
    }

    /// What the board answers to a command: a line without its end.
    ///
    /// # Panics
    ///
    /// If it does not answer.
    pub fn command(&mut self, command: MasterCommand) -> String {
        self.take_octets();
        self.send(format!("{command}\n").as_bytes());
        self.answer()
    }

    /// Sends octets as a host has to: each portion once the one before was answered, and as fast as the serial line is.
    ///
    /// # Panics
    ///
    /// If the board refuses them.
    pub fn send_octets(&mut self, octets: &[u8]) {
        self.take_octets();
        for portion in octets.chunks(MOST_OCTETS.into()) {
            let command = MasterCommand::Send(portion.len() as u16);
            self.send(format!("{command}\n").as_bytes());
            self.send(portion);
            assert_eq!(self.answer(), "ok");
        }
    }

    /// The lamps.
    pub fn lamps(&self) -> Lamps {
        Lamps { data: self.level(DATA_LAMP), error: self.level(ERROR_LAMP) }
    }

    /// Waits for a line from the board.
    fn answer(&mut self) -> String {
        let until = self.cycle() + MOST_ANSWER_US * u64::from(HZ / 1_000_000);
        let mut answer = Vec::new();
        while !answer.ends_with(b"\n") {
            assert!(self.cycle() < until, "no answer, but {:?}", String::from_utf8_lossy(&answer));
            self.run_for_us(POLL_US);
            answer.extend(self.take_octets());
        }
        answer.pop();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Strap {
    const fn pin(self) -> Pin {
        match self {
            Self::First => Pin::new('D', 2),
            Self::Second => Pin::new('D', 3),
            Self::Square => Pin::new('D', 4),
        }
    }
}

impl Deref for MasterSimulator {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.0
    }
}

impl DerefMut for MasterSimulator {
    fn deref_mut(&mut self) -> &mut Core {
        &mut self.0
    }
}
