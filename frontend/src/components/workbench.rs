//! An open capture: the verdict, the values, and frames, fields and octets side by side.

use yew::prelude::*;

use super::Store;
use super::event_list::file_events;
use super::field_tree::FieldTree;
use super::frame_list::FrameList;
use super::hex_view::HexView;
use super::reading_plot::ReadingPlot;
use super::replay_bar::ReplayBar;
use super::status_strip::status_strip;
use super::tabs::tabs;
use super::value_cards::value_cards;
use crate::state::Tab;

/// An open capture.
pub fn workbench(store: &Store) -> Html {
    let tab = match store.tab {
        Tab::Values => "values",
        Tab::Frames => "frames",
        Tab::Fields => "fields",
        Tab::Octets => "octets",
        Tab::Plots => "plots",
    };
    html! {
        <div class="workbench" data-tab={tab}>
            { status_strip(store) }
            <ReplayBar store={store.clone()} />
            { file_events(store) }
            { tabs(store) }
            <div class="overview">
                { value_cards(store) }
                <ReadingPlot store={store.clone()} />
            </div>
            <div class="panes">
                <FrameList store={store.clone()} />
                <FieldTree store={store.clone()} />
                <HexView store={store.clone()} />
            </div>
        </div>
    }
}
