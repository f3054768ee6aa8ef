"""The files around a schematic and a board: tables of libraries, net classes, design rules."""

import json
import os

from .symbols import OWN_LIBRARY

# What every hobby fab makes without an extra charge, with room to spare.
_FAB = {"min_clearance": 0.2, "min_copper_edge_clearance": 0.5, "min_track_width": 0.2, "min_through_hole_diameter": 0.3,
        "min_via_annular_width": 0.13, "min_via_diameter": 0.6, "min_hole_to_hole": 0.25, "min_hole_clearance": 0.25,
        "min_silk_clearance": 0.0, "min_text_height": 0.8, "min_text_thickness": 0.12, "min_resolved_spokes": 1}


def write_tables(folder, symbol_libraries, footprint_libraries):
    """Writes the tables of libraries, so that the project opens the same on any machine."""
    _write_table(folder, "sym", symbol_libraries, "${KICAD9_SYMBOL_DIR}", ".kicad_sym")
    _write_table(folder, "fp", footprint_libraries, "${KICAD9_FOOTPRINT_DIR}", ".pretty")


def write_project(folder, name, net_classes):
    """Writes `<name>.kicad_pro`.

    `net_classes` maps a class to its track width in mm and its nets; nets in no class are in the default one.
    """
    classes = [_net_class("Default", 0.25, 2147483647)]
    patterns = []
    for priority, (class_name, (width_mm, nets)) in enumerate(net_classes.items()):
        classes.append(_net_class(class_name, width_mm, priority))
        patterns += [{"netclass": class_name, "pattern": net} for net in nets]
    project = {
        "board": {"design_settings": {"rules": _FAB, "rule_severities": {}, "drc_exclusions": []}},
        "erc": {"erc_exclusions": [], "rule_severities": {}},
        "meta": {"filename": f"{name}.kicad_pro", "version": 3},
        "net_settings": {"classes": classes, "meta": {"version": 4}, "netclass_patterns": patterns},
        "schematic": {"legacy_lib_dir": "", "legacy_lib_list": [], "page_layout_descr_file": "${KIPRJMOD}/../library/sheet.kicad_wks"},
        "sheets": [],
        "text_variables": {},
    }
    _write(folder, f"{name}.kicad_pro", json.dumps(project, indent=2) + "\n")


def write_rules(folder, name, rules):
    """Writes `<name>.kicad_dru`, the board's own design rules."""
    _write(folder, f"{name}.kicad_dru", "(version 1)\n" + rules)


def _net_class(name, track_width_mm, priority):
    return {
        "name": name, "priority": priority, "track_width": track_width_mm, "clearance": 0.2,
        "via_diameter": 0.6, "via_drill": 0.3, "wire_width": 6, "bus_width": 12,
        "diff_pair_gap": 0.25, "diff_pair_width": 0.2, "line_style": 0,
        "microvia_diameter": 0.3, "microvia_drill": 0.1,
        "pcb_color": "rgba(0, 0, 0, 0.000)", "schematic_color": "rgba(0, 0, 0, 0.000)",
    }


def _write_table(folder, kind, libraries, kicads_folder, suffix):
    lines = [f"({kind}_lib_table", "  (version 7)"]
    for library in libraries:
        home = "${KIPRJMOD}/../library" if library == OWN_LIBRARY else kicads_folder
        lines.append(f'  (lib (name "{library}")(type "KiCad")(uri "{home}/{library}{suffix}")(options "")(descr ""))')
    _write(folder, f"{kind}-lib-table", "\n".join(lines) + "\n)\n")


def _write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)
