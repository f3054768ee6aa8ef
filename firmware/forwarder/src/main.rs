//! Forwards a meter bus to a serial port: an Arduino Uno with the shield.
//!
//! | pin | what |
//! | --- | --- |
//! | D8 (ICP1, PB0) | the bus, high at rest |
//! | D13 (PB5) | lamp: octets come |
//! | D12 (PB4) | lamp: an octet or a frame was damaged, or something was lost |
//! | USB | 115200 8N1: the octets of the bus; commands |
//!
//! Timer 1 stamps every change of the bus; an interrupt puts the stamp into a ring, and the main loop makes octets of
//! them. So nothing depends on how soon an interrupt is served, but that two changes are 10 µs apart.
#![no_std]
#![no_main]
#![feature(abi_avr_interrupt)]

mod board;

use board::Board;

#[avr_device::entry]
fn main() -> ! {
    let board = Board::start();
    let forwarder = board::forwarder();
    let mut serial = board::Serial;
    loop {
        Board::reset_watchdog();
        // One at a time, so that no storm of edges keeps the host from being heard.
        if let Some(edge) = board.next_edge() {
            forwarder.edge(edge, &mut serial);
        } else if let Some(line) = board.line_without_edges() {
            forwarder.advance(line.at, &mut serial);
            if board.take_lost() {
                forwarder.lost(line.level, &mut serial);
            }
        }
        if let Some(octet) = Board::next_host_octet() {
            forwarder.host_octet(octet, &mut serial);
        }
        board.light(forwarder.data_lamp(), forwarder.error_lamp());
        Board::sleep_until_something_happens();
    }
}

/// Without a word: the watchdog starts the board again.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    avr_device::interrupt::disable();
    loop {}
}
