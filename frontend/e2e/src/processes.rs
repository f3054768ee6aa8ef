//! What a browser's processes use, as `/proc` says.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Outcome;

/// The processes that draw pages and run their scripts and workers, in one browser.
#[derive(Debug)]
pub struct Renderers {
    group: Pid,
}

/// What they have used up to a moment.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    at: Instant,
    /// CPU time of all of them.
    pub cpu: Duration,
    /// Memory of all of them in octets, shared pages counted in parts (PSS, proc(5)).
    pub memory: u64,
}

impl Renderers {
    /// Those of the browser in this process group.
    pub const fn of(group: Pid) -> Self {
        Self { group }
    }

    /// What they have used so far.
    pub fn usage(&self) -> Outcome<Usage> {
        let mut usage = Usage { at: Instant::now(), cpu: Duration::ZERO, memory: 0 };
        for folder in self.folders()? {
            usage.cpu += cpu_time(&folder)?;
            usage.memory += memory(&folder)?;
        }
        Ok(usage)
    }

    /// Kills the one that has used most time: the one of the page. For the person the tab crashes.
    pub fn kill_busiest(&self) -> Outcome {
        let mut busiest = None;
        for folder in self.folders()? {
            let time = cpu_time(&folder)?;
            if busiest.as_ref().is_none_or(|(most, _)| time > *most) {
                busiest = Some((time, folder));
            }
        }
        let (_, folder) = busiest.ok_or("the browser has no renderer")?;
        let number = folder.file_name().unwrap_or_default().to_string_lossy().parse()?;
        let process = Pid::from_raw(number).ok_or("0 is no process")?;
        Ok(kill_process(process, Signal::KILL)?)
    }

    fn folders(&self) -> Outcome<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let folder = entry?.path();
            // Any process may end while it is looked at.
            let (Ok(command), Ok(stat)) =
                (fs::read(folder.join("cmdline")), fs::read_to_string(folder.join("stat")))
            else {
                continue;
            };
            let is_renderer = String::from_utf8_lossy(&command).contains("--type=renderer");
            if is_renderer && field::<i32>(&stat, GROUP) == Some(self.group.as_raw_nonzero().get()) {
                found.push(folder);
            }
        }
        Ok(found)
    }
}

impl Usage {
    /// The share of one core that they took since an earlier look, 1 for the whole of it.
    pub fn load_since(&self, earlier: &Self) -> f64 {
        self.cpu.saturating_sub(earlier.cpu).as_secs_f64() / (self.at - earlier.at).as_secs_f64()
    }

    /// Memory in millions of octets.
    pub fn megabytes(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "no process has 2^52 octets")]
        let octets = self.memory as f64;
        octets / 1e6
    }
}

/// Whether any process has the file open.
pub fn is_open(file: &Path) -> Outcome<bool> {
    Ok(descriptors(file)? > 0)
}

/// How many descriptors of the file all processes have.
pub fn descriptors(file: &Path) -> io::Result<usize> {
    let identity = |path: &Path| fs::metadata(path).ok().map(|file| (file.dev(), file.ino()));
    let wanted = identity(file);
    let mut count = 0;
    for process in fs::read_dir("/proc")? {
        // Any process may end while it is looked at, and others are not for us to look at.
        let Ok(descriptors) = fs::read_dir(process?.path().join("fd")) else { continue };
        for descriptor in descriptors.filter_map(|descriptor| Some(descriptor.ok()?.path())) {
            // In a container another file may have that name.
            let has_name = fs::read_link(&descriptor).is_ok_and(|path| path == file);
            count += usize::from(has_name && identity(&descriptor) == wanted);
        }
    }
    Ok(count)
}

/// Whether any process of the group still runs. One that has ended and that nobody has asked for does not.
pub fn group_runs(group: Pid) -> Outcome<bool> {
    for process in fs::read_dir("/proc")? {
        // Any process may end while it is looked at.
        let Ok(stat) = fs::read_to_string(process?.path().join("stat")) else { continue };
        let state: Option<char> = field(&stat, STATE);
        if field(&stat, GROUP) == Some(group.as_raw_nonzero().get()) && !matches!(state, Some('Z' | 'X')) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Fields of `/proc/PID/stat`, counted from the one behind the command's name, which is the third of proc(5).
const STATE: usize = 0;
const GROUP: usize = 2;
const USER_TIME: usize = 11;
const SYSTEM_TIME: usize = 12;

/// The name may hold spaces and parentheses, so what is behind its last one counts.
fn field<T: std::str::FromStr>(stat: &str, place: usize) -> Option<T> {
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split_whitespace().nth(place)?.parse().ok()
}

fn cpu_time(folder: &Path) -> Outcome<Duration> {
    let stat = fs::read_to_string(folder.join("stat"))?;
    let time = |place| field::<u64>(&stat, place).ok_or("/proc/PID/stat has another form");
    let ticks = time(USER_TIME)? + time(SYSTEM_TIME)?;
    Ok(Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second()))
}

fn memory(folder: &Path) -> Outcome<u64> {
    let rollup = fs::read_to_string(folder.join("smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kilobytes: u64 = kilobytes.ok_or("smaps_rollup has no Pss in kB")?.trim().parse()?;
    Ok(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_count_from_behind_the_name() {
        let stat = "7 (a) (b) S 1 42 42 0 -1 4194304 5 6 7 8 300 20 0";
        assert_eq!(field::<char>(stat, STATE), Some('S'));
        assert_eq!(field::<i32>(stat, GROUP), Some(42));
        assert_eq!(field::<u64>(stat, USER_TIME), Some(300));
        assert_eq!(field::<u64>(stat, SYSTEM_TIME), Some(20));
    }
}
