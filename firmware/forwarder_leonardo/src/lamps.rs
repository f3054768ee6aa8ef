//! Two lamps.
#![allow(unsafe_code)]

use avr_device::atmega32u4::{PORTC, PORTD};
use meterscope_board::pins::PULL_UPS;

/// The lamp for data on D13, that for errors on D12.
pub struct Lamps {
    data: PORTC,
    error: PORTD,
}

/// PC7 and PD6.
const DATA_LAMP: u8 = 1 << 7;
const ERROR_LAMP: u8 = 1 << 6;

impl Lamps {
    /// Both are out.
    pub fn start() -> Self {
        // SAFETY: nobody else writes these ports once interrupts are on; any bits are right for them.
        unsafe {
            let lamps = Self { data: PORTC::steal(), error: PORTD::steal() };
            lamps.data.ddrc().write(|port| port.bits(DATA_LAMP));
            lamps.error.ddrd().write(|port| port.bits(ERROR_LAMP));
            lamps
        }
    }

    /// Lights them or puts them out. The pull-ups of the bus stay on.
    pub fn light(&mut self, data: bool, error: bool) {
        // SAFETY: as above.
        unsafe {
            self.data.portc().write(|port| port.bits(if data { DATA_LAMP } else { 0 }));
            self.error.portd().write(|port| port.bits(PULL_UPS | if error { ERROR_LAMP } else { 0 }));
        }
    }
}
