//! The questions: which cases answer them, and how the answers are judged.

pub mod bus;
pub mod capacitance;
pub mod chain;
pub mod coupler;
pub mod coupler_rows;
pub mod polarity;
pub mod port;
pub mod receivers;
pub mod short_circuit;
pub mod start_up;
pub mod surge;
pub mod transceiver_rows;

use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Waveform};

use crate::case::Case;
use crate::limit::{Finding, Limit};
use crate::model::Row;
use crate::ngspice::Run;
use crate::octets::{self, Framing};
use crate::picture::Picture;
use crate::report::Table;
use crate::signal::{Edge, Signal};

/// How many cases there shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Those that are nearest to their limits: for tests.
    Few,
    /// All.
    All,
}

/// A question.
pub struct Question {
    /// Names its part of the README and its pictures.
    pub id: &'static str,
    /// Its cases.
    pub cases: fn(Extent) -> Vec<Case>,
    /// What they say, in the order of the cases.
    pub answer: fn(&[Run]) -> Answer,
}

/// What the cases say.
#[derive(Debug, Default)]
pub struct Answer {
    /// Values against limits.
    pub findings: Vec<Finding>,
    /// Models beside their data sheets.
    pub rows: Vec<Row>,
    /// For the README.
    pub tables: Vec<Table>,
    /// For the README.
    pub pictures: Vec<Picture>,
}

/// All questions, in the README's order.
pub static ALL: [Question; 12] = [
    transceiver_rows::QUESTION,
    coupler_rows::QUESTION,
    bus::QUESTION,
    coupler::QUESTION,
    chain::QUESTION,
    port::QUESTION,
    polarity::QUESTION,
    start_up::QUESTION,
    short_circuit::QUESTION,
    surge::QUESTION,
    capacitance::QUESTION,
    receivers::QUESTION,
];

/// Octets with long and short bits: flag, length, all zeros, all ones, alternating, and some at random.
pub(crate) fn octets() -> Vec<u8> {
    let mut octets = vec![0x7E, 0xA0, 0x00, 0xFF, 0x55, 0xAA];
    octets.extend(Random::new(1).octets(2));
    octets
}

/// The line sends [`octets`] at 8E1, with rests around them.
pub(crate) fn line(baud: u32) -> Waveform {
    line_of(&octets(), baud, 4)
}

/// The line rests for so many bits, sends octets at 8E1 and rests for four bits.
pub(crate) fn line_of(octets: &[u8], baud: u32, rest_bits: u32) -> Waveform {
    let sender = Sender::exact(&format!("{baud} 8E1"));
    let mut line = Waveform::resting((sender.bit_ns() * f64::from(rest_bits)) as u32);
    line.send(octets, &sender, &mut Random::new(1));
    line.rest(sender.bit_ns() * 4.0);
    line
}

/// Sends [`octets`] at so many baud.
pub(crate) fn sending(case: Case, baud: u32) -> Case {
    case.sending(&line(baud), 1.0 / f64::from(baud))
}

/// Pin D8 of a board, against its Arduino's ground.
pub(crate) fn d8(run: &Run, board: usize) -> Signal {
    run.voltage(&format!("d8_{board}"), "ag")
}

/// The levels that an `ATmega328P` is sure of at 5 V.
pub(crate) fn digital(signal: &Signal) -> Vec<Edge> {
    signal.edges(1.5, 3.0)
}

/// How a line arrived.
pub(crate) struct Arrival {
    /// Octets that are missing or wrong.
    pub lost: f64,
    /// In parts of a bit; infinite where edges are missing.
    pub distortion: f64,
    /// The shortest and the longest delay, in seconds.
    pub delays_s: (f64, f64),
}

/// How what the line sent arrived as `signal`.
pub(crate) fn arrival(run: &Run, signal: &Signal, baud: u32, sent: &[u8]) -> Arrival {
    let framing = Framing::even(baud);
    let sent_edges = digital(&run.sent());
    let edges = digital(signal);
    let received = framing.receive(&edges, signal.end_s()).plain();
    let right = sent.iter().zip(&received).filter(|(sent, received)| sent == received).count();
    let lost = sent.len().max(received.len()) - right;
    let delays = octets::delays_s(&sent_edges, &edges).unwrap_or_default();
    let least = delays.iter().copied().fold(f64::INFINITY, f64::min);
    let most = delays.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let distortion = octets::distortion_s(&sent_edges, &edges).map_or(f64::INFINITY, |s| s / framing.bit_s);
    Arrival { lost: lost as f64, distortion, delays_s: (least, most) }
}

impl Arrival {
    /// The delays as tables show them.
    pub(crate) fn delays(&self) -> String {
        let (least, most) = self.delays_s;
        if least.is_finite() {
            format!("{:.0}…{:.0} µs", least * 1e6, most * 1e6)
        } else {
            "edges are missing".into()
        }
    }

    /// The distortion as tables show it.
    pub(crate) fn distortion(&self) -> String {
        if self.distortion.is_finite() { format!("{:.1} %", self.distortion * 100.0) } else { "none".into() }
    }
}

impl Answer {
    /// Adds a value against a limit.
    pub(crate) fn find(&mut self, limit: &'static Limit, run: &Run, value: f64) {
        self.findings.push(Finding { limit, case: run.case.name.clone(), value });
    }
}
