//! Either polarity.

use super::{Answer, Extent, Question, arrival, d8, octets, sending};
use crate::case::Case;
use crate::corner::ALL;
use crate::limit;
use crate::ngspice::Run;
use crate::report::Table;

/// The question.
pub const QUESTION: Question = Question { id: "polarity", cases, answer };

fn cases(_: Extent) -> Vec<Case> {
    ALL.iter()
        .map(|corner| {
            let case = Case::new("polarity", corner.name, 0.0).with_all(corner.set).at(corner.temperature);
            sending(case, 2400)
        })
        .collect()
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&["Case", "Delay", "Delay reversed", "Octets lost"]);
    for run in runs {
        let [straight, reversed] = [1, 2].map(|board| arrival(run, &d8(run, board), 2400, &octets()));
        let difference = (straight.delays_s.0 - reversed.delays_s.0)
            .abs()
            .max((straight.delays_s.1 - reversed.delays_s.1).abs());
        answer.find(&limit::POLARITY, run, difference * 2400.0 * 100.0);
        answer.find(&limit::OCTETS, run, straight.lost.max(reversed.lost));
        let delays = |(least, most): (f64, f64)| format!("{:.1}…{:.1} µs", least * 1e6, most * 1e6);
        table.row([
            run.case.name.clone(),
            delays(straight.delays_s),
            delays(reversed.delays_s),
            format!("{}", straight.lost + reversed.lost),
        ]);
    }
    answer.tables.push(table);
    answer
}
