"""Writes KiCad 9 projects from Python: symbols, a footprint, a schematic and a routed board.

The layers, each of which knows only those before it:

    expression      KiCad's text format, read and written
    identity        identifiers that are the same on every run
    symbols         symbols of KiCad's own libraries and of ours
    shield_headers  the footprint of a shield's headers, which KiCad lacks
    sheet           a schematic: parts placed, wires drawn, notes written
    project         the files around a schematic: tables of libraries, net classes, design rules
    layout          a board: parts placed, tracks drawn, zones filled (the only one that needs `pcbnew`)
    outputs         what a fab, an assembler and a reader get

Nothing here knows any particular board.
"""
