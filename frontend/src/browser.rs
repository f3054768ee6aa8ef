//! What the page asks of the browser: preferences, clipboard, focus, styles, times.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a mantissa holds the microseconds of 285 years, and the clock of a computer stands behind 1970"
)]

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Intl, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, HtmlAnchorElement, HtmlDocument, HtmlElement, HtmlInputElement,
    HtmlTextAreaElement, Storage, Url, Window,
};
use yew::platform::spawn_local;
use zeroize::Zeroizing;

use crate::source::Micros;
use crate::state::Theme;
use crate::text::{Language, NumberStyle};

const LANGUAGE: &str = "meterscope-language";
const THEME: &str = "meterscope-theme";
const PORT: &str = "meterscope-port";
const KEYS: &str = "meterscope-keys";

/// A large file is read for some seconds from a slow disk before the browser has all of it.
const REVOKE_MS: u32 = 60_000;

/// What a clock on the wall beside this computer showed at that time.
pub fn wall_clock(at: Micros) -> Micros {
    at.saturating_add_signed(minutes_ahead(at) * 60_000_000)
}

/// The language that the person chose earlier, or that the browser prefers.
pub fn language() -> Language {
    let stored = stored(LANGUAGE);
    let preferred: Vec<String> = window()
        .map(|window| window.navigator().languages())
        .map(|tags| tags.iter().filter_map(|tag| tag.as_string()).collect())
        .unwrap_or_default();
    Language::preferred(stored.iter().chain(&preferred).map(String::as_str))
}

/// How the browser writes numbers in `language`.
pub fn number_style(language: Language) -> NumberStyle {
    let locales = Array::of1(&JsValue::from_str(language.tag()));
    let parts = Intl::NumberFormat::new(&locales, &Object::new()).format_to_parts(1_234_567.5);
    let part = |kind: &str| {
        parts.iter().find_map(|part| {
            let read = |key: &str| Reflect::get(&part, &key.into()).ok()?.as_string();
            if read("type")? == kind { read("value")?.chars().next() } else { None }
        })
    };
    let usual = NumberStyle::default();
    NumberStyle {
        group: part("group").unwrap_or(usual.group),
        decimal: part("decimal").unwrap_or(usual.decimal),
    }
}

/// A moment on the person's own clock, in their language; `ms` counts from 1970-01-01 00:00 UTC.
pub fn date_and_time(language: Language, ms: f64) -> String {
    let options = Object::new();
    for (part, style) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        // Fails only for what is no object.
        let _ = Reflect::set(&options, &part.into(), &style.into());
    }
    js_sys::Date::new(&ms.into()).to_locale_string(language.tag(), &options).into()
}

/// Tells the document its language, and remembers it.
pub fn apply_language(language: Language, chosen: bool) {
    set_root("lang", language.tag());
    if chosen {
        store(LANGUAGE, language.tag());
    }
}

/// The colours that the person chose earlier.
pub fn theme() -> Option<Theme> {
    match stored(THEME)?.as_str() {
        "dark" => Some(Theme::Dark),
        "light" => Some(Theme::Light),
        _ => None,
    }
}

/// The keys that the person asked to remember.
pub fn remembered_keys() -> Option<Zeroizing<String>> {
    stored(KEYS).map(Zeroizing::new)
}

/// Remembers keys: only for whoever asked for it.
pub fn remember_keys(text: &str) {
    store(KEYS, text);
}

/// Forgets remembered keys.
pub fn forget_keys() {
    if let Some(storage) = storage() {
        // Where there is no storage there is nothing in it.
        let _ = storage.remove_item(KEYS);
    }
}

/// The port that was connected last, and how its line was set.
pub fn remembered_port() -> Option<String> {
    stored(PORT)
}

/// Remembers a port and how its line was set.
pub fn remember_port(text: &str) {
    store(PORT, text);
}

/// Whether the system prefers dark colours.
pub fn prefers_dark() -> bool {
    matches("(prefers-color-scheme: dark)")
}

/// Whether rows must be tall enough for a finger.
pub fn has_coarse_pointer() -> bool {
    matches("(pointer: coarse)")
}

/// Runs `changed` whenever the system goes from light to dark or back, or takes colours over; as long as what is given back
/// is held.
pub fn on_appearance(changed: impl Fn() + Clone + 'static) -> Vec<EventListener> {
    let queries = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];
    let lists = queries.iter().filter_map(|query| window()?.match_media(query).ok()?);
    lists
        .map(|list| {
            let changed = changed.clone();
            EventListener::new(&list, "change", move |_| changed())
        })
        .collect()
}

/// How many pixels of the screen are as wide as one of the page.
pub fn pixel_ratio() -> f64 {
    window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}

/// Runs `action` before the screen is drawn the next time.
pub fn next_frame(action: impl FnOnce() + 'static) {
    let callback: Function = Closure::once_into_js(action).unchecked_into();
    if let Some(window) = window() {
        let _ = window.request_animation_frame(&callback);
    }
}

/// The colour of an element, as the browser computed it.
pub fn computed_colour(element: &Element) -> Option<String> {
    window()?.get_computed_style(element).ok()??.get_property_value("color").ok()
}

/// How many minutes the clocks here were, or will be, ahead of UTC at a moment.
pub fn minutes_ahead(at: Micros) -> i64 {
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64 / 1000.0));
    -(date.get_timezone_offset() as i64)
}

/// Gives the page its colours, and remembers them.
pub fn apply_theme(theme: Theme) {
    let name = if theme == Theme::Dark { "dark" } else { "light" };
    set_root("data-theme", name);
    store(THEME, name);
}

/// Sets an attribute of the document's root.
pub fn set_root(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // Only a name that is no name can fail here.
        let _ = root.set_attribute(name, value);
    }
}

/// The size of the document's font, in pixels.
pub fn root_font_size() -> f64 {
    let size = || {
        let root = document()?.document_element()?;
        let style = window()?.get_computed_style(&root).ok()??;
        let size = style.get_property_value("font-size").ok()?;
        // The browser reads numbers anyway; a second reader would be two thousand octets of the page.
        Some(js_sys::parse_float(&size)).filter(|size| size.is_finite())
    };
    size().unwrap_or(16.0)
}

/// Sets a style. The object model may, where the page's policy forbids the attribute.
pub fn set_style(element: &Element, property: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.style().set_property(property, value);
    }
}

/// Moves the focus once what was just changed is there.
pub fn focus_later(id: &'static str) {
    later(move || {
        if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Moves the focus to an element if what had it is gone.
pub fn mend_focus(id: &'static str) {
    later(move || {
        let is_lost = document()
            .and_then(|document| document.active_element())
            .is_none_or(|element| element.tag_name() == "BODY");
        if is_lost
            && let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            let _ = element.focus();
        }
    });
}

/// Clicks an element as if the person did.
pub fn click(id: &str) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

/// Whether the person has text selected, which Ctrl+C is then meant for.
pub fn has_selected_text() -> bool {
    let selection = || window()?.get_selection().ok()?;
    selection().is_some_and(|selection| !selection.is_collapsed())
}

/// Copies `text` and says whether it worked.
pub fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let Some(window) = window() else { return };
        let navigator = window.navigator();
        // Pages that are not from a secure origin have no clipboard object.
        let has_clipboard = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| !it.is_undefined());
        let copied = has_clipboard
            && wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(&text)).await.is_ok();
        done(copied || copy_by_selection(&text));
    });
}

/// Gives the person a file to keep.
pub fn download(name: &str, content: &[u8]) {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/octet-stream");
    let parts = Array::of1(&Uint8Array::from(content));
    // Fails only where the memory does not do.
    if let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &kind) {
        download_blob(name, &blob);
    }
}

/// Gives the person a file to keep that need not be in memory.
pub fn download_blob(name: &str, blob: &Blob) {
    let download = || {
        let url = Url::create_object_url_with_blob(blob).ok()?;
        let link = document()?.create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // The browser has taken the file over by then.
        let revoke = Timeout::new(REVOKE_MS, move || {
            let _ = Url::revoke_object_url(&url);
        });
        revoke.forget();
        Some(())
    };
    download();
}

/// Minutes by which a clock on the wall beside this computer is ahead of UTC at that time.
pub fn zone_minutes(at: Micros) -> i16 {
    ((wall_clock(at) as i64 - at as i64) / 60_000_000) as i16
}

/// Says in a field what is wrong with what stands in it, and takes the focus there. Its form is not sent until the same is
/// said with no words.
pub fn refuse(id: &str, why: &str) {
    let field = element(id).and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_custom_validity(why);
        if !why.is_empty() {
            field.report_validity();
        }
    }
}

/// What `2026-11-21T08:12` on the wall beside this computer is; nothing where it is no time.
#[allow(clippy::cast_sign_loss, reason = "times before 1970 are refused")]
pub fn time_on_wall(text: &str) -> Option<Micros> {
    let millis = js_sys::Date::new(&JsValue::from_str(text)).get_time();
    (millis >= 0.0).then_some((millis * 1000.0) as Micros)
}

/// Runs `action` after what runs now: after a dialog that closes has given the focus back.
pub fn later(action: impl FnOnce() + 'static) {
    let callback: Function = Closure::once_into_js(action).unchecked_into();
    if let Some(window) = window() {
        let _ = window.set_timeout_with_callback(&callback);
    }
}

/// The older way: selects the text in a field and asks the document to copy.
fn copy_by_selection(text: &str) -> bool {
    let copy = || {
        let document = document()?.dyn_into::<HtmlDocument>().ok()?;
        let before = document.active_element();
        let field = document.create_element("textarea").ok()?.dyn_into::<HtmlTextAreaElement>().ok()?;
        field.set_class_name("visually-hidden");
        field.set_value(text);
        document.body()?.append_child(&field).ok()?;
        field.select();
        let copied = document.exec_command("copy").unwrap_or(false);
        field.remove();
        if let Some(element) = before.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
        Some(copied)
    };
    copy().unwrap_or(false)
}

fn matches(query: &str) -> bool {
    let list = || window()?.match_media(query).ok()?;
    list().is_some_and(|list| list.matches())
}

fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

fn store(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A browser that keeps nothing is no reason to stop: the choice then lasts as long as the page.
        let _ = storage.set_item(key, value);
    }
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// The element with this id.
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

fn document() -> Option<Document> {
    window()?.document()
}

fn window() -> Option<Window> {
    web_sys::window()
}
