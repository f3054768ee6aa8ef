//! What is put on a chip's pins from outside: levels, and lines that go on.
#![allow(unsafe_code)]

use std::collections::{BTreeMap, VecDeque};
use std::ffi::c_void;

use simavr_ffi as ffi;

use crate::core::name;
use crate::kept::Kept;
use crate::outputs::CycleEdge;
use crate::pin::Pin;

/// All pins of a chip that something drives. The chip is to be ended first.
pub struct Inputs {
    avr: *mut ffi::avr_t,
    outside: Kept<Outside>,
    driven: BTreeMap<Pin, Kept<Driven>>,
}

/// What drives pins from outside: ports with mask and levels.
struct Outside {
    avr: *mut ffi::avr_t,
    ports: BTreeMap<char, (u8, u8)>,
}

/// An input with what is still to come on it.
struct Driven {
    outside: *mut Outside,
    pin: Pin,
    irq: *mut ffi::avr_irq_t,
    edges: VecDeque<CycleEdge>,
}

impl Inputs {
    /// Nothing drives a pin.
    pub fn of(avr: *mut ffi::avr_t) -> Self {
        let outside = Kept::new(Outside { avr, ports: BTreeMap::new() });
        Self { avr, outside, driven: BTreeMap::new() }
    }

    /// Puts a level on a pin now, which simavr knows by `irq`.
    pub fn drive(&mut self, pin: Pin, irq: *mut ffi::avr_irq_t, level: bool) {
        self.outside.get().drive(pin, irq, level);
    }

    /// What is still to come on a pin is left out.
    pub fn clear(&mut self, pin: Pin) {
        if let Some(driven) = self.driven.get_mut(&pin) {
            driven.get().edges.clear();
        }
    }

    /// Adds what comes on a pin, in its order, behind what is still to come.
    pub fn feed(
        &mut self,
        pin: Pin,
        irq: *mut ffi::avr_irq_t,
        now: u64,
        edges: impl IntoIterator<Item = CycleEdge>,
    ) {
        let outside = self.outside.pointer();
        let new = || Kept::new(Driven { outside, pin, irq, edges: VecDeque::new() });
        let driven = self.driven.entry(pin).or_insert_with(new);
        let waiting = &mut driven.get().edges;
        waiting.extend(edges);
        let Some(&(first, _)) = waiting.front() else { return };
        let after = first.saturating_sub(now).max(1);
        // SAFETY: the parameter outlives the simulation. Registering again replaces what was registered.
        unsafe {
            ffi::avr_cycle_timer_register(self.avr, after, Some(next_edges), driven.pointer().cast());
        }
    }
}

impl Outside {
    /// simavr takes a pull-up for stronger than an input's level, unless it knows of something outside.
    fn drive(&mut self, pin: Pin, irq: *mut ffi::avr_irq_t, level: bool) {
        let (mask, levels) = self.ports.entry(pin.port).or_default();
        *mask |= pin.mask();
        *levels = if level { *levels | pin.mask() } else { *levels & !pin.mask() };
        // SAFETY: zeros are a value of the structure; the pin is one of this chip.
        unsafe {
            let mut outside: ffi::avr_ioport_external_t = std::mem::zeroed();
            outside.set_name(pin.port_octet().into());
            outside.set_mask((*mask).into());
            outside.set_value((*levels).into());
            ffi::avr_ioctl(self.avr, name(*b"iop", pin.port_octet()), (&raw mut outside).cast());
            ffi::avr_raise_irq(irq, level.into());
        }
    }
}

/// Puts all edges on a pin that are due; the cycle of the next one.
unsafe extern "C" fn next_edges(_: *mut ffi::avr_t, when: u64, parameter: *mut c_void) -> u64 {
    // SAFETY: what was registered.
    let driven = unsafe { &mut *parameter.cast::<Driven>() };
    while let Some(&(cycle, level)) = driven.edges.front() {
        if cycle > when {
            return cycle;
        }
        driven.edges.pop_front();
        // SAFETY: it outlives the simulation, and nobody else has it while that runs.
        unsafe { &mut *driven.outside }.drive(driven.pin, driven.irq, level);
    }
    0
}
