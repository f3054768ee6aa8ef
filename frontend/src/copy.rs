//! What the copy buttons copy.

use std::fmt::Write as _;

use crate::annotation::{Label, Row, RowValue, Tree};
use crate::state::State;
use crate::text::{Text, fill};

/// The selected field as text: its name and what it says.
pub fn field_text(state: &State) -> Option<String> {
    let row = state.tree.rows.get(state.selection?.row)?;
    let octets = state.selected_octets()?;
    let value = value_text(state.text, &state.tree, row, octets);
    let name = label_text(state.text, row.label);
    Some(if value.is_empty() { format!("{name}: {}", hex(octets)) } else { format!("{name}: {value}") })
}

/// The octets of the selected field.
pub fn field_hex(state: &State) -> Option<String> {
    state.selected_octets().map(hex)
}

/// The octets of the selected item.
pub fn frame_hex(state: &State) -> Option<String> {
    state.current().map(|(_, octets)| hex(octets))
}

/// Octets in hexadecimal, with spaces.
pub fn hex(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() * 3);
    for (at, octet) in octets.iter().enumerate() {
        let space = if at > 0 { " " } else { "" };
        let _ = write!(text, "{space}{octet:02X}");
    }
    text
}

/// The first octets in hexadecimal, and whether there are more.
pub fn short_hex(octets: &[u8], most: usize) -> String {
    match octets.split_at_checked(most) {
        Some((first, rest)) if !rest.is_empty() => format!("{} …", hex(first)),
        _ => hex(octets),
    }
}

/// What a row is called.
pub fn label_text(text: Text, label: Label) -> String {
    match label {
        Label::Node(node) => text.node(node),
        Label::Field(name) => text.name(name).to_owned(),
        Label::Bare => text.words().bare_message.to_owned(),
        Label::Skipped => text.words().skipped_octets.to_owned(),
        Label::Buffer(origin) => text.name(origin.name()).to_owned(),
    }
}

/// What the octets of a row say, with the reading that they carry.
pub fn value_text(text: Text, tree: &Tree, row: &Row, octets: &[u8]) -> String {
    let own = own_value_text(text, row, octets);
    let Some(reading) = row.reading.and_then(|number| tree.readings.get(number)) else { return own };
    let reading = format!("{} {}", text.reading_name(reading), text.reading_value(reading));
    if own.is_empty() { reading } else { format!("{own} = {reading}") }
}

/// What the octets of a row say by themselves.
pub fn own_value_text(text: Text, row: &Row, octets: &[u8]) -> String {
    let words = text.words();
    if let Label::Buffer(_) = row.label {
        return text.count(words.octet_count, octets.len() as u64);
    }
    match &row.value {
        RowValue::None => String::new(),
        RowValue::Octets => short_hex(octets, 12),
        RowValue::Undecoded => words.undecoded.to_owned(),
        RowValue::Text(text) => text.clone(),
        RowValue::UnknownCode(code) => fill(words.unknown_code, &[&format!("{code:02X}h")]),
        RowValue::Check { received, computed } if received == computed => {
            fill(words.check_right, &[&format!("{received:X}h")])
        }
        RowValue::Check { received, computed } => {
            fill(words.check_wrong, &[&format!("{received:X}h"), &format!("{computed:X}h")])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Origin;
    use crate::state::Action;

    #[test]
    fn a_field_is_copied_with_its_name_and_its_octets() {
        let input = Action::Import(Origin::Paste, b"10 40 01 41 16"[..].into());
        let state = State::default().reduce(input).reduce(Action::SelectOctet(0, 3));
        assert_eq!(field_text(&state).unwrap(), "check sum: 41h, right");
        assert_eq!(field_hex(&state).unwrap(), "41");
        assert_eq!(frame_hex(&state).unwrap(), "10 40 01 41 16");
    }

    #[test]
    fn long_hex_is_cut() {
        assert_eq!(short_hex(&[1, 2, 3], 2), "01 02 …");
        assert_eq!(short_hex(&[1, 2], 2), "01 02");
    }
}
