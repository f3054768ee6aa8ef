//! Every part can be bought, from two makers, and what is listed is what is on the board.

use meterscope_hardware_checks::boards::{Board, NAMES, read};
use meterscope_hardware_checks::materials::problems;
use meterscope_hardware_checks::netlist::Netlist;
use std::fs;

#[test]
fn the_bill_of_materials_is_complete() {
    for name in NAMES {
        let board = Board::committed(name);
        let problems = problems(&board, &Netlist::of(&board));
        assert!(problems.is_empty(), "{name}:\n{}", problems.join("\n"));
    }
}

#[test]
fn what_is_missing_in_it_is_found() {
    let board = Board::copy("han-shield");
    let netlist = Netlist::of(&board);
    let path = board.folder().join("bom.csv");
    let whole = read(&path);
    let last_line = whole.trim_end().rsplit_once('\n').expect("there are lines").1;
    let spoiled = [
        (whole.replacen(last_line, "", 1).trim_end().to_owned(), "is not listed"),
        (whole.replacen("\"TSS721ADR\"", "\"\"", 1), "no part number"),
        (whole.replacen("\"50 V\"", "\"\"", 1), "no rating"),
        (whole.replacen("\"onsemi NCN5150DG\"", "\"\"", 1), "no second source"),
        (whole.replacen("\"R1,R2\"", "\"R1,R99\"", 1), "R99 is listed and not on the board"),
    ];
    for (text, problem) in spoiled {
        assert_ne!(text, whole, "nothing was spoiled for: {problem}");
        fs::write(&path, text).unwrap();
        let problems = problems(&board, &netlist);
        assert!(problems.iter().any(|found| found.contains(problem)), "{problem}: {problems:?}");
    }
}
