//! Waiting for something to happen, or for time to pass.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_timers::callback::Timeout;

/// Wakes the one who waits. Rung while nobody waits, it wakes the next one at once.
#[derive(Clone, Debug, Default)]
pub struct Bell(Rc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    rung: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Bell {
    /// Rings it.
    pub fn ring(&self) {
        self.0.rung.set(true);
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }

    /// Waits until it is rung.
    pub async fn rung(&self) {
        poll_fn(|context| {
            if self.0.rung.take() {
                return Poll::Ready(());
            }
            *self.0.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Waits until it is rung, but no longer than this.
    pub async fn rung_within(&self, milliseconds: u32) {
        let bell = self.clone();
        let timer = Timeout::new(milliseconds, move || bell.ring());
        self.rung().await;
        drop(timer);
    }
}

/// Lets everybody pass, now and later, once it is open.
#[derive(Clone, Debug, Default)]
pub struct Latch(Rc<Door>);

#[derive(Debug, Default)]
struct Door {
    open: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Latch {
    /// Opens it.
    pub fn open(&self) {
        self.0.open.set(true);
        self.0.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// Waits until it is open.
    pub async fn opened(&self) {
        poll_fn(|context| {
            if self.0.open.get() {
                return Poll::Ready(());
            }
            self.0.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// Waits.
pub async fn pause(milliseconds: u32) {
    Bell::default().rung_within(milliseconds).await;
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Wake};

    use super::*;

    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl Wake for Counting {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn all_who_wait_are_let_through() {
        let woken = Arc::new(Counting::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let latch = Latch::default();
        let (mut one, mut other) = (pin!(latch.opened()), pin!(latch.opened()));
        assert!(one.as_mut().poll(&mut context).is_pending());
        assert!(other.as_mut().poll(&mut context).is_pending());
        latch.open();
        assert_eq!(woken.0.load(Ordering::Relaxed), 2);
        assert!(one.poll(&mut context).is_ready() && other.poll(&mut context).is_ready());
        assert!(pin!(latch.opened()).poll(&mut context).is_ready(), "it stays open");
    }
}
