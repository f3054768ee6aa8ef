//! What the README says of commands is what the boards' tables say.

use std::{env, fs};

use meterscope_firmware_logic::command::{self, Row};
use meterscope_firmware_logic::master_command;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");

#[test]
fn the_readme_has_the_tables_of_commands() {
    let text = fs::read_to_string(README).unwrap();
    let with_tables = with_table(&text, "commands", &command::TABLE);
    let with_tables = with_table(&with_tables, "master-commands", &master_command::TABLE);
    if env::var_os("METERSCOPE_BLESS").is_some() {
        fs::write(README, &with_tables).unwrap();
    }
    assert!(
        text == with_tables,
        "METERSCOPE_BLESS=1 and this test write the tables of commands into {README} anew"
    );
}

/// The text with the table between the comment that names it and the next `<!-- end -->`.
fn with_table(text: &str, name: &str, rows: &[Row]) -> String {
    let (before, rest) = text.split_once(&format!("<!-- {name} -->\n")).unwrap();
    let (_, after) = rest.split_once("<!-- end -->\n").unwrap();
    let rows: String = rows.iter().map(line).collect();
    let head = "| command | what it does | for example | answer |\n| --- | --- | --- | --- |\n";
    format!("{before}<!-- {name} -->\n\n{head}{rows}<!-- end -->\n{after}")
}

fn line(row: &Row) -> String {
    let Row { form, example, meaning, answer } = row;
    // In a table a bar ends a cell, inside code as well.
    format!("| `{}` | {meaning} | `{example}` | `{answer}` |\n", form.replace('|', "\\|"))
}
