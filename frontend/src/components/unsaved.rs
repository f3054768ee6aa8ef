//! What earlier visits recorded and nobody saved: it can be opened, saved as a file, or discarded.

use yew::prelude::*;

use super::Store;
use super::dialog::dialog;
use crate::browser;
use crate::input::Origin;
use crate::recording::{self, Kept, LONGEST_OPENED, News};
use crate::state::{Action, State};
use crate::text::fill;

/// The offer, where there is one.
pub fn unsaved_session(store: &Store) -> Option<Html> {
    let words = store.text.recording_words();
    let unsaved = &store.recording.unsaved;
    (!unsaved.is_empty()).then(|| {
        html! {
            <section id="unsaved-session" class="unsaved" aria-labelledby="unsaved-heading">
                <h2 id="unsaved-heading">{ words.heading }</h2>
                <p class="muted">{ words.meaning }</p>
                <ul>{ for unsaved.iter().enumerate().map(|(place, kept)| row(store, *kept, place == 0)) }</ul>
            </section>
        }
    })
}

/// Asks before a recording is deleted.
pub fn unsaved_dialog(store: &Store) -> Html {
    let ask = Callback::from(telling(store)).reform(|()| News::AskDiscard(None));
    let content = store.recording.discarding.map(|kept| content(store, kept, &ask));
    dialog("discard-dialog", store.text.recording_words().discard_heading, &ask, content)
}

fn content(store: &Store, kept: Kept, ask: &Callback<()>) -> Html {
    let words = store.text.recording_words();
    let discard = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| {
            store.dispatch(Action::Recording(News::AskDiscard(None)));
            recording::discard(kept, telling(&store));
            // The button that was pressed before is gone with its recording.
            browser::focus_later("open-button");
        })
    };
    html! {
        <>
            <p>{ what(store, kept) }</p>
            <p>{ words.discard_meaning }</p>
            <div class="dialog-buttons">
                <button id="discard-cancel" class="button" type="button" autofocus=true
                    onclick={ask.reform(|_: MouseEvent| ())}>{ store.text.words().cancel }</button>
                <button id="discard-submit" class="button is-primary" type="button" onclick={discard}>
                    { words.discard_submit }
                </button>
            </div>
        </>
    }
}

/// One of them; the first has the ids.
fn row(store: &Store, kept: Kept, is_first: bool) -> Html {
    let words = store.text.recording_words();
    let id = |id: &'static str| is_first.then_some(id);
    let is_rescued = store.recording.rescued.contains(&kept.id);
    let is_unreadable = store.recording.unreadable == Some(kept.id);
    let is_too_large = kept.octets > LONGEST_OPENED;
    let open = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| open(&store, kept))
    };
    let save = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| recording::download(kept, telling(&store)))
    };
    let ask = Callback::from(telling(store)).reform(move |_: MouseEvent| News::AskDiscard(Some(kept)));
    html! {
        <li key={kept.id.to_string()} class="unsaved-row" data-recording={kept.id.to_string()}>
            <p>{ what(store, kept) }</p>
            <div class="way-buttons">
                <button id={id("recover-session")} class="button is-primary" type="button" disabled={is_too_large}
                    onclick={open}>{ words.open }</button>
                <button id={id("save-session")} class="button" type="button" onclick={save}>{ words.save }</button>
                <button id={id("discard-session")} class="button" type="button" onclick={ask}>{ words.discard }</button>
            </div>
            <p role="status">
                if is_unreadable { { words.unreadable } }
                else if is_rescued { { words.rescued } }
                else if is_too_large { { words.too_large } }
            </p>
        </li>
    }
}

/// When it began, how long it went on and how large it is.
fn what(state: &State, kept: Kept) -> String {
    let text = state.text;
    let began = browser::date_and_time(text.language, kept.id.began_ms());
    fill(text.recording_words().left, &[&began, &text.duration(kept.lasted()), &text.file_size(kept.octets)])
}

fn open(store: &Store, kept: Kept) {
    let store = store.clone();
    recording::open(kept, move |name, content| {
        store.dispatch(match content {
            Ok(content) => Action::Import(Origin::File(name), content),
            Err(_) => Action::Recording(News::Unreadable(kept.id)),
        });
    });
}

fn telling(store: &Store) -> impl Fn(News) + Clone + 'static {
    let store = store.clone();
    move |news| store.dispatch(Action::Recording(news))
}
