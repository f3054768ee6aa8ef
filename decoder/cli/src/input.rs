//! What is read: a capture, keys, overrides.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;
use meterscope_capture::overrides::{OverrideError, Overrides};
use meterscope_capture::{ImportError, Imported, import_with};
use meterscope_decoder::security::Key;

use crate::keys;
use crate::preview::Choices;

/// A capture and what is needed to read it.
#[derive(Args)]
pub struct Input {
    #[command(flatten)]
    keys: keys::Keys,
    /// A table of names, units and scales for what the meter leaves out or gets wrong: list,elements,place,name,unit,scaler.
    #[arg(long, value_name = "FILE")]
    overrides: Option<PathBuf>,
    #[command(flatten)]
    choices: Choices,
    /// The capture, or - for standard input.
    #[arg(value_name = "FILE|-")]
    path: PathBuf,
}

/// Why there is nothing to print.
pub enum Failure {
    /// The file cannot be read.
    Read(PathBuf, io::Error),
    /// There is nothing in the file that can be decoded.
    Import(PathBuf, ImportError),
    /// A key is none.
    Key(keys::Failure),
    /// The table of overrides has a fault.
    Overrides(PathBuf, OverrideError),
    /// The output cannot be written.
    Write(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            Self::Import(path, error) => write!(
                f,
                "{}: {error}. Give octets as they came from the wire, hexadecimal digits, a log or a dump with \
                 them, a pcapng file, or a P1 telegram.",
                path.display()
            ),
            Self::Key(failure) => write!(f, "{failure}"),
            Self::Overrides(path, error) => write!(f, "{}, {error}", path.display()),
            Self::Write(error) => write!(f, "cannot write the output: {error}"),
        }
    }
}

impl Input {
    /// The keys.
    pub fn keys(&self) -> Result<Vec<Key>, Failure> {
        self.keys.keys().map_err(Failure::Key)
    }

    /// The overrides; without a file there are none.
    pub fn overrides(&self) -> Result<Overrides, Failure> {
        let Some(path) = &self.overrides else { return Ok(Overrides::default()) };
        let text = fs::read_to_string(path).map_err(|error| Failure::Read(path.clone(), error))?;
        Overrides::parse(&text).map_err(|error| Failure::Overrides(path.clone(), error))
    }

    /// The capture.
    pub fn read(&self) -> Result<Imported, Failure> {
        let mut octets = Vec::new();
        let read = if self.path.as_os_str() == "-" {
            io::stdin().lock().read_to_end(&mut octets).map(|_| ())
        } else {
            fs::read(&self.path).map(|read| octets = read)
        };
        read.map_err(|error| Failure::Read(self.path.clone(), error))?;
        import_with(&octets, self.choices.repairs())
            .map_err(|error| Failure::Import(self.path.clone(), error))
    }
}
