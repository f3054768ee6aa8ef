//! `make bench-board` as a program: whatever ends it but SIGKILL, nothing of it is left behind.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use meterscope_e2e::Outcome;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);
/// A variable in the environment of all that the program starts.
const MARK: &str = "METERSCOPE_BOARD_PROGRAM";
const POLL_INTERVAL: Duration = Duration::from_millis(5);

#[test]
fn a_closed_terminal_leaves_nothing_behind() -> Outcome {
    ended_by(Signal::HUP)
}

#[test]
fn whoever_ends_it_leaves_nothing_behind() -> Outcome {
    ended_by(Signal::TERM)
}

#[test]
fn ctrl_c_leaves_nothing_behind() -> Outcome {
    ended_by(Signal::INT)
}

#[test]
fn ctrl_backslash_leaves_nothing_behind() -> Outcome {
    ended_by(Signal::QUIT)
}

/// As with a DISPLAY of a session that has ended.
#[test]
fn a_window_that_never_opens_is_told_with_what_chromium_says() -> Outcome {
    let mut program = Program::with_chromium("echo 'Missing X server' >&2; exit 1", Stdio::piped())?;
    let words = program.process.stderr.take().ok_or("it has no standard error")?;
    let (sender, said) = channel();
    thread::spawn(move || {
        for line in BufReader::new(words).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let sentence =
        "Chromium could not open a window on DISPLAY=:none. The board goes on until Ctrl-C. Chromium said:";
    for expected in [sentence, "Missing X server"] {
        // Of a busy machine the simulation speaks as well.
        while said.recv_timeout(PATIENCE)? != expected {}
    }
    program.end(Signal::TERM)
}

/// Make says what the program would say, and Cargo is never asked.
#[test]
fn what_is_wrong_is_said_before_anything_is_built() -> Outcome {
    for (meter, port) in
        [("iskra", "8080"), ("", "8080"), ("Kaifa", "8080"), ("heat", "8o"), ("heat", "65536")]
    {
        let home = tempfile::tempdir()?;
        fs::create_dir(home.path().join("bin"))?;
        script(&home.path().join("bin/cargo"), "touch \"$CARGO_HOME/asked\"; exit 1")?;
        let mut make = Command::new("make");
        make.args(["-C", concat!(env!("CARGO_MANIFEST_DIR"), "/../.."), "bench-board"]);
        make.args([format!("METER={meter}"), format!("port={port}")]).env("CARGO_HOME", home.path());
        // Of the make that runs this test.
        for variable in ["MAKEFLAGS", "MFLAGS", "MAKELEVEL"] {
            make.env_remove(variable);
        }
        let said = make.output()?;
        let program = Command::new(env!("CARGO_BIN_EXE_board")).args(["--port", port, meter]).output()?;
        let words = String::from_utf8(program.stderr)?;
        assert!(!said.status.success() && words.ends_with(".\n"), "{words}");
        let said = String::from_utf8(said.stderr)?;
        assert!(said.starts_with(&words), "{said}");
        assert!(!home.path().join("asked").exists(), "{said}");
    }
    Ok(())
}

/// While the page is open, and as early as there is something to leave behind.
fn ended_by(signal: Signal) -> Outcome {
    let mut program = Program::start()?;
    program
        .wait_until(|processes, _| processes.values().any(|command| command.contains("--type=renderer")))?;
    program.end(signal)?;
    let mut program = Program::start()?;
    program.wait_until(|_, has_files| has_files)?;
    program.end(signal)
}

/// The program with a Chromium that needs no screen.
struct Program {
    process: Child,
    /// For its temporary files, and nothing else.
    temporary: TempDir,
    _tools: TempDir,
    /// All processes that were seen so far: number and start, and what they are.
    seen: BTreeMap<(i32, u64), String>,
}

impl Program {
    fn start() -> Outcome<Self> {
        let path = std::env::var("PATH")?;
        Self::with_chromium(&format!("PATH='{path}' exec chromium --headless=new \"$@\""), Stdio::inherit())
    }

    /// With these commands for a Chromium.
    fn with_chromium(commands: &str, stderr: Stdio) -> Outcome<Self> {
        let (temporary, tools) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let path = std::env::var("PATH")?;
        script(&tools.path().join("chromium"), commands)?;
        let process = Command::new(env!("CARGO_BIN_EXE_board"))
            .args(["--port", "0", "kaifa"])
            .env("PATH", format!("{}:{path}", tools.path().display()))
            .env("TMPDIR", temporary.path())
            .env(MARK, temporary.path())
            // No screen has this name, and the Chromium of this test asks for none.
            .env("DISPLAY", ":none")
            .stdin(Stdio::null())
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()?;
        Ok(Self { process, temporary, _tools: tools, seen: BTreeMap::new() })
    }

    /// Waits for what is to be seen of its processes, and of whether it has files.
    fn wait_until(&mut self, is_seen: impl Fn(&BTreeMap<(i32, u64), String>, bool) -> bool) -> Outcome {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            self.look()?;
            if is_seen(&self.seen, self.files()? > 0) {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("it has ended by itself: {status}").into());
            }
            thread::sleep(POLL_INTERVAL);
        }
        Err(format!("it never came so far: {:#?}", self.seen).into())
    }

    fn end(mut self, signal: Signal) -> Outcome {
        self.look()?;
        let number = Pid::from_raw(self.process.id().cast_signed()).ok_or("0 is no process")?;
        kill_process(number, signal)?;
        let status = self.wait()?;
        assert!(status.success(), "{status}");
        self.look()?;
        let left: Vec<_> = self.seen.iter().filter(|(id, _)| start_of(id.0) == Some(id.1)).collect();
        assert!(left.is_empty(), "{left:#?}");
        let files: Vec<_> = fs::read_dir(&self.temporary)?.collect();
        assert!(files.is_empty(), "{files:?}");
        Ok(())
    }

    fn wait(&mut self) -> Outcome<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            // It may still start others.
            self.look()?;
            if let Some(status) = self.process.try_wait()? {
                return Ok(status);
            }
            thread::sleep(POLL_INTERVAL);
        }
        Err("it does not end".into())
    }

    fn look(&mut self) -> Outcome {
        self.seen.extend(running(self.temporary.path())?);
        Ok(())
    }

    fn files(&self) -> Outcome<usize> {
        Ok(fs::read_dir(&self.temporary)?.count())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        for id in self.seen.keys().filter(|id| start_of(id.0) == Some(id.1)) {
            let _ = Pid::from_raw(id.0).map(|process| kill_process(process, Signal::KILL));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn script(path: &Path, commands: &str) -> Outcome {
    fs::write(path, format!("#!/bin/sh\n{commands}\n"))?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

/// The processes of the program with this folder, and those that they have started: Chromium's renderers write over their
/// environment. One that has ended and that nobody has asked for does not run.
fn running(temporary: &Path) -> Outcome<BTreeMap<(i32, u64), String>> {
    let variable = format!("{MARK}={}", temporary.display());
    let (mut found, mut others) = (BTreeMap::new(), Vec::new());
    for entry in fs::read_dir("/proc")? {
        let folder = entry?.path();
        let Some(number) = folder.file_name().and_then(|name| name.to_str()?.parse().ok()) else { continue };
        // Any process may end while it is looked at.
        let (Ok(environment), Ok(command), Some((parent, start))) =
            (fs::read(folder.join("environ")), fs::read(folder.join("cmdline")), parent_and_start(number))
        else {
            continue;
        };
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        if environment.split(|&octet| octet == 0).any(|entry| entry == variable.as_bytes()) {
            found.insert((number, start), command);
        } else {
            others.push((parent, (number, start), command));
        }
    }
    loop {
        let is_parent = |number: i32| found.keys().any(|id| id.0 == number);
        let Some(place) = others.iter().position(|(parent, ..)| is_parent(*parent)) else { return Ok(found) };
        let (_, id, command) = others.swap_remove(place);
        found.insert(id, command);
    }
}

/// When a process that runs was started.
fn start_of(number: i32) -> Option<u64> {
    Some(parent_and_start(number)?.1)
}

/// Of a process that runs (proc(5), fields 4 and 22).
fn parent_and_start(number: i32) -> Option<(i32, u64)> {
    let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<_> = fields.split_whitespace().collect();
    if matches!(*fields.first()?, "Z" | "X") {
        return None;
    }
    Some((fields.get(1)?.parse().ok()?, fields.get(19)?.parse().ok()?))
}
