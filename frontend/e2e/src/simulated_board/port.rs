//! The board's USB side. As with a real Uno, a program that opens the port starts the board anew (its DTR pulls the reset
//! low), and what the board sends while nobody has the port open is lost.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::openers::Openers;
use crate::board::Board;
use crate::pseudo_terminal::PseudoTerminal;

/// How often the board looks for what the host sent.
const POLL_INTERVAL: Duration = Duration::from_millis(4);
/// A portion of none (`firmware/bench/src/bin/bench_board`).
const RESET: u8 = 0;

/// The port of a board that is plugged in and stays so.
#[derive(Debug)]
pub struct Port {
    board: Board,
    session: Mutex<Session>,
}

#[derive(Debug, Default)]
struct Session {
    is_open: bool,
    /// Resets that the simulation was told of and has not come to: what it sends until then is for those who were there
    /// before.
    resets_due: usize,
}

impl Port {
    /// A port that nobody has open.
    pub fn new(board: Board) -> Self {
        Self { board, session: Mutex::default() }
    }

    /// From the host to the board, until that is gone or it is told to end.
    pub fn hand_down(&self, openers: &mut Openers, mut to_board: impl Write, ended: &AtomicBool) {
        while !ended.load(Ordering::SeqCst) {
            let Ok(has_come) = openers.wait(POLL_INTERVAL) else { return };
            let portions = if has_come {
                self.begin();
                vec![RESET]
            } else {
                // While the plug is out there is nothing.
                portions(&self.board.with_terminal(PseudoTerminal::take_sent).unwrap_or_default())
            };
            if !openers.are_there() {
                self.end();
            }
            if to_board.write_all(&portions).and_then(|()| to_board.flush()).is_err() {
                return;
            }
        }
    }

    /// From the board to the host, until the board is gone.
    pub fn hand_up(&self, mut from_board: impl Read) {
        while let Ok(portion) = read_portion(&mut from_board) {
            let mut session = self.session();
            if portion.is_empty() {
                session.resets_due = session.resets_due.saturating_sub(1);
            } else if session.is_open && session.resets_due == 0 {
                // For what has no room nobody has read for long. It is the newest that is lost, as with a real port.
                let _ = self.board.with_terminal(|terminal| terminal.write_some(&portion));
            }
        }
    }

    /// Whatever comes from now on is for those, and from those, who have it open now. What they sent up to now is lost, as
    /// it is while a real board starts.
    fn begin(&self) {
        let mut session = self.session();
        let _ = self.board.with_terminal(|terminal| {
            terminal.drop_unread()?;
            terminal.drop_sent()
        });
        session.is_open = true;
        session.resets_due += 1;
    }

    /// Nobody has it open any more.
    fn end(&self) {
        let mut session = self.session();
        if std::mem::replace(&mut session.is_open, false) {
            let _ = self.board.with_terminal(|terminal| {
                terminal.drop_unread()?;
                terminal.reset()
            });
        }
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As the simulation takes them: each with its length in front.
fn portions(octets: &[u8]) -> Vec<u8> {
    octets.chunks(u8::MAX.into()).flat_map(|portion| [&[portion.len() as u8], portion].concat()).collect()
}

fn read_portion(from_board: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0];
    from_board.read_exact(&mut length)?;
    let mut octets = vec![0; length[0].into()];
    from_board.read_exact(&mut octets)?;
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::Arc;

    use rustix::fs::{Mode, OFlags, open};
    use rustix::io::Errno;

    use super::*;
    use crate::stand_in::{Device, StandIn};

    fn port() -> Port {
        let stand_in = Arc::new(StandIn::new().unwrap());
        let board = Board::new(Device::arduino_uno("1"), stand_in);
        board.plug().unwrap();
        Port::new(board)
    }

    fn opened(port: &Port) -> File {
        let path = port.board.with_terminal(|terminal| Ok(terminal.path().to_owned())).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        open(path, flags, Mode::empty()).unwrap().into()
    }

    /// All that a program can read, once nothing came for a while.
    fn all(reader: &mut File) -> Vec<u8> {
        let (mut octets, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            std::thread::sleep(Duration::from_millis(20));
            let before = octets.len();
            loop {
                match reader.read(&mut buffer) {
                    Ok(length) => octets.extend(&buffer[..length]),
                    Err(error) if error.raw_os_error() == Some(Errno::AGAIN.raw_os_error()) => break,
                    Err(error) => panic!("{error}"),
                }
            }
            if octets.len() == before {
                return octets;
            }
        }
    }

    fn counted(range: std::ops::Range<usize>) -> Vec<u8> {
        range.map(|number| (number % 251) as u8).collect()
    }

    #[test]
    fn nothing_is_lost_for_a_program_that_reads_late() {
        let port = port();
        let mut reader = opened(&port);
        port.begin();
        port.hand_up(&[RESET][..]);
        port.hand_up(&portions(&counted(0..3000))[..]);
        std::thread::sleep(Duration::from_millis(2500));
        port.hand_up(&portions(&counted(3000..9000))[..]);
        assert_eq!(all(&mut reader), counted(0..9000));
    }

    #[test]
    fn a_program_that_never_reads_has_what_came_first() {
        let port = port();
        let mut reader = opened(&port);
        port.begin();
        port.hand_up(&[&[RESET], &portions(&counted(0..1_000_000))[..]].concat()[..]);
        let read = all(&mut reader);
        assert!(read.len() >= 4096);
        // Behind that there are gaps, once the kernel has moved what it has.
        assert_eq!(read[..4096], counted(0..4096));
    }

    #[test]
    fn what_was_sent_before_the_new_start_is_for_nobody() {
        let port = port();
        port.hand_up(&portions(b"nobody is there")[..]);
        let mut reader = opened(&port);
        port.begin();
        port.hand_up(&portions(b"for those before")[..]);
        port.hand_up(&[&[RESET], &portions(b"after the start")[..]].concat()[..]);
        assert_eq!(all(&mut reader), b"after the start");
        port.hand_up(&portions(b"nobody reads this")[..]);
        port.end();
        port.hand_up(&portions(b"and nobody is there")[..]);
        assert_eq!(all(&mut reader), b"");
    }
}
