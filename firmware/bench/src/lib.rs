//! Runs the boards' images cycle by cycle in simavr, with what a [`Waveform`](meterscope_firmware_waveform::Waveform) says
//! on the bus and a host on the serial port.
//!
//! simavr's serial port moves whole octets, in the time they take, and has no waveform and no parity on that side.

mod chip;
mod core;
mod hd44780;
mod inputs;
mod kept;
mod leonardo;
mod master_simulator;
mod outputs;
mod pin;
mod sizes;
mod uno;
mod usb_host;
pub mod vcd;
mod wire;

pub use chip::Chip;
pub use core::{CYCLES_PER_MICROSECOND, Core, HZ};
pub use hd44780::{Hd44780, LcdPins};
pub use leonardo::{Leonardo, Shunt};
pub use master_simulator::{MasterSimulator, OUTPUT, Strap};
pub use outputs::CycleEdge;
pub use pin::Pin;
pub use sizes::Sizes;
pub use uno::{BUS, Lamps, Uno};
pub use usb_host::{Refusal, Request, UsbHost};
pub use wire::{FaultyWire, Wire, line_of};

use std::path::{Path, PathBuf};

/// The image of a board, for a test.
///
/// # Panics
///
/// If it was not built.
pub fn image(name: &str) -> PathBuf {
    find_image(name).unwrap_or_else(|missing| panic!("{missing}"))
}

/// The image of a board, beside the program that runs: both are built into the same folder. Where it was not built, a
/// sentence says so.
pub fn find_image(name: &str) -> Result<PathBuf, String> {
    let program = std::env::current_exe().unwrap_or_default();
    let image = |target: &Path| target.join("avr-none/release").join(name).with_extension("elf");
    // target/debug/program, or target/debug/deps/test
    let found = program.ancestors().skip(2).take(2).map(image).find(|path| path.exists());
    found.ok_or_else(|| format!("The image {name}.elf is missing: `make firmware` builds it."))
}
