//! Why a port is not read any more.

use std::cell::RefCell;

use crate::source::Failure;

/// Why a port is not read any more.
#[derive(Clone, Debug, PartialEq)]
pub enum Halt {
    /// The person, or the page that goes away, closes it.
    Stopped,
    /// It is opened anew with the settings that the search wants.
    Retuned,
    /// The device, or the permission, is gone.
    Lost,
    /// It cannot go on.
    Failed(Failure),
}

/// A reason that waits until the read that it cancelled has ended.
#[derive(Debug, Default)]
pub struct Waiting(RefCell<Option<Halt>>);

impl Waiting {
    /// The last reason counts, but nothing takes the place of the person's wish.
    pub fn put(&self, why: Halt) {
        let mut waiting = self.0.borrow_mut();
        if *waiting != Some(Halt::Stopped) {
            *waiting = Some(why);
        }
    }

    /// The reason. One that was stopped stays so.
    pub fn take(&self) -> Option<Halt> {
        let mut waiting = self.0.borrow_mut();
        if *waiting == Some(Halt::Stopped) { waiting.clone() } else { waiting.take() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stopped_stays_so() {
        let waiting = Waiting::default();
        waiting.put(Halt::Retuned);
        waiting.put(Halt::Stopped);
        waiting.put(Halt::Failed(Failure::PortInUse));
        waiting.put(Halt::Retuned);
        assert_eq!(waiting.take(), Some(Halt::Stopped));
        waiting.put(Halt::Retuned);
        assert_eq!(waiting.take(), Some(Halt::Stopped), "it was taken, and the connection has not ended yet");
    }

    #[test]
    fn anything_else_is_taken_once() {
        let waiting = Waiting::default();
        waiting.put(Halt::Retuned);
        waiting.put(Halt::Failed(Failure::PortInUse));
        assert_eq!(waiting.take(), Some(Halt::Failed(Failure::PortInUse)));
        assert_eq!(waiting.take(), None);
    }
}
