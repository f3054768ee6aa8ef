//! How it stands with the board, and what can be done with it.

use meterscope_capture::verdict::Weight;
use yew::prelude::*;

use super::Store;
use super::connect_dialog::{boarded, device_name, is_checked};
use super::event_list::event_list;
use crate::live;
use crate::source::{Connection, Failure, Signals, forwarder};
use crate::state::{Action, BoardAction, State};
use crate::text::fill;

/// The strip; nothing before the first connection.
pub fn live_strip(store: &Store) -> Option<Html> {
    let words = store.text.live();
    let connection = store.board.connection.as_ref()?;
    let (code, weight) = code(connection);
    let class = match weight {
        Weight::Good => "is-good",
        Weight::Attention => "is-attention",
        Weight::Bad => "is-bad",
    };
    // Where none fits, the last that were tried say nothing.
    let none_fits = matches!(connection, Connection::Failed(Failure::NoSettingsFit(_)));
    let line = store.board.line.as_ref().filter(|_| !none_fits);
    let settings = line.map(|line| line.settings.to_string());
    let is_paused = store.live.as_ref().is_some_and(|live| live.paused);
    Some(html! {
        <section id="live-strip" class={classes!("live-strip", class)} data-connection={code} tabindex="-1"
            aria-label={words.strip}>
            <div class="live-main">
                <span class="live-sign" aria-hidden="true"></span>
                <p id="live-text" class="live-text" role="status">
                    { sentence(store, connection) }
                    if is_paused { { " " }{ words.paused } }
                </p>
                if let Some(settings) = settings { <span id="live-settings" class="mono">{ settings }</span> }
                { marks(store) }
                { search(store, connection) }
                <div class="live-buttons">{ buttons(store, connection, is_paused) }</div>
            </div>
            <div class="live-more">
                // What a file tells stands with the file.
                if store.recorded.is_none() { { event_list(store) } }
                if store.board.is_active() { { lines(store) } }
            </div>
        </section>
    })
}

/// The name for style sheets and tests, and how bad it is.
const fn code(connection: &Connection) -> (&'static str, Weight) {
    match connection {
        Connection::Opening(_) => ("opening", Weight::Attention),
        Connection::Searching(_) => ("searching", Weight::Attention),
        Connection::Open(_) | Connection::Replaying => ("open", Weight::Good),
        Connection::Unplugged => ("unplugged", Weight::Attention),
        Connection::PermissionGone => ("permission-gone", Weight::Bad),
        Connection::Failed(_) => ("failed", Weight::Bad),
        Connection::Closed => ("closed", Weight::Attention),
    }
}

fn sentence(state: &State, connection: &Connection) -> String {
    let words = state.text.live();
    let line = state.board.line.as_ref();
    let device = device_name(state, line.map_or("", |line| &line.device));
    let (template, more) = match connection {
        Connection::Opening(_) => (words.opening, None),
        Connection::Searching(_) => (words.searching, None),
        Connection::Open(_) | Connection::Replaying => (words.open, None),
        Connection::Unplugged => (words.unplugged, None),
        Connection::PermissionGone => (words.permission_gone, None),
        Connection::Closed => (words.closed, None),
        Connection::Failed(Failure::PortInUse) => (words.failed_in_use, None),
        Connection::Failed(Failure::SettingsRefused(settings)) => {
            (words.failed_settings, Some(settings.to_string()))
        }
        Connection::Failed(Failure::Forbidden) => (words.failed_forbidden, None),
        Connection::Failed(Failure::Silent) => (words.failed_silent, None),
        Connection::Failed(Failure::NoSettingsFit(verdict)) => {
            let next = state.text.next_step(*verdict).unwrap_or_default();
            return fill(words.failed_none_fits, &[&state.text.verdict(*verdict), next]);
        }
        Connection::Failed(Failure::Other(what)) => (words.failed_other, Some(what.clone())),
    };
    fill(template, &[&device, more.as_deref().unwrap_or_default()])
}

/// What the board answered, where it is one of Meterscope's own.
fn marks(state: &State) -> Option<Html> {
    let words = state.text.live();
    (state.board.marks && state.board.is_active()).then(|| {
        html! {
            <span id="live-board" title={words.marked_meaning}>{ fill(words.marked, &[&forwarder::name()]) }</span>
        }
    })
}

/// How far the search is.
fn search(store: &Store, connection: &Connection) -> Option<Html> {
    let words = store.text.live();
    let percent = store.board.progress.to_string();
    matches!(connection, Connection::Searching(_)).then(|| {
        html! {
            <>
                <progress id="search-progress" max="100" value={percent} aria-label={words.search_progress} />
                { button("search-cancel", words.search_cancel, |_| live::disconnect()) }
            </>
        }
    })
}

fn buttons(store: &Store, connection: &Connection, is_paused: bool) -> Html {
    let words = store.text.live();
    if !store.board.is_active() {
        let dismiss = boarded(store, |_: MouseEvent| BoardAction::Dismiss);
        return html! {
            <>
                if let Some(remembered) = store.board.remembered {
                    { button("retry-button", words.again, move |_| live::reconnect(remembered)) }
                } else {
                    <button key="retry-button" id="retry-button" class="button is-small" type="button"
                        onclick={boarded(store, |_: MouseEvent| BoardAction::OpenDialog)}>{ words.again }</button>
                }
                <button key="live-dismiss" id="live-dismiss" class="button is-small is-quiet" type="button" onclick={dismiss}>
                    { store.text.words().dismiss }
                </button>
            </>
        };
    }
    let pause = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::Pause(!is_paused)))
    };
    let follow = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::Follow))
    };
    let follows = store.live.as_ref().is_none_or(|live| live.follows);
    html! {
        <>
            if matches!(connection, Connection::PermissionGone) {
                { button("allow-again", words.allow_again, |_| live::allow_again()) }
            }
            if !follows {
                <button key="follow-button" id="follow-button" class="button is-small" type="button" onclick={follow}>
                    { words.follow }
                </button>
            }
            <button key="pause-button" id="pause-button" class="button is-small" type="button" aria-pressed={is_paused.to_string()}
                onclick={pause}>{ words.pause }</button>
            { button("disconnect-button", words.disconnect, |_| live::disconnect()) }
        </>
    }
}

fn button(id: &'static str, label: &'static str, act: impl Fn(MouseEvent) + 'static) -> Html {
    small_button(id, label, Callback::from(act))
}

/// Apart from the above, which is compiled for everything that a button can do.
fn small_button(id: &'static str, label: &'static str, onclick: Callback<MouseEvent>) -> Html {
    // A key: the click that makes a button go must not hit the one that takes its place.
    html! { <button key={id} {id} class="button is-small" type="button" {onclick}>{ label }</button> }
}

/// The lines that the board can see, and the screen.
fn lines(store: &Store) -> Html {
    let words = store.text.live();
    let signals = store.board.signals;
    let set = |change: fn(Signals, bool) -> Signals| {
        boarded(store, move |event: Event| {
            let signals = change(signals, is_checked(&event));
            live::set_signals(signals);
            BoardAction::Signals(signals)
        })
    };
    let awake = boarded(store, |event: Event| BoardAction::KeepAwake(is_checked(&event)));
    html! {
        <div class="live-lines">
            { tick("dtr", words.dtr, words.lines_meaning, signals.dtr, set(|signals, dtr| Signals { dtr, ..signals })) }
            { tick("rts", words.rts, words.lines_meaning, signals.rts, set(|signals, rts| Signals { rts, ..signals })) }
            if let Some(is_awake) = store.board.awake {
                { tick("wake-lock", words.awake, "", is_awake, awake) }
            }
        </div>
    }
}

fn tick(
    id: &'static str,
    label: &'static str,
    meaning: &'static str,
    checked: bool,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <label class="live-tick" title={(!meaning.is_empty()).then_some(meaning)}>
            <input {id} type="checkbox" {checked} {onchange} />{ " " }{ label }
        </label>
    }
}
