//! What a plot shows, as a table: what each reading adds up to, and its points.

use yew::prelude::*;

use super::reading_plot::Shown;
use crate::plot::figure::Curve;
use crate::plot::number;
use crate::plot::reduce::Summary;
use crate::plot::rows::{self, Moment};
use crate::state::Action;
use crate::text::fill;

/// Rows that are shown at once; who wants others moves or zooms the plot.
const MOST_ROWS: usize = 200;

/// The table behind a plot.
pub fn plot_table(shown: &Shown) -> Html {
    let words = shown.store.text.plot_words();
    let moments = rows::moments(&shown.session, &shown.figure, MOST_ROWS);
    let is_cut = moments.len() == MOST_ROWS;
    html! {
        <div id="plot-table" class="plot-tables" tabindex="0" role="group" aria-label={words.table}>
            <table class="plot-summary">
                <thead><tr>
                    { for [words.reading, words.lowest, words.mean, words.highest, words.last, words.points]
                        .map(|name| html! { <th scope="col">{ name }</th> }) }
                </tr></thead>
                <tbody>{ for shown.figure.curves.iter().map(|curve| summary(shown, curve)) }</tbody>
            </table>
            <table class="plot-points">
                <thead><tr>
                    <th scope="col">{ words.time }</th>
                    { for shown.figure.curves.iter().map(|curve| html! {
                        <th scope="col">{ shown.name(curve.chosen.key) }</th>
                    }) }
                </tr></thead>
                <tbody>{ for moments.iter().map(|moment| row(shown, moment)) }</tbody>
            </table>
            if is_cut {
                <p class="muted">{ fill(words.rows_some, &[&shown.store.text.numbers.whole(MOST_ROWS as u64)]) }</p>
            }
        </div>
    }
}

fn summary(shown: &Shown, curve: &Curve) -> Html {
    let (text, unit) = (shown.store.text, curve.chosen.key.unit);
    let values = curve.trace.summary.map(|all| {
        let Summary { count, min, max, last, .. } = all;
        // A mean is at most a digit finer than what it is the mean of.
        let decimals = number::decimals(min).max(number::decimals(max)) + 1;
        let mean = text.rounded_value(all.mean(), decimals, unit);
        let points = text.numbers.whole(count);
        [text.point_value(min, unit), mean, text.point_value(max, unit), text.point_value(last, unit), points]
    });
    html! {
        <tr>
            <th scope="row">{ shown.name(curve.chosen.key) }</th>
            { for values.unwrap_or_default().map(|value| html! { <td>{ value }</td> }) }
        </tr>
    }
}

fn row(shown: &Shown, moment: &Moment) -> Html {
    let onclick = {
        let (store, item) = (shown.store.clone(), moment.item);
        Callback::from(move |_| store.dispatch(Action::OpenItem(item)))
    };
    let is_selected = shown.store.item == Some(moment.item);
    let values = moment.values.iter().zip(&shown.figure.curves).map(|(value, curve)| {
        let value = value.map(|value| shown.store.text.point_value(value, curve.chosen.key.unit));
        html! { <td>{ value }</td> }
    });
    html! {
        <tr class={is_selected.then_some("is-selected")} data-item={moment.item.to_string()}
            aria-current={is_selected.then_some("true")}>
            <th scope="row"><button class="link" type="button" {onclick}>{ shown.clock(moment.at) }</button></th>
            { for values }
        </tr>
    }
}
