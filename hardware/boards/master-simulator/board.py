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
    board.place("J3", 90.9, 42.0, 90, text=(84.2, 43.6))
    board.place("JP1", 78.0, 38.0)
    board.place("C1", 70.6, 39.6, 270, text=(72.4, 39.6, 90))
    board.place("U1", 66.0, 39.5, text=(67.2, 41.9))
    board.place("L1", 66.2, 33.0, 180, text=(66.2, 29.3))
    board.place("D1", 59.1, 37.3, text=(60.6, 34.6))
    board.place("C2", 57.6, 41.6, 270, text=(55.2, 45.2))
    board.place("C3", 50.2, 37.4, 180, text=(50.2, 32.4))
    board.place("C4", 61.1, 40.9, 180, text=(61.1, 42.4))
    board.place("R1", 61.3, 44.0, text=(61.3, 45.6))
    board.place("R2", 64.6, 43.6, 270, text=(66.2, 44.0, 90))
    board.place("RV1", 39.6, 44.0, text=(33.2, 41.6))
    board.place("TP1", 57.4, 33.4)
    # Modulator.
    board.place("R7", 39.12, 8.0, 90, text=(40.8, 7.6, 90))
    board.place("Q1", 42.0, 12.0, 180, text=(42.0, 14.4))
    board.place("R5", 47.2, 10.4, 270, text=(48.9, 11.4, 90))
    board.place("R6", 47.2, 14.6, 270, text=(48.9, 14.8, 90))
    board.place("D4", 36.0, 12.0, 180, text=(36.0, 10.2))
    board.place("D3", 30.5, 12.0, 180, text=(30.5, 10.2))
    board.place("R3", 26.0, 15.6, 90, text=(24.4, 15.6, 90))
    board.place("D2", 29.0, 16.2, 90, text=(27.3, 17.9, 90))
    board.place("R4", 52.0, 14.0, 90, text=(50.4, 13.0, 90))
    board.place("TP2", 51.0, 18.6)
    board.place("TP4", 35.6, 6.8)
    # Follower.
    board.place("R17", 32.6, 14.2, text=(36.9, 14.5))
    board.place("Q2", 33.5, 17.0, text=(36.9, 16.6))
    board.place("Q3", 33.0, 25.4, text=(31.0, 27.8))
    board.place("R8", 35.5, 29.2, text=(35.5, 30.8))
    board.place("R9", 43.5, 24.5, text=(43.5, 26.5))
    board.place("R16", 42.2, 20.9, text=(41.6, 19.3))
    board.place("Q4", 46.9, 20.5, text=(47.6, 22.9))
    board.place("R10", 50.2, 24.8, text=(50.2, 22.9))
    board.place("Q5", 57.5, 22.5, text=(57.5, 18.2))
    board.place("R11", 56.0, 29.6, 270, text=(54.2, 29.8, 90))
    board.place("TP3", 71.4, 30.6)
    # Bus and its current.
    board.place("J1", 82.0, 13.5, 90, text=(76.4, 9.9))
    board.place("J2", 90.9, 28.0, 90, text=(84.2, 31.6))
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
    board.place("TP6", 80.4, 33.6)


def _route_supply(board):
    """The converter's loops are short and wide: U1, D1 and C2 for the current that is switched, U1 and C1 for the input."""
    board.track("V_EXT", "J3.1", "JP1.3", width=1.0)
    board.track("V_IN", "JP1.2", (75.0, 38.04), "C1.1", width=1.0)
    board.track("V_IN", "C1.1", "U1.5", width=0.8)
    board.track("V_IN", (68.7, 38.3), (68.7, 39.9), "U1.4", width=0.3)
    board.track("V_IN", (69.6, 38.04), (68.28, 35.0), "L1.1", width=1.0)
    board.track("SW", "L1.2", (63.9, 37.3), "U1.1", width=0.8)
    board.track("SW", (63.9, 37.3), "D1.2", width=1.0)
    board.track("VP", "D1.1", "C2.1", width=1.0)
    board.track("VP", "D1.1", "C3.1", width=1.0)
    board.track("VP", "TP1.1", "D1.1", width=0.6)
    board.track("VP", "C4.2", "C2.1", width=0.3)
    board.track("FB", "U1.3", "R2.1", width=0.25)
    board.track("FB", "R2.1", "R1.2", width=0.25)
    board.track("FB", "C4.1", (62.14, 42.8), "R1.2", width=0.25)
    board.track("TRIM", "R1.1", (58.4, 44.8), (55.6, 47.6), (36.4, 47.6), (34.6, 45.8), (34.6, 40.0), "RV1.3", width=0.25)
    board.track("TRIM", "RV1.3", "RV1.2", width=0.25)
    # To the follower and the trimmer, on the back.
    board.via("VP", (55.4, 36.2), (55.4, 35.0))
    board.track("VP", (55.4, 36.6), (55.4, 35.0), width=0.8)
    board.track("VP", (55.4, 36.2), (55.4, 32.4), (42.54, 32.4), "Q3.2", width=1.0, layer=BACK)
    board.track("VP", (43.4, 32.4), (44.2, 33.2), (44.2, 42.0), (42.2, 44.0), "RV1.1", width=0.5, layer=BACK)
    board.track("VP", "Q3.2", (35.54, 22.4), (32.74, 19.6), (27.6, 19.6), width=0.8, layer=BACK)
    board.via("VP", (27.6, 19.6))
    board.track("VP", (27.6, 19.6), "D2.1", width=0.5)
    board.track("VP", (27.6, 19.6), (26.0, 18.0), "R3.1", width=0.5)
    five_volts = _HEADER["5"]
    board.track("+5V", five_volts, (40.6, 48.3), (73.4, 48.3), (75.6, 46.1), (75.6, 38.0), "JP1.1", width=1.2, layer=BACK)
    board.track("+5V", (75.6, 38.0), (72.9, 35.3), (72.9, 13.0), (71.1, 11.2), (48.6, 11.2), (48.6, 9.4), width=0.5, layer=BACK)
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
    board.track("DRIVE", "D2.2", "R17.1")
    board.track("B2", "R17.2", (33.6, 14.9), (32.6, 15.9), "Q2.1")
    board.track("B2", "Q4.3", "TP2.1")
    board.track("B2", "TP2.1", (49.8, 17.4), (36.9, 17.4), (34.7, 15.2), layer=BACK)
    board.via("B2", (34.7, 15.2))
    board.track("B2", (34.7, 15.2), "R17.2")


def _route_follower(board):
    board.track("E2", "Q2.2", (33.0, 19.5), "Q3.1", width=0.5)
    board.track("VP", "Q2.3", (35.54, 18.0), "Q3.2", width=0.8)
    board.track("E2", "Q3.1", (33.0, 27.8), "R8.1", width=0.5)
    board.track("E3", "Q3.3", (38.08, 27.8), "R8.2", width=0.5)
    board.track("E3", "Q3.3", (41.0, 25.4), "R9.1", width=1.0)
    board.track("E3", (41.9, 24.3), "R16.1", width=0.4)
    board.track("B4", "R16.2", (43.9, 20.9), "Q4.1")
    board.track("BUS_A", "Q4.2", (45.4, 22.6), "R9.2", width=0.8)
    board.track("BUS_A", "R9.2", "R10.1", width=1.0)
    board.track("E5", "R10.2", "Q5.3", width=0.8)


def _route_bus(board):
    board.track("BUS_A", (46.6, 24.6), (46.6, 26.6), (47.5, 27.5), (84.6, 27.5), "J2.1", width=1.2)
    board.track("BUS_A", "R11.1", (56.0, 27.5), width=0.6)
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
    rim = 0.6
    board.zone("GND", [(rim, rim), (WIDTH - rim, rim), (WIDTH - rim, HEIGHT - rim), (rim, HEIGHT - rim)])
    # Both layers are one ground. Many join them where current or heat goes: at C1, C2, U1 and Q5.
    for x, y in ((3, 20), (3, 34), (3, 49), (14, 24), (14, 38), (24, 30), (24, 42), (14, 6), (22, 22), (45.2, 36.0), (46.0, 30.4), (48.5, 45.0),
                 (70.6, 43.0), (72.0, 42.0), (69.4, 42.6), (63.4, 39.5), (55.0, 44.4), (57.0, 44.4), (62.6, 20.8), (62.6, 22.5), (62.6, 24.2),
                 (66.0, 21.2), (66.0, 24.2), (58.0, 32.0), (61.0, 30.0), (66.0, 6.0), (48.9, 16.0), (50.4, 14.9), (80.0, 47.0), (86.0, 49.0), (94.0, 20.0), (66.6, 46.0),
                 (44.9, 14.9)):
        board.via("GND", (x, y))


def _print_front(board):
    board.silk("BUS MASTER", 14, 28.0, 2.0, bold=True)
    board.silk(f"Meterscope   rev {REVISION}", 14, 31.0, 1.1)
    board.silk("M-Bus simulator for Arduino Uno", 14, 33.4, 0.9)
    board.silk("not isolated", 14, 35.2, 0.9)
    names = {"2": "IO", "3": "RST", "4": "3V3", "5": "5V", "6": "GND", "7": "GND", "8": "VIN", "9": "A0", "10": "A1", "11": "A2", "12": "A3",
             "13": "A4", "14": "A5", "29": "GND", "30": "REF", "31": "SDA", "32": "SCL"}
    names |= {str(15 + i): f"D{i}" for i in range(14)}
    for pin, name in names.items():
        x, y = _HEADER[pin]
        board.silk(name, x, 0.72 if y < 25 else HEIGHT - 0.72, 0.8)
    board.silk("MODE", 63.2, 7.7, 0.9)
    for x, name in ((53.34, "4"), (55.88, "3"), (58.42, "2")):
        board.silk(name, x, 11.3, 0.8)
    board.silk("MARK", 40.0, 35.6, 1.0)
    board.silk("Arduino", 81.6, 38.0, 0.8)
    board.silk("5 V", 80.4, 40.54, 0.8)
    board.silk("J3", 80.2, 43.1, 0.8)
    board.silk("5 V 1.2 A", 84.4, 47.6, 1.0)
    board.silk("+", 84.9, 41.2, 1.2)
    board.silk("BUS", 83.0, 25.4, 1.1, bold=True)
    board.silk("24...34 V", 86.0, 33.2, 0.9)
    board.silk("HAN", 93.9, 8.8, 1.2, rotation=90, bold=True)
    board.silk("mA", 56.5, 12.6, 0.8)
    for reference, name, dx, dy in (("TP1", "VP", -1.9, 0), ("TP2", "BASE", 0.6, 1.6), ("TP3", "BUS A", 0, 1.7), ("TP4", "TXD", -2.2, 0),
                                    ("TP5", "BUS B", 0, -1.7), ("TP6", "GND", 0, -1.7)):
        x, y = board.at(f"{reference}.1")
        board.silk(name, x + dx, y + dy, 0.8)


def _print_back(board):
    board.silk("BUS MASTER", 20, 30, 2.0, layer=BACK_SILK, bold=True)
    board.silk(f"rev {REVISION}  {DATE}", 20, 33, 1.2, layer=BACK_SILK)
    board.silk("USB below", 6.6, 16, 0.9, layer=BACK_SILK)
