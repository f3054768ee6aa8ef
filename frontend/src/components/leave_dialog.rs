//! Whether an input is worth the live one.

use yew::prelude::*;

use super::Store;
use super::dialog::Dialog;
use crate::state::Action;

/// The dialog.
pub fn leave_dialog(store: &Store) -> Html {
    let words = store.text.words();
    let leave = |leaves: bool| {
        let store = store.clone();
        Callback::from(move |()| store.dispatch(Action::Leave(leaves)))
    };
    let stay = leave(false);
    html! {
        <Dialog id="leave-dialog" heading={words.leave_heading} open={store.leaving.is_some()} onclose={stay.clone()}>
            <p>{ words.leave_meaning }</p>
            <div class="dialog-buttons">
                <button id="leave-cancel" class="button" type="button" autofocus=true
                    onclick={stay.reform(|_: MouseEvent| ())}>{ words.leave_cancel }</button>
                <button id="leave-submit" class="button is-primary" type="button"
                    onclick={leave(true).reform(|_: MouseEvent| ())}>{ words.leave_submit }</button>
            </div>
        </Dialog>
    }
}
