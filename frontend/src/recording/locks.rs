//! Who writes a recording holds its lock (Web Locks). The browser takes it back from a page that is gone, however it went:
//! a recording without a holder is complete or was broken off.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::id::Id;
use super::javascript::{call, get, navigator, promised};

/// A lock; whoever drops it gives it back.
#[derive(Debug)]
pub struct Lock {
    release: Option<Function>,
}

impl Lock {
    /// Takes the lock of a recording. Browsers without locks have no Web Serial either; there nothing is held.
    pub async fn hold(id: Id) -> Self {
        let (release, held) = (&mut None, &mut None);
        // The lock is held until this is kept.
        let until = Promise::new(&mut |resolve, _| *release = Some(resolve));
        let granted = Promise::new(&mut |resolve, _| *held = Some(resolve));
        let (Some(release), Some(held)) = (release.take(), held.take()) else {
            return Self { release: None };
        };
        let callback = Closure::once_into_js(move || {
            let _ = held.call0(&JsValue::UNDEFINED);
            until
        });
        let arguments = Array::of2(&id.lock().into(), &callback);
        if call(&get(&navigator(), "locks"), "request", &arguments).is_err() {
            return Self { release: None };
        }
        // Nobody rejects it.
        let _ = JsFuture::from(granted).await;
        Self { release: Some(release) }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// The recordings that somebody writes, in any tab.
pub async fn held() -> Vec<Id> {
    let Ok(snapshot) = promised(&get(&navigator(), "locks"), "query", &Array::new()).await else {
        return Vec::new();
    };
    let held = get(&snapshot, "held").dyn_into::<Array>().unwrap_or_default();
    held.iter().filter_map(|lock| Id::of_lock(&get(&lock, "name").as_string()?)).collect()
}
