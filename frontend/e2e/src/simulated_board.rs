//! A meter and a board in simavr (`firmware/bench`), joined to a pseudo-terminal.
//!
//! The simulation is a program of another workspace. Its standard input and output are the board's USB side.

mod openers;
mod port;

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crate::Outcome;
use crate::board::Board;
use openers::Openers;
use port::Port;

/// What simavr says whenever it is given an image.
const LOADED: &str = "Loaded ";

/// The simulation, which ends when this is dropped.
#[derive(Debug)]
pub struct SimulatedBoard {
    process: Child,
    ended: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl SimulatedBoard {
    /// A meter of this kind whose clock begins with `clock` (`2026-11-21 12:00:00`), or with the time that it is. The board
    /// is plugged in, stays so, and no program has its port open yet.
    pub fn start(board: &Board, meter: &str, clock: Option<&str>) -> Outcome<Self> {
        let program = program()?;
        let mut openers = board.with_terminal(|terminal| Openers::watch(terminal.path()))?;
        let mut process = Command::new(&program)
            .arg(meter)
            .args(clock)
            // Ctrl-C is for this program, which ends that one.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let streams = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let ended = Arc::<AtomicBool>::default();
        let mut simulated = Self { process, ended: Arc::clone(&ended), threads: Vec::new() };
        let (Some(to_board), Some(from_board), Some(words)) = streams else {
            return Err("the simulation has no streams".into());
        };
        let down = Arc::new(Port::new(board.clone()));
        let up = Arc::clone(&down);
        simulated.threads = vec![
            thread::spawn(move || down.hand_down(&mut openers, to_board, &ended)),
            thread::spawn(move || up.hand_up(from_board)),
            thread::spawn(move || repeat(words)),
        ];
        Ok(simulated)
    }

    /// Whether it has ended by itself: its words, on the standard error, say why.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.process.try_wait(), Ok(None))
    }
}

impl Drop for SimulatedBoard {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = self.process.kill();
        let _ = self.process.wait();
        for thread in self.threads.drain(..) {
            drop(thread.join());
        }
    }
}

/// `make firmware` builds it in the firmware's own target folder, or where Cargo is told to build everything.
fn program() -> Outcome<PathBuf> {
    let firmware = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../firmware"));
    let told = env::var_os("CARGO_TARGET_DIR").map(|target| firmware.join(target));
    let targets = told.into_iter().chain([firmware.join("target")]);
    let found = targets.map(|target| target.join("debug/bench_board")).find(|program| program.exists());
    found.ok_or_else(|| "firmware/target/debug/bench_board is missing: `make firmware` builds it".into())
}

fn repeat(words: ChildStderr) {
    for line in BufReader::new(words).lines().map_while(Result::ok) {
        if !line.starts_with(LOADED) {
            // Whoever started this may have closed the standard error.
            let _ = writeln!(io::stderr(), "{line}");
        }
    }
}
