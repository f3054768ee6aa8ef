//! One tab at a time: who reads from a port holds a lock that all tabs of the page share (W3C Web Locks).

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use yew::platform::spawn_local;

use super::boards::DeviceId;

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    async fn request(
        this: &LockManager,
        name: String,
        options: Object,
        granted: Function,
    ) -> Result<JsValue, JsValue>;
}

/// A lock that is held until it is dropped; a browser that has no locks grants all of them.
#[derive(Debug)]
pub struct Lock(Option<Function>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            // Settling a promise cannot fail.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Takes the lock of a device; nothing where another tab has it.
pub async fn take(device: DeviceId) -> Option<Lock> {
    let Some(locks) = manager() else { return Some(Lock(None)) };
    let name = format!("meterscope-port-{}", device.to_string().replace(':', "-"));
    let mut locks = Some((locks, name));
    let answer = Promise::new(&mut |answer, _| {
        if let Some((locks, name)) = locks.take() {
            ask(locks, name, answer);
        }
    });
    let release = wasm_bindgen_futures::JsFuture::from(answer).await.ok()?;
    (!release.is_null()).then(|| Lock(release.dyn_into().ok()))
}

/// Answers with what releases the lock, with null where another tab has it, and with nothing where there are no locks.
fn ask(locks: LockManager, name: String, answer: Function) {
    let say = move |what: &JsValue| {
        // Settling a promise cannot fail, and does nothing a second time.
        let _ = answer.call1(&JsValue::NULL, what);
    };
    let say_granted = say.clone();
    // The browser keeps the lock until the promise that this gives back is settled.
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            say_granted(&JsValue::NULL);
            return JsValue::UNDEFINED;
        }
        let mut release = JsValue::NULL;
        let held = Promise::new(&mut |resolve, _| release = resolve.into());
        say_granted(&release);
        held.into()
    });
    let options = Object::new();
    // A new object takes every property.
    let _ = Reflect::set(&options, &"ifAvailable".into(), &true.into());
    spawn_local(async move {
        // Refused where storage is forbidden: a reason to go on without locks, not to stop.
        if locks.request(name, options, granted.unchecked_into()).await.is_err() {
            say(&JsValue::UNDEFINED);
        }
    });
}

fn manager() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
