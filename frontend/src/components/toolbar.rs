//! The head of the page: its name, the ways in once a capture is open, language and colours.

use yew::prelude::*;

use super::Store;
use super::actions::{
    connect_button, demo_button, export_button, open_button, overrides_button, paste_button,
};
use crate::browser;
use crate::state::{Action, Theme};

/// The head of the page.
pub fn toolbar(store: &Store) -> Html {
    let ways = store.session.is_some().then(|| {
        html! {
            <div class="toolbar-ways">
                { open_button(store) }
                { paste_button(store) }
                { demo_button(store) }
                { overrides_button(store) }
                { export_button(store) }
                { connect_button(store) }
            </div>
        }
    });
    html! {
        <header class="toolbar">
            <h1 class="brand">{ "Meterscope" }</h1>
            { ways }
            <div class="toolbar-settings">
                { keys_button(store) }
                { language_button(store) }
                { theme_button(store) }
            </div>
        </header>
    }
}

fn keys_button(store: &Store) -> Html {
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::OpenKeys(None)))
    };
    let count = Some(store.keys.len()).filter(|&count| count > 0);
    html! {
        <button id="keys-button" class="button" type="button" {onclick}>
            { store.text.words().keys }
            if let Some(count) = count { <span class="badge">{ store.text.numbers.whole(count as u64) }</span> }
        </button>
    }
}

fn language_button(store: &Store) -> Html {
    let other = store.text.language.other();
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| {
            browser::apply_language(other, true);
            store.dispatch(Action::SetLanguage(other, browser::number_style(other)));
        })
    };
    let name = crate::text::Text { language: other, ..store.text }.words().language_name;
    let label = store.text.words().language_switch_label;
    html! {
        <button id="language-button" class="button is-quiet" type="button" lang={other.tag()} title={label} {onclick}>
            { name }
        </button>
    }
}

fn theme_button(store: &Store) -> Html {
    let words = store.text.words();
    let system = if browser::prefers_dark() { Theme::Dark } else { Theme::Light };
    let (other, label) = match store.theme.unwrap_or(system) {
        Theme::Dark => (Theme::Light, words.theme_to_light),
        Theme::Light => (Theme::Dark, words.theme_to_dark),
    };
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| {
            browser::apply_theme(other);
            store.dispatch(Action::SetTheme(other));
        })
    };
    html! { <button id="theme-button" class="button is-quiet" type="button" {onclick}>{ label }</button> }
}
