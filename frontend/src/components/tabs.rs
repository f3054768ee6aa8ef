//! On a narrow screen one part is shown at a time.

use yew::prelude::*;

use super::StoreProps;
use crate::state::{Action, Tab};

/// The parts to choose from.
#[component]
pub fn Tabs(StoreProps { store }: &StoreProps) -> Html {
    let words = store.text.words();
    let tabs = [
        (Tab::Values, "values", words.values),
        (Tab::Frames, "frames", words.frames),
        (Tab::Fields, "fields", words.fields),
        (Tab::Octets, "octets", words.octets),
    ];
    html! {
        <nav class="tabs" aria-label={words.views}>
            { for tabs.into_iter().map(|(tab, name, label)| {
                let store = store.clone();
                let current = (store.tab == tab).then_some("true");
                let onclick = Callback::from(move |_| store.dispatch(Action::SetTab(tab)));
                html! {
                    <button class="tab" type="button" data-tab={name} aria-current={current} {onclick}>{ label }</button>
                }
            }) }
        </nav>
    }
}
