//! A queue for the main loop alone, longer than a [`Ring`](crate::ring::Ring).

/// Holds up to `CAPACITY` octets.
#[derive(Debug)]
pub struct Queue<const CAPACITY: usize> {
    octets: [u8; CAPACITY],
    /// Where the oldest one is.
    first: u16,
    length: u16,
}

impl<const CAPACITY: usize> Queue<CAPACITY> {
    const FITS: () = assert!(CAPACITY <= u16::MAX as usize / 2, "places have sixteen bits");

    /// An empty queue.
    pub const fn new() -> Self {
        let () = Self::FITS;
        Self { octets: [0; CAPACITY], first: 0, length: 0 }
    }

    /// Whether there was room for an octet, which is then in.
    #[must_use]
    pub fn push(&mut self, octet: u8) -> bool {
        let has_room = self.room() > 0;
        if has_room
            && let Some(slot) = self.octets.get_mut(usize::from(Self::wrapped(self.first + self.length)))
        {
            *slot = octet;
            self.length += 1;
        }
        has_room
    }

    /// The oldest octet.
    pub fn pop(&mut self) -> Option<u8> {
        self.length = self.length.checked_sub(1)?;
        let octet = self.octets.get(usize::from(self.first)).copied();
        self.first = Self::wrapped(self.first + 1);
        octet
    }

    /// How many octets are in.
    pub const fn len(&self) -> usize {
        self.length as usize
    }

    /// How many more would fit.
    pub const fn room(&self) -> usize {
        CAPACITY - self.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Forgets all.
    pub const fn clear(&mut self) {
        self.length = 0;
    }

    /// Without a division, which is large on an AVR.
    const fn wrapped(place: u16) -> u16 {
        let capacity = CAPACITY as u16;
        if place >= capacity { place - capacity } else { place }
    }
}

impl<const CAPACITY: usize> Default for Queue<CAPACITY> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    proptest! {
        #[test]
        fn it_is_a_bounded_queue(steps in prop::collection::vec(any::<Option<u8>>(), 0..600)) {
            let mut queue = Queue::<7>::new();
            let mut model = VecDeque::new();
            for step in steps {
                if let Some(octet) = step {
                    let has_room = model.len() < 7;
                    prop_assert_eq!(queue.push(octet), has_room);
                    if has_room {
                        model.push_back(octet);
                    }
                } else {
                    prop_assert_eq!(queue.pop(), model.pop_front());
                }
                prop_assert_eq!((queue.len(), queue.room()), (model.len(), 7 - model.len()));
            }
        }
    }
}
