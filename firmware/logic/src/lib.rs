//! What the boards do, apart from the hardware: the same code runs on the board, in tests and, where it speaks with the
//! board, in the page.
//!
//! From the bus to the host:
//!
//! - [`ring`]: from an interrupt to the main loop, without a lock; [`queue`]: what waits for a host that is slow.
//! - [`edge`]: when the line changed; the board's clock.
//! - [`receiver`]: edges to octets, with [`noise_filter`] in front; [`detection`] finds speed and parity.
//! - [`hdlc_check`]: whether the octets make whole frames; [`count`]: how many.
//! - [`marks`]: octets, errors, gaps and times to what goes to the host, and back.
//! - [`forwarder`]: all of these together.
//!
//! From the host to the board: [`command`], made of words that [`line_settings`] share with page and captures; [`text`]
//! answers.
//!
//! From the board to the bus:
//!
//! - [`transmitter`]: octets to bits, each at its exact time.
//! - [`pattern`]: a meter that plays by itself.
//! - [`bus_queue`]: what waits for the bus.
//! - [`master_simulator`]: all of these, and what [`master_command`] has a host say.
//!
//! From the bus to a display: [`display`].
#![no_std]
#![forbid(unsafe_code)]

pub mod bus_queue;
pub mod command;
pub mod count;
pub mod detection;
pub mod display;
pub mod edge;
pub mod forwarder;
pub mod hdlc_check;
pub mod line_settings;
pub mod marks;
pub mod master_command;
pub mod master_simulator;
pub mod noise_filter;
pub mod pattern;
pub mod queue;
pub mod receiver;
pub mod ring;
pub mod text;
pub mod transmitter;

#[cfg(test)]
extern crate std;
