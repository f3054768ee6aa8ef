//! Changes of the bus, on the input capture pin of Timer 1: D8 of an Uno, D4 of a Leonardo, which hears D0 as well.
//!
//! The timer stamps every change; an interrupt puts the stamp into a ring, and the main loop takes it from there. So nothing
//! depends on how soon an interrupt is served, but that two changes are 10 µs apart. On D0 it does, a little: see
//! `leonardo_pins`.
//!
//! All `unsafe` here: writing a register takes any bits, and interrupts have to take the peripherals that the main loop has
//! as well. Each register that both write is written by the main loop with interrupts off.
#![allow(unsafe_code)]

use core::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use avr_device::interrupt;
use meterscope_firmware_logic::edge::{Edge, Tick};
use meterscope_firmware_logic::ring::Ring;

use crate::chip::TC1;
use crate::pins::{self, capture_level};

/// The bus, heard. A board has one of them, in a static; the image has the interrupts, which do what is said of them here.
/// It keeps up to `EDGES` changes: 64 are 6 ms of 9600 baud at least.
pub struct Bus<const EDGES: usize> {
    /// Changes of the bus, packed.
    edges: Ring<AtomicU16, EDGES>,
    /// Whether there was no room for one.
    is_lost: AtomicBool,
}

/// TCCR1B: noise canceller, rising edge, clock / 64 (328P, 15.11.2; 32U4, 14.10.3).
const ICNC1: u8 = 1 << 7;
const ICES1: u8 = 1 << 6;
const CLOCK_64: u8 = 0b011;
/// TIMSK1 and TIFR1: input capture, which is `TIMER1_CAPT`.
pub const CAPTURE: u8 = 1 << 5;
/// The same: compare A, which is `TIMER1_COMPA`.
pub const COMPARE: u8 = 1 << 1;

/// More pulses are not followed with interrupts off: a line that does so is no line.
const MOST_PULSES: u8 = 4;

impl<const EDGES: usize> Bus<EDGES> {
    /// To be [started](Self::start).
    pub const fn new() -> Self {
        Self { edges: Ring::new(), is_lost: AtomicBool::new(false) }
    }

    /// Begins to hear, as soon as interrupts are on. The pins are inputs already. `TIMER1_COMPA` comes first after so long.
    pub fn start(&self, compare: Tick) {
        pins::start();
        let is_high = capture_level();
        // The bus may be in the middle of an octet; the next change is then a rising one.
        let edge = if is_high { 0 } else { ICES1 };
        if !(pins::watch_others() && is_high) {
            self.remember(Edge { at: 0, level: false });
        }
        // SAFETY: interrupts are off; values of the data sheets.
        unsafe {
            let timer = TC1::steal();
            timer.tccr1a().write(|register| register.bits(0));
            timer.tccr1b().write(|register| register.bits(ICNC1 | edge | CLOCK_64));
            timer.ocr1a().write(|register| register.bits(compare));
            timer.tifr1().write(|register| register.bits(CAPTURE | COMPARE));
            timer.timsk1().write(|register| register.bits(CAPTURE | COMPARE));
        }
    }

    /// The oldest change that was not taken yet.
    pub fn next_edge(&self) -> Option<Edge> {
        let packed = self.edges.pop()?;
        Some(Edge::unpack(packed, now()))
    }

    /// Whether no change waits to be taken.
    pub fn is_quiet(&self) -> bool {
        self.edges.is_empty()
    }

    /// Now and the level of the bus, unless a change of it waits to be taken; and whether changes were lost before.
    /// The next change is then waited for anew, which forgets one that has come: it is one look, so that none comes between.
    /// Nothing as well as long as changes were lost and the bus does not keep still: that is for the next time.
    pub fn line_without_edges(&self) -> Option<(Edge, bool)> {
        interrupt::free(|_| {
            // SAFETY: the interrupts that use the timer are off.
            let timer = unsafe { TC1::steal() };
            if !self.edges.is_empty() || timer.tifr1().read().bits() & CAPTURE != 0 {
                return None;
            }
            let mut level = capture_level();
            let is_lost = self.is_lost.load(Ordering::Relaxed);
            if is_lost {
                level = wait_for_change(level, &timer)? & pins::watch_others();
                self.is_lost.store(false, Ordering::Relaxed);
            }
            Some((Edge { at: timer.tcnt1().read().bits(), level }, is_lost))
        })
    }

    /// `TIMER1_CAPT`: the bus changed. Uses timer 1 and reads the port.
    #[inline]
    pub fn captured(&self) {
        // SAFETY: interrupts that use the timer do not come now.
        let timer = unsafe { TC1::steal() };
        let mut edge =
            Edge { at: timer.icr1().read().bits(), level: timer.tccr1b().read().bits() & ICES1 != 0 };
        // Pulses shorter than this interrupt end before their end is waited for, and so may those behind them.
        for _ in 0..MOST_PULSES {
            self.remember(edge);
            wait_for(!edge.level, &timer);
            let level = capture_level();
            if level == edge.level {
                return;
            }
            edge = Edge { at: timer.tcnt1().read().bits(), level };
        }
        self.is_lost.store(true, Ordering::Relaxed);
    }

    pub(crate) fn remember(&self, edge: Edge) {
        if !self.edges.push(edge.pack()) {
            self.is_lost.store(true, Ordering::Relaxed);
        }
    }
}

impl<const EDGES: usize> Default for Bus<EDGES> {
    fn default() -> Self {
        Self::new()
    }
}

/// The clock of the changes.
pub fn now() -> Tick {
    // With interrupts off: they read 16-bit registers of the timer too, through one shared octet (15.3; 14.3).
    // SAFETY: the register is only read.
    interrupt::free(|_| unsafe { TC1::steal() }.tcnt1().read().bits())
}

/// With interrupts off: the next change that the timer stamps is one to this level.
#[inline]
fn wait_for(level: bool, timer: &TC1) {
    let edge = if level { ICES1 } else { 0 };
    // SAFETY: bits of the data sheets. A change of the edge sets the flag (15.6.3; 14.6.3).
    unsafe {
        timer.tccr1b().write(|register| register.bits(ICNC1 | edge | CLOCK_64));
        timer.tifr1().write(|register| register.bits(CAPTURE));
    }
}

/// With interrupts off: the next change that the timer stamps is one from the level that the bus has by then; it was this one
/// before. None of a bus that changes all the time.
#[inline]
fn wait_for_change(mut level: bool, timer: &TC1) -> Option<bool> {
    for _ in 0..MOST_PULSES {
        wait_for(!level, timer);
        // A change that came before the flag was cleared has no stamp, and another one is to be waited for.
        if capture_level() == level {
            return Some(level);
        }
        level = !level;
    }
    None
}
