//! One plain verdict, always in sight, and the counters behind it.

use yew::prelude::*;

use super::Store;
use crate::input::Origin;
use crate::state::{Action, Shared, State};
use crate::summary;
use crate::text::fill;
use meterscope_capture::verdict::{Evidence, Verdict, Weight};
use meterscope_capture::{Form, Source};

/// So many parts that were left out are listed.
const MOST_LEFT_OUT: usize = 50;

/// The verdict on the capture.
pub fn status_strip(store: &Store) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let evidence = session.evidence();
    let verdict = Verdict::of(evidence);
    let (glyph, class) = match verdict.weight() {
        Weight::Good => ("✓", "is-good"),
        Weight::Attention => ("!", "is-attention"),
        Weight::Bad => ("✕", "is-bad"),
    };
    let layer = verdict.layer().map(|layer| fill(words.layer_failed, &[store.text.layer(layer)]));
    html! {
        <section id="status-strip" class={classes!("status-strip", class)} aria-label={words.totals_label}>
            <div class="verdict">
                <span class="verdict-sign" aria-hidden="true">{ glyph }</span>
                <div class="verdict-text">
                    <p role="status" class="verdict-line">
                        <strong id="verdict">{ sentence(store, verdict, evidence) }</strong>
                        if let Some(layer) = layer { <span class="layer">{ layer }</span> }
                    </p>
                    if let Some(next) = store.text.next_step(verdict) { <p class="verdict-next">{ next }</p> }
                    <p id="input-summary" class="input-summary">{ input_summary(store, evidence) }</p>
                    { left_out(store) }
                </div>
                { remedy(store) }
            </div>
            { counters(store) }
        </section>
    }
}

/// What the page itself can do about it.
fn remedy(store: &Store) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let (id, label, action): (_, _, fn() -> Action) = match Verdict::of(session.evidence()) {
        Verdict::LineFeeds => ("undo-line-feeds", words.undo_line_feeds, || Action::UndoLineFeeds),
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
    let evidence = session.evidence();
    let counters = [
        ("octets", words.total_octets, evidence.octets),
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
    let list = evidence.list.map(|list| list.0.to_string());
    let who = list.or(evidence.meter.map(summary::meter_name));
    match who.filter(|_| verdict == Verdict::AllGood) {
        Some(who) => fill(state.text.words().verdict_from, &[&sentence, &who]),
        None => sentence,
    }
}

/// The parts of the input that gave no octets: where they stand and how they begin.
fn left_out(state: &State) -> Option<Html> {
    let words = state.text.words();
    let left_out = &state.report.as_ref()?.left_out;
    if left_out.is_empty() {
        return None;
    }
    let number = |number: usize| state.text.numbers.whole(number as u64);
    let place = |source: Source| match source {
        Source::Whole => String::new(),
        Source::Lines(line, _) => fill(words.line, &[&number(line)]),
        Source::Packets(packet, _) => fill(words.packet, &[&number(packet)]),
    };
    Some(html! {
        <details id="left-out" class="input-summary">
            <summary>{ state.text.count(words.not_taken, left_out.len() as u64) }</summary>
            <ul>
                { for left_out.iter().take(MOST_LEFT_OUT).map(|part| html! {
                    <li>{ place(part.source) }{ ": " }<span class="mono">{ &part.text }</span></li>
                }) }
            </ul>
        </details>
    })
}

/// What the input was taken for, how much of it there is, and what was left out.
fn input_summary(store: &State, evidence: &Evidence) -> Option<String> {
    let (words, report) = (store.text.words(), store.report.as_ref()?);
    let origin = match &report.origin {
        Origin::Paste => words.origin_paste,
        Origin::Demo => words.origin_demo,
        Origin::File(name) => name,
    };
    let form = match report.form {
        Form::Binary | Form::TibberPulse | Form::Pcapng | Form::Pcap => words.form_binary,
        Form::P1Text { line_ends_restored: false } => words.form_p1,
        Form::P1Text { line_ends_restored: true } => words.form_p1_restored,
        _ => words.form_hex,
    };
    let octets = store.text.count(words.octet_count, evidence.octets);
    let frames = store.text.count(words.frame_count, evidence.good + evidence.damaged);
    let left_out = match evidence.skipped {
        0 => words.left_out_none.to_owned(),
        skipped => store.text.count(words.left_out, skipped),
    };
    let left_out =
        if report.line_feeds_undone { format!("{left_out}; {}", words.line_feeds_undone) } else { left_out };
    Some(fill(words.taken_for, &[origin, form, &octets, &frames, &left_out]))
}
