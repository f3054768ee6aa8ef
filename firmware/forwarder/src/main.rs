//! Forwards a meter bus to a serial port: an Arduino Uno with the shield.
//!
//! | pin | what |
//! | --- | --- |
//! | D8 (ICP1, PB0) | the bus, high at rest |
//! | D13 (PB5) | lamp: octets come |
//! | D12 (PB4) | lamp: an octet or a frame was damaged, or something was lost |
//! | USB | 115200 8N1: the octets of the bus; commands |
#![no_std]
#![no_main]
#![feature(abi_avr_interrupt)]

mod serial;

use meterscope_board::bus::Bus;
use meterscope_board::forward::forward;
use meterscope_board::watchdog::{self, Patience};
use serial::Serial;

#[avr_device::entry]
fn main() -> ! {
    watchdog::start(Patience::HalfASecond);
    let mut serial = Serial::start();
    forward(&Bus::start(), &mut serial)
}

/// Without a word: the watchdog starts the board again.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    avr_device::interrupt::disable();
    loop {}
}
