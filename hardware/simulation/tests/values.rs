//! The boards' schematics have the values that are simulated.

use meterscope_hardware_checks::boards::Board;
use meterscope_hardware_checks::netlist::Netlist;
use meterscope_simulation::values;

fn differences(netlist: &Netlist) -> Vec<String> {
    let parts = values::all().into_iter().filter(|value| value.board.as_deref() == Some("han-shield"));
    let pairs = parts.flat_map(|value| {
        value.references.into_iter().map(move |reference| (reference, value.name.clone(), value.value))
    });
    pairs
        .filter_map(|(reference, name, simulated)| {
            let drawn = netlist.parts.get(&reference).map(|part| part.value.clone());
            let same = drawn.as_deref().and_then(values::number).is_some_and(|drawn| close(drawn, simulated));
            (!same).then(|| format!("{name}: {reference} is {drawn:?}, simulated {simulated}"))
        })
        .collect()
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= other.abs() * 1e-6
}

#[test]
fn the_shield_has_the_values_that_are_simulated() {
    let netlist = Netlist::of(&Board::committed("han-shield"));
    assert_eq!(differences(&netlist), Vec::<String>::new());
    let compared = values::all()
        .iter()
        .filter(|value| value.board.is_some())
        .flat_map(|value| &value.references)
        .count();
    assert!(compared >= 12, "only {compared} parts are compared");
}

#[test]
fn another_value_is_seen() {
    let mut netlist = Netlist::of(&Board::committed("han-shield"));
    netlist.parts.get_mut("R6").unwrap().value = "4k7".into();
    let differences = differences(&netlist);
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert!(differences[0].starts_with("r_led: R6 "), "{differences:?}");
}
