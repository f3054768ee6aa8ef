//! What a board adds to the bus's capacitance.

use super::{Answer, Extent, Question};
use crate::case::Case;
use crate::limit;
use crate::ngspice::Run;

/// The question.
pub const QUESTION: Question = Question { id: "capacitance", cases, answer };

/// Volts a second while the bus rises.
const SLOPE: f64 = 1e5;

fn cases(_: Extent) -> Vec<Case> {
    [12, 24]
        .map(|volts| {
            let mut case = Case::new("capacitance", format!("at {volts} V"), 1.02e-3).with("space", volts);
            case.step_s = 1e-7;
            case
        })
        .into()
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    for run in runs {
        let current = run.current("vin");
        // Into the board at rest, and at the end of the slope, when everything rises as the bus does.
        let charging = current.at(1.019e-3) - current.at(0.99e-3);
        answer.find(&limit::CAPACITANCE, run, charging / SLOPE * 1e9);
    }
    answer
}
