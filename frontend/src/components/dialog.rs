//! What the dialogs have in common.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// A dialog that is open where it has a content, which nobody builds for a closed one.
pub fn dialog(
    id: &'static str,
    heading: &'static str,
    onclose: &Callback<()>,
    content: Option<Html>,
) -> Html {
    html! { <Dialog {id} heading={heading} {content} onclose={onclose.clone()} /> }
}

/// The button that closes a dialog and does nothing else.
pub fn close_button(id: &'static str, label: &'static str, onclose: &Callback<()>) -> Html {
    html! {
        <button {id} class="button" type="button" onclick={onclose.reform(|_: MouseEvent| ())}>{ label }</button>
    }
}

/// A dialog.
#[derive(Properties, PartialEq)]
struct DialogProps {
    id: &'static str,
    /// The heading.
    heading: &'static str,
    /// What stands in it while it is open, so that nothing typed stays behind.
    content: Option<Html>,
    /// The person, or the browser, closed it.
    onclose: Callback<()>,
}

/// A dialog that opens and closes as the state says. The browser gives the focus back to what had it.
#[component]
fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with((dialog.clone(), props.content.is_some()), |(dialog, open)| {
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
            <h2 id={heading}>{ props.heading }</h2>
            { props.content.clone() }
        </dialog>
    }
}
