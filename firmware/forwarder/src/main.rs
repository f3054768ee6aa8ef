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

mod interrupts;
mod serial;

use meterscope_board::bus::Bus;
use meterscope_board::forward::forward;
use meterscope_board::uart::Uart;
use meterscope_board::watchdog::{self, Patience};
use serial::Serial;

/// 13 ms of 9600 baud at least.
static BUS: Bus<128> = Bus::new();
/// From the host a whole command, should the main loop be busy with another one; to the host 11 ms.
static UART: Uart<32, 128> = Uart::new();

#[avr_device::entry]
fn main() -> ! {
    watchdog::start(Patience::HalfASecond);
    forward(&BUS, &mut Serial::start())
}

/// Without a word: the watchdog starts the board again.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    avr_device::interrupt::disable();
    loop {}
}
