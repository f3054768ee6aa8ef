//! Changes of the bus, on the input capture pin of Timer 1: D8 of an Uno, D4 of a Leonardo.
//!
//! The timer stamps every change; an interrupt puts the stamp into a ring, and the main loop takes it from there. So nothing
//! depends on how soon an interrupt is served, but that two changes are 10 µs apart.
//!
//! All `unsafe` here: writing a register takes any bits, and interrupts have to take the peripherals that the main loop has
//! as well. Each register that both write is written by the main loop with interrupts off.
#![allow(unsafe_code)]

use core::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use avr_device::interrupt;
use meterscope_firmware_logic::edge::{Edge, Tick};
use meterscope_firmware_logic::ring::Ring;

use crate::chip::{Peripherals, TC1};

/// The bus, heard.
pub struct Bus(Peripherals);

/// Changes of the bus, packed: 13 ms of 9600 baud at least.
static EDGES: Ring<AtomicU16, 128> = Ring::new();
/// Whether there was no room for one.
static LOST: AtomicBool = AtomicBool::new(false);

/// PB0 and PD4.
const PIN: u8 = if cfg!(feature = "atmega328p") { 1 << 0 } else { 1 << 4 };

/// TCCR1B: noise canceller, rising edge, clock / 64 (328P, 15.11.2; 32U4, 14.10.3).
const ICNC1: u8 = 1 << 7;
const ICES1: u8 = 1 << 6;
const CLOCK_64: u8 = 0b011;
/// TIMSK1 and TIFR1: input capture, compare A.
const ICF1: u8 = 1 << 5;
const OCF1A: u8 = 1 << 1;

/// More pulses in one interrupt are not followed: a line that does so is no line.
const MOST_PULSES: u8 = 4;

/// The main loop runs at least so often, in ticks: every 8 ms. The last octet of a frame waits for it.
const NAP: Tick = 2048;

impl Bus {
    /// Begins to hear, as soon as interrupts are on. The pin is an input already.
    pub fn start() -> Self {
        // SAFETY: the interrupts below touch what their comments say.
        let bus = Self(unsafe { Peripherals::steal() });
        let timer = &bus.0.TC1;
        let level = pin_level(&bus.0);
        // The bus may be in the middle of an octet; the next change is then a rising one.
        let edge = if level { 0 } else { ICES1 };
        if !level {
            remember(Edge { at: 0, level });
        }
        // SAFETY: values of the data sheets.
        unsafe {
            timer.tccr1a().write(|register| register.bits(0));
            timer.tccr1b().write(|register| register.bits(ICNC1 | edge | CLOCK_64));
            timer.ocr1a().write(|register| register.bits(NAP));
            timer.tifr1().write(|register| register.bits(ICF1 | OCF1A));
            timer.timsk1().write(|register| register.bits(ICF1 | OCF1A));
        }
        bus
    }

    /// The oldest change that was not taken yet.
    pub fn next_edge(&self) -> Option<Edge> {
        let packed = EDGES.pop()?;
        Some(Edge::unpack(packed, interrupt::free(|_| self.now())))
    }

    /// Whether no change waits to be taken.
    pub fn is_quiet(&self) -> bool {
        EDGES.is_empty()
    }

    /// Now and the level of the bus, unless a change of it waits to be taken; and whether changes were lost before.
    /// The next change is then waited for anew, which forgets one that has come: it is one look, so that none comes between.
    pub fn line_without_edges(&self) -> Option<(Edge, bool)> {
        interrupt::free(|_| {
            let timer = &self.0.TC1;
            if !EDGES.is_empty() || timer.tifr1().read().bits() & ICF1 != 0 {
                return None;
            }
            let mut level = pin_level(&self.0);
            let is_lost = LOST.load(Ordering::Relaxed);
            if is_lost {
                LOST.store(false, Ordering::Relaxed);
                // A change that came before the flag was cleared has no stamp, and another one is to be waited for.
                while wait_for_change_from(level, &self.0) {
                    level = !level;
                }
            }
            Some((Edge { at: self.now(), level }, is_lost))
        })
    }

    /// With interrupts off: the interrupts read 16-bit registers of the timer too, through one shared octet (15.3; 14.3).
    fn now(&self) -> Tick {
        self.0.TC1.tcnt1().read().bits()
    }
}

fn pin_level(peripherals: &Peripherals) -> bool {
    #[cfg(feature = "atmega328p")]
    let port = peripherals.PORTB.pinb().read().bits();
    #[cfg(not(feature = "atmega328p"))]
    let port = peripherals.PORTD.pind().read().bits();
    port & PIN != 0
}

fn remember(edge: Edge) {
    if !EDGES.push(edge.pack()) {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// With interrupts off: the next change that the timer stamps is one to this level.
#[inline]
fn wait_for(level: bool, timer: &TC1) {
    let edge = if level { ICES1 } else { 0 };
    // SAFETY: bits of the data sheets. A change of the edge sets the flag (15.6.3; 14.6.3).
    unsafe {
        timer.tccr1b().write(|register| register.bits(ICNC1 | edge | CLOCK_64));
        timer.tifr1().write(|register| register.bits(ICF1));
    }
}

/// With interrupts off: the next change that the timer stamps is one from this level. Whether the bus has the other one by
/// then.
#[inline]
fn wait_for_change_from(level: bool, peripherals: &Peripherals) -> bool {
    wait_for(!level, &peripherals.TC1);
    pin_level(peripherals) != level
}

/// By their names, which the table of vectors has.
mod interrupts {
    use super::{Edge, ICES1, LOST, MOST_PULSES, NAP, Ordering, Peripherals, pin_level, remember, wait_for};

    // The bus changed. Uses timer 1 and reads the port.
    #[cfg_attr(feature = "atmega328p", avr_device::interrupt(atmega328p))]
    #[cfg_attr(not(feature = "atmega328p"), avr_device::interrupt(atmega32u4))]
    fn TIMER1_CAPT() {
        // SAFETY: interrupts do not nest.
        let peripherals = unsafe { Peripherals::steal() };
        let timer = &peripherals.TC1;
        let mut edge =
            Edge { at: timer.icr1().read().bits(), level: timer.tccr1b().read().bits() & ICES1 != 0 };
        // Pulses shorter than this interrupt end before their end is waited for, and so may those behind them.
        for _ in 0..MOST_PULSES {
            remember(edge);
            wait_for(!edge.level, timer);
            let level = pin_level(&peripherals);
            if level == edge.level {
                return;
            }
            edge = Edge { at: timer.tcnt1().read().bits(), level };
        }
        LOST.store(true, Ordering::Relaxed);
    }

    // Wakes the main loop. Uses timer 1.
    #[cfg_attr(feature = "atmega328p", avr_device::interrupt(atmega328p))]
    #[cfg_attr(not(feature = "atmega328p"), avr_device::interrupt(atmega32u4))]
    fn TIMER1_COMPA() {
        // SAFETY: interrupts do not nest; the main loop leaves this register alone.
        let timer = unsafe { Peripherals::steal() }.TC1;
        let next = timer.ocr1a().read().bits().wrapping_add(NAP);
        // SAFETY: any moment is right.
        timer.ocr1a().write(|register| unsafe { register.bits(next) });
    }
}
