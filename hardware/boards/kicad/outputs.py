"""What a fab, an assembler and a reader get, all made by `kicad-cli` from the saved schematic and board."""

import contextlib
import hashlib
import os
import re
import subprocess
import tempfile

from .symbols import OWN_LIBRARY_PATH

# KiCad's own drawing sheet prints KiCad's version.
_DRAWING_SHEET = os.path.join(os.path.dirname(OWN_LIBRARY_PATH), "sheet.kicad_wks")

_LAYERS = "F.Cu,B.Cu,F.Paste,F.Silkscreen,B.Silkscreen,F.Mask,B.Mask,Edge.Cuts"
_BOM_FIELDS = "Reference,Value,${QUANTITY},Rating,Footprint,Manufacturer,MPN,Second source"
_BOM_TITLES = "References,Value,Quantity,Rating,Footprint,Manufacturer,Part number,Second source"


@contextlib.contextmanager
def netlist(schematic_path):
    """The schematic's netlist, as a file that lives as long as the block."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "netlist.net")
        _kicad("sch", "export", "netlist", "--format", "kicadsexpr", "-o", path, schematic_path)
        yield path


def write_documents(folder, name, date):
    """Writes the bill of materials and the schematic to print and to look at."""
    schematic = os.path.join(folder, f"{name}.kicad_sch")
    bom, pdf, svg = (os.path.join(folder, file) for file in ("bom.csv", "schematic.pdf", "schematic.svg"))
    _kicad("sch", "export", "bom", "--fields", _BOM_FIELDS, "--labels", _BOM_TITLES, "--group-by", "Value,Footprint,MPN",
           "--exclude-dnp", "--ref-range-delimiter", "", "-o", bom, schematic)
    _kicad("sch", "export", "pdf", "--drawing-sheet", _DRAWING_SHEET, "-o", pdf, schematic)
    with tempfile.TemporaryDirectory() as drawings:
        _kicad("sch", "export", "svg", "--drawing-sheet", _DRAWING_SHEET, "-o", drawings, schematic)
        with open(os.path.join(drawings, f"{name}.svg"), encoding="utf-8") as file:
            drawing = file.read()
    with open(svg, "w", encoding="utf-8") as file:
        file.write(_smaller(drawing))
    for path in (pdf, svg):
        _set_time_and_version(path, date)


def write_fabrication(folder, name, date):
    """Writes gerbers, drill files and placements into `fabrication`, and nothing else is left there."""
    board = os.path.join(folder, f"{name}.kicad_pcb")
    fabrication = os.path.join(folder, "fabrication")
    os.makedirs(fabrication, exist_ok=True)
    for old in os.listdir(fabrication):
        os.remove(os.path.join(fabrication, old))
    _kicad("pcb", "export", "gerbers", "--layers", _LAYERS, "--subtract-soldermask", "--use-drill-file-origin", "-o", f"{fabrication}/", board)
    _kicad("pcb", "export", "drill", "--format", "excellon", "--drill-origin", "plot", "--excellon-units", "mm", "--excellon-separate-th",
           "-o", f"{fabrication}/", board)
    _kicad("pcb", "export", "pos", "--format", "csv", "--units", "mm", "--side", "both", "--use-drill-file-origin",
           "-o", os.path.join(fabrication, f"{name}-positions.csv"), board)
    for file in os.listdir(fabrication):
        _set_time_and_version(os.path.join(fabrication, file), date)


def write_pictures(folder, name):
    """Writes `top.png` and `bottom.png`, and of which board they are: its SHA-256, since no two machines draw the same
    picture to the last point."""
    board = os.path.join(folder, f"{name}.kicad_pcb")
    for side in ("top", "bottom"):
        _kicad("pcb", "render", "--side", side, "--width", "2000", "--height", "1200", "--zoom", "1.65", "--quality", "basic",
               "--background", "opaque", "-o", os.path.join(folder, f"{side}.png"), board)
    with open(board, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(folder, "pictures.sha256"), "w", encoding="utf-8") as file:
        file.write(f"{digest}  {name}.kicad_pcb\n")


def _set_time_and_version(path, date):
    """KiCad stamps files with the time at which they were made and with its full version, so that no two are equal. The
    revision's date takes the time's place, in as many octets, since a PDF counts them; of the version, the first number
    is left."""
    with open(path, "rb") as file:
        content = file.read()
    year, month, day = (part.encode() for part in date.split("-"))
    content = re.sub(
        rb"\d{4}([-/])\d\d[-/]\d\d([T ])\d\d:\d\d:\d\d([+-]\d\d:?\d\d)?",
        lambda found: year + found[1] + month + found[1] + day + found[2] + b"00:00:00" + re.sub(rb"\d", b"0", found[3] or b""), content)
    content = re.sub(rb"(?i)(kicad[^\n]{0,30}?|\"Version\": \")9\.\d+\.\d+[^\s,})*\"]*", rb"\g<1>9", content)
    content = re.sub(rb"\(D:\d{14}", b"(D:" + year + month + day + b"000000", content)
    with open(path, "wb") as file:
        file.write(content)


def _smaller(drawing):
    """A drawing without its invisible text, which only serves to search it, in hundredths of a millimetre, and with each
    letter in one stroke where KiCad draws a path from point to point."""
    drawing = re.sub(r"<text [^>]*>[^<]*</text>", "", drawing)
    drawing = re.sub(r"<desc>[^<]*</desc>", "", drawing)
    drawing = re.sub(r"(\d+\.\d\d)\d\d\b", r"\1", drawing)
    drawing = re.sub(r"\s+", " ", drawing)
    drawing = re.sub(r'<g class="stroked-text">(.*?)</g>', r"\1", drawing)
    drawing = re.sub(r'(?:<path d="[^"]*" /> ?){2,}', lambda run: '<path d="' + "".join(re.findall(r'd="([^"]*)"', run[0])) + '" />', drawing)
    drawing = re.sub(r"L(\S+ \S+) M\1 ", r"L\1 ", drawing)
    return drawing.replace("> <", ">\n<").strip() + "\n"


def _kicad(*arguments):
    finished = subprocess.run(["kicad-cli", *arguments], capture_output=True, text=True)
    if finished.returncode:
        raise SystemExit(f"kicad-cli {' '.join(arguments[:3])} failed:\n{finished.stdout}{finished.stderr}")
