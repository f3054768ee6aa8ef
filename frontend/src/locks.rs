//! Locks that all tabs and workers of the page share (W3C Web Locks): who reads from a port holds one, and who writes a
//! recording. The browser takes them back from a page that is gone, however it went.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

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

    #[wasm_bindgen(method, catch)]
    async fn query(this: &LockManager) -> Result<JsValue, JsValue>;
}

/// A lock that is held until it is dropped; a browser that has no locks, or refuses them, grants all of them.
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

/// Takes a lock; nothing where somebody else holds it.
pub async fn take(name: String) -> Option<Lock> {
    let Some(locks) = manager() else { return Some(Lock(None)) };
    let mut locks = Some((locks, name));
    let answer = Promise::new(&mut |answer, _| {
        if let Some((locks, name)) = locks.take() {
            ask(locks, name, answer);
        }
    });
    let release = JsFuture::from(answer).await.ok()?;
    (!release.is_null()).then(|| Lock(release.dyn_into().ok()))
}

/// The names of the locks that somebody holds, in any tab.
pub async fn held() -> Vec<String> {
    let Some(locks) = manager() else { return Vec::new() };
    let snapshot = locks.query().await.unwrap_or_default();
    let held = get(&snapshot, "held").dyn_into::<Array>().unwrap_or_default();
    held.iter().filter_map(|lock| get(&lock, "name").as_string()).collect()
}

/// Answers with what releases the lock, with null where somebody has it, and with nothing where there are no locks.
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

/// The same on the page and in its workers.
fn manager() -> Option<LockManager> {
    let locks = get(&get(&js_sys::global(), "navigator"), "locks");
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}

/// A property; `undefined` where there is none.
fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}
