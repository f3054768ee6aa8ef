//! On a narrow screen one part is shown at a time (WAI-ARIA Authoring Practices, tabs pattern).

use yew::prelude::*;

use super::Store;
use crate::browser;
use crate::keyboard::{self, Axis};
use crate::state::{Action, Tab};

/// A part: what chooses it, its tab and its panel.
struct Part {
    tab: Tab,
    id: &'static str,
    panel: &'static str,
}

const PARTS: [Part; 5] = [
    Part { tab: Tab::Values, id: "tab-values", panel: "panel-values" },
    Part { tab: Tab::Frames, id: "tab-frames", panel: "panel-frames" },
    Part { tab: Tab::Fields, id: "tab-fields", panel: "panel-fields" },
    Part { tab: Tab::Octets, id: "tab-octets", panel: "panel-octets" },
    Part { tab: Tab::Plots, id: "tab-plots", panel: "plots" },
];

/// The parts to choose from.
pub fn tabs(store: &Store) -> Html {
    let words = store.text.words();
    let onkeydown = {
        let store = store.clone();
        Callback::from(move |event: KeyboardEvent| on_key(&store, &event))
    };
    html! {
        <div class="tabs" role="tablist" aria-label={words.views} {onkeydown}>
            { for PARTS.iter().map(|part| tab(store, part)) }
        </div>
    }
}

fn tab(store: &Store, part: &Part) -> Html {
    let words = store.text.words();
    let label = match part.tab {
        Tab::Values => words.values,
        Tab::Frames => words.frames,
        Tab::Fields => words.fields,
        Tab::Octets => words.octets,
        Tab::Plots => store.text.plot_words().title,
    };
    let selected = store.tab == part.tab;
    let onclick = {
        let (store, tab) = (store.clone(), part.tab);
        Callback::from(move |_| store.dispatch(Action::SetTab(tab)))
    };
    html! {
        <button id={part.id} class="tab" type="button" role="tab" aria-controls={part.panel}
            aria-selected={selected.to_string()} tabindex={if selected { "0" } else { "-1" }} {onclick}>
            { label }
        </button>
    }
}

fn on_key(store: &Store, event: &KeyboardEvent) {
    let Some(at) = PARTS.iter().position(|part| part.tab == store.tab) else { return };
    let Some(next) = keyboard::roved(event, Axis::Row, at, PARTS.len()) else { return };
    event.prevent_default();
    if let Some(part) = PARTS.get(next) {
        store.dispatch(Action::SetTab(part.tab));
        browser::focus_later(part.id);
    }
}
