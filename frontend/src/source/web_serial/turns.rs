//! One connection at a time: who connects waits until the one before has ended, and gives up when somebody comes after.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::source::waiting::Latch;

/// Hands out turns.
#[derive(Debug, Default)]
pub struct Turns {
    latest: Rc<Cell<u64>>,
    /// Opened when the turn that was handed out last is over.
    over: RefCell<Option<Latch>>,
}

/// A turn, which is over when it is dropped.
#[derive(Debug)]
pub struct Turn {
    number: u64,
    latest: Rc<Cell<u64>>,
    before: Option<Latch>,
    over: Latch,
}

impl Turns {
    /// The next turn. All before it are not wanted any more.
    pub fn next(&self) -> Turn {
        self.forget();
        let over = Latch::default();
        let before = self.over.replace(Some(over.clone()));
        Turn { number: self.latest.get(), latest: Rc::clone(&self.latest), before, over }
    }

    /// No turn that was handed out is wanted any more.
    pub fn forget(&self) {
        self.latest.set(self.latest.get() + 1);
    }
}

impl Turn {
    /// Waits until the turn before is over.
    pub async fn comes(&self) {
        if let Some(before) = &self.before {
            before.opened().await;
        }
    }

    /// Whether it is still wanted; to be asked whenever something was waited for.
    pub fn is_wanted(&self) -> bool {
        self.latest.get() == self.number
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.over.open();
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    #[test]
    fn of_two_that_wait_only_the_last_is_wanted() {
        let turns = Turns::default();
        let mut context = Context::from_waker(Waker::noop());
        let first = turns.next();
        assert!(pin!(first.comes()).poll(&mut context).is_ready());
        assert!(first.is_wanted());
        let (second, third) = (turns.next(), turns.next());
        {
            let (mut second_comes, mut third_comes) = (pin!(second.comes()), pin!(third.comes()));
            assert!(second_comes.as_mut().poll(&mut context).is_pending());
            assert!(third_comes.as_mut().poll(&mut context).is_pending());
            drop(first);
            assert!(second_comes.as_mut().poll(&mut context).is_ready());
            assert!(third_comes.as_mut().poll(&mut context).is_pending(), "the second may hold a lock");
        }
        assert!(!second.is_wanted());
        drop(second);
        assert!(pin!(third.comes()).poll(&mut context).is_ready());
        assert!(third.is_wanted());
        turns.forget();
        assert!(!third.is_wanted());
    }
}
