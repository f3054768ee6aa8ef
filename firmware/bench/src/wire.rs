//! Boards that are wired together run in turn, a slice of time each.
//!
//! Data goes one way, so this is exact: the sender runs first, and what it did in the slice is fed to the receiver before
//! that runs through the same slice. The boards were switched on at the same time, so a cycle of one is that of the other.

use meterscope_firmware_waveform::channel::{Channel, Faults};
use meterscope_firmware_waveform::{Edge, Waveform};

use crate::core::{CYCLES_PER_MICROSECOND, Core};
use crate::outputs::CycleEdge;
use crate::pin::Pin;

/// A wire from an output of one board to an input of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The output.
    pub from: Pin,
    /// The input.
    pub to: Pin,
}

impl Wire {
    /// The sender runs until this cycle; what its output did and the input has not seen yet.
    pub fn advance_sender(self, sender: &mut Core, until_cycle: u64) -> Vec<CycleEdge> {
        sender.watch(self.from);
        sender.run_until(until_cycle);
        sender.take_edges(self.from)
    }

    /// What was sent comes in, and the receiver runs until this cycle.
    pub fn advance_receiver(self, receiver: &mut Core, edges: Vec<CycleEdge>, until_cycle: u64) {
        receiver.feed(self.to, edges);
        receiver.run_until(until_cycle);
    }

    /// Both run until this cycle.
    pub fn advance(self, sender: &mut Core, receiver: &mut Core, until_cycle: u64) {
        let edges = self.advance_sender(sender, until_cycle);
        self.advance_receiver(receiver, edges, until_cycle);
    }
}

/// A wire on which something happens to what passes it.
#[derive(Clone, Debug)]
pub struct FaultyWire {
    wire: Wire,
    channel: Channel,
}

impl FaultyWire {
    /// What happens is the same for the same seed.
    pub fn new(wire: Wire, faults: Faults, seed: u64) -> Self {
        Self { wire, channel: Channel::new(faults, seed) }
    }

    /// Both run until this cycle of the receiver. The sender's may be another one, if its clock is wrong.
    pub fn advance(&mut self, sender: &mut Core, receiver: &mut Core, until_cycle: u64) {
        let until_ns = ns(until_cycle);
        let sent = self.wire.advance_sender(sender, cycle(self.channel.sent_ns(until_ns)));
        let sent = sent.into_iter().map(|(cycle, level)| Edge { at_ns: ns(cycle), level });
        let seen = self.channel.pass(sent, until_ns);
        let seen = seen.into_iter().map(|edge| (cycle(edge.at_ns), edge.level)).collect();
        self.wire.advance_receiver(receiver, seen, until_cycle);
    }

    /// Which octets were lost, counted from 0 as they were sent.
    pub fn lost(&self) -> &[usize] {
        self.channel.lost()
    }
}

/// What an output did as a line, so that something can happen to it on its way. It begins at a cycle and ends at another.
pub fn line_of(edges: &[CycleEdge], from_cycle: u64, until_cycle: u64) -> Waveform {
    let ns = |cycle: u64| ns(cycle.saturating_sub(from_cycle));
    let edges = edges.iter().map(|&(cycle, level)| Edge { at_ns: ns(cycle), level });
    Waveform::seen(edges, ns(until_cycle))
}

fn ns(cycle: u64) -> u64 {
    cycle * 1000 / CYCLES_PER_MICROSECOND
}

fn cycle(ns: u64) -> u64 {
    ns * CYCLES_PER_MICROSECOND / 1000
}
