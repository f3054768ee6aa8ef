//! Forwards a meter bus to a USB serial port: an Arduino Leonardo with the shield.
//!
//! | pin | what |
//! | --- | --- |
//! | D4 (ICP1, PD4) | the bus, high at rest; or nothing, if it is on D0 |
//! | D0 (INT2, PD2) | the bus, high at rest; or nothing, if it is on D4 |
//! | D13 (PC7) | lamp: octets come |
//! | D12 (PD6) | lamp: an octet or a frame was damaged, or something was lost |
//! | USB | the octets of the bus; commands, at any baud |
//!
//! A host that closes the port at 1200 baud starts the bootloader.
#![no_std]
#![no_main]
#![feature(abi_avr_interrupt)]

mod bootloader;
mod interrupts;
mod lamps;
mod outgoing;
mod registers;
mod usb_serial;

use meterscope_board::bus::Bus;
use meterscope_board::forward::forward;
use meterscope_board::watchdog::{self, Patience};
use usb_serial::UsbSerial;

/// 13 ms of 9600 baud at least.
static BUS: Bus<128> = Bus::new();

#[avr_device::entry]
fn main() -> ! {
    watchdog::start(Patience::HalfASecond);
    forward(&BUS, &mut UsbSerial::attach())
}

/// Without a word: the watchdog starts the board again.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    avr_device::interrupt::disable();
    loop {}
}
