//! The page: a capture goes in, and frames, fields, octets and values stand side by side.
//!
//! Data goes one way: [`input`] reads octets, [`session`] indexes them, [`state`] says what is shown and how it changes,
//! [`components`] show it. Only [`browser`], [`app`] and the components know that there is a browser; the rest is tested
//! without one.
#![forbid(unsafe_code)]

mod annotation;
mod app;
mod browser;
mod cards;
mod clipboard;
mod components;
mod copy;
mod demo;
mod export;
mod input;
mod keyboard;
mod keys;
mod live;
mod locks;
mod plot;
mod recording;
mod session;
mod source;
mod state;
mod summary;
mod text;
mod virtual_rows;

/// The same program is the page, and, where there is no window, the worker that writes its recording.
fn main() {
    if web_sys::window().is_some() {
        yew::Renderer::<app::App>::new().render();
    } else {
        recording::worker::run();
    }
}
