//! What time it is.

use super::Micros;

/// Now. It never goes back, also when the system's clock is set.
#[allow(clippy::cast_sign_loss, reason = "both parts are positive, and microseconds since 1970 fit 53 bits")]
pub fn now() -> Micros {
    let performance = web_sys::window().and_then(|window| window.performance());
    let milliseconds = performance.map_or_else(js_sys::Date::now, |it| it.time_origin() + it.now());
    (milliseconds * 1000.0) as Micros
}
