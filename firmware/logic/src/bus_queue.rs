//! Octets that wait for the bus, in memory that the caller owns: a meter's frame, or what a host sends.

/// First in, first out. What is in lies in one piece.
#[derive(Debug)]
pub struct BusQueue<'m> {
    memory: &'m mut [u8],
    /// Where the oldest octet is, and where the next one goes.
    read: u16,
    written: u16,
}

impl<'m> BusQueue<'m> {
    /// An empty queue in at most 65,535 octets of memory.
    pub const fn new(memory: &'m mut [u8]) -> Self {
        Self { memory, read: 0, written: 0 }
    }

    /// Whether nothing is in.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.read == self.written
    }

    /// For how many octets there is room.
    pub fn room(&self) -> u16 {
        let length = u16::try_from(self.memory.len()).unwrap_or(u16::MAX);
        length.saturating_sub(self.written - self.read)
    }

    /// Puts an octet in; false if there is no room.
    #[must_use]
    pub fn push(&mut self, octet: u8) -> bool {
        if usize::from(self.written) >= self.memory.len() {
            self.memory.copy_within(usize::from(self.read)..usize::from(self.written), 0);
            self.written -= self.read;
            self.read = 0;
        }
        let Some(place) = self.memory.get_mut(usize::from(self.written)) else { return false };
        *place = octet;
        self.written += 1;
        true
    }

    /// Takes the oldest octet out.
    #[inline]
    pub fn pop(&mut self) -> Option<u8> {
        if self.is_empty() {
            return None;
        }
        let octet = self.memory.get(usize::from(self.read)).copied();
        self.read += 1;
        octet
    }

    /// Whatever is in is left out; `fill` writes anew and says how many octets.
    pub fn refill(&mut self, fill: impl FnOnce(&mut [u8]) -> usize) {
        let length = fill(self.memory).min(self.memory.len());
        (self.read, self.written) = (0, u16::try_from(length).unwrap_or(u16::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    proptest! {
        #[test]
        fn it_is_a_bounded_queue(steps in prop::collection::vec(any::<Option<u8>>(), 0..200)) {
            let mut memory = [0; 7];
            let (mut queue, mut expected) = (BusQueue::new(&mut memory), VecDeque::new());
            for step in steps {
                if let Some(octet) = step {
                    let has_room = expected.len() < 7;
                    prop_assert_eq!(queue.push(octet), has_room);
                    if has_room {
                        expected.push_back(octet);
                    }
                } else {
                    prop_assert_eq!(queue.pop(), expected.pop_front());
                }
                prop_assert_eq!(usize::from(queue.room()), 7 - expected.len());
                prop_assert_eq!(queue.is_empty(), expected.is_empty());
            }
        }
    }

    #[test]
    fn it_is_filled_at_once() {
        let mut memory = [0; 4];
        let mut queue = BusQueue::new(&mut memory);
        assert!(queue.push(9));
        queue.refill(|memory| {
            memory.copy_from_slice(&[1, 2, 3, 4]);
            3
        });
        assert_eq!([queue.pop(), queue.pop(), queue.pop(), queue.pop()], [Some(1), Some(2), Some(3), None]);
    }
}
