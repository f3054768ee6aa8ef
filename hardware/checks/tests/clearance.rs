//! The bus-master simulator is not isolated. What carries the bus's 42 V keeps 0.3 mm from everything else.

use meterscope_hardware_checks::boards::Board;
use meterscope_hardware_checks::rules::design;

const MASTER: &str = "master-simulator";
const RULE: &str = "rule '42 V'";

#[test]
fn nets_of_the_bus_are_in_the_class_of_the_rule() {
    let project: serde_json::Value =
        serde_json::from_str(&Board::committed(MASTER).read("kicad_pro")).unwrap();
    let patterns = project["net_settings"]["netclass_patterns"].as_array().expect("the classes have nets");
    for net in ["/VP", "/SW", "/BUS_A", "/E3", "/DRIVE"] {
        let listed =
            patterns.iter().any(|entry| entry["netclass"] == "Bus voltage" && entry["pattern"] == net);
        assert!(listed, "{net}");
    }
}

/// A track of the supply is moved to 0.25 mm from a pad of the Arduino: the fab could make it, and the rule forbids it.
#[test]
fn a_track_that_is_too_near_is_found() {
    let board = Board::copy(MASTER);
    board.change("kicad_pcb", |layout| {
        let net = layout
            .lines()
            .find(|line| line.starts_with("\t(net ") && line.contains("\"/VP\")"))
            .and_then(|line| line.split_whitespace().nth(1))
            .expect("the net is on the board");
        // The corner is at 40, 40 on KiCad's sheet. Pin A0 is at 50.8, 50.8 of the board and 0.85 mm in radius.
        let track = format!(
            "\n\t(segment\n\t\t(start 89.55 89.45)\n\t\t(end 92.05 89.45)\n\t\t(width 0.5)\n\t\t(layer \"F.Cu\")\n\t\t(net {net})\n\t\t(uuid \
             \"00000000-0000-4000-8000-000000000002\")\n\t)"
        );
        let end = layout.rfind("\n)").expect("the board ends");
        format!("{}{track}{}", &layout[..end], &layout[end..])
    });
    let found = design(&board);
    let near = found.iter().find(|violation| violation.description.contains(RULE));
    assert!(near.is_some_and(|violation| violation.kind == "clearance"), "{found:#?}");
}

/// The heat sink carries VP and stands on the board: no copper is poured and no via set beneath it.
#[test]
fn a_via_below_the_heat_sink_is_found() {
    let board = Board::copy(MASTER);
    board.change("kicad_pcb", |layout| {
        let via = "\n\t(via\n\t\t(at 56 60)\n\t\t(size 0.8)\n\t\t(drill 0.4)\n\t\t(layers \"F.Cu\" \"B.Cu\")\n\t\t(net 0)\n\t\t(uuid \
                   \"00000000-0000-4000-8000-000000000003\")\n\t)";
        let end = layout.rfind("\n)").expect("the board ends");
        format!("{}{via}{}", &layout[..end], &layout[end..])
    });
    let found = design(&board);
    assert!(found.iter().any(|violation| violation.kind == "items_not_allowed"), "{found:#?}");
}
