//! What the boards do, apart from the hardware: the same code runs on the board, in tests and, where it speaks with the
//! board, in the page.
//!
//! From the bus to the host:
//!
//! - [`ring`]: from an interrupt to the main loop, without a lock.
//! - [`edge`]: when the line changed; the board's clock.
//! - [`receiver`]: edges to octets, with [`noise_filter`] in front; [`detection`] finds speed and parity.
//! - [`hdlc_check`]: whether the octets make whole frames.
//! - [`marks`]: octets, errors, gaps and times to what goes to the host, and back.
//! - [`forwarder`]: all of these together.
//!
//! From the host to the board: [`command`], made of words that [`line_settings`] share with page and captures.
//! From the board to the bus: [`transmitter`]. From the bus to a display: [`display`].
#![no_std]
#![forbid(unsafe_code)]

pub mod command;
pub mod detection;
pub mod display;
pub mod edge;
pub mod forwarder;
pub mod hdlc_check;
pub mod line_settings;
pub mod marks;
pub mod noise_filter;
pub mod receiver;
pub mod ring;
pub mod transmitter;

#[cfg(test)]
extern crate std;
