//! Waiting for something to happen, or for time to pass.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_timers::callback::Timeout;

/// Wakes who waits. Rung while nobody waits, it wakes the next one at once.
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

/// Waits.
pub async fn pause(milliseconds: u32) {
    Bell::default().rung_within(milliseconds).await;
}
