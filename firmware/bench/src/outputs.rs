//! What a chip does with its pins.
#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::ffi::c_void;

use simavr_ffi as ffi;

use crate::kept::Kept;
use crate::pin::Pin;

/// A change of a pin.
pub type CycleEdge = (u64, bool);

/// All pins of a chip that are watched. The chip is to be ended first.
pub struct Outputs {
    avr: *mut ffi::avr_t,
    watched: BTreeMap<Pin, Kept<Watched>>,
}

/// An output with what has been seen of it.
struct Watched {
    avr: *mut ffi::avr_t,
    level: Option<bool>,
    edges: Vec<CycleEdge>,
}

impl Outputs {
    /// None is watched.
    pub const fn of(avr: *mut ffi::avr_t) -> Self {
        Self { avr, watched: BTreeMap::new() }
    }

    /// Begins to record the changes of a pin, which simavr tells by `irq`, unless that is done already.
    pub fn watch(&mut self, pin: Pin, irq: *mut ffi::avr_irq_t) {
        if self.watched.contains_key(&pin) {
            return;
        }
        let watched = Kept::new(Watched { avr: self.avr, level: None, edges: Vec::new() });
        // SAFETY: the parameter outlives the simulation.
        unsafe { ffi::avr_irq_register_notify(irq, Some(pin_changed), watched.pointer().cast()) };
        self.watched.insert(pin, watched);
    }

    /// The changes of a watched pin since this was last asked.
    pub fn take(&mut self, pin: Pin) -> Vec<CycleEdge> {
        self.watched.get_mut(&pin).map_or_else(Vec::new, |watched| std::mem::take(&mut watched.get().edges))
    }
}

/// simavr sets further bits for an output.
unsafe extern "C" fn pin_changed(_: *mut ffi::avr_irq_t, value: u32, parameter: *mut c_void) {
    // SAFETY: what was registered; the simulation is running.
    let (watched, cycle) = unsafe {
        let watched = &mut *parameter.cast::<Watched>();
        let cycle = (*watched.avr).cycle;
        (watched, cycle)
    };
    let level = value & 1 != 0;
    if watched.level.replace(level) != Some(level) {
        watched.edges.push((cycle, level));
    }
}
