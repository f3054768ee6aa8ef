//! What waits to be written. It is bounded: where nothing can be written for long, recording ends and reading goes on.

/// Whole blocks of a capture file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// As they stand in the file.
    pub octets: Vec<u8>,
    /// How many octets of the line are in them.
    pub line_octets: u64,
    /// Whether they tell of the line: of its octets, or of what it reported, and not of the port alone.
    pub heard: bool,
}

/// What waits to be written, in order.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: Batch,
    overflowed: bool,
    /// Octets of the line that were left out.
    left_out: u64,
}

/// Over four seconds of the fastest line there is, and hours of a meter.
const MOST_WAITING: usize = 4 << 20;

impl Queue {
    /// Takes blocks in. Nothing more is taken once something had to be left out: a capture with a hole in it would tell
    /// of a line that was silent.
    pub fn push(&mut self, batch: Batch) {
        self.overflowed |= self.waiting.octets.len() + batch.octets.len() > MOST_WAITING;
        if self.overflowed {
            self.left_out += batch.line_octets;
        } else {
            self.waiting.line_octets += batch.line_octets;
            self.waiting.heard |= batch.heard;
            if self.waiting.octets.is_empty() {
                self.waiting.octets = batch.octets;
            } else {
                self.waiting.octets.extend(batch.octets);
            }
        }
    }

    /// All that waits.
    pub fn take(&mut self) -> Option<Batch> {
        (!self.waiting.octets.is_empty()).then(|| std::mem::take(&mut self.waiting))
    }

    /// What could not be written waits again, in front of what came meanwhile.
    pub fn put_back(&mut self, mut batch: Batch) {
        batch.octets.append(&mut self.waiting.octets);
        batch.line_octets += self.waiting.line_octets;
        batch.heard |= self.waiting.heard;
        self.waiting = batch;
    }

    /// How many octets of the line were never written, if this is the end; nothing where all of it was. Events without
    /// octets can be lost as well.
    pub fn lost(&self) -> Option<u64> {
        let all_written = self.waiting.octets.is_empty() && !self.overflowed;
        (!all_written).then_some(self.waiting.line_octets + self.left_out)
    }

    /// Whether something had to be left out.
    pub const fn has_overflowed(&self) -> bool {
        self.overflowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(octets: &[u8]) -> Batch {
        Batch { octets: octets.to_vec(), line_octets: 1, heard: true }
    }

    #[test]
    fn what_waits_is_taken_at_once_and_in_order() {
        let mut queue = Queue::default();
        queue.push(batch(b"ab"));
        queue.push(batch(b"c"));
        assert_eq!(queue.take(), Some(Batch { octets: b"abc".to_vec(), line_octets: 2, heard: true }));
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn what_failed_comes_first_again() {
        let mut queue = Queue::default();
        queue.push(batch(b"ab"));
        let failed = queue.take().unwrap();
        queue.push(batch(b"c"));
        queue.put_back(failed);
        assert_eq!(queue.take(), Some(Batch { octets: b"abc".to_vec(), line_octets: 2, heard: true }));
    }

    #[test]
    fn a_full_queue_keeps_what_it_has_and_takes_no_more() {
        let mut queue = Queue::default();
        queue.push(batch(&vec![7; MOST_WAITING]));
        assert!(!queue.has_overflowed());
        queue.push(batch(b"x"));
        assert!(queue.has_overflowed());
        assert_eq!(queue.take().map(|batch| batch.octets.len()), Some(MOST_WAITING));
        queue.push(batch(b"y"));
        assert_eq!(queue.take(), None, "there would be a hole in front of it");
    }

    #[test]
    fn what_waits_or_was_left_out_at_the_end_is_lost() {
        let mut queue = Queue::default();
        assert_eq!(queue.lost(), None);
        queue.push(batch(b"ab"));
        let failed = queue.take().unwrap();
        assert_eq!(queue.lost(), None);
        queue.put_back(failed);
        assert_eq!(queue.lost(), Some(1));
        queue.push(batch(&vec![7; MOST_WAITING]));
        queue.push(batch(b"x"));
        assert_eq!(queue.lost(), Some(3));
        queue.take();
        assert_eq!(queue.lost(), Some(2), "what was left out stays lost");
        let mut queue = Queue::default();
        queue.push(Batch { octets: b"closed".to_vec(), ..Batch::default() });
        assert_eq!(queue.lost(), Some(0));
    }
}
