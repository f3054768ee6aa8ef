//! What was wrong with an input, and where.

use meterscope_capture::CaptureError;
use yew::prelude::*;

use super::Store;
use crate::input::{Excerpt, InputProblem, InputProblemKind, Origin};
use crate::state::{Action, State};
use crate::text::fill;

/// The message, with the line that is wrong.
pub fn input_problem_banner(store: &Store) -> Html {
    let words = store.text.words();
    let Some(problem) = &store.problem else { return Html::default() };
    let dismiss = (!store.paste.open).then(|| {
        let store = store.clone();
        let onclick = Callback::from(move |_| store.dispatch(Action::DismissProblem));
        html! { <button class="button is-small" type="button" {onclick}>{ words.dismiss }</button> }
    });
    html! {
        <div id="input-problem" class="input-problem" role="alert">
            <p><strong>{ what_failed(store, problem) }</strong>{ " " }{ reason(store, problem) }</p>
            { excerpt(store, problem) }
            { dismiss }
        </div>
    }
}

fn what_failed(state: &State, problem: &InputProblem) -> String {
    let words = state.text.words();
    match &problem.origin {
        Origin::File(name) => fill(words.problem_file, &[name]),
        Origin::Paste | Origin::Demo => words.problem_paste.to_owned(),
    }
}

fn reason(state: &State, problem: &InputProblem) -> String {
    let words = state.text.words();
    match &problem.kind {
        InputProblemKind::Empty => words.problem_empty.to_owned(),
        InputProblemKind::Unreadable => words.problem_unreadable.to_owned(),
        InputProblemKind::TooLarge => words.problem_too_large.to_owned(),
        InputProblemKind::Capture(error) => match *error {
            CaptureError::Damaged => words.problem_capture_damaged.to_owned(),
            CaptureError::NoPackets => words.problem_capture_empty.to_owned(),
            CaptureError::LinkType(link) => fill(words.problem_capture_link, &[&link.to_string()]),
            CaptureError::NoOctets => words.problem_capture_no_octets.to_owned(),
        },
        InputProblemKind::Overrides(error) => state.text.override_error(error),
        InputProblemKind::BadHex(bad, _) => {
            let what = if bad.half { words.problem_half } else { words.problem_bad_digit };
            fill(what, &[&bad.found.to_string()])
        }
    }
}

fn excerpt(state: &State, problem: &InputProblem) -> Option<Html> {
    let words = state.text.words();
    let InputProblemKind::BadHex(bad, Excerpt { before, found, after }) = &problem.kind else { return None };
    let number = |number: usize| state.text.numbers.whole(number as u64);
    let marker = format!("{}^", " ".repeat(before.chars().count()));
    Some(html! {
        <>
            <p class="problem-place">{ fill(words.problem_place, &[&number(bad.line), &number(bad.column)]) }</p>
            <pre class="excerpt">{ before }<mark>{ found }</mark>{ after }{ "\n" }<span aria-hidden="true">{ marker }</span></pre>
            if state.paste.open { <p>{ words.problem_mend }</p> }
        </>
    })
}
