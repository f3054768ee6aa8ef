//! Why there is no port, and what to look at.

use yew::prelude::*;

use super::Store;
use super::connect_dialog::boarded;
use crate::source::faults::NoPort;
use crate::state::BoardAction;
use crate::text::fill;

/// The message, where the last try gave no port.
pub fn no_port(store: &Store) -> Option<Html> {
    let words = store.text.live();
    let said = match store.board.dialog.no_port.as_ref()? {
        NoPort::Cancelled => {
            let checks = [words.check_cable, words.check_driver, words.check_rights, words.check_list];
            html! {
                <div id="picker-cancelled" class="connect-notice" role="status">
                    <p>{ words.cancelled }</p>
                    <ul class="checklist">{ for checks.map(|check| html! { <li>{ check }</li> }) }</ul>
                </div>
            }
        }
        NoPort::InOtherTab => html! {
            <p id="port-in-other-tab" class="connect-notice is-bad" role="alert">{ words.in_other_tab }</p>
        },
        NoPort::Forbidden => html! {
            <p id="port-forbidden" class="connect-notice is-bad" role="alert">{ words.forbidden }</p>
        },
        NoPort::Other(what) => html! {
            <p id="port-failed" class="connect-notice is-bad" role="alert">{ fill(words.no_port, &[what]) }</p>
        },
    };
    Some(said)
}

/// The same outside the dialog, where a button of its own asked for the port.
pub fn no_port_banner(store: &Store) -> Option<Html> {
    let said = no_port(store).filter(|_| !store.board.dialog.open)?;
    let onclick = boarded(store, |_: MouseEvent| BoardAction::Dismiss);
    Some(html! {
        <div class="no-port-banner">
            { said }
            <button id="no-port-dismiss" class="button is-small" type="button" {onclick}>
                { store.text.words().dismiss }
            </button>
        </div>
    })
}
