"""Symbols of KiCad's own libraries, and how our own are drawn."""

import copy
import functools
import os

from .expression import Text, child, children, parse, serialize

KICAD_SYMBOLS = "/usr/share/kicad/symbols"
OWN_LIBRARY = "meterscope"
OWN_LIBRARY_PATH = os.path.join(os.path.dirname(__file__), "..", "library", f"{OWN_LIBRARY}.kicad_sym")

FONT = ["effects", ["font", ["size", 1.27, 1.27]]]
HIDDEN = [*FONT, ["hide", True]]


def symbol(library_id):
    """The symbol `library:name`, complete: what it takes over from another symbol is filled in."""
    library, name = library_id.split(":")
    table = _library(library)
    found = copy.deepcopy(table[name])
    extends = child(found, "extends")
    if extends is not None:
        found = _flattened(found, table[extends[1]])
    found[1] = Text(library_id)
    return found


def pins(drawn, unit=1):
    """The pins of a symbol's unit: number to (x, y), in mm, y upwards as in the library."""
    places = {}
    for part in children(drawn, "symbol"):
        if int(part[1].split("_")[-2]) in (0, unit):
            for pin in children(part, "pin"):
                _, x, y, *_ = child(pin, "at")
                places[str(child(pin, "number")[1])] = (float(x), float(y))
    return places


def draw_symbol(name, *, reference, description, datasheet, footprint, body, pin_list, extra=()):
    """A symbol of our own.

    `body` is (left, top, right, bottom) in mm, y upwards; `pin_list` has (number, name, electrical type, x, y, angle).
    """
    left, top, right, bottom = body
    outline = ["rectangle", ["start", left, top], ["end", right, bottom], _stroke(0.254), ["fill", ["type", "background"]]]
    drawn_pins = [
        ["pin", kind, "line", ["at", x, y, angle], ["length", 2.54], *hidden, ["name", Text(title), FONT], ["number", Text(number), FONT]]
        for number, title, kind, x, y, angle in pin_list
        for hidden in [[["hide", True]] if kind == "no_connect" else []]
    ]
    return [
        "symbol", Text(name), ["exclude_from_sim", False], ["in_bom", True], ["on_board", True],
        ["property", Text("Reference"), Text(reference), ["at", left, top + 1.27, 0], [*FONT, ["justify", "left"]]],
        ["property", Text("Value"), Text(name), ["at", right, top + 1.27, 0], [*FONT, ["justify", "right"]]],
        ["property", Text("Footprint"), Text(footprint), ["at", 0, 0, 0], HIDDEN],
        ["property", Text("Datasheet"), Text(datasheet), ["at", 0, 0, 0], HIDDEN],
        ["property", Text("Description"), Text(description), ["at", 0, 0, 0], HIDDEN],
        ["symbol", Text(f"{name}_0_1"), outline, *extra],
        ["symbol", Text(f"{name}_1_1"), *drawn_pins],
        ["embedded_fonts", False],
    ]


def line(*points, width=0.254, fill="none"):
    """A polyline in a symbol."""
    return ["polyline", ["pts", *(["xy", x, y] for x, y in points)], _stroke(width), ["fill", ["type", fill]]]


def write_own_library(symbols):
    """Writes our library with `symbols`."""
    library = ["kicad_symbol_lib", ["version", 20241209], ["generator", Text("meterscope")], ["generator_version", Text("9.0")], *symbols]
    with open(OWN_LIBRARY_PATH, "w", encoding="utf-8") as file:
        file.write(serialize(library) + "\n")
    _library.cache_clear()


@functools.cache
def _library(name):
    path = OWN_LIBRARY_PATH if name == OWN_LIBRARY else f"{KICAD_SYMBOLS}/{name}.kicad_sym"
    with open(path, encoding="utf-8") as file:
        return {str(entry[1]): entry for entry in children(parse(file.read()), "symbol")}


def _flattened(derived, parent):
    """A derived symbol has only properties of its own; the drawing is its parent's, under the new name."""
    properties = children(derived, "property")
    overridden = {str(entry[1]) for entry in properties}
    whole = [
        entry for entry in copy.deepcopy(parent)
        if not (isinstance(entry, list) and entry[0] == "property" and str(entry[1]) in overridden)
    ]
    for part in children(whole, "symbol"):
        part[1] = Text(part[1].replace(str(parent[1]), str(derived[1]), 1))
    first_part = next(i for i, entry in enumerate(whole) if isinstance(entry, list) and entry[0] == "symbol")
    return [*whole[:first_part], *properties, *whole[first_part:]]


def _stroke(width):
    return ["stroke", ["width", width], ["type", "default"]]
