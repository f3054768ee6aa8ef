//! What the dialogs have in common.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// A dialog.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    pub id: &'static str,
    /// The heading.
    pub heading: AttrValue,
    /// Whether it is open. What stands in it is there only then, so that nothing typed stays behind.
    pub open: bool,
    /// The person, or the browser, closed it.
    pub onclose: Callback<()>,
    pub children: Html,
}

/// A dialog that opens and closes as the state says. The browser gives the focus back to what had it.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with((dialog.clone(), props.open), |(dialog, open)| {
        let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
        if *open && !dialog.open() {
            // Fails only where the dialog is not in the document, and then there is nothing to show.
            let _ = dialog.show_modal();
        } else if !*open && dialog.open() {
            dialog.close();
        }
    });
    let heading = format!("{}-heading", props.id);
    html! {
        <dialog id={props.id} class="dialog" aria-labelledby={heading.clone()} ref={dialog}
            onclose={props.onclose.reform(|_: Event| ())}>
            <h2 id={heading}>{ props.heading.clone() }</h2>
            if props.open { { props.children.clone() } }
        </dialog>
    }
}
