//! The head of the page: its name, the ways in once a capture is open, language and colours.

use yew::prelude::*;

use super::StoreProps;
use super::actions::{ConnectButton, DemoButton, OpenButton, PasteButton};
use crate::browser;
use crate::state::{Action, Theme};

/// The head of the page.
#[component]
pub fn Toolbar(StoreProps { store }: &StoreProps) -> Html {
    let ways = store.session.is_some().then(|| {
        html! {
            <div class="toolbar-ways">
                <OpenButton store={store.clone()} />
                <PasteButton store={store.clone()} />
                <DemoButton store={store.clone()} />
                <ConnectButton store={store.clone()} />
            </div>
        }
    });
    html! {
        <header class="toolbar">
            <h1 class="brand">{ "Meterscope" }</h1>
            { ways }
            <div class="toolbar-settings">
                <LanguageButton store={store.clone()} />
                <ThemeButton store={store.clone()} />
            </div>
        </header>
    }
}

#[component]
fn LanguageButton(StoreProps { store }: &StoreProps) -> Html {
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

#[component]
fn ThemeButton(StoreProps { store }: &StoreProps) -> Html {
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
