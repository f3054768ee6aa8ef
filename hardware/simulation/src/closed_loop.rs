//! The closed loop: what the master simulator's firmware does at D9 drives the circuit, and what comes out of that at D8
//! is heard by the forwarder's firmware. Octets that are heard are to be those that the meter has to say, which the
//! decoder's `encode` knows by itself.

use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_decoder::encode::writer::EncodeError;
use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::master_simulator::START;
use meterscope_firmware_logic::pattern::Meter;

use crate::bench::{self, Heard};
use crate::channel::{self, Channel};
use crate::corner::{ALL, Corner};
use crate::limit::{self, Finding, Limit};
use crate::ngspice;
use crate::octets::{self, Framing};
use crate::questions::Answer;
use crate::report::Table;
use crate::signal::Edge;
use crate::vcd::Dump;

/// Names its part of the README.
pub const ID: &str = "closed-loop";

/// The farthest board of a full bus, with the lowest mark that serves it: 28 V at the master.
pub fn full_bus(corner: Corner) -> Channel {
    Channel { corner, supply_v: 30.0, length_m: 350.0, loads: 63, baud: 2400 }
}

/// A list of a meter.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// Whose.
    pub meter: Meter,
    /// What it has to say.
    pub octets: Vec<u8>,
    /// What the master's pin does for it, with a rest before and behind.
    pub d9: Dump,
}

/// What became of a list.
#[derive(Clone, Debug)]
pub struct Passage<'l> {
    /// The list.
    pub list: &'l List,
    /// How far the parts of the bus were from typical.
    pub corner: Corner,
    /// What came to the forwarder's pin.
    pub d8: Dump,
    /// What the forwarder said of it.
    pub heard: Heard,
}

/// Why a list cannot be sent and heard.
#[derive(Debug)]
pub enum Failure {
    /// A board's firmware cannot be run.
    Bench(bench::Failure),
    /// The circuit cannot be simulated.
    Spice(ngspice::Failure),
    /// What a meter has to say does not fit.
    Encode(EncodeError),
    /// The master's pin has another number of lists than the meter has.
    Lists {
        /// Whose.
        meter: Meter,
        /// How many the pin has.
        sent: usize,
        /// How many it should have.
        expected: usize,
    },
}

/// The hourly list begins 10 s after the start at the latest, and lasts 2 s.
const RECORDED_S: u32 = 13;
/// A list that begins by then is whole: what follows the hourly one is short.
const LAST_BEGINS_MS: u32 = 12_600;
/// Rests are longer between lists and shorter between octets; that between request and answer is 37 ms.
const REST_NS: u64 = 20_000_000;
/// Five bits.
const AROUND_NS: u64 = 2_000_000;
/// What a list has that is worth the time to simulate it beside a long one.
const MOST_SHORT: usize = 64;

/// The lists that a meter sends from the start on, until behind the hourly one.
pub fn lists(meter: Meter) -> Result<Vec<List>, Failure> {
    let bursts = bench::master(meter, RECORDED_S).map_err(Failure::Bench)?.bursts(REST_NS, AROUND_NS);
    let frames = frames(meter).map_err(Failure::Encode)?;
    if bursts.len() != frames.len() {
        return Err(Failure::Lists { meter, sent: bursts.len(), expected: frames.len() });
    }
    Ok(frames.into_iter().zip(bursts).map(|(octets, d9)| List { meter, octets, d9 }).collect())
}

/// The longest list of each meter and its shortest, if that is a short one; the longest first, so that no core waits for the
/// others at the end.
pub fn extremes() -> Result<Vec<List>, Failure> {
    let mut extremes = Vec::new();
    for meter in Meter::ALL {
        let lists = lists(meter)?;
        let length = |list: &&List| list.octets.len();
        extremes.extend(lists.iter().max_by_key(length).cloned());
        let shortest = lists.iter().min_by_key(length).filter(|list| list.octets.len() <= MOST_SHORT);
        extremes.extend(shortest.cloned());
    }
    extremes.sort_by_key(|list| std::cmp::Reverse(list.octets.len()));
    Ok(extremes)
}

/// Sends lists through buses; as many at once as there are cores.
pub fn pass<'l>(wanted: &[(&'l List, Channel)]) -> Result<Vec<Passage<'l>>, Failure> {
    let cases: Vec<_> = wanted.iter().map(|(list, channel)| channel::case(&list.d9, channel)).collect();
    let runs = ngspice::run_all(&cases).into_iter().zip(wanted);
    runs.map(|(run, (list, channel))| {
        let d8 = channel::arrived(&run.map_err(Failure::Spice)?);
        let heard = bench::forwarder(&d8, list.line()).map_err(Failure::Bench)?;
        Ok(Passage { list, corner: channel.corner, d8, heard })
    })
    .collect()
}

/// [`extremes`] over the full bus in all corners, judged.
pub fn answer() -> Result<Answer, Failure> {
    let lists = extremes()?;
    let wanted: Vec<_> = lists.iter().flat_map(|list| ALL.map(|corner| (list, full_bus(corner)))).collect();
    Ok(judge(&pass(&wanted)?))
}

/// Passages against limits, and a table of them.
pub fn judge(passages: &[Passage<'_>]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&[
        "Meter",
        "Octets",
        "Corner",
        "Octets wrong",
        "Faults",
        "Distortion of a bit",
        "Room before a bit is taken for another",
    ]);
    for passage in passages {
        let (meter, octets) = (passage.list.meter.name(), passage.list.octets.len());
        let mut find = |limit: &'static Limit, value| {
            let case = format!("closed loop, {meter}, {octets} octets, {}", passage.corner.name);
            let finding = Finding { limit, case, value };
            let margin = finding.margin();
            answer.findings.push(finding);
            margin
        };
        let distortion = passage.distortion();
        find(&limit::OCTETS, (passage.wrong() + passage.heard.faults.len()) as f64);
        find(&limit::DISTORTION, distortion * 100.0);
        let room = find(&limit::DEVIATION, passage.deviation() * 100.0);
        table.row([
            meter.to_owned(),
            octets.to_string(),
            passage.corner.name.to_owned(),
            passage.wrong().to_string(),
            passage.heard.faults.len().to_string(),
            percent(distortion * 100.0),
            percent(room),
        ]);
    }
    answer.tables.push(table);
    answer
}

impl List {
    /// How its meter's line is set.
    pub const fn line(&self) -> LineSettings {
        self.meter.line()
    }

    /// How a receiver that shares no code with the firmware reads it.
    pub fn framing(&self) -> Option<Framing> {
        Framing::of(self.line())
    }
}

impl Passage<'_> {
    /// Octets that are missing, too many or others than the meter's.
    pub fn wrong(&self) -> usize {
        let (sent, heard) = (&self.list.octets, &self.heard.octets);
        let right = sent.iter().zip(heard).filter(|(sent, heard)| sent == heard).count();
        sent.len().max(heard.len()) - right
    }

    /// The most that a bit is too long or too short, in parts of a bit; infinite where edges are missing.
    pub fn distortion(&self) -> f64 {
        let bit_s = 1.0 / f64::from(self.list.line().baud);
        octets::distortion_s(&edges(&self.list.d9), &edges(&self.d8)).map_or(f64::INFINITY, |s| s / bit_s)
    }

    /// How far an edge is at the most from where its octet's start says, in parts of a bit; infinite where edges are
    /// missing.
    pub fn deviation(&self) -> f64 {
        self.deviations().map_or(f64::INFINITY, |(early, late)| late.max(-early))
    }

    /// How much earlier, which is negative, and how much later edges are than their octet's start says, in parts of a bit.
    pub fn deviations(&self) -> Option<(f64, f64)> {
        let framing = self.list.framing()?;
        let (early, late) = framing.deviations_s(&edges(&self.list.d9), &edges(&self.d8))?;
        Some((early / framing.bit_s, late / framing.bit_s))
    }
}

/// The edges of a line in seconds.
pub fn edges(line: &Dump) -> Vec<Edge> {
    line.edges.iter().map(|edge| Edge { at_s: edge.at_ns as f64 * 1e-9, level: edge.level }).collect()
}

/// What the meter has to say, from the decoder.
fn frames(meter: Meter) -> Result<Vec<Vec<u8>>, EncodeError> {
    let kind = match meter {
        Meter::Kaifa => MeterKind::Kaifa,
        Meter::Kamstrup => MeterKind::Kamstrup,
        Meter::Aidon => MeterKind::Aidon,
        Meter::Heat => MeterKind::Heat,
    };
    let (mut demo, mut buffer, mut frames) = (Demo::new(kind, START), [0; LONGEST_FRAME], Vec::new());
    while demo.next_at_ms() <= LAST_BEGINS_MS {
        frames.push(demo.next_frame(&mut buffer)?.octets.to_vec());
    }
    Ok(frames)
}

fn percent(value: f64) -> String {
    if value.is_finite() { format!("{value:.1} %") } else { "none".into() }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bench(failure) => failure.fmt(f),
            Self::Spice(failure) => failure.fmt(f),
            Self::Encode(error) => write!(f, "what a meter has to say does not fit: {error:?}"),
            Self::Lists { meter, sent, expected } => {
                write!(f, "D9 of a {} has {sent} lists instead of {expected}", meter.name())
            }
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corner::NOMINAL;

    fn list(octets: &[u8]) -> List {
        let d9 = Dump { name: "D9".into(), initial: true, edges: Vec::new(), end_ns: 0 };
        List { meter: Meter::Kaifa, octets: octets.to_vec(), d9 }
    }

    fn heard(list: &List, octets: &[u8], faults: usize) -> Answer {
        let heard = Heard { octets: octets.to_vec(), faults: vec![String::new(); faults] };
        judge(&[Passage { list, corner: NOMINAL, d8: list.d9.clone(), heard }])
    }

    fn lost(answer: &Answer) -> f64 {
        answer
            .findings
            .iter()
            .find(|finding| std::ptr::eq(finding.limit, &raw const limit::OCTETS))
            .unwrap()
            .value
    }

    #[test]
    fn octets_that_are_wrong_are_counted() {
        let list = list(&[1, 2, 3]);
        let cases: [(&[u8], usize, f64); 6] = [
            (&[1, 2, 3], 0, 0.0),
            (&[1, 2, 3], 2, 2.0),
            (&[1, 2, 4], 0, 1.0),
            (&[1, 2], 0, 1.0),
            (&[1, 2, 3, 4], 1, 2.0),
            (&[], 0, 3.0),
        ];
        for (octets, faults, expected) in cases {
            let counted = lost(&heard(&list, octets, faults));
            assert!((counted - expected).abs() < 1e-9, "{octets:?}: {counted}");
        }
    }

    #[test]
    fn lists_are_those_of_the_start() {
        // List 2 comes with each full ten seconds, the hourly list ten seconds behind the hour.
        let lengths: Vec<usize> = frames(Meter::Kaifa).unwrap().iter().map(Vec::len).collect();
        assert_eq!(lengths, [122, 41, 41, 41, 41, 156, 41]);
    }
}
