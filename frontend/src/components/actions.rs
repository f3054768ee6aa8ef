//! The ways in, as buttons: the same on the start page and in the toolbar.

use yew::prelude::*;

use super::StoreProps;
use crate::input::Origin;
use crate::state::Action;
use crate::{browser, demo};

/// Connects a board, once that can be done.
#[component]
pub fn ConnectButton(StoreProps { store }: &StoreProps) -> Html {
    let words = store.text.words();
    html! {
        <button id="connect-button" class="button" type="button" disabled=true title={words.connect_explanation}>
            { words.connect }<span class="badge">{ words.connect_coming }</span>
        </button>
    }
}

/// Opens a file.
#[component]
pub fn OpenButton(StoreProps { store }: &StoreProps) -> Html {
    let onclick = Callback::from(|_| browser::click("file-input"));
    html! { <button id="open-button" class="button" type="button" {onclick}>{ store.text.words().open_short }</button> }
}

/// Shows the demo meters.
#[component]
pub fn DemoButton(StoreProps { store }: &StoreProps) -> Html {
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::Import(Origin::Demo, demo::capture().into())))
    };
    html! { <button id="demo-button" class="button" type="button" {onclick}>{ store.text.words().demo_short }</button> }
}

/// Opens the paste dialog.
#[component]
pub fn PasteButton(StoreProps { store }: &StoreProps) -> Html {
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::OpenPaste))
    };
    html! { <button id="paste-button" class="button" type="button" {onclick}>{ store.text.words().paste }</button> }
}
