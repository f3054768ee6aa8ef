//! A meter and a board in simavr (`firmware/bench`), joined to a pseudo-terminal.
//!
//! The simulation is a program of another workspace. Its standard input and output are the board's USB side.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::board::Board;
use crate::pseudo_terminal::PseudoTerminal;

/// How often the board looks for what the host sent.
const POLL_INTERVAL: Duration = Duration::from_millis(4);
/// What nobody has read for so long nobody will: a board keeps none of it either.
const KEPT: Duration = Duration::from_secs(2);
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
    /// A meter of this kind whose clock begins with `clock` (`2026-11-21 12:00:00`), or with the time that it is.
    pub fn start(board: &Board, meter: &str, clock: Option<&str>) -> Outcome<Self> {
        let program = program()?;
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
        let (host, bus) = (board.clone(), board.clone());
        simulated.threads = vec![
            thread::spawn(move || hand_down(&host, to_board, &ended)),
            thread::spawn(move || hand_up(&bus, from_board)),
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

/// From the host to the board.
fn hand_down(board: &Board, mut to_board: ChildStdin, ended: &AtomicBool) {
    while !ended.load(Ordering::SeqCst) {
        // While the plug is out there is nothing.
        let sent = board.with_terminal(PseudoTerminal::take_sent).unwrap_or_default();
        if to_board.write_all(&sent).and_then(|()| to_board.flush()).is_err() {
            return;
        }
        thread::sleep(POLL_INTERVAL);
    }
}

/// From the board to the host.
fn hand_up(board: &Board, mut from_board: ChildStdout) {
    let mut buffer = [0; 4096];
    let mut read_out = Instant::now();
    while let Ok(length @ 1..) = from_board.read(&mut buffer) {
        let octets = buffer.get(..length).unwrap_or_default();
        let _ = board.with_terminal(|terminal| {
            if terminal.unread()? == 0 {
                read_out = Instant::now();
            } else if read_out.elapsed() > KEPT {
                terminal.drop_unread()?;
            }
            terminal.write_some(octets)
        });
    }
}

fn repeat(words: ChildStderr) {
    for line in BufReader::new(words).lines().map_while(Result::ok) {
        if !line.starts_with(LOADED) {
            eprintln!("{line}");
        }
    }
}
