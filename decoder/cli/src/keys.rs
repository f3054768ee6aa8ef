//! Keys from the command line and from files. No message of theirs holds a digit of a key.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use meterscope_decoder::security::{Key, KeyError};
use zeroize::Zeroizing;

/// Where keys come from.
#[derive(Args)]
pub struct Keys {
    /// A key of 32 hexadecimal digits, with its authentication key after a colon. Given more than once, every key is tried
    /// on every message; @ and a system title (16 digits) or meter number (8 digits) says whose key it is.
    #[arg(long, value_name = "EK[:AK][@OWNER]")]
    key: Vec<String>,
    /// A file with a key a line in the same form; # begins a comment. Unlike --key it leaves nothing in the history of the
    /// shell.
    #[arg(long, value_name = "FILE")]
    key_file: Vec<PathBuf>,
}

/// Why keys cannot be used.
pub enum Failure {
    /// The so-manieth key on the command line is none.
    Argument(usize, KeyError),
    /// A line of a file is no key.
    Line(PathBuf, usize, KeyError),
    /// A file cannot be read.
    Read(PathBuf, io::Error),
}

impl Keys {
    /// All keys, those of the command line first.
    pub fn keys(&self) -> Result<Vec<Key>, Failure> {
        let given = self.key.iter().zip(1..);
        let mut keys = given
            .map(|(text, number)| text.parse().map_err(|error| Failure::Argument(number, error)))
            .collect::<Result<Vec<Key>, Failure>>()?;
        for path in &self.key_file {
            read(path, &mut keys)?;
        }
        Ok(keys)
    }
}

fn read(path: &Path, keys: &mut Vec<Key>) -> Result<(), Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::Read(path.to_owned(), error))?;
    let text = Zeroizing::new(text);
    // Windows puts a byte order mark in front.
    for (line, number) in text.trim_start_matches('\u{FEFF}').lines().zip(1..) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if !line.is_empty() {
            keys.push(line.parse().map_err(|error| Failure::Line(path.to_owned(), number, error))?);
        }
    }
    Ok(())
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(number, error) => write!(f, "--key number {number}: {error}"),
            Self::Line(path, number, error) => write!(f, "{} line {number}: {error}", path.display()),
            Self::Read(path, error) => write!(f, "cannot read {}: {error}", path.display()),
        }
    }
}
