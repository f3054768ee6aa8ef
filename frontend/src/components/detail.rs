//! All that is known of the selected field, and the buttons that copy it.

use yew::prelude::*;

use super::Store;
use super::buffer_switch::buffer_name;
use crate::annotation::Place;
use crate::clipboard;
use crate::copy::{hex, label_text, own_value_text};
use crate::state::{Action, Shared};
use crate::text::fill;

/// How many octets are shown; the hex view shows the rest.
const MOST_OCTETS: usize = 64;

/// The selected field.
pub fn detail(store: &Store) -> Html {
    let words = store.text.words();
    let button = |id: Option<&'static str>, label: &'static str, enabled: bool, copy: fn(&Store)| {
        let store = store.clone();
        let onclick = Callback::from(move |_| copy(&store));
        html! { <button {id} class="button is-small" type="button" disabled={!enabled} {onclick}>{ label }</button> }
    };
    let selected = store.selection.is_some();
    html! {
        <div class="detail" role="group" aria-label={words.detail_label}>
            { selected_field(store).unwrap_or_else(|| html! { <p class="detail-none">{ words.detail_none }</p> }) }
            <div class="detail-buttons">
                { button(Some("copy-field"), words.copy_field, selected, clipboard::copy_field) }
                { button(Some("copy-hex"), words.copy_hex, selected, clipboard::copy_field_hex) }
                { button(Some("copy-frame"), words.copy_frame, store.item.is_some(), clipboard::copy_frame_hex) }
            </div>
        </div>
    }
}

fn selected_field(store: &Store) -> Option<Html> {
    let words = store.text.words();
    let row = store.tree.rows.get(store.selection?.row)?;
    let octets = store.selected_octets()?;
    let source = source(store);
    let own = own_value_text(store.text, row, octets);
    let number = |at: u32| store.text.numbers.whole(u64::from(at));
    let place = if octets.len() == 1 {
        fill(words.go_to_octet, &[&number(row.span.start)])
    } else {
        fill(words.detail_octets, &[&number(row.span.start), &number(row.span.end.saturating_sub(1))])
    };
    let shown = octets.get(..MOST_OCTETS).map_or_else(|| hex(octets), |first| format!("{} …", hex(first)));
    let reading = row.reading.and_then(|number| store.tree.readings.get(number)).map(|reading| {
        let object = reading.object.clone().map(|object| html! { <span class="mono">{ object }</span> });
        html! {
            <p class="detail-reading">
                { object }
                <span>{ store.text.reading_name(reading) }</span>
                <strong>{ store.text.reading_value(reading) }</strong>
                <span class="muted">{ store.text.provenance(reading) }</span>
            </p>
        }
    });
    Some(html! {
        <div class="detail-field">
            <p><strong>{ label_text(store.text, row.label) }</strong><span>{ own }</span></p>
            { reading }
            <p class="detail-octets"><span class="muted">{ place }</span>{ source }<span class="mono">{ shown }</span></p>
        </div>
    })
}

/// Where the octet came from, as a link to that place; for octets of the frame itself there is none.
fn source(store: &Store) -> Option<Html> {
    let words = store.text.words();
    let place = store.place_of_selected()?;
    let number = |number: usize| store.text.numbers.whole(number as u64);
    let label = match place {
        Place::Buffer(buffer, octet) => {
            fill(words.from_octet_of, &[&number(octet as usize), buffer_name(store, buffer)])
        }
        Place::Frame(frame, octet) => {
            let Shared(session) = store.session.as_ref()?;
            let item = *session.items_of_message(store.item?).get(frame)?;
            let frame = number(item + 1);
            match octet {
                Some(octet) => fill(words.from_frame_octet, &[&frame, &number(octet as usize)]),
                None => fill(words.from_frame_only, &[&frame]),
            }
        }
    };
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::ShowPlace(place)))
    };
    Some(html! { <button id="octet-source" class="link" type="button" {onclick}>{ label }</button> })
}
