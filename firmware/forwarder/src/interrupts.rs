//! By their names, which the table of vectors has.

use meterscope_board::forward;

use crate::{BUS, UART};

#[avr_device::interrupt(atmega328p)]
fn TIMER1_CAPT() {
    BUS.captured();
}

#[avr_device::interrupt(atmega328p)]
fn TIMER1_COMPA() {
    forward::wake();
}

#[avr_device::interrupt(atmega328p)]
fn USART_RX() {
    // A host that sends faster than it waits for answers loses what it sent: no command is so long.
    let _ = UART.received();
}

#[avr_device::interrupt(atmega328p)]
fn USART_UDRE() {
    UART.can_send();
}
