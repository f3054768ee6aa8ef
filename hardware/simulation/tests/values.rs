//! The boards' schematics have the values that are simulated.

use meterscope_hardware_checks::boards::{Board, NAMES};
use meterscope_hardware_checks::netlist::Netlist;
use meterscope_hardware_checks::supply::{Tolerance, stops_v};
use meterscope_simulation::values;

fn differences(name: &str, netlist: &Netlist) -> Vec<String> {
    let parts = values::all().into_iter().filter(|value| value.board.as_deref() == Some(name));
    let pairs = parts.flat_map(|value| {
        value.references.into_iter().map(move |reference| (reference, value.name.clone(), value.value))
    });
    pairs
        .filter_map(|(reference, name, simulated)| {
            let drawn = netlist.value(&reference);
            (!close(drawn, simulated))
                .then(|| format!("{name}: {reference} is {drawn}, simulated {simulated}"))
        })
        .collect()
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= other.abs() * 1e-6
}

#[test]
fn the_boards_have_the_values_that_are_simulated() {
    for (name, least) in NAMES.into_iter().zip([12, 12]) {
        assert_eq!(differences(name, &Netlist::of(&Board::committed(name))), Vec::<String>::new());
        let values = values::all();
        let compared = values
            .iter()
            .filter(|value| value.board.as_deref() == Some(name))
            .flat_map(|value| &value.references)
            .count();
        assert!(compared >= least, "only {compared} parts of {name} are compared");
    }
}

/// What the converter gives at the most is simulated, and not much more than that.
#[test]
fn the_highest_supply_is_simulated() {
    let netlist = Netlist::of(&Board::committed("master-simulator"));
    let (_, most_v) = stops_v(&netlist, Tolerance::Most);
    let simulated_v = values::of("vp_most");
    assert!((most_v..most_v + 0.5).contains(&simulated_v), "{most_v} is possible, {simulated_v} simulated");
}

#[test]
fn another_value_is_seen() {
    for (name, reference, value) in [("han-shield", "R6", "r_led"), ("master-simulator", "R9", "r_limit")] {
        let mut netlist = Netlist::of(&Board::committed(name));
        netlist.parts.get_mut(reference).unwrap().value = "4k7".into();
        let differences = differences(name, &netlist);
        assert_eq!(differences.len(), 1, "{differences:?}");
        assert!(differences[0].starts_with(&format!("{value}: {reference} ")), "{differences:?}");
    }
}
