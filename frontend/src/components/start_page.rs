//! The first thing a person sees: what can be done here, and how to begin.

use yew::prelude::*;

use super::Store;
use super::actions::{connect_button, demo_button, open_button, paste_button, reconnect_button};
use super::no_port::no_port_banner;
use super::unsaved::unsaved_session;

/// The three ways in.
pub fn start_page(store: &Store) -> Html {
    let words = store.text.words();
    html! {
        <div class="start">
            <p class="tagline">{ words.tagline }</p>
            { unsaved_session(store) }
            { no_port_banner(store) }
            <div class="ways">
                { connect_way(store) }
                <section class="way">
                    <h2>{ words.open }</h2>
                    <p>{ words.open_explanation }</p>
                    <p>{ words.paste_explanation }</p>
                    <div class="way-buttons">
                        { open_button(store) }
                        { paste_button(store) }
                    </div>
                </section>
                <section class="way">
                    <h2>{ words.demo }</h2>
                    <p>{ words.demo_explanation }</p>
                    <div class="way-buttons">{ demo_button(store) }</div>
                </section>
            </div>
            <p class="privacy">{ words.privacy }</p>
        </div>
    }
}

fn connect_way(store: &Store) -> Html {
    let words = store.text.live();
    html! {
        <section class="way">
            <h2>{ store.text.words().connect }</h2>
            <p>{ words.explanation }</p>
            if !store.board.supported {
                <p id="connect-unavailable">{ words.unavailable }{ " " }{ words.unavailable_elsewhere }</p>
            }
            <div class="way-buttons">
                { reconnect_button(store) }
                { connect_button(store) }
            </div>
        </section>
    }
}
