//! The dialog that connects a board: which one, and how its line is set.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Store;
use super::custom_settings::custom_settings;
use super::dialog::{close_button, dialog};
use super::no_port::no_port;
use crate::live;
use crate::source::boards::DeviceId;
use crate::source::presets::Preset;
use crate::state::{Action, BoardAction, State, TuningChoice};

/// The dialog.
pub fn connect_dialog(store: &Store) -> Html {
    let close = boarded(store, |()| BoardAction::CloseDialog);
    let content = store.board.dialog.open.then(|| content(store, &close));
    dialog("connect-dialog", store.text.live().heading, &close, content)
}

fn content(store: &Store, close: &Callback<()>) -> Html {
    let words = store.text.live();
    // The browser sends a form only if its fields are right, and says what is wrong with them.
    let onsubmit = {
        let store = store.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            live::connect(&store.board);
        })
    };
    let label = if store.board.dialog.port.is_some() { words.submit } else { words.submit_ask };
    html! {
        <form class="connect-form" {onsubmit}>
            { no_port(store) }
            { boards(store) }
            { lines(store) }
            <div class="dialog-buttons">
                { close_button("connect-cancel", store.text.words().cancel, close) }
                <button id="connect-submit" class="button is-primary" type="submit" autofocus=true>{ label }</button>
            </div>
        </form>
    }
}

/// The ports that the page may open already, and the way to others.
fn boards(store: &Store) -> Html {
    let (words, board) = (store.text.live(), &store.board);
    let asks = board.dialog.port.is_none();
    let any = html! {
        <div class="choice">
            <input id="any-port" type="checkbox" checked={board.dialog.any} aria-describedby="any-port-meaning"
                onchange={boarded(store, |event: Event| BoardAction::OfferAny(is_checked(&event)))} />
            <label for="any-port">{ words.any_port }</label>
            <span id="any-port-meaning" class="muted">{ words.any_port_meaning }</span>
        </div>
    };
    if board.ports.is_empty() {
        return any;
    }
    html! {
        <fieldset id="known-ports" class="choices">
            <legend>{ words.which_board }</legend>
            { for board.ports.iter().enumerate().map(|(place, device)| known_port(store, place, *device)) }
            <div class="choice">
                <input id="another-port" type="radio" name="port" checked={asks}
                    onchange={boarded(store, |_: Event| BoardAction::ChoosePort(None))} />
                <label for="another-port">{ words.another_board }</label>
            </div>
            if asks { { any } }
        </fieldset>
    }
}

fn known_port(store: &Store, place: usize, device: DeviceId) -> Html {
    let id = format!("known-port-{place}");
    let number = |number: Option<u16>| number.map(|number| format!("{number:04x}"));
    let name = device_name(store, &device.name().unwrap_or_default());
    html! {
        <div class="choice known-port" data-vendor={number(device.vendor)} data-product={number(device.product)}>
            <input id={id.clone()} type="radio" name="port" checked={store.board.dialog.port == Some(place)}
                onchange={boarded(store, move |_: Event| BoardAction::ChoosePort(Some(place)))} />
            <label for={id}>{ name }</label>
            if device.is_known() { <span class="muted mono">{ device.to_string() }</span> }
        </div>
    }
}

/// How the line is set.
fn lines(store: &Store) -> Html {
    let words = store.text.live();
    let presets = Preset::ALL.into_iter().map(|preset| {
        let label = match preset {
            Preset::HanEven => words.han_even,
            Preset::HanNone => words.han_none,
            Preset::Mbus => words.mbus,
            Preset::MbusSlow => words.mbus_slow,
            Preset::MbusFast => words.mbus_fast,
            Preset::P1 => words.p1,
        };
        let settings = html! { <span class="muted mono">{ preset.settings().to_string() }</span> };
        tuning(store, TuningChoice::Preset(preset), preset.id(), label, settings)
    });
    let find_meaning = html! { <span class="muted">{ words.find_meaning }</span> };
    html! {
        <fieldset class="choices">
            <legend>{ words.which_line }</legend>
            { tuning(store, TuningChoice::Find, "preset-find", words.find, find_meaning) }
            { for presets }
            { tuning(store, TuningChoice::Custom, "preset-custom", words.custom, Html::default()) }
            if store.board.dialog.tuning == TuningChoice::Custom { { custom_settings(store) } }
        </fieldset>
    }
}

fn tuning(store: &Store, choice: TuningChoice, id: &'static str, label: &'static str, more: Html) -> Html {
    html! {
        <div class="choice">
            <input {id} type="radio" name="tuning" checked={store.board.dialog.tuning == choice}
                onchange={boarded(store, move |_: Event| BoardAction::Tune(choice))} />
            <label for={id}>{ label }</label>
            { more }
        </div>
    }
}

/// What a person calls a device.
pub(super) fn device_name(state: &State, name: &str) -> String {
    if name.is_empty() { state.text.live().unnamed_port.to_owned() } else { name.to_owned() }
}

/// What a person did becomes an action.
pub(super) fn boarded<E: 'static>(store: &Store, act: impl Fn(E) -> BoardAction + 'static) -> Callback<E> {
    let store = store.clone();
    Callback::from(move |event| store.dispatch(Action::Board(act(event))))
}

/// Whether the box of this event is ticked.
pub(super) fn is_checked(event: &Event) -> bool {
    event.target_dyn_into::<HtmlInputElement>().is_some_and(|box_| box_.checked())
}
