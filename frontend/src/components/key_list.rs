//! Who sends ciphered messages, the keys there are, and how they fit.

use meterscope_decoder::security::Owner;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Store;
use crate::browser;
use crate::keys::{KeyFit, NamedKey};
use crate::session::{Sender, SenderName};
use crate::state::{Action, Shared};
use crate::summary;
use crate::text::fill;

/// Everybody who sends ciphered messages, with the way to a key where one is missing.
pub fn senders(store: &Store) -> Html {
    let words = store.text.words();
    let senders = store.session.as_ref().map(|Shared(session)| session.senders()).unwrap_or_default();
    if senders.is_empty() {
        return Html::default();
    }
    html! {
        <ul id="key-senders" class="key-rows" aria-label={words.senders_label}>
            { for senders.iter().map(|sender| sender_row(store, sender)) }
        </ul>
    }
}

fn sender_row(store: &Store, sender: &Sender) -> Html {
    let words = store.text.words();
    let name = summary::sender_name(store.text, sender.name);
    let (class, state) = if sender.opened == sender.messages {
        ("is-good", words.sender_open)
    } else if sender.refused > 0 {
        ("is-bad", words.sender_refused)
    } else {
        ("is-attention", words.sender_waiting)
    };
    let counter = sender.counter.map(|counter| fill(words.sender_counter, &[&counter.to_string()]));
    let messages = store.text.count(words.message_count, u64::from(sender.messages));
    let facts: Vec<String> = [Some(messages), counter].into_iter().flatten().collect();
    let onclick = {
        let (store, name) = (store.clone(), sender.name);
        Callback::from(move |_| {
            store.dispatch(Action::OpenKeys(Some(name)));
            browser::focus_later("key-encryption");
        })
    };
    html! {
        <li class={classes!("key-row", class)}>
            <span class="key-main"><strong class="mono">{ name }</strong><span class="muted">{ facts.join(" · ") }</span></span>
            <span class="key-state">{ state }</span>
            if sender.opened < sender.messages {
                <button class="button is-small" type="button" {onclick}>{ words.add_key_for_it }</button>
            }
        </li>
    }
}

/// The keys.
pub fn key_list(store: &Store) -> Html {
    let words = store.text.words();
    if store.keys.len() == 0 {
        return html! { <p id="key-list" class="muted">{ words.keys_none }</p> };
    }
    html! {
        <ul id="key-list" class="key-rows" aria-label={words.keys}>
            { for (0..).zip(store.keys.iter()).map(|(place, key)| key_row(store, key, store.fits.get(place))) }
        </ul>
    }
}

fn key_row(store: &Store, key: &NamedKey, fit: Option<&KeyFit>) -> Html {
    let words = store.text.words();
    let id = key.id;
    let rename = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                store.dispatch(Action::RenameKey(id, field.value()));
            }
        })
    };
    let remove = {
        let store = store.clone();
        Callback::from(move |_| {
            store.dispatch(Action::RemoveKey(id));
            // The button that had the focus is gone with its key.
            browser::focus_later("key-encryption");
        })
    };
    let swap = {
        let store = store.clone();
        Callback::from(move |_| {
            store.dispatch(Action::SwapKey(id));
            browser::focus_later("key-encryption");
        })
    };
    let parts = if key.has_authentication() { words.key_pair } else { words.key_single };
    let (class, sentence) = fit.map_or((None, None), |fit| fit_of(store, fit));
    html! {
        <li key={id} class={classes!("key-row", class)} data-key={id.to_string()}>
            <span class="key-main">
                <input class="key-title" type="text" value={key.name.clone()} aria-label={words.key_name}
                    autocomplete="off" spellcheck="false" onchange={rename} />
                <span class="muted">{ parts }{ ", " }{ owner(store, key.owner()) }</span>
            </span>
            if let Some(sentence) = sentence { <span class="key-state">{ sentence }</span> }
            <button class="button is-small" type="button" onclick={remove}
                aria-label={format!("{}: {}", words.key_remove, key.name)}>{ words.key_remove }</button>
            if fit.is_some_and(|fit| fit.swapped) {
                <p class="key-swapped" role="alert">
                    <span>{ words.key_swapped }</span>
                    <button class="button is-small" type="button" onclick={swap}>{ words.key_swap }</button>
                </p>
            }
        </li>
    }
}

/// How a key fits, where there is something to try it on.
fn fit_of(store: &Store, KeyFit { fit, swapped }: &KeyFit) -> (Option<&'static str>, Option<String>) {
    let words = store.text.words();
    let ciphered = store.session.as_ref().is_some_and(|Shared(session)| !session.senders().is_empty());
    if !ciphered {
        return (None, None);
    }
    let tried = store.text.count(words.message_count, u64::from(fit.tried));
    let opened = store.text.numbers.whole(u64::from(fit.opened));
    let (class, sentence) = match fit {
        fit if fit.tried == 0 => ("is-attention", words.fit_none.to_owned()),
        fit if fit.opened == 0 && fit.tag_only > 0 => ("is-bad", words.fit_tag_only.to_owned()),
        // The swap is said below.
        _ if *swapped => return (Some("is-bad"), None),
        fit if fit.opened == 0 => ("is-bad", fill(words.fit_refused, &[&tried])),
        fit if fit.verified == fit.opened => ("is-good", fill(words.fit_checked, &[&opened, &tried])),
        _ => ("is-good", fill(words.fit_unchecked, &[&opened, &tried])),
    };
    (Some(class), Some(sentence))
}

fn owner(store: &Store, owner: Owner) -> String {
    let words = store.text.words();
    match owner {
        Owner::Anyone => words.key_of_everyone.to_owned(),
        Owner::Address(title) => fill(words.key_of, &[&summary::title_text(title)]),
        Owner::Identification(number) => {
            fill(words.key_of, &[&summary::sender_name(store.text, SenderName::Meter(*b"   ", number))])
        }
    }
}
