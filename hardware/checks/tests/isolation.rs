//! Between bus and Arduino nothing conducts but the coupler's light, and 5 mm of board lie between their copper.

use meterscope_hardware_checks::boards::Board;
use meterscope_hardware_checks::netlist::Netlist;
use meterscope_hardware_checks::rules::{Violation, design};

const SHIELD: &str = "han-shield";
const COUPLER: &str = "U2";
/// Pins of the coupler's LED (6N139: 1 to 4), on the bus side.
const LED_PINS: [&str; 4] = ["1", "2", "3", "4"];
const RULE: &str = "isolation between bus and Arduino";

/// The rule keeps two classes of nets apart. It is worth what the classes are: each net that is joined to the bus by any
/// part but the coupler has to be of the bus's class, and no other.
#[test]
fn the_class_of_the_bus_is_what_the_bus_reaches() {
    let board = Board::committed(SHIELD);
    let netlist = Netlist::of(&board);
    let reached = reached_from(&netlist, "/BUS_A");
    assert!(reached.contains(&"/STC".to_owned()) && reached.contains(&"GND_BUS".to_owned()), "{reached:?}");
    assert!(!reached.contains(&"GND".to_owned()), "the bus is joined to the Arduino's ground");
    assert!(!reached.contains(&"+5V".to_owned()), "the bus is joined to the Arduino's supply");
    for net in netlist.nets.keys() {
        let of_bus = reached.contains(net) || is_open_pin_of_bus(&netlist, net, &reached);
        assert_eq!(has_class_bus(&board, net), of_bus, "{net}");
    }
}

#[test]
fn the_coupler_stands_across() {
    let netlist = Netlist::of(&Board::committed(SHIELD));
    let reached = reached_from(&netlist, "/BUS_A");
    for (net, pins) in &netlist.nets {
        for (reference, pin) in pins.iter().filter(|(reference, _)| reference == COUPLER) {
            let is_led = LED_PINS.contains(&pin.as_str());
            let is_open = net.starts_with("unconnected-");
            assert!(is_open || is_led == reached.contains(net), "{reference}.{pin} is at {net}");
        }
    }
}

#[test]
fn the_distance_is_five_millimetres() {
    let rules = Board::committed(SHIELD).read("kicad_dru");
    assert_eq!(rules.matches("(min 5mm)").count(), 2, "{rules}");
    let outline = Board::committed(SHIELD).read("kicad_pcb");
    assert!(outline.contains("(name \"isolation\")"), "the area without copper is gone");
}

#[test]
fn a_track_of_the_bus_in_the_gap_is_found() {
    let found = with_moved_track("/STC");
    assert!(found.iter().any(|violation| violation.description.contains(RULE)), "{found:#?}");
}

#[test]
fn a_track_of_the_arduino_in_the_gap_is_found() {
    let found = with_moved_track("/RX_RAW");
    assert!(found.iter().any(|violation| violation.description.contains(RULE)), "{found:#?}");
}

/// Copper of no net is of no class: the area without copper keeps it out too.
#[test]
fn copper_of_no_net_in_the_gap_is_found() {
    let board = Board::copy(SHIELD);
    board.change("kicad_pcb", |layout| {
        let track = "\n\t(segment\n\t\t(start 109.2 50)\n\t\t(end 109.2 60)\n\t\t(width 0.3)\n\t\t(layer \"F.Cu\")\n\t\t(net 0)\n\t\t(uuid \
                     \"00000000-0000-4000-8000-000000000001\")\n\t)";
        let end = layout.rfind("\n)").expect("the board ends");
        format!("{}{track}{}", &layout[..end], &layout[end..])
    });
    let found = design(&board);
    assert!(found.iter().any(|violation| violation.kind == "items_not_allowed"), "{found:#?}");
}

/// What is found when the first track of a net is moved so that it runs in the middle of the gap.
fn with_moved_track(net: &str) -> Vec<Violation> {
    let board = Board::copy(SHIELD);
    board.change("kicad_pcb", |layout| {
        let number = net_number(layout, net);
        let at_net = format!("\t\t(net {number})\n");
        let (start, _) = layout
            .match_indices("\n\t(segment\n")
            .find(|(start, _)| {
                layout[*start..].split("\n\t)").next().is_some_and(|block| block.contains(&at_net))
            })
            .expect("the net has a track");
        let end = start + layout[start..].find("\n\t)").expect("the track ends");
        // The board's corner is at 40, 40 on KiCad's sheet, the middle of the gap at 69.2 of the board.
        let moved: Vec<String> = layout[start..end]
            .lines()
            .map(|line| match line.trim() {
                line if line.starts_with("(start") => "\t\t(start 109.2 50)".to_owned(),
                line if line.starts_with("(end") => "\t\t(end 109.2 55)".to_owned(),
                _ => line.to_owned(),
            })
            .collect();
        format!("{}{}{}", &layout[..start], moved.join("\n"), &layout[end..])
    });
    design(&board)
}

fn net_number(layout: &str, net: &str) -> String {
    let line =
        layout.lines().find(|line| line.starts_with("\t(net ") && line.contains(&format!("\"{net}\")")));
    line.and_then(|line| line.split_whitespace().nth(1)).expect("the net is on the board").to_owned()
}

/// The nets that parts other than the coupler join to `start`.
fn reached_from(netlist: &Netlist, start: &str) -> Vec<String> {
    let mut reached = vec![start.to_owned()];
    let mut next = 0;
    while let Some(net) = reached.get(next).cloned() {
        next += 1;
        let parts: Vec<&String> = netlist.nets[&net]
            .iter()
            .map(|(reference, _)| reference)
            .filter(|reference| *reference != COUPLER)
            .collect();
        for (other, pins) in &netlist.nets {
            let joined = pins.iter().any(|(reference, _)| parts.contains(&reference));
            if joined && !reached.contains(other) && !other.starts_with("unconnected-") {
                reached.push(other.clone());
            }
        }
    }
    reached
}

/// A pin that is left open, of a part of the bus or of the coupler's LED.
fn is_open_pin_of_bus(netlist: &Netlist, net: &str, reached: &[String]) -> bool {
    let (reference, pin) = &netlist.nets[net][0];
    if !net.starts_with("unconnected-") {
        return false;
    }
    if reference == COUPLER {
        return LED_PINS.contains(&pin.as_str());
    }
    let mut nets = netlist.nets.iter().filter(|(_, pins)| pins.iter().any(|(other, _)| other == reference));
    nets.any(|(name, _)| reached.contains(name))
}

/// Whether the project puts a net into the class `Bus`, by name or by a pattern that ends in `*`.
fn has_class_bus(board: &Board, net: &str) -> bool {
    let project: serde_json::Value = serde_json::from_str(&board.read("kicad_pro")).unwrap();
    let patterns = project["net_settings"]["netclass_patterns"].as_array().expect("the classes have nets");
    let bus = patterns
        .iter()
        .filter(|entry| entry["netclass"] == "Bus")
        .filter_map(|entry| entry["pattern"].as_str());
    bus.into_iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => net.starts_with(prefix),
        None => net == pattern,
    })
}
