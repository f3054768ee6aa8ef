//! The way to the host: a serial port over USB, and two lamps.
//!
//! The board never waits for the host: octets of the bus wait in a queue, and what that has no room for is lost and told.

use meterscope_board::forward::Host;
use meterscope_firmware_logic::forwarder::LONGEST_ANSWER;
use meterscope_firmware_logic::marks::{LONGEST, Output};
use meterscope_usb_cdc::control::Control;

use crate::bootloader::Leaving;
use crate::lamps::Lamps;
use crate::outgoing::{Outgoing, outgoing};
use crate::registers::Registers;

/// A serial port.
pub struct UsbSerial {
    lamps: Lamps,
    registers: Registers,
    control: Control,
    /// Whether the port was open when this was last looked at.
    is_open: bool,
    /// Whether it was closed, and nobody asked about that.
    has_left: bool,
    /// Whether the host sent something, so that more may be there.
    is_busy: bool,
    leaving: Option<Leaving>,
    outgoing: &'static mut Outgoing,
}

impl UsbSerial {
    /// Plugs the board in. To be called once.
    pub fn attach() -> Self {
        Self {
            lamps: Lamps::start(),
            registers: Registers::attach(),
            control: Control::new(),
            is_open: false,
            has_left: false,
            is_busy: false,
            leaving: None,
            outgoing: outgoing(),
        }
    }

    /// A program that opens the port gets what comes from then on.
    fn follow_port(&mut self) {
        let serial = self.control.serial();
        let (was_open, is_touched) = (self.is_open, serial.is_touched());
        self.is_open = serial.is_open();
        self.has_left |= was_open && !self.is_open;
        if was_open != self.is_open {
            self.outgoing.clear();
            self.registers.forget_written();
            // What the program before still said: there are two banks, and each ends with None.
            for _ in 0..2 {
                while self.registers.read().is_some() {}
            }
        }
        match self.leaving.take() {
            None if is_touched => self.leaving = Some(Leaving::begin()),
            Some(leaving) if !is_touched => leaving.cancel(),
            leaving => self.leaving = leaving,
        }
    }

    fn is_flowing(&self) -> bool {
        self.control.is_configured() && !self.registers.is_asleep()
    }
}

impl Host for UsbSerial {
    fn attend(&mut self) {
        if !self.registers.follow_sleep() {
            return;
        }
        if self.registers.take_reset() {
            self.control.reset();
        }
        self.control.poll(&mut self.registers);
        self.follow_port();
        if self.is_flowing() {
            self.outgoing.send(&mut self.registers);
        }
    }

    fn take_left(&mut self) -> bool {
        core::mem::take(&mut self.has_left)
    }

    fn next_octet(&mut self) -> Option<u8> {
        let octet = if self.is_flowing() && self.has_room() { self.registers.read() } else { None };
        self.is_busy = octet.is_some();
        octet
    }

    fn is_idle(&self) -> bool {
        !self.is_busy
    }

    fn goes_on(&self) -> bool {
        self.leaving.is_none()
    }

    fn light(&mut self, data: bool, error: bool) {
        self.lamps.light(data, error);
    }
}

impl Output for UsbSerial {
    fn octet(&mut self, octet: u8) {
        // Without a program that reads, what the board says is for nobody. An answer always finds room.
        if self.is_open {
            self.outgoing.push(octet);
        }
    }

    /// For the octet, and for an answer behind it.
    fn has_room(&mut self) -> bool {
        self.outgoing.room() >= LONGEST + LONGEST_ANSWER
    }
}
