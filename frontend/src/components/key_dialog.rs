//! The dialog in which keys are added, named and forgotten.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Store;
use super::dialog::Dialog;
use super::key_form::KeyForm;
use super::key_list::{key_list, senders};
use crate::state::Action;

/// The dialog.
pub fn key_dialog(store: &Store) -> Html {
    let words = store.text.words();
    let onclose = {
        let store = store.clone();
        Callback::from(move |()| store.dispatch(Action::CloseKeys))
    };
    html! {
        <Dialog id="key-dialog" heading={words.keys} open={store.key_dialog.open} onclose={onclose.clone()}>
            <p class="muted">{ words.keys_intro }</p>
            { senders(store) }
            { key_list(store) }
            <KeyForm key={store.key_dialog.opened} store={store.clone()} />
            { remember(store) }
            <div class="dialog-buttons">
                <button id="keys-close" class="button" type="button" onclick={onclose.reform(|_: MouseEvent| ())}>
                    { words.close }
                </button>
            </div>
        </Dialog>
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
