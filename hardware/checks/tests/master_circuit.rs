//! The bus-master simulator's circuit against what a bus asks (EN 13757-2) and what its parts stand.

use meterscope_hardware_checks::boards::Board;
use meterscope_hardware_checks::netlist::Netlist;
use meterscope_hardware_checks::supply::{Tolerance, stops_v};

/// What the bus loses to the follower with one load: two base-emitter junctions, and little at the drive's resistor.
const FOLLOWER_LOSS_V: (f64, f64) = (1.7, 2.1);
/// A base-emitter junction that conducts, at least and at most from 0 to 60 C.
const JUNCTION_V: (f64, f64) = (0.55, 0.75);

fn netlist() -> Netlist {
    Netlist::of(&Board::committed("master-simulator"))
}

/// A mark of 24 V and one of 36 V can be set with any parts, and the supply stays below what a bus may have (42 V, TI
/// SLAS222B) by itself: a bus that followed it without a loss would.
#[test]
fn mark_can_be_set_from_24_to_36_volts_and_no_bus_sees_42() {
    let netlist = netlist();
    let ((_, least_upper_v), (most_lower_v, most_upper_v)) =
        (stops_v(&netlist, Tolerance::Least), stops_v(&netlist, Tolerance::Most));
    assert!(most_lower_v - FOLLOWER_LOSS_V.0 <= 24.0, "{most_lower_v}");
    assert!(least_upper_v - FOLLOWER_LOSS_V.1 >= 36.0, "{least_upper_v}");
    assert!(most_upper_v < 42.0, "{most_upper_v}");
}

/// As the reckoning takes it: VP, R1, RV1, R2 and ground in a row, FB at the wiper, R19 across the upper part. An open
/// wiper then lifts FB, and the converter stops: R19 gives more than FB takes long before VP is high.
#[test]
fn the_trimmer_divides() {
    let netlist = netlist();
    for (pin, net) in
        [(("R1", "1"), "/VP"), (("R19", "1"), "/VP"), (("R2", "2"), "GND"), (("RV1", "2"), "/FB")]
    {
        assert_eq!(netlist.net_at(pin.0, pin.1), Some(net), "{pin:?}");
    }
    for (one, other) in
        [(("R1", "2"), ("RV1", "1")), (("RV1", "3"), ("R2", "1")), (("R19", "2"), ("U1", "2"))]
    {
        assert_eq!(netlist.net_at(one.0, one.1), netlist.net_at(other.0, other.1), "{one:?}");
    }
    let open_wiper_v = 1.254 + 800e-9 * netlist.value("R19");
    assert!(open_wiper_v < 5.0, "{open_wiper_v}");
}

/// The switch of an LM2577 works up to 60 V and its duty cycle up to 0.9; its output may be ten times its input (SNOS658D).
#[test]
fn the_converter_is_within_its_data_sheet() {
    let (_, most_v) = stops_v(&netlist(), Tolerance::Most);
    let (input_v, diode_v, saturation_v) = (4.75, 0.5, 0.6);
    assert!(most_v + diode_v < 60.0);
    assert!(most_v <= 10.0 * input_v);
    // A mark of 36 V with 64 loads.
    let supply_v = 38.7;
    let duty = (supply_v + diode_v - input_v) / (supply_v + diode_v - saturation_v);
    assert!(duty <= 0.9, "{duty}");
}

/// The computer's ground is the bus's minus, and nothing but R12 lies between: what the README says of it.
#[test]
fn only_r12_is_between_bus_and_ground() {
    let netlist = netlist();
    let at = |net: &str| -> Vec<&str> {
        netlist.nets[net].iter().map(|(reference, _)| reference.as_str()).collect()
    };
    let to_ground: Vec<&str> =
        at("/BUS_B").into_iter().filter(|reference| at("GND").contains(reference)).collect();
    assert_eq!(to_ground, ["R12"]);
    for jack in ["J1", "J2"] {
        assert_eq!(netlist.net_at(jack, "2"), Some("/BUS_B"), "{jack}");
        assert_eq!(netlist.net_at(jack, "1"), Some("/BUS_A"), "{jack}");
    }
    assert_eq!(netlist.net_at("J3", "2"), Some("GND"));
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
