//! The readings that can be plotted: what is in the plot, in which colour and shape, and its value at the cursor.
//!
//! All together are one tab stop, in which arrow keys move (WAI-ARIA Authoring Practices, toolbar pattern): a meter has dozens.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::reading_plot::Shown;
use crate::cards::Key;
use crate::keyboard::{self, Axis};
use crate::plot::mark;
use crate::plot::series::{self, Full};
use crate::state::PlotAction;

/// The readings to choose from, meter by meter.
pub fn plot_choices(shown: &Shown) -> Html {
    let words = shown.store.text.plot_words();
    let keys = shown.figure.keys();
    let slugs = series::slugs(&keys);
    let stop = tab_stop(shown, &keys);
    let reasons = reasons(shown, &keys);
    let named: Vec<(Key, String)> = keys.into_iter().zip(slugs).collect();
    let groups = named.chunk_by(|(one, _), (other, _)| one.meter == other.meter);
    html! {
        <div class="plot-choices" role="toolbar" aria-orientation="vertical" aria-label={words.readings}
            onkeydown={Callback::from(|event: KeyboardEvent| on_key(&event))}>
            if shown.figure.has_several_meters() {
                { for groups.map(|group| meter(shown, group, stop)) }
            } else {
                { choices(shown, &named, stop) }
            }
            { reasons }
        </div>
    }
}

fn meter(shown: &Shown, named: &[(Key, String)], stop: Option<Key>) -> Html {
    let name = shown.store.text.meter_heading(named.first().and_then(|(key, _)| key.meter));
    html! {
        <div class="plot-group" role="group" aria-label={name.clone()}>
            <p class="plot-meter" aria-hidden="true">{ name }</p>
            { choices(shown, named, stop) }
        </div>
    }
}

fn choices(shown: &Shown, named: &[(Key, String)], stop: Option<Key>) -> Html {
    named.iter().map(|(key, slug)| choice(shown, *key, slug, stop == Some(*key))).collect()
}

/// Why some of the readings cannot be chosen now.
fn reasons(shown: &Shown, keys: &[Key]) -> Html {
    let (words, chosen) = (shown.store.text.plot_words(), shown.figure.chosen());
    let met = |full: &Full| keys.iter().any(|key| series::full(&chosen, *key).as_ref() == Some(full));
    let said = [(Full::Series, words.full_series), (Full::Units, words.full_units)];
    said.into_iter()
        .filter(|(full, _)| met(full))
        .map(|(full, said)| html! { <p id={reason_id(full)} class="plot-full">{ said }</p> })
        .collect()
}

const fn reason_id(full: Full) -> &'static str {
    match full {
        Full::Series => "plot-full-series",
        Full::Units => "plot-full-units",
    }
}

/// The choice that the Tab key comes to: where the keyboard was, else the first.
fn tab_stop(shown: &Shown, keys: &[Key]) -> Option<Key> {
    shown.plot.reached.filter(|key| keys.contains(key)).or_else(|| keys.first().copied())
}

/// Moves the focus from choice to choice.
fn on_key(event: &KeyboardEvent) {
    let moved = || {
        let all = event.current_target()?.dyn_into::<Element>().ok()?;
        let choices = all.query_selector_all(".plot-choice").ok()?;
        let choices: Vec<_> = (0..choices.length()).filter_map(|place| choices.item(place)).collect();
        let from = event.target()?;
        let at = choices.iter().position(|choice| **choice == from)?;
        let next = choices.get(keyboard::roved(event, Axis::Column, at, choices.len())?)?;
        next.dyn_ref::<HtmlElement>()?.focus().ok()
    };
    if moved().is_some() {
        event.prevent_default();
    }
}

fn choice(shown: &Shown, key: Key, slug: &str, is_stop: bool) -> Html {
    let chosen = shown.figure.chosen();
    let curve = shown.figure.curve(key);
    let full = series::full(&chosen, key);
    let value = curve.and_then(|curve| match shown.plot.cursor {
        Some(cursor) => curve.nearest(&shown.session, cursor.at).map(|point| point.value),
        None => curve.trace.summary.map(|summary| summary.last),
    });
    let onchange = {
        let (shown, chosen) = (shown.clone(), chosen.clone());
        Callback::from(move |_| shown.act(PlotAction::Choose(series::toggled(&chosen, key))))
    };
    // One that is not possible now can be reached, so that a person hears why.
    let is_full = full.is_some();
    let onclick = Callback::from(move |event: MouseEvent| {
        if is_full {
            event.prevent_default();
        }
    });
    let onfocus = {
        let shown = shown.clone();
        Callback::from(move |_| shown.act(PlotAction::Reach(key)))
    };
    let slot = curve.map(|curve| curve.chosen.slot);
    html! {
        <label key={slug} class={classes!("plot-option", slot.map(|slot| format!("slot-{slot}")))}>
            <input class="plot-choice" type="checkbox" data-series={slug.to_owned()} checked={curve.is_some()}
                aria-disabled={is_full.then_some("true")} aria-describedby={full.map(reason_id)}
                tabindex={if is_stop { "0" } else { "-1" }} {onclick} {onfocus} {onchange} />
            if let Some(slot) = slot {
                <svg class="plot-mark" viewBox="-16 -16 32 32" aria-hidden="true">
                    <polygon points={mark::polygon(slot)} />
                </svg>
            }
            <span class="plot-name">{ shown.short_name(key) }</span>
            if let Some(value) = value {
                <span class="plot-value">{ shown.store.text.point_value(value, key.unit) }</span>
            }
        </label>
    }
}
