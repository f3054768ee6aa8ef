//! What simavr keeps pointers to.
#![allow(unsafe_code)]

/// A value that stays where it is. simavr has a pointer to it, through which a callback changes it while the simulation runs;
/// else it is reached through this. A `Box` would say that nobody else has it, and end what the pointer may do whenever it is
/// moved or used.
pub struct Kept<T>(*mut T);

impl<T> Kept<T> {
    /// Keeps a value as long as this lives.
    pub fn new(value: T) -> Self {
        Self(Box::into_raw(Box::new(value)))
    }

    /// For simavr, for as long as this lives.
    pub const fn pointer(&self) -> *mut T {
        self.0
    }

    /// The value, while the simulation does not run.
    pub const fn get(&mut self) -> &mut T {
        // SAFETY: it lives. simavr changes it only while it runs, and what it is called for meanwhile does not lead back here.
        unsafe { &mut *self.0 }
    }
}

impl<T> Drop for Kept<T> {
    fn drop(&mut self) {
        // SAFETY: it came from a box. The simulation has ended.
        drop(unsafe { Box::from_raw(self.0) });
    }
}
