//! Readings over time: a plot, what is in it, and the table behind it.
#![allow(clippy::cast_sign_loss, reason = "pixels are few and positive")]

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::plot_canvas::{self, Labels, Palette, PanelLabels, Scene};
use super::plot_choices::plot_choices;
use super::plot_controls::plot_controls;
use super::plot_pointer::{Gesture, on_key, use_wheel};
use super::plot_table::plot_table;
use super::virtual_list::use_viewport;
use super::{Store, StoreProps};
use crate::browser;
use crate::cards::Key;
use crate::plot::colour;
use crate::plot::figure::Figure;
use crate::plot::mark::SLOTS;
use crate::plot::panel::{self, Layout};
use crate::plot::ticks::{self, Ahead, Shows, TimeTick, WallClock};
use crate::plot::view::Window;
use crate::session::{Session, Times};
use crate::source::Micros;
use crate::state::{Cursor, Plot, PlotAction, Shared};
use crate::text::{Text, fill};

impl Reducible for Plot {
    /// What happens, and what the capture spans.
    type Action = (PlotAction, Window);

    fn reduce(self: Rc<Self>, (action, extent): Self::Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action, extent))
    }
}

/// What the parts of a plot need to know.
#[derive(Clone)]
pub struct Shown {
    /// The state of the page.
    pub store: Store,
    /// The state of the plot.
    pub plot: UseReducerHandle<Plot>,
    /// The session that is plotted.
    pub session: Rc<Session>,
    /// What is drawn of it.
    pub figure: Rc<Figure>,
    /// Where it is drawn.
    pub layout: Rc<Layout>,
}

impl Shown {
    /// Changes the plot.
    pub fn act(&self, action: PlotAction) {
        self.plot.dispatch((action, self.figure.extent));
    }

    /// A moment as a clock shows it.
    pub fn clock(&self, at: Micros) -> String {
        let (clock, offset) = self.on_the_wall(at);
        self.store.text.date_and_clock(clock, offset)
    }

    /// The stretch of time that is drawn; the day is said once where it is the same.
    pub fn range(&self) -> [String; 2] {
        let Window { from, to } = self.figure.window;
        let ((first, _), (last, offset)) = (self.on_the_wall(from), self.on_the_wall(to));
        let is_one_day = (first.year, first.month, first.day) == (last.year, last.month, last.day);
        [self.clock(from), if is_one_day { Text::clock(last, offset) } else { self.clock(to) }]
    }

    fn on_the_wall(&self, at: Micros) -> (WallClock, Option<i64>) {
        let ahead = |at| minutes_ahead(self.figure.times, at);
        (WallClock::at(at, &ahead), ticks::offset_if_twice(at, &ahead))
    }

    /// The name of a reading among those of its meter.
    pub fn short_name(&self, key: Key) -> String {
        self.store.text.series_name(key, self.session.cards())
    }

    /// The name of a reading, with its meter where there are several.
    pub fn name(&self, key: Key) -> String {
        let name = self.short_name(key);
        if self.figure.has_several_meters() {
            format!("{name}, {}", self.store.text.meter_heading(key.meter))
        } else {
            name
        }
    }
}

/// The canvas and the colours, to be drawn with.
#[derive(Clone, Default, PartialEq)]
struct Canvas {
    node: NodeRef,
    palette: NodeRef,
}

/// Readings over time.
#[component]
pub fn ReadingPlot(StoreProps { store }: &StoreProps) -> Html {
    let plot = use_reducer(Plot::default);
    let view = use_node_ref();
    let canvas = use_state(Canvas::default);
    let viewport = use_viewport(&view);
    let appearance = use_appearance();
    let gesture = use_mut_ref(Gesture::default);
    let words = store.text.plot_words();

    let session = store.session.as_ref().map(|Shared(session)| Rc::clone(session));
    let columns = (viewport.width * browser::pixel_ratio()) as usize;
    let figure = use_memo(
        (points_of(session.as_deref()), plot.view, plot.choice().map(<[_]>::to_vec), columns),
        |_| {
            let session = session.as_ref()?;
            Figure::of(session, &plot, columns).map(Rc::new)
        },
    );
    let same = Same(figure.as_ref().clone());
    let labelled = use_memo(
        (same.clone(), viewport.width as i32, viewport.height as i32, store.text),
        |(Same(figure), width, height, text)| match figure {
            Some(figure) => labels(figure, *text, (f64::from(*width), f64::from(*height))),
            None => (Rc::default(), Labels::default()),
        },
    );
    let marked = use_memo((store.item, same), |(item, Same(figure))| {
        time_of(session.as_ref()?, figure.as_ref()?, (*item)?)
    });
    let shown = session.zip(figure.as_ref().clone()).map(|(session, figure)| Shown {
        store: store.clone(),
        plot: plot.clone(),
        session,
        figure,
        layout: Rc::clone(&labelled.0),
    });
    use_drawing(&canvas, shown.as_ref(), &labelled, *marked, (*viewport, store.theme, appearance));
    use_wheel(&view, shown.as_ref());

    let state = match &shown {
        Some(_) => "ready",
        None if store.session.as_ref().is_some_and(|Shared(session)| has_readings(session)) => "untimed",
        None => "empty",
    };
    let folded = plot.folded && state == "ready";
    let class = classes!("pane", "pane-plots", (state == "ready" && !folded).then_some("is-open"));
    html! {
        <section id="plots" {class} data-state={state} aria-label={words.title}>
            <div class="plot-head">
                if let Some(shown) = &shown { { plot_controls(shown) } } else { <h2>{ words.title }</h2> }
            </div>
            <div class="plot-body" hidden={folded || shown.is_none()}>
                <div class="plot-stage">
                    { stage(shown.as_ref(), &view, &canvas, &gesture) }
                    if let Some(shown) = shown.as_ref().filter(|shown| shown.plot.table) { { plot_table(shown) } }
                </div>
                if let Some(shown) = &shown { { plot_choices(shown) } }
            </div>
            if shown.is_none() {
                <p class="empty">{ if state == "untimed" { words.no_times } else { words.no_points } }</p>
            }
        </section>
    }
}

/// The part that is drawn on, pointed at and steered by keys.
fn stage(shown: Option<&Shown>, view: &NodeRef, canvas: &Canvas, gesture: &Rc<RefCell<Gesture>>) -> Html {
    let Some(shown) = shown else {
        // It stays, so that its size is known once there is something to draw.
        return html! { <div id="plot-view" class="plot-view" ref={view}></div> };
    };
    let words = shown.store.text.plot_words();
    let on = |handle: fn(&mut Gesture, &Shown, &Element, &PointerEvent)| {
        let (shown, gesture, view) = (shown.clone(), Rc::clone(gesture), view.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(element) = view.cast::<Element>() {
                handle(&mut gesture.borrow_mut(), &shown, &element, &event);
            }
        })
    };
    let onkeydown = {
        let shown = shown.clone();
        Callback::from(move |event: KeyboardEvent| on_key(&shown, &event))
    };
    let window = shown.figure.window;
    html! {
        <div id="plot-view" class="plot-view" ref={view} tabindex="0" role="group" aria-label={words.title}
            aria-describedby="plot-keys" hidden={shown.plot.table}
            data-from={window.from.to_string()} data-to={window.to.to_string()}
            data-cursor={shown.plot.cursor.map(|cursor| cursor.at.to_string())}
            onpointerdown={on(Gesture::down)} onpointermove={on(Gesture::moved)} onpointerup={on(Gesture::up)}
            onpointercancel={on(Gesture::cancel)} onpointerleave={on(Gesture::leave)} {onkeydown}>
            <canvas id="plot-canvas" role="img" aria-label={summary(shown)} ref={&canvas.node}></canvas>
            <p id="plot-keys" hidden={true}>{ words.keys }</p>
            <div class="plot-palette" hidden={true} ref={&canvas.palette}>
                { for ["plot-ground", "plot-grid", "plot-ink", "plot-selected"].map(|class| html! { <i {class}></i> }) }
                { for (0..SLOTS).map(|slot| html! { <i class={format!("slot-{slot}")}></i> }) }
            </div>
            if shown.figure.curves.is_empty() { <p class="empty">{ words.none_chosen }</p> }
        </div>
    }
}

/// The same in words, for those who do not see it.
fn summary(shown: &Shown) -> String {
    let (text, words) = (shown.store.text, shown.store.text.plot_words());
    let curves = shown.figure.curves.iter().map(|curve| {
        let (name, unit) = (shown.name(curve.chosen.key), curve.chosen.key.unit);
        let value = |value| text.point_value(value, unit);
        match curve.trace.summary {
            Some(all) => {
                fill(words.figure_series, &[&name, &value(all.min), &value(all.max), &value(all.last)])
            }
            None => fill(words.figure_empty, &[&name]),
        }
    });
    let curves: Vec<String> = curves.collect();
    let [from, to] = shown.range();
    fill(words.figure, &[&from, &to, &curves.join(" ")])
}

/// What the points of a session can be known by without looking at them: cards change whenever a reading comes.
fn points_of(session: Option<&Session>) -> Option<(usize, u64, usize)> {
    let session = session?;
    Some((session.cards().as_ptr() as usize, session.totals().readings, session.first_item()))
}

fn has_readings(session: &Session) -> bool {
    session.item_count() > 1 && !session.cards().is_empty()
}

/// When an item came, by the clock that the points go by.
fn time_of(session: &Session, figure: &Figure, item: usize) -> Option<Micros> {
    session.item(item)?.at.or_else(|| {
        let curve = figure.curves.first()?;
        let mut points = session.points(curve.series, 0, Micros::MAX);
        points.find(|point| point.item == item).map(|point| point.at)
    })
}

fn minutes_ahead(times: Times, at: Micros) -> i64 {
    match times {
        Times::Utc => browser::minutes_ahead(at),
        Times::Wall => 0,
    }
}

fn labels(figure: &Figure, text: Text, (width, height): (f64, f64)) -> (Rc<Layout>, Labels) {
    let rough = Layout::of(width, height, figure.panels.len(), 0);
    let panels = figure.panels.iter().zip(&rough.down).map(|(panel, down)| {
        let ticks = ticks::value_ticks(panel.low, panel.high, panel::value_labels(down));
        let (unit, labels) = text.axis(panel.unit, panel.low.abs().max(panel.high.abs()), &ticks);
        let values = ticks.iter().map(|tick| tick.to_f64()).zip(labels).collect();
        PanelLabels { unit, values }
    });
    let panels: Vec<PanelLabels> = panels.collect();
    let labels = panels.iter().flat_map(|panel| &panel.values);
    let characters = labels.map(|(_, label)| label.chars().count()).max().unwrap_or(0);
    let layout = Layout::of(width, height, figure.panels.len(), characters);
    let ahead = |at| minutes_ahead(figure.times, at);
    let times = ticks::time_ticks(figure.window, panel::time_labels(&layout), &ahead);
    let times = times.iter().map(|tick| (tick.at, time_label(text, tick, &ahead))).collect();
    (Rc::new(layout), Labels { times, panels })
}

/// What stands at a tick. Ticks by the second stand too close for more than the time, and never on both runs of an hour.
fn time_label(text: Text, tick: &TimeTick, ahead: Ahead<'_>) -> String {
    let offset = ticks::offset_if_twice(tick.at, ahead).filter(|_| tick.shows == Shows::Minute);
    format!("{}{}", text.time_label(tick), Text::utc_offset(offset))
}

/// What makes the same figure look different.
type Looks = (super::virtual_list::Viewport, Option<crate::state::Theme>, u32);

/// Draws with the next frame of the screen, however often something changes before it.
#[hook]
fn use_drawing(
    canvas: &Canvas,
    shown: Option<&Shown>,
    labelled: &Rc<(Rc<Layout>, Labels)>,
    marked: Option<Micros>,
    looks: Looks,
) {
    let waiting = use_mut_ref(|| None::<Waiting>);
    let figure = shown.map(|shown| Rc::clone(&shown.figure));
    let cursor = shown.and_then(|shown| {
        let cursor = shown.plot.cursor?;
        let point = shown.figure.curve(cursor.key)?.nearest(&shown.session, cursor.at)?;
        Some((cursor, point.value))
    });
    let is_drawn = shown.is_some_and(|shown| !shown.plot.table && !shown.plot.folded);
    let canvas = canvas.clone();
    let changes = (Same(figure), Rc::clone(labelled), cursor, marked, looks, is_drawn);
    use_effect_with(changes, move |(figure, labelled, cursor, marked, ..)| {
        let Some(figure) = figure.0.clone().filter(|_| is_drawn) else { return };
        let next = Waiting { figure, labelled: Rc::clone(labelled), cursor: *cursor, marked: *marked };
        let is_asked_for = waiting.borrow_mut().replace(next).is_some();
        if !is_asked_for {
            browser::next_frame(move || {
                // Drawing changes nothing that could draw again.
                let next = waiting.borrow_mut().take();
                if let Some(next) = next {
                    next.draw(&canvas);
                }
            });
        }
    });
}

/// A figure that is the same only if it is the same one: comparing all its points would cost as much as drawing them.
#[derive(Clone)]
struct Same(Option<Rc<Figure>>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

/// What the next frame of the screen shows.
struct Waiting {
    figure: Rc<Figure>,
    labelled: Rc<(Rc<Layout>, Labels)>,
    cursor: Option<(Cursor, f64)>,
    marked: Option<Micros>,
}

impl Waiting {
    fn draw(&self, canvas: &Canvas) -> Option<()> {
        let element = canvas.node.cast::<HtmlCanvasElement>()?;
        let palette = palette(&canvas.palette.cast::<Element>()?)?;
        let scale = browser::pixel_ratio();
        let device = |pixels: i32| (f64::from(pixels) * scale).round().max(1.0) as u32;
        let (width, height) = (device(element.client_width()), device(element.client_height()));
        // Setting a size clears the canvas, also where it is the same.
        if element.width() != width {
            element.set_width(width);
        }
        if element.height() != height {
            element.set_height(height);
        }
        let scene = Scene {
            figure: &self.figure,
            layout: &self.labelled.0,
            labels: &self.labelled.1,
            cursor: self.cursor,
            marked: self.marked,
            scale,
        };
        plot_canvas::draw(element, &scene, &palette)
    }
}

/// The colours that the style sheet gives to the parts of a plot.
fn palette(element: &Element) -> Option<Palette> {
    let children = element.children();
    let colour = |place: u32| colour::parse(&browser::computed_colour(&children.item(place)?)?);
    let slots = std::array::from_fn(|slot| colour(4 + slot as u32).unwrap_or_default());
    Some(Palette { ground: colour(0)?, grid: colour(1)?, ink: colour(2)?, selected: colour(3)?, slots })
}

/// A number that changes whenever the system's colours do.
#[hook]
fn use_appearance() -> u32 {
    let changes = use_state_eq(|| 0_u32);
    let count = *changes;
    let setter = changes.setter();
    use_effect_with(count, move |&count| {
        let listeners = browser::on_appearance(move || setter.set(count.wrapping_add(1)));
        move || drop(listeners)
    });
    count
}
