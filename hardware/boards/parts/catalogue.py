"""Every part of the boards, with its maker's number and a second source.

A second source fits the same footprint and keeps the ratings that the schematic names.
"""

from kicad.sheet import Part

_RESISTOR_0805 = "Resistor_SMD:R_0805_2012Metric_Pad1.20x1.40mm_HandSolder"
_RESISTOR_1206 = "Resistor_SMD:R_1206_3216Metric_Pad1.30x1.75mm_HandSolder"
_CAPACITOR_0805 = "Capacitor_SMD:C_0805_2012Metric_Pad1.18x1.45mm_HandSolder"
_CAPACITOR_1206 = "Capacitor_SMD:C_1206_3216Metric_Pad1.33x1.80mm_HandSolder"
_CAPACITOR_1210 = "Capacitor_SMD:C_1210_3225Metric_Pad1.33x2.70mm_HandSolder"
_LED_0805 = "LED_SMD:LED_0805_2012Metric_Pad1.15x1.40mm_HandSolder"


def resistor(value):
    """A 1 % resistor, 0805. `value` is written as on the schematic: 220, 4k7, 10k."""
    code = value.upper() if "k" in value else f"{value}R"
    return Part("Device:R", value, _RESISTOR_0805, "1 %, 0.125 W", "Yageo", f"RC0805FR-07{code}L", f"Vishay CRCW0805{_vishay(value)}FKEA")


RESISTOR_220_PULSE = Part(
    "Device:R", "220", _RESISTOR_1206, "1 %, pulse proof, 200 V", "Vishay", "CRCW1206220RFKEAHP", "Panasonic ERJ-P08F2200V")

CAPACITOR_100N_100V = Part("Device:C", "100n", _CAPACITOR_0805, "100 V X7R", "Murata", "GRM21BR72A104KAC4L", "Kemet C0805C104K1RACTU")
CAPACITOR_1U_25V = Part("Device:C", "1u", _CAPACITOR_0805, "25 V X7R", "Murata", "GRM21BR71E105KA99L", "Samsung CL21B105KAFNNNE")
CAPACITOR_10U_25V = Part("Device:C", "10u", _CAPACITOR_1206, "25 V X5R", "Murata", "GRM31CR61E106KA12L", "Samsung CL31A106KBHNNNE")
CAPACITOR_22U_25V = Part("Device:C", "22u", _CAPACITOR_1210, "25 V X7R", "Samsung", "CL32B226KAJNNNE", "Murata GRM32ER71E226KE15L")

TVS_BUS = Part("Device:D_TVS", "SMBJ43CA", "Diode_SMD:D_SMB", "600 W, 43 V", "Littelfuse", "SMBJ43CA", "Bourns SMBJ43CA")
TVS_CHIP = Part("Device:D_TVS", "SMAJ40CA", "Diode_SMD:D_SMA", "400 W, 40 V", "Littelfuse", "SMAJ40CA", "Bourns SMAJ40CA")

LED_BUS = Part("Device:LED", "BUS orange", _LED_0805, "2 mA type", "Kingbright", "APT2012LSECK/J4-PRV", "Lite-On LTST-C170KFKT")
LED_DATA = Part("Device:LED", "DATA green", _LED_0805, "2 mA type", "Kingbright", "APT2012LZGCK", "Lite-On LTST-C170TGKT")
LED_ERROR = Part("Device:LED", "ERROR red", _LED_0805, "", "Kingbright", "APT2012SURCK", "Lite-On LTST-C170KRKT")

TRANSCEIVER = Part(
    "meterscope:TSS721A", "TSS721A", "Package_SO:SOIC-16_3.9x9.9mm_P1.27mm", "", "Texas Instruments", "TSS721ADR", "onsemi NCN5150DG")
COUPLER = Part(
    "meterscope:6N139", "6N139", "Package_DIP:DIP-8_W7.62mm", "400 % at 0.5 mA", "Broadcom", "6N139-000E", "Vishay 6N139")
SCHMITT_BUFFER = Part(
    "74xGxx:74LVC1G17", "74LVC1G17", "Package_TO_SOT_SMD:SOT-23-5_HandSoldering", "", "Texas Instruments", "SN74LVC1G17DBVR",
    "Nexperia 74LVC1G17GV,125", datasheet="https://www.ti.com/lit/ds/symlink/sn74lvc1g17.pdf")

MODULAR_JACK = Part(
    "Connector:RJ45", "RJ45", "Connector_RJ:RJ45_Amphenol_54602-x08_Horizontal", "1.5 A, unshielded", "Amphenol", "54602-908LF",
    "Molex 95501-2881")
SCREW_TERMINAL = Part(
    "Connector:Screw_Terminal_01x02", "M-Bus", "TerminalBlock_Phoenix:TerminalBlock_Phoenix_MKDS-1,5-2-5.08_1x02_P5.08mm_Horizontal",
    "1.5 mm², 13.5 A", "Phoenix Contact", "1715721", "On Shore OSTTC022162")
ARDUINO_HEADERS = Part(
    "MCU_Module:Arduino_UNO_R3", "Uno / Leonardo", "meterscope:Arduino_R3_shield_headers", "stacking, set of 4", "Adafruit", "85",
    "SparkFun PRT-11417", datasheet="https://docs.arduino.cc/hardware/uno-rev3")
DISPLAY_SOCKET = Part(
    "Connector_Generic:Conn_01x16", "HD44780", "Connector_PinSocket_2.54mm:PinSocket_1x16_P2.54mm_Vertical", "", "Samtec",
    "SSW-116-01-G-S", "Sullins PPTC161LFBN-RC")
PIN_HEADER_2X3 = Part(
    "Connector_Generic:Conn_02x03_Odd_Even", "RX pin", "Connector_PinHeader_2.54mm:PinHeader_2x03_P2.54mm_Vertical",
    "with one shunt, TE 881545-2", "Samtec", "TSW-103-07-G-D", "Würth 61300621121")
PIN_HEADER_1X2 = Part(
    "Connector_Generic:Conn_01x02", "4 x 20", "Connector_PinHeader_2.54mm:PinHeader_1x02_P2.54mm_Vertical",
    "with one shunt, TE 881545-2", "Samtec", "TSW-102-07-G-S", "Würth 61300211121")
CONTRAST_TRIMMER = Part(
    "Device:R_Potentiometer_Trim", "10k", "Potentiometer_THT:Potentiometer_Bourns_3386P_Vertical", "0.5 W", "Bourns", "3386P-1-103LF",
    "Suntan TSR-3386P-103R")

TEST_POINT = Part("Connector:TestPoint", "", "TestPoint:TestPoint_THTPad_D1.5mm_Drill0.7mm", in_bom=False)
MOUNTING_HOLE = Part("Mechanical:MountingHole", "3.2 mm", "MountingHole:MountingHole_3.2mm_M3", in_bom=False)


def test_point(name):
    """A bare plated hole for a probe or a loop of wire."""
    return Part(TEST_POINT.symbol, name, TEST_POINT.footprint, in_bom=False)


def _vishay(value):
    """Vishay writes 220R, 4K70, 10K0, 330K: three digits with the unit as the point."""
    whole, unit, rest = value.partition("k") if "k" in value else (value, "R", "")
    unit = unit.upper()
    digits = whole + unit + rest
    return digits if len(whole) == 3 else (digits + "000")[:4]
