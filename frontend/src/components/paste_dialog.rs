//! The dialog to paste a capture into, and to mend one that could not be read.

use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::dialog::{close_button, dialog};
use super::{Store, input_problem_banner};
use crate::browser;
use crate::input::{InputProblemKind, Origin, utf16_offset};
use crate::state::Action;

/// The dialog.
pub fn paste_dialog(store: &Store) -> Html {
    let close = {
        let store = store.clone();
        Callback::from(move |()| store.dispatch(Action::ClosePaste))
    };
    let content = store.paste.open.then(|| content(store, &close));
    dialog("paste-dialog", store.text.words().paste_heading, &close, content)
}

fn content(store: &Store, close: &Callback<()>) -> Html {
    let words = store.text.words();
    let submit = {
        let store = store.clone();
        Callback::from(move |()| {
            store.dispatch(Action::Import(Origin::Paste, store.paste.text.as_bytes().into()));
        })
    };
    let oninput = {
        let store = store.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
                store.dispatch(Action::EditPaste(field.value()));
            }
        })
    };
    let onkeydown = {
        let submit = submit.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                submit.emit(());
            }
        })
    };
    html! {
        <>
            { input_problem_banner(store) }
            <label for="paste-text">{ words.paste_label }</label>
            <textarea id="paste-text" rows="10" spellcheck="false" autocomplete="off"
                placeholder={words.paste_hint} value={store.paste.text.clone()} {oninput} {onkeydown} />
            <div class="dialog-buttons">
                { close_button("paste-cancel", words.cancel, close) }
                <button id="paste-submit" class="button is-primary" type="button"
                    onclick={submit.reform(|_: MouseEvent| ())}>{ words.paste_submit }</button>
            </div>
        </>
    }
}

/// Puts the cursor on the character that is wrong.
pub fn mark_problem(store: &Store) {
    let Some(InputProblemKind::BadHex(bad, _)) = store.problem.as_ref().map(|problem| &problem.kind) else {
        return;
    };
    let field = browser::element("paste-text").and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(field) = field.filter(|_| store.paste.open) else { return };
    let start = utf16_offset(&store.paste.text, bad.line, bad.column);
    let end = start + bad.found.len_utf16() as u32;
    // The text field may hold less when the browser has not drawn it yet; the message says the place anyway.
    let _ = field.focus();
    let _ = field.set_selection_range(start, end);
}
