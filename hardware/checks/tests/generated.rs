//! The files in the repository are those that the generator makes, and it makes the same ones each time.

use meterscope_hardware_checks::boards::{Board, NAMES, read, run};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Made by hand, or (pictures) not the same on two machines.
const NOT_COMPARED: [&str; 4] = ["README.md", "top.png", "bottom.png", "pictures.sha256"];
/// KiCad keeps here what a person last looked at.
const NOT_COMMITTED: &str = "kicad_prl";

#[test]
fn the_files_are_up_to_date() {
    for name in NAMES {
        let committed = Board::committed(name);
        let generated = Board::generated(name);
        for (committed, generated) in
            [(committed.folder(), generated.folder()), (committed.library(), generated.library())]
        {
            let (committed, generated) = (files(&committed), files(&generated));
            assert_eq!(
                committed.keys().collect::<Vec<_>>(),
                generated.keys().collect::<Vec<_>>(),
                "{name}: other files; run `make boards`"
            );
            for (path, content) in &committed {
                assert!(content == &generated[path], "{name}: {path} is out of date; run `make boards`");
            }
        }
    }
}

#[test]
fn the_pictures_are_of_this_board() {
    for name in NAMES {
        let board = Board::committed(name);
        let printed = run(Command::new("sha256sum").arg(board.file("kicad_pcb")));
        let now = printed.split_whitespace().next().unwrap_or_default().to_owned();
        let pictured = read(&board.folder().join("pictures.sha256"));
        assert!(pictured.starts_with(&now), "{name}: the pictures are of another board; run `make boards`");
        for picture in ["top.png", "bottom.png"] {
            let content = fs::read(board.folder().join(picture)).unwrap();
            assert!(content.starts_with(b"\x89PNG") && content.len() > 50_000, "{name}: {picture}");
        }
    }
}

/// What is compared in a folder: path to content.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if !NOT_COMPARED.contains(&name.as_str()) && !name.ends_with(NOT_COMMITTED) {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}
