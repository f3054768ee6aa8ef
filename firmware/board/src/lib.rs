//! What the boards have in common.
//!
//! - [`bus`]: changes of the bus, stamped by Timer 1 and kept by an interrupt; `pins`: where the bus is.
//! - `uart`, `lamps`: the Uno's way to its host, and what it shows.
//! - [`watchdog`]: starts the board again when it hangs; [`sleep`]: until something happens.
//! - [`forward`]: the main loop of a forwarder.
//!
//! A static cannot be generic: those of bus and serial port, whose rings are as long as an image has room for, and the
//! interrupts that use them are the image's own.
//!
//! Registers and sections are those of the data sheets: `ATmega328P`, DS40002061B; `ATmega32U4`, Atmel-7766J.
#![no_std]
#![feature(asm_experimental_arch)]

#[cfg(not(any(feature = "atmega328p", feature = "atmega32u4")))]
compile_error!("choose the chip by a feature: `atmega328p` (Arduino Uno) or `atmega32u4` (Arduino Leonardo)");

#[cfg(all(feature = "atmega328p", feature = "atmega32u4"))]
compile_error!("choose one chip: `atmega328p` (Arduino Uno) or `atmega32u4` (Arduino Leonardo), not both");

#[cfg(any(feature = "atmega328p", feature = "atmega32u4"))]
pub mod bus;
#[cfg(any(feature = "atmega328p", feature = "atmega32u4"))]
pub mod forward;
#[cfg(feature = "atmega328p")]
pub mod lamps;
#[cfg(all(feature = "atmega32u4", not(feature = "atmega328p")))]
#[path = "leonardo_pins.rs"]
pub mod pins;
#[cfg(feature = "atmega328p")]
#[path = "uno_pins.rs"]
mod pins;
#[cfg(any(feature = "atmega328p", feature = "atmega32u4"))]
pub mod sleep;
#[cfg(feature = "atmega328p")]
pub mod uart;
#[cfg(any(feature = "atmega328p", feature = "atmega32u4"))]
pub mod watchdog;

#[cfg(all(feature = "atmega32u4", not(feature = "atmega328p")))]
use avr_device::atmega32u4 as chip;
#[cfg(feature = "atmega328p")]
use avr_device::atmega328p as chip;
