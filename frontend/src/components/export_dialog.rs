//! As what the shown capture is saved, and how much of it.

use meterscope_capture::export::Format;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Store;
use super::dialog::{close_button, dialog};
use crate::browser;
use crate::export::{self, ExportForm, Limit, Part};
use crate::plot::view::SECOND;
use crate::recording;
use crate::source::{Micros, clock};
use crate::state::Action;

/// The fields for the times from which and up to which is saved.
const FROM: &str = "export-from";
const TO: &str = "export-to";

/// The dialog.
pub fn export_dialog(store: &Store) -> Html {
    let onclose = changing(store, |form| ExportForm { open: false, ..form });
    let content = store.export.open.then(|| content(store, &onclose));
    dialog("export-dialog", store.text.words().export_heading, &onclose, content)
}

fn content(store: &Store, onclose: &Callback<()>) -> Html {
    let words = store.text.words();
    let onsubmit = {
        let store = store.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            save(&store);
        })
    };
    html! {
            <form class="export-form" {onsubmit}>
                <fieldset>
                    <legend>{ words.export_as }</legend>
                    { formats(store) }
                </fieldset>
                <fieldset>
                    <legend>{ words.export_part }</legend>
                    { parts(store) }
                </fieldset>
                <p id="export-nothing" class="export-nothing" role="status">
                    { if store.export.nothing { words.export_nothing } else { "" } }
                </p>
                <div class="dialog-buttons">
                    { close_button("export-cancel", words.cancel, onclose) }
                    <button id="export-submit" class="button is-primary" type="submit">{ words.export_submit }</button>
                </div>
            </form>
    }
}

fn formats(store: &Store) -> Html {
    let words = store.text.words();
    let formats = [
        ("export-pcapng", Format::Pcapng, words.export_pcapng, words.export_pcapng_meaning),
        ("export-raw", Format::Raw, words.export_raw, words.export_raw_meaning),
        ("export-hex", Format::HexLog, words.export_hex, words.export_hex_meaning),
        ("export-jsonl", Format::JsonLines, words.export_jsonl, words.export_jsonl_meaning),
        ("export-csv-tidy", Format::CsvTidy, words.export_csv_tidy, words.export_csv_tidy_meaning),
        ("export-csv-wide", Format::CsvWide, words.export_csv_wide, words.export_csv_wide_meaning),
        ("export-user0", Format::Frames, words.export_user0, words.export_user0_meaning),
        (
            "export-user0-deciphered",
            Format::FramesDeciphered,
            words.export_user0_deciphered,
            words.export_user0_deciphered_meaning,
        ),
    ];
    formats
        .into_iter()
        .map(|(id, format, label, meaning)| {
            let onchange = changing(store, move |form| ExportForm { format, ..form });
            let checked = store.export.format == format;
            radio("export-format", id, label, Some(meaning), checked, false, &onchange)
        })
        .collect()
}

fn parts(store: &Store) -> Html {
    let words = store.text.words();
    let form = &store.export;
    let has_times = store.session.as_ref().is_some_and(|shared| shared.0.times().is_some());
    let parts = [
        ("export-all", Part::All, words.export_all, true),
        ("export-selected", Part::Selected, words.export_selected, store.item.is_some()),
        ("export-times", Part::Times, words.export_times, has_times),
    ];
    html! {
        <>
            { for parts.into_iter().map(|(id, part, label, possible)| {
                let onchange = changing(store, move |form| ExportForm { part, nothing: false, ..form });
                radio("export-part", id, label, None, form.part == part, !possible, &onchange)
            }) }
            if form.part == Part::Times {
                <div class="export-times">
                    { time(store, FROM, words.export_from, &form.from, |form, from| ExportForm { from, ..form }) }
                    { time(store, TO, words.export_to, &form.to, |form, to| ExportForm { to, ..form }) }
                </div>
            }
        </>
    }
}

/// The field of one of the two times.
fn time(
    store: &Store,
    id: &'static str,
    label: &'static str,
    limit: &Limit,
    set: fn(ExportForm, Limit) -> ExportForm,
) -> Html {
    let half_typed = store.text.words().export_half_typed;
    let oninput = {
        let store = store.clone();
        Callback::from(move |event: InputEvent| {
            browser::refuse(TO, "");
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                judge(&field, half_typed);
                let form = ExportForm { nothing: false, ..store.export.clone() };
                store.dispatch(Action::SetExport(set(form, Limit::typed(field.value()))));
            }
        })
    };
    // A field that was empty and is half full has the same value as before: no input is told.
    let onkeyup = Callback::from(move |event: KeyboardEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
            judge(&field, half_typed);
        }
    });
    html! {
        <label>
            { label }
            <input {id} type="datetime-local" step="1" value={limit.text.clone()} {oninput} {onkeyup} />
        </label>
    }
}

/// A time of which a part is missing has no value, as an empty field has none, and must not be taken for that.
fn judge(field: &HtmlInputElement, half_typed: &str) {
    let validity = field.validity();
    if validity.bad_input() {
        field.set_custom_validity(half_typed);
    } else if field.validation_message().is_ok_and(|said| said == half_typed) {
        field.set_custom_validity("");
    }
}

fn radio(
    name: &'static str,
    id: &'static str,
    label: &'static str,
    meaning: Option<&'static str>,
    checked: bool,
    disabled: bool,
    onchange: &Callback<()>,
) -> Html {
    let described = meaning.map(|_| format!("{id}-meaning"));
    html! {
        <div key={id} class="choice">
            <input {id} type="radio" {name} {checked} {disabled} aria-describedby={described.clone()}
                onchange={onchange.reform(|_: Event| ())} />
            <label for={id}>{ label }</label>
            if let Some(meaning) = meaning { <p id={described} class="muted">{ meaning }</p> }
        </div>
    }
}

fn changing(store: &Store, change: impl Fn(ExportForm) -> ExportForm + 'static) -> Callback<()> {
    let store = store.clone();
    Callback::from(move |()| store.dispatch(Action::SetExport(change(store.export.clone()))))
}

/// Gives the person the file and closes the dialog, or says that there is nothing in it.
fn save(store: &Store) {
    let form = store.export.clone();
    let now = clock::now();
    let begins = export::begins(store, |at| {
        at.saturating_add_signed(-i64::from(browser::zone_minutes(at)) * 60_000_000)
    });
    let begins = begins.unwrap_or(now);
    let zone_minutes = browser::zone_minutes(begins);
    let [from, to] =
        [&form.from, &form.to].map(|limit| limit.second(|text| time_of(store, text, zone_minutes)));
    let (from, end) = (from.unwrap_or(0), to.map_or(u64::MAX, |to| to + SECOND));
    if form.part == Part::Times && from >= end {
        browser::refuse(TO, store.text.words().export_reversed);
        return;
    }
    let file = export::file(store, from..end, zone_minutes);
    if let Some(file) = &file {
        browser::download(&export::file_name(store, browser::wall_clock(begins)), file);
        if export::is_recording(store) {
            recording::note_saved();
        }
    }
    store.dispatch(Action::SetExport(ExportForm { open: file.is_none(), nothing: file.is_none(), ..form }));
}

/// What a field says, in UTC; nothing where it is empty. A clock on a wall of which no zone is known is told by the same
/// zone as its capture.
fn time_of(store: &Store, text: &str, zone_minutes: i16) -> Option<Micros> {
    if export::counts_on_wall(store) {
        let on_wall = browser::time_on_wall(&format!("{text}Z"))?;
        on_wall.checked_add_signed(-i64::from(zone_minutes) * 60_000_000)
    } else {
        browser::time_on_wall(text)
    }
}
