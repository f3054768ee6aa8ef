//! A board's folder, the one in the repository or a copy that a test may spoil.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The boards that there are.
pub const NAMES: [&str; 2] = ["han-shield", "master-simulator"];

/// A board with the libraries beside it.
pub struct Board {
    name: String,
    tree: PathBuf,
    /// Deletes the copy when the board goes.
    copy: Option<TempDir>,
}

impl Board {
    /// The board in the repository.
    pub fn committed(name: &str) -> Self {
        Self { name: name.to_owned(), tree: committed_tree(), copy: None }
    }

    /// A copy of the board and of its libraries.
    pub fn copy(name: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        for part in [name, "library"] {
            copy_folder(&committed_tree().join(part), &folder.path().join(part));
        }
        Self { name: name.to_owned(), tree: folder.path().to_owned(), copy: Some(folder) }
    }

    /// The board as the generator makes it now, in a folder of its own.
    pub fn generated(name: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let tree = folder.path().join("boards");
        run(Command::new(committed_tree().join("generate")).arg(name).arg(&tree));
        Self { name: name.to_owned(), tree, copy: Some(folder) }
    }

    /// The folder with the board's project.
    pub fn folder(&self) -> PathBuf {
        self.tree.join(&self.name)
    }

    /// The folder with the libraries of all boards.
    pub fn library(&self) -> PathBuf {
        self.tree.join("library")
    }

    /// The project's file with this ending: `kicad_sch`, `kicad_pcb`, `kicad_pro` …
    pub fn file(&self, ending: &str) -> PathBuf {
        self.folder().join(format!("{}.{ending}", self.name))
    }

    /// What the project's file with this ending says.
    pub fn read(&self, ending: &str) -> String {
        read(&self.file(ending))
    }

    /// Changes the project's file with this ending. Panics if it stays the same, since a test that spoils nothing shows
    /// nothing, and if the board is the repository's.
    pub fn change(&self, ending: &str, change: impl FnOnce(&str) -> String) {
        assert!(self.copy.is_some(), "only a copy may be changed");
        let before = self.read(ending);
        let after = change(&before);
        assert_ne!(before, after, "the change to {ending} changes nothing");
        fs::write(self.file(ending), after).expect("the copy can be written");
    }
}

/// What a text file says.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs a command and gives what it printed. Panics, with that, if it fails.
pub fn run(command: &mut Command) -> String {
    let output =
        command.output().unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?} failed:\n{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}

fn committed_tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../boards")
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the copy can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the copy can be written");
        }
    }
}
