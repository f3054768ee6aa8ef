//! From the master's pin to pin D8: modulator, bus, cable, transceiver and coupler.

use meterscope_firmware_waveform::Edge;

use crate::case::Case;
use crate::corner::Corner;
use crate::ngspice::{self, Failure, Run};
use crate::questions::{d8, digital};
use crate::signal::Signal;
use crate::vcd::Dump;

/// What lies between the pins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// How far the parts are from typical.
    pub corner: Corner,
    /// What the master's boost converter is set to, in volts: mark is 2 V less.
    pub supply_v: f64,
    /// Metres of cable.
    pub length_m: f64,
    /// Unit loads beside the board.
    pub loads: u32,
    /// The fastest line that is sent: simulated time goes in quarters of its bit at the most.
    pub baud: u32,
}

/// Edges that D8 sees when the pin has these.
pub fn pass(pin: &Dump, channel: &Channel) -> Result<Dump, Failure> {
    ngspice::run(case(pin, channel)).map(|run| arrived(&run))
}

/// What ngspice is asked for that.
pub fn case(pin: &Dump, channel: &Channel) -> Case {
    // D8 follows an edge within a bit; ngspice begins at rest, so the line must rest for a moment.
    let bit_s = 1.0 / f64::from(channel.baud);
    let mut case = Case::new("channel", channel.corner.name, pin.end_ns as f64 * 1e-9 + bit_s)
        .with_all(channel.corner.set)
        .with("vout", channel.supply_v)
        .with("length", channel.length_m)
        .with("others", channel.loads)
        .at(channel.corner.temperature);
    case.step_s = bit_s / 4.0;
    case.edges.clone_from(&pin.edges);
    case.starts_high = pin.initial;
    case
}

/// The master's pin of a run, as the circuit had it.
pub fn sent(run: &Run) -> Dump {
    dump("D9", &run.sent())
}

/// Pin D8 of a run: low from 1.5 V, high from 3.0 V.
pub fn arrived(run: &Run) -> Dump {
    dump("D8", &d8(run, 1))
}

fn dump(name: &str, signal: &Signal) -> Dump {
    let ns = |at_s: f64| (at_s * 1e9).round() as u64;
    let edges = digital(signal).iter().map(|edge| Edge { at_ns: ns(edge.at_s), level: edge.level }).collect();
    Dump { name: name.into(), initial: signal.at(0.0) > 1.5, edges, end_ns: ns(signal.end_s()) }
}
