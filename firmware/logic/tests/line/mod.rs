//! A line as the board sees it.
#![allow(dead_code, reason = "each test uses a part")]

use meterscope_firmware_logic::edge::{Edge, Tick};
use meterscope_firmware_logic::receiver::{Octet, Receiver};
use meterscope_firmware_waveform::Waveform;

/// When the first octet may come.
pub const STARTED_NS: u32 = 250_000_000;

/// The longest time that the board does not look at the line, in ticks: a compare interrupt wakes it.
const NAP: u64 = 8192;

/// What a board is called with.
#[derive(Clone, Copy, Debug)]
pub enum Call {
    Edge(Edge),
    Now(Tick),
}

/// All calls for a line, and a rest of 100 ms behind it.
pub fn calls(line: &Waveform) -> Vec<Call> {
    let mut calls = vec![];
    let mut now = 0;
    for edge in line.edges() {
        let at = edge.at_ns / 4000;
        nap_until(at, &mut now, &mut calls);
        calls.push(Call::Edge(Edge { at: at as Tick, level: edge.level }));
        now = at;
    }
    nap_until(line.end_ns() / 4000 + 25_000, &mut now, &mut calls);
    calls
}

fn nap_until(at: u64, now: &mut u64, calls: &mut Vec<Call>) {
    while *now + NAP < at {
        *now += NAP;
        calls.push(Call::Now(*now as Tick));
    }
}

/// What a receiver hears.
pub fn hear<const LATE_TICKS: Tick>(line: &Waveform, mut receiver: Receiver<LATE_TICKS>) -> Vec<Octet> {
    let mut heard = Vec::new();
    for call in calls(line) {
        let (Call::Now(now) | Call::Edge(Edge { at: now, .. })) = call;
        while let Some(octet) = receiver.advance(now) {
            heard.push(octet);
        }
        if let Call::Edge(edge) = call {
            receiver.edge(edge);
        }
    }
    heard
}

/// The octets alone.
pub fn received(heard: &[Octet]) -> Vec<u8> {
    heard.iter().map(|octet| octet.octet).collect()
}
