use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities;
use thirtyfour::{DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};

use crate::Outcome;

/// For root, as whom tests run in containers: there Chromium's sandbox cannot start.
pub const NO_SANDBOX: &str = "--no-sandbox";
/// Without these Chromium talks to its maker's hosts at every start.
pub const QUIET_FLAGS: [&str; 4] =
    ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const FLAGS: [&str; 7] = [
    "--headless=new",
    NO_SANDBOX,
    "--disable-gpu",
    // Several browsers run side by side; none may stop drawing because it thinks that nobody sees it.
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--window-size=1280,900",
    "--no-first-run",
];

/// What chromedriver prints before the port it took.
const STARTED: &str = "started successfully on port ";

/// A chromedriver of one's own, on a free port. Ends with its browsers when dropped, after a panic too.
pub struct Chromedriver {
    process: Child,
    url: String,
}

impl Chromedriver {
    /// The browsers get these variables as well.
    pub fn start(environment: &[(&str, &Path)]) -> Outcome<Self> {
        let mut process = command()
            .arg("--port=0")
            .envs(environment.iter().copied())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromedriver: {error}; `.ci/setup browser` installs it"))?;
        let output = process.stdout.take().expect("standard output is piped");
        // From here on dropping it ends the process.
        let mut chromedriver = Self { process, url: String::new() };
        chromedriver.url = format!("http://127.0.0.1:{}", read_port(output)?);
        Ok(chromedriver)
    }

    /// The process group that it and its browsers are in.
    pub fn group(&self) -> Option<Pid> {
        i32::try_from(self.process.id()).ok().and_then(Pid::from_raw)
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // Chromium is in the group as well and would outlive chromedriver.
        if let Some(group) = self.group() {
            let _ = kill_process_group(group, Signal::KILL);
        }
        drop(self.process.wait());
    }
}

/// A port that another program has for itself is refused to everybody but root, and tests run as root in containers.
/// There the right to pass over that is put down.
fn command() -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new("chromedriver");
    }
    let mut command = Command::new("setpriv");
    command.args(["--inh-caps=-sys_admin", "--bounding-set=-sys_admin", "chromedriver"]);
    command
}

/// A browser whose console is kept from the first line on. `preferences` go into the profile.
pub async fn new_session(
    chromedriver: &Chromedriver,
    profile: &Path,
    preferences: &Value,
) -> Outcome<WebDriver> {
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in FLAGS.into_iter().chain(QUIET_FLAGS) {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    capabilities.add_experimental_option("prefs", preferences)?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(WebDriver::new(&chromedriver.url, capabilities).await?)
}

/// Reads up to the line that names the port, and leaves a thread to read the rest, so that the pipe never fills.
fn read_port(output: ChildStdout) -> io::Result<u16> {
    let mut lines = BufReader::new(output);
    let mut line = String::new();
    while lines.read_line(&mut line)? > 0 {
        if let Some((_, port)) = line.split_once(STARTED) {
            let port = port.trim().trim_end_matches('.').parse().map_err(io::Error::other)?;
            thread::spawn(move || lines.read_to_end(&mut Vec::new()));
            return Ok(port);
        }
        line.clear();
    }
    Err(io::Error::other("chromedriver ended before it named its port"))
}
