//! A surge between the wires.

use super::{Answer, Extent, Question, arrival, d8, line_of, octets, sending};
use crate::case::Case;
use crate::limit;
use crate::ngspice::Run;
use crate::picture::{Line, Picture};
use crate::report::Table;

/// The question.
pub const QUESTION: Question = Question { id: "surge", cases, answer };

/// The surge comes while the line still rests.
const AT_S: f64 = 5e-3;
const REST_BITS: u32 = 24;
/// Breakdown of D1 (SMBJ43CA: 47.8 to 52.8 V) and of D2 and D6 (43 V, 2 %) at its highest, at 70 °C: 0.1 and 0.09 % a kelvin.
const HIGHEST: [(&str, f64); 2] = [("tvs_bus", 55.2), ("zener", 45.65)];
/// At its lowest, at 0 °C.
const LOWEST: [(&str, f64); 2] = [("tvs_bus", 46.6), ("zener", 41.2)];

fn cases(extent: Extent) -> Vec<Case> {
    let volts: &[i32] = if extent == Extent::All { &[1000, -1000, 500, -500] } else { &[1000, -1000] };
    let mut cases: Vec<Case> = volts
        .iter()
        .map(|&volts| {
            let case = Case::new("surge", format!("{volts} V through 42 Ω, 70 °C"), 0.0)
                .with("charge", volts)
                .with("at", AT_S)
                .with_all(&HIGHEST)
                .at(70.0);
            case.sending(&line_of(&octets(), 2400, REST_BITS), 1.0 / 2400.0)
        })
        .collect();
    // What protects from surges must not load a bus.
    let quiet = Case::new("start_up", "bus of 42 V, suppressors at their lowest, 0 °C", 0.0)
        .with("mark", 42)
        .with("space", 30)
        .with("cold", 0)
        .with_all(&LOWEST)
        .at(0.0);
    cases.push(sending(quiet, 2400));
    cases
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&[
        "Case",
        "At the terminals",
        "BUSL1 to BUSL2",
        "Into the first suppressor",
        "Its energy",
        "Octets lost after",
    ]);
    for run in runs {
        if run.case.deck == "start_up" {
            answer.find(&limit::UNIT_LOAD, run, run.current("vin").at(3.5 / 2400.0) * 1e3);
            continue;
        }
        let terminals = run.voltage("p1", "");
        let chip = run.voltage("xb1.b1", "xb1.b2");
        let current = run.current("vtvs");
        let power = terminals.combined(&current, |volts, amperes| (volts * amperes).abs());
        let energy = power.after(AT_S - 1e-4).before(AT_S + 1e-3).integral();
        let reach = |signal: &crate::signal::Signal| signal.most().max(-signal.least());
        let lost = arrival(run, &d8(run, 1), 2400, &octets()).lost;
        answer.find(&limit::SURGE, run, reach(&chip));
        answer.find(&limit::SURGE_OCTETS, run, lost);
        table.row([
            run.case.name.clone(),
            format!("{:.1} V", reach(&terminals)),
            format!("{:.1} V", reach(&chip)),
            format!("{:.1} A", reach(&current)),
            format!("{:.0} mJ", energy * 1e3),
            format!("{lost}"),
        ]);
    }
    answer.tables.push(table);
    answer.pictures.extend(picture(runs));
    answer
}

fn picture(runs: &[Run]) -> Option<Picture> {
    let run = runs.iter().find(|run| run.case.name.starts_with("1000"))?;
    let shifted = |name: &str, signal: &crate::signal::Signal| {
        let points =
            signal.time().iter().zip(signal.values()).map(|(&at, &value)| ((at - AT_S) * 1e6, value));
        Line::through(name, points.collect())
    };
    Some(Picture {
        name: "surge",
        title: "1 kV, 1.2/50 µs, through 42 Ω between the wires",
        x: "µs",
        y: "V, A",
        range: (-10.0, 100.0),
        top: f64::INFINITY,
        lines: vec![
            shifted("at the terminals, V", &run.voltage("p1", "")),
            shifted("BUSL1 to BUSL2, V", &run.voltage("xb1.b1", "xb1.b2")),
            shifted("into the first suppressor, A", &run.current("vtvs")),
        ],
        bounds: vec![("the chip stands 50 V", 50.0)],
    })
}
