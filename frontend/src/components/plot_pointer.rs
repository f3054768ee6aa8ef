//! Mouse, finger, wheel and keys over a plot.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

use super::reading_plot::Shown;
use crate::cards;
use crate::plot::pick::{self, Step};
use crate::plot::view::{View, Window};
use crate::state::{Action, Cursor, PlotAction};

/// What the fingers, or the mouse, are doing.
#[derive(Default)]
pub struct Gesture {
    fingers: Vec<Finger>,
    /// What was shown when the last finger came or went.
    start: Option<Window>,
    /// It is a movement, and will not end as a click.
    is_movement: bool,
}

struct Finger {
    id: i32,
    /// Pixels from the left end, when the last finger came or went, and now.
    first: f64,
    now: f64,
}

/// A click may tremble by so many pixels.
const TREMBLE: f64 = 5.0;

impl Gesture {
    /// A finger or a button goes down.
    pub fn down(&mut self, shown: &Shown, element: &Element, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        // Without capture, a movement that leaves the plot ends there.
        let _ = element.set_pointer_capture(event.pointer_id());
        let x = place(element, event).0;
        self.fingers.retain(|finger| finger.id != event.pointer_id());
        self.is_movement = !self.fingers.is_empty();
        self.fingers.push(Finger { id: event.pointer_id(), first: x, now: x });
        self.begin(shown);
    }

    /// A finger or the mouse moves.
    pub fn moved(&mut self, shown: &Shown, element: &Element, event: &PointerEvent) {
        let (x, y) = place(element, event);
        let Some(finger) = self.fingers.iter_mut().find(|finger| finger.id == event.pointer_id()) else {
            let cursor = pick::at_pixel(&shown.session, &shown.figure, &shown.layout, (x, y));
            if cursor != shown.plot.cursor {
                shown.act(PlotAction::Point(cursor));
            }
            return;
        };
        finger.now = x;
        self.is_movement |= (finger.now - finger.first).abs() > TREMBLE;
        let Some(start) = self.start.filter(|_| self.is_movement) else { return };
        let at = |x: f64| shown.layout.place(x);
        let window = match &self.fingers[..] {
            [one] => start.panned(at(one.first) - at(one.now)),
            [one, other, ..] => start.pinched((at(one.first), at(other.first)), (at(one.now), at(other.now))),
            [] => return,
        };
        shown.act(PlotAction::Show(View::Fixed(window)));
    }

    /// A finger or a button goes up: a click, unless it moved.
    pub fn up(&mut self, shown: &Shown, element: &Element, event: &PointerEvent) {
        let was_down = self.fingers.iter().any(|finger| finger.id == event.pointer_id());
        if was_down && !self.is_movement {
            let pixel = place(element, event);
            let picked = pick::at_pixel(&shown.session, &shown.figure, &shown.layout, pixel);
            // A finger hides what it points at: its first touch shows the value, the second opens the frame.
            let is_known = event.pointer_type() != "touch" || picked == shown.plot.cursor;
            match picked.filter(|_| is_known) {
                Some(cursor) => open(shown, cursor),
                None => shown.act(PlotAction::Point(picked)),
            }
        }
        self.cancel(shown, element, event);
    }

    /// A finger is gone.
    pub fn cancel(&mut self, shown: &Shown, _: &Element, event: &PointerEvent) {
        self.fingers.retain(|finger| finger.id != event.pointer_id());
        self.begin(shown);
    }

    /// The mouse is elsewhere.
    pub fn leave(&mut self, shown: &Shown, _: &Element, event: &PointerEvent) {
        if self.fingers.is_empty() && event.pointer_type() == "mouse" {
            shown.act(PlotAction::Point(None));
        }
    }

    /// What follows is a movement from here.
    fn begin(&mut self, shown: &Shown) {
        self.start = Some(shown.figure.window);
        for finger in &mut self.fingers {
            finger.first = finger.now;
        }
    }
}

/// Opens the frame that a point came from, at the reading.
pub fn open(shown: &Shown, cursor: Cursor) {
    let Some(curve) = shown.figure.curve(cursor.key) else { return };
    let Some(point) = curve.nearest(&shown.session, cursor.at) else { return };
    shown.act(PlotAction::Point(Some(cursor)));
    let reading = cards::reading_of(&shown.session, point.item, cursor.key);
    shown.store.dispatch(match reading {
        Some(reading) => Action::ShowReading(point.item, reading.buffer, reading.span),
        None => Action::OpenItem(point.item),
    });
}

/// Keys: arrows go from point to point, Shift and arrows move the plot, plus and minus zoom.
pub fn on_key(shown: &Shown, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let zoom = |factor| {
        let cursor = shown.plot.cursor.map(|cursor| shown.figure.window.place(cursor.at));
        PlotAction::Zoom(factor, cursor.filter(|place| (0.0..=1.0).contains(place)).unwrap_or(0.5))
    };
    let step = |step| {
        let cursor = pick::step(&shown.session, &shown.figure, shown.plot.cursor, step);
        cursor.map(PlotAction::Step)
    };
    let action = match event.key().as_str() {
        "ArrowLeft" if event.shift_key() => Some(PlotAction::Pan(-0.25)),
        "ArrowRight" if event.shift_key() => Some(PlotAction::Pan(0.25)),
        "ArrowLeft" => step(Step::Earlier),
        "ArrowRight" => step(Step::Later),
        "ArrowUp" => step(Step::Previous),
        "ArrowDown" => step(Step::Next),
        "Home" => step(Step::First),
        "End" => step(Step::Last),
        "PageUp" => Some(PlotAction::Pan(-1.0)),
        "PageDown" => Some(PlotAction::Pan(1.0)),
        "+" | "=" => Some(zoom(0.5)),
        "-" | "_" => Some(zoom(2.0)),
        "0" => Some(PlotAction::Show(View::Whole)),
        "Escape" if shown.plot.cursor.is_some() => Some(PlotAction::Point(None)),
        "Enter" if shown.plot.cursor.is_some() => {
            event.prevent_default();
            if let Some(cursor) = shown.plot.cursor {
                open(shown, cursor);
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(action) = action {
        shown.act(action);
    }
}

/// The wheel zooms, and with Shift or sideways it moves the plot. Where there is nothing more to zoom out of, it scrolls the
/// page as ever.
#[hook]
pub fn use_wheel(view: &NodeRef, shown: Option<&Shown>) {
    let latest = use_mut_ref(|| None::<Shown>);
    latest.replace(shown.cloned());
    use_effect_with((view.clone(), shown.is_some()), move |(view, _)| {
        let listener = view.cast::<Element>().map(|element| {
            let options = EventListenerOptions::enable_prevent_default();
            let observed = element.clone();
            EventListener::new_with_options(&element, "wheel", options, move |event| {
                if let Some(event) = event.dyn_ref::<WheelEvent>() {
                    on_wheel(&latest, &observed, event);
                }
            })
        });
        move || drop(listener)
    });
}

fn on_wheel(latest: &Rc<RefCell<Option<Shown>>>, element: &Element, event: &WheelEvent) {
    /// Pixels of a wheel that make a plot twice as wide, and those of a line and a page.
    const DOUBLE: f64 = 400.0;
    const UNITS: [f64; 3] = [1.0, 16.0, 400.0];
    let latest = latest.borrow();
    let Some(shown) = latest.as_ref() else { return };
    let unit = UNITS.get(event.delta_mode() as usize).copied().unwrap_or(1.0);
    let (mut across, mut down) = (event.delta_x() * unit, event.delta_y() * unit);
    if event.shift_key() && across == 0.0 {
        (across, down) = (down, 0.0);
    }
    if across.abs() > down.abs() {
        event.prevent_default();
        shown.act(PlotAction::Pan(across / shown.layout.width()));
    } else if down < 0.0 || shown.figure.window.width() < shown.figure.extent.width() {
        event.prevent_default();
        let x = place(element, event).0;
        shown.act(PlotAction::Zoom((down / DOUBLE).exp2(), shown.layout.place(x)));
    }
}

/// Where an event is, in pixels from the upper left corner of the plot.
fn place(element: &Element, event: &MouseEvent) -> (f64, f64) {
    let corner = element.get_bounding_client_rect();
    (f64::from(event.client_x()) - corner.left(), f64::from(event.client_y()) - corner.top())
}
