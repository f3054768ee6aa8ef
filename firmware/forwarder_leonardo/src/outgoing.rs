//! What waits for the host to read it.

use meterscope_firmware_logic::queue::Queue;
use meterscope_usb_cdc::descriptors::PACKET_OCTETS;

use crate::registers::Registers;

/// Octets for the host, and how the last packet was.
pub struct Outgoing {
    octets: Queue<WAITING>,
    /// Whether it was full: a transfer ends with one that is not (USB 2.0, 5.8.3).
    is_full: bool,
}

/// Three seconds of 2400 baud.
const WAITING: usize = 768;

/// All of it, once. On the stack it would hide how much of that is used.
#[allow(unsafe_code)]
pub fn outgoing() -> &'static mut Outgoing {
    static mut OUTGOING: Outgoing = Outgoing { octets: Queue::new(), is_full: false };
    // SAFETY: called once; no interrupt uses it.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    unsafe {
        &mut *(&raw mut OUTGOING)
    }
}

impl Outgoing {
    /// How many octets there is room for.
    pub const fn room(&self) -> usize {
        self.octets.room()
    }

    /// Takes an octet, for which there is room.
    pub fn push(&mut self, octet: u8) {
        let _ = self.octets.push(octet);
    }

    /// Forgets everything.
    pub const fn clear(&mut self) {
        self.octets.clear();
        self.is_full = false;
    }

    /// Gives a packet to the host, if there is something to give and room for it.
    pub fn send(&mut self, registers: &mut Registers) {
        if self.octets.is_empty() && !self.is_full || !registers.can_write() {
            return;
        }
        let count = self.octets.len().min(PACKET_OCTETS.into());
        registers.write(core::iter::from_fn(|| self.octets.pop()).take(count));
        self.is_full = count == usize::from(PACKET_OCTETS);
    }
}
