//! What is on the page. Components show the state and say what happened; they know no protocol.
//!
//! What keeps no state of its own is a function and no component: every kind of component costs the page a kilobyte.

mod actions;
mod buffer_switch;
mod connect_dialog;
mod custom_settings;
mod detail;
mod dialog;
mod event_list;
mod export_dialog;
mod field_tree;
mod frame_list;
mod frame_problems;
mod frame_security;
mod hex_view;
mod input_problem;
mod key_dialog;
mod key_form;
mod key_list;
mod leave_dialog;
mod left_out;
mod live_strip;
mod no_port;
mod paste_dialog;
mod plot_canvas;
mod plot_choices;
mod plot_controls;
mod plot_pointer;
mod plot_table;
mod preview_dialog;
mod reading_plot;
mod recording_state;
mod replay_bar;
mod start_page;
mod status_strip;
mod tabs;
mod toolbar;
mod unsaved;
mod value_cards;
mod virtual_list;
mod workbench;

pub use connect_dialog::connect_dialog;
pub use export_dialog::export_dialog;
pub use input_problem::input_problem_banner;
pub use key_dialog::key_dialog;
pub use leave_dialog::leave_dialog;
pub use live_strip::live_strip;
pub use no_port::no_port_banner;
pub use paste_dialog::{mark_problem, paste_dialog};
pub use preview_dialog::preview_dialog;
pub use recording_state::{quota_warning, recording_state};
pub use start_page::start_page;
pub use toolbar::toolbar;
pub use unsaved::unsaved_dialog;
pub use workbench::workbench;

use yew::prelude::*;

use crate::state::State;

/// The state, and the way to change it.
pub type Store = UseReducerHandle<State>;

/// What nearly every component gets.
#[derive(Properties, PartialEq)]
pub struct StoreProps {
    /// The state, and the way to change it.
    pub store: Store,
}
