//! A browser for a person: a window of its own, with a board in its list of ports and nobody at the controls.

use std::env;
use std::fs;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process_group};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::Outcome;
use crate::chromium::{NO_SANDBOX, QUIET_FLAGS};
use crate::picker;
use crate::processes::group_runs;
use crate::stand_in::{Device, StandIn};

/// So long it may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// A Chromium that fails so early has never shown a window.
const OPENING: Duration = Duration::from_secs(10);
/// Of what Chromium says at its start; later words are about other things.
const MOST_WORDS: u64 = 4096;

/// An open browser. Ends when dropped.
#[derive(Debug)]
pub struct Window {
    process: Child,
    opened: Instant,
    /// What Chromium says on its standard error, once it has ended or has said enough.
    words: Receiver<String>,
    /// All that Chromium writes; goes with the window.
    _folder: TempDir,
}

/// Why there is no window any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The person has closed it.
    Closed,
    /// It was never there; what Chromium said.
    NeverOpened(String),
}

/// The screens that there are to open a window on, as their variables name them: `DISPLAY=:0`.
pub fn screens() -> Vec<String> {
    let screens = ["DISPLAY", "WAYLAND_DISPLAY"].map(|name| (name, env::var_os(name).unwrap_or_default()));
    let named = screens.iter().filter(|(_, value)| !value.is_empty());
    named.map(|(name, value)| format!("{name}={}", value.display())).collect()
}

impl Window {
    /// Opens the page. It may use the device from the beginning, and files are saved where the person works.
    pub fn open(url: &str, device: &Device, stand_in: &StandIn) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let [profile, temporary] = ["profile", "temporary"].map(|name| folder.path().join(name));
        fs::create_dir_all(profile.join("Default"))?;
        fs::create_dir(&temporary)?;
        let preferences = picker::preferences(url, std::slice::from_ref(device), &env::current_dir()?);
        fs::write(profile.join("Default/Preferences"), nested(&preferences).to_string())?;
        let mut process = command(&profile)
            .arg(url)
            .envs(stand_in.environment())
            // Where it would leave things behind when it is ended.
            .env("TMPDIR", temporary)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("chromium: {error}; `.ci/setup browser` installs it"))?;
        let words = listen(process.stderr.take());
        Ok(Self { process, opened: Instant::now(), words, _folder: folder })
    }

    /// Why it is not there any more; None while it is.
    pub fn end(&mut self) -> io::Result<Option<End>> {
        let Some(status) = self.process.try_wait()? else { return Ok(None) };
        if status.success() || self.opened.elapsed() > OPENING {
            return Ok(Some(End::Closed));
        }
        // Others that it has started may still have its standard error.
        self.signal(Signal::KILL);
        Ok(Some(End::NeverOpened(self.words.recv_timeout(PATIENCE).unwrap_or_default())))
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = group(&self.process) {
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(group) = group(&self.process) {
            self.signal(Signal::TERM);
            // Those that it has started write into the profile until they have ended.
            let start = Instant::now();
            while start.elapsed() < PATIENCE && group_runs(group).unwrap_or(false) {
                thread::sleep(POLL_INTERVAL);
            }
            self.signal(Signal::KILL);
        }
        drop(self.process.wait());
    }
}

fn group(process: &Child) -> Option<Pid> {
    i32::try_from(process.id()).ok().and_then(Pid::from_raw)
}

/// Reads on to the end, so that the pipe never fills.
fn listen(stream: Option<ChildStderr>) -> Receiver<String> {
    let (sender, words) = channel();
    thread::spawn(move || {
        let Some(mut stream) = stream else { return };
        let mut said = Vec::new();
        let _ = (&mut stream).take(MOST_WORDS).read_to_end(&mut said);
        let _ = sender.send(String::from_utf8_lossy(&said).trim_end().to_owned());
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    words
}

fn command(profile: &Path) -> Command {
    let mut command = Command::new("chromium");
    command
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--no-first-run", "--no-default-browser-check"])
        .args(QUIET_FLAGS);
    if geteuid().is_root() {
        command.arg(NO_SANDBOX);
    }
    command
}

/// As the file has them: chromedriver takes `a.b` for the b of a.
fn nested(preferences: &Value) -> Value {
    let mut nested = json!({});
    for (path, value) in preferences.as_object().into_iter().flatten() {
        let mut place = &mut nested;
        for name in path.split('.') {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[name];
        }
        *place = value.clone();
    }
    nested
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_lead_into_objects() {
        let preferences = json!({ "a.b.c": 1, "a.d": { "e.f": 2 }, "g": 3 });
        assert_eq!(nested(&preferences), json!({ "a": { "b": { "c": 1 }, "d": { "e.f": 2 } }, "g": 3 }));
    }
}
