//! Which programs have the board's port open (inotify(7)). A pseudo-terminal has no DTR that would tell.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;

/// The programs that have opened a terminal since it is watched.
#[derive(Debug)]
pub struct Openers {
    inotify: OwnedFd,
    count: usize,
}

/// Some events; there is nothing in them that is long.
const BUFFER: usize = 1024;

impl Openers {
    /// Who has it open already is not counted.
    pub fn watch(terminal: &Path) -> io::Result<Self> {
        let inotify = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let events = WatchFlags::OPEN | WatchFlags::CLOSE_WRITE | WatchFlags::CLOSE_NOWRITE;
        inotify::add_watch(&inotify, terminal, events)?;
        Ok(Self { inotify, count: 0 })
    }

    /// Whether any program has it open.
    pub fn are_there(&self) -> bool {
        self.count > 0
    }

    /// Waits until a program opens or closes it, at most so long. Whether one has opened it that nobody else had open
    /// then. Two that come at the very same time may be taken for one, and two that go as well.
    pub fn wait(&mut self, at_most: Duration) -> io::Result<bool> {
        let timeout = Timespec::try_from(at_most).map_err(io::Error::other)?;
        match poll(&mut [PollFd::new(&self.inotify, PollFlags::IN)], Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => self.count_events(),
            Err(error) => Err(error.into()),
        }
    }

    fn count_events(&mut self) -> io::Result<bool> {
        let mut has_come = false;
        let mut buffer = [MaybeUninit::uninit(); BUFFER];
        let mut events = Reader::new(&self.inotify, &mut buffer);
        loop {
            let event = match events.next() {
                Ok(event) => event.events(),
                Err(Errno::AGAIN) => return Ok(has_come),
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            };
            if event.contains(ReadFlags::OPEN) {
                has_come |= self.count == 0;
                self.count += 1;
            } else if event.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::CLOSE_NOWRITE) {
                self.count = self.count.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::pseudo_terminal::PseudoTerminal;

    #[test]
    fn the_first_that_comes_is_told_and_the_last_that_goes() {
        let terminal = PseudoTerminal::open().unwrap();
        let mut openers = Openers::watch(terminal.path()).unwrap();
        let open = || File::open(terminal.path()).unwrap();
        let look = |openers: &mut Openers| (openers.wait(Duration::ZERO).unwrap(), openers.are_there());
        assert_eq!(look(&mut openers), (false, false));
        let first = open();
        assert_eq!(look(&mut openers), (true, true));
        let second = open();
        assert_eq!(look(&mut openers), (false, true));
        drop(first);
        assert_eq!(look(&mut openers), (false, true));
        drop(second);
        assert_eq!(look(&mut openers), (false, false));
        // Nobody looks meanwhile.
        drop(open());
        let third = open();
        assert_eq!(look(&mut openers), (true, true));
        drop(third);
        drop(open());
        assert_eq!(look(&mut openers), (true, false));
    }
}
