//! A ring buffer for one writer and one reader, of which either may be an interrupt.

use core::sync::atomic::{AtomicU8, AtomicU16, Ordering};

/// Holds up to `CAPACITY` values: a power of two, 128 at most.
#[derive(Debug)]
pub struct Ring<S, const CAPACITY: usize> {
    slots: [S; CAPACITY],
    /// Both run on and wrap; their difference is how many values are in.
    written: AtomicU8,
    read: AtomicU8,
}

/// An atomic that a ring is made of.
pub trait Slot {
    /// What it holds.
    type Value: Copy;
    /// A slot that nothing was written to.
    const EMPTY: Self;
    /// Reads it.
    fn load(&self) -> Self::Value;
    /// Writes it.
    fn store(&self, value: Self::Value);
}

impl<S: Slot, const CAPACITY: usize> Ring<S, CAPACITY> {
    const MASK: u8 = {
        assert!(CAPACITY.is_power_of_two() && CAPACITY <= 128, "the indices are octets that wrap");
        CAPACITY as u8 - 1
    };

    /// An empty ring.
    pub const fn new() -> Self {
        Self { slots: [const { S::EMPTY }; CAPACITY], written: AtomicU8::new(0), read: AtomicU8::new(0) }
    }

    /// Whether there is room was not so if this is false: the value is not in the ring. For the writer only.
    #[inline]
    #[must_use]
    pub fn push(&self, value: S::Value) -> bool {
        let written = self.written.load(Ordering::Relaxed);
        if written.wrapping_sub(self.read.load(Ordering::Acquire)) as usize >= CAPACITY {
            return false;
        }
        if let Some(slot) = self.slots.get((written & Self::MASK) as usize) {
            slot.store(value);
        }
        self.written.store(written.wrapping_add(1), Ordering::Release);
        true
    }

    /// The oldest value. For the reader only.
    #[inline]
    pub fn pop(&self) -> Option<S::Value> {
        let read = self.read.load(Ordering::Relaxed);
        if read == self.written.load(Ordering::Acquire) {
            return None;
        }
        let value = self.slots.get((read & Self::MASK) as usize).map(Slot::load);
        self.read.store(read.wrapping_add(1), Ordering::Release);
        value
    }

    /// How many values are in.
    pub fn len(&self) -> u8 {
        self.written.load(Ordering::Acquire).wrapping_sub(self.read.load(Ordering::Acquire))
    }

    /// Whether there is nothing to read.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<S: Slot, const CAPACITY: usize> Default for Ring<S, CAPACITY> {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! slot {
    ($atomic:ty, $value:ty) => {
        impl Slot for $atomic {
            type Value = $value;
            // Every use is a slot of its own; nothing is written to the constant.
            #[allow(clippy::declare_interior_mutable_const)]
            const EMPTY: Self = Self::new(0);

            #[inline]
            fn load(&self) -> $value {
                self.load(Ordering::Relaxed)
            }

            #[inline]
            fn store(&self, value: $value) {
                self.store(value, Ordering::Relaxed);
            }
        }
    };
}

slot!(AtomicU8, u8);
slot!(AtomicU16, u16);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;
    use std::thread;

    proptest! {
        #[test]
        fn it_is_a_bounded_queue(steps in prop::collection::vec(any::<Option<u16>>(), 0..600)) {
            let ring = Ring::<AtomicU16, 8>::new();
            let mut queue = VecDeque::new();
            for step in steps {
                if let Some(value) = step {
                    let has_room = queue.len() < 8;
                    prop_assert_eq!(ring.push(value), has_room);
                    if has_room {
                        queue.push_back(value);
                    }
                } else {
                    prop_assert_eq!(ring.pop(), queue.pop_front());
                }
                prop_assert_eq!(usize::from(ring.len()), queue.len());
            }
        }
    }

    #[test]
    fn nothing_is_lost_between_two_threads() {
        static RING: Ring<AtomicU8, 128> = Ring::new();
        const COUNT: u32 = 100_000;
        let writer = thread::spawn(|| {
            for number in 0..COUNT {
                while !RING.push(number as u8) {
                    thread::yield_now();
                }
            }
        });
        for number in 0..COUNT {
            let value = loop {
                match RING.pop() {
                    Some(value) => break value,
                    None => thread::yield_now(),
                }
            };
            assert_eq!(value, number as u8);
        }
        writer.join().unwrap();
        assert!(RING.is_empty());
    }
}
