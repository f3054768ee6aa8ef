//! The octets of the selected frame.

use web_sys::Element;
use yew::prelude::*;

use super::buffer_switch::buffer_switch;
use super::virtual_list::{Viewport, VirtualList, use_viewport};
use super::{Store, StoreProps};
use crate::state::{Action, Tab};
use crate::{browser, clipboard, keyboard};

/// The height of a row, in font sizes.
const ROW: f64 = 1.5;
const TALL_ROW: f64 = 2.25;

/// Sixteen octets and their text need this much room, in font sizes; else there are eight in a row.
const WIDE: f64 = 37.25;

/// The octets, sixteen or eight in a row.
#[component]
pub fn HexView(StoreProps { store }: &StoreProps) -> Html {
    let node = use_node_ref();
    let viewport = use_viewport(&node);
    let words = store.text.words();
    let width = octets_in_a_row(&viewport);
    let length = store.shown_octets().len();
    let row = {
        let store = store.clone();
        Callback::from(move |position| hex_row(&store, position, width))
    };
    let onkey = {
        let store = store.clone();
        Callback::from(move |(event, page)| on_key(&store, &event, page, width))
    };
    let onclick = {
        let store = store.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(octet) = clicked(&event) {
                store.dispatch(Action::SelectOctet(store.buffer, octet));
            }
        })
    };
    let head = html! {
        <>
            <span role="columnheader" class="hex-offset" aria-label={words.column_offset}></span>
            { for (0..width).map(|column| html! {
                <span role="columnheader" class={classes!("hex-column", gap(column))}>{ format!("{column:X}") }</span>
            }) }
            <span role="columnheader" class="hex-text">{ words.column_text }</span>
        </>
    };
    let octet = store.selection.map(|selection| selection.octet);
    let active = octet.map(|octet| octet as usize / width);
    let active_id = octet.map(|octet| AttrValue::from(format!("octet-{octet}")));
    let row_height = viewport.pixels(if viewport.coarse { TALL_ROW } else { ROW });
    let class = classes!("pane", "pane-octets", if width == 8 { "is-narrow" } else { "is-wide" });
    html! {
        <section id="panel-octets" {class} aria-label={words.octets}>
            <div class="pane-head">
                <h2>{ words.octets }</h2>
                { buffer_switch(store) }
                <span class="muted">{ store.text.count(words.octet_count, length as u64) }</span>
            </div>
            <VirtualList id="hex-view" role="grid" label={words.octets} {node} {viewport}
                count={length.div_ceil(width)} {row_height} {head} {row} {active} {active_id} {onkey} {onclick} />
        </section>
    }
}

fn octets_in_a_row(viewport: &Viewport) -> usize {
    if viewport.width < viewport.pixels(WIDE) { 8 } else { 16 }
}

fn hex_row(store: &Store, position: usize, width: usize) -> Html {
    let start = position * width;
    let octets = store.shown_octets().get(start..).unwrap_or_default();
    let octets: Vec<Cell> = (start..)
        .zip(octets.iter().take(width))
        .map(|(at, &octet)| Cell::of(store, at as u32, octet))
        .collect();
    let missing = width - octets.len();
    html! {
        <div key={position} class="row hex-row" role="row" aria-rowindex={(position + 2).to_string()}>
            <span role="rowheader" class="hex-offset">{ format!("{start:04X}") }</span>
            { for (0..).zip(&octets).map(|(column, cell)| cell.octet(column)) }
            { for (0..missing).map(|column| html! {
                <span class={classes!("hex-column", gap(width - missing + column))}></span>
            }) }
            <span role="gridcell" class="hex-text">{ for octets.iter().map(Cell::character) }</span>
        </div>
    }
}

/// An octet as it is shown.
#[allow(clippy::struct_excessive_bools, reason = "four marks that do not depend on each other")]
struct Cell {
    at: u32,
    octet: u8,
    category: &'static str,
    selected: bool,
    cursor: bool,
    first: bool,
    bad: bool,
}

impl Cell {
    fn of(store: &Store, at: u32, octet: u8) -> Self {
        let tree = &store.tree;
        let buffer = store.buffer;
        let leaf = tree.leaf_at(buffer, at).and_then(|leaf| tree.rows.get(leaf));
        let category = leaf.map_or("", |row| row.category.name());
        let selected = store.selection.and_then(|selection| tree.rows.get(selection.row));
        Self {
            at,
            octet,
            category,
            selected: selected.is_some_and(|row| row.span.contains(at)),
            cursor: store.selection.is_some_and(|selection| selection.octet == at),
            first: leaf.is_some_and(|row| row.span.start == at),
            bad: tree.problems.iter().any(|found| found.buffer == buffer && found.problem.at == at),
        }
    }

    fn octet(&self, column: usize) -> Html {
        let class = classes!(
            "octet",
            "hex-column",
            gap(column),
            format!("cat-{}", self.category),
            self.selected.then_some("selected"),
            self.cursor.then_some("cursor"),
            self.first.then_some("is-first"),
            self.bad.then_some("is-bad"),
        );
        html! {
            <span key={self.at} id={format!("octet-{}", self.at)} role="gridcell" {class}
                aria-selected={self.selected.to_string()} data-offset={self.at.to_string()}>
                { format!("{:02X}", self.octet) }
            </span>
        }
    }

    fn character(&self) -> Html {
        let (character, kind) = match self.octet {
            graphic @ b' '..=b'~' => (char::from(graphic), None),
            _ => ('·', Some("is-control")),
        };
        let class = classes!("character", kind, self.selected.then_some("selected"));
        html! { <span key={self.at} {class} data-character={self.at.to_string()}>{ character }</span> }
    }
}

/// Octets stand in groups of four.
fn gap(column: usize) -> Option<&'static str> {
    (column > 0 && column.is_multiple_of(4)).then_some("gap")
}

fn clicked(event: &MouseEvent) -> Option<u32> {
    let cell = event.target_dyn_into::<Element>()?.closest("[data-offset], [data-character]").ok()??;
    cell.get_attribute("data-offset").or_else(|| cell.get_attribute("data-character"))?.parse().ok()
}

fn on_key(store: &Store, event: &KeyboardEvent, page: usize, width: usize) {
    if let Some(step) = keyboard::step(event, page) {
        event.prevent_default();
        store.dispatch(Action::MoveOctet(step, width as u32));
    } else if event.key() == "Enter" {
        event.prevent_default();
        store.dispatch(Action::SetTab(Tab::Fields));
        browser::focus_later("field-tree");
    } else if keyboard::copies(event) && !browser::has_selected_text() {
        event.prevent_default();
        clipboard::copy_field_hex(store);
    }
}
