"""Footprints that KiCad lacks."""

import os

from kicad.expression import Text, serialize
from kicad.identity import uuid_of
from kicad.symbols import OWN_LIBRARY_PATH

_HEAT_SINK = "Heat_sink_TO220_34.9x12.7mm"
# Boyd 5312 (and Fischer SK 104): 34.9 x 12.7 mm seen from above, two pins of 2.4 mm 25.4 mm apart, and on either side of the
# web between them a channel in which a TO-220 stands.
_HALF_LENGTH, _HALF_WIDTH = 17.45, 6.35
_PIN_X = 12.7
_CHANNEL_HALF_LENGTH, _WEB_HALF_WIDTH = 7.9, 0.8
_ROOM = 0.3


def write():
    """Writes our footprints into our library."""
    name = _HEAT_SINK
    tree = [
        "footprint", Text(name), ["version", 20241229], ["generator", Text("meterscope")], ["layer", Text("F.Cu")],
        ["descr", Text("Extruded heat sink with pins for a TO-220 in its lower channel, seen from above. Pins are joined to nothing: "
                       "the heat sink carries what the tab does")],
        ["property", Text("Reference"), Text("REF**"), ["at", 0, -2.5, 0], ["layer", Text("F.Fab")], uuid_of(name, "reference"), _font()],
        ["property", Text("Value"), Text(name), ["at", 0, -4.5, 0], ["layer", Text("F.Fab")], uuid_of(name, "value"), _font()],
        ["attr", "through_hole"],
    ]
    for side, x in (("left", -_PIN_X), ("right", _PIN_X)):
        tree.append([
            "pad", Text(""), "thru_hole", "circle", ["at", x, 0], ["size", 5, 5], ["drill", 2.7], ["layers", Text("*.Cu"), Text("*.Mask")],
            uuid_of(name, "pad", side),
        ])
    # The web is not printed: the transistor's own print is there.
    tree += [line for i, line in enumerate(_outline(name, "F.SilkS", 0.0, 0.15)) if i != 4]
    tree += _outline(name, "F.CrtYd", _ROOM, 0.05)
    folder = os.path.join(os.path.dirname(OWN_LIBRARY_PATH), "meterscope.pretty")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"{name}.kicad_mod"), "w", encoding="utf-8") as file:
        file.write(serialize(tree) + "\n")


def _outline(name, layer, room, width):
    """The contour with the channel cut out: the transistor's courtyard has to fit into it."""
    right, low = _HALF_LENGTH + room, _HALF_WIDTH + room
    channel, web = _CHANNEL_HALF_LENGTH - room, _WEB_HALF_WIDTH - room
    corners = [(-right, -low), (right, -low), (right, low), (channel, low), (channel, web), (-channel, web), (-channel, low), (-right, low)]
    return [
        ["fp_line", ["start", *start], ["end", *end], ["stroke", ["width", width], ["type", "solid"]], ["layer", Text(layer)],
         uuid_of(name, layer, i)]
        for i, (start, end) in enumerate(zip(corners, corners[1:] + corners[:1]))
    ]


def _font():
    return ["effects", ["font", ["size", 1, 1], ["thickness", 0.15]]]
