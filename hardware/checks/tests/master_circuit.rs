//! The bus-master simulator's circuit against what a bus asks (EN 13757-2) and what its parts stand.

use meterscope_hardware_checks::boards::Board;
use meterscope_hardware_checks::netlist::Netlist;

/// What the bus loses to the follower: two base-emitter junctions, and the drive's resistor at mark.
const FOLLOWER_LOSS_V: f64 = 2.1;
/// A base-emitter junction that conducts, at least and at most from 0 to 60 C.
const JUNCTION_V: (f64, f64) = (0.55, 0.75);

fn netlist() -> Netlist {
    Netlist::of(&Board::committed("master-simulator"))
}

/// U1 holds 1.205 to 1.255 V at FB and its switch stands 40 V (LM2733, SNVS209G); a trimmer is 10 % off at most, and the
/// Schottky diode adds half a volt to the switch.
#[test]
fn mark_can_be_set_from_24_to_34_volts() {
    let netlist = netlist();
    let supply_v =
        |trimmer, feedback_v| feedback_v * (1.0 + (netlist.value("R1") + trimmer) / netlist.value("R2"));
    let (least_v, most_v) = (supply_v(0.0, 1.255), supply_v(netlist.value("RV1"), 1.23));
    assert!(least_v - FOLLOWER_LOSS_V <= 24.0, "{least_v}");
    assert!(most_v - FOLLOWER_LOSS_V >= 34.0, "{most_v}");
    let worst_v = supply_v(netlist.value("RV1") * 1.1, 1.255) + 0.5;
    assert!(worst_v < 39.5, "{worst_v}");
}

/// D9 low draws enough for the zener to conduct, and no more than a pin gives (20 mA).
#[test]
fn the_pin_moves_the_zener() {
    let netlist = netlist();
    let base_v = 5.0 * netlist.value("R6") / (netlist.value("R5") + netlist.value("R6"));
    let pin_a = |junction_v: f64| (base_v - junction_v) / netlist.value("R7");
    assert!(pin_a(JUNCTION_V.0) < 20e-3);
    let through_resistor_a = 12.6 / netlist.value("R3");
    assert!(pin_a(JUNCTION_V.1) - through_resistor_a > 1e-3, "the zener is starved");
}

/// 64 unit loads of 1.5 mA stay below the limit, and the limit below what Q2 and the heat sink stand.
#[test]
fn the_limit_is_above_64_unit_loads() {
    let netlist = netlist();
    let limit_a = |junction_v: f64| junction_v / netlist.value("R9");
    assert!(limit_a(JUNCTION_V.0) > 64.0 * 1.5e-3 * 1.1, "{}", limit_a(JUNCTION_V.0));
    assert!(limit_a(JUNCTION_V.1) < 0.2);
    // The lamp: a tenth of the bus's current.
    assert!((netlist.value("R12") / netlist.value("R15") - 0.1).abs() < 1e-9);
}

/// While the Arduino starts, its pins float: nothing else holds Q1's emitter.
#[test]
fn a_floating_pin_is_mark() {
    let netlist = netlist();
    let mut at_pin: Vec<&str> = netlist.nets[netlist.net_at("A1", "24").unwrap()]
        .iter()
        .map(|(reference, _)| reference.as_str())
        .collect();
    at_pin.sort_unstable();
    assert_eq!(at_pin, ["A1", "R7", "TP4"]);
}
