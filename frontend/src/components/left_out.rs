//! What of an input gave no octets: where it stands, how it begins and why.

use meterscope_capture::LeftOut;
use yew::prelude::*;

use crate::text::Text;

/// So many places are listed.
const MOST: usize = 50;

/// The list.
pub fn left_out_list(text: Text, left_out: &[LeftOut]) -> Html {
    let more = left_out.len().checked_sub(MOST).filter(|&more| more > 0);
    html! {
        <ul class="left-out-list">
            { for left_out.iter().take(MOST).map(|place| html! {
                <li>
                    <span class="place">{ text.source(place.source) }</span>
                    <span class="mono">{ &place.text }</span>
                    <span class="why">{ text.why(&place.why) }</span>
                </li>
            }) }
            if let Some(more) = more { <li>{ text.count(text.words().more, more as u64) }</li> }
        </ul>
    }
}
