//! The dialog in which keys are added, named and forgotten.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::dialog::use_open;
use super::key_form::KeyForm;
use super::key_list::{key_list, senders};
use super::{Store, StoreProps};
use crate::state::Action;

/// The dialog. What stands in it is there only while it is open, so that nothing typed stays behind.
#[component]
pub fn KeyDialog(StoreProps { store }: &StoreProps) -> Html {
    let words = store.text.words();
    let dialog = use_node_ref();
    use_open(&dialog, store.key_dialog.open);
    let close = {
        let store = store.clone();
        Callback::from(move |()| store.dispatch(Action::CloseKeys))
    };
    html! {
        <dialog id="key-dialog" class="dialog" aria-labelledby="keys-heading" ref={dialog} onclose={close.reform(|_: Event| ())}>
            <h2 id="keys-heading">{ words.keys }</h2>
            if store.key_dialog.open {
                <p class="muted">{ words.keys_intro }</p>
                { senders(store) }
                { key_list(store) }
                <KeyForm key={store.key_dialog.opened} store={store.clone()} />
                { remember(store) }
            }
            <div class="dialog-buttons">
                <button id="keys-close" class="button" type="button" onclick={close.reform(|_: MouseEvent| ())}>
                    { words.close }
                </button>
            </div>
        </dialog>
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
