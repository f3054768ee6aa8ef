"""A board of two layers: parts placed, tracks drawn by hand in the script, zones filled.

Places are in mm from the board's upper left corner, y down. A place is a pair of numbers or a pad, `"U1.16"`. Needs
KiCad's own Python module, which Debian installs for /usr/bin/python3.
"""

import os

import pcbnew

from .expression import child, children, parse
from .symbols import OWN_LIBRARY, OWN_LIBRARY_PATH

KICAD_FOOTPRINTS = "/usr/share/kicad/footprints"
# Where the board lies on KiCad's sheet.
_ORIGIN_MM = (40.0, 40.0)

FRONT, BACK = pcbnew.F_Cu, pcbnew.B_Cu
FRONT_SILK, BACK_SILK = pcbnew.F_SilkS, pcbnew.B_SilkS
_LEFT, _CENTER, _RIGHT = pcbnew.GR_TEXT_H_ALIGN_LEFT, pcbnew.GR_TEXT_H_ALIGN_CENTER, pcbnew.GR_TEXT_H_ALIGN_RIGHT


class Board:
    """A board with the parts and nets of `netlist_path`, which KiCad wrote from the schematic."""

    def __init__(self, path, netlist_path, title, revision, date):
        # KiCad draws its identifiers from this generator: seeded, a board made twice is the same file twice.
        pcbnew.KIID.SeedGenerator(1)
        self._path = path
        self._board = pcbnew.NewBoard(path)
        self._board.SetCopperLayerCount(2)
        block = self._board.GetTitleBlock()
        block.SetTitle(title)
        block.SetRevision(revision)
        block.SetDate(date)
        block.SetCompany("Meterscope")
        with open(netlist_path, encoding="utf-8") as file:
            netlist = parse(file.read())
        self._components = {str(child(c, "ref")[1]): c for c in children(child(netlist, "components"), "comp")}
        self._nets = {}
        self._pad_nets = {}
        for code, net in enumerate(children(child(netlist, "nets"), "net"), 1):
            name = str(child(net, "name")[1])
            self._nets[name] = pcbnew.NETINFO_ITEM(self._board, name, code)
            self._board.Add(self._nets[name])
            for node in children(net, "node"):
                self._pad_nets[str(child(node, "ref")[1]), str(child(node, "pin")[1])] = name
        self._placed = {}

    def net(self, name):
        """KiCad's full name of a net: those that a label on the sheet names begin with a slash."""
        return name if name in self._nets else f"/{name}"

    def outline(self, width, height, radius):
        """A rectangle with round corners."""
        edges = [((radius, 0), (width - radius, 0)), ((width, radius), (width, height - radius)),
                 ((width - radius, height), (radius, height)), ((0, height - radius), (0, radius))]
        for start, end in edges:
            self._edge(pcbnew.SHAPE_T_SEGMENT, start, end)
        for corner_x, corner_y in ((0, 0), (width, 0), (width, height), (0, height)):
            x = radius if corner_x == 0 else width - radius
            y = radius if corner_y == 0 else height - radius
            arc = self._edge(pcbnew.SHAPE_T_ARC, (x, y), (x, y))
            # Each arc ends on the two edges; its middle lies on the diagonal.
            toward = 0.5 ** 0.5 * radius
            middle = (x - toward if corner_x == 0 else x + toward, y - toward if corner_y == 0 else y + toward)
            arc.SetArcGeometry(_point(corner_x, y), _point(*middle), _point(x, corner_y))

    def place(self, reference, x, y, rotation=0, text=None):
        """Puts a part's origin at (x, y). `text` is where its reference stands: (x, y[, rotation]), or None to hide it."""
        component = self._components[reference]
        library, name = child(component, "footprint")[1].split(":")
        footprint = pcbnew.FootprintLoad(_footprint_folder(library), name)
        footprint.SetFPID(pcbnew.LIB_ID(library, name))
        footprint.SetReference(reference)
        footprint.SetValue(str(child(component, "value")[1]))
        self._board.Add(footprint)
        footprint.SetPosition(_point(x, y))
        footprint.SetOrientationDegrees(rotation)
        sheet_path = child(child(component, "sheetpath"), "tstamps")[1]
        footprint.SetPath(pcbnew.KIID_PATH(sheet_path + child(component, "tstamps")[1]))
        footprint.SetSheetname("Root")
        footprint.SetSheetfile(os.path.basename(self._path).replace(".kicad_pcb", ".kicad_sch"))
        if "exclude_from_bom" in [str(child(p, "name")[1]) for p in children(component, "property")]:
            footprint.SetExcludedFromBOM(True)
            footprint.SetExcludedFromPosFiles(True)
        for field in children(child(component, "fields") or [], "field"):
            title = str(child(field, "name")[1])
            if title != "Footprint":
                footprint.SetField(title, str(field[2]) if len(field) > 2 else "")
                footprint.GetFieldByName(title).SetVisible(False)
        for pad in footprint.Pads():
            net = self._pad_nets.get((reference, pad.GetNumber()))
            if net:
                pad.SetNet(self._nets[net])
        self._letter(footprint.Reference(), text)
        self._placed[reference] = footprint

    def at(self, place):
        """Where a place is, in mm."""
        if not isinstance(place, str):
            return place
        reference, number = place.split(".")
        position = self._placed[reference].FindPadByNumber(number).GetPosition()
        return pcbnew.ToMM(position.x) - _ORIGIN_MM[0], pcbnew.ToMM(position.y) - _ORIGIN_MM[1]

    def track(self, net, *places, width=0.3, layer=FRONT):
        """Draws a track through `places`. Two places off the level, the upright and the diagonal get a knee between
        them: straight first, diagonal last."""
        points = [self.at(place) for place in places]
        for start, end in zip(points, points[1:]):
            knee = _knee(start, end)
            for a, b in zip([start, *knee], [*knee, end]):
                track = pcbnew.PCB_TRACK(self._board)
                track.SetLayer(layer)
                track.SetWidth(pcbnew.FromMM(width))
                track.SetNet(self._nets[self.net(net)])
                track.SetStart(_point(*a))
                track.SetEnd(_point(*b))
                self._board.Add(track)

    def via(self, net, *places, diameter=0.8, drill=0.4):
        """Joins both layers at each place."""
        for place in places:
            via = pcbnew.PCB_VIA(self._board)
            via.SetPosition(_point(*self.at(place)))
            via.SetWidth(pcbnew.FromMM(diameter))
            via.SetDrill(pcbnew.FromMM(drill))
            via.SetNet(self._nets[self.net(net)])
            self._board.Add(via)

    def zone(self, net, corners, clearance=0.3):
        """Pours copper on both layers within `corners`."""
        for layer in (FRONT, BACK):
            zone = pcbnew.ZONE(self._board)
            zone.SetLayer(layer)
            zone.SetNet(self._nets[self.net(net)])
            outline = zone.Outline()
            outline.NewOutline()
            for x, y in corners:
                point = _point(x, y)
                outline.Append(point.x, point.y)
            zone.SetZoneName(f"{net} {'front' if layer == FRONT else 'back'}")
            zone.SetLocalClearance(pcbnew.FromMM(clearance))
            zone.SetMinThickness(pcbnew.FromMM(0.25))
            zone.SetThermalReliefGap(pcbnew.FromMM(0.3))
            zone.SetThermalReliefSpokeWidth(pcbnew.FromMM(0.5))
            zone.SetIslandRemovalMode(pcbnew.ISLAND_REMOVAL_MODE_ALWAYS)
            self._board.Add(zone)

    def keep_out(self, name, left, top, right, bottom):
        """Forbids copper on every layer in a rectangle. Parts may stand over it."""
        area = pcbnew.ZONE(self._board)
        area.SetIsRuleArea(True)
        area.SetZoneName(name)
        area.SetLayerSet(pcbnew.LSET.AllCuMask(2))
        area.SetDoNotAllowTracks(True)
        area.SetDoNotAllowVias(True)
        area.SetDoNotAllowPads(True)
        area.SetDoNotAllowCopperPour(True)
        area.SetDoNotAllowFootprints(False)
        self._outline_rectangle(area, left, top, right, bottom)

    def no_pour(self, name, left, top, right, bottom, layer=FRONT):
        """Keeps poured copper and vias out of a rectangle of one layer, where something that conducts lies on the board."""
        area = pcbnew.ZONE(self._board)
        area.SetIsRuleArea(True)
        area.SetZoneName(name)
        area.SetLayer(layer)
        area.SetDoNotAllowTracks(False)
        area.SetDoNotAllowVias(True)
        area.SetDoNotAllowPads(False)
        area.SetDoNotAllowCopperPour(True)
        area.SetDoNotAllowFootprints(False)
        self._outline_rectangle(area, left, top, right, bottom)

    def silk(self, text, x, y, size=1.0, rotation=0, align="center", layer=FRONT_SILK, bold=False):
        """Prints `text`."""
        item = pcbnew.PCB_TEXT(self._board)
        item.SetText(text)
        item.SetPosition(_point(x, y))
        item.SetLayer(layer)
        item.SetTextSize(pcbnew.VECTOR2I(pcbnew.FromMM(size), pcbnew.FromMM(size)))
        item.SetTextThickness(pcbnew.FromMM(size * (0.2 if bold else 0.15)))
        item.SetTextAngleDegrees(rotation)
        item.SetHorizJustify({"left": _LEFT, "center": _CENTER, "right": _RIGHT}[align])
        item.SetMirrored(layer == BACK_SILK)
        self._board.Add(item)

    def silk_line(self, start, end, width=0.15, layer=FRONT_SILK):
        """Prints a line."""
        self._shape(pcbnew.SHAPE_T_SEGMENT, start, end, layer, width)

    def silk_box(self, left, top, right, bottom, width=0.15, layer=FRONT_SILK):
        """Prints a frame."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        for start, end in zip(corners, corners[1:] + corners[:1]):
            self.silk_line(start, end, width, layer)

    def save(self):
        """Writes the board, its zones not filled yet."""
        missing = set(self._components) - set(self._placed)
        if missing:
            raise ValueError(f"not placed: {', '.join(sorted(missing))}")
        pcbnew.SaveBoard(self._path, self._board)
        _add_stackup(self._path)

    def set_file_origin(self, x, y):
        """Where fabrication files count from."""
        self._board.GetDesignSettings().SetAuxOrigin(_point(x, y))

    def _outline_rectangle(self, area, left, top, right, bottom):
        outline = area.Outline()
        outline.NewOutline()
        for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
            point = _point(x, y)
            outline.Append(point.x, point.y)
        self._board.Add(area)

    def _edge(self, kind, start, end):
        return self._shape(kind, start, end, pcbnew.Edge_Cuts, 0.1)

    def _shape(self, kind, start, end, layer, width):
        shape = pcbnew.PCB_SHAPE(self._board, kind)
        shape.SetLayer(layer)
        shape.SetWidth(pcbnew.FromMM(width))
        shape.SetStart(_point(*start))
        shape.SetEnd(_point(*end))
        self._board.Add(shape)
        return shape

    def _letter(self, reference, text):
        if text is None:
            reference.SetVisible(False)
            return
        x, y, *rotation = text
        reference.SetLayer(FRONT_SILK)
        reference.SetPosition(_point(x, y))
        reference.SetTextAngleDegrees(rotation[0] if rotation else 0)
        reference.SetKeepUpright(True)
        reference.SetTextSize(pcbnew.VECTOR2I(pcbnew.FromMM(0.9), pcbnew.FromMM(0.9)))
        reference.SetTextThickness(pcbnew.FromMM(0.14))


def fill_zones(path):
    """Fills the zones of a saved board. Only a board that was read from a file knows its project's design rules, among
    them how far copper keeps from a hole."""
    board = pcbnew.LoadBoard(path)
    pcbnew.ZONE_FILLER(board).Fill(board.Zones())
    pcbnew.SaveBoard(path, board)


def _add_stackup(path):
    """Says what the board is made of, which KiCad's Python module cannot: the fab's job file and the pictures show it."""
    layers = [
        '(layer "F.SilkS" (type "Top Silk Screen") (color "White"))',
        '(layer "F.Mask" (type "Top Solder Mask") (color "Green") (thickness 0.01))',
        '(layer "F.Cu" (type "copper") (thickness 0.035))',
        '(layer "dielectric 1" (type "core") (thickness 1.51) (material "FR4") (epsilon_r 4.5) (loss_tangent 0.02))',
        '(layer "B.Cu" (type "copper") (thickness 0.035))',
        '(layer "B.Mask" (type "Bottom Solder Mask") (color "Green") (thickness 0.01))',
        '(layer "B.SilkS" (type "Bottom Silk Screen") (color "White"))',
        '(copper_finish "HAL lead-free")',
        "(dielectric_constraints no)",
    ]
    with open(path, encoding="utf-8") as file:
        content = file.read()
    stackup = "\t(setup\n\t\t(stackup\n" + "".join(f"\t\t\t{layer}\n" for layer in layers) + "\t\t)\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(content.replace("\t(setup\n", stackup, 1))


def _footprint_folder(library):
    if library == OWN_LIBRARY:
        return os.path.join(os.path.dirname(OWN_LIBRARY_PATH), f"{OWN_LIBRARY}.pretty")
    return f"{KICAD_FOOTPRINTS}/{library}.pretty"


def _point(x, y):
    # Rounded to a micrometre: pads that are turned would else end in binary fractions.
    return pcbnew.VECTOR2I(pcbnew.FromMM(round(x + _ORIGIN_MM[0], 3)), pcbnew.FromMM(round(y + _ORIGIN_MM[1], 3)))


def _knee(start, end):
    """The point between a straight and a diagonal part of a track, if it needs one."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    if abs(dx) < 1e-6 or abs(dy) < 1e-6 or abs(abs(dx) - abs(dy)) < 1e-6:
        return []
    if abs(dx) > abs(dy):
        return [(end[0] - abs(dy) * (1 if dx > 0 else -1), start[1])]
    return [(start[0], end[1] - abs(dx) * (1 if dy > 0 else -1))]
