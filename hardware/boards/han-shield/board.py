"""The shield's layout: where parts lie and how tracks run. Places are in mm from the upper left corner, y down.

The left 68.6 mm are the outline of an Arduino whose USB socket is on the left; the bus side lies beyond its end, so that
nothing of the bus is over the Arduino. Between x = 66.2 and 72.2 there is no copper on any layer.
"""

from kicad.layout import BACK, BACK_SILK, Board
from kicad.shield_headers import pin_places
from schematic import DATE, NAME, REVISION

WIDTH, HEIGHT = 113.6, 53.34
# The Arduino side ends, and the bus side begins, at the rims of the coupler's pads.
ARDUINO_END, BUS_START = 66.2, 72.2

_HEADER = pin_places()


def lay_out(path, netlist_path):
    """The whole board."""
    board = Board(path, netlist_path, "HAN shield for Arduino Uno and Leonardo", REVISION, DATE)
    board.outline(WIDTH, HEIGHT, 2.0)
    board.set_file_origin(0, HEIGHT)
    _place_bus_side(board)
    _place_arduino_side(board)
    _route_bus(board)
    _route_transceiver(board)
    _route_receive(board)
    _route_supply(board)
    _route_display(board)
    _route_lamps(board)
    _pour(board)
    _print_front(board)
    _print_back(board)
    return board


def _place_bus_side(board):
    board.place("J1", 99, 13.5, 90, text=(93.7, 7.4))
    board.place("J2", 99, 29.95, 90, text=(93.6, 27.6))
    board.place("J3", 107.9, 41.95, 90, text=(104.2, 45.9))
    board.place("D1", 90.9, 17.85, 270, text=(92.2, 13.6))
    board.place("R1", 86.0, 20.0, 180, text=(86.0, 21.9))
    board.place("R2", 86.0, 15.7, 180, text=(86.0, 13.9))
    board.place("D2", 82.4, 18.35, 90, text=(82.4, 13.7))
    board.place("D6", 79.8, 18.35, 90, text=(79.6, 13.7))
    board.place("U1", 86.0, 33.0, text=(86.0, 27.2))
    board.place("C2", 78.0, 28.7, 90, text=(75.8, 29.0, 90))
    board.place("R3", 80.3, 32.4, 180, text=(77.4, 33.1, 90))
    board.place("C1", 80.3, 34.9, 180, text=(77.4, 35.6, 90))
    board.place("R6", 79.7, 37.45, 180, text=(81.0, 39.1))
    board.place("R7", 76.2, 39.3, 90, text=(77.7, 39.5, 90))
    board.place("C3", 92.0, 34.9, 0, text=(94.9, 34.9, 90))
    board.place("R4", 92.0, 37.45, 0, text=(94.9, 38.0, 90))
    board.place("R5", 86.0, 41.8, 270, text=(84.4, 41.8, 90))
    board.place("D3", 89.4, 43.4, 180, text=(89.4, 45.0))
    board.place("TP1", 90.9, 23.6)
    board.place("TP2", 90.9, 11.4)
    board.place("TP3", 78.6, 43.4)
    board.place("TP4", 91.4, 31.2)
    board.place("TP5", 82.6, 42.0)
    board.place("TP10", 83.0, 46.6)
    board.place("H1", 109.4, 48.8)
    board.place("H2", 77.0, 5.6)


def _place_arduino_side(board):
    board.place("A1", 0, 0)
    board.place("U2", 73.02, 43.08, 180, text=(69.2, 33.3))
    board.place("U3", 59.0, 38.0, 180, text=(59.0, 35.4))
    board.place("R8", 62.7, 40.2, 90, text=(61.1, 40.6, 90))
    board.place("C4", 62.3, 43.08, 180, text=(59.3, 44.0))
    board.place("C5", 57.2, 41.6, 180, text=(57.2, 43.2))
    board.place("R10", 55.0, 46.0, 180, text=(55.0, 47.9))
    board.place("R11", 58.9, 46.0, 180, text=(58.9, 47.9))
    board.place("D4", 62.85, 46.0, 0, text=(62.85, 47.9))
    board.place("JP1", 46.0, 46.0, 90, text=None)
    board.place("R12", 30.67, 43.2, 270, text=(29.0, 43.2, 90))
    board.place("D5", 33.2, 46.2, 180, text=(33.2, 48.1))
    board.place("RV1", 19.0, 46.6, 0, text=(11.9, 41.0))
    board.place("JP2", 27.2, 43.6, 0, text=None)
    board.place("J4", 4.0, 7.5, 90, text=(4.0, 5.4))
    board.place("R9", 46.0, 6.6, 180, text=(49.3, 6.6))
    board.place("C6", 5.3, 12.0, 180, text=(5.3, 14.0))
    board.place("TP6", 62.4, 34.7)
    board.place("TP7", 54.6, 39.1)
    board.place("TP8", 41.2, 45.2)
    board.place("TP9", 35.75, 43.0)


def _route_bus(board):
    """The trunk from connector to connector, 1.5 mm wide for the 0.35 A of a full bus, and the tap to the receiver."""
    trunk_a, trunk_b = 101.6, 94.0
    board.track("BUS_A", "J1.1", (trunk_a, board.at("J1.1")[1]), (trunk_a, board.at("J3.1")[1]), "J3.1", width=1.5)
    board.track("BUS_A", "J2.1", (trunk_a, board.at("J2.1")[1]), width=1.5)
    for jack in ("J1", "J2"):
        board.track("BUS_B", f"{jack}.2", (trunk_b, board.at(f"{jack}.2")[1]), width=1.5, layer=BACK)
    board.track("BUS_B", (trunk_b, board.at("J1.2")[1]), (trunk_b, board.at("J3.2")[1]), "J3.2", width=1.5, layer=BACK)
    board.track("BUS_A", (trunk_a, 19.2), (90.9, 19.2), width=1.0)
    board.track("BUS_B", (trunk_b, 15.7), "D1.1", width=1.0)
    board.via("BUS_B", (trunk_b, 15.2), (trunk_b, 16.2))
    board.track("BUS_B", (trunk_b, 15.2), (trunk_b, 16.2), width=1.0)
    board.track("BUS_A", "TP1.1", (90.9, 20.0), width=0.6)
    board.track("BUS_B", "TP2.1", (90.9, 15.7), width=0.6)
    board.track("BUS_A", "R1.1", (90.9, 20.0), width=1.0)
    board.track("BUS_B", "R2.1", (90.9, 15.7), width=1.0)


def _route_transceiver(board):
    board.track("BUSL1", "R1.2", "D2.1", width=0.6)
    board.track("BUSL1", "D2.1", (82.4, 23.8), (83.0, 24.4), (86.6, 24.4), (88.5, 26.3), "U1.16", width=0.4)
    board.track("BUSL2", "R2.2", (83.7, 14.95), (78.6, 14.95), (77.9, 15.65), (77.9, 18.1), "D6.1", width=0.6)
    board.track("BUSL2", "D6.1", (79.8, 22.4), (82.0, 24.6), (82.0, 27.0), "U1.1", width=0.4)
    board.track("CLAMP", "D2.2", "D6.2", width=0.6)
    board.track("STC", "U1.3", "C2.1")
    board.track("STC", "C2.1", (77.6, 30.66), (77.6, 35.8), (78.0, 36.2), (79.7, 36.2), (79.7, 40.0), (79.16, 40.54), "U2.2")
    board.track("STC", "R7.1", (76.2, 40.54))
    board.track("STC", "TP3.1", (78.6, 40.54))
    board.track("RIDD", "U1.4", "R3.1")
    board.track("SC", "U1.6", "C1.1")
    board.track("TX", "U1.8", "R6.1")
    board.track("TX", (82.6, 37.45), "TP5.1")
    board.track("LED_K", "R6.2", (77.0, 38.3), "R7.2")
    board.track("LED_K", "R7.2", "U2.3")
    board.track("VDD_BUS", "U1.12", (90.2, board.at("U1.12")[1]), (90.2, board.at("U1.9")[1]), "U1.9")
    board.track("VDD_BUS", "U1.11", "C3.1")
    board.track("VDD_BUS", (90.2, board.at("R4.1")[1]), "R4.1")
    board.track("VDD_BUS", "TP4.1", (90.2, 32.4), (90.2, 33.7))
    board.track("PF", "U1.5", (86.0, board.at("U1.5")[1]), "R5.1")
    board.track("LAMP", "R5.2", "D3.2")


def _route_receive(board):
    board.track("RX_RAW", "U2.6", "U3.2")
    board.track("RX_RAW", (62.4, 38.0), "TP6.1")
    board.track("RX_RAW", "R8.2", (62.7, 38.0))
    board.track("RX", "U3.4", (56.2, 37.05), (54.6, 38.65), (54.6, 43.6), (56.0, 45.0), "R10.1")
    board.track("RX", "R10.1", "R11.2")
    board.track("RX_PIN", "R10.2", "JP1.5", "JP1.3", "JP1.1")
    d8, d4, d0 = _HEADER["23"], _HEADER["19"], _HEADER["15"]
    board.track("RX_D8", d8, (43.6, 4.5), (43.6, 41.0), "JP1.2", layer=BACK)
    board.track("RX_D4", d4, (d4[0], 32.0), (48.54, 36.8), "JP1.4", layer=BACK)
    board.track("RX_D0", d0, (d0[0], 25.5), (51.08, 37.92), "JP1.6", layer=BACK)


def _route_supply(board):
    five_volts = _HEADER["5"]
    board.track("+5V", five_volts, (40.5, 48.4), (61.47, 48.4), "D4.2", width=0.6)
    board.track("+5V", "D4.2", "C4.1", width=0.6)
    board.track("+5V", "C4.1", "U2.8", width=0.5)
    board.track("+5V", "C4.1", (62.7, 41.2), width=0.5)
    board.track("+5V", "R8.1", (62.7, 41.2), width=0.5)
    board.track("+5V", (62.7, 41.2), (61.6, 41.6), "C5.1", width=0.4)
    board.track("+5V", "C5.1", (57.65, 38.95), width=0.4)
    board.track("+5V", "TP8.1", (41.2, 48.4), width=0.6)
    # To the display: on the front as far as the rows of its signals, which its lamp's supply passes below.
    board.track("+5V", five_volts, (38.1, 16.0), width=0.6)
    board.track("+5V", (38.1, 16.0), (47.0, 16.0), width=0.5)
    board.track("+5V", (47.0, 16.0), (47.0, 8.4), width=0.5, layer=BACK)
    board.via("+5V", (47.0, 16.0), (47.0, 8.4))
    board.track("+5V", (47.0, 8.4), "R9.1", width=0.5)
    board.track("LCD_A", "R9.2", (44.3, 5.9), (41.16, 5.9), "J4.15", width=0.5)
    board.track("+5V", (38.1, 16.0), (7.8, 16.0), (6.86, 15.06), "C6.1", width=0.6)
    board.track("+5V", "C6.1", "J4.2", width=0.6)
    board.track("+5V", "RV1.1", (20.8, 48.4), (36.6, 48.4), five_volts, width=0.4)


def _route_display(board):
    """Down from the header on the back, to the left on the front, up to the display's socket. The more to the left a
    track ends, the lower its row, so that no two cross; so too for the data lines, which come from below."""
    rows = {"LCD_RS": ("22", "J4.4", 11.4), "LCD_E": ("21", "J4.6", 10.6)}
    for net, (header_pin, socket_pin, row) in rows.items():
        x, y = _HEADER[header_pin]
        socket_x, _ = board.at(socket_pin)
        board.track(net, (x, y), (x, row), layer=BACK)
        board.via(net, (x, row))
        board.track(net, (x, row), (socket_x + 0.8, row), (socket_x, row - 0.8), socket_pin)
    data = {"LCD_D4": ("9", "J4.11", 49.1), "LCD_D5": ("10", "J4.12", 48.6), "LCD_D6": ("11", "J4.13", 48.1), "LCD_D7": ("12", "J4.14", 47.6)}
    for net, (header_pin, socket_pin, row) in data.items():
        x, y = _HEADER[header_pin]
        socket_x, _ = board.at(socket_pin)
        turn = y - row
        board.track(net, (x, y), (x - turn, row), (socket_x + 0.4, row), (socket_x, row - 0.4), socket_pin, width=0.25, layer=BACK)
    strap_x, strap_y = _HEADER["20"]
    board.track("LCD_4X20", (strap_x, strap_y), (strap_x, 12.2), layer=BACK)
    board.track("LCD_4X20", (strap_x, 12.2), (27.2, 12.2))
    board.via("LCD_4X20", (strap_x, 12.2), (27.2, 12.2))
    board.track("LCD_4X20", (27.2, 12.2), "JP2.1", layer=BACK)
    board.track("LCD_V0", "RV1.2", (14.4, 44.06), (13.6, 43.26), (13.6, 13.0), "J4.3", layer=BACK)


def _route_lamps(board):
    board.track("LAMP_DATA", "R11.1", "D4.1")
    error = _HEADER["27"]
    board.track("ERROR", error, (30.67, 3.37), (30.67, 40.4), layer=BACK)
    board.via("ERROR", (30.67, 40.4))
    board.track("ERROR", (30.67, 40.4), "R12.1")
    board.track("LAMP_ERROR", "R12.2", (30.67, 44.7), "D5.2")


def _pour(board):
    board.keep_out("isolation", ARDUINO_END + 0.05, 0, BUS_START - 0.05, HEIGHT)
    rim = 0.6
    board.zone("GND", [(rim, rim), (ARDUINO_END, rim), (ARDUINO_END, HEIGHT - rim), (rim, HEIGHT - rim)])
    board.zone("GND_BUS", [(BUS_START + 0.1, 13.0), (93.2, 13.0), (93.2, 26.0), (96.0, 26.0), (96.0, 48.6), (BUS_START + 0.1, 48.6)], clearance=0.4)
    # Both layers are one ground: a via near whatever ends in the pour.
    for x, y in ((3, 20), (3, 34), (3, 49), (12, 19.5), (24, 19.5), (24, 34), (25.2, 37.0), (45.5, 20), (50, 28), (56, 20), (60, 18), (50, 37),
                 (64.8, 20), (64.8, 32), (59.6, 42.4), (14, 1.6), (65.4, 8.0), (46.0, 18.0)):
        board.via("GND", (x, y))
    for x, y in ((75.0, 27.0), (75.4, 33.4), (86.0, 31.0), (90.4, 29.9), (92.2, 33.1), (78.4, 33.65), (91.6, 45.4), (75.4, 46.8), (85.6, 46.8),
                 (84.6, 22.4), (74.6, 20.4), (93.6, 41.0)):
        board.via("GND_BUS", (x, y))


def _print_front(board):
    board.silk("HAN SHIELD", 20, 22.5, 2.2, bold=True)
    board.silk(f"Meterscope   rev {REVISION}", 20, 25.6, 1.2)
    board.silk("M-Bus receiver for Arduino Uno and Leonardo", 20, 28.2, 1.0)
    board.silk("receive only, galvanically isolated", 20, 30.0, 1.0)
    _print_header_names(board)
    board.silk("LCD", 1.6, 7.5, 1.0, rotation=90)
    for pin, name in {1: "GND", 2: "5V", 3: "V0", 4: "RS", 5: "RW", 6: "E", 11: "D4", 12: "D5", 13: "D6", 14: "D7", 15: "A", 16: "K"}.items():
        board.silk(name, 4.0 + 2.54 * (pin - 1), 9.5, 0.8)
    board.silk("CONTRAST", 19, 38.1, 1.0)
    board.silk("4x20", 27.2, 41.2, 0.8)
    for x, name in ((46.0, "D8"), (48.54, "D4"), (51.08, "D0")):
        board.silk(name, x, 41.3, 0.9)
    board.silk("RX", 43.6, 46.0, 0.9)
    board.silk("Uno: D8", 45.8, 37.6, 0.9)
    board.silk("Leonardo: D4 or D0", 45.8, 39.2, 0.9)
    board.silk("DATA", 62.85, 44.4, 0.8)
    board.silk("ERROR", 33.7, 44.5, 0.8)
    board.silk("BUS", 89.4, 41.8, 0.9)
    _print_barrier(board)
    for y, name in ((8.8, "HAN IN"), (25.3, "HAN OUT")):
        board.silk(name, 110.9, y, 1.2, rotation=90, bold=True)
    board.silk("24 V M-BUS", 87.0, 3.2, 1.3, bold=True)
    board.silk("not for Ethernet", 87.0, 5.4, 1.1)
    board.silk("BUS", 100.0, 39.4, 1.2, bold=True)
    board.silk("either polarity", 98.6, 48.6, 0.9)
    board.silk("up to 42 V, takes 1.5 mA", 98.6, 50.4, 0.9)
    for reference, name, dx, dy in (("TP1", "BUS A", 0, 1.9), ("TP2", "BUS B", 0, -1.9), ("TP3", "STC", 0, 1.9), ("TP4", "VDD", 0, -1.9),
                                    ("TP5", "TX", 0, 1.7), ("TP6", "RAW", 0, -1.7), ("TP7", "RX", 0, -1.7),
                                    ("TP8", "5V", 0, -1.7), ("TP9", "GND", 0, -1.7), ("TP10", "GND bus", 0, 1.9)):
        x, y = board.at(f"{reference}.1")
        board.silk(name, x + dx, y + dy, 0.8)


def _print_header_names(board):
    names = {"2": "IO", "3": "RST", "4": "3V3", "5": "5V", "6": "GND", "7": "GND", "8": "VIN", "9": "A0", "10": "A1", "11": "A2", "12": "A3",
             "13": "A4", "14": "A5", "29": "GND", "30": "REF", "31": "SDA", "32": "SCL"}
    names |= {str(15 + i): f"D{i}" for i in range(14)}
    for pin, name in names.items():
        x, y = _HEADER[pin]
        board.silk(name, x, 0.72 if y < 25 else HEIGHT - 0.72, 0.8)


def _print_barrier(board):
    for x in (ARDUINO_END + 0.5, BUS_START - 0.5):
        y = 1.0
        while y < HEIGHT - 1.5:
            if not 31.5 < y < 46.5:
                board.silk_line((x, y), (x, y + 1.2), 0.2)
            y += 2.0
    board.silk("ISOLATION  no copper for 5 mm", 69.2, 17.0, 1.0, rotation=90)
    board.silk("ARDUINO", 64.9, 26.0, 1.2, rotation=90, bold=True)
    board.silk("M-BUS", 73.6, 19.5, 1.2, rotation=90, bold=True)
    board.silk("nylon only", 77.0, 10.4, 0.9)


def _print_back(board):
    board.silk("HAN SHIELD", 40, 22, 2.0, layer=BACK_SILK, bold=True)
    board.silk(f"rev {REVISION}  {DATE}", 40, 25, 1.2, layer=BACK_SILK)
    board.silk("USB below", 6.6, 16, 0.9, layer=BACK_SILK)
    for x in (ARDUINO_END + 0.5, BUS_START - 0.5):
        board.silk_line((x, 1.0), (x, HEIGHT - 1.0), 0.2, BACK_SILK)
    board.silk("ISOLATION", 69.2, 17.0, 1.2, rotation=90, layer=BACK_SILK)
    board.silk("M-BUS SIDE", 87, 8.0, 1.6, layer=BACK_SILK, bold=True)
