//! A browser for a person: a window of its own, with a board in its list of ports and nobody at the controls.

use std::env;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
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

/// An open browser. Ends when dropped.
#[derive(Debug)]
pub struct Window {
    process: Child,
    /// All that Chromium writes; goes with the window.
    _folder: TempDir,
}

/// Whether there is a screen to open a window on.
pub fn has_screen() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
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
        let process = command(&profile)
            .arg(url)
            .envs(stand_in.environment())
            // Where it would leave things behind when it is ended.
            .env("TMPDIR", temporary)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromium: {error}; `.ci/setup browser` installs it"))?;
        Ok(Self { process, _folder: folder })
    }

    /// Whether the person has closed it.
    pub fn is_closed(&mut self) -> io::Result<bool> {
        Ok(self.process.try_wait()?.is_some())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::TERM);
            // Those that it has started write into the profile until they have ended.
            let start = Instant::now();
            while start.elapsed() < PATIENCE && group_runs(group).unwrap_or(false) {
                thread::sleep(POLL_INTERVAL);
            }
            let _ = kill_process_group(group, Signal::KILL);
        }
        drop(self.process.wait());
    }
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
