//! Sleep, in which the timers and the serial port go on.
#![allow(unsafe_code)]

use core::arch::asm;

use avr_device::interrupt;

use crate::chip::CPU;

/// SMCR: idle, sleep enabled (328P, 9.11.1; 32U4, 7.11.1).
const SLEEP_IDLE: u8 = 1;

/// To be called before the first sleep.
pub fn start() {
    // SAFETY: nobody else writes this register.
    unsafe { CPU::steal() }.smcr().write(|register| unsafe { register.bits(SLEEP_IDLE) });
}

/// Sleeps until an interrupt comes, unless there is something to do; whether it slept. Interrupts are on before and after.
pub fn sleep_if(is_idle: impl FnOnce() -> bool) -> bool {
    interrupt::disable();
    let is_idle = is_idle();
    // The instruction behind SEI runs before any interrupt (7.7.1): if that is the sleep, none comes between the question
    // and it. The compiler is not to put anything there.
    // SAFETY: interrupts were on before.
    unsafe {
        if is_idle {
            asm!("sei", "sleep");
        } else {
            interrupt::enable();
        }
    }
    is_idle
}
