//! What is wrong with the selected frame, and where.

use yew::prelude::*;

use super::Store;
use crate::annotation::OwnedProblem;
use crate::state::Action;
use crate::text::fill;

/// A list of problems, each with the octet that shows it.
pub fn frame_problems(store: &Store) -> Html {
    let words = store.text.words();
    if store.tree.problems.is_empty() {
        return Html::default();
    }
    let problems = store.tree.problems.iter().map(|&OwnedProblem { problem, buffer }| {
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
