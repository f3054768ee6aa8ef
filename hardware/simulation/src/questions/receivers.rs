//! Receivers that people own today, beside this board.

use super::{Answer, Extent, Question, arrival, d8, octets, start_up};
use crate::case::Case;
use crate::ngspice::Run;
use crate::report::Table;

/// The question.
pub const QUESTION: Question = Question { id: "receivers", cases, answer };

/// What they are made of: `R_IDD`, `C_STC`, `C_SC`, `C_VDD`. Where what is published does not say, the value is this board's.
const OTHERS: [(&str, [(&str, f64); 4]); 3] = [
    ("R_IDD 22 kΩ, 220 µF at VDD", [("ridd", 22e3), ("stc", 47e-6), ("sc", 100e-9), ("vdd", 220e-6)]),
    ("R_IDD 82 kΩ, STC 1 µF", [("ridd", 82e3), ("stc", 1e-6), ("sc", 100e-9), ("vdd", 100e-9)]),
    ("R_IDD 30 kΩ, SC 220 pF", [("ridd", 30e3), ("stc", 47e-6), ("sc", 220e-12), ("vdd", 100e-9)]),
];
const OURS: &str = "han-shield";
const LONG_S: f64 = 6.0;

fn cases(extent: Extent) -> Vec<Case> {
    if extent == Extent::Few {
        return Vec::new();
    }
    let mut cases = Vec::new();
    for start in [true, false] {
        cases.push(stimulated(Case::new("start_up", named(OURS, start), 0.0), start));
        for (name, values) in OTHERS {
            cases.push(stimulated(Case::new("receivers", named(name, start), 0.0).with_all(&values), start));
        }
    }
    cases
}

fn named(name: &str, start: bool) -> String {
    format!("{name}, {}", if start { "from cold" } else { "octets" })
}

/// From cold with an octet now and then, or running with octets without a pause.
fn stimulated(case: Case, start: bool) -> Case {
    let bit_s = 1.0 / 2400.0;
    if start {
        case.sending(&start_up::octets_now_and_then(LONG_S), bit_s)
    } else {
        case.with("cold", 0).sending(&super::line(2400), bit_s)
    }
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&[
        "Receiver",
        "Current",
        "First good octet",
        "Octets lost of 8",
        "Distortion",
        "Isolated",
    ]);
    let (cold, running) = runs.split_at(runs.len() / 2);
    for (cold, running) in cold.iter().zip(running) {
        let name = cold.case.name.trim_end_matches(", from cold");
        let output = |run: &Run| if name == OURS { d8(run, 1) } else { as_five_volts(run) };
        let first = start_up::first_good_s(cold, &output(cold));
        let arrival = arrival(running, &output(running), 2400, &octets());
        table.row([
            name.to_owned(),
            format!("{:.2} mA", running.current("vin").at(3.5 / 2400.0) * 1e3),
            if first.is_finite() { format!("{first:.2} s") } else { format!("none in {LONG_S} s") },
            format!("{}", arrival.lost),
            if arrival.distortion.is_finite() {
                format!("{:.1} %", arrival.distortion * 100.0)
            } else {
                "edges are missing".into()
            },
            if name == OURS { "yes" } else { "no" }.to_owned(),
        ]);
    }
    if !runs.is_empty() {
        answer.tables.push(table);
    }
    answer
}

/// TX of 3.3 V logic, scaled to the levels of 5 V logic that all signals are judged by.
fn as_five_volts(run: &Run) -> crate::signal::Signal {
    let tx = run.voltage("tx", "com");
    crate::signal::Signal::new(
        tx.time().to_vec(),
        tx.values().iter().map(|volts| volts * 5.0 / 3.3).collect(),
    )
}
