//! Line settings that are all the person's own.

use meterscope_capture::line_settings::{LineSettings, Parity};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::Store;
use crate::state::{Action, BoardAction, SPEEDS, speed_of};
use crate::text::fill;

/// Speed, data bits, parity and stop bits.
pub fn custom_settings(store: &Store) -> Html {
    let (words, custom) = (store.text.live(), store.board.dialog.custom);
    let numbers = store.text.numbers;
    let [slowest, fastest] = [SPEEDS.start(), SPEEDS.end()].map(|&baud| numbers.whole(baud.into()));
    let oninput = {
        let (store, wrong) = (store.clone(), fill(words.baud_wrong, &[&slowest, &fastest]));
        Callback::from(move |event: InputEvent| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else { return };
            // In the words of the page, which tell more than those of the browser. A field for numbers would take 1e4 as well.
            let is_speed = speed_of(&field.value()).is_some();
            field.set_custom_validity(if is_speed { "" } else { &wrong });
            store.dispatch(Action::Board(BoardAction::TypeSpeed(field.value())));
        })
    };
    let bits = |count: u8| (count.to_string(), count.to_string());
    let parities = [
        ("none".to_owned(), words.parity_none.to_owned()),
        ("even".to_owned(), words.parity_even.to_owned()),
        ("odd".to_owned(), words.parity_odd.to_owned()),
    ];
    let parity = match custom.parity {
        Parity::None => "none",
        Parity::Even => "even",
        Parity::Odd => "odd",
    };
    html! {
        <div class="custom-settings">
            <div class="key-field">
                <label for="custom-baud">{ words.baud }</label>
                <input id="custom-baud" type="text" inputmode="numeric" pattern={r"\s*[0-9]+\s*"} autocomplete="off" required=true
                    value={store.board.dialog.speed.clone()} {oninput} />
            </div>
            { select(store, "custom-data-bits", words.data_bits, &[bits(8), bits(7)], &custom.data_bits.to_string(),
                move |value| LineSettings { data_bits: if value == "7" { 7 } else { 8 }, ..custom }) }
            { select(store, "custom-parity", words.parity, &parities, parity, move |value| {
                let parity = match value {
                    "even" => Parity::Even,
                    "odd" => Parity::Odd,
                    _ => Parity::None,
                };
                LineSettings { parity, ..custom }
            }) }
            { select(store, "custom-stop-bits", words.stop_bits, &[bits(1), bits(2)], &custom.stop_bits.to_string(),
                move |value| LineSettings { stop_bits: if value == "2" { 2 } else { 1 }, ..custom }) }
        </div>
    }
}

fn select(
    store: &Store,
    id: &'static str,
    label: &'static str,
    options: &[(String, String)],
    chosen: &str,
    change: impl Fn(&str) -> LineSettings + 'static,
) -> Html {
    let onchange = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                store.dispatch(Action::Board(BoardAction::Customise(change(&select.value()))));
            }
        })
    };
    select_field(id, label, options, chosen, &onchange)
}

/// Apart from the above, which is compiled for each of the fields.
fn select_field(
    id: &'static str,
    label: &'static str,
    options: &[(String, String)],
    chosen: &str,
    onchange: &Callback<Event>,
) -> Html {
    html! {
        <div class="key-field">
            <label for={id}>{ label }</label>
            <select {id} {onchange}>
                { for options.iter().map(|(value, name)| html! {
                    <option value={value.clone()} selected={value == chosen}>{ name.clone() }</option>
                }) }
            </select>
        </div>
    }
}
