//! What the coupler does to bits.

use super::{Answer, Extent, Question, arrival, d8, octets, sending};
use crate::case::Case;
use crate::corner::{ALL, DIM};
use crate::limit::{self, Finding};
use crate::ngspice::Run;
use crate::picture::{Line, Picture};
use crate::report::{Table, rounded};
use crate::signal::Signal;

/// The question.
pub const QUESTION: Question = Question { id: "coupler", cases, answer };

/// The least of the typical light with which a coupler is as good as the data sheet says.
const LEAST: f64 = 0.25;
/// Parts of the typical light: the least after its life and before, typical, and the most.
const LIGHT: [(f64, &str); 4] =
    [(0.8 * LEAST, "least, aged"), (LEAST, "least"), (1.0, "typical"), (5.0, "most")];
/// What is left of the least light, in percent, down to where it fails.
const FADED: [u32; 7] = [80, 70, 60, 50, 40, 30, 20];
const PC817: [f64; 5] = [0.3, 0.5, 0.8, 1.3, 2.0];

fn cases(extent: Extent) -> Vec<Case> {
    let mut cases: Vec<Case> = ALL
        .iter()
        .flat_map(|corner| {
            [2400, 9600].map(|baud| {
                let case = Case::new("coupler", format!("6N139, corner {}, {baud} baud", corner.name), 0.0);
                sending(case.with_all(corner.set).at(corner.temperature), baud)
            })
        })
        .collect();
    cases.extend(FADED.iter().copied().filter(|left| extent == Extent::All || *left == 60).map(faded));
    if extent == Extent::All {
        for (light, name) in LIGHT {
            for temperature in [-25.0, 0.0, 70.0, 85.0] {
                for storage in [1.0, 4.2] {
                    let slow = if storage > 1.0 { "slow" } else { "typical speed" };
                    let name = format!("6N139, {name} light, {slow}, {temperature} °C, 2400 baud");
                    let case = Case::new("coupler", name, 0.0).with("scale", light).with("storage", storage);
                    cases.push(sending(
                        case.with("slow", if storage > 1.0 { 1.3 } else { 1.0 }).at(temperature),
                        2400,
                    ));
                }
            }
        }
        for ratio in PC817 {
            for baud in [2400, 9600] {
                cases.push(pc817(ratio, baud));
            }
        }
    }
    if extent == Extent::Few {
        cases.push(pc817(0.8, 2400));
    }
    cases.extend(zeros(extent));
    cases
}

fn pc817(ratio: f64, baud: u32) -> Case {
    let name = format!("PC817, transfer ratio {ratio}, {baud} baud");
    sending(Case::new("coupler_pc817", name, 0.0).with("ctr", ratio), baud)
}

/// Everything as in the dim corner but for the light.
fn faded(left: u32) -> Case {
    let name = format!("6N139, {left} % of the least light, corner dim, 2400 baud");
    let case = Case::new("coupler", name, 0.0).with_all(DIM.set).at(DIM.temperature);
    sending(case.with("scale", LEAST * f64::from(left) / 100.0), 2400)
}

/// Zeros without a pause take the most from STC.
fn zeros(extent: Extent) -> Vec<Case> {
    let count = if extent == Extent::All { 261 } else { 100 };
    let line = super::line_of(&vec![0; count], 2400, 4);
    let case = |name: &str| Case::new("coupler", format!("{count} octets of zeros{name}"), 0.0);
    // The LED takes the most where the clamp is high and TX strong, and STC is fed the least.
    let hungry =
        case(", least supply").with("c_stc", "15u").with("rvol", 400).with("vclamp", 7.5).with("vridd", 1.23);
    vec![hungry.sending(&line, 1.0 / 2400.0)]
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&["Case", "Delay", "Distortion", "Octets lost", "Coupler low"]);
    for run in runs {
        if run.case.name.contains("zeros") {
            answer.find(&limit::STC_LOW, run, run.voltage("xb1.stc", "xb1.com").least());
            continue;
        }
        let baud = if run.case.name.contains("9600") { 9600 } else { 2400 };
        let bit_s = 1.0 / f64::from(baud);
        let d8 = d8(run, 1);
        let arrival = arrival(run, &d8, baud, &octets());
        let raw = raw(run);
        let low = raw.at((4.0 + 2.0 * 11.0 + 9.5) * bit_s);
        table.row([
            run.case.name.clone(),
            match arrival.delays_s {
                (least, most) if least.is_finite() => format!("{:.0}…{:.0} µs", least * 1e6, most * 1e6),
                _ => "edges are missing".into(),
            },
            if arrival.distortion.is_finite() {
                format!("{:.1} %", arrival.distortion * 100.0)
            } else {
                "none".into()
            },
            rounded(arrival.lost),
            format!("{low:.2} V"),
        ]);
        if is_ours(run, baud) {
            answer.find(&limit::OCTETS, run, arrival.lost);
            answer.find(&limit::DISTORTION, run, arrival.distortion * 100.0);
            answer.find(&limit::RAW_LOW, run, low);
            answer.find(&limit::RAW_HIGH, run, raw.at(3.5 * bit_s));
        }
    }
    answer.findings.extend(fading(runs));
    answer.tables.push(table);
    answer.pictures.extend(picture(runs));
    answer
}

/// The least light with which all octets arrive, and with any more too.
fn fading(runs: &[Run]) -> Option<Finding> {
    let mut enough = None;
    for run in runs.iter().filter(|run| run.case.name.contains("% of the least")) {
        if arrival(run, &d8(run, 1), 2400, &octets()).lost > 0.0 {
            break;
        }
        let left = run.case.name.split_whitespace().find_map(|word| word.parse::<f64>().ok());
        enough = left.map(|left| Finding { limit: &limit::FADING, case: run.case.name.clone(), value: left });
    }
    enough
}

/// Whether the board must do this: the norm of the HAN port is 2400 baud; 9600 baud is asked of a typical coupler only.
fn is_ours(run: &Run, baud: u32) -> bool {
    let name = &run.case.name;
    name.starts_with("6N139")
        && !name.contains("% of the least")
        && (baud == 2400 || name.contains("corner nominal"))
}

/// The coupler's output, before the Schmitt trigger.
fn raw(run: &Run) -> Signal {
    run.voltage(if run.case.deck == "coupler" { "xb1.raw" } else { "raw" }, "ag")
}

fn picture(runs: &[Run]) -> Option<Picture> {
    let shown = |name: &str| runs.iter().find(|run| run.case.name == name);
    let bit_ms = 1000.0 / 2400.0;
    let line = |label: &str, run: &Run| Line::of(label, &raw(run), 1e3, 1.0);
    let mut lines = vec![
        line("6N139, typical", shown("6N139, corner nominal, 2400 baud")?),
        line("6N139, dim corner", shown("6N139, corner dim, 2400 baud")?),
        line("6N139, bright corner", shown("6N139, corner bright, 2400 baud")?),
    ];
    lines.extend(
        shown("PC817, transfer ratio 0.8, 2400 baud").map(|run| line("PC817, transfer ratio 0.8", run)),
    );
    Some(Picture {
        name: "coupler",
        title: "The coupler's output at 2400 baud: the first space of the octet 7E",
        x: "ms",
        y: "V",
        range: (3.8 * bit_ms, 6.6 * bit_ms),
        top: f64::INFINITY,
        lines,
        bounds: vec![("surely high from 3.35 V", 3.35), ("surely low to 1.1 V", 1.1)],
    })
}
