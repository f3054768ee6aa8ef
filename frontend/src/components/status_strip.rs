//! One plain verdict, always in sight, and the counters behind it.

use yew::prelude::*;

use super::{Store, StoreProps};
use crate::input::Origin;
use crate::session::Totals;
use crate::state::{Shared, State};
use crate::summary;
use crate::text::fill;
use crate::verdict::{Verdict, Weight};
use meterscope_capture::Form;

/// The verdict on the capture.
#[component]
pub fn StatusStrip(StoreProps { store }: &StoreProps) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let totals = session.totals();
    let verdict = Verdict::of(totals);
    let (glyph, class) = match verdict.weight() {
        Weight::Good => ("✓", "is-good"),
        Weight::Attention => ("!", "is-attention"),
        Weight::Bad => ("✕", "is-bad"),
    };
    let (sentence, next) = sentences(store, verdict, totals);
    let layer = verdict.layer().map(|layer| fill(words.layer_failed, &[store.text.layer(layer)]));
    html! {
        <section id="status-strip" class={classes!("status-strip", class)} aria-label={words.totals_label}>
            <div class="verdict">
                <span class="verdict-sign" aria-hidden="true">{ glyph }</span>
                <div>
                    <p role="status" class="verdict-line">
                        <strong>{ sentence }</strong>
                        if let Some(layer) = layer { <span class="layer">{ layer }</span> }
                    </p>
                    if let Some(next) = next { <p class="verdict-next">{ next }</p> }
                    <p id="input-summary" class="input-summary">{ input_summary(store, totals) }</p>
                </div>
            </div>
            <Counters store={store.clone()} />
        </section>
    }
}

#[component]
fn Counters(StoreProps { store }: &StoreProps) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let totals = session.totals();
    let counters = [
        ("octets", words.total_octets, totals.octets),
        ("good", words.total_good, totals.good),
        ("damaged", words.total_damaged, totals.damaged),
        ("skipped", words.total_skipped, totals.skipped),
        ("messages", words.total_messages, totals.messages),
        ("readings", words.total_readings, totals.readings),
    ];
    html! {
        <dl class="counters">
            { for counters.into_iter().map(|(name, label, count)| html! {
                <div class="counter" data-counter={name} data-zero={(count == 0).then_some("")}>
                    <dt>{ label }</dt><dd>{ store.text.numbers.whole(u64::from(count)) }</dd>
                </div>
            }) }
        </dl>
    }
}

fn sentences(store: &Store, verdict: Verdict, totals: &Totals) -> (String, Option<&'static str>) {
    let words = store.text.words();
    let (sentence, next) = match verdict {
        Verdict::NoFrames => (words.verdict_no_frames, words.verdict_no_frames_next),
        Verdict::AllDamaged => (words.verdict_all_damaged, words.verdict_all_damaged_next),
        Verdict::KeyNeeded => (words.verdict_key_needed, words.verdict_key_needed_next),
        Verdict::Unreadable(_) => (words.verdict_unreadable, words.verdict_unreadable_next),
        Verdict::UnknownList => (words.verdict_unknown_list, words.verdict_unknown_list_next),
        Verdict::SomeUnread(_) => (words.verdict_some_unread, words.verdict_some_unread_next),
        Verdict::NoReadings => (words.verdict_no_readings, words.verdict_no_readings_next),
        Verdict::SomeDamaged => {
            let damaged = store.text.count(words.damaged_of, u64::from(totals.damaged));
            return (fill(words.verdict_some_damaged, &[&damaged]), Some(words.verdict_some_damaged_next));
        }
        Verdict::AllGood => {
            let list = totals.list.map(|list| list.0.to_string());
            let meter = totals.meter.map(summary::meter_name);
            let sentence = match list.or(meter) {
                Some(who) => fill(words.verdict_all_good_from, &[&who]),
                None => words.verdict_all_good.to_owned(),
            };
            return (sentence, None);
        }
    };
    (sentence.to_owned(), Some(next))
}

/// What the input was taken for, how much of it there is, and what was left out.
fn input_summary(store: &State, totals: &Totals) -> Option<String> {
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
    let octets = store.text.count(words.octet_count, u64::from(totals.octets));
    let frames = store.text.count(words.frame_count, u64::from(totals.good + totals.damaged));
    let left_out = match totals.skipped {
        0 => words.left_out_none.to_owned(),
        skipped => store.text.count(words.left_out, u64::from(skipped)),
    };
    Some(fill(words.taken_for, &[origin, form, &octets, &frames, &left_out]))
}
