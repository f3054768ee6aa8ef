//! Whether the message of the selected frame was ciphered, and what became of it.

use meterscope_decoder::message::SecurityState;
use yew::prelude::*;

use super::Store;
use crate::session::SenderName;
use crate::state::Action;
use crate::summary;
use crate::text::fill;

/// One line, with the way to a key where one is missing.
pub fn frame_security(store: &Store) -> Html {
    let words = store.text.words();
    let Some(message) = &store.tree.message else { return Html::default() };
    let security = message.security;
    let (class, state) = match security.state {
        SecurityState::None => return Html::default(),
        SecurityState::Decrypted => ("is-good", words.security_verified),
        SecurityState::DecryptedUnverified => ("is-attention", words.security_unverified),
        SecurityState::KeyMissing => ("is-attention", words.security_missing),
        SecurityState::AuthenticationFailed => ("is-bad", words.security_refused),
        SecurityState::Unsupported => ("is-bad", words.security_unsupported),
    };
    let sender = SenderName::of(message);
    let key = security.key.and_then(|place| store.keys.iter().nth(usize::from(place)));
    let said = (sender != SenderName::Unknown).then(|| summary::sender_name(store.text, sender));
    let facts = [
        key.map(|key| fill(words.security_key, &[&key.name])),
        said.map(|name| fill(words.security_sender, &[&name])),
        security.frame_counter.map(|counter| fill(words.security_counter, &[&counter.to_string()])),
    ];
    let locked = matches!(security.state, SecurityState::KeyMissing | SecurityState::AuthenticationFailed);
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::OpenKeys(Some(sender))))
    };
    html! {
        <p id="frame-security" class={classes!("frame-security", class)} data-state={security.state.name()}>
            <strong>{ state }</strong>
            { for facts.into_iter().flatten().map(|fact| html! { <span class="muted">{ fact }</span> }) }
            if locked {
                <button class="link" type="button" {onclick}>{ words.add_key_for_it }</button>
            }
        </p>
    }
}
