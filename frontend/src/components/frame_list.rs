//! The list of everything found in a capture, good, damaged and skipped.

use web_sys::Element;
use yew::prelude::*;

use super::virtual_list::{VirtualList, use_viewport};
use super::{Store, StoreProps};
use crate::session::{IndexedItem, ItemKind, Session, Times};
use crate::state::{Action, Filter, Shared};
use crate::text::Text;
use crate::{browser, clipboard, keyboard, summary};

/// The height of a row, in font sizes, for a mouse and for a finger.
const ROW: f64 = 1.75;
const TALL_ROW: f64 = 2.75;

/// The list of frames.
#[component]
pub fn FrameList(StoreProps { store }: &StoreProps) -> Html {
    let node = use_node_ref();
    let viewport = use_viewport(&node);
    let words = store.text.words();
    let row = {
        let store = store.clone();
        Callback::from(move |position| frame_row(&store, position))
    };
    let onkey = {
        let store = store.clone();
        Callback::from(move |(event, page)| on_key(&store, &event, page))
    };
    let onclick = {
        let store = store.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(item) = clicked(&event) {
                store.dispatch(Action::OpenItem(item));
            }
        })
    };
    let times = store.session.as_ref().and_then(|Shared(session)| session.times());
    let head = html! {
        <>
            <span role="columnheader" class="col-state" aria-label={words.column_content}></span>
            <span role="columnheader" class="col-number">{ words.column_number }</span>
            <span role="columnheader" class={place_class(times)}>
                { if times.is_some() { words.column_time } else { words.column_offset } }
            </span>
            <span role="columnheader" class="col-kind">{ words.column_kind }</span>
            <span role="columnheader" class="col-length">{ words.column_length }</span>
            <span role="columnheader" class="col-content">{ words.column_content }</span>
        </>
    };
    let items = store.session.as_ref().map_or(0, |Shared(session)| session.end_item());
    let active = store.position().filter(|_| is_listed(store));
    let active_id = store.item.map(|item| AttrValue::from(format!("frame-row-{item}")));
    let row_height = viewport.pixels(if viewport.coarse { TALL_ROW } else { ROW });
    html! {
        <section id="panel-frames" class={classes!("pane", "pane-frames", numbers_class(items), times.map(|_| "has-times"))} aria-label={words.frames}>
            <div class="pane-head">
                <h2>{ words.frames }</h2>
                { filters(store) }
            </div>
            <VirtualList id="frame-list" role="grid" label={words.frames} {node} {viewport} count={store.listed()}
                {row_height} {head} {row} {active} {active_id} {onkey} {onclick} />
            if store.listed() == 0 {
                <p class="empty">
                    { if store.filter == Filter::Bad { words.frames_none_bad } else { words.frames_no_item } }
                </p>
            }
        </section>
    }
}

fn filters(store: &Store) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let chip = |filter: Filter, label: &str, count: usize| {
        let onclick = {
            let store = store.clone();
            Callback::from(move |_| store.dispatch(Action::SetFilter(filter)))
        };
        let pressed = (store.filter == filter).to_string();
        let count = store.text.numbers.whole(count as u64);
        html! {
            <button class="chip" type="button" aria-pressed={pressed} {onclick}>
                { label }<span class="chip-count">{ count }</span>
            </button>
        }
    };
    html! {
        <div class="chips" role="group" aria-label={words.filter_label}>
            { chip(Filter::All, words.filter_all, session.item_count()) }
            { chip(Filter::Bad, words.filter_bad, session.bad_count()) }
        </div>
    }
}

fn frame_row(store: &Store, position: usize) -> Html {
    let Some((Shared(session), number)) = store.session.as_ref().zip(store.item_at(position)) else {
        return Html::default();
    };
    let Some(item) = session.item(number) else { return Html::default() };
    let numbers = store.text.numbers;
    let sign = Sign::of(store, item);
    let selected = store.item == Some(number);
    html! {
        <div key={number} id={format!("frame-row-{number}")} class={classes!("row", "frame-row", sign.class)} role="row"
            aria-rowindex={(position + 2).to_string()} aria-selected={selected.to_string()}
            data-index={number.to_string()} data-state={sign.state}>
            <span role="gridcell" class="col-state" title={sign.meaning}>
                <span aria-hidden="true">{ sign.glyph }</span><span class="visually-hidden">{ sign.meaning }</span>
            </span>
            <span role="gridcell" class="col-number">{ numbers.whole(number as u64 + 1) }</span>
            { place_cell(store, session.times(), item) }
            <span role="gridcell" class="col-kind">{ summary::kind(store.text, item.kind) }</span>
            <span role="gridcell" class="col-length">{ numbers.whole(u64::from(item.length)) }</span>
            { content_cell(store, session, number) }
        </div>
    }
}

/// When the item was recorded, and where no clock was known, where it lies.
fn place_cell(store: &Store, times: Option<Times>, item: &IndexedItem) -> Html {
    let offset = store.text.numbers.whole(item.offset);
    let at = |times| {
        let at = item.at?;
        Some(if times == Times::Utc { browser::wall_clock(at) } else { at })
    };
    let shown = match times {
        None => offset.clone(),
        Some(times) => at(times).map(Text::time_of_day).unwrap_or_default(),
    };
    let title = format!("{} {offset}", store.text.words().column_offset);
    html! { <span role="gridcell" class={place_class(times)} {title}>{ shown }</span> }
}

const fn place_class(times: Option<Times>) -> &'static str {
    if times.is_some() { "col-time" } else { "col-offset" }
}

fn content_cell(store: &Store, session: &Session, number: usize) -> Html {
    let content = summary::content(store.text, session, number);
    html! { <span role="gridcell" class="col-content" title={content.clone()}>{ content }</span> }
}

/// How an item is, by sign and word and not by colour alone.
struct Sign {
    state: &'static str,
    class: &'static str,
    glyph: &'static str,
    meaning: &'static str,
}

impl Sign {
    fn of(store: &Store, item: &IndexedItem) -> Self {
        let words = store.text.words();
        let (state, class, glyph, meaning) = match item.kind {
            ItemKind::Good(_) if item.problem.is_some() => ("good", "is-attention", "!", words.state_problem),
            ItemKind::Good(_) => ("good", "is-good", "✓", words.state_good),
            ItemKind::Damaged(_) => ("damaged", "is-bad", "✕", words.state_damaged),
            ItemKind::Skipped(_) => ("skipped", "is-skipped", "–", words.state_skipped),
        };
        Self { state, class, glyph, meaning }
    }
}

fn on_key(store: &Store, event: &KeyboardEvent, page: usize) {
    if let Some(step) = keyboard::step(event, page) {
        event.prevent_default();
        store.dispatch(Action::MoveItem(step));
    } else if event.key() == "Enter" {
        event.prevent_default();
        if let Some(item) = store.item {
            store.dispatch(Action::OpenItem(item));
        }
        browser::focus_later("field-tree");
    } else if keyboard::copies(event) && !browser::has_selected_text() {
        event.prevent_default();
        clipboard::copy_frame_hex(store);
    }
}

/// The column of numbers is as wide as the largest one.
const fn numbers_class(largest: usize) -> &'static str {
    match largest {
        0..=999 => "has-short-numbers",
        1_000..=99_999 => "has-long-numbers",
        _ => "has-longest-numbers",
    }
}

fn clicked(event: &MouseEvent) -> Option<usize> {
    let row = event.target_dyn_into::<Element>()?.closest("[data-index]").ok()??;
    row.get_attribute("data-index")?.parse().ok()
}

fn is_listed(store: &Store) -> bool {
    store.position().and_then(|position| store.item_at(position)) == store.item
}
