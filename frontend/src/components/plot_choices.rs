//! The readings that can be plotted: what is in the plot, in which colour and shape, and its value at the cursor.

use yew::prelude::*;

use super::reading_plot::Shown;
use crate::cards::Key;
use crate::plot::mark;
use crate::plot::series::{self, Full};
use crate::state::PlotAction;

/// The readings to choose from, meter by meter.
pub fn plot_choices(shown: &Shown) -> Html {
    let words = shown.store.text.plot_words();
    let keys = shown.figure.keys();
    let slugs = series::slugs(&keys);
    let named: Vec<(Key, String)> = keys.into_iter().zip(slugs).collect();
    let groups = named.chunk_by(|(one, _), (other, _)| one.meter == other.meter);
    html! {
        <div class="plot-choices" role="group" aria-label={words.readings}>
            if shown.figure.has_several_meters() {
                { for groups.map(|group| meter(shown, group)) }
            } else {
                { choices(shown, &named) }
            }
        </div>
    }
}

fn meter(shown: &Shown, named: &[(Key, String)]) -> Html {
    let name = shown.store.text.meter_heading(named.first().and_then(|(key, _)| key.meter));
    html! {
        <div class="plot-group" role="group" aria-label={name.clone()}>
            <p class="plot-meter" aria-hidden="true">{ name }</p>
            { choices(shown, named) }
        </div>
    }
}

fn choices(shown: &Shown, named: &[(Key, String)]) -> Html {
    named.iter().map(|(key, slug)| choice(shown, *key, slug.clone())).collect()
}

fn choice(shown: &Shown, key: Key, slug: String) -> Html {
    let words = shown.store.text.plot_words();
    let chosen = shown.figure.chosen();
    let curve = shown.figure.curve(key);
    let full = series::full(&chosen, key);
    let title = match full {
        Some(Full::Series) => Some(words.full_series),
        Some(Full::Units) => Some(words.full_units),
        None => None,
    };
    let value = curve.and_then(|curve| match shown.plot.cursor {
        Some(cursor) => curve.nearest(&shown.session, cursor.at).map(|point| point.value),
        None => curve.trace.summary.map(|summary| summary.last),
    });
    let onchange = {
        let (shown, chosen) = (shown.clone(), chosen.clone());
        Callback::from(move |_| shown.act(PlotAction::Choose(series::toggled(&chosen, key))))
    };
    let slot = curve.map(|curve| curve.chosen.slot);
    html! {
        <label class={classes!("plot-option", slot.map(|slot| format!("slot-{slot}")))} {title}>
            <input class="plot-choice" type="checkbox" data-series={slug} checked={curve.is_some()}
                disabled={full.is_some()} {onchange} />
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
