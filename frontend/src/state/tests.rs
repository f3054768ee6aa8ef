use meterscope_capture::Repairs;

use super::*;
use crate::text::{Language, NumberStyle};

const GOOD: &str = "10 40 01 41 16";
const BAD_SUM: &str = "68 03 03 68 08 01 70 00 16";

fn with(hex: &str) -> State {
    State::default().reduce(Action::Import(Origin::Paste, hex.as_bytes().into()))
}

fn after(state: State, actions: impl IntoIterator<Item = Action>) -> State {
    actions.into_iter().fold(state, State::reduce)
}

#[test]
fn a_paste_shows_its_first_frame() {
    let state = with(GOOD);
    assert_eq!((state.item, state.listed()), (Some(0), 1));
    assert!(state.visible_rows.len() > 4);
    assert_eq!(state.selection, None);
}

#[test]
fn a_damaged_frame_is_opened_at_its_first_bad_octet() {
    let state = with(BAD_SUM);
    assert_eq!(state.selection.map(|selection| selection.octet), Some(7));
}

#[test]
fn an_octet_selects_its_field_and_a_field_its_octets() {
    let state = after(with(GOOD), [Action::SelectOctet(0, 1)]);
    let row = state.selection.unwrap().row;
    assert_eq!(state.selected_octets(), Some(&[0x40][..]));
    let state = after(state, [Action::SelectOctet(0, 4), Action::SelectRow(row)]);
    assert_eq!(state.selection, Some(Selection { row, octet: 1 }));
}

#[test]
fn an_octet_in_a_closed_container_opens_it() {
    let state = after(with(GOOD), [Action::ToggleRow(0)]);
    assert_eq!(*state.visible_rows, [0]);
    let state = state.reduce(Action::SelectOctet(0, 2));
    assert!(state.row_position().is_some());
    assert!(state.visible_rows.len() > 1);
}

#[test]
fn closing_a_container_takes_the_selection_along() {
    let state = after(with(GOOD), [Action::SelectOctet(0, 2), Action::ToggleRow(0)]);
    assert_eq!(state.selection.unwrap().row, 0);
}

#[test]
fn the_tree_moves_as_a_treegrid_does() {
    let state = after(with(GOOD), [Action::MoveRow(Move::Down)]);
    assert_eq!(state.selection.unwrap().row, 0);
    let state = after(state, [Action::MoveRow(Move::Right), Action::MoveRow(Move::Down)]);
    assert_eq!(state.selection.unwrap().row, 2);
    let state = after(state, [Action::MoveRow(Move::Left)]);
    assert_eq!(state.selection.unwrap().row, 0);
    let state = after(state, [Action::MoveRow(Move::Left)]);
    assert_eq!(state.visible_rows.len(), 1);
    let state = after(state, [Action::MoveRow(Move::Right), Action::MoveRow(Move::Last)]);
    assert_eq!(state.row_position(), Some(state.visible_rows.len() - 1));
}

#[test]
fn octets_move_by_line_and_stay_inside() {
    let hex = format!("{BAD_SUM} {GOOD}");
    let step = |state: State, step| state.reduce(Action::MoveOctet(step, 4));
    let octet = |state: &State| state.selection.unwrap().octet;
    let mut state = step(with(&hex), Move::First);
    state = state.reduce(Action::OpenItem(0)).reduce(Action::SelectOctet(0, 1));
    for (movement, expected) in [
        (Move::Down, 5),
        (Move::Down, 5),
        (Move::Left, 4),
        (Move::Down, 8),
        (Move::Right, 8),
        (Move::LineEnd, 8),
        (Move::Up, 4),
        (Move::LineEnd, 7),
        (Move::PageUp(9), 3),
        (Move::PageDown(1), 7),
        (Move::LineStart, 4),
        (Move::Last, 8),
        (Move::First, 0),
    ] {
        state = step(state, movement);
        assert_eq!(octet(&state), expected, "{movement:?}");
    }
}

#[test]
fn the_filter_lists_what_is_bad_and_moves_within_it() {
    let hex = format!("{GOOD} {BAD_SUM} {GOOD} {BAD_SUM} {GOOD}");
    let state = after(with(&hex), [Action::SetFilter(Filter::Bad)]);
    assert_eq!(state.listed(), 2);
    let state = after(state, [Action::MoveItem(Move::Last)]);
    assert_eq!((state.item, state.position()), (Some(3), Some(1)));
    let state = after(state, [Action::MoveItem(Move::Up), Action::MoveItem(Move::Up)]);
    assert_eq!(state.item, Some(1));
}

#[test]
fn a_bad_paste_keeps_the_text_and_the_old_capture() {
    let state = after(with(GOOD), [Action::Import(Origin::Paste, b"68 0z"[..].into())]);
    assert!(state.session.is_some() && state.problem.is_some());
    assert_eq!(state.paste, Paste { open: true, text: "68 0z".into() });
    let mended = after(state, [Action::Import(Origin::Paste, GOOD.as_bytes().into())]);
    assert_eq!((mended.problem, mended.paste), (None, Paste::default()));
}

#[test]
fn an_import_keeps_language_and_theme() {
    let numbers = NumberStyle { group: ' ', decimal: ',' };
    let state = after(
        State::default(),
        [
            Action::SetLanguage(Language::Nb, numbers),
            Action::SetTheme(Theme::Dark),
            Action::Import(Origin::Demo, GOOD.as_bytes().into()),
        ],
    );
    assert_eq!((state.text.language, state.theme), (Language::Nb, Some(Theme::Dark)));
}

#[test]
fn a_second_copy_of_the_same_thing_is_another_one() {
    let once = after(with(GOOD), [Action::Copied(Copied::FrameHex)]);
    let twice = once.clone().reduce(Action::Copied(Copied::FrameHex));
    assert_ne!(once.copied, twice.copied);
}

/// A frame, and a line that is left out.
const MIXED: &[u8] = b"10 40 01 41 16\nand 2G 7E";

#[test]
fn what_is_left_out_is_shown_before_anything_is_decoded() {
    let state = after(with(GOOD), [Action::Import(Origin::Paste, MIXED.into())]);
    let before = state.session.clone();
    let preview = state.preview.clone().unwrap();
    assert_eq!((preview.frames, preview.imported.left_out.len()), (1, 1));
    let cancelled = state.clone().reduce(Action::CancelPreview);
    assert_eq!((cancelled.session, cancelled.preview), (before.clone(), None));
    let decoded = state.reduce(Action::Decode);
    assert_ne!(decoded.session, before);
    assert_eq!(decoded.report.unwrap().left_out, preview.imported.left_out);
}

#[test]
fn a_repair_can_be_taken_back() {
    let hidden = b"10 40 01 41 XX";
    let state = after(State::default(), [Action::Import(Origin::Paste, hidden[..].into())]);
    let found = |state: &State| state.preview.as_ref().unwrap().imported.octets.len();
    assert_eq!(found(&state), 0);
    // There is nothing to decode yet.
    assert!(state.clone().reduce(Action::Decode).session.is_none());
    let zero = Repairs { masked_as_zero: true, ..Repairs::default() };
    let state = state.reduce(Action::Repair(zero));
    assert_eq!(found(&state), 5);
    assert_eq!(found(&state.clone().reduce(Action::Repair(Repairs::default()))), 0);
    let decoded = state.reduce(Action::Decode);
    assert_eq!(decoded.report.unwrap().repaired.masked_as_zero, 1);
}
