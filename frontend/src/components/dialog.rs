//! What the dialogs have in common.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Opens and closes a dialog as the state says. The browser gives the focus back to what had it.
#[hook]
pub fn use_open(dialog: &NodeRef, open: bool) {
    let dialog = dialog.clone();
    use_effect_with(open, move |&open| {
        let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
        if open && !dialog.open() {
            // Fails only where the dialog is not in the document, and then there is nothing to show.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
}
