//! Which programs have the board's port open (inotify(7)). A pseudo-terminal has no DTR that would tell.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;

use crate::processes::descriptors;

/// The programs that have opened a terminal since it is watched.
///
/// Inotify tells at once who comes and goes, but of two that come or go at the same time it may tell one. So it is also
/// looked, whenever one has gone: then the count may be too high or too low. What is not to be looked at, since it runs for
/// another user, has to be believed when it comes.
#[derive(Debug)]
pub struct Openers {
    inotify: OwnedFd,
    terminal: PathBuf,
    /// Descriptors that were there already.
    already: usize,
    count: usize,
    /// Only as long as the newest event is that one has gone.
    look_at: Option<Instant>,
}

/// Some events; there is nothing in them that is long.
const BUFFER: usize = 1024;
/// A look may come at a bad time: a process that is being started has for a moment what the one has that starts it.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// So often a look is repeated at once since somebody came or went meanwhile.
const MOST_LOOKS: usize = 3;

impl Openers {
    /// Who has it open already is not counted.
    pub fn watch(terminal: &Path) -> io::Result<Self> {
        let inotify = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let events = WatchFlags::OPEN | WatchFlags::CLOSE_WRITE | WatchFlags::CLOSE_NOWRITE;
        inotify::add_watch(&inotify, terminal, events)?;
        let already = descriptors(terminal)?;
        Ok(Self { inotify, terminal: terminal.to_owned(), already, count: 0, look_at: None })
    }

    /// Whether any program has it open.
    pub fn are_there(&self) -> bool {
        self.count > 0
    }

    /// Waits until a program opens or closes it, at most so long. Whether one has opened it that nobody else had open
    /// then.
    pub fn wait(&mut self, at_most: Duration) -> io::Result<bool> {
        let were_there = self.are_there();
        let mut has_come = self.is_told_within(at_most)? && self.count_events()?;
        for _ in 0..MOST_LOOKS {
            if self.look_at.is_none_or(|due| Instant::now() < due) {
                break;
            }
            let seen = descriptors(&self.terminal)?.saturating_sub(self.already);
            // What is told meanwhile may be in what was seen or not.
            if self.is_told_within(Duration::ZERO)? {
                has_come |= self.count_events()?;
                continue;
            }
            // A program may have several descriptors of what it has opened once.
            self.count = self.count.clamp(seen.min(1), seen);
            self.look_at = Some(Instant::now() + LOOK_INTERVAL);
        }
        Ok(has_come || !were_there && self.are_there())
    }

    fn is_told_within(&self, at_most: Duration) -> io::Result<bool> {
        let timeout = Timespec::try_from(at_most).map_err(io::Error::other)?;
        match poll(&mut [PollFd::new(&self.inotify, PollFlags::IN)], Some(&timeout)) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(false),
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
                self.look_at = None;
            } else if event.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::CLOSE_NOWRITE) {
                self.count = self.count.saturating_sub(1);
                self.look_at = Some(Instant::now());
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

    #[test]
    fn two_that_go_at_once_are_gone() {
        let terminal = PseudoTerminal::open().unwrap();
        let mut openers = Openers::watch(terminal.path()).unwrap();
        let open = || File::open(terminal.path()).unwrap();
        let both = [open(), {
            assert!(openers.wait(Duration::ZERO).unwrap());
            open()
        }];
        assert!(!openers.wait(Duration::ZERO).unwrap());
        drop(both);
        assert!(!openers.wait(Duration::ZERO).unwrap());
        assert!(!openers.are_there());
        let _next = open();
        assert!(openers.wait(Duration::ZERO).unwrap());
    }

    #[test]
    fn of_two_that_come_at_once_one_may_go() {
        let terminal = PseudoTerminal::open().unwrap();
        let mut openers = Openers::watch(terminal.path()).unwrap();
        let [first, second] = [(); 2].map(|()| File::open(terminal.path()).unwrap());
        assert!(openers.wait(Duration::ZERO).unwrap());
        drop(first);
        assert!(!openers.wait(Duration::ZERO).unwrap());
        assert!(openers.are_there());
        drop(second);
        assert!(!openers.wait(Duration::ZERO).unwrap());
        assert!(!openers.are_there());
    }
}
