//! The way to the host: a serial port over USB, and two lamps.
//!
//! The board works on it a millisecond after millisecond, as the host does, and never waits for it: octets of the bus wait in
//! a queue, and what the queue has no room for is lost and told.

use meterscope_board::forward::Host;
use meterscope_firmware_logic::forwarder::LONGEST_ANSWER;
use meterscope_firmware_logic::marks::{LONGEST, Output};
use meterscope_firmware_logic::queue::Queue;
use meterscope_usb_cdc::control::Control;
use meterscope_usb_cdc::descriptors::PACKET_OCTETS;

use crate::bootloader::Leaving;
use crate::lamps::Lamps;
use crate::registers::Registers;

/// A serial port.
pub struct UsbSerial {
    lamps: Lamps,
    registers: Registers,
    control: Control,
    is_suspended: bool,
    /// Whether the port was open when this was last looked at.
    is_open: bool,
    /// Whether the last packet was full: a transfer ends with one that is not (USB 2.0, 5.8.3).
    is_full: bool,
    /// Whether the host sent something, so that more may be there.
    is_busy: bool,
    leaving: Option<Leaving>,
    queue: &'static mut Queue<WAITING>,
}

/// Octets that wait for a host that is slow: three seconds of 2400 baud.
const WAITING: usize = 768;

impl UsbSerial {
    /// Plugs the board in. To be called once.
    pub fn attach() -> Self {
        Self {
            lamps: Lamps::start(),
            registers: Registers::attach(),
            control: Control::new(),
            is_suspended: false,
            is_open: false,
            is_full: false,
            is_busy: false,
            leaving: None,
            queue: queue(),
        }
    }

    fn follow_bus(&mut self) {
        let events = self.registers.take_events();
        if events.is_suspended && !self.is_suspended {
            self.registers.freeze();
            self.is_suspended = true;
        } else if events.is_awake && self.is_suspended {
            self.registers.wake();
            self.is_suspended = false;
        }
        if events.is_reset {
            self.registers.set_up_control();
            self.control.reset();
        }
    }

    /// A program that opens the port gets what comes from then on.
    fn follow_port(&mut self) {
        let serial = self.control.serial();
        let (was_open, is_touched) = (self.is_open, serial.is_touched());
        self.is_open = serial.is_open();
        if was_open != self.is_open {
            self.queue.clear();
            self.is_full = false;
            self.registers.forget_written();
        }
        match self.leaving.take() {
            None if is_touched => self.leaving = Some(Leaving::begin()),
            Some(leaving) if !is_touched => leaving.cancel(),
            leaving => self.leaving = leaving,
        }
    }

    fn send(&mut self) {
        let is_empty = self.queue.is_empty();
        if is_empty && !self.is_full || !self.registers.can_write() {
            return;
        }
        let count = self.queue.len().min(PACKET_OCTETS.into());
        let octets = core::iter::from_fn(|| self.queue.pop());
        self.registers.write(octets.take(count));
        self.is_full = count == usize::from(PACKET_OCTETS);
    }

    fn is_flowing(&self) -> bool {
        self.control.is_configured() && !self.is_suspended
    }
}

/// The queue, once. On the stack it would hide how much of that is used.
#[allow(unsafe_code)]
fn queue() -> &'static mut Queue<WAITING> {
    static mut QUEUE: Queue<WAITING> = Queue::new();
    // SAFETY: called once; no interrupt uses it.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    unsafe {
        &mut *(&raw mut QUEUE)
    }
}

impl Host for UsbSerial {
    fn attend(&mut self) {
        self.follow_bus();
        if self.is_suspended {
            return;
        }
        self.control.poll(&mut self.registers);
        self.follow_port();
        if self.is_flowing() {
            self.send();
        }
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
            let _ = self.queue.push(octet);
        }
    }

    /// For the octet, and for an answer behind it.
    fn has_room(&mut self) -> bool {
        self.queue.room() >= LONGEST + LONGEST_ANSWER
    }
}
