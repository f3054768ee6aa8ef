//! Runs cases.

use std::collections::HashMap;
use std::io;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::case::{Case, Mistake};
use crate::raw::{self, Malformed, Raw};
use crate::signal::Signal;

/// A case and what came of it.
#[derive(Clone, Debug)]
pub struct Run {
    /// The case.
    pub case: Case,
    raw: Raw,
}

/// Why a case could not be run.
#[derive(Debug)]
pub enum Failure {
    /// It cannot be written.
    Mistake(Mistake),
    /// ngspice could not be started.
    NoNgspice(io::Error),
    /// ngspice gave up; these are its last words.
    Stopped(String),
    /// Its output cannot be read.
    Malformed(Malformed),
}

impl Run {
    /// A voltage between two nodes; an empty name is ground.
    ///
    /// # Panics
    ///
    /// If the deck does not save them.
    pub fn voltage(&self, plus: &str, minus: &str) -> Signal {
        let plus = self.saved(&format!("v({plus})")).to_vec();
        let values = if minus.is_empty() {
            plus
        } else {
            let minus = self.saved(&format!("v({minus})"));
            plus.iter().zip(minus).map(|(plus, minus)| plus - minus).collect()
        };
        Signal::new(self.raw.time.clone(), values)
    }

    /// The current through a source of voltage.
    ///
    /// # Panics
    ///
    /// If the deck does not save it.
    pub fn current(&self, source: &str) -> Signal {
        Signal::new(self.raw.time.clone(), self.saved(&format!("i({source})")).to_vec())
    }

    /// The octets' stimulus at the master's pin.
    pub fn sent(&self) -> Signal {
        self.voltage("txd", "")
    }

    fn saved(&self, name: &str) -> &[f64] {
        let Some(values) = self.raw.values.get(name) else {
            let names: Vec<&str> = self.raw.values.keys().map(String::as_str).collect();
            panic!("deck {} saves {names:?}, but not {name}", self.case.deck)
        };
        values
    }
}

/// Runs cases, as many at once as there are cores. What comes back is in their order.
pub fn run_all(cases: &[Case]) -> Vec<Result<Run, Failure>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(cases.len());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(HashMap::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let place = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(case) = cases.get(place)
                {
                    let result = run(case.clone());
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(place, result);
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    (0..cases.len()).filter_map(|place| done.remove(&place)).collect()
}

/// Runs one case.
pub fn run(case: Case) -> Result<Run, Failure> {
    let netlist = case.netlist().map_err(Failure::Mistake)?;
    let folder = tempfile::tempdir().map_err(Failure::NoNgspice)?;
    let (deck, output) = (folder.path().join("case.cir"), folder.path().join("case.raw"));
    std::fs::write(&deck, netlist).map_err(Failure::NoNgspice)?;
    let said = Command::new("ngspice")
        .args(["-n", "-b", "-r"])
        .args([&output, &deck])
        .current_dir(folder.path())
        .output()
        .map_err(Failure::NoNgspice)?;
    let words = || {
        let said = String::from_utf8_lossy(&said.stdout) + String::from_utf8_lossy(&said.stderr);
        let telling = |line: &&str| {
            ["error", "aborted", "singular", "too small"]
                .iter()
                .any(|word| line.to_lowercase().contains(word))
        };
        let lines: Vec<&str> = said.lines().filter(telling).collect();
        Failure::Stopped(format!("{}: {}: {}", case.deck, case.name, lines.join("; ")))
    };
    let file = std::fs::read(&output).map_err(|_| words())?;
    let raw = raw::read(&file).map_err(Failure::Malformed)?;
    // ngspice leaves what it has when it gives up on a step.
    let complete = raw.time.last().is_some_and(|&last| last >= case.end_s * 0.999_999);
    if said.status.success() && complete { Ok(Run { case, raw }) } else { Err(words()) }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Mistake(mistake) => mistake.fmt(f),
            Self::NoNgspice(error) => write!(f, "ngspice could not be started (is it installed?): {error}"),
            Self::Stopped(words) => write!(f, "ngspice gave up: {words}"),
            Self::Malformed(malformed) => malformed.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ngspice_cannot_solve_is_said() {
        let case = Case::new("daisy_chain", "", 1e-3).with("vt", "nonsense");
        let Err(Failure::Stopped(words)) = run(case) else { panic!("it ran") };
        assert!(words.contains("daisy_chain"), "{words}");
    }
}
