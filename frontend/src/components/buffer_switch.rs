//! Which octets are shown: those of the frame, joined ones, deciphered ones.

use meterscope_decoder::sink::Origin;
use yew::prelude::*;

use super::Store;
use crate::state::{Action, State};

/// One button for each buffer, where there are several.
pub fn buffer_switch(store: &Store) -> Html {
    let buffers = store.tree.buffers.len();
    if buffers < 2 {
        return Html::default();
    }
    let button = |buffer: usize| {
        let onclick = {
            let store = store.clone();
            Callback::from(move |_| store.dispatch(Action::ShowBuffer(buffer)))
        };
        let pressed = (store.buffer == buffer).to_string();
        html! {
            <button id={format!("buffer-{buffer}")} class="chip" type="button" aria-pressed={pressed} {onclick}>
                { buffer_name(store, buffer) }
            </button>
        }
    };
    html! {
        <div id="buffer-switch" class="chips" role="group" aria-label={store.text.words().buffers_label}>
            { for (0..buffers).map(button) }
        </div>
    }
}

/// What a buffer of the selected item is called.
pub fn buffer_name(state: &State, buffer: usize) -> &'static str {
    let words = state.text.words();
    match state.tree.buffers.get(buffer).and_then(|buffer| buffer.origin) {
        None => words.buffer_frame,
        Some(Origin::Joined) => words.buffer_joined,
        Some(Origin::Deciphered) => words.buffer_deciphered,
    }
}
