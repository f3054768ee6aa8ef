//! A board as a USB serial port: the device's side of CDC-ACM, apart from the hardware.
//!
//! - [`setup`]: the eight octets that a request begins with.
//! - [`descriptors`]: what the board says that it is.
//! - [`control`]: the control pipe, packet by packet; it never waits.
//! - [`serial`]: what a host sets on a serial port, and the touch at 1200 baud that asks for the bootloader.
//!
//! Chapters and tables are those of the Universal Serial Bus Specification, revision 2.0; "CDC" and "PSTN" are the Class
//! Definitions for Communications Devices 1.2 and its PSTN subclass.
#![no_std]
#![forbid(unsafe_code)]

pub mod control;
pub mod descriptors;
pub mod serial;
pub mod setup;

#[cfg(test)]
extern crate std;
