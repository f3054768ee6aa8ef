//! What is on the page. Components show the state and say what happened; they know no protocol.

mod actions;
mod buffer_switch;
mod detail;
mod field_tree;
mod frame_list;
mod frame_problems;
mod frame_security;
mod hex_view;
mod input_problem;
mod paste_dialog;
mod start_page;
mod status_strip;
mod tabs;
mod toolbar;
mod value_cards;
mod virtual_list;
mod workbench;

pub use input_problem::InputProblemBanner;
pub use paste_dialog::PasteDialog;
pub use start_page::StartPage;
pub use toolbar::Toolbar;
pub use workbench::Workbench;

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
