//! Plays a capture again: start and stop, how fast, and where.

use gloo_timers::callback::Interval;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{Store, StoreProps};
use crate::source::clock;
use crate::source::replay::Speed;
use crate::state::{Action, ReplayAction};
use crate::text::fill;

/// How often the page is drawn while it plays: as often as a person can tell apart.
const TICK_MILLIS: u32 = 33;
const SPEEDS: [(&str, Speed); 4] =
    [("1", Speed::Times(1)), ("10", Speed::Times(10)), ("100", Speed::Times(100)), ("max", Speed::AtOnce)];

/// The bar; nothing where the capture has no times to go by.
#[component]
pub fn ReplayBar(StoreProps { store }: &StoreProps) -> Html {
    let playing = store.replay.as_ref().is_some_and(|replay| replay.playing);
    use_effect_with(playing, {
        let dispatcher = store.dispatcher();
        move |&playing| {
            let interval = playing.then(|| {
                let mut before = clock::now();
                Interval::new(TICK_MILLIS, move || {
                    let now = clock::now();
                    dispatcher.dispatch(Action::Replay(ReplayAction::Advance(now.saturating_sub(before))));
                    before = now;
                })
            });
            move || drop(interval)
        }
    });
    let Some(replay) = &store.replay else { return Html::default() };
    let words = store.text.words();
    let [begin, now, end] = replay.times();
    let label = if playing { words.replay_stop } else { words.replay_play };
    let seconds = |micros: u64| (micros / 1_000_000).to_string();
    let at = fill(words.replay_at, &[&store.text.duration(now - begin), &store.text.duration(end - begin)]);
    html! {
        <section id="replay-bar" class="replay-bar" aria-label={words.replay}>
            <button id="replay-play" class="button is-small" type="button" aria-pressed={playing.to_string()}
                onclick={replayed(store, move |_: &MouseEvent| Some(ReplayAction::Play(!playing)))}>
                <span aria-hidden="true">{ if playing { "❚❚" } else { "▶" } }</span>{ " " }{ label }
            </button>
            <label class="replay-speed">
                { words.replay_speed }{ " " }
                <select id="replay-speed" onchange={replayed(store, chosen_speed)}>
                    { for SPEEDS.map(|(value, speed)| html! {
                        <option {value} selected={speed == replay.speed}>
                            { match speed { Speed::AtOnce => words.replay_at_once.to_owned(), Speed::Times(n) => format!("{n}×") } }
                        </option>
                    }) }
                </select>
            </label>
            <input id="replay-seek" class="replay-seek" type="range" min="0" max={seconds(end - begin)} step="1"
                value={seconds(now - begin)} aria-label={words.replay_seek} aria-valuetext={at.clone()}
                onchange={replayed(store, move |event: &Event| {
                    let input = event.target_dyn_into::<HtmlInputElement>()?;
                    let seconds: u64 = input.value().parse().ok()?;
                    Some(ReplayAction::Seek(begin + seconds * 1_000_000))
                })} />
            <span class="replay-time">{ at }</span>
        </section>
    }
}

fn chosen_speed(event: &Event) -> Option<ReplayAction> {
    let value = event.target_dyn_into::<HtmlSelectElement>()?.value();
    SPEEDS.iter().find(|(name, _)| *name == value).map(|&(_, speed)| ReplayAction::Speed(speed))
}

/// What a person did to the bar becomes an action.
fn replayed<E: 'static>(store: &Store, read: impl Fn(&E) -> Option<ReplayAction> + 'static) -> Callback<E> {
    let store = store.clone();
    Callback::from(move |event| {
        if let Some(action) = read(&event) {
            store.dispatch(Action::Replay(action));
        }
    })
}
