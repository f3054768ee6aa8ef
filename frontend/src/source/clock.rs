//! What time it is.

use std::cell::Cell;

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::Performance;

use super::Micros;

/// A clock that goes back by no more than this is a little off; by more, it was set.
const JITTER: Micros = 1_000_000;

thread_local! {
    static LAST: Cell<Micros> = const { Cell::new(0) };
}

/// Now, by the clock of the computer: it goes on while the computer sleeps, and follows when the clock is set. It does not go
/// back for the small corrections by which systems keep their clocks right.
pub fn now() -> Micros {
    let now = no_earlier(LAST.get(), micros(js_sys::Date::now()));
    LAST.set(now);
    now
}

/// A moment that comes behind `last`, although the clock shows a little less.
pub const fn no_earlier(last: Micros, shown: Micros) -> Micros {
    if shown < last && last - shown <= JITTER { last } else { shown }
}

/// Milliseconds from a beginning that does not matter. They never go back, and are for measuring how long something takes;
/// while the computer sleeps they may stand still.
pub fn elapsed_ms() -> u64 {
    // Pages and workers both have it.
    let performance = Reflect::get(&js_sys::global(), &"performance".into()).unwrap_or_default();
    performance.dyn_ref::<Performance>().map_or(0, |it| micros(it.now()) / 1000)
}

#[allow(
    clippy::cast_sign_loss,
    reason = "no clock here goes below 0, and microseconds since 1970 fit 53 bits"
)]
fn micros(milliseconds: f64) -> Micros {
    (milliseconds * 1000.0) as Micros
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Micros = 1_768_392_000_000_000;

    #[test]
    fn small_corrections_never_go_back() {
        assert_eq!(no_earlier(NOON, NOON + 1000), NOON + 1000);
        assert_eq!(no_earlier(NOON, NOON - 1000), NOON);
        assert_eq!(no_earlier(NOON, NOON - JITTER), NOON);
    }

    #[test]
    fn a_clock_that_was_set_is_followed() {
        assert_eq!(no_earlier(NOON, NOON - JITTER - 1), NOON - JITTER - 1);
        assert_eq!(no_earlier(NOON, NOON + 3600 * JITTER), NOON + 3600 * JITTER);
        assert_eq!(no_earlier(0, NOON), NOON);
    }
}
