//! KiCad's electrical rules (ERC) and design rules (DRC), run on a board.

use crate::boards::{Board, read, run};
use serde_json::Value;
use std::fmt;
use std::process::Command;
use tempfile::TempDir;

/// One finding of KiCad's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// KiCad's name of the rule: `clearance`, `pin_not_connected` …
    pub kind: String,
    /// `error` or `warning`.
    pub severity: String,
    /// What KiCad says of it, with the things it concerns.
    pub description: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.severity, self.kind, self.description)
    }
}

/// What the electrical rules find in the schematic, warnings too.
pub fn electrical(board: &Board) -> Vec<Violation> {
    let report = report(&["sch", "erc"], board, "kicad_sch");
    report["sheets"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|sheet| violations(&sheet["violations"]))
        .collect()
}

/// What the design rules find on the board, warnings, open connections and differences from the schematic too.
pub fn design(board: &Board) -> Vec<Violation> {
    let report = report(&["pcb", "drc", "--schematic-parity"], board, "kicad_pcb");
    ["violations", "unconnected_items", "schematic_parity"]
        .iter()
        .flat_map(|kind| violations(&report[kind]))
        .collect()
}

fn report(arguments: &[&str], board: &Board, ending: &str) -> Value {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("report.json");
    run(Command::new("kicad-cli")
        .args(arguments)
        .args(["--severity-all", "--format", "json", "-o"])
        .arg(&path)
        .arg(board.file(ending)));
    serde_json::from_str(&read(&path)).expect("KiCad writes JSON")
}

fn violations(found: &Value) -> Vec<Violation> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found = found.as_array().map_or(&[][..], Vec::as_slice);
    found
        .iter()
        .map(|entry| {
            let items = entry["items"].as_array().map_or(&[][..], Vec::as_slice);
            let items: Vec<String> = items.iter().map(|item| text(&item["description"])).collect();
            Violation {
                kind: text(&entry["type"]),
                severity: text(&entry["severity"]),
                description: format!("{} [{}]", text(&entry["description"]), items.join("; ")),
            }
        })
        .collect()
}
