//! The first thing a person sees: what can be done here, and how to begin.

use yew::prelude::*;

use super::StoreProps;
use super::actions::{ConnectButton, DemoButton, OpenButton, PasteButton};

/// The three ways in.
#[component]
pub fn StartPage(StoreProps { store }: &StoreProps) -> Html {
    let words = store.text.words();
    html! {
        <div class="start">
            <p class="tagline">{ words.tagline }</p>
            <div class="ways">
                <section class="way">
                    <h2>{ words.open }</h2>
                    <p>{ words.open_explanation }</p>
                    <p>{ words.paste_explanation }</p>
                    <div class="way-buttons">
                        <OpenButton store={store.clone()} />
                        <PasteButton store={store.clone()} />
                    </div>
                </section>
                <section class="way">
                    <h2>{ words.demo }</h2>
                    <p>{ words.demo_explanation }</p>
                    <div class="way-buttons"><DemoButton store={store.clone()} /></div>
                </section>
                <section class="way is-coming">
                    <h2>{ words.connect }</h2>
                    <p>{ words.connect_explanation }</p>
                    <div class="way-buttons"><ConnectButton store={store.clone()} /></div>
                </section>
            </div>
            <p class="privacy">{ words.privacy }</p>
        </div>
    }
}
