//! What the bus-master simulator's boost converter gives, reckoned from its schematic.

use crate::netlist::Netlist;

/// The reference at FB of an LM2577-ADJ, over temperature: least, typical and most, in volts.
const REFERENCE_V: (f64, f64, f64) = (1.206, 1.230, 1.254);
/// What FB takes at the most.
const FEEDBACK_A: f64 = 800e-9;
/// How far resistors, and the trimmer, are from their values.
const RESISTORS: f64 = 0.01;
const TRIMMER: f64 = 0.1;

/// Which way every part is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tolerance {
    /// So that the least comes out.
    Least,
    /// Not at all.
    None,
    /// So that the most comes out.
    Most,
}

/// Volts at VP with the trimmer at its lower and at its upper stop.
///
/// VP, R1, RV1 and R2 are a chain to ground, and RV1's wiper is at FB; R19 is from VP to FB.
pub fn stops_v(netlist: &Netlist, tolerance: Tolerance) -> (f64, f64) {
    let (reference, sign, feedback) = match tolerance {
        Tolerance::Least => (REFERENCE_V.0, -1.0, 0.0),
        Tolerance::None => (REFERENCE_V.1, 0.0, 0.0),
        Tolerance::Most => (REFERENCE_V.2, 1.0, FEEDBACK_A),
    };
    let above = netlist.value("R1") * (1.0 + sign * RESISTORS);
    let below = netlist.value("R2") * (1.0 - sign * RESISTORS);
    let across = netlist.value("R19") * (1.0 + sign * RESISTORS);
    let volts = |upper: f64, lower: f64| {
        let upper = upper * across / (upper + across);
        reference * (1.0 + upper / lower) + feedback * upper
    };
    // All of the trimmer is below the wiper at the lower stop, and above it at the upper one.
    let trimmer = |sign: f64| netlist.value("RV1") * (1.0 + sign * TRIMMER);
    (volts(above, below + trimmer(-sign)), volts(above + trimmer(sign), below))
}
