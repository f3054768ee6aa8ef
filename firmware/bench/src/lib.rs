//! Runs the boards' images cycle by cycle in simavr, with what a [`Waveform`](meterscope_firmware_waveform::Waveform) says
//! on the bus and a host on the serial port.
//!
//! simavr's serial port moves whole octets, in the time they take, and has no waveform and no parity on that side.

mod core;
mod hd44780;
mod pin;
mod sizes;
mod uno;

pub use core::{CYCLES_PER_MICROSECOND, Chip, Core, CycleEdge, HZ};
pub use hd44780::{Hd44780, LcdPins};
pub use pin::Pin;
pub use sizes::Sizes;
pub use uno::{BUS, Lamps, Uno};

use std::path::PathBuf;

/// The image of a board, beside the test that runs: both are built into the same folder.
///
/// # Panics
///
/// If it was not built.
pub fn image(name: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    // target/debug/deps/program
    let target = program.ancestors().nth(3).unwrap_or(&program);
    let path = target.join("avr-none/release").join(name).with_extension("elf");
    assert!(path.exists(), "{} is missing: `make firmware` builds it", path.display());
    path
}
