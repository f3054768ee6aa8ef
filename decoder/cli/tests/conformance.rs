//! Runs the recorded telegrams through the command, where they are at hand.
//!
//! They carry real serial numbers and are not part of the repository: they lie in `shared/conformance` beside it, or
//! below `METERSCOPE_SHARED`, together with `check.py`, which compares what the command prints. Which cases fail is
//! known and listed; a case that newly fails is an error, and so is one that passes but is still on the list.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The cases that are known to fail, one name a line. Written anew when `METERSCOPE_LIST_FAILURES` is set.
const KNOWN_FAILURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance-known-failures.txt");
const CASES: [&str; 2] = ["cases/mbus.jsonl", "cases/han.jsonl"];

#[test]
fn recorded_telegrams_decode_as_far_as_is_known() {
    let folder = shared_folder().join("conformance");
    if !folder.is_dir() {
        say(&format!("no recorded telegrams in {}, nothing to compare", folder.display()));
        return;
    }
    let mut failures = BTreeSet::new();
    for cases in CASES {
        let report = check(&folder, cases);
        say(&format!("{cases} {}", report.totals));
        failures.extend(report.failures);
    }
    if env::var_os("METERSCOPE_LIST_FAILURES").is_some() {
        write_known_failures(&failures);
        return;
    }
    compare(&failures, &read_known_failures());
}

/// What `check.py` says of one file of cases.
struct Report {
    /// The names of the cases that fail.
    failures: BTreeSet<String>,
    /// Its last line, `N passed, N failed`.
    totals: String,
}

fn check(folder: &Path, cases: &str) -> Report {
    let output = Command::new("python3")
        .arg(folder.join("check.py"))
        .args(["--bin", env!("CARGO_BIN_EXE_meterscope")])
        .arg(folder.join(cases))
        .output()
        .expect("python3 runs check.py");
    let lines = String::from_utf8_lossy(&output.stdout);
    let mut lines: Vec<&str> = lines.lines().collect();
    let totals = lines.pop().unwrap_or_default().to_owned();
    let fault = String::from_utf8_lossy(&output.stderr);
    assert!(
        totals.contains(" passed, ") && fault.is_empty(),
        "check.py on {cases} broke off: {totals} {fault}"
    );
    let failures = lines.iter().filter_map(|line| line.split_once(": ")).map(|(name, _)| name.to_owned());
    let failures: BTreeSet<String> = failures.collect();
    assert!(
        totals.ends_with(&format!(", {} failed", failures.len())),
        "check.py on {cases} names {} cases but counts {totals}",
        failures.len()
    );
    Report { failures, totals }
}

fn compare(failures: &BTreeSet<String>, known: &BTreeSet<String>) {
    let new: Vec<_> = failures.difference(known).collect();
    let mended: Vec<_> = known.difference(failures).collect();
    assert!(new.is_empty(), "these cases newly fail: {new:#?}");
    assert!(mended.is_empty(), "these cases pass now; take them off {KNOWN_FAILURES}: {mended:#?}");
}

fn read_known_failures() -> BTreeSet<String> {
    let text =
        fs::read_to_string(KNOWN_FAILURES).expect("the list of known failures is part of the repository");
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

fn write_known_failures(failures: &BTreeSet<String>) {
    let mut text =
        String::from("# Recorded telegrams that are not decoded yet: decoder/cli/tests/conformance.rs.\n");
    for name in failures {
        text.push_str(name);
        text.push('\n');
    }
    fs::write(KNOWN_FAILURES, text).expect("the list can be written");
}

fn shared_folder() -> PathBuf {
    env::var_os("METERSCOPE_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from)
}

/// Written past the test runner, which keeps what a passing test prints: the totals are wanted every time.
fn say(line: &str) {
    writeln!(io::stderr().lock(), "conformance: {line}").expect("standard error takes a line");
}
