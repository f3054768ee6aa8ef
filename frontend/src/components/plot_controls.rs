//! The head of a plot: the moment that is looked at, which stretch of time is shown, and the way to another one.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::plot_pointer::open;
use super::reading_plot::Shown;
use crate::plot::view::{SECOND, View};
use crate::source::Micros;
use crate::state::PlotAction;
use crate::text::{Text, fill};

const MINUTE: Micros = 60 * SECOND;
const HOUR: Micros = 60 * MINUTE;
const DAY: Micros = 24 * HOUR;
/// The stretches up to the newest point that can be chosen.
const LATEST: [Micros; 7] = [5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY];
/// The value of the choice that stands for a stretch of one's own.
const OWN: &str = "own";

/// The head.
pub fn plot_controls(shown: &Shown) -> Html {
    let words = shown.store.text.plot_words();
    let folded = shown.plot.folded;
    let onfold = act(shown, move || PlotAction::Fold(!folded));
    html! {
        <>
            <button id="plot-fold" class="plot-fold" type="button" aria-expanded={(!folded).to_string()}
                aria-label={if folded { words.unfold } else { words.fold }} onclick={onfold}>
                <span class="twist" aria-hidden="true"></span>{ words.title }
            </button>
            if !folded {
                { readout(shown) }
                <div class="plot-controls">
                    { window_select(shown) }
                    { button(shown, "plot-earlier", "‹", words.earlier, PlotAction::Pan(-0.5)) }
                    { button(shown, "plot-zoom-out", "−", words.zoom_out, PlotAction::Zoom(2.0, place(shown))) }
                    { button(shown, "plot-zoom-in", "+", words.zoom_in, PlotAction::Zoom(0.5, place(shown))) }
                    { button(shown, "plot-later", "›", words.later, PlotAction::Pan(0.5)) }
                    { table_button(shown) }
                </div>
            }
        </>
    }
}

/// The moment that is looked at; the stretch of time where there is none.
fn readout(shown: &Shown) -> Html {
    let (text, words) = (shown.store.text, shown.store.text.plot_words());
    let point = shown.plot.cursor.and_then(|cursor| {
        let point = shown.figure.curve(cursor.key)?.nearest(&shown.session, cursor.at)?;
        Some((cursor, point))
    });
    let Some((cursor, point)) = point else {
        let [from, to] = shown.range();
        let range = fill(words.range, &[&from, &to]);
        let wall = (shown.figure.times == crate::session::Times::Wall).then(|| format!(", {}", words.wall));
        return html! { <p id="plot-readout" class="plot-readout"><span class="plot-readout-name">{ range }{ wall }</span></p> };
    };
    let onclick = {
        let shown = shown.clone();
        Callback::from(move |_| open(&shown, cursor))
    };
    html! {
        <p id="plot-readout" class="plot-readout" role="status">
            <span>{ shown.clock(point.at) }</span>{ " " }
            <strong>{ text.point_value(point.value, cursor.key.unit) }</strong>{ " " }
            <span class="plot-readout-name">{ shown.name(cursor.key) }</span>{ " " }
            <button id="plot-open" class="link" type="button" {onclick}>{ words.show_frame }</button>
        </p>
    }
}

fn window_select(shown: &Shown) -> Html {
    let words = shown.store.text.plot_words();
    let view = shown.plot.view;
    let value_of = |view: View| match view {
        View::Whole => String::from("whole"),
        View::Latest(width) if LATEST.contains(&width) => (width / MINUTE).to_string(),
        View::Latest(_) | View::Fixed(_) => String::from(OWN),
    };
    let now = value_of(view);
    let onchange = {
        let shown = shown.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let value = select.value();
            match value.parse::<Micros>() {
                Ok(minutes) => shown.act(PlotAction::Show(View::Latest(minutes * MINUTE))),
                Err(_) if value == OWN => {}
                Err(_) => shown.act(PlotAction::Show(View::Whole)),
            }
        })
    };
    let own = now == OWN;
    let option = |width: Micros| {
        let value = value_of(View::Latest(width));
        let selected = value == now;
        html! { <option {value} {selected}>{ latest(shown.store.text, width) }</option> }
    };
    html! {
        <select id="plot-window" class="plot-window" aria-label={words.window} {onchange}>
            { for LATEST.into_iter().map(option) }
            <option value="whole" selected={now == "whole"}>{ words.window_whole }</option>
            if own { <option value={OWN} selected={true}>{ words.window_own }</option> }
        </select>
    }
}

fn latest(text: Text, width: Micros) -> String {
    let words = text.plot_words();
    if width < HOUR {
        text.count(words.minutes, width / MINUTE)
    } else if width < DAY {
        text.count(words.hours, width / HOUR)
    } else {
        text.count(words.days, width / DAY)
    }
}

/// Where zooming by a button keeps the moment: at the cursor, else in the middle.
fn place(shown: &Shown) -> f64 {
    let cursor = shown.plot.cursor.map(|cursor| shown.figure.window.place(cursor.at));
    cursor.filter(|place| (0.0..=1.0).contains(place)).unwrap_or(0.5)
}

fn button(
    shown: &Shown,
    id: &'static str,
    sign: &'static str,
    label: &'static str,
    action: PlotAction,
) -> Html {
    let onclick = act(shown, move || action.clone());
    html! {
        <button {id} class="button is-small plot-button" type="button" title={label} aria-label={label} {onclick}>
            { sign }
        </button>
    }
}

fn table_button(shown: &Shown) -> Html {
    let table = shown.plot.table;
    let onclick = act(shown, move || PlotAction::ShowTable(!table));
    html! {
        <button id="plot-table-button" class="button is-small" type="button" aria-pressed={table.to_string()} {onclick}>
            { shown.store.text.plot_words().table }
        </button>
    }
}

fn act(shown: &Shown, action: impl Fn() -> PlotAction + 'static) -> Callback<MouseEvent> {
    let shown = shown.clone();
    Callback::from(move |_| shown.act(action()))
}
