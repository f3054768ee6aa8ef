//! What the boards that hear a bus have in common.
//!
//! - [`bus`]: changes of the bus, stamped by Timer 1 and kept by an interrupt.
//! - [`watchdog`]: starts the board again when it hangs.
//! - [`forward`]: the main loop of a forwarder.
//!
//! Registers and sections are those of the data sheets: `ATmega328P`, DS40002061B; `ATmega32U4`, Atmel-7766J.
#![no_std]
#![feature(abi_avr_interrupt, asm_experimental_arch)]

#[cfg(not(any(feature = "atmega328p", feature = "atmega32u4")))]
compile_error!("choose the chip by a feature: `atmega328p` (Arduino Uno) or `atmega32u4` (Arduino Leonardo)");

#[cfg(all(feature = "atmega328p", feature = "atmega32u4"))]
compile_error!("choose one chip: `atmega328p` (Arduino Uno) or `atmega32u4` (Arduino Leonardo), not both");

#[cfg(any(feature = "atmega328p", feature = "atmega32u4"))]
pub mod bus;
#[cfg(any(feature = "atmega328p", feature = "atmega32u4"))]
pub mod forward;
#[cfg(any(feature = "atmega328p", feature = "atmega32u4"))]
pub mod watchdog;

#[cfg(all(feature = "atmega32u4", not(feature = "atmega328p")))]
use avr_device::atmega32u4 as chip;
#[cfg(feature = "atmega328p")]
use avr_device::atmega328p as chip;
