//! A bus master that only sends: an Arduino Uno in front of a modulator. It stands in for a meter's push port, and for a
//! heat meter together with its master.
//!
//! | pin | what |
//! | --- | --- |
//! | D9 (OC1A, PB1) | to the modulator: high is mark (rest, 24 V on a HAN port), low is space. Until the board has started it floats: the modulator has to hold mark |
//! | D2, D3 (PD2, PD3) | straps to ground, read at the start: none Kaifa, D2 Kamstrup, D3 Aidon, both heat meter |
//! | D4 (PD4) | strap to ground, read at the start: square wave |
//! | D13 (PB5) | lamp: octets are sent |
//! | D12 (PB4) | lamp: a command was refused, or octets of the host were lost |
//! | USB | 115200 8N1: commands, and octets for the bus |
//!
//! Timer 1 runs at the clock's full speed and changes D9 itself; an interrupt only says one bit ahead what the next change
//! is. So no edge depends on how soon an interrupt is served. Timer 2 counts the time of the pattern.
#![no_std]
#![no_main]
#![feature(abi_avr_interrupt)]
// Registers and interrupts; what each is allowed for is said there.
#![allow(unsafe_code)]

mod board;
mod bus;

use meterscope_board::watchdog;

#[avr_device::entry]
fn main() -> ! {
    let play = board::start();
    let simulator = board::simulator(play);
    let mut serial = board::Serial;
    loop {
        watchdog::reset();
        simulator.advance(board::take_ticks(), &mut serial);
        if board::take_lost() {
            simulator.lost(&mut serial);
        }
        if simulator.takes_host_octets()
            && let Some(octet) = board::next_host_octet()
        {
            simulator.host_octet(octet, &mut serial);
        }
        while bus::has_room()
            && let Some(octet) = simulator.next_octet()
        {
            bus::send(octet);
        }
        if let Some(signal) = simulator.new_signal()
            && bus::set(signal)
        {
            simulator.signal_was_set(signal);
        }
        board::light(simulator.data_lamp(), simulator.error_lamp());
        board::sleep_until_something_happens(simulator.takes_host_octets());
    }
}

/// Without a word: the watchdog starts the board again.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    avr_device::interrupt::disable();
    loop {}
}
