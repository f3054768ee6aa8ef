"""A schematic on one sheet: parts placed, pins joined by wires, blocks framed, notes written.

Places are in grid units of 1.27 mm, x to the right and y down. A place is a pair of numbers or a pin, `"U1.16"`.
"""

import math
import os
from collections import Counter
from dataclasses import dataclass

from .expression import Text, child, children, serialize
from .identity import identifier, uuid_of
from .symbols import FONT, HIDDEN, pins, symbol

GRID_MM = 1.27

_STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
_LABEL_ANGLES = {"left": 180, "right": 0, "up": 90, "down": 270}


@dataclass(frozen=True)
class Part:
    """What is bought: KiCad's symbol and footprint, the value on the schematic, and the bill of materials' columns."""

    symbol: str
    value: str
    footprint: str = ""
    rating: str = ""
    manufacturer: str = ""
    mpn: str = ""
    second_source: str = ""
    in_bom: bool = True
    datasheet: str = ""


@dataclass(frozen=True)
class Title:
    """The title block. `date` is the revision's, so that a sheet made again is the same sheet."""

    title: str
    revision: str
    date: str
    comments: tuple = ()
    paper: str = "A3"


class Sheet:
    """A schematic of the project `name`."""

    def __init__(self, name, title):
        self.name = name
        self.title = title
        self._root = identifier(name, "sheet")
        self._symbols = {}
        self._placed = []
        self._drawn = []
        self._pins = {}
        self._pin_places = []
        self._footprints = set()
        self._segments = []
        self._counts = Counter()

    def place(self, reference, part, x, y, rotation=0, mirror=None, show=None):
        """Places `part` with its origin at (x, y).

        `show` says where texts stand: name of the field to (dx, dy, justification). Reference and value are always
        shown, the rating if it is named there.
        """
        drawn = self._symbols.setdefault(part.symbol, symbol(part.symbol))
        places = _turned(pins(drawn), x, y, rotation, mirror)
        self._pins[reference] = places
        self._pin_places += places.values()
        if part.footprint:
            self._footprints.add(part.footprint)
        power = child(drawn, "power") is not None
        fields = {
            "Reference": reference, "Value": part.value, "Footprint": part.footprint,
            "Datasheet": part.datasheet or _property(drawn, "Datasheet"), "Description": _property(drawn, "Description"),
        }
        if not power:
            fields |= {"Rating": part.rating, "Manufacturer": part.manufacturer, "MPN": part.mpn, "Second source": part.second_source}
        node = ["symbol", ["lib_id", Text(part.symbol)], ["at", x * GRID_MM, y * GRID_MM, rotation]]
        if mirror:
            node.append(["mirror", mirror])
        node += [
            ["unit", 1], ["exclude_from_sim", False], ["in_bom", part.in_bom], ["on_board", True], ["dnp", False],
            uuid_of(self.name, "symbol", reference),
        ]
        positions = {"Reference": (2, -1, "left"), "Value": (2, 1, "left")} | (show or {})
        for name, text in fields.items():
            if text or name in ("Reference", "Value", "Footprint", "Datasheet"):
                hidden = name not in positions or positions[name] is None or (power and name == "Reference")
                node.append(_field(name, text, x, y, rotation, None if hidden else positions[name]))
        node += [["pin", Text(number), uuid_of(self.name, "pin", reference, number)] for number in places]
        node.append(["instances", ["project", Text(self.name), ["path", Text(f"/{self._root}"), ["reference", Text(reference)], ["unit", 1]]]])
        self._placed.append(node)

    def at(self, place):
        """Where a pin, or a place, is."""
        if isinstance(place, str):
            reference, pin = place.split(".")
            return self._pins[reference][pin]
        return place

    def wire(self, *places):
        """Draws a wire through `places`, each straight left, right, up or down from the one before."""
        points = [self.at(place) for place in places]
        for start, end in zip(points, points[1:]):
            if start[0] != end[0] and start[1] != end[1]:
                raise ValueError(f"{self.name}: wire from {start} to {end} is neither level nor upright")
            if start != end:
                self._segments.append((start, end))

    def stub(self, place, direction, label, length=3, text=None):
        """Draws a short wire from `place` and names its net. Nets of one name are one net."""
        start = self.at(place)
        step = _STEPS[direction]
        end = (start[0] + step[0] * length, start[1] + step[1] * length)
        if length:
            self._segments.append((start, end))
        self.label(end, label, direction)

    def label(self, place, name, direction="right"):
        """Names the net at `place`; the text runs to `direction`."""
        x, y = self.at(place)
        justify = "left" if direction in ("right", "up") else "right"
        self._drawn.append([
            "label", Text(name), ["at", x * GRID_MM, y * GRID_MM, _LABEL_ANGLES[direction]],
            [*FONT, ["justify", justify, "bottom"]], uuid_of(self.name, "label", self._next("label")),
        ])

    def power(self, kind, place, direction=None, length=2, net=None):
        """Puts a power symbol (`+5V`, `GND`, `PWR_FLAG` …) at the end of a wire from `place`; `net` renames its net."""
        x, y = self.at(place)
        if direction:
            step = _STEPS[direction]
            end = (x + step[0] * length, y + step[1] * length)
            self._segments.append(((x, y), end))
            x, y = end
        flag = kind == "PWR_FLAG"
        reference = f"#{'FLG' if flag else 'PWR'}{self._next('flag' if flag else 'power'):02d}"
        below = kind.startswith("GND")
        text_place = (0, 3 if below else -2.8, "center")
        part = Part(f"power:{kind}", net or kind, in_bom=False)
        self.place(reference, part, x, y, show={"Reference": None, "Value": text_place})

    def unconnected(self, *places):
        """Marks pins that are left open on purpose."""
        for place in places:
            x, y = self.at(place)
            self._drawn.append(["no_connect", ["at", x * GRID_MM, y * GRID_MM], uuid_of(self.name, "open", place)])

    def note(self, text, x, y, size_mm=1.5, bold=False):
        """Writes `text`, its upper left corner at (x, y)."""
        font = ["font", ["size", size_mm, size_mm], *([["bold", True]] if bold else [])]
        self._drawn.append([
            "text", Text(text), ["exclude_from_sim", False], ["at", x * GRID_MM, y * GRID_MM, 0],
            ["effects", font, ["justify", "left", "top"]], uuid_of(self.name, "note", self._next("note")),
        ])

    def block(self, heading, left, top, right, bottom):
        """Frames a functional block and heads it."""
        self._drawn.append([
            "rectangle", ["start", left * GRID_MM, top * GRID_MM], ["end", right * GRID_MM, bottom * GRID_MM],
            ["stroke", ["width", 0.15], ["type", "dash"]], ["fill", ["type", "none"]], uuid_of(self.name, "block", heading),
        ])
        self.note(heading, left + 2, top + 1.5, 2.0, bold=True)

    def barrier(self, x, top, bottom):
        """Draws where the isolation runs."""
        self._drawn.append([
            "polyline", ["pts", ["xy", x * GRID_MM, top * GRID_MM], ["xy", x * GRID_MM, bottom * GRID_MM]],
            ["stroke", ["width", 0.5], ["type", "dash_dot"], ["color", 200, 0, 0, 1]], uuid_of(self.name, "barrier", x, top),
        ])

    def save(self, folder):
        """Writes `<name>.kicad_sch`."""
        title = self.title
        junctions = self._junctions()
        tree = [
            "kicad_sch", ["version", 20250114], ["generator", Text("eeschema")], ["generator_version", Text("9.0")],
            ["uuid", Text(self._root)], ["paper", Text(title.paper)],
            ["title_block", ["title", Text(title.title)], ["date", Text(title.date)], ["rev", Text(title.revision)],
             ["company", Text("Meterscope")], *(["comment", i, Text(c)] for i, c in enumerate(title.comments, 1))],
            ["lib_symbols", *(self._symbols[key] for key in sorted(self._symbols))],
        ]
        for x, y in junctions:
            tree.append(["junction", ["at", x * GRID_MM, y * GRID_MM], ["diameter", 0], ["color", 0, 0, 0, 0], uuid_of(self.name, "junction", x, y)])
        for (x0, y0), (x1, y1) in self._split_at(junctions):
            tree.append([
                "wire", ["pts", ["xy", x0 * GRID_MM, y0 * GRID_MM], ["xy", x1 * GRID_MM, y1 * GRID_MM]],
                ["stroke", ["width", 0], ["type", "default"]], uuid_of(self.name, "wire", x0, y0, x1, y1),
            ])
        tree += self._drawn + self._placed
        tree += [["sheet_instances", ["path", Text("/"), ["page", Text("1")]]], ["embedded_fonts", False]]
        with open(os.path.join(folder, f"{self.name}.kicad_sch"), "w", encoding="utf-8") as file:
            file.write(serialize(tree) + "\n")

    def symbol_libraries(self):
        """Names of the symbol libraries in use."""
        return sorted({library_id.split(":")[0] for library_id in self._symbols})

    def footprint_libraries(self):
        """Names of the footprint libraries in use."""
        return sorted({footprint.split(":")[0] for footprint in self._footprints})

    def _next(self, kind):
        self._counts[kind] += 1
        return self._counts[kind]

    def _junctions(self):
        """Where three or more wire ends, wires or pins meet."""
        ends = Counter(point for segment in self._segments for point in segment)
        pin_places = Counter(self._pin_places)
        meeting = []
        for point in sorted(set(ends) | set(pin_places)):
            crossing = sum(_inside(point, segment) for segment in self._segments)
            if ends[point] + 2 * crossing + pin_places[point] >= 3 and ends[point] + crossing:
                meeting.append(point)
        return meeting

    def _split_at(self, junctions):
        """KiCad joins wires only where they end: a wire with a junction on its way is two wires."""
        stops = set(junctions) | set(self._pin_places)
        pieces = {}
        for start, end in self._segments:
            between = sorted((point for point in stops if _inside(point, (start, end))), key=lambda p: abs(p[0] - start[0]) + abs(p[1] - start[1]))
            points = [start, *between, end]
            for piece in zip(points, points[1:]):
                pieces[tuple(sorted(piece))] = None
        return list(pieces)


def _turned(library_pins, x, y, rotation, mirror):
    """Pins on the sheet, in grid units: the library's y runs up, the sheet's down."""
    angle = math.radians(rotation)
    places = {}
    for number, (px, py) in library_pins.items():
        px, py = px / GRID_MM, py / GRID_MM
        if mirror == "x":
            py = -py
        if mirror == "y":
            px = -px
        turned_x = px * math.cos(angle) - py * math.sin(angle)
        turned_y = px * math.sin(angle) + py * math.cos(angle)
        places[number] = (round(x + turned_x, 3) + 0, round(y - turned_y, 3) + 0)
    return places


def _inside(point, segment):
    """Whether `point` lies on `segment` but not at its ends."""
    (x0, y0), (x1, y1) = segment
    if x0 == x1 == point[0]:
        return min(y0, y1) < point[1] < max(y0, y1)
    return y0 == y1 == point[1] and min(x0, x1) < point[0] < max(x0, x1)


def _field(name, text, x, y, rotation, position):
    """A field that is hidden without `position`. KiCad turns texts with the part, so a part on its side turns them back."""
    if position is None:
        return ["property", Text(name), Text(text), ["at", x * GRID_MM, y * GRID_MM, 0], HIDDEN]
    dx, dy, justify = position
    angle = 90 if rotation % 180 else 0
    if rotation in (90, 180):
        justify = {"left": "right", "right": "left"}.get(justify, justify)
    effects = list(FONT)
    if justify != "center":
        effects.append(["justify", justify])
    return ["property", Text(name), Text(text), ["at", (x + dx) * GRID_MM, (y + dy) * GRID_MM, angle], effects]


def _property(drawn, name):
    return next((entry[2] for entry in children(drawn, "property") if entry[1] == name), "")
