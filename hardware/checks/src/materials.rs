//! The bill of materials.

use crate::boards::{Board, read};
use crate::netlist::Netlist;
use std::collections::BTreeMap;

const TITLES: [&str; 8] = [
    "References",
    "Value",
    "Quantity",
    "Rating",
    "Footprint",
    "Manufacturer",
    "Part number",
    "Second source",
];

/// What is wrong with a board's bill of materials: a part that is missing, one that is not on the board, one without a
/// rating, a maker's number or a second source, a count that is not right.
pub fn problems(board: &Board, netlist: &Netlist) -> Vec<String> {
    let text = read(&board.folder().join("bom.csv"));
    let mut lines = text.lines().map(fields);
    let mut problems = Vec::new();
    if lines.next().is_none_or(|titles| titles != TITLES) {
        problems.push("the titles are not those of a bill of materials".to_owned());
    }
    let mut listed: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        let [references, value, quantity, rating, footprint, maker, number, second_source] = line.as_slice()
        else {
            problems.push(format!("a line has {} columns: {line:?}", line.len()));
            continue;
        };
        let references: Vec<&str> = references.split(',').collect();
        if quantity.parse() != Ok(references.len()) {
            problems.push(format!("{references:?} are not {quantity}"));
        }
        for (title, column) in [
            ("rating", rating),
            ("maker", maker),
            ("part number", number),
            ("second source", second_source),
            ("footprint", footprint),
        ] {
            if column.trim().is_empty() {
                problems.push(format!("{references:?} ({value}) have no {title}"));
            }
        }
        for reference in references {
            *listed.entry(reference.to_owned()).or_default() += 1;
        }
    }
    for (reference, part) in &netlist.parts {
        match (part.in_bom, listed.remove(reference)) {
            (true, Some(1)) | (false, None) => {}
            (true, None) => problems.push(format!("{reference} ({}) is not listed", part.value)),
            (true, Some(times)) => problems.push(format!("{reference} is listed {times} times")),
            (false, Some(_)) => problems.push(format!("{reference} is listed and not bought")),
        }
    }
    problems
        .extend(listed.into_keys().map(|reference| format!("{reference} is listed and not on the board")));
    problems
}

/// The columns of a line of KiCad's, each in quotes.
fn fields(line: &str) -> Vec<String> {
    let inner = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
    inner.split("\",\"").map(|field| field.replace("\"\"", "\"")).collect()
}
