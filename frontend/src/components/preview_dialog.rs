//! What an input is taken for and what is left out of it, before anything is decoded.

use meterscope_capture::Repairs;
use web_sys::Element;
use yew::prelude::*;

use super::Store;
use super::dialog::{close_button, dialog};
use super::left_out::left_out_list;
use super::status_strip::{origin_name, repaired};
use crate::input::Preview;
use crate::state::{Action, State};
use crate::text::fill;

/// So many parts are listed.
const MOST_PARTS: usize = 12;

/// The dialog.
pub fn preview_dialog(store: &Store) -> Html {
    let cancel = dispatching(store, || Action::CancelPreview);
    let content = store.preview.as_ref().map(|preview| content(store, preview, &cancel));
    dialog("preview-dialog", store.text.words().preview_heading, &cancel, content)
}

fn content(store: &Store, preview: &Preview, cancel: &Callback<()>) -> Html {
    let words = store.text.words();
    let decode = dispatching(store, || Action::Decode);
    // Buttons take Enter themselves; a tick box would do nothing with it.
    let onkeydown = {
        let decode = decode.clone();
        Callback::from(move |event: KeyboardEvent| {
            let on_button =
                event.target_dyn_into::<Element>().is_some_and(|target| target.tag_name() == "BUTTON");
            if event.key() == "Enter" && !on_button {
                event.prevent_default();
                decode.emit(());
            }
        })
    };
    let nothing = preview.imported.octets.is_empty();
    html! {
        <>
            <div class="preview" {onkeydown}>
                <p id="preview-summary" role="status">{ summary(store, preview) }</p>
                { parts(store, preview) }
                { offers(store, preview) }
                if !preview.imported.left_out.is_empty() {
                    <h3>{ words.preview_left_out }</h3>
                    { left_out_list(store.text, &preview.imported.left_out) }
                }
            </div>
            <div class="dialog-buttons">
                { close_button("preview-cancel", words.cancel, cancel) }
                <button id="preview-decode" class="button is-primary" type="button" autofocus=true disabled={nothing}
                    onclick={decode.reform(|_: MouseEvent| ())}>{ words.paste_submit }</button>
            </div>
        </>
    }
}

fn dispatching(store: &Store, action: fn() -> Action) -> Callback<()> {
    let store = store.clone();
    Callback::from(move |()| store.dispatch(action()))
}

/// How much there is in it.
fn summary(state: &State, preview: &Preview) -> String {
    let words = state.text.words();
    let imported = &preview.imported;
    if imported.octets.is_empty() {
        return words.preview_nothing.to_owned();
    }
    let octets = state.text.count(words.octet_count, imported.octets.len() as u64);
    let frames = state.text.count(words.frame_count, preview.frames);
    let mut said = vec![octets, frames];
    said.extend(repaired(state, imported.repaired));
    fill(words.preview_summary, &[origin_name(state, &preview.origin), &said.join(", ")])
}

/// What each part is taken for.
fn parts(state: &State, preview: &Preview) -> Option<Html> {
    let words = state.text.words();
    let parts = &preview.imported.parts;
    let more = parts.len().checked_sub(MOST_PARTS).filter(|&more| more > 0);
    (!parts.is_empty()).then(|| {
        html! {
            <>
                <h3>{ words.preview_taken }</h3>
                <ul id="preview-parts" class="left-out-list">
                    { for parts.iter().take(MOST_PARTS).map(|part| html! {
                        <li>
                            <span class="place">{ state.text.source(part.source) }</span>
                            <span>{ state.text.form(part.form) }</span>
                            <span class="why">
                                { state.text.count(words.octet_count, part.octets.len() as u64) }
                            </span>
                        </li>
                    }) }
                    if let Some(more) = more { <li>{ state.text.count(words.more, more as u64) }</li> }
                </ul>
            </>
        }
    })
}

/// What can be repaired: nothing is unless the person ticks it.
fn offers(store: &Store, preview: &Preview) -> Html {
    let words = store.text.words();
    let (repairs, offers) = (preview.repairs, preview.imported.offers);
    let offers = [
        (
            repairs.undo_crlf || offers.undo_crlf,
            "offer-crlf",
            words.offer_crlf,
            words.offer_crlf_meaning,
            repairs.undo_crlf,
            Repairs { undo_crlf: !repairs.undo_crlf, ..repairs },
        ),
        (
            repairs.masked_as_zero || offers.masked_digits > 0,
            "offer-masked",
            words.offer_masked,
            words.offer_masked_meaning,
            repairs.masked_as_zero,
            Repairs { masked_as_zero: !repairs.masked_as_zero, ..repairs },
        ),
    ];
    offers
        .into_iter()
        .filter(|(offered, ..)| *offered)
        .map(|(_, id, label, meaning, checked, then)| {
            let store = store.clone();
            let onchange = Callback::from(move |_: Event| store.dispatch(Action::Repair(then)));
            let meaning_id = format!("{id}-meaning");
            html! {
                <div key={id} class="remember offer">
                    <input {id} type="checkbox" {checked} aria-describedby={meaning_id.clone()} {onchange} />
                    <label for={id}>{ label }</label>
                    <p id={meaning_id} class="muted">{ meaning }</p>
                </div>
            }
        })
        .collect()
}
