//! `meterscope decode --overrides FILE`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs, process};

const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/kamstrup/capture.hex");

/// A file that is gone with the test.
struct Table(PathBuf);

impl Table {
    fn new(name: &str, text: &str) -> Self {
        let path = env::temp_dir().join(format!("meterscope-{}-{name}.csv", process::id()));
        fs::write(&path, text).expect("a file can be written");
        Self(path)
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn decode(table: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_meterscope"))
        .args(["decode", "--overrides"])
        .arg(table)
        .args(more)
        .arg(CAPTURE)
        .output()
        .expect("the command runs")
}

#[test]
fn lines_and_tree_show_the_users_word() {
    let table = Table::new("good", "list;place;name;unit;scaler\nKamstrup_V0001;1-1:1.8.0;cellar;Wh;0\n");
    let lines = decode(&table.0, &["--json"]);
    assert!(lines.status.success());
    let lines = String::from_utf8_lossy(&lines.stdout);
    assert!(lines.contains(r#""name":"cellar""#) && lines.contains(r#""scale_source":"override""#));
    let tree = decode(&table.0, &[]);
    assert!(String::from_utf8_lossy(&tree.stdout).contains("= 1-1:1.8.0.255 cellar: "));
}

#[test]
fn a_fault_in_the_table_names_file_and_line() {
    let table = Table::new("bad", "list,place,unit\n*,1-1:1.8.0,Wh\n*,1-1:1.8.0,watts\n");
    let refused = decode(&table.0, &["--json"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty());
    let shown = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(shown.contains("bad.csv, line 3") && shown.contains("watts"), "{shown}");
}
