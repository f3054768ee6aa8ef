//! What this needs of JavaScript that no crate offers on both sides, the page and its worker.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;

use super::numbers::whole;

/// A property; `undefined` where there is none.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// A number that is a property.
pub fn number(object: &JsValue, name: &str) -> Option<u64> {
    count(&get(object, name))
}

/// A number that counts something.
pub fn count(value: &JsValue) -> Option<u64> {
    value.as_f64().map(whole)
}

/// Calls a method.
pub fn call(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    get(object, method).dyn_into::<Function>()?.apply(object, arguments)
}

/// Calls a method that promises something, and waits for it.
pub async fn promised(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    JsFuture::from(call(object, method, arguments)?.dyn_into::<Promise>()?).await
}

/// The browser, seen from a page or from a worker.
pub fn navigator() -> JsValue {
    get(&js_sys::global(), "navigator")
}

/// Waits until `target` reports the one event, or fails with one of the others.
pub async fn reported(target: &EventTarget, good: &str, bad: &[&str]) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        // Fails only for a listener that is no function.
        let _ = target.add_event_listener_with_callback(good, &resolve);
        for event in bad {
            let _ = target.add_event_listener_with_callback(event, &reject);
        }
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(()),
        Err(event) => Err(get(&get(&event, "target"), "error")),
    }
}

/// Runs `action` after so many milliseconds.
pub fn after(ms: u32, action: impl FnOnce() + 'static) {
    let arguments = Array::of2(&Closure::once_into_js(action), &ms.into());
    // Pages and workers both have it.
    let _ = call(&js_sys::global(), "setTimeout", &arguments);
}

/// What went wrong: the name of a `DOMException` or an error, else whatever it says of itself.
pub fn error_name(error: &JsValue) -> String {
    get(error, "name").as_string().unwrap_or_else(|| format!("{error:?}"))
}
