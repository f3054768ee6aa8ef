//! Keeps the screen awake while the person asks for it (W3C Screen Wake Lock).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use yew::platform::spawn_local;

#[wasm_bindgen]
extern "C" {
    /// `navigator.wakeLock`.
    type WakeLock;

    #[wasm_bindgen(method, catch)]
    async fn request(this: &WakeLock, kind: &str) -> Result<JsValue, JsValue>;

    /// A lock that is held until it is released or the page is hidden.
    type WakeLockSentinel;

    #[wasm_bindgen(method, catch)]
    async fn release(this: &WakeLockSentinel) -> Result<JsValue, JsValue>;
}

/// The screen, as far as it is kept awake.
pub struct Screen {
    wanted: Cell<bool>,
    held: RefCell<Option<WakeLockSentinel>>,
    listener: RefCell<Option<EventListener>>,
}

/// Whether the browser can keep the screen awake.
pub fn is_supported() -> bool {
    wake_lock().is_some()
}

impl Screen {
    pub fn new() -> Rc<Self> {
        let screen = Rc::new(Self {
            wanted: Cell::new(false),
            held: RefCell::default(),
            listener: RefCell::default(),
        });
        let document = web_sys::window().and_then(|window| window.document());
        *screen.listener.borrow_mut() = document.map(|document| {
            let screen = Rc::downgrade(&screen);
            EventListener::new(&document.clone(), "visibilitychange", move |_| {
                // The browser takes the lock away from a page that is hidden.
                if let Some(screen) = screen.upgrade().filter(|_| !document.hidden()) {
                    screen.held.take();
                    screen.settle();
                }
            })
        });
        screen
    }

    /// Keeps the screen awake, or not any more.
    pub fn keep_awake(self: &Rc<Self>, wanted: bool) {
        self.wanted.set(wanted);
        self.settle();
    }

    fn settle(self: &Rc<Self>) {
        let screen = Rc::clone(self);
        spawn_local(async move {
            if !screen.wanted.get() {
                let held = screen.held.take();
                if let Some(held) = held {
                    // One that is released already stays so.
                    let _ = held.release().await;
                }
            } else if screen.held.borrow().is_none()
                && let Some(lock) = wake_lock()
                // Refused on a low battery, or while hidden: it is asked for again when the page is shown.
                && let Ok(sentinel) = lock.request("screen").await
            {
                *screen.held.borrow_mut() = Some(sentinel.unchecked_into());
                if !screen.wanted.get() {
                    screen.settle();
                }
            }
        });
    }
}

fn wake_lock() -> Option<WakeLock> {
    let navigator = web_sys::window()?.navigator();
    let lock = Reflect::get(&navigator, &"wakeLock".into()).ok()?;
    (!lock.is_undefined()).then(|| lock.unchecked_into())
}
