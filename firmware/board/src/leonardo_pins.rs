//! The Leonardo's pins for the bus: D4 (ICP1, PD4) and D0 (RXD1, INT2, PD2). A shunt on the shield joins one of them to it.
//!
//! Both are heard all the time, so nobody has to say which one it is: the other rests, held by its pull-up, and a line at
//! rest adds nothing.
//!
//! D0 has no input capture. An interrupt for each change reads the timer instead, and of all interrupts it comes first: its
//! stamps are late by the longest time without any, and its own way to the timer, which together are less than 8 µs. The
//! latter is always the same; the former is there or not, so a pulse may seem longer than it is, or shorter. UART1
//! stays off. It would have to know speed and format before it hears anything, and has no edges and no times, by which those
//! are found.
#![allow(unsafe_code)]

use core::sync::atomic::{AtomicBool, Ordering};

use meterscope_firmware_logic::edge::{Edge, Tick};

use crate::bus::Bus;
use crate::chip::{EXINT, PORTD, TC1};

/// How much later the stamp of one edge on D0 may be than that of another: read from the image, some 4 µs. The hold has 2 µs
/// to spare without this; each tick more costs what a sender's clock may be wrong by at 4800 baud.
pub const LATE_TICKS: Tick = 1;

/// PD4 and PD2.
const D4: u8 = 1 << 4;
const D0: u8 = 1 << 2;
/// What has to stand in PORTD, beside other pins, so that one that nothing drives rests.
pub const PULL_UPS: u8 = D4 | D0;
/// They take so many cycles for what hangs on a pin: 10 µs.
const PULL_UP_CYCLES: u32 = 160;

/// EICRA: any edge of INT2. EIFR and EIMSK: INT2 (11.1).
const ISC20: u8 = 1 << 4;
const INT2: u8 = 1 << 2;

/// Whether D0 was low when it was looked at last.
static D0_IS_LOW: AtomicBool = AtomicBool::new(false);

/// Sets up the pins, with interrupts off.
pub fn start() {
    // SAFETY: the lamps have port D as well, and write it in the main loop as this does; the pull-ups stand in what they
    // write, and the lamp is out until then. Nobody has EXINT. Any bits are right for a port, the others are as said above.
    unsafe {
        PORTD::steal().portd().write(|port| port.bits(PULL_UPS));
        avr_device::asm::delay_cycles(PULL_UP_CYCLES);
        let interrupt = EXINT::steal();
        interrupt.eicra().write(|register| register.bits(ISC20));
        interrupt.eifr().write(|register| register.bits(INT2));
        interrupt.eimsk().write(|register| register.bits(INT2));
    }
}

/// The level of the pin that the timer watches.
pub fn capture_level() -> bool {
    levels() & D4 != 0
}

/// The level of the other, which is watched from now on. With interrupts off.
pub fn watch_others() -> bool {
    let is_high = levels() & D0 != 0;
    D0_IS_LOW.store(!is_high, Ordering::Relaxed);
    is_high
}

impl<const EDGES: usize> Bus<EDGES> {
    /// `INT2`: D0 changed. Reads timer 1 and the port.
    #[inline]
    pub fn d0_changed(&self) {
        // SAFETY: interrupts that use the timer do not come now.
        let at = unsafe { TC1::steal() }.tcnt1().read().bits();
        let level = levels() & D0 != 0;
        // A pulse that is shorter than the way to here is over: nothing has changed.
        if level == D0_IS_LOW.load(Ordering::Relaxed) {
            D0_IS_LOW.store(!level, Ordering::Relaxed);
            self.remember(Edge { at, level });
        }
    }
}

fn levels() -> u8 {
    // SAFETY: the register is only read.
    unsafe { PORTD::steal() }.pind().read().bits()
}
