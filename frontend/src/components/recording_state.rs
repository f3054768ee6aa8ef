//! How much of what the page watches is safe, and what stands in the way.

use yew::prelude::*;

use super::Store;
use crate::recording;
use crate::text::fill;

/// How much is safe, once something is recorded.
pub fn recording_state(store: &Store) -> Option<Html> {
    let own = store.recording.own?;
    let text = store.text;
    let words = text.recording_words();
    let line = text.count(text.words().octet_count, own.progress.line_octets);
    let file = text.file_size(own.progress.file_octets);
    let has_octets = own.progress.file_octets > 0;
    // A port that said nothing leaves no recording.
    if own.finished && !has_octets {
        return None;
    }
    let (state, sentence) = if !has_octets {
        ("starting", words.starting)
    } else if !own.finished {
        ("recording", words.recording)
    } else if own.is_saved() {
        ("saved", words.finished_saved)
    } else {
        ("finished", words.finished)
    };
    let onclick = Callback::from(|_| recording::save());
    Some(html! {
        <div id="recording-state" class="recording-state" data-state={state}
            data-saved-octets={own.progress.line_octets.to_string()}
            data-file-octets={own.progress.file_octets.to_string()}
            data-saved-elsewhere={own.saved_elsewhere.to_string()}>
            <span class="recording-sign" aria-hidden="true"></span>
            <span class="recording-text">{ fill(sentence, &[&line, &file]) }</span>
            if has_octets {
                <button id="save-recording" class="button is-small" type="button" {onclick}>{ words.save }</button>
            }
        </div>
    })
}

/// What stands in the way of recording, or soon will.
pub fn quota_warning(store: &Store) -> Option<Html> {
    let text = store.text;
    let sentence = match (store.recording.fault, store.recording.shortage) {
        (Some(fault), _) => text.recording_fault(fault),
        (None, Some(shortage)) => text.shortage(shortage),
        (None, None) => return None,
    };
    Some(html! { <p id="quota-warning" class="quota-warning" role="alert">{ sentence }</p> })
}
