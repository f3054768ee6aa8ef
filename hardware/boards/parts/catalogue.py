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
    """A 1 % resistor, 0805. `value` is written as on the schematic: 220, 4k7, 10k, 1M."""
    code = value.upper() if "k" in value or "M" in value else f"{value}R"
    return Part("Device:R", value, _RESISTOR_0805, "1 %, 0.125 W", "Yageo", f"RC0805FR-07{code}L", f"Vishay CRCW0805{_vishay(value)}FKEA")


RESISTOR_220_PULSE = Part(
    "Device:R", "220", _RESISTOR_1206, "1 %, pulse proof, 200 V", "Vishay", "CRCW1206220RFKEAHP", "Panasonic ERJ-P08F2200V")

CAPACITOR_100N_100V = Part("Device:C", "100n", _CAPACITOR_0805, "100 V X7R", "Murata", "GRM21BR72A104KAC4L", "Kemet C0805C104K1RACTU")
CAPACITOR_1U_25V = Part("Device:C", "1u", _CAPACITOR_0805, "25 V X7R", "Murata", "GRM21BR71E105KA99L", "Samsung CL21B105KAFNNNE")
CAPACITOR_10U_25V = Part("Device:C", "10u", _CAPACITOR_1206, "25 V X5R", "Murata", "GRM31CR61E106KA12L", "Samsung CL31A106KBHNNNE")
CAPACITOR_22U_25V = Part("Device:C", "22u", _CAPACITOR_1210, "25 V X7R", "Samsung", "CL32B226KAJNNNE", "Murata GRM32ER71E226KE15L")

CAPACITOR_1N_50V = Part("Device:C", "1n", _CAPACITOR_0805, "50 V C0G", "Murata", "GRM2165C1H102JA01D", "Kemet C0805C102J5GACTU")
CAPACITOR_2U2_100V = Part("Device:C", "2u2", _CAPACITOR_1210, "100 V X7R", "Murata", "GRM32ER72A225KA35L", "TDK C3225X7R2A225K230AB")
CAPACITOR_33U_63V = Part(
    "Device:C_Polarized", "33u", "Capacitor_SMD:CP_Elec_8x10", "63 V", "Panasonic", "EEH-ZA1J330P",
    "Nichicon GYA1J330MCQ1GS")

RESISTOR_10_PULSE = Part("Device:R", "10", _RESISTOR_1206, "1 %, pulse proof", "Vishay", "CRCW120610R0FKEAHP", "Panasonic ERJ-P08F10R0V")
RESISTOR_4R7 = Part("Device:R", "4R7", _RESISTOR_1206, "1 %, 0.25 W", "Yageo", "RC1206FR-074R7L", "Vishay CRCW12064R70FKEA")
RESISTOR_2R2 = Part("Device:R", "2R2", _RESISTOR_1206, "1 %, 0.25 W", "Yageo", "RC1206FR-072R2L", "Vishay CRCW12062R20FKEA")
RESISTOR_10K_1206 = Part("Device:R", "10k", _RESISTOR_1206, "1 %, 0.25 W", "Yageo", "RC1206FR-0710KL", "Vishay CRCW120610K0FKEA")

NPN_SMALL = Part("Transistor_BJT:MMBTA06", "MMBTA06", "Package_TO_SOT_SMD:SOT-23_Handsoldering", "80 V, 0.5 A", "onsemi", "MMBTA06LT1G",
                 "Diodes MMBTA06-7-F")
NPN_POWER = Part("Transistor_BJT:Q_NPN_BCE", "TIP31C", "Package_TO_SOT_THT:TO-220-3_Vertical", "100 V, 3 A, 3.1 K/W",
                 "STMicroelectronics", "TIP31C", "onsemi TIP31CG")
HEAT_SINK = Part("Mechanical:Heatsink", "8 K/W", "meterscope:Heat_sink_TO220_34.9x12.7mm", "50.8 mm high, with screw M3 and paste", "Boyd",
                 "531202B02500G", "Fischer Elektronik SK 104 50,8 STC TO 220")
PNP_MEDIUM = Part("Transistor_BJT:Q_PNP_BCE", "BCP53-16", "Package_TO_SOT_SMD:SOT-223-3_TabPin2", "80 V, 1 A", "Nexperia", "BCP53-16,115",
                  "onsemi BCP53-16T1G", datasheet="https://www.nexperia.com/product/BCP53")
DIODE_SIGNAL = Part("Device:D", "1N4148W", "Diode_SMD:D_SOD-123", "100 V, 0.15 A", "Diodes", "1N4148W-7-F", "Vishay 1N4148W-E3-08")
DIODE_SCHOTTKY = Part("Device:D_Schottky", "B160", "Diode_SMD:D_SMA", "60 V, 1 A", "Diodes", "B160-13-F", "Vishay SS16-E3/61T")
ZENER_12V = Part("Device:D_Zener", "12 V", "Diode_SMD:D_SOD-123", "5 %, 0.5 W", "onsemi", "MMSZ5242BT1G", "Diodes MMSZ5242B-7-F")
BOOST_CONVERTER = Part(
    "meterscope:LM2577", "LM2577-ADJ", "Package_TO_SOT_SMD:TO-263-5_TabPin3", "65 V, 3 A, 52 kHz", "Texas Instruments", "LM2577S-ADJ/NOPB",
    "Slkor LM2577S-ADJ", datasheet="https://www.ti.com/lit/ds/symlink/lm2577.pdf")
INDUCTOR_220U = Part("Device:L", "220u", "Inductor_SMD:L_Bourns_SRR1210A", "1.4 A, 0.32 Ω", "Bourns", "SRR1210A-221M",
                     "Würth 7447709221")
AMPLIFIER = Part("Amplifier_Operational:MCP6001-OT", "MCP6001", "Package_TO_SOT_SMD:SOT-23-5_HandSoldering", "6 V", "Microchip", "MCP6001T-I/OT",
                 "Texas Instruments TLV9001IDBVR")
LED_CURRENT = Part("Device:LED", "mA green", _LED_0805, "20 mA", "Kingbright", "APT2012LZGCK", "Lite-On LTST-C170TGKT")
VOLTAGE_TRIMMER = Part(
    "Device:R_Potentiometer_Trim", "1k", "Potentiometer_THT:Potentiometer_Bourns_3386P_Vertical", "10 %, 0.5 W", "Bourns", "3386P-1-102LF",
    "Suntan TSR-3386P-102R")
PIN_HEADER_1X3 = Part(
    "Connector_Generic:Conn_01x03", "5 V from", "Connector_PinHeader_2.54mm:PinHeader_1x03_P2.54mm_Vertical",
    "with one shunt, TE 881545-2", "Samtec", "TSW-103-07-G-S", "Würth 61300311121")

TVS_BUS = Part("Device:D_TVS", "SMBJ43CA", "Diode_SMD:D_SMB", "600 W, 43 V", "Littelfuse", "SMBJ43CA", "Bourns SMBJ43CA")
ZENER_43V = Part("Device:D_Zener", "43 V", "Diode_SMD:D_SOD-123", "2 %, 0.5 W", "Vishay", "BZT52B43-E3-08", "Panjit BZT52-B43")

LED_BUS = Part("Device:LED", "BUS orange", _LED_0805, "2 mA type", "Kingbright", "APT2012LSECK/J4-PRV", "Lite-On LTST-C170KFKT")
LED_DATA = Part("Device:LED", "DATA green", _LED_0805, "2 mA type", "Kingbright", "APT2012LZGCK", "Lite-On LTST-C170TGKT")
LED_ERROR = Part("Device:LED", "ERROR red", _LED_0805, "20 mA", "Kingbright", "APT2012SURCK", "Lite-On LTST-C170KRKT")

TRANSCEIVER = Part(
    "meterscope:TSS721A", "TSS721A", "Package_SO:SOIC-16_3.9x9.9mm_P1.27mm", "50 V", "Texas Instruments", "TSS721ADR", "onsemi NCN5150DG")
COUPLER = Part(
    "meterscope:6N139", "6N139", "Package_DIP:DIP-8_W7.62mm", "400 % at 0.5 mA", "Broadcom", "6N139-000E", "Vishay 6N139")
SCHMITT_BUFFER = Part(
    "74xGxx:74LVC1G17", "74LVC1G17", "Package_TO_SOT_SMD:SOT-23-5_HandSoldering", "5.5 V", "Texas Instruments", "SN74LVC1G17DBVR",
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
    "Connector_Generic:Conn_01x16", "HD44780", "Connector_PinSocket_2.54mm:PinSocket_1x16_P2.54mm_Vertical", "8.5 mm high", "Samtec",
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
    """Vishay writes 220R, 4K70, 10K0, 330K, 1M00: three digits with the unit as the point."""
    unit = next((letter for letter in "kM" if letter in value), "R")
    whole, _, rest = value.partition(unit)
    unit = unit.upper()
    digits = whole + unit + rest
    return digits if len(whole) == 3 else (digits + "000")[:4]
