//! What a host sets on a serial port.

/// Octets of a line coding (PSTN, table 17): baud as 32 bits, stop bits, parity, data bits.
pub const LINE_CODING_OCTETS: usize = 7;

/// The state of a serial port. Nothing of it changes how the bus is received: that is what the board's commands are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serial {
    coding: [u8; LINE_CODING_OCTETS],
    is_open: bool,
    is_touched: bool,
}

/// What flashing tools set to ask for the bootloader, before they close the port.
const TOUCH_BAUD: [u8; 4] = 1200_u32.to_le_bytes();
/// Control lines (PSTN, table 18).
const DTR: u16 = 1 << 0;
const RTS: u16 = 1 << 1;

impl Serial {
    /// A port that no host has opened: 115200 8N1.
    pub const CLOSED: Self =
        Self { coding: [0x00, 0xC2, 0x01, 0x00, 0, 0, 8], is_open: false, is_touched: false };

    /// As the host set it.
    pub const fn coding(&self) -> [u8; LINE_CODING_OCTETS] {
        self.coding
    }

    /// Takes what the host sets.
    pub const fn set_coding(&mut self, coding: [u8; LINE_CODING_OCTETS]) {
        self.coding = coding;
    }

    /// Takes the state of the control lines.
    pub fn set_lines(&mut self, lines: u16) {
        // Some programs leave DTR low: it resets other boards.
        self.is_open = lines & (DTR | RTS) != 0;
        self.is_touched = lines & DTR == 0 && self.coding.starts_with(&TOUCH_BAUD);
    }

    /// Whether a program on the host has opened the port.
    pub const fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether the host asks for the bootloader: it lowered DTR at 1200 baud, and has not raised it again. Systems set a
    /// speed before they open a port, so the speed alone asks for nothing.
    pub const fn is_touched(&self) -> bool {
        self.is_touched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_1200: [u8; LINE_CODING_OCTETS] = [0xB0, 0x04, 0, 0, 0, 0, 8];

    #[test]
    fn only_a_port_that_is_closed_at_1200_baud_is_touched() {
        let mut serial = Serial::CLOSED;
        serial.set_coding(AT_1200);
        assert!(!serial.is_touched());
        serial.set_lines(0b11);
        assert!(serial.is_open() && !serial.is_touched());
        serial.set_lines(0b10);
        assert!(serial.is_open() && serial.is_touched());
        serial.set_lines(0b00);
        assert!(!serial.is_open() && serial.is_touched());
        serial.set_lines(0b01);
        assert!(!serial.is_touched());
        serial.set_coding([0x80, 0x25, 0, 0, 0, 0, 8]);
        serial.set_lines(0);
        assert!(!serial.is_touched());
    }
}
