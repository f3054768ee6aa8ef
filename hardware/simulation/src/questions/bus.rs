//! Levels and edges at the end of a cable.

use super::{Answer, Arrival, Extent, Question, arrival, d8, octets, sending};
use crate::case::Case;
use crate::corner::{ALL, Corner, NOMINAL};
use crate::limit;
use crate::ngspice::Run;
use crate::picture::{Line, Picture};
use crate::report::{Table, volts};
use crate::values;

/// The question.
pub const QUESTION: Question = Question { id: "bus", cases, answer };

/// The boost converter's setting, and what it makes of mark. 28 V are 24 V and what 350 m take of 64 loads.
const SUPPLIES: [(f64, &str); 2] = [(30.0, "28 V"), (38.0, "36 V")];
const BAUDS: [u32; 3] = [300, 2400, 9600];

fn cases(extent: Extent) -> Vec<Case> {
    let mut cases = Vec::new();
    for (supply, mark) in SUPPLIES {
        for baud in BAUDS {
            for loads in [1, 16, 64] {
                for length in [1, 50, 350] {
                    cases.push(case(supply, mark, baud, loads, length, &NOMINAL));
                }
            }
        }
        for corner in &ALL[1..] {
            cases.push(case(supply, mark, 2400, 64, 350, corner));
        }
    }
    // What a bus sees at the most: the trimmer at its upper stop, all tolerances upward, little load, cable that rings.
    for length in [1, 50, 350] {
        cases.push(case(values::of("vp_most"), "Highest voltage", 9600, 1, length, &NOMINAL));
    }
    if extent == Extent::All {
        for baud in [2400, 9600] {
            for loads in [1, 16, 64] {
                let mut case = case(38.0, "36 V", baud, loads, 350, &NOMINAL);
                case.deck = "bus_follower";
                case.name += ", zener-clamped follower";
                cases.push(case);
            }
        }
    }
    if extent == Extent::Few {
        let near = [
            "28 V, 9600 baud, 64 loads, 350 m",
            "36 V, 2400 baud, 1 load, 350 m",
            "36 V, 9600 baud, 1 load, 350 m",
            "36 V, 9600 baud, 64 loads, 350 m",
            "28 V, 2400 baud, 64 loads, 350 m",
            "Highest voltage",
        ];
        cases.retain(|case| near.iter().any(|near| case.name.starts_with(near)));
    }
    cases
}

fn case(supply: f64, mark: &str, baud: u32, loads: u32, length: u32, corner: &Corner) -> Case {
    let s = if loads == 1 { "" } else { "s" };
    let mut name = format!("{mark}, {baud} baud, {loads} load{s}, {length} m");
    if *corner != NOMINAL {
        name += ", ";
        name += corner.name;
    }
    let case =
        Case::new("bus", name, 0.0).with("vout", supply).with("length", length).with("others", loads - 1);
    sending(case.with_all(corner.set).at(corner.temperature), baud)
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&["Case", "Mark", "Space", "Edge", "Delay at D8", "Distortion"]);
    for run in runs {
        let baud = baud(run);
        let far = run.voltage("p1", "m1");
        let (mark, space) = levels(run);
        let transition = far.transition_s(space, mark);
        let arrival = arrival(run, &d8(run, 1), baud, &octets());
        if run.case.deck == "bus" {
            judge(&mut answer, run, (mark, space), transition, &arrival);
        }
        table.row([
            run.case.name.clone(),
            volts(mark),
            volts(space),
            format!("{:.1} µs", transition * 1e6),
            arrival.delays(),
            arrival.distortion(),
        ]);
    }
    answer.tables.push(table);
    answer.pictures.extend(picture(runs));
    answer
}

fn judge(answer: &mut Answer, run: &Run, (mark, space): (f64, f64), transition_s: f64, arrival: &Arrival) {
    answer.find(&limit::MARK, run, mark);
    answer.find(&limit::MARK_HIGH, run, run.voltage("p0", "").most());
    answer.find(&limit::SPACE, run, space);
    answer.find(&limit::STEP, run, mark - space);
    answer.find(&limit::TRANSITION, run, transition_s * f64::from(baud(run)) * 100.0);
    answer.find(&limit::OCTETS, run, arrival.lost);
    answer.find(&limit::DISTORTION, run, arrival.distortion * 100.0);
}

/// Mark and space at the far end where they have settled: in the middle of the resting line, and at the end of the longest
/// space, which is the octet of zeros.
fn levels(run: &Run) -> (f64, f64) {
    let bit_s = 1.0 / f64::from(baud(run));
    let far = run.voltage("p1", "m1");
    let zeros_s = (4.0 + 2.0 * 11.0 + 9.5) * bit_s;
    (far.at(3.5 * bit_s), far.at(zeros_s))
}

fn baud(run: &Run) -> u32 {
    let words: Vec<&str> = run.case.name.split(' ').collect();
    words.windows(2).find(|pair| pair[1] == "baud,").and_then(|pair| pair[0].parse().ok()).unwrap_or(2400)
}

/// The start of an octet at 9600 baud, near and far.
fn picture(runs: &[Run]) -> Option<Picture> {
    let shown =
        |loads: &str| runs.iter().find(|run| run.case.name == format!("36 V, 9600 baud, {loads}, 350 m"));
    let (few, many) = (shown("1 load")?, shown("64 loads")?);
    let bit_ms = 1000.0 / 9600.0;
    let range = (3.0 * bit_ms, 17.0 * bit_ms);
    Some(Picture {
        name: "bus",
        title: "Bus at the end of 350 m, 9600 baud: 7E and the beginning of A0",
        x: "ms",
        y: "V",
        range,
        top: f64::INFINITY,
        lines: vec![
            Line::of("1 unit load", &few.voltage("p1", "m1"), 1e3, 1.0),
            Line::of("64 unit loads", &many.voltage("p1", "m1"), 1e3, 1.0),
            Line::of("D8, 64 unit loads", &d8(many, 1), 1e3, 1.0),
        ],
        bounds: vec![("mark at least 20.8 V", 20.8), ("space at least 12 V", 12.0)],
    })
}
