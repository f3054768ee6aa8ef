//! The Uno's pin for the bus: D8 (ICP1, PB0).
#![allow(unsafe_code)]

use meterscope_firmware_logic::edge::Tick;

use crate::chip::PORTB;

/// The timer stamps the edges.
pub const LATE_TICKS: Tick = 0;

/// PB0.
const D8: u8 = 1 << 0;

/// The shield drives the pin: nothing is to be done for it.
pub fn start() {}

/// The level of the pin that the timer watches.
pub fn capture_level() -> bool {
    // SAFETY: the register is only read.
    unsafe { PORTB::steal() }.pinb().read().bits() & D8 != 0
}

/// The level of the others, which are watched from now on. There are none, so it is that of rest.
pub fn watch_others() -> bool {
    true
}
