"""The footprint of a shield's headers.

KiCad's `Module:Arduino_UNO_R3` is the module lying on a carrier, seen through the carrier; a shield seen from above is
its mirror image. The places are those of the Arduino Uno R3 and Leonardo drawings: in mils from the lower left corner
of an Arduino whose USB socket is on the left.
"""

import os

from .expression import Text, serialize
from .identity import uuid_of
from .symbols import OWN_LIBRARY_PATH

NAME = "Arduino_R3_shield_headers"

_LOWER_ROW_MIL = 100
_UPPER_ROW_MIL = 2000
# Pin numbers are those of KiCad's symbol MCU_Module:Arduino_UNO_R3.
_HEADERS = {
    "POWER": (_LOWER_ROW_MIL, {1 + i: 1100 + 100 * i for i in range(8)}),
    "ANALOG IN": (_LOWER_ROW_MIL, {9 + i: 2000 + 100 * i for i in range(6)}),
    "D0 to D7": (_UPPER_ROW_MIL, {15 + i: 2500 - 100 * i for i in range(8)}),
    "D8 to SCL": (_UPPER_ROW_MIL, {23 + i: 1640 - 100 * i for i in range(10)}),
}

_BODY_MM = 1.1
_COURTYARD_MM = 1.8


def pin_places():
    """Pin number to (x, y) in mm from the Arduino's upper left corner, y down."""
    return {
        str(number): (round(x_mil * 0.0254, 3), round((2100 - row_mil) * 0.0254, 3))
        for row_mil, row in _HEADERS.values() for number, x_mil in row.items()
    }


def write():
    """Writes the footprint into our library. Its origin is the Arduino's upper left corner."""
    tree = [
        "footprint", Text(NAME), ["version", 20241229], ["generator", Text("meterscope")], ["layer", Text("F.Cu")],
        ["descr", Text("Stacking headers of a shield for Arduino Uno R3 and Leonardo, seen from above")],
        ["property", Text("Reference"), Text("REF**"), ["at", 34, 26, 0], ["layer", Text("F.Fab")], uuid_of(NAME, "reference"), _font(1)],
        ["property", Text("Value"), Text(NAME), ["at", 34, 28, 0], ["layer", Text("F.Fab")], uuid_of(NAME, "value"), _font(1)],
        ["attr", "through_hole"],
    ]
    for number, (x, y) in pin_places().items():
        shape = "rect" if number == "1" else "circle"
        tree.append([
            "pad", Text(number), "thru_hole", shape, ["at", x, y], ["size", 1.7, 1.7], ["drill", 1.02],
            ["layers", Text("*.Cu"), Text("*.Mask")], uuid_of(NAME, "pad", number),
        ])
    places = pin_places()
    for title, (_, row) in _HEADERS.items():
        xs = [places[str(number)][0] for number in row]
        y = places[str(next(iter(row)))][1]
        tree += _box(title, min(xs), max(xs), y, _BODY_MM, "F.SilkS", 0.15)
        tree += _box(title, min(xs), max(xs), y, _COURTYARD_MM, "F.CrtYd", 0.05)
    path = os.path.join(os.path.dirname(OWN_LIBRARY_PATH), "meterscope.pretty")
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, f"{NAME}.kicad_mod"), "w", encoding="utf-8") as file:
        file.write(serialize(tree) + "\n")


def _box(title, left, right, y, margin, layer, width):
    corners = [(left - margin, y - margin), (right + margin, y - margin), (right + margin, y + margin), (left - margin, y + margin)]
    return [
        ["fp_line", ["start", *start], ["end", *end], ["stroke", ["width", width], ["type", "solid"]], ["layer", Text(layer)],
         uuid_of(NAME, title, layer, i)]
        for i, (start, end) in enumerate(zip(corners, corners[1:] + corners[:1]))
    ]


def _font(size):
    return ["effects", ["font", ["size", size, size], ["thickness", 0.15]]]
