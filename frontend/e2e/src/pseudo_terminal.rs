//! A pseudo-terminal: the browser has its one end open as a serial port, the test writes into the other.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::io::{Errno, read, write};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, ptsname, unlockpt};
use rustix::termios::{
    InputModes, OptionalActions, QueueSelector, ioctl_tiocexcl, ioctl_tiocnxcl, tcflush, tcgetattr, tcsetattr,
};

/// A browser that is busy takes nothing for a while; one that takes nothing for so long has stopped reading.
const PATIENCE: Duration = Duration::from_secs(30);

/// Both ends. Dropping it hangs up, as pulling the cable does: no end may stay open anywhere in this process.
#[derive(Debug)]
pub struct PseudoTerminal {
    line: OwnedFd,
    /// Held open, so that the terminal outlives a page that closes its port.
    port: OwnedFd,
    path: PathBuf,
}

impl PseudoTerminal {
    /// A terminal that changes none of the octets on their way.
    pub fn open() -> io::Result<Self> {
        let line = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&line)?;
        unlockpt(&line)?;
        let port = ioctl_tiocgptpeer(&line, OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        make_raw(&port)?;
        // A read or write that waits would keep this end open behind the back of whoever drops it.
        fcntl_setfl(&line, OFlags::NONBLOCK)?;
        let path = OsString::from_vec(ptsname(&line, Vec::new())?.into_bytes());
        Ok(Self { line, port, path: path.into() })
    }

    /// `/dev/pts/…`
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes everything, and waits as long as the reader needs; an error if the reader takes nothing for a long time.
    pub fn write_all(&self, mut octets: &[u8]) -> io::Result<()> {
        let mut progress = Instant::now();
        while !octets.is_empty() {
            let taken = self.write_some(octets)?;
            octets = octets.get(taken..).unwrap_or_default();
            if taken > 0 {
                progress = Instant::now();
            } else if progress.elapsed() > PATIENCE {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "nobody reads from the terminal"));
            } else {
                self.wait_for_room(Duration::from_millis(100))?;
            }
        }
        Ok(())
    }

    /// Writes what there is room for and says how many octets that were.
    pub fn write_some(&self, octets: &[u8]) -> io::Result<usize> {
        match write(&self.line, octets) {
            Err(Errno::AGAIN | Errno::INTR) => Ok(0),
            other => Ok(other?),
        }
    }

    /// Drops what nobody has read.
    pub fn drop_unread(&self) -> io::Result<()> {
        // What is on its way, and then what has arrived: the other way round some would arrive in between.
        tcflush(&self.line, QueueSelector::OFlush)?;
        Ok(tcflush(&self.port, QueueSelector::IFlush)?)
    }

    /// Drops what the page has sent and nobody has taken.
    pub fn drop_sent(&self) -> io::Result<()> {
        tcflush(&self.port, QueueSelector::OFlush)?;
        Ok(tcflush(&self.line, QueueSelector::IFlush)?)
    }

    /// Takes back what programs have set that had it open: that it changes octets, and that nobody else may open it.
    pub fn reset(&self) -> io::Result<()> {
        self.occupy(false)?;
        make_raw(&self.port)
    }

    /// What the page has sent since the last time.
    pub fn take_sent(&self) -> io::Result<Vec<u8>> {
        let mut sent = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match read(&self.line, &mut buffer) {
                Ok(0) | Err(Errno::AGAIN) => return Ok(sent),
                Ok(length) => sent.extend(buffer.get(..length).unwrap_or_default()),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// From now on the octets written are taken as the kernel would hand them on with PARMRK (termios(3)): `FF FF` is
    /// an octet FF, `FF 00 00` a break, `FF 00 xx` an octet xx with wrong parity or framing. The browser asks for that
    /// whenever it opens the port, and a terminal knows no such errors, so it is for the test to write them.
    pub fn expect_marks(&self) -> io::Result<()> {
        let mut modes = tcgetattr(&self.port)?;
        if modes.input_modes.contains(InputModes::PARMRK) {
            modes.input_modes.remove(InputModes::PARMRK);
            tcsetattr(&self.port, OptionalActions::Now, &modes)?;
        }
        Ok(())
    }

    /// Takes the port for this process alone, or gives it back. Others than root are then refused it.
    pub fn occupy(&self, occupied: bool) -> io::Result<()> {
        let result = if occupied { ioctl_tiocexcl(&self.port) } else { ioctl_tiocnxcl(&self.port) };
        Ok(result?)
    }

    fn wait_for_room(&self, at_most: Duration) -> io::Result<()> {
        let timeout = Timespec::try_from(at_most).map_err(io::Error::other)?;
        match poll(&mut [PollFd::new(&self.line, PollFlags::OUT)], Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// No octet is changed on its way.
fn make_raw(port: &OwnedFd) -> io::Result<()> {
    let mut modes = tcgetattr(port)?;
    modes.make_raw();
    Ok(tcsetattr(port, OptionalActions::Now, &modes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(terminal: &PseudoTerminal, length: usize) -> Vec<u8> {
        let mut taken = vec![0; length];
        let count = read(&terminal.port, &mut taken).unwrap();
        taken.truncate(count);
        taken
    }

    #[test]
    fn every_octet_goes_through_unchanged() {
        let terminal = PseudoTerminal::open().unwrap();
        let all: Vec<u8> = (0..=255).collect();
        terminal.write_all(&all).unwrap();
        assert_eq!(take(&terminal, 1000), all);
    }

    #[test]
    fn what_nobody_reads_can_be_dropped() {
        let terminal = PseudoTerminal::open().unwrap();
        // More than the kernel has ready for a reader at once: as much as it keeps.
        let kept: usize = (0..100).map(|_| terminal.write_some(&[1; 1000]).unwrap()).sum();
        assert!((5000..100_000).contains(&kept), "{kept}");
        terminal.drop_unread().unwrap();
        terminal.write_all(&[2, 3]).unwrap();
        assert_eq!(take(&terminal, 100), [2, 3]);
    }

    #[test]
    fn what_nobody_takes_can_be_dropped() {
        let terminal = PseudoTerminal::open().unwrap();
        write(&terminal.port, b"gone").unwrap();
        terminal.drop_sent().unwrap();
        write(&terminal.port, b"here").unwrap();
        let (start, mut sent) = (Instant::now(), Vec::new());
        while sent.len() < 4 && start.elapsed() < PATIENCE {
            sent.extend(terminal.take_sent().unwrap());
        }
        assert_eq!(sent, b"here");
    }

    #[test]
    fn what_a_program_has_set_is_taken_back() {
        let terminal = PseudoTerminal::open().unwrap();
        let mut modes = tcgetattr(&terminal.port).unwrap();
        modes.input_modes.insert(InputModes::PARMRK | InputModes::ICRNL);
        tcsetattr(&terminal.port, OptionalActions::Now, &modes).unwrap();
        terminal.reset().unwrap();
        terminal.write_all(&[1, 0xFF, b'\r', 2]).unwrap();
        assert_eq!(take(&terminal, 100), [1, 0xFF, b'\r', 2]);
    }

    #[test]
    fn a_mark_stands_until_it_is_taken_for_one() {
        let terminal = PseudoTerminal::open().unwrap();
        let mut modes = tcgetattr(&terminal.port).unwrap();
        modes.input_modes.insert(InputModes::PARMRK);
        tcsetattr(&terminal.port, OptionalActions::Now, &modes).unwrap();
        terminal.write_all(&[1, 0xFF, 2]).unwrap();
        assert_eq!(take(&terminal, 100), [1, 0xFF, 0xFF, 2]);
        terminal.expect_marks().unwrap();
        terminal.write_all(&[0xFF, 0, 3]).unwrap();
        assert_eq!(take(&terminal, 100), [0xFF, 0, 3]);
    }
}
