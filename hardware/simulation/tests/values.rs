//! The boards' schematics have the values that are simulated.

use meterscope_hardware_checks::boards::Board;
use meterscope_hardware_checks::netlist::Netlist;
use meterscope_simulation::values;

/// References of a board's parts with what is simulated of them.
fn simulated(board: &str) -> Vec<(String, String, f64)> {
    let parts = values::all().into_iter().filter(|value| value.board.as_deref() == Some(board));
    parts
        .flat_map(|value| {
            value.references.into_iter().map(move |reference| (reference, value.name.clone(), value.value))
        })
        .collect()
}

fn differences(board: &str, netlist: &Netlist) -> Vec<String> {
    let parts = simulated(board).into_iter();
    parts
        .filter_map(|(reference, name, simulated)| {
            let drawn = netlist.parts.contains_key(&reference).then(|| netlist.value(&reference));
            let same = drawn.is_some_and(|drawn| close(drawn, simulated));
            (!same).then(|| format!("{name}: {reference} is {drawn:?}, simulated {simulated}"))
        })
        .collect()
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= other.abs() * 1e-6
}

#[test]
fn the_boards_have_the_values_that_are_simulated() {
    for (board, least) in [("han-shield", 12), ("master-simulator", 5)] {
        assert_eq!(
            differences(board, &Netlist::of(&Board::committed(board))),
            Vec::<String>::new(),
            "{board}"
        );
        let compared = simulated(board).len();
        assert!(compared >= least, "only {compared} parts of {board} are compared");
    }
}

/// A board's value belongs to a part; what belongs to none says so by naming no board.
#[test]
fn every_value_of_a_board_has_its_parts() {
    let values = values::all();
    let without = values.iter().filter(|value| value.board.is_some() && value.references.is_empty());
    assert_eq!(without.map(|value| value.name.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn another_value_is_seen() {
    for (board, part, name, other) in [
        ("han-shield", "R6", "r_led", "4k7"),
        ("master-simulator", "R9", "r_limit", "47R"),
        ("master-simulator", "R3", "r_drive", "4k99"),
    ] {
        let mut netlist = Netlist::of(&Board::committed(board));
        netlist.parts.get_mut(part).unwrap().value = other.into();
        let differences = differences(board, &netlist);
        assert_eq!(differences.len(), 1, "{differences:?}");
        assert!(differences[0].starts_with(&format!("{name}: {part} ")), "{differences:?}");
        netlist.parts.remove(part);
        assert_eq!(self::differences(board, &netlist).len(), 1, "{part} is gone");
    }
}
