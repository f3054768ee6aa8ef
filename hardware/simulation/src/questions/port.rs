//! Four boards at a meter's port of 6 mA.

use super::{Answer, Extent, Question, arrival, d8, octets, sending};
use crate::case::Case;
use crate::corner::{ALL, BRIGHT, Corner, NOMINAL};
use crate::limit;
use crate::ngspice::Run;
use crate::report::{Table, volts};

/// The question.
pub const QUESTION: Question = Question { id: "port", cases, answer };

/// Metres of cable before each board that the limits are asked of.
const HOP: f64 = 0.5;

fn cases(extent: Extent) -> Vec<Case> {
    let mut cases: Vec<Case> = ALL.iter().map(|corner| case(corner, 4, HOP)).collect();
    if extent == Extent::All {
        // More cable is more to charge with what the boards leave, and a fifth board is one too many.
        cases.extend([1.0, 2.0, 5.0, 10.0].map(|hop| case(&NOMINAL, 4, hop)));
        cases.push(case(&BRIGHT, 4, 10.0));
        cases.push(case(&NOMINAL, 5, HOP));
    }
    cases
}

fn case(corner: &Corner, boards: usize, hop: f64) -> Case {
    let case = Case::new("port", format!("{boards} boards, {hop} m before each, {}", corner.name), 0.0);
    sending(case.boards(boards).with("hop", hop).with_all(corner.set).at(corner.temperature), 2400)
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&["Case", "Current", "Mark at the last board", "Octets lost", "Distortion"]);
    for run in runs {
        let boards = run.case.boards;
        let bit_s = 1.0 / 2400.0;
        let current = run.current("vreturn").at(3.5 * bit_s).abs() * 1e3;
        let mark = run.voltage(&format!("p{boards}"), &format!("m{boards}")).at(3.5 * bit_s);
        let arrivals: Vec<_> =
            (1..=boards).map(|board| arrival(run, &d8(run, board), 2400, &octets())).collect();
        let lost = arrivals.iter().map(|arrival| arrival.lost).fold(0.0, f64::max);
        let distortion = arrivals.iter().map(|arrival| arrival.distortion).fold(0.0, f64::max) * 100.0;
        if boards == 4 && run.case.name.contains(&format!(" {HOP} m ")) {
            // A port that gives way does not show what the boards would take.
            answer.find(&limit::PORT, run, if mark < 20.8 { f64::INFINITY } else { current });
            answer.find(&limit::MARK, run, mark);
            answer.find(&limit::OCTETS, run, lost);
            answer.find(&limit::DISTORTION, run, distortion);
        }
        let distortion =
            if distortion.is_finite() { format!("{distortion:.1} %") } else { "edges are missing".into() };
        table.row([
            run.case.name.clone(),
            format!("{current:.2} mA"),
            volts(mark),
            format!("{lost}"),
            distortion,
        ]);
    }
    answer.tables.push(table);
    answer
}
