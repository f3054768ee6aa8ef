//! Keys to steps, the same in every grid (WAI-ARIA Authoring Practices, grid and treegrid patterns).

use yew::events::KeyboardEvent;

use crate::state::Move;

/// The step that a key asks for, in a grid of which `page` rows are seen.
pub fn step(event: &KeyboardEvent, page: usize) -> Option<Move> {
    if event.alt_key() || event.meta_key() {
        return None;
    }
    Some(match (event.key().as_str(), event.ctrl_key()) {
        ("ArrowUp", false) => Move::Up,
        ("ArrowDown", false) => Move::Down,
        ("ArrowLeft", false) => Move::Left,
        ("ArrowRight", false) => Move::Right,
        ("PageUp", false) => Move::PageUp(page),
        ("PageDown", false) => Move::PageDown(page),
        ("Home", false) => Move::LineStart,
        ("End", false) => Move::LineEnd,
        ("Home", true) => Move::First,
        ("End", true) => Move::Last,
        _ => return None,
    })
}

/// Whether the key copies: Ctrl+C, or Cmd+C on a Mac.
pub fn copies(event: &KeyboardEvent) -> bool {
    (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("c")
}
