//! The ways in, as buttons: the same on the start page and in the toolbar.

use yew::prelude::*;

use super::Store;
use crate::export::ExportForm;
use crate::input::Origin;
use crate::state::Action;
use crate::{browser, demo};

/// Connects a board, once that can be done.
pub fn connect_button(store: &Store) -> Html {
    let words = store.text.words();
    html! {
        <button id="connect-button" class="button" type="button" disabled=true title={words.connect_explanation}>
            { words.connect }<span class="badge">{ words.connect_coming }</span>
        </button>
    }
}

/// Opens a file.
pub fn open_button(store: &Store) -> Html {
    let onclick = Callback::from(|_| browser::click("file-input"));
    html! { <button id="open-button" class="button" type="button" {onclick}>{ store.text.words().open_short }</button> }
}

/// Loads the person's own names and scales.
pub fn overrides_button(store: &Store) -> Html {
    let onclick = Callback::from(|_| browser::click("overrides-input"));
    let words = store.text.words();
    html! {
        <button id="overrides-button" class="button" type="button" title={words.overrides_meaning} {onclick}>
            { words.overrides_load }
        </button>
    }
}

/// Opens the export dialog.
pub fn export_button(store: &Store) -> Html {
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| {
            store.dispatch(Action::SetExport(ExportForm {
                open: true,
                nothing: false,
                ..store.export.clone()
            }));
        })
    };
    html! { <button id="export-button" class="button" type="button" {onclick}>{ store.text.words().export }</button> }
}

/// Shows the demo meters.
pub fn demo_button(store: &Store) -> Html {
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::Import(Origin::Demo, demo::capture().into())))
    };
    html! { <button id="demo-button" class="button" type="button" {onclick}>{ store.text.words().demo_short }</button> }
}

/// Opens the paste dialog.
pub fn paste_button(store: &Store) -> Html {
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::OpenPaste))
    };
    html! { <button id="paste-button" class="button" type="button" {onclick}>{ store.text.words().paste }</button> }
}
