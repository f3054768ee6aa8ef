//! The form that adds a key. Its fields belong to the browser alone and are emptied as soon as the key is taken.

use std::rc::Rc;

use meterscope_decoder::security::{KeyError, Owner};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;
use zeroize::Zeroizing;

use super::{Store, StoreProps};
use crate::browser;
use crate::keys::{NamedKey, Part};
use crate::session::SenderName;
use crate::state::{Action, Shared};
use crate::summary;
use crate::text::fill;

/// For whose messages the key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Everyone,
    Title,
    Meter,
}

impl Whose {
    const ALL: [Self; 3] = [Self::Everyone, Self::Title, Self::Meter];

    const fn code(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Title => "title",
            Self::Meter => "meter",
        }
    }

    fn of(sender: Option<SenderName>) -> (Self, String) {
        match sender {
            Some(SenderName::Title(title)) => (Self::Title, crate::copy::hex(&title)),
            Some(SenderName::Meter(_, number)) => (Self::Meter, format!("{number:08X}")),
            Some(SenderName::Unknown) | None => (Self::Everyone, String::new()),
        }
    }

    /// The owner that a text names.
    fn owner(self, text: &str) -> Result<Owner, KeyError> {
        match (self, Owner::from_text(text)) {
            (Self::Everyone, _) => Ok(Owner::Anyone),
            (Self::Title, Ok(owner @ Owner::Address(_))) => Ok(owner),
            (Self::Meter, Ok(owner @ Owner::Identification(_))) => Ok(owner),
            _ => Err(KeyError::Owner),
        }
    }
}

/// What the form shows, besides what the browser keeps in its fields.
#[derive(Clone, Debug, PartialEq)]
struct Shows {
    whose: Whose,
    digits: bool,
    wrong: Option<Wrong>,
    /// The name of the key that was taken last.
    added: Option<String>,
}

/// What is wrong with the form; the field of the whose-number has no part of a key.
type Wrong = (Option<Part>, KeyError);

/// The form.
#[component]
pub fn KeyForm(StoreProps { store }: &StoreProps) -> Html {
    let words = store.text.words();
    let sender = store.key_dialog.sender;
    let (first, number) = Whose::of(sender);
    let fields = use_memo((), |()| Fields::default());
    let shows = use_state_eq(|| Shows { whose: first, digits: false, wrong: None, added: None });
    use_effect_with((), {
        // Whoever came to add a key begins with it.
        let wanted = sender.is_some() || store.keys.len() == 0;
        move |()| {
            if wanted {
                browser::focus_later("key-encryption");
            }
        }
    });
    let onsubmit = {
        let (store, fields, shows) = (store.clone(), fields.clone(), shows.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match fields.key(&store, shows.whose) {
                Ok(key) => {
                    let added = Some(key.name.clone());
                    shows.set(Shows { whose: Whose::Everyone, wrong: None, added, digits: shows.digits });
                    store.dispatch(Action::AddKey(Shared(Rc::new(key))));
                    fields.empty();
                }
                Err(wrong) => {
                    shows.set(Shows { wrong: Some(wrong), added: None, ..(*shows).clone() });
                    browser::focus_later(match wrong.0 {
                        Some(Part::Encryption) => "key-encryption",
                        Some(Part::Authentication) => "key-authentication",
                        None => "key-number",
                    });
                }
            }
        })
    };
    let oninput = {
        let shows = shows.clone();
        Callback::from(move |_: InputEvent| shows.set(Shows { wrong: None, ..(*shows).clone() }))
    };
    let toggle = {
        let shows = shows.clone();
        Callback::from(move |_: MouseEvent| shows.set(Shows { digits: !shows.digits, ..(*shows).clone() }))
    };
    let secret = |id: &'static str, label: &'static str, field: &NodeRef, part: Part| {
        let error =
            shows.wrong.filter(|(at, _)| *at == Some(part)).map(|(_, error)| store.text.key_error(error));
        html! {
            <div class="key-field">
                <label for={id}>{ label }</label>
                <input {id} class="secret" type={if shows.digits { "text" } else { "password" }} ref={field}
                    autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="key-hint"
                    oninput={oninput.clone()} aria-invalid={error.is_some().to_string()} />
                { mistake(error) }
            </div>
        }
    };
    let heading = match sender {
        Some(sender) => fill(words.key_heading_for, &[&summary::sender_name(store.text, sender)]),
        None => words.key_heading.to_owned(),
    };
    let show = if shows.digits { words.key_hide } else { words.key_show };
    html! {
        <form id="key-form" class="key-form" aria-labelledby="key-form-heading" novalidate=true {onsubmit}>
            <h3 id="key-form-heading">{ heading }</h3>
            { secret("key-encryption", words.key_encryption, &fields.encryption, Part::Encryption) }
            { secret("key-authentication", words.key_authentication, &fields.authentication, Part::Authentication) }
            <p class="key-hint muted">
                <span id="key-hint">{ words.key_hint }</span>
                <button id="key-show" class="link" type="button" aria-pressed={shows.digits.to_string()} onclick={toggle}>{ show }</button>
            </p>
            <div class="key-field">
                <label for="key-name">{ words.key_name }</label>
                <input id="key-name" type="text" ref={&fields.name} autocomplete="off" placeholder={words.key_name_hint} />
            </div>
            { whose_fields(store, &shows, &fields, number, &oninput) }
            <div class="key-submit">
                <p role="status" class="muted">
                    { shows.added.as_ref().map(|name| fill(words.key_added, &[name])) }
                </p>
                <button id="key-add" class="button is-primary" type="submit">{ words.add_key }</button>
            </div>
        </form>
    }
}

fn whose_fields(
    store: &Store,
    shows: &UseStateHandle<Shows>,
    fields: &Fields,
    number: String,
    oninput: &Callback<InputEvent>,
) -> Html {
    let words = store.text.words();
    let onchange = {
        let shows = shows.clone();
        Callback::from(move |event: Event| {
            let code = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value());
            let chosen = Whose::ALL.into_iter().find(|whose| Some(whose.code()) == code.as_deref());
            let whose = chosen.unwrap_or(Whose::Everyone);
            shows.set(Shows { whose, ..(*shows).clone() });
        })
    };
    let option = |choice: Whose, label: &'static str| {
        html! { <option value={choice.code()} selected={shows.whose == choice}>{ label }</option> }
    };
    let label = match shows.whose {
        Whose::Everyone => None,
        Whose::Title => Some(words.owner_title_label),
        Whose::Meter => Some(words.owner_meter_label),
    };
    let error = shows.wrong.filter(|(part, _)| part.is_none()).map(|(_, error)| store.text.key_error(error));
    html! {
        <div class="key-field">
            <label for="key-whose">{ words.key_owner }</label>
            <select id="key-whose" {onchange}>
                { option(Whose::Everyone, words.owner_everyone) }
                { option(Whose::Title, words.owner_title) }
                { option(Whose::Meter, words.owner_meter) }
            </select>
            if let Some(label) = label {
                <input id="key-number" class="mono" type="text" ref={&fields.number} aria-label={label} placeholder={label}
                    autocomplete="off" spellcheck="false" ~value={number} oninput={oninput.clone()}
                    aria-invalid={error.is_some().to_string()} />
                { mistake(error) }
            }
        </div>
    }
}

fn mistake(error: Option<String>) -> Html {
    error.map(|error| html! { <p class="mistake" role="alert">{ error }</p> }).unwrap_or_default()
}

/// The fields as the browser has them.
#[derive(Debug, Default, PartialEq)]
struct Fields {
    encryption: NodeRef,
    authentication: NodeRef,
    name: NodeRef,
    number: NodeRef,
}

impl Fields {
    fn key(&self, store: &Store, whose: Whose) -> Result<NamedKey, Wrong> {
        let (encryption, authentication) = (text(&self.encryption), text(&self.authentication));
        let owner = whose.owner(&text(&self.number)).map_err(|error| (None, error))?;
        let name = text(&self.name);
        let unnamed = || fill(store.text.words().key_unnamed, &[&(store.keys.len() + 1).to_string()]);
        let name = if name.trim().is_empty() { unnamed() } else { name.to_string() };
        NamedKey::new(&name, &encryption, &authentication, owner).map_err(|(part, error)| (Some(part), error))
    }

    fn empty(&self) {
        for field in [&self.encryption, &self.authentication, &self.name, &self.number] {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value("");
            }
        }
    }
}

fn text(field: &NodeRef) -> Zeroizing<String> {
    Zeroizing::new(field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default())
}
