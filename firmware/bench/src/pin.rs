//! Pins by their names.

/// A pin of a port, by the chip's own name: `PB0` is `Pin::new('B', 0)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pin {
    /// The port's letter.
    pub port: char,
    /// 0 to 7.
    pub bit: u8,
}

/// PORTB in data space; the others follow, three registers each (data sheets DS40002061B, 30, and Atmel-7766J, 31).
const PORT_B_ADDRESS: usize = 0x25;
const REGISTERS_OF_A_PORT: usize = 3;

impl Pin {
    /// A pin by its port's letter, `B` to `F`, and its bit.
    ///
    /// # Panics
    ///
    /// If no chip here has it.
    pub const fn new(port: char, bit: u8) -> Self {
        assert!('B' <= port && port <= 'F' && bit < 8);
        Self { port, bit }
    }

    /// The port as simavr numbers it in its names.
    pub(crate) fn port_octet(self) -> u8 {
        self.port as u8
    }

    /// Where its PORT register stands in data space.
    pub(crate) fn port_address(self) -> usize {
        PORT_B_ADDRESS + REGISTERS_OF_A_PORT * usize::from(self.port_octet() - b'B')
    }

    /// Its bit in a register.
    pub(crate) fn mask(self) -> u8 {
        1 << self.bit
    }
}
