//! Copies parts of the state, and says what was copied.

use crate::components::Store;
use crate::state::{Action, Copied};
use crate::{browser, copy};

/// Copies the selected field as text.
pub fn copy_field(store: &Store) {
    put(store, copy::field_text(store), Copied::FieldText);
}

/// Copies the octets of the selected field.
pub fn copy_field_hex(store: &Store) {
    put(store, copy::field_hex(store), Copied::FieldHex);
}

/// Copies the octets of the selected frame.
pub fn copy_frame_hex(store: &Store) {
    put(store, copy::frame_hex(store), Copied::FrameHex);
}

fn put(store: &Store, text: Option<String>, what: Copied) {
    let Some(text) = text else { return };
    let store = store.clone();
    browser::copy(text, move |worked| {
        store.dispatch(Action::Copied(if worked { what } else { Copied::Failed }));
    });
}
