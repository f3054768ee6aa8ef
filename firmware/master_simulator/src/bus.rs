//! The bus on D9: timer 1 (`ATmega328P` data sheet DS40002061B, 15).
//!
//! All of timer 1 is here. The main loop touches it with interrupts off.

use core::sync::atomic::AtomicU8;

use avr_device::atmega328p::TC1;
use avr_device::interrupt;
use meterscope_firmware_logic::ring::Ring;
use meterscope_firmware_logic::transmitter::{Bit, BitClock, Signal, Transmitter};

/// Octets for the bus: 33 ms of 9600 baud, in which the main loop is back with more.
static TO_BUS: Ring<AtomicU8, ROOM> = Ring::new();
const ROOM: usize = 32;

const CYCLES_PER_SECOND: u32 = 16_000_000;

/// TCCR1A: OC1A becomes low or high with a match (15.11.1).
const BECOMES_LOW: u8 = 0b10 << 6;
const BECOMES_HIGH: u8 = 0b11 << 6;
/// TCCR1B: clock / 1.
const CLOCK_1: u8 = 0b001;
/// TCCR1C: as a match, now.
const FOC1A: u8 = 1 << 7;
/// TIMSK1 and TIFR1: compare A.
const OCF1A: u8 = 1 << 1;

/// From the start of sending to the first edge: enough to set it up.
const LEAD_CYCLES: u16 = 400;

/// Lets the line rest high, with interrupts off. D9 becomes an output only then.
pub fn start() {
    let timer = timer();
    // SAFETY: values of 15.11.
    unsafe {
        timer.tccr1a().write(|register| register.bits(BECOMES_HIGH));
        timer.tccr1c().write(|register| register.bits(FOC1A));
        timer.tccr1b().write(|register| register.bits(CLOCK_1));
    }
}

/// Whether there is room for an octet.
pub fn has_room() -> bool {
    usize::from(TO_BUS.len()) < ROOM
}

/// Whether it is time for more octets.
pub fn is_running_out() -> bool {
    usize::from(TO_BUS.len()) < ROOM / 2
}

/// Sends an octet, for which there must be room.
pub fn send(octet: u8) {
    let _ = TO_BUS.push(octet);
    wake();
}

/// Sets the bus, if all octets are sent and it rests. A square wave ends soon, if this is called again.
pub fn set(signal: Signal) -> bool {
    let Some(clock) = BitClock::new(CYCLES_PER_SECOND, signal.baud()) else { return false };
    let is_set = interrupt::free(|_| {
        // SAFETY: interrupts are off.
        let transmitter = unsafe { transmitter() };
        if is_sending() {
            transmitter.end_square();
            return false;
        }
        if TO_BUS.is_empty() {
            transmitter.set(signal, clock);
            return true;
        }
        false
    });
    if is_set && matches!(signal, Signal::Square(_)) {
        wake();
    }
    is_set
}

/// Begins to send unless that is going on.
fn wake() {
    interrupt::free(|_| {
        if is_sending() {
            return;
        }
        // SAFETY: interrupts are off.
        let Some(bit) = unsafe { transmitter() }.next_bit(|| TO_BUS.pop()) else { return };
        let timer = timer();
        let first = timer.tcnt1().read().bits().wrapping_add(LEAD_CYCLES);
        change_at(&timer, first, bit.level);
        // SAFETY: bits of 15.11.8 and 15.11.9.
        unsafe {
            timer.tifr1().write(|register| register.bits(OCF1A));
            timer.timsk1().write(|register| register.bits(OCF1A));
        }
    });
}

/// With interrupts off.
fn is_sending() -> bool {
    timer().timsk1().read().bits() & OCF1A != 0
}

fn timer() -> TC1 {
    // SAFETY: with interrupts off nobody else has it, as the head of this file says.
    unsafe { TC1::steal() }
}

/// # Safety
///
/// Interrupts are off, and it is given back before they come.
unsafe fn transmitter() -> &'static mut Transmitter {
    static mut TRANSMITTER: Transmitter = match Transmitter::new(CYCLES_PER_SECOND) {
        Some(transmitter) => transmitter,
        None => panic!("a timer of 16 bits counts 2400 baud"),
    };
    // SAFETY: as the caller says.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    unsafe {
        &mut *(&raw mut TRANSMITTER)
    }
}

#[inline]
fn change_at(timer: &TC1, at: u16, level: bool) {
    // SAFETY: values of 15.11.
    unsafe {
        timer.ocr1a().write(|register| register.bits(at));
        timer.tccr1a().write(|register| register.bits(if level { BECOMES_HIGH } else { BECOMES_LOW }));
    }
}

// A bit began: says what comes behind it.
#[avr_device::interrupt(atmega328p)]
fn TIMER1_COMPA() {
    let timer = timer();
    // SAFETY: interrupts do not nest.
    match unsafe { transmitter() }.next_bit(|| TO_BUS.pop()) {
        Some(Bit { level, after_cycles }) => {
            let at = timer.ocr1a().read().bits().wrapping_add(after_cycles);
            change_at(&timer, at, level);
        }
        // SAFETY: bits of 15.11.8. The line stays high with each match to come.
        None => {
            timer.timsk1().write(|register| unsafe { register.bits(0) });
        }
    }
}
