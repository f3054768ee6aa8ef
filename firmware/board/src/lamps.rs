//! The Uno's lamps: D13 for data, D12 for errors. Port B belongs to whoever lights them.
#![allow(unsafe_code)]

use crate::chip::PORTB;

/// PB4 and PB5.
const ERROR: u8 = 1 << 4;
const DATA: u8 = 1 << 5;

/// Makes outputs of their pins, and of these others of the port.
pub fn start(others: u8) {
    // SAFETY: any bits are right for a port.
    unsafe { PORTB::steal() }.ddrb().write(|port| unsafe { port.bits(DATA | ERROR | others) });
}

/// Lights them or puts them out; of the port's other pins these are high. The pull-up of a bus on D8 is not among them: the
/// shield drives it.
pub fn light(data: bool, error: bool, others: u8) {
    let lamps = if data { DATA } else { 0 } | if error { ERROR } else { 0 };
    // SAFETY: any bits are right for a port.
    unsafe { PORTB::steal() }.portb().write(|port| unsafe { port.bits(lamps | others) });
}
