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

/// Where a key leads to from place `at` of `count` in a group that is one tab stop: to the next place or the one before, round
/// and round, to the first, or to the last (WAI-ARIA Authoring Practices, roving tabindex).
pub fn roved(event: &KeyboardEvent, axis: Axis, at: usize, count: usize) -> Option<usize> {
    let has_modifier = event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key();
    if has_modifier { None } else { place(&event.key(), axis, at, count) }
}

/// Which arrow keys a group goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Left and right.
    Row,
    /// Up and down. Left and right do the same, for there is nothing else for them to do.
    Column,
}

fn place(key: &str, axis: Axis, at: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (key, axis) {
        ("ArrowLeft", _) | ("ArrowUp", Axis::Column) => Some(at.checked_sub(1).unwrap_or(last)),
        ("ArrowRight", _) | ("ArrowDown", Axis::Column) => Some(if at < last { at + 1 } else { 0 }),
        ("Home", _) => Some(0),
        ("End", _) => Some(last),
        _ => None,
    }
}

/// Whether the key copies: Ctrl+C, or Cmd+C on a Mac.
pub fn copies(event: &KeyboardEvent) -> bool {
    (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_gone_round_and_round() {
        for (key, at, to) in [
            ("ArrowDown", 0, 1),
            ("ArrowRight", 2, 0),
            ("ArrowUp", 0, 2),
            ("ArrowLeft", 2, 1),
            ("Home", 1, 0),
            ("End", 1, 2),
        ] {
            assert_eq!(place(key, Axis::Column, at, 3), Some(to), "{key}");
        }
        // What scrolls the page, or means nothing here, is left alone.
        assert_eq!(place("ArrowDown", Axis::Row, 0, 3), None);
        assert_eq!(place(" ", Axis::Column, 0, 3), None);
        assert_eq!(place("End", Axis::Column, 0, 0), None);
    }
}
