//! Wiring only: the state, the ways in that are not buttons, and what is shown when.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, DataTransfer, Element, File, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::components::{
    Store, connect_dialog, export_dialog, input_problem_banner, key_dialog, leave_dialog, live_strip,
    mark_problem, no_port_banner, paste_dialog, preview_dialog, quota_warning, recording_state, start_page,
    toolbar, unsaved_dialog, workbench,
};
use crate::input::Origin;
use crate::keys::Keys;
use crate::live::use_board;
use crate::state::{Action, Copied, State};
use crate::text::Text;
use crate::{browser, recording};

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).reduce(action))
    }
}

/// The page.
#[component]
pub fn App() -> Html {
    let store = use_reducer(first_state);
    let dragging = use_state_eq(|| false);
    use_effect_with((), |()| browser::set_root("data-ready", "true"));
    use_effect_with((), {
        let store = store.clone();
        move |()| recording::start(move |news| store.dispatch(Action::Recording(news)))
    });
    // A capture takes the focus: the button that opened it is gone. Nothing else may, while a dialog is open.
    let is_modal = store.key_dialog.open;
    use_effect_with(store.opened, move |&opened| {
        if opened > 0 && !is_modal {
            browser::focus_later("frame-list");
        }
    });
    use_effect_with((store.problem.clone(), store.paste.open), {
        let store = store.clone();
        move |_| mark_problem(&store)
    });
    use_effect_with(store.keys.clone(), |keys| {
        if keys.remembered { browser::remember_keys(&keys.to_text()) } else { browser::forget_keys() }
    });
    use_board(&store);
    use_paste_anywhere(&store);

    let ondragover = {
        let dragging = dragging.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            dragging.set(true);
        })
    };
    let ondragleave = {
        let dragging = dragging.clone();
        // Leaving for another element of the page is not leaving.
        Callback::from(move |event: DragEvent| dragging.set(event.related_target().is_some()))
    };
    let ondrop = {
        let (dragging, store) = (dragging.clone(), store.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            dragging.set(false);
            if let Some(data) = event.data_transfer() {
                take(&store, &data);
            }
        })
    };
    let words = store.text.words();
    html! {
        <div id="drop-zone" class="app" {ondragover} {ondragleave} {ondrop}>
            { toolbar(&store) }
            <main>
                if !store.paste.open { { input_problem_banner(&store) } }
                { quota_warning(&store) }
                { live_strip(&store) }
                { recording_state(&store) }
                if store.session.is_some() {
                    { no_port_banner(&store) }
                    { workbench(&store) }
                } else {
                    { start_page(&store) }
                }
            </main>
            { paste_dialog(&store) }
            { connect_dialog(&store) }
            { preview_dialog(&store) }
            { leave_dialog(&store) }
            { key_dialog(&store) }
            { unsaved_dialog(&store) }
            { export_dialog(&store) }
            { file_input(&store, "file-input", words.open, |name, content| Action::Import(Origin::File(name), content)) }
            { file_input(&store, "overrides-input", words.overrides_meaning, Action::LoadOverrides) }
            <p class="toast" role="status">{ copied(&store) }</p>
            if *dragging { <div class="drop-hint" aria-hidden="true">{ words.drop_here }</div> }
        </div>
    }
}

fn first_state() -> State {
    let language = browser::language();
    browser::apply_language(language, false);
    let theme = browser::theme();
    if let Some(theme) = theme {
        browser::apply_theme(theme);
    }
    let text = Text { language, numbers: browser::number_style(language) };
    let keys = browser::remembered_keys().map(|text| Keys::from_text(&text)).unwrap_or_default();
    State { text, theme, keys, ..State::default() }
}

/// Says what was copied; the key makes the words appear anew when the same is copied again.
fn copied(store: &Store) -> Option<Html> {
    let words = store.text.words();
    let (what, number) = store.copied?;
    let sentence = match what {
        Copied::FieldText => words.copied_field,
        Copied::FieldHex => words.copied_hex,
        Copied::FrameHex => words.copied_frame,
        Copied::Failed => words.copy_failed,
    };
    Some(html! { <span key={number} class="toast-text">{ sentence }</span> })
}

/// What a file comes to, given its name and content.
type Opened = fn(String, Rc<[u8]>) -> Action;

fn file_input(store: &Store, id: &'static str, label: &'static str, opened: Opened) -> Html {
    let onchange = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                open(&store, file, opened);
            }
            // The same file can be chosen again once it has changed.
            input.set_value("");
        })
    };
    html! {
        <input {id} class="visually-hidden" type="file" tabindex="-1" aria-label={label} {onchange} />
    }
}

/// Takes what is pasted anywhere but into a text field.
#[hook]
fn use_paste_anywhere(store: &Store) {
    let store = store.clone();
    use_effect_with(
        store.paste.open
            || store.key_dialog.open
            || store.board.dialog.open
            || store.export.open
            || store.preview.is_some(),
        move |&open| {
            let document = web_sys::window().and_then(|window| window.document()).filter(|_| !open);
            let listener = document.map(|document| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&document, "paste", options, move |event| {
                    let in_text_field = event
                        .target()
                        .and_then(|target| target.dyn_into::<Element>().ok())
                        .is_some_and(|target| matches!(target.tag_name().as_str(), "TEXTAREA" | "INPUT"));
                    let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
                    if let (false, Some(data)) = (in_text_field, data) {
                        event.prevent_default();
                        take(&store, &data);
                    }
                })
            });
            move || drop(listener)
        },
    );
}

/// Takes the first file, or the text.
fn take(store: &Store, data: &DataTransfer) {
    if let Some(file) = data.files().and_then(|files| files.get(0)) {
        open(store, file, |name, content| Action::Import(Origin::File(name), content));
    } else if let Ok(text) = data.get_data("text/plain") {
        store.dispatch(Action::Import(Origin::Paste, text.into_bytes().into()));
    }
}

fn open(store: &Store, file: File, opened: Opened) {
    let store = store.clone();
    spawn_local(async move {
        let name = file.name();
        let action = match read(&file).await {
            Ok(content) => opened(name, content.into()),
            Err(_) => Action::Unreadable(name),
        };
        store.dispatch(action);
    });
}

async fn read(file: &File) -> Result<Vec<u8>, JsValue> {
    let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
