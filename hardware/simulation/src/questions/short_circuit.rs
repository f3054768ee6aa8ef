//! The bus shorted, and after.

use super::{Answer, Extent, Question, d8, start_up};
use crate::case::Case;
use crate::limit;
use crate::ngspice::Run;
use crate::picture::{Line, Picture};
use crate::report::Table;
use crate::values;

/// The question.
pub const QUESTION: Question = Question { id: "short-circuit", cases, answer };

const FROM_S: f64 = 0.1;
const UNTIL_S: f64 = 0.4;
/// What the converter's capacitor holds is spent by then.
const SETTLED_S: f64 = 0.05;
/// The warmest air that the board is made for while its bus is shorted.
const HOT: f64 = 60.0;
/// Kelvin for each watt from Q3's junction to the air: 3.12 in it (ST), 1.0 with paste, 8.0 of HS1 at 5 W (Boyd 531202B02500G).
const TO_THE_AIR: f64 = 12.12;

fn cases(extent: Extent) -> Vec<Case> {
    let most = values::of("vp_most");
    let supplies = [
        (2.1, 38.0, "supplied by USB"),
        (20.0, 38.0, "supply of its own"),
        (20.0, most, "supply of its own, highest voltage"),
    ];
    let temperatures: &[f64] = if extent == Extent::All { &[0.0, 25.0, HOT] } else { &[HOT] };
    let case = |power: f64, volts: f64, supply: &str, temperature: f64| {
        Case::new("short_circuit", format!("{supply}, {temperature} °C"), 0.0)
            .with("power", power)
            .with("vout", volts)
            .with("from", FROM_S)
            .with("until", UNTIL_S)
            .at(temperature)
            .sending(&start_up::octets_now_and_then(1.0), 1.0 / 2400.0)
    };
    temperatures
        .iter()
        .flat_map(|&at| supplies.map(|(power, volts, name)| case(power, volts, name, at)))
        .collect()
}

fn answer(runs: &[Run]) -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&[
        "Case",
        "Peak current",
        "Current after 50 ms",
        "Power in Q3",
        "Its junction at last",
        "Good octets again after",
    ]);
    for run in runs {
        let current = run.current("vinto");
        let peak = current.most();
        let steady = current.after(FROM_S + SETTLED_S).before(UNTIL_S).most();
        let collector = run.current("@q.xmaster.q3[ic]".trim_start_matches("i("));
        let drop = run.voltage("vs", "xmaster.e3");
        let power = drop.combined(&collector, |volts, amperes| volts * amperes);
        let power = power.after(FROM_S + SETTLED_S).before(UNTIL_S - 1e-3).mean();
        let again = recovery_s(run);
        let junction = run.case.temperature + power * TO_THE_AIR;
        answer.find(&limit::SHORT_JUNCTION, run, junction);
        answer.find(&limit::SHORT_CURRENT, run, steady * 1e3);
        answer.find(&limit::SHORT_RECOVERY, run, again);
        table.row([
            run.case.name.clone(),
            format!("{:.0} mA", peak * 1e3),
            format!("{:.0} mA", steady * 1e3),
            format!("{power:.2} W"),
            format!("{junction:.0} °C"),
            format!("{:.0} ms", again * 1e3),
        ]);
    }
    answer.tables.push(table);
    answer.pictures.extend(picture(runs));
    answer
}

/// From the end of the short circuit to where octets are good.
fn recovery_s(run: &Run) -> f64 {
    // `first_good_s` counts from where the line began.
    (start_up::first_good_s(run, &d8(run, 1)) + 0.01 - UNTIL_S).max(0.0)
}

fn picture(runs: &[Run]) -> Option<Picture> {
    let run = runs.iter().find(|run| run.case.name == "supplied by USB, 25 °C")?;
    Some(Picture {
        name: "short-circuit",
        title: "The bus shorted from 100 to 400 ms, 20 loads, supplied by USB",
        x: "ms",
        y: "V, 10 mA",
        range: (80.0, 480.0),
        top: 45.0,
        lines: vec![
            Line::of("bus, V", &run.voltage("p0", ""), 1e3, 1.0),
            Line::of("boost converter, V", &run.voltage("vs", ""), 1e3, 1.0),
            Line::of("into the short circuit, 10 mA", &run.current("vinto"), 1e3, 100.0),
        ],
        bounds: vec![],
    })
}
