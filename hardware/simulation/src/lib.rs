//! The boards in ngspice.
//!
//! A deck (`decks/`) is a circuit that answers one question. A [`case::Case`] fills it in: values, how many boards, what
//! the line does. [`ngspice`] runs cases, as many at once as there are cores, and [`raw`] reads what came of them as
//! [`signal::Signal`]s. A question (`questions/`) says which cases there are and judges them: each [`limit::Finding`] is a
//! value against a [`limit::Limit`], which names its source. [`report`] makes tables and [`picture`]s of them for the
//! README. [`channel`] takes edges at a master's pin to edges at a board's pin D8, VCD in and VCD out; [`closed_loop`] puts
//! it between the firmware of both boards, which [`bench`] runs.
//!
//! ```text
//! values.inc ─┐
//! deck ───────┼─ case ─ ngspice ─ raw ─ signal ─ question ─ finding ─ report
//! waveform ───┘                                └─ octets
//! master's firmware ─ channel ─ forwarder's firmware ─ octets
//! ```

// Nanoseconds of seconds, and counts of edges and boards, are far from 2^52.
#![allow(clippy::cast_precision_loss, clippy::cast_sign_loss)]

pub mod bench;
pub mod case;
pub mod channel;
pub mod closed_loop;
pub mod corner;
pub mod limit;
pub mod model;
pub mod ngspice;
pub mod octets;
pub mod picture;
pub mod questions;
pub mod raw;
pub mod report;
pub mod signal;
pub mod values;
pub mod vcd;
