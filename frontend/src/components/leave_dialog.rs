//! Whether an input is worth the live one.

use yew::prelude::*;

use super::Store;
use super::dialog::{close_button, dialog};
use crate::state::Action;

/// The dialog.
pub fn leave_dialog(store: &Store) -> Html {
    let words = store.text.words();
    let leave = |leaves: bool| {
        let store = store.clone();
        Callback::from(move |()| store.dispatch(Action::Leave(leaves)))
    };
    let stay = leave(false);
    let content = store.leaving.is_some().then(|| {
        html! {
            <>
                <p>{ words.leave_meaning }</p>
                <div class="dialog-buttons">
                    { close_button("leave-cancel", words.leave_cancel, &stay) }
                    <button id="leave-submit" class="button is-primary" type="button"
                        onclick={leave(true).reform(|_: MouseEvent| ())}>{ words.leave_submit }</button>
                </div>
            </>
        }
    });
    dialog("leave-dialog", words.leave_heading, &stay, content)
}
