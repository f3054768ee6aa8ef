//! KiCad's rules pass, and they are rules that can fail: what a slip of the hand does to a board is found.

use meterscope_hardware_checks::boards::{Board, NAMES};
use meterscope_hardware_checks::rules::{Violation, design, electrical};

/// Nothing is exempt. A warning that has to stay would be named here, with the reason.
const EXPLAINED: [&str; 0] = [];

#[test]
fn no_electrical_rule_is_broken() {
    for name in NAMES {
        assert_none(name, electrical(&Board::committed(name)));
    }
}

#[test]
fn no_design_rule_is_broken_and_the_board_is_that_of_the_schematic() {
    for name in NAMES {
        assert_none(name, design(&Board::committed(name)));
    }
}

/// A project can tell KiCad to be quiet about a rule. Ours tell it nothing.
#[test]
fn no_rule_is_silenced() {
    for name in NAMES {
        let project: serde_json::Value =
            serde_json::from_str(&Board::committed(name).read("kicad_pro")).unwrap();
        for (part, key) in [("erc", "erc_exclusions"), ("erc", "rule_severities")] {
            assert!(is_empty(&project[part][key]), "{name}: {part}.{key}");
        }
        let settings = &project["board"]["design_settings"];
        for key in ["drc_exclusions", "rule_severities"] {
            assert!(is_empty(&settings[key]), "{name}: {key}");
        }
    }
}

#[test]
fn a_removed_wire_is_found() {
    for name in NAMES {
        let wires = Board::committed(name).read("kicad_sch").matches("\n\t(wire\n").count();
        assert!(wires > 50, "{name} has {wires} wires");
        // Each takes KiCad seconds, so some of them, spread over the sheet.
        for index in (0..wires).step_by(wires / 6) {
            let board = Board::copy(name);
            board.change("kicad_sch", |sheet| without_wire(sheet, index));
            let found = [electrical(&board), design(&board)].concat();
            assert!(!found.is_empty(), "{name}: nothing was found without wire {index}");
        }
    }
}

#[test]
fn a_removed_track_is_found() {
    for name in NAMES {
        let board = Board::copy(name);
        board.change("kicad_pcb", |layout| without_block(layout, "\n\t(segment\n", 10));
        let found = design(&board);
        assert!(found.iter().any(|violation| violation.kind == "unconnected_items"), "{name}: {found:?}");
    }
}

#[test]
fn a_part_of_another_value_is_found() {
    for (name, value) in [("han-shield", "30k"), ("master-simulator", "47k5")] {
        let board = Board::copy(name);
        let before = format!("\"Value\" \"{value}\"");
        board.change("kicad_pcb", |layout| layout.replacen(&before, "\"Value\" \"3k\"", 1));
        assert!(!design(&board).is_empty(), "{name}");
    }
}

fn assert_none(name: &str, mut found: Vec<Violation>) {
    found.retain(|violation| !EXPLAINED.contains(&violation.description.as_str()));
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{name}:\n{}", found.join("\n"));
}

fn is_empty(value: &serde_json::Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn without_wire(sheet: &str, index: usize) -> String {
    without_block(sheet, "\n\t(wire\n", index)
}

/// `text` without the `index`th block that begins with `opening`. A block ends with its own line `\t)`.
fn without_block(text: &str, opening: &str, index: usize) -> String {
    let (start, _) = text.match_indices(opening).nth(index).expect("there are so many");
    let end = start + text[start..].find("\n\t)").expect("the block ends") + "\n\t)".len();
    format!("{}{}", &text[..start], &text[end..])
}
