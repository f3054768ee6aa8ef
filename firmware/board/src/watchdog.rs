//! Starts the board again when the main loop hangs.
#![allow(unsafe_code)]

use avr_device::{asm, interrupt};

use crate::chip::WDT;

/// WDTCSR: change enable, and reset (328P, 10.9.2; 32U4, 8.3.3).
const WDCE_WDE: u8 = 1 << 4 | 1 << 3;
const WDE: u8 = 1 << 3;

/// How long the main loop may be away.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub enum Patience {
    /// 0.125 s.
    EighthOfASecond = 0b011,
    /// 0.5 s.
    HalfASecond = 0b101,
}

/// Starts it, or gives it another patience.
pub fn start(patience: Patience) {
    // SAFETY: nothing else writes this register.
    let watchdog = unsafe { WDT::steal() };
    interrupt::free(|_| {
        asm::wdr();
        // SAFETY: the timed sequence of the data sheets; no interrupt comes between.
        watchdog.wdtcsr().write(|register| unsafe { register.bits(WDCE_WDE) });
        watchdog.wdtcsr().write(|register| unsafe { register.bits(WDE | patience as u8) });
        // The new time counts from here on.
        asm::wdr();
    });
}

/// The main loop is still there.
pub fn reset() {
    asm::wdr();
}
