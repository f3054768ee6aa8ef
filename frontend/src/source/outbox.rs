//! Events on their way out: a few milliseconds' worth at a time, so that a fast line does not draw the page anew for
//! every octet.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;

use super::{Event, Micros, What, clock};

/// Events wait no longer than this.
const LONGEST_MS: u32 = 16;

/// Who gets the events.
pub type OnEvents = Box<dyn Fn(Vec<Event>)>;

/// Events that wait to be handed on.
pub struct Outbox {
    waiting: RefCell<Vec<Event>>,
    timer: RefCell<Option<Timeout>>,
    emptied: Cell<Micros>,
    /// When the last event was.
    last: Cell<Micros>,
    on_events: OnEvents,
}

impl Outbox {
    pub fn new(on_events: OnEvents) -> Rc<Self> {
        Rc::new(Self {
            waiting: RefCell::default(),
            timer: RefCell::default(),
            emptied: Cell::new(0),
            last: Cell::new(0),
            on_events,
        })
    }

    /// Something happened now.
    pub fn put(self: &Rc<Self>, what: What) {
        self.put_all([Event { at: clock::now(), what }]);
    }

    /// All this has happened, a moment ago at most.
    pub fn put_all(self: &Rc<Self>, events: impl IntoIterator<Item = Event>) {
        for event in events {
            let at = clock::no_earlier(self.last.get(), event.at);
            self.last.set(at);
            self.waiting.borrow_mut().push(Event { at, ..event });
        }
        // A clock that was set back says nothing of how long that was.
        let is_due = clock::now().abs_diff(self.emptied.get()) >= 1000 * Micros::from(LONGEST_MS);
        // Browsers let the timers of a hidden page wait for up to a minute.
        if is_due || is_hidden() {
            self.empty();
        } else if self.timer.borrow().is_none() {
            let outbox = Rc::clone(self);
            *self.timer.borrow_mut() = Some(Timeout::new(LONGEST_MS, move || outbox.empty()));
        }
    }

    /// Hands on what waits.
    pub fn empty(&self) {
        // A timer that has run is dropped without harm, one that has not is stopped.
        self.timer.borrow_mut().take();
        self.emptied.set(clock::now());
        let events = self.waiting.take();
        if !events.is_empty() {
            (self.on_events)(events);
        }
    }
}

fn is_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}
