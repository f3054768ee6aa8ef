//! The model of the coupler beside its data sheet.

use super::{Answer, Extent, Question};
use crate::case::Case;
use crate::limit::Source;
use crate::model::{Row, rows_table};
use crate::ngspice::Run;

/// The question.
pub const QUESTION: Question = Question { id: "6n139-rows", cases, answer };

const FROM_S: f64 = 100e-6;
const UNTIL_S: f64 = 600e-6;
const TABLE: Source = Source::Read("Vishay 83605, current transfer ratio");
const TIMES: Source = Source::Known("6N139, switching, IF = 0.5 mA, RL = 4.7 kΩ");

fn cases(_: Extent) -> Vec<Case> {
    let case = |name: &str, light: f64, slow: f64, storage: f64| {
        let mut case = Case::new("coupler_rows", name, 1e-3).with("scale", light).with("slow", slow);
        case.step_s = 1e-6;
        case.with("storage", storage)
    };
    vec![case("typical", 1.0, 1.0, 1.0), case("least", 0.25, 1.3, 1.0), case("most", 5.0, 1.3, 4.2)]
}

fn answer(runs: &[Run]) -> Answer {
    let values =
        |value: &dyn Fn(&Run) -> f64| runs.iter().map(|run| (run.case.name.clone(), value(run))).collect();
    let ratio = |source: &'static str, milliamperes: f64| {
        move |run: &Run| -run.current(source).at(90e-6) * 1e3 / milliamperes * 100.0
    };
    let rows = vec![
        Row::new("CTR at 0.5 mA", (Some(400.0), None), "%", TABLE, values(&ratio("v5", 0.5))),
        Row::new("CTR at 1.6 mA", (Some(500.0), None), "%", TABLE, values(&ratio("v16", 1.6))),
        Row::new(
            "V_F at 1.6 mA",
            (None, Some(1.7)),
            "V",
            Source::Known("6N139, input forward voltage"),
            values(&|run| run.voltage("a16", "").at(90e-6)),
        ),
        Row::new("t_PHL", (None, Some(25.0)), "µs", TIMES, values(&|run| edge_us(run, false, FROM_S))),
        Row::new("t_PLH", (None, Some(60.0)), "µs", TIMES, values(&|run| edge_us(run, true, UNTIL_S))),
    ];
    Answer { tables: vec![rows_table(&rows)], rows, ..Answer::default() }
}

/// The output's passage through 1.5 V after the LED was switched.
fn edge_us(run: &Run, level: bool, switched_s: f64) -> f64 {
    let edges = run.voltage("ot", "").edges(1.5, 1.5);
    edges.iter().find(|edge| edge.level == level).map_or(f64::NAN, |edge| (edge.at_s - switched_s) * 1e6)
}
