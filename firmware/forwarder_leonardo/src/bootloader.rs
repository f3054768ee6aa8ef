//! How a sketch asks the bootloader of a Leonardo to stay (Caterina): a key in RAM, and a reset by the watchdog.
#![allow(unsafe_code)]

use core::ptr;

use meterscope_board::watchdog::{self, Patience};

/// The key, and where the bootloaders look for it: those that were delivered at first, and those behind them. The latter
/// place is that of the return address of `main`, which does not return; the former lies between variables and stack.
const KEY: u16 = 0x7777;
const PLACES: [usize; 2] = [0x0800, 0x0AFE];

/// A board whose watchdog will not be fed any more, unless the host thinks better of it.
pub struct Leaving {
    before: [u16; 2],
}

impl Leaving {
    /// Writes the key. The reset comes in 0.125 s: systems drop the control lines more than once while they open a port.
    pub fn begin() -> Self {
        // SAFETY: addresses of the RAM (Atmel-7766J, 5.2) where this image has nothing that it needs.
        let before = PLACES.map(|place| unsafe { ptr::replace(place as *mut u16, KEY) });
        watchdog::start(Patience::EighthOfASecond);
        Self { before }
    }

    /// The host opened the port again.
    pub fn cancel(self) {
        for (place, before) in PLACES.into_iter().zip(self.before) {
            // SAFETY: as above.
            unsafe { ptr::write(place as *mut u16, before) };
        }
        watchdog::start(Patience::HalfASecond);
    }
}
