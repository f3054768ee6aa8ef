//! The fields of the selected frame, as a tree.

use web_sys::Element;
use yew::prelude::*;

use super::detail::detail;
use super::frame_problems::frame_problems;
use super::frame_security::frame_security;
use super::virtual_list::{VirtualList, use_viewport};
use super::{Store, StoreProps};
use crate::annotation::{Category, Row};
use crate::copy::{label_text, own_value_text, short_hex};
use crate::state::{Action, Move};
use crate::{browser, clipboard, keyboard};

/// The height of a row, in font sizes, for a mouse and for a finger.
const ROW: f64 = 1.625;
const TALL_ROW: f64 = 2.5;

/// The deepest level that is still indented; DLMS nests deeper than a screen is wide.
const DEEPEST: usize = 12;

/// The tree of fields.
#[component]
pub fn FieldTree(StoreProps { store }: &StoreProps) -> Html {
    let node = use_node_ref();
    let viewport = use_viewport(&node);
    let words = store.text.words();
    let row = {
        let store = store.clone();
        Callback::from(move |position| field_row(&store, position))
    };
    let onkey = {
        let store = store.clone();
        Callback::from(move |(event, page)| on_key(&store, &event, page))
    };
    let onclick = {
        let store = store.clone();
        Callback::from(move |event: MouseEvent| on_click(&store, &event))
    };
    let head = html! {
        <>
            <span role="columnheader" class="col-field">{ words.column_field }</span>
            <span role="columnheader" class="col-value">{ words.column_value }</span>
            <span role="columnheader" class="col-octets">{ words.column_octets }</span>
        </>
    };
    let active = store.row_position();
    let active_id = store.selection.map(|selection| AttrValue::from(format!("field-row-{}", selection.row)));
    let row_height = viewport.pixels(if viewport.coarse { TALL_ROW } else { ROW });
    html! {
        <section id="panel-fields" class="pane pane-fields" aria-label={words.fields}>
            <div class="pane-head"><h2>{ words.fields }</h2></div>
            { frame_security(store) }
            { frame_problems(store) }
            <VirtualList id="field-tree" role="treegrid" label={words.fields} {node} {viewport}
                count={store.visible_rows.len()} {row_height} {head} {row} {active} {active_id} {onkey} {onclick} />
            if store.visible_rows.is_empty() {
                <p class="empty">{ words.fields_none }</p>
            }
            { detail(store) }
        </section>
    }
}

fn field_row(store: &Store, position: usize) -> Html {
    let found =
        store.visible_rows.get(position).and_then(|&number| Some((number, store.tree.rows.get(number)?)));
    let Some((number, row)) = found else { return Html::default() };
    let (selected, container) = (is_selected(store, number), store.tree.is_container(number));
    let expanded = container.then(|| (!store.is_collapsed(number)).to_string());
    let octets = store.tree.octets_of(number);
    let bad = store.tree.problem_of(number).is_some() || is_wrong_check(row);
    let category = if container { None } else { Some(format!("cat-{}", row.category.name())) };
    html! {
        <div key={number} id={format!("field-row-{number}")} role="row" data-row={number.to_string()}
            class={classes!("row", "field-row", category, bad.then_some("is-bad"), container.then_some("is-container"))}
            aria-level={(row.depth + 1).to_string()} aria-expanded={expanded} aria-selected={selected.to_string()}
            aria-rowindex={(position + 2).to_string()} data-buffer={row.buffer.to_string()} data-start={row.span.start.to_string()}
            data-end={row.span.end.to_string()}>
            <span role="gridcell" class={classes!("col-field", format!("depth-{}", row.depth.min(DEEPEST)))}>
                <span class="twist" aria-hidden="true" data-twist={container.then_some("")}></span>
                <span class="swatch" aria-hidden="true"></span>
                <span class="field-name">{ label_text(store.text, row.label) }</span>
            </span>
            <span role="gridcell" class="col-value">{ value_cell(store, row, octets, bad) }</span>
            <span role="gridcell" class="col-octets">
                { if container { String::new() } else { short_hex(octets, 8) } }
            </span>
        </div>
    }
}

fn value_cell(store: &Store, row: &Row, octets: &[u8], bad: bool) -> Html {
    let own = own_value_text(store.text, row, octets);
    let reading = row.reading.and_then(|number| store.tree.readings.get(number)).map(|reading| {
        let (name, value) = (store.text.reading_name(reading), store.text.reading_value(reading));
        let provenance = store.text.provenance(reading);
        html! {
            <span class="reading" title={provenance}>
                <strong>{ value }</strong>{ " " }<span class="reading-name">{ name }</span>
            </span>
        }
    });
    html! {
        <>
            if bad { <span class="bad-mark" aria-hidden="true">{ "✕" }</span> }
            { reading }
            if !own.is_empty() { <span class="own-value" title={own.clone()}>{ own.clone() }</span> }
        </>
    }
}

fn is_wrong_check(row: &Row) -> bool {
    use crate::annotation::RowValue;
    row.category == Category::Check
        && matches!(row.value, RowValue::Check { received, computed } if received != computed)
}

fn is_selected(store: &Store, number: usize) -> bool {
    store.selection.is_some_and(|selection| selection.row == number)
}

fn on_key(store: &Store, event: &KeyboardEvent, page: usize) {
    if let Some(step) = keyboard::step(event, page) {
        event.prevent_default();
        store.dispatch(Action::MoveRow(step));
        return;
    }
    let row = store.selection.map(|selection| selection.row);
    match (event.key().as_str(), row) {
        ("Enter", Some(row)) if store.tree.is_container(row) => {
            event.prevent_default();
            store.dispatch(Action::ToggleRow(row));
        }
        ("Enter", Some(_)) => {
            event.prevent_default();
            store.dispatch(Action::SetTab(crate::state::Tab::Octets));
            browser::focus_later("hex-view");
        }
        ("Enter", None) => store.dispatch(Action::MoveRow(Move::First)),
        _ if keyboard::copies(event) && !browser::has_selected_text() => {
            event.prevent_default();
            clipboard::copy_field(store);
        }
        _ => {}
    }
}

fn on_click(store: &Store, event: &MouseEvent) {
    let Some(target) = event.target_dyn_into::<Element>() else { return };
    let Some(row) = target.closest("[data-row]").ok().flatten() else { return };
    let Some(number) = row.get_attribute("data-row").and_then(|number| number.parse().ok()) else { return };
    store.dispatch(Action::SelectRow(number));
    if target.has_attribute("data-twist") {
        store.dispatch(Action::ToggleRow(number));
    }
}
