//! Boards along a chain.

use super::{Answer, Extent, Question, arrival, d8, line_of, octets};
use crate::case::Case;
use crate::corner::{ALL, NOMINAL};
use crate::limit;
use crate::ngspice::Run;
use crate::report::{Table, volts};

/// The question.
pub const QUESTION: Question = Question { id: "daisy-chain", cases, answer };

fn cases(extent: Extent) -> Vec<Case> {
    let mut cases = Vec::new();
    for (supply, mark) in [(26.0, "24 V"), (38.0, "36 V")] {
        for boards in [1, 4, 10, 64] {
            // What the wires take of 64 loads is added at the master (EN 13757-2 4.3.3.1: 24 V and the drop).
            let (supply, mark) = if boards == 64 && mark == "24 V" { (30.0, "28 V") } else { (supply, mark) };
            for corner in &ALL {
                // Each corner of 64 boards takes minutes: what differs is told by ten.
                if *corner == NOMINAL || boards == 10 {
                    let name = format!(
                        "{mark}, {boards} board{}, {}",
                        if boards == 1 { "" } else { "s" },
                        corner.name
                    );
                    let case = Case::new("daisy_chain", name, 0.0).boards(boards).with("vout", supply);
                    let case = case.with_all(corner.set).at(corner.temperature);
                    cases.push(case.sending(&line_of(&sent(boards), 2400, 4), 1.0 / 2400.0));
                }
            }
        }
    }
    if extent == Extent::Few {
        cases.retain(|case| case.name == "24 V, 4 boards, nominal" || case.name == "24 V, 10 boards, bright");
    }
    cases
}

/// What is sent: up to the octet of zeros where 64 boards take minutes.
fn sent(boards: usize) -> Vec<u8> {
    let mut sent = octets();
    if boards == 64 {
        sent.truncate(3);
    }
    sent
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&[
        "Case",
        "Current of each",
        "Mark at the last",
        "Space at the last",
        "Distortion, worst board",
    ]);
    for run in runs {
        let boards = run.case.boards;
        let bit_s = 1.0 / 2400.0;
        let far = run.voltage(&format!("p{boards}"), &format!("m{boards}"));
        // While the line rests no capacitor is charged.
        let current = run.current("vreturn").at(3.5 * bit_s).abs() * 1e3 / boards as f64;
        let (mark, space) = (far.at(3.5 * bit_s), far.at((4.0 + 2.0 * 11.0 + 9.5) * bit_s));
        let arrivals: Vec<_> =
            (1..=boards).map(|board| arrival(run, &d8(run, board), 2400, &sent(boards))).collect();
        let lost = arrivals.iter().map(|arrival| arrival.lost).fold(0.0, f64::max);
        let distortion = arrivals.iter().map(|arrival| arrival.distortion).fold(0.0, f64::max) * 100.0;
        answer.find(&limit::UNIT_LOAD, run, current);
        answer.find(&limit::MARK, run, mark);
        answer.find(&limit::SPACE_RECEIVED, run, space);
        answer.find(&limit::STEP, run, mark - space);
        answer.find(&limit::OCTETS, run, lost);
        answer.find(&limit::DISTORTION, run, distortion);
        table.row([
            run.case.name.clone(),
            format!("{current:.2} mA"),
            volts(mark),
            volts(space),
            format!("{distortion:.1} %"),
        ]);
    }
    answer.tables.push(table);
    answer
}
