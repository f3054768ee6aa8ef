//! The dialog in which keys are added, named and forgotten.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Store;
use super::dialog::{close_button, dialog};
use super::key_form::KeyForm;
use super::key_list::{key_list, senders};
use crate::state::Action;

/// The dialog.
pub fn key_dialog(store: &Store) -> Html {
    let onclose = {
        let store = store.clone();
        Callback::from(move |()| store.dispatch(Action::CloseKeys))
    };
    let content = store.key_dialog.open.then(|| content(store, &onclose));
    dialog("key-dialog", store.text.words().keys, &onclose, content)
}

fn content(store: &Store, onclose: &Callback<()>) -> Html {
    let words = store.text.words();
    html! {
        <>
            <p class="muted">{ words.keys_intro }</p>
            { senders(store) }
            { key_list(store) }
            <KeyForm key={store.key_dialog.opened} store={store.clone()} />
            { remember(store) }
            <div class="dialog-buttons">{ close_button("keys-close", words.close, onclose) }</div>
        </>
    }
}

fn remember(store: &Store) -> Html {
    let words = store.text.words();
    let onchange = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            if let Some(box_) = event.target_dyn_into::<HtmlInputElement>() {
                store.dispatch(Action::RememberKeys(box_.checked()));
            }
        })
    };
    html! {
        <div class="remember">
            <input id="keys-remember" type="checkbox" checked={store.keys.remembered}
                aria-describedby="remember-meaning" {onchange} />
            <label for="keys-remember">{ words.remember }</label>
            <p id="remember-meaning" class="muted">{ words.remember_meaning }</p>
        </div>
    }
}
