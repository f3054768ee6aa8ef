//! The limits hold in the cases that are nearest to them, and a board that is built wrongly does not keep them.

use meterscope_simulation::case::Case;
use meterscope_simulation::limit::Finding;
use meterscope_simulation::model::Row;
use meterscope_simulation::ngspice::{self, Run};
use meterscope_simulation::questions::{ALL, Answer, Extent, Question};

fn runs(cases: &[Case]) -> Vec<Run> {
    ngspice::run_all(cases).into_iter().map(|run| run.unwrap_or_else(|failure| panic!("{failure}"))).collect()
}

/// The answers to all questions; their cases run together, so that no core waits.
fn answers(change: impl Fn(Case) -> Case, questions: &[&Question]) -> Vec<Answer> {
    let cases = questions.iter().map(|question| (question.cases)(Extent::Few)).collect::<Vec<_>>();
    let counts: Vec<usize> = cases.iter().map(Vec::len).collect();
    let mut runs = runs(&cases.into_iter().flatten().map(change).collect::<Vec<_>>()).into_iter();
    let counted = questions.iter().zip(counts);
    counted
        .map(|(question, count)| (question.answer)(&runs.by_ref().take(count).collect::<Vec<_>>()))
        .collect()
}

fn broken(answers: &[Answer]) -> Vec<String> {
    let findings = answers.iter().flat_map(|answer| &answer.findings).filter(|finding| !finding.holds());
    findings
        .map(|Finding { limit, case, value }| format!("{}: {value} {} ({case})", limit.what, limit.unit))
        .collect()
}

fn question(id: &str) -> &'static Question {
    ALL.iter().find(|question| question.id == id).unwrap()
}

#[test]
fn limits_hold_and_models_are_as_their_data_sheets_say() {
    let answers = answers(|case| case, &ALL.iter().collect::<Vec<_>>());
    assert_eq!(broken(&answers), Vec::<String>::new());
    let mismatches: Vec<String> =
        answers.iter().flat_map(|answer| &answer.rows).flat_map(Row::mismatches).collect();
    assert_eq!(mismatches, Vec::<String>::new());
    let findings: usize = answers.iter().map(|answer| answer.findings.len()).sum();
    assert!(findings > 60, "{findings} are judged");
}

/// What a change of one value does to a question's limits.
fn with(id: &str, parameter: &'static str, value: &str) -> Vec<String> {
    broken(&answers(|case| case.with(parameter, value), &[question(id)]))
}

fn assert_breaks(broken: &[String], what: &str) {
    assert!(broken.iter().any(|broken| broken.starts_with(what)), "{what} holds; broken: {broken:?}");
}

#[test]
fn wrong_parts_break_the_limits_they_should() {
    // The coupler's LED gets too little.
    assert_breaks(&with("polarity", "r_led", "150k"), "Octets lost");
    // SC does not hold mark for an octet.
    assert_breaks(&with("polarity", "c_sc", "150p"), "Octets lost");
    // Two unit loads a board.
    assert_breaks(&with("port", "r_idd", "13k"), "Current of four boards");
    // A large storage capacitor takes long to fill.
    assert_breaks(&with("start-up", "c_stc", "470u"), "From power on");
}
