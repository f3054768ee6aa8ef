//! What is wrong with the selected frame, and where.

use meterscope_decoder::error::ProblemKind;
use yew::prelude::*;

use super::Store;
use crate::annotation::OwnedProblem;
use crate::state::Action;
use crate::text::fill;

/// A list of problems, each with the octet that shows it.
pub fn frame_problems(store: &Store) -> Html {
    let words = store.text.words();
    // A missing key is no fault of the frame; the line on its security says it.
    let is_fault = |found: &&OwnedProblem| found.problem.kind != ProblemKind::KeyMissing;
    let mut problems = store.tree.problems.iter().filter(is_fault).peekable();
    if problems.peek().is_none() {
        return Html::default();
    }
    let problems = problems.map(|&OwnedProblem { problem, buffer }| {
        let onclick = {
            let store = store.clone();
            Callback::from(move |_| store.dispatch(Action::SelectOctet(buffer, problem.at)))
        };
        let layer = fill(words.layer_failed, &[store.text.layer(problem.kind.layer())]);
        let octet = fill(words.go_to_octet, &[&store.text.numbers.whole(u64::from(problem.at))]);
        html! {
            <li>
                <span class="layer">{ layer }</span>
                <span>{ store.text.problem(problem.kind) }</span>
                <button class="link" type="button" {onclick}>{ octet }</button>
            </li>
        }
    });
    html! { <ul class="problems" aria-label={words.problems_label}>{ for problems }</ul> }
}
