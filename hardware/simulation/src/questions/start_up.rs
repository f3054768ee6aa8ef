//! From a cold bus to the first good octet.

use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Waveform};

use super::{Answer, Extent, Question, d8, digital};
use crate::case::Case;
use crate::corner::{ALL, Corner, DIM};
use crate::limit;
use crate::ngspice::Run;
use crate::octets::Framing;
use crate::picture::{Line, Picture};
use crate::report::Table;

/// The question.
pub const QUESTION: Question = Question { id: "start-up", cases, answer };

/// When the bus gets its voltage.
const ON_S: f64 = 0.01;
const OCTET: u8 = 0x5A;

fn cases(extent: Extent) -> Vec<Case> {
    let mut cases: Vec<Case> = ALL.iter().map(|corner| case(corner, "22 µF", "22u")).collect();
    if extent == Extent::Few {
        cases.retain(|case| !case.name.ends_with("bright"));
    }
    if extent == Extent::All {
        // The most that the data sheet allows, to show what a larger capacitor costs.
        cases.push(case(&DIM, "220 µF", "220u"));
    }
    cases
}

fn case(corner: &Corner, size: &str, capacitor: &str) -> Case {
    let case = Case::new("start_up", format!("{size} at STC, {}", corner.name), 0.0).with("c_stc", capacitor);
    case.with_all(corner.set).at(corner.temperature).sending(&octets_now_and_then(4.0), 1.0 / 2400.0)
}

/// An octet every 20 ms, for so long.
pub(super) fn octets_now_and_then(seconds: f64) -> Waveform {
    let sender = Sender::exact("2400 8E1");
    let mut line = Waveform::resting((ON_S * 1e9) as u32);
    while (line.end_ns() as f64) < seconds * 1e9 {
        line.send(&[OCTET], &sender, &mut Random::new(1));
        line.rest(20e6 - sender.bit_ns() * 11.0);
    }
    line
}

/// When the first octet began after which all are good, from power on; infinite if there is none.
pub(super) fn first_good_s(run: &Run, signal: &crate::signal::Signal) -> f64 {
    let framing = Framing::even(2400);
    let sent = framing.receive(&digital(&run.sent()), signal.end_s()).octets;
    let received = framing.receive(&digital(signal), signal.end_s()).octets;
    // An octet is as late as the coupler at the most, and no octet comes twice.
    let arrived =
        |at_s: f64| received.iter().any(|&(at, octet)| octet == OCTET && (0.0..1e-3).contains(&(at - at_s)));
    let good_from = sent.iter().rposition(|&(at_s, _)| !arrived(at_s)).map_or(0, |bad| bad + 1);
    sent.get(good_from).map_or(f64::INFINITY, |&(at_s, _)| at_s - ON_S)
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&["Case", "VDD on after", "First good octet after", "Highest current"]);
    for run in runs {
        let on = run
            .voltage("xb1.vdd", "xb1.com")
            .edges(1.0, 2.5)
            .first()
            .map_or(f64::INFINITY, |edge| edge.at_s - ON_S);
        let first = first_good_s(run, &d8(run, 1));
        if run.case.name.starts_with("22 ") {
            answer.find(&limit::START_UP, run, first);
            answer.find(&limit::UNIT_LOAD, run, charging_ma(run));
        }
        table.row([
            run.case.name.clone(),
            format!("{on:.2} s"),
            format!("{first:.2} s"),
            format!("{:.2} mA", charging_ma(run)),
        ]);
    }
    answer.tables.push(table);
    answer.pictures.extend(picture(runs));
    answer
}

/// The highest current between octets: their edges charge the board's capacitance from a source without resistance.
fn charging_ma(run: &Run) -> f64 {
    let current = run.current("vin");
    let between = (1..150).map(|octet| current.at(ON_S + f64::from(octet) * 0.02 - 1e-3));
    between.fold(0.0, f64::max) * 1e3
}

fn picture(runs: &[Run]) -> Option<Picture> {
    let run = runs.iter().find(|run| run.case.name.ends_with("nominal"))?;
    Some(Picture {
        name: "start-up",
        title: "A board from a cold bus of 24 V, an octet every 20 ms",
        x: "s",
        y: "V",
        range: (0.0, 0.8),
        top: f64::INFINITY,
        lines: vec![
            Line::of("STC", &run.voltage("xb1.stc", "xb1.com"), 1.0, 1.0),
            Line::of("VDD", &run.voltage("xb1.vdd", "xb1.com"), 1.0, 1.0),
            Line::of("SC", &run.voltage("xb1.sc", "xb1.com"), 1.0, 1.0),
        ],
        bounds: vec![],
    })
}
