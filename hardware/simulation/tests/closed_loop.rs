//! Lists of each meter from the master simulator's firmware over the bus to the forwarder's firmware.

// Nanoseconds of seconds are far from 2^52.
#![allow(clippy::cast_precision_loss)]

use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::pattern::Meter;
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Edge, Sender, Waveform};
use meterscope_simulation::bench;
use meterscope_simulation::channel;
use meterscope_simulation::closed_loop::{self, List, Passage, edges, full_bus};
use meterscope_simulation::corner::{ALL, BRIGHT, Corner, DIM, NOMINAL};
use meterscope_simulation::limit::{self, Bound};
use meterscope_simulation::ngspice;
use meterscope_simulation::octets::Received;
use meterscope_simulation::vcd::Dump;

/// A cycle of the chip's clock.
const CYCLE_NS: f64 = 62.5;

fn lists(meter: Meter) -> Vec<List> {
    closed_loop::lists(meter).unwrap_or_else(|failure| panic!("{failure}"))
}

fn pass<'l>(wanted: &[(&'l List, channel::Channel)]) -> Vec<Passage<'l>> {
    closed_loop::pass(wanted).unwrap_or_else(|failure| panic!("{failure}"))
}

/// A master's reset of a heat meter: five octets.
fn reset() -> List {
    lists(Meter::Heat).swap_remove(0)
}

fn independent(line: &Dump, list: &List) -> Received {
    list.framing().unwrap().receive(&edges(line), line.end_ns as f64 * 1e-9)
}

#[test]
fn octets_received_are_octets_sent() {
    let lists = closed_loop::extremes().unwrap_or_else(|failure| panic!("{failure}"));
    let longest: Vec<usize> = Meter::ALL
        .map(|meter| {
            lists.iter().filter(|list| list.meter == meter).map(|list| list.octets.len()).max().unwrap()
        })
        .to_vec();
    assert!(longest.iter().all(|&octets| octets > 60), "{longest:?}");
    let wanted: Vec<_> = lists.iter().flat_map(|list| ALL.map(|corner| (list, full_bus(corner)))).collect();
    let passages = pass(&wanted);
    for passage in &passages {
        let what = format!(
            "{}, {} octets, {}",
            passage.list.meter.name(),
            passage.list.octets.len(),
            passage.corner.name
        );
        assert_eq!(passage.heard.octets, passage.list.octets, "{what}");
        assert_eq!(passage.heard.faults, Vec::<String>::new(), "{what}");
        let independent = independent(&passage.d8, passage.list);
        assert_eq!((independent.plain(), independent.errors), (passage.list.octets.clone(), 0), "{what}");
    }
    let answer = closed_loop::judge(&passages);
    let broken: Vec<_> = answer.findings.iter().filter(|finding| !finding.holds()).collect();
    assert!(broken.is_empty(), "{broken:?}");
    println!("{}", answer.tables[0].markdown());
}

/// Time scale, clock and polarity: bits of 2400 baud by a chip of 16 MHz, high at rest. simavr tells an edge at the end of
/// the instruction that it falls into.
#[test]
fn edges_of_the_firmware_are_those_of_its_octets() {
    const MOST_CYCLES_LATE: f64 = 2.0;
    for meter in Meter::ALL {
        for list in lists(meter) {
            let mut line = Waveform::resting(0);
            line.send(&list.octets, &Sender::exact(&list.line().to_string()), &mut Random::new(1));
            assert!(list.d9.initial, "it rests before");
            let levels = |edges: &[Edge]| edges.iter().map(|edge| edge.level).collect::<Vec<_>>();
            assert_eq!(levels(&list.d9.edges), levels(line.edges()), "{}", meter.name());
            let first_ns = list.d9.edges[0].at_ns;
            for (edge, exact) in list.d9.edges.iter().zip(line.edges()) {
                let late_ns = (edge.at_ns - first_ns) as f64 - exact.at_ns as f64;
                assert!(
                    late_ns.abs() <= 2.0 * MOST_CYCLES_LATE * CYCLE_NS + 1.0,
                    "{}: {late_ns} ns",
                    meter.name()
                );
            }
            let independent = independent(&list.d9, &list);
            assert_eq!((independent.plain(), independent.errors), (list.octets, 0));
        }
    }
}

/// The stimulus takes 200 ns from one level to the other.
#[test]
fn the_circuit_is_driven_by_the_edges_of_the_firmware() {
    let list = reset();
    let run = ngspice::run(channel::case(&list.d9, &full_bus(NOMINAL))).unwrap();
    let sent = channel::sent(&run);
    assert_eq!(sent.initial, list.d9.initial);
    assert_eq!(sent.edges.len(), list.d9.edges.len());
    for (sent, edge) in sent.edges.iter().zip(&list.d9.edges) {
        assert!(sent.level == edge.level && sent.at_ns.abs_diff(edge.at_ns) <= 200, "{sent:?} {edge:?}");
    }
}

fn assert_differs(passage: &Passage<'_>, what: &str) {
    let is_right = passage.wrong() == 0 && passage.heard.faults.is_empty();
    assert!(!is_right, "{what} was heard as if nothing were wrong");
    assert!(
        closed_loop::judge(std::slice::from_ref(passage)).findings.iter().any(|finding| !finding.holds()),
        "{what}"
    );
}

#[test]
fn too_little_light_is_heard() {
    const DARK: &[(&str, f64)] = &[("scale", 0.02)];
    let list = reset();
    let dark = Corner { name: "dark", set: DARK, ..NOMINAL };
    assert_differs(&pass(&[(&list, full_bus(dark))])[0], "light below the threshold");
}

#[test]
fn an_edge_that_is_damaged_is_heard() {
    let mut list = reset();
    // Most of a bit late: what was a bit is none.
    let edge = list.d9.edges.get_mut(1).unwrap();
    edge.at_ns += 300_000;
    assert_differs(&pass(&[(&list, full_bus(NOMINAL))])[0], "a late edge");
}

#[test]
fn wires_of_logic_that_are_crossed_are_heard() {
    let mut list = reset();
    list.d9.initial = !list.d9.initial;
    list.d9.edges.iter_mut().for_each(|edge| edge.level = !edge.level);
    assert_differs(&pass(&[(&list, full_bus(NOMINAL))])[0], "an inverted line");
}

/// A dump whose timescale is read wrongly is that of a faster line. The brightest coupler has no time for its bits.
#[test]
fn bits_that_are_too_short_for_the_coupler_are_heard() {
    let mut list = reset();
    list.d9.edges.iter_mut().for_each(|edge| edge.at_ns /= 4);
    let line = LineSettings { baud: 9600, ..list.line() };
    let channel = channel::Channel { baud: line.baud, ..full_bus(BRIGHT) };
    let d8 = channel::pass(&list.d9, &channel).unwrap();
    assert_ne!(heard(&d8, line).octets, list.octets, "at the speed that was sent");
    assert_ne!(heard(&d8, list.line()).octets, list.octets, "at another");
}

fn heard(d8: &Dump, line: LineSettings) -> bench::Heard {
    bench::forwarder(d8, line).unwrap_or_else(|failure| panic!("{failure}"))
}

/// The room that the table tells is there, and not much more: rising edges are moved further the way that they are late or
/// early until the firmware is wrong.
#[test]
fn the_forwarder_takes_what_the_table_says_and_little_more() {
    let list = reset();
    for passage in pass(&[(&list, full_bus(BRIGHT)), (&list, full_bus(DIM))]) {
        let (early, late) = passage.deviations().unwrap();
        let way = if late > -early { 1.0 } else { -1.0 };
        let Bound::AtMost(most_percent) = limit::DEVIATION.bound else { panic!("the bound is another") };
        let room = most_percent / 100.0 - passage.deviation();
        let is_heard = |by: f64| {
            let by_ns = (by * way * 1e9 / f64::from(list.line().baud)).round() as i64;
            let mut d8 = passage.d8.clone();
            for edge in d8.edges.iter_mut().filter(|edge| edge.level) {
                edge.at_ns = edge.at_ns.saturating_add_signed(by_ns);
            }
            let heard = heard(&d8, list.line());
            heard.octets == list.octets && heard.faults.is_empty()
        };
        let what = format!("{}, {early} to {late} of a bit", passage.corner.name);
        assert!(is_heard(room), "the room is smaller than {room}: {what}");
        // Half a bit, and the two ticks of 4 µs once more.
        assert!(!is_heard(room + 0.06), "the room is larger than {room}: {what}");
    }
}

#[test]
fn a_line_that_no_board_has_is_refused() {
    let d8 = Dump { name: "D8".into(), initial: true, edges: Vec::new(), end_ns: 1000 };
    let line = "19200 8E1".parse().unwrap();
    let failure = bench::forwarder(&d8, line).unwrap_err().to_string();
    assert!(failure.contains("19200 8E1"), "{failure}");
}
