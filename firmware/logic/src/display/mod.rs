//! The watt-meter display: what a meter on the HAN port says, on a character LCD.
//!
//! Octets of the bus go into a [`watt_meter`], which asks the decoder for frames and readings and keeps the
//! [`readings`] with their age. [`screen`] puts them into lines of text, [`line`] by line, and [`lcd`] says which octets
//! bring a line into an HD44780; [`quiet`] says when no frame goes on. None of it waits for anything.

pub mod lcd;
pub mod line;
pub mod quiet;
pub mod readings;
pub mod screen;
pub mod watt_meter;
