//! The ways in, as buttons: the same on the start page and in the toolbar.

use yew::prelude::*;

use super::Store;
use super::connect_dialog::device_name;
use crate::input::Origin;
use crate::state::{Action, BoardAction};
use crate::text::fill;
use crate::{browser, demo, export, live};

/// Connects a board.
pub fn connect_button(store: &Store) -> Html {
    let words = store.text.words();
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| {
            live::list_ports();
            store.dispatch(Action::Board(BoardAction::OpenDialog));
        })
    };
    let unavailable = (!store.board.supported).then_some(store.text.live().unavailable);
    html! {
        <button id="connect-button" class="button" type="button" disabled={!store.board.supported} title={unavailable}
            {onclick}>{ words.connect }</button>
    }
}

/// Connects what was connected before, where there is such.
pub fn reconnect_button(store: &Store) -> Option<Html> {
    let remembered = store.board.remembered.filter(|_| store.board.supported)?;
    let name = device_name(store, &remembered.device.name().unwrap_or_default());
    let label = fill(store.text.live().reconnect, &[&name, &remembered.settings.to_string()]);
    let onclick = Callback::from(move |_| live::reconnect(remembered));
    Some(
        html! { <button id="reconnect-button" class="button is-primary" type="button" {onclick}>{ label }</button> },
    )
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
            store.dispatch(Action::SetExport(export::form(&store, browser::wall_clock)));
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
