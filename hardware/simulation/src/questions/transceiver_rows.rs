//! The model of the TSS721A beside its data sheet.

use super::{Answer, Extent, Question};
use crate::case::Case;
use crate::corner::ALL;
use crate::limit::Source;
use crate::model::{Row, rows_table};
use crate::ngspice::Run;

/// The question.
pub const QUESTION: Question = Question { id: "tss721a-rows", cases, answer };

const SUPPLY: Source = Source::Read("SLAS222B, electrical characteristics");
const SUPPLY_UNREAD: Source = Source::Known("SLAS222B, electrical characteristics");
const RECEIVER: Source = Source::Read("SLAS222B, receiver section");
/// The sheet's page was not at hand.
const RECEIVER_UNREAD: Source = Source::Known("SLAS222B, receiver section");
const RATIO: Source = Source::Read("SLAS222B, figure 1 (typical)");

/// What a chip's parameters are in the corners; the rest of a corner is the coupler's.
const OF_THE_CHIP: [&str; 6] = ["vt", "isc", "vridd", "vclamp", "rvol", "itx"];

fn cases(_: Extent) -> Vec<Case> {
    ALL.iter()
        .map(|corner| {
            let set: Vec<_> =
                corner.set.iter().copied().filter(|(name, _)| OF_THE_CHIP.contains(name)).collect();
            let mut case = Case::new("tss721a_rows", corner.name, 0.1).with_all(&set);
            case.step_s = 1e-4;
            case
        })
        .collect()
}

fn answer(runs: &[Run]) -> Answer {
    let rows: Vec<Row> = supply(runs).into_iter().chain(receiver(runs)).collect();
    Answer { tables: vec![rows_table(&rows)], rows, ..Answer::default() }
}

type Measure<'a> = &'a dyn Fn(&Run) -> f64;

fn supply(runs: &[Run]) -> Vec<Row> {
    let row = |what, range, unit, source, measure: Measure| {
        Row::new(what, range, unit, source, values(runs, measure))
    };
    let bus = |run: &Run, source: &str, at_s: f64| run.current(source).at(at_s).abs() * 1e3;
    let variation = |run: &Run, source: &str| {
        let (high, low) = (bus(run, source, 9e-3), bus(run, source, 30e-3));
        (high - low).abs() / high * 100.0
    };
    let vdd_edge = |run: &Run, level: bool| {
        let edges = run.voltage("vddo", "como").edges(1.5, 1.5);
        let edge = edges.iter().find(|edge| edge.level == level);
        edge.map_or(f64::NAN, |edge| run.voltage("stco", "como").at(edge.at_s))
    };
    vec![
        row("ΔV_BR at 13 kΩ", (None, Some(1.5)), "V", SUPPLY, &|run| {
            run.voltage("p13", "").at(9e-3) - run.voltage("vb13", "com13").at(9e-3)
        }),
        row("ΔV_CS1 at 13 kΩ", (None, Some(1.8)), "V", SUPPLY, &headroom),
        row("I_BUS at 13 kΩ", (None, Some(3.0)), "mA", SUPPLY, &|run| bus(run, "vi13", 9e-3)),
        row("I_BUS at 30 kΩ", (None, Some(1.5)), "mA", SUPPLY, &|run| bus(run, "vi30", 9e-3)),
        row("ΔI_BUS over 10 V, 13 kΩ", (None, Some(2.0)), "%", SUPPLY, &|run| variation(run, "vi13")),
        row("ΔI_BUS over 10 V, 30 kΩ", (None, Some(2.0)), "%", SUPPLY, &|run| variation(run, "vi30")),
        row("I_CI1", (None, Some(350.0)), "µA", SUPPLY, &|run| run.current("vsci").at(9e-3).abs() * 1e6),
        row("I_STC_use at 30 kΩ", (Some(0.65), Some(1.1)), "mA", SUPPLY_UNREAD, &|run| {
            run.current("vu30").at(9e-3).abs() * 1e3
        }),
        row("I_STC_use at 13 kΩ", (Some(1.85), Some(2.4)), "mA", SUPPLY_UNREAD, &|run| {
            run.current("vu13").at(9e-3).abs() * 1e3
        }),
        row("V_VDD at 1 mA", (Some(3.1), Some(3.4)), "V", SUPPLY, &|run| {
            run.voltage("vddv", "comv").at(9e-3)
        }),
        row("R_VDD, 2 to 8 mA", (None, Some(5.0)), "Ω", SUPPLY, &|run| {
            let vdd = run.voltage("vddr", "comr");
            (vdd.at(39e-3) - vdd.at(60e-3)) / 6e-3
        }),
        row("V_STC, VDD on", (Some(5.6), Some(6.4)), "V", SUPPLY, &|run| vdd_edge(run, true)),
        row("V_STC, VDD off", (Some(3.8), Some(4.3)), "V", SUPPLY, &|run| vdd_edge(run, false)),
        row("V_STC, clamped", (Some(6.5), Some(7.5)), "V", SUPPLY, &|run| {
            run.voltage("stcc", "comc").at(9e-3)
        }),
    ]
}

fn receiver(runs: &[Run]) -> Vec<Row> {
    let row = |what, range, unit, source, measure: Measure| {
        Row::new(what, range, unit, source, values(runs, measure))
    };
    let tx = |run: &Run, at_s: f64| run.voltage("txs", "coms").at(at_s);
    vec![
        row("V_T: SC less VB at space", (Some(5.7), Some(8.2)), "V", RECEIVER, &|run| {
            let edges = run.voltage("txt", "comt").edges(1.5, 1.5);
            let at_s = edges.first().map_or(f64::NAN, |edge| edge.at_s);
            run.voltage("sct", "comt").at(at_s) - run.voltage("vbt", "comt").at(at_s)
        }),
        row("I_SC, charging", (Some(15.0), Some(40.0)), "µA", RECEIVER, &|run| {
            charging(run) + discharging(run)
        }),
        row("I_SC, charging to discharging", (Some(40.0), Some(40.0)), "", RATIO, &|run| {
            (charging(run) + discharging(run)) / discharging(run)
        }),
        row("BAT less V_OH at TX, 100 µA", (None, Some(0.6)), "V", RECEIVER_UNREAD, &|run| {
            run.voltage("vddh", "comh").at(9e-3) - run.voltage("txh", "comh").at(9e-3)
        }),
        row("V_OL at TX, 100 µA", (None, Some(0.5)), "V", RECEIVER_UNREAD, &|run| tx(run, 19e-3)),
        row("V_OL at TX, 1.1 mA", (None, Some(1.5)), "V", RECEIVER, &|run| tx(run, 60e-3)),
        row("I_TX at 7.5 V in mark", (None, Some(10.0)), "µA", RECEIVER_UNREAD, &|run| {
            run.current("vtl").at(9e-3).abs() * 1e6
        }),
    ]
}

fn values(runs: &[Run], measure: Measure) -> Vec<(String, f64)> {
    runs.iter().map(|run| (run.case.name.clone(), measure(run))).collect()
}

/// From VB to STC where CS1 gives 2 % less than it should.
fn headroom(run: &Run) -> f64 {
    let current = run.current("vscs");
    let full = current.at(9e-3);
    let less = current
        .time()
        .iter()
        .zip(current.values())
        .find(|(_, value)| (**value - full).abs() > full.abs() * 0.02);
    less.map_or(f64::NAN, |(&at_s, _)| run.voltage("vbcs", "").at(at_s) - run.voltage("stccs", "").at(at_s))
}

/// Microamperes into SC, less what it loses all the time.
fn charging(run: &Run) -> f64 {
    run.current("vq").at(9e-3).abs() * 1e6
}

fn discharging(run: &Run) -> f64 {
    run.current("vd").at(9e-3).abs() * 1e6
}
