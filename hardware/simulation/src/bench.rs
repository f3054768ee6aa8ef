//! The boards' firmware in simavr: programs of the firmware's workspace, which has a compiler of its own.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use meterscope_firmware_logic::line_settings::LineSettings;
use meterscope_firmware_logic::pattern::Meter;

use crate::vcd::{self, Dump};

/// What a forwarder said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Octets, those with a fault too.
    pub octets: Vec<u8>,
    /// Parity and framing errors, breaks and losses, each in words.
    pub faults: Vec<String>,
}

/// Why a board cannot be run.
#[derive(Debug)]
pub enum Failure {
    /// The program was not built.
    Missing(PathBuf),
    /// The program or its files cannot be reached.
    Io(io::Error),
    /// The program ended with these words.
    Refused(String),
    /// What it wrote is no dump.
    Dump(vcd::Problem),
    /// What it said are no octets.
    Answer(String),
}

/// What D9 of a master simulator does in so many seconds from the moment it is switched on; straps choose the meter.
pub fn master(meter: Meter, seconds: u32) -> Result<Dump, Failure> {
    let folder = tempfile::tempdir()?;
    let output = folder.path().join("d9.vcd");
    run(&program("master_vcd")?, &[meter.name().as_ref(), seconds.to_string().as_ref(), output.as_ref()])?;
    vcd::read(&std::fs::read_to_string(output)?, Some("D9")).map_err(Failure::Dump)
}

/// What a forwarder hears at D8 that was told the line.
pub fn forwarder(d8: &Dump, line: LineSettings) -> Result<Heard, Failure> {
    let folder = tempfile::tempdir()?;
    let input = folder.path().join("d8.vcd");
    std::fs::write(&input, d8.write())?;
    let signal = format!("bus.{}", d8.name);
    let program = program("forwarder_hears")?;
    heard(&run(&program, &[line.to_string().as_ref(), input.as_ref(), signal.as_ref()])?)
}

/// `make simulated-boards` builds it in the firmware's own target folder, or where Cargo is told to build everything.
fn program(name: &str) -> Result<PathBuf, Failure> {
    let firmware = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../firmware"));
    let told = std::env::var_os("CARGO_TARGET_DIR").map(|target| firmware.join(target));
    let usual = firmware.join("target");
    let places = told.into_iter().chain([usual.clone()]).map(|target| target.join("debug").join(name));
    places
        .into_iter()
        .find(|place| place.exists())
        .ok_or_else(|| Failure::Missing(usual.join("debug").join(name)))
}

fn run(program: &Path, arguments: &[&OsStr]) -> Result<String, Failure> {
    let said = Command::new(program).args(arguments).output()?;
    if said.status.success() {
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    } else {
        let words = String::from_utf8_lossy(&said.stderr);
        Err(Failure::Refused(format!("{}: {}", program.display(), words.trim())))
    }
}

/// Octets in hex, and behind them a line for each fault.
fn heard(said: &str) -> Result<Heard, Failure> {
    let (hex, faults) = said.split_once('\n').ok_or_else(|| Failure::Answer(said.to_owned()))?;
    let octets = octets(hex).ok_or_else(|| Failure::Answer(said.to_owned()))?;
    Ok(Heard { octets, faults: faults.lines().map(str::to_owned).collect() })
}

fn octets(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = hex.chars().map(|digit| Some(digit.to_digit(16)? as u8)).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(program) => {
                write!(f, "{} is missing: `make simulated-boards` builds it", program.display())
            }
            Self::Io(error) => write!(f, "a board in simavr cannot be run: {error}"),
            Self::Refused(words) => f.write_str(words),
            Self::Dump(problem) => write!(f, "what the master's firmware did: {problem}"),
            Self::Answer(said) => write!(f, "the forwarder's program says no octets: {said:?}"),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_and_faults_are_read() {
        let said = "7EA0FF\noctet 2: wrong parity bit\n";
        let faults = vec!["octet 2: wrong parity bit".to_owned()];
        assert_eq!(heard(said).unwrap(), Heard { octets: vec![0x7E, 0xA0, 0xFF], faults });
        assert_eq!(heard("\n").unwrap(), Heard::default());
        for said in ["", "7E", "7\n", "7EG0\n", "+1\n"] {
            assert!(matches!(heard(said), Err(Failure::Answer(_))), "{said:?}");
        }
    }

    #[test]
    fn a_program_that_was_not_built_is_told() {
        let failure = program("no_such_program").unwrap_err().to_string();
        assert!(failure.contains("no_such_program is missing: `make simulated-boards`"), "{failure}");
    }
}
