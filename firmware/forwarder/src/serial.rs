//! The way to the host: the Uno's serial port, and two lamps.

use meterscope_board::forward::Host;
use meterscope_board::lamps;
use meterscope_firmware_logic::marks::Output;

use crate::UART;

/// The way to the host.
pub struct Serial;

impl Serial {
    /// Sets up port and lamps.
    pub fn start() -> Self {
        lamps::start(0);
        UART.start();
        Self
    }
}

impl Host for Serial {
    fn next_octet(&mut self) -> Option<u8> {
        UART.next_octet()
    }

    fn is_idle(&self) -> bool {
        UART.is_quiet()
    }

    fn light(&mut self, data: bool, error: bool) {
        lamps::light(data, error, 0);
    }
}

impl Output for Serial {
    /// Waits for room: the octets of the bus wait in a ring meanwhile.
    #[inline(never)]
    fn octet(&mut self, octet: u8) {
        UART.send(octet);
    }
}
