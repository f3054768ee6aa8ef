//! One plain verdict, always in sight, and the counters behind it.

use yew::prelude::*;

use super::Store;
use super::left_out::left_out_list;
use crate::browser;
use crate::input::Origin;
use crate::session::{Rhythm, Session};
use crate::source::{Connection, Micros};
use crate::state::{Action, Shared, State};
use crate::summary;
use crate::text::fill;
use meterscope_capture::Repaired;
use meterscope_capture::verdict::{Evidence, Verdict, Weight};

/// How long a person waits for the first octets before the page says that there are none.
const PATIENCE: Micros = 15_000_000;

/// The verdict on the capture.
pub fn status_strip(store: &Store) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let evidence = session.evidence();
    let verdict = Verdict::of(&evidence);
    let waiting = waiting(store, session);
    let is_waiting = waiting.is_some();
    let past = past(store).filter(|_| !is_waiting);
    let (glyph, class) = match verdict.weight() {
        _ if is_waiting => ("…", "is-waiting"),
        Weight::Good => ("✓", "is-good"),
        Weight::Attention => ("!", "is-attention"),
        Weight::Bad => ("✕", "is-bad"),
    };
    // No colour of now for what was.
    let class = if past.is_some() { "is-past" } else { class };
    let said = match (waiting, past) {
        (Some(waiting), _) => waiting.to_owned(),
        (None, Some(past)) => fill(past, &[&sentence(store, verdict, &evidence)]),
        (None, None) => sentence(store, verdict, &evidence),
    };
    let layer = verdict
        .layer()
        .filter(|_| !is_waiting)
        .map(|layer| fill(words.layer_failed, &[store.text.layer(layer)]));
    html! {
        <section id="status-strip" class={classes!("status-strip", class)} aria-label={words.totals_label}>
            <div class="verdict">
                <span class="verdict-sign" aria-hidden="true">{ glyph }</span>
                <div class="verdict-text">
                    <p role="status" class="verdict-line">
                        <strong id="verdict">{ said }</strong>
                        if let Some(layer) = layer { <span class="layer">{ layer }</span> }
                    </p>
                    if let Some(next) = store.text.next_step(verdict).filter(|_| !is_waiting) { <p class="verdict-next">{ next }</p> }
                    <p id="input-summary" class="input-summary">{ input_summary(store, session.totals()) }</p>
                    { dropped(store) }
                    { left_out(store) }
                    { overrides(store) }
                </div>
                { remedy(store) }
            </div>
            { counters(store) }
        </section>
    }
}

/// What is waited for where it is too early to call a line silent: most meters speak every ten seconds, and a long frame takes
/// a while.
fn waiting(state: &State, session: &Session) -> Option<&'static str> {
    let words = state.text.words();
    let live = state.live.as_ref().filter(|live| live.is_on())?;
    let is_early =
        live.now.saturating_sub(live.began) < PATIENCE || matches!(live.connection, Connection::Searching(_));
    let evidence = session.evidence();
    if evidence.pending > 0 && Verdict::of(&evidence) == Verdict::Silent {
        return Some(words.frame_begun);
    }
    (is_early && session.totals().octets == 0 && evidence.symptom.is_none()).then_some(words.waiting)
}

/// What a verdict stands behind that is about the time before the board was gone, or before its connection failed.
fn past(state: &State) -> Option<&'static str> {
    let words = state.text.words();
    let live = state.live.as_ref().filter(|live| live.head.0.octet_count() > 0)?;
    match live.connection {
        Connection::Unplugged | Connection::PermissionGone => Some(words.verdict_before_gone),
        Connection::Failed(_) => Some(words.verdict_before_failed),
        _ => None,
    }
}

/// What the page itself can do about it.
fn remedy(store: &Store) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let (id, label, action): (_, _, fn() -> Action) = match Verdict::of(&session.evidence()) {
        // What comes live is mended where the CR comes in, and not on the page.
        Verdict::LineFeeds if store.live.is_none() => {
            ("undo-line-feeds", words.undo_line_feeds, || Action::UndoLineFeeds)
        }
        Verdict::KeyNeeded | Verdict::WrongKey(_) | Verdict::SomeLocked | Verdict::SomeRefused => {
            ("verdict-keys", words.add_key, || Action::OpenKeys(None))
        }
        _ => return Html::default(),
    };
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(action()))
    };
    html! { <button {id} class="button is-small remedy" type="button" {onclick}>{ label }</button> }
}

fn counters(store: &Store) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let evidence = session.totals();
    let counters = [
        ("octets", words.total_octets, session.octet_count()),
        ("good", words.total_good, evidence.good),
        ("damaged", words.total_damaged, evidence.damaged),
        ("skipped", words.total_skipped, evidence.skipped),
        ("messages", words.total_messages, evidence.messages),
        ("deciphered", words.total_deciphered, evidence.deciphered),
        ("readings", words.total_readings, evidence.readings),
    ];
    html! {
        <dl class="counters">
            { for counters.into_iter().map(|(name, label, count)| html! {
                <div class="counter" data-counter={name} data-zero={(count == 0).then_some("")}>
                    <dt>{ label }</dt><dd>{ store.text.numbers.whole(count) }</dd>
                </div>
            }) }
        </dl>
    }
}

fn sentence(state: &State, verdict: Verdict, evidence: &Evidence) -> String {
    let sentence = state.text.verdict(verdict);
    let fastest = state.session.as_ref().and_then(|Shared(session)| session.cadence().fastest());
    // The name belongs to the list whose rhythm is told.
    let (list, meter) = match fastest {
        Some(Rhythm { kind, .. }) if kind.list.is_some() || kind.meter.is_some() => (kind.list, kind.meter),
        _ => (evidence.list, evidence.meter),
    };
    let who = list.map(|list| list.0.to_string()).or(meter.map(summary::meter_name));
    let said: Vec<String> = match verdict {
        Verdict::AllGood => who.into_iter().chain(rhythm(state)).collect(),
        // Silence is worse the longer it lasts.
        Verdict::Silent => last_ago(state).into_iter().collect(),
        _ => Vec::new(),
    };
    if said.is_empty() {
        sentence
    } else {
        fill(state.text.words().verdict_from, &[&sentence, &said.join(", ")])
    }
}

/// How often the meter sends, and when the hourly list is due.
fn rhythm(state: &State) -> Option<String> {
    let Shared(session) = state.session.as_ref()?;
    let (text, words, cadence) = (state.text, state.text.words(), session.cadence());
    let every = fill(words.list_every, &[&text.duration(cadence.fastest()?.interval)]);
    let due = || {
        let now = state.live.as_ref().filter(|live| live.is_on() && !live.is_away())?.now;
        let wait = cadence.hourly()?.due.checked_sub(now)?;
        Some(fill(words.hourly_due, &[&text.duration(wait)]))
    };
    Some([Some(every), due()].into_iter().flatten().collect::<Vec<_>>().join("; "))
}

fn last_ago(state: &State) -> Option<String> {
    let (live, Shared(session)) = (state.live.as_ref()?, state.session.as_ref()?);
    let ago = live.now.checked_sub(session.cadence().last()?)?;
    Some(fill(state.text.words().last_ago, &[&state.text.duration(ago)]))
}

/// What is no longer in memory.
fn dropped(state: &State) -> Option<Html> {
    let Shared(session) = state.session.as_ref()?;
    let octets = Some(session.dropped_octets()).filter(|&octets| octets > 0)?;
    let said = fill(state.text.words().dropped_octets, &[&state.text.numbers.whole(octets)]);
    Some(html! { <p id="dropped-octets" class="input-summary">{ said }</p> })
}

/// What of the input gave no octets.
fn left_out(state: &State) -> Option<Html> {
    let left_out = &state.report.as_ref()?.left_out;
    (!left_out.is_empty()).then(|| {
        html! {
            <details id="left-out" class="input-summary">
                <summary>{ state.text.count(state.text.words().not_taken, left_out.len() as u64) }</summary>
                { left_out_list(state.text, left_out) }
            </details>
        }
    })
}

/// The person's own corrections, and the way to be rid of them.
fn overrides(store: &Store) -> Option<Html> {
    let words = store.text.words();
    let (name, rules) = store.overrides.as_ref()?;
    let count = store.text.count(words.rule_count, rules.len() as u64);
    let onclick = {
        let store = store.clone();
        Callback::from(move |_| {
            store.dispatch(Action::RemoveOverrides);
            // The button goes, and the focus would be lost with it.
            browser::focus_later("overrides-button");
        })
    };
    Some(html! {
        <p id="overrides" class="input-summary">
            { fill(words.overrides_active, &[name, &count]) }{ " " }
            <button id="overrides-remove" class="link" type="button" {onclick}>{ words.overrides_remove }</button>
        </p>
    })
}

/// What the input was taken for, how much of it there is, what was left out and what was repaired.
fn input_summary(store: &State, evidence: &Evidence) -> Option<String> {
    let (words, report) = (store.text.words(), store.report.as_ref()?);
    let octets = store.text.count(words.octet_count, evidence.octets);
    let frames = store.text.count(words.frame_count, evidence.good + evidence.damaged);
    let left_out = match evidence.skipped {
        0 if report.left_out.is_empty() => Some(words.left_out_none.to_owned()),
        0 => None,
        skipped => Some(store.text.count(words.left_out, skipped)),
    };
    let found = Some(format!("{octets}, {frames}"));
    let repaired = repaired(store, report.repaired);
    let said: Vec<String> = [found, left_out].into_iter().flatten().chain(repaired).collect();
    let forms: Vec<String> = report.forms.iter().map(|&form| store.text.form(form)).collect();
    let origin = origin_name(store, &report.origin);
    Some(fill(words.taken_for, &[origin, &forms.join(", "), &said.join("; ")]))
}

/// Where an input came from.
pub(super) fn origin_name<'a>(state: &State, origin: &'a Origin) -> &'a str {
    let words = state.text.words();
    match origin {
        Origin::Paste => words.origin_paste,
        Origin::Demo => words.origin_demo,
        Origin::File(name) => name,
    }
}

/// What was repaired.
pub(super) fn repaired(state: &State, repaired: Repaired) -> impl Iterator<Item = String> {
    let (text, words) = (state.text, state.text.words());
    let repaired = [(words.cr_undone, repaired.crlf_undone), (words.masked_read, repaired.masked_as_zero)];
    repaired
        .into_iter()
        .filter(|&(_, count)| count > 0)
        .map(move |(forms, count)| text.count(forms, count as u64))
}
