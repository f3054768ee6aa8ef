"""Symbols that KiCad's libraries lack, or have with the wrong pin names."""

from kicad.symbols import draw_symbol, line, write_own_library


def write():
    """Writes our symbol library."""
    write_own_library([tss721a(), coupler_6n139(), lm2577()])


def tss721a():
    """TSS721A, pins as on the first page of its data sheet (SLAS222B, D package, top view).

    The bus is on the left, what parts set is below, what a microcontroller would see is on the right.
    """
    return draw_symbol(
        "TSS721A",
        reference="U",
        description="M-Bus slave transceiver, SOIC-16",
        datasheet="https://www.ti.com/lit/ds/symlink/tss721a.pdf",
        footprint="Package_SO:SOIC-16_3.9x9.9mm_P1.27mm",
        body=(-12.7, 15.24, 12.7, -17.78),
        pin_list=[
            ("16", "BUSL1", "passive", -15.24, 12.7, 0),
            ("1", "BUSL2", "passive", -15.24, 7.62, 0),
            ("2", "VB", "passive", -15.24, 2.54, 0),
            ("14", "RIS", "passive", -15.24, -2.54, 0),
            ("15", "GND", "power_in", -15.24, -10.16, 0),
            ("6", "SC", "passive", -5.08, -20.32, 90),
            ("4", "RIDD", "passive", 0, -20.32, 90),
            ("3", "STC", "passive", 5.08, -20.32, 90),
            ("11", "VDD", "power_out", 15.24, 12.7, 180),
            ("9", "BAT", "power_in", 15.24, 10.16, 180),
            ("12", "RX", "input", 15.24, 7.62, 180),
            ("13", "RXI", "input", 15.24, 5.08, 180),
            ("10", "VS", "passive", 15.24, 2.54, 180),
            ("5", "PF", "output", 15.24, -7.62, 180),
            ("8", "TX", "output", 15.24, -15.24, 180),
            ("7", "TXI", "output", 15.24, -12.7, 180),
        ],
    )


def coupler_6n139():
    """6N139: KiCad's has the pin names of the dual HCPL-2731."""
    light = [
        line((-7.62, 3.81), (-4.445, 3.81), (-4.445, -3.81), (-7.62, -3.81), width=0.15),
        line((-5.715, 0.9), (-3.175, 0.9), (-4.445, -0.9), (-5.715, 0.9), fill="outline"),
        line((-5.715, -0.9), (-3.175, -0.9)),
        line((-2.2, 1.0), (0.4, 1.0), (-0.4, 1.5), width=0.15),
        line((-2.2, -0.6), (0.4, -0.6), (-0.4, -0.1), width=0.15),
    ]
    return draw_symbol(
        "6N139",
        reference="U",
        description="Optocoupler, split Darlington, current transfer at least 400 % at 0.5 mA, DIP-8",
        datasheet="https://docs.broadcom.com/doc/AV02-1360EN",
        footprint="Package_DIP:DIP-8_W7.62mm",
        body=(-7.62, 8.89, 7.62, -8.89),
        pin_list=[
            ("1", "NC", "no_connect", -7.62, 6.35, 0),
            ("2", "A", "passive", -10.16, 3.81, 0),
            ("3", "K", "passive", -10.16, -3.81, 0),
            ("4", "NC", "no_connect", -7.62, -6.35, 0),
            ("8", "VCC", "power_in", 10.16, 6.35, 180),
            ("7", "VB", "passive", 10.16, 2.54, 180),
            ("6", "VO", "open_collector", 10.16, -2.54, 180),
            ("5", "GND", "power_in", 10.16, -6.35, 180),
        ],
        extra=light,
    )


def lm2577():
    """LM2577 step-up regulator, pins as in its TO-263 package (SNOS658): what the loop needs is below the output."""
    return draw_symbol(
        "LM2577",
        reference="U",
        description="Step-up regulator, 3 A switch that stands 65 V, 52 kHz, TO-263-5",
        datasheet="https://www.ti.com/lit/ds/symlink/lm2577.pdf",
        footprint="Package_TO_SOT_SMD:TO-263-5_TabPin3",
        body=(-7.62, 7.62, 7.62, -7.62),
        pin_list=[
            ("5", "VIN", "power_in", -10.16, 5.08, 0),
            ("3", "GND", "power_in", 0, -10.16, 90),
            ("4", "SW", "output", 10.16, 5.08, 180),
            ("2", "FB", "input", 10.16, 0, 180),
            ("1", "COMP", "passive", 10.16, -5.08, 180),
        ],
    )
