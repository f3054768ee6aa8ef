//! A board with a USB plug: a pseudo-terminal that is announced as a serial port.

use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use meterscope_capture::line_settings::LineSettings;

use crate::Outcome;
use crate::pseudo_terminal::PseudoTerminal;
use crate::stand_in::{Device, StandIn};

/// Far more than the browser needs, for a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A board. Clones are the same board, for the thread of a meter that is wired to it.
#[derive(Clone, Debug)]
pub struct Board {
    device: Device,
    stand_in: Arc<StandIn>,
    terminal: Arc<Mutex<Option<PseudoTerminal>>>,
}

/// How the browser has set the line, as termios(3) puts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Speed and format.
    pub settings: LineSettings,
    /// INPCK: errors of parity and framing are looked at.
    pub checks_input: bool,
    /// IGNPAR: octets with such errors are left out.
    pub ignores_errors: bool,
    /// PARMRK: octets with such errors are marked.
    pub marks_errors: bool,
}

impl Board {
    /// A board that is not plugged in.
    pub fn new(device: Device, stand_in: Arc<StandIn>) -> Self {
        Self { device, stand_in, terminal: Arc::default() }
    }

    /// What it says of itself.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Plugs it in.
    pub fn plug(&self) -> io::Result<()> {
        let mut terminal = self.terminal();
        let opened = PseudoTerminal::open()?;
        self.stand_in.announce(&self.device, opened.path())?;
        *terminal = Some(opened);
        Ok(())
    }

    /// Pulls the plug: the line hangs up, and the device is gone.
    pub fn unplug(&self) -> io::Result<()> {
        let terminal = self.terminal().take();
        drop(terminal.ok_or_else(not_plugged)?);
        self.stand_in.withdraw(&self.device)
    }

    /// Does something with the terminal of the plugged board.
    pub fn with_terminal<T>(&self, act: impl FnOnce(&PseudoTerminal) -> io::Result<T>) -> io::Result<T> {
        act(self.terminal().as_ref().ok_or_else(not_plugged)?)
    }

    /// Writes all octets at once.
    pub fn write_all(&self, octets: &[u8]) -> io::Result<()> {
        self.with_terminal(|terminal| terminal.write_all(octets))
    }

    /// What the browser did with the port since it was plugged in.
    pub fn log(&self) -> io::Result<String> {
        let path = self.with_terminal(|terminal| Ok(PathBuf::from(terminal.path())))?;
        self.stand_in.log(&path)
    }

    /// How the line is set; `None` if the port was not opened since it was plugged in.
    pub fn line(&self) -> io::Result<Option<Line>> {
        let log = self.log()?;
        // Before it sets what the page asks for, the browser may set what it finds.
        let line = log.lines().rev().find_map(|entry| entry.strip_prefix("line "));
        line.map(|line| line.parse().map_err(|()| io::Error::other(format!("unknown entry: {line}"))))
            .transpose()
    }

    /// Waits until the page has opened the port with these settings.
    pub async fn wait_for_line(&self, settings: LineSettings) -> Outcome<Line> {
        let start = Instant::now();
        loop {
            let line = self.line()?;
            match line {
                Some(line) if line.settings == settings => return Ok(line),
                _ if start.elapsed() > PATIENCE => {
                    return Err(format!("the port was never set to {settings}, but to {line:?}").into());
                }
                _ => tokio::time::sleep(POLL_INTERVAL).await,
            }
        }
    }

    fn terminal(&self) -> MutexGuard<'_, Option<PseudoTerminal>> {
        // A test that panicked elsewhere leaves the terminal as it was.
        self.terminal.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// `2400 8E1 inpck=1 ignpar=0 parmrk=1`
impl FromStr for Line {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (settings, flags) = text.split_once(" inpck=").ok_or(())?;
        let flag = |name: &str| flags.contains(&format!("{name}=1"));
        Ok(Self {
            settings: settings.parse().map_err(|_| ())?,
            checks_input: flags.starts_with('1'),
            ignores_errors: flag("ignpar"),
            marks_errors: flag("parmrk"),
        })
    }
}

fn not_plugged() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "the board is not plugged in")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_the_log_is_read() {
        let line: Line = "2400 8E1 inpck=1 ignpar=0 parmrk=1".parse().unwrap();
        assert_eq!(line.settings, LineSettings::MBUS);
        assert!(line.checks_input && !line.ignores_errors && line.marks_errors);
        let line: Line = "115200 8N1 inpck=0 ignpar=1 parmrk=0".parse().unwrap();
        assert!(!line.checks_input && line.ignores_errors && !line.marks_errors);
        assert_eq!("2400 8E1".parse::<Line>(), Err(()));
    }
}
