//! Checks the boards in `hardware/boards` as `kicad-cli` sees them.
//!
//! The layers, each of which knows only those before it:
//!
//! - [`expression`]: KiCad's text format.
//! - [`boards`]: a board's folder, the one in the repository or a copy that a test may spoil.
//! - [`rules`]: KiCad's electrical and design rules, run on a board.
//! - [`netlist`]: what is joined to what.
//! - [`materials`]: the bill of materials.
//! - [`supply`]: what the bus-master simulator's boost converter gives.
//!
//! Nothing here writes into the repository: a test that changes a board changes its own copy.

// A check that cannot go on says why and fails: that is what it is for.
#![allow(clippy::missing_panics_doc)]

pub mod boards;
pub mod expression;
pub mod materials;
pub mod netlist;
pub mod rules;
pub mod supply;
