//! The readings that can be plotted: what is in the plot, in which colour and shape, and its value at the cursor.

use yew::prelude::*;

use super::reading_plot::Shown;
use crate::cards::Key;
use crate::plot::mark;
use crate::plot::series::{self, Full};
use crate::state::PlotAction;

/// The readings to choose from.
pub fn plot_choices(shown: &Shown) -> Html {
    let words = shown.store.text.plot_words();
    let keys = shown.figure.keys();
    let slugs = series::slugs(&keys);
    html! {
        <div class="plot-choices" role="group" aria-label={words.readings}>
            { for keys.into_iter().zip(slugs).map(|(key, slug)| choice(shown, key, slug)) }
        </div>
    }
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
            <span class="plot-name">{ shown.name(key) }</span>
            if let Some(value) = value {
                <span class="plot-value">{ shown.store.text.point_value(value, key.unit) }</span>
            }
        </label>
    }
}
