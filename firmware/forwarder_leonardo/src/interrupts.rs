//! By their names, which the table of vectors has. That of USB is beside its registers.

use meterscope_board::forward;

use crate::BUS;

#[avr_device::interrupt(atmega32u4)]
fn INT2() {
    BUS.d0_changed();
}

#[avr_device::interrupt(atmega32u4)]
fn TIMER1_CAPT() {
    BUS.captured();
}

#[avr_device::interrupt(atmega32u4)]
fn TIMER1_COMPA() {
    forward::wake();
}
