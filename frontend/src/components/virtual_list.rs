//! A scrolled grid of which only the rows on the screen exist.
//!
//! The grid itself has the focus and names its active row (`aria-activedescendant`), so the focus survives when rows come
//! and go. Positions are set through the object model, because the page's policy forbids style attributes.

use meterscope_decoder::decimal::Decimal;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use crate::browser;
use crate::virtual_rows::VirtualRows;

/// What is seen of a scrolled element, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Viewport {
    /// How far it is scrolled.
    pub scroll_top: f64,
    /// How wide it is inside.
    pub width: f64,
    /// How tall it is inside.
    pub height: f64,
    /// The size of the font that everything else is measured by.
    pub font_size: f64,
    /// Rows must be tall enough for a finger.
    pub coarse: bool,
}

impl Viewport {
    fn of(element: &Element) -> Self {
        Self {
            scroll_top: f64::from(element.scroll_top()),
            width: f64::from(element.client_width()),
            height: f64::from(element.client_height()),
            font_size: browser::root_font_size(),
            coarse: browser::has_coarse_pointer(),
        }
    }

    /// A height that is given in font sizes.
    pub fn pixels(&self, rem: f64) -> f64 {
        (rem * self.font_size).max(1.0)
    }
}

/// Follows the size of an element; the scroll position is followed by the list itself.
#[hook]
pub fn use_viewport(element: &NodeRef) -> UseStateHandle<Viewport> {
    let viewport = use_state_eq(Viewport::default);
    let follow = viewport.clone();
    use_effect_with(element.clone(), move |node| {
        let observer = node.cast::<Element>().and_then(|element| {
            let observed = element.clone();
            // Drawing anew inside the observer's call would change sizes that it is just reporting.
            let resized = Closure::<dyn Fn()>::new(move || {
                let (follow, observed) = (follow.clone(), observed.clone());
                browser::later(move || follow.set(Viewport::of(&observed)));
            });
            let observer = ResizeObserver::new(wasm_bindgen::JsCast::unchecked_ref(resized.as_ref())).ok()?;
            observer.observe(&element);
            Some((observer, resized))
        });
        move || {
            if let Some((observer, _)) = observer {
                observer.disconnect();
            }
        }
    });
    viewport
}

/// A grid of many rows.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: &'static str,
    pub role: &'static str,
    pub label: AttrValue,
    /// The element that scrolls: this one.
    pub node: NodeRef,
    /// What is seen of it.
    pub viewport: UseStateHandle<Viewport>,
    /// All rows.
    pub count: usize,
    /// The height of a row, in pixels.
    pub row_height: f64,
    /// The row of column names.
    pub head: Html,
    /// Gives a row.
    pub row: Callback<usize, Html>,
    /// The row that the keyboard stands on.
    pub active: Option<usize>,
    /// The element that the keyboard stands on.
    pub active_id: Option<AttrValue>,
    /// A key, and how many rows a page has.
    pub onkey: Callback<(KeyboardEvent, usize)>,
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub ondblclick: Callback<MouseEvent>,
}

/// The height of the row of column names, in font sizes.
const HEAD: f64 = 1.75;

/// A grid of many rows.
#[component]
pub fn VirtualList(props: &Props) -> Html {
    let rows_node = use_node_ref();
    let spacer_node = use_node_ref();
    let viewport = *props.viewport;
    let head = viewport.pixels(HEAD);
    let rows = VirtualRows {
        count: props.count,
        row_height: props.row_height,
        height: (viewport.height - head).max(0.0),
        scroll_top: viewport.scroll_top,
    };

    let node = props.node.clone();
    use_effect_with((props.active, props.count, rows.height, props.row_height), move |&(active, ..)| {
        let Some((row, scroller)) = active.zip(node.cast::<Element>()) else { return };
        if rows.height > 0.0 {
            let now = VirtualRows { scroll_top: f64::from(scroller.scroll_top()), ..rows };
            if let Some(top) = now.scroll_to(row) {
                scroller.set_scroll_top(top.round() as i32);
            }
        }
    });
    use_style(&spacer_node, "height", rows.spacer_height());
    use_style(&rows_node, "top", rows.offset());
    use_style(&props.node, "--row-height", props.row_height);
    use_style(&props.node, "--head-height", head);

    let onscroll = {
        let (viewport, node) = (props.viewport.clone(), props.node.clone());
        Callback::from(move |_: Event| {
            if let Some(scroller) = node.cast::<Element>() {
                viewport.set(Viewport { scroll_top: f64::from(scroller.scroll_top()), ..*viewport });
            }
        })
    };
    let onkeydown = props.onkey.reform(move |event: KeyboardEvent| (event, rows.page()));
    let range = rows.range();
    let seen = props.active.filter(|active| range.contains(active));
    let active_id = props.active_id.clone().filter(|_| seen.is_some());
    html! {
        <div id={props.id} class="grid" role={props.role} tabindex="0" aria-label={props.label.clone()}
            aria-rowcount={(props.count + 1).to_string()} aria-activedescendant={active_id} ref={props.node.clone()}
            {onscroll} {onkeydown} onclick={props.onclick.clone()} ondblclick={props.ondblclick.clone()}>
            <div class="grid-head" role="row" aria-rowindex="1">{ props.head.clone() }</div>
            <div class="grid-spacer" role="rowgroup" ref={spacer_node}>
                <div class="grid-rows" role="presentation" ref={rows_node}>
                    { for range.map(|position| props.row.emit(position)) }
                </div>
            </div>
        </div>
    }
}

/// Keeps a length of an element's style at so many pixels.
#[hook]
fn use_style(node: &NodeRef, property: &'static str, pixels: f64) {
    use_effect_with((node.clone(), pixels), move |(node, pixels)| {
        if let Some(element) = node.cast::<Element>() {
            // Written as the values are: what writes floating-point numbers would be a hundredth of the page.
            let hundredths = Decimal::new((pixels * 100.0).round() as i64, -2);
            browser::set_style(&element, property, &format!("{hundredths}px"));
        }
    });
}
