"""The bus-master simulator's layout: where parts lie and how tracks run. Places are in mm from the upper left corner, y
down. The left 68.6 mm are the outline of an Arduino whose USB socket is on the left.
"""

from kicad.layout import BACK, BACK_SILK, Board
from kicad.shield_headers import pin_places
from schematic import DATE, NAME, REVISION

WIDTH, HEIGHT = 96.6, 53.34

_HEADER = pin_places()


def lay_out(path, netlist_path):
    """The whole board."""
    board = Board(path, netlist_path, "Bus-master simulator for Arduino Uno", REVISION, DATE)
    board.outline(WIDTH, HEIGHT, 2.0)
    board.set_file_origin(0, HEIGHT)
    _place(board)
    _route_supply(board)
    _route_modulator(board)
    _route_follower(board)
    _route_bus(board)
    _route_lamp(board)
    _pour(board)
    _print_front(board)
    _print_back(board)
    return board


def _place(board):
    board.place("A1", 0, 0)
    board.place("JP2", 58.42, 6.4, 270)
    board.place("H1", 92.4, 49.0)
    board.place("H2", 73.4, 5.6)
    # Supply.
    board.place("J3", 90.9, 42.0, 90, text=(84.5, 45.6))
    board.place("JP1", 82.2, 36.0)
    board.place("C6", 81.2, 47.2, text=(81.2, 49.1))
    board.place("C1", 58.6, 35.2, text=(54.9, 33.9))
    board.place("U1", 51.0, 42.1, 180, text=(57.6, 48.2))
    board.place("L1", 71.9, 40.4, 180, text=(71.9, 47.6))
    board.place("D1", 63.2, 38.4, 270, text=(63.2, 42.3))
    board.place("C2", 63.7, 32.4, text=(63.7, 30.1))
    board.place("C3", 39.0, 31.4, 180, text=(33.2, 30.4, 90))
    board.place("C4", 63.2, 47.4, text=(66.2, 48.4))
    board.place("R18", 63.1, 44.4, 90, text=(64.7, 44.4, 90))
    board.place("R1", 47.6, 34.6, 180, text=(47.6, 36.0))
    board.place("R19", 52.2, 34.6, text=(52.2, 36.1))
    board.place("R2", 40.5, 47.9, text=(43.6, 47.4))
    board.place("RV1", 39.5, 38.9, 180, text=(33.2, 41.6))
    board.place("TP1", 49.4, 31.0)
    # Modulator.
    board.place("R7", 39.12, 8.0, 90, text=(40.8, 7.6, 90))
    board.place("Q1", 42.0, 12.0, 180, text=(42.0, 14.4))
    board.place("R5", 47.2, 10.4, 270, text=(48.9, 11.4, 90))
    board.place("R6", 47.2, 14.6, 270, text=(48.9, 14.8, 90))
    board.place("D4", 36.0, 12.0, 180, text=(36.0, 10.2))
    board.place("D3", 30.5, 12.0, 180, text=(30.5, 10.2))
    board.place("C7", 27.0, 8.6, text=(27.0, 7.0))
    board.place("R3", 26.0, 15.6, 90, text=(25.6, 18.5))
    board.place("D2", 29.0, 16.2, 90, text=(27.4, 17.3, 90))
    board.place("R4", 52.0, 14.0, 90, text=(50.4, 13.0, 90))
    board.place("TP2", 51.0, 18.6)
    board.place("TP4", 35.6, 6.8)
    # Follower.
    board.place("R17", 32.6, 14.2, text=(36.9, 14.5))
    board.place("Q2", 33.5, 17.0, text=(34.8, 19.4))
    board.place("HS1", 18.0, 27.0, 90, text=(15.4, 27.0, 90))
    board.place("Q3", 21.935, 29.54, 90, text=(26.2, 32.4))
    board.place("R8", 30.8, 22.3, 270, text=(32.4, 22.3, 90))
    board.place("R9", 43.5, 24.5, text=(43.5, 26.5))
    board.place("R16", 42.2, 20.9, text=(41.6, 19.3))
    board.place("Q4", 46.9, 20.5, text=(47.6, 22.9))
    board.place("R10", 50.2, 24.8, text=(50.2, 22.9))
    board.place("Q5", 57.5, 22.5, text=(57.5, 18.2))
    board.place("R11", 53.6, 29.9, text=(57.4, 29.9))
    board.place("TP3", 71.4, 30.6)
    # Bus and its current.
    board.place("J1", 82.0, 13.5, 90, text=(76.4, 9.9))
    board.place("J2", 90.9, 28.0, 90, text=(84.3, 30.6))
    board.place("D5", 74.6, 25.3, 270, text=(71.6, 25.6, 90))
    board.place("R12", 69.0, 22.85, 180, text=(68.0, 24.9))
    board.place("R13", 71.2, 19.4, 90, text=(72.8, 19.4, 90))
    board.place("U2", 67.7, 16.4, text=(65.6, 18.7))
    board.place("C5", 68.4, 13.2, 180, text=(66.6, 11.6))
    board.place("R14", 63.3, 15.45, 180, text=(63.3, 17.0))
    board.place("Q6", 58.6, 14.5, 180, text=(58.6, 17.0))
    board.place("R15", 63.6, 12.4, text=(63.9, 13.9))
    board.place("D6", 54.6, 13.2, 90, text=(54.8, 15.9))
    board.place("TP5", 74.6, 16.6)
    board.place("TP6", 78.6, 31.4)


def _route_supply(board):
    """The loop of the current that is switched is U1, D1 and C2; the pour beneath it is its way back."""
    board.track("V_EXT", "J3.1", (83.12, 42.0), "JP1.3", width=1.2)
    board.track("V_IN", "JP1.2", (78.6, 38.54), "L1.1", width=1.5)
    board.track("V_IN", "L1.1", (76.95, 44.5), "C6.1", width=1.2)
    # U1's own supply goes below D1.
    board.track("V_IN", (77.0, 37.2), (75.0, 35.2), (58.6, 35.2), width=0.6, layer=BACK)
    board.track("V_IN", (77.0, 37.2), "L1.1", width=0.6)
    board.via("V_IN", (77.0, 37.2), (58.6, 35.2))
    board.track("V_IN", "C1.1", (58.6, 35.2), width=0.6)
    board.track("V_IN", (58.6, 35.2), "U1.5", width=0.6)
    board.track("SW", "U1.4", (61.4, 40.4), width=1.0)
    board.track("SW", (61.4, 40.4), "L1.2", width=1.8)
    board.track("VP", "D1.1", (63.2, 33.6), (62.14, 32.4), width=1.2)
    board.track("VP", "C2.1", (61.0, 32.4), (44.0, 32.4), "C3.1", width=1.2)
    board.track("VP", "TP1.1", (49.4, 32.4), width=0.6)
    board.track("VP", "R1.1", (48.6, 32.4), width=0.4)
    board.track("VP", "R19.1", (51.2, 32.4), width=0.4)
    board.track("FB", "R19.2", (55.3, 36.7), (55.3, 43.8), width=0.25)
    board.track("FB", (55.3, 43.8), "U1.2", width=0.25)
    board.via("FB", (55.3, 43.8))
    board.track("FB", (55.3, 43.8), (52.94, 41.44), "RV1.2", width=0.25, layer=BACK)
    board.track("UPPER", "R1.2", (45.1, 36.1), (41.5, 36.1), (39.5, 38.1), "RV1.1", width=0.25)
    board.track("LOWER", "RV1.3", "R2.1", width=0.25)
    board.track("COMP", "U1.1", (61.0, 45.5), (62.16, 46.66), "C4.1", width=0.3)
    board.track("LOOP", "C4.2", (64.24, 46.6), "R18.1", width=0.3)
    # To the follower and the modulator.
    board.track("VP", "C3.1", (42.25, 29.6), (41.05, 28.4), (24.0, 28.4), (22.6, 27.0), "Q3.2", width=1.0)
    board.track("VP", (37.5, 28.4), (37.5, 19.5), (36.6, 18.6), width=0.6, layer=BACK)
    board.via("VP", (37.5, 28.4), (36.6, 18.6))
    board.track("VP", (36.6, 18.6), "Q2.3", width=0.6)
    board.track("VP", "Q3.2", (25.6, 27.0), (25.6, 21.6), (26.6, 20.6), width=0.6, layer=BACK)
    board.via("VP", (26.6, 20.6))
    board.track("VP", (26.6, 20.6), (29.0, 18.6), "D2.1", width=0.5)
    board.track("VP", (26.6, 20.6), (26.0, 20.0), "R3.1", width=0.5)
    five_volts = _HEADER["5"]
    board.track("+5V", five_volts, (40.6, 48.3), (78.6, 48.3), (80.2, 46.7), (80.2, 38.0), "JP1.1", width=1.2, layer=BACK)
    board.track("+5V", "JP1.1", (80.0, 33.8), (74.4, 33.8), (72.9, 32.3), (72.9, 13.0), (71.1, 11.2), (48.6, 11.2), (48.6, 9.4), width=0.5, layer=BACK)
    board.via("+5V", (48.6, 9.4), (53.5, 12.18), (70.4, 12.1))
    board.track("+5V", (48.6, 9.4), "R5.1", width=0.4)
    board.track("+5V", (53.5, 12.18), (53.5, 11.2), width=0.4, layer=BACK)
    board.track("+5V", (53.5, 12.18), "D6.2", width=0.4)
    board.track("+5V", (70.4, 12.1), (70.4, 11.2), width=0.4, layer=BACK)
    board.track("+5V", (70.4, 12.1), "C5.1", width=0.4)
    board.track("+5V", "C5.1", "U2.5", width=0.4)


def _route_modulator(board):
    board.track("TXD", _HEADER["24"], "R7.2")
    board.track("TXD", "TP4.1", "R7.2")
    board.track("E1", "R7.1", (43.0, 9.0), (43.5, 9.5), "Q1.2")
    board.track("B1", "Q1.1", (46.5, 12.95), "R6.1")
    board.track("B1", "R6.1", "R5.2")
    board.track("PD", "D4.1", "Q1.3")
    board.track("PD", (39.2, 12.0), (39.2, 15.6), (40.5, 16.9), (53.0, 16.9), "Q5.1", width=0.3)
    board.track("PD", "R4.1", (52.0, 16.9))
    board.track("MIDDLE", "D4.2", "D3.1")
    board.track("DRIVE", "D3.2", "D2.2")
    board.track("DRIVE", "D2.2", "R3.2")
    board.track("DRIVE", "R3.2", "C7.1")
    board.track("DRIVE", "D2.2", "R17.1")
    board.track("B2", "R17.2", (33.6, 14.9), (32.6, 15.9), "Q2.1")
    board.track("B2", "Q4.3", "TP2.1")
    board.track("B2", "TP2.1", (49.8, 17.4), (36.9, 17.4), (34.7, 15.2), layer=BACK)
    board.via("B2", (34.7, 15.2))
    board.track("B2", (34.7, 15.2), "R17.2")


def _route_follower(board):
    board.track("E2", "Q2.2", (32.0, 19.4), (30.8, 20.6), "R8.1", width=0.5)
    board.track("E2", (29.2, 21.3), "R8.1", width=0.5)
    board.via("E2", (29.2, 21.3))
    board.track("E2", (29.2, 21.3), (29.2, 27.6), (27.26, 29.54), "Q3.1", width=0.5, layer=BACK)
    board.track("E3", "Q3.3", (22.0, 24.5), "R9.1", width=1.0)
    board.track("E3", "R8.2", (30.8, 24.5), width=0.5)
    board.track("E3", (41.9, 24.3), "R16.1", width=0.4)
    board.track("B4", "R16.2", (43.9, 20.9), "Q4.1")
    board.track("BUS_A", "Q4.2", (45.4, 22.6), "R9.2", width=0.8)
    board.track("BUS_A", "R9.2", "R10.1", width=1.0)
    board.track("E5", "R10.2", "Q5.3", width=0.8)


def _route_bus(board):
    board.track("BUS_A", (46.6, 24.6), (46.6, 26.6), (47.5, 27.5), (84.6, 27.5), "J2.1", width=1.2)
    board.track("BUS_A", "R11.1", (52.05, 27.5), width=0.6)
    board.track("BUS_A", "TP3.1", (71.4, 27.5), width=0.6)
    board.track("BUS_A", "D5.2", (74.6, 27.45), width=1.2)
    board.track("BUS_A", "J1.1", (84.6, 13.5), (84.6, 27.5), width=1.2)
    board.track("BUS_B", "J1.2", (77.0, 12.23), (77.0, 22.92), "J2.2", width=1.2, layer=BACK)
    board.track("BUS_B", "TP5.1", (77.0, 16.6), width=0.6, layer=BACK)
    board.via("BUS_B", (77.0, 22.4), (77.0, 23.4))
    board.track("BUS_B", (77.0, 22.4), (77.0, 23.4), width=1.0)
    board.track("BUS_B", (77.0, 22.85), "R12.1", width=1.2)
    board.track("BUS_B", "R13.1", (71.2, 22.9), width=0.4)


def _route_lamp(board):
    board.track("SENSE", "R13.2", (70.8, 18.6), (68.0, 18.6), "U2.3", width=0.25)
    board.track("AMP", "U2.1", "R14.1")
    board.track("B6", "R14.2", "Q6.1")
    board.track("E6", "Q6.2", (61.0, 12.9), "R15.1")
    board.track("E6", "R15.1", (62.6, 10.8), (63.0, 10.4), (70.9, 10.4), (71.4, 10.9), (71.4, 15.4), "U2.4", width=0.25)
    board.track("LAMP_K", "D6.1", "Q6.3")
    for pin, strap in (("17", "JP2.1"), ("18", "JP2.3"), ("19", "JP2.5")):
        board.track({"17": "MODE_D2", "18": "MODE_D3", "19": "MODE_D4"}[pin], _HEADER[pin], strap)


def _pour(board):
    # The heat sink stands on the board, and carries VP.
    board.no_pour("heat sink", 11.2, 9.2, 24.8, 44.8)
    rim = 0.6
    board.zone("GND", [(rim, rim), (WIDTH - rim, rim), (WIDTH - rim, HEIGHT - rim), (rim, HEIGHT - rim)])
    # Both layers are one ground. Many join them where current or heat goes: at C1, C2, U1 and Q5.
    for x, y in ((3, 20), (3, 34), (3, 49), (29.0, 32.0), (29.0, 38.0), (29.0, 42.6), (14, 6), (33.6, 26.4), (45.6, 30.2), (33.4, 33.6),
                 (60.9, 36.6), (65.4, 30.4), (66.6, 32.4),
                 (55.0, 46.4), (62.6, 20.8), (62.6, 22.5), (62.6, 24.2), (43.2, 46.2), (86.4, 50.4), (74.0, 50.8),
                 (66.0, 21.2), (66.0, 24.2), (58.0, 31.0), (61.0, 29.6), (66.0, 6.0), (48.9, 16.0), (50.4, 14.9), (94.0, 20.0), (66.6, 46.9),
                 (44.9, 14.9), (30.0, 7.6)):
        board.via("GND", (x, y))
    # In U1's tab: small, so that little solder is lost in them.
    for x, y in ((46.2, 38.4), (49.5, 38.4), (52.8, 38.4), (46.2, 45.8), (49.5, 45.8), (52.8, 45.8)):
        board.via("GND", (x, y), diameter=0.6, drill=0.3)


def _print_front(board):
    board.silk("BUS MASTER", 5.0, 31.0, 2.0, rotation=90, bold=True)
    board.silk(f"Meterscope   rev {REVISION}", 7.6, 31.0, 1.1, rotation=90)
    board.silk("M-Bus simulator for Arduino Uno", 9.6, 31.0, 0.9, rotation=90)
    board.silk("not isolated", 29.4, 47.0, 0.9)
    board.silk("heat sink is at VP", 12.0, 47.0, 0.9)
    names = {"2": "IO", "3": "RST", "4": "3V3", "5": "5V", "6": "GND", "7": "GND", "8": "VIN", "9": "A0", "10": "A1", "11": "A2", "12": "A3",
             "13": "A4", "14": "A5", "29": "GND", "30": "REF", "31": "SDA", "32": "SCL"}
    names |= {str(15 + i): f"D{i}" for i in range(14)}
    for pin, name in names.items():
        x, y = _HEADER[pin]
        board.silk(name, x, 0.72 if y < 25 else HEIGHT - 0.72, 0.8)
    board.silk("MODE", 63.2, 7.7, 0.9)
    for x, name in ((53.34, "4"), (55.88, "3"), (58.42, "2")):
        board.silk(name, x, 11.3, 0.8)
    board.silk("MARK", 31.4, 39.4, 1.0)
    board.silk("Arduino", 82.2, 33.6, 0.8)
    board.silk("J3", 79.8, 41.08, 0.8)
    board.silk("5 V 1.5 A", 90.0, 46.2, 0.9)
    board.silk("+", 84.4, 40.2, 1.2)
    board.silk("BUS", 83.0, 25.4, 1.1, bold=True)
    board.silk("24...36 V", 90.2, 32.4, 0.9)
    board.silk("HAN", 93.9, 8.8, 1.2, rotation=90, bold=True)
    board.silk("mA", 56.5, 12.6, 0.8)
    for reference, name, dx, dy in (("TP1", "VP", 0, -1.7), ("TP2", "BASE", 0.6, 1.6), ("TP3", "BUS A", 0, 1.7), ("TP4", "TXD", -2.2, 0),
                                    ("TP5", "BUS B", 0, -1.7), ("TP6", "GND", 0, -1.7)):
        x, y = board.at(f"{reference}.1")
        board.silk(name, x + dx, y + dy, 0.8)


def _print_back(board):
    board.silk("BUS MASTER", 31, 35.4, 2.0, layer=BACK_SILK, bold=True)
    board.silk(f"rev {REVISION}  {DATE}", 28, 45.4, 1.2, layer=BACK_SILK)
    board.silk("USB below", 6.6, 16, 0.9, layer=BACK_SILK)
