//! The board's USB side. As with a real Uno, a program that opens the port starts the board anew (its DTR pulls the reset
//! low), and what the board sends while nobody has the port open is lost.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use meterscope_firmware_bench_link::{Portion, write};

use super::openers::Openers;
use crate::board::Board;
use crate::pseudo_terminal::PseudoTerminal;

/// How often the board looks for what the host sent.
const POLL_INTERVAL: Duration = Duration::from_millis(4);

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
            let (resets, sent) = if has_come {
                self.begin();
                (1, Vec::new())
            } else {
                // While the plug is out there is nothing.
                (0, self.board.with_terminal(PseudoTerminal::take_sent).unwrap_or_default())
            };
            if !openers.are_there() {
                self.end();
            }
            if write(&mut to_board, resets, &sent).is_err() {
                return;
            }
        }
    }

    /// From the board to the host, until the board is gone.
    pub fn hand_up(&self, mut from_board: impl Read) {
        while let Ok(portion) = Portion::read(&mut from_board) {
            let mut session = self.session();
            match portion {
                Portion::Reset => session.resets_due = session.resets_due.saturating_sub(1),
                Portion::Octets(octets) if session.is_open && session.resets_due == 0 => {
                    // For what has no room nobody has read for long. It is the newest that is lost, as with a real port.
                    let _ = self.board.with_terminal(|terminal| terminal.write_some(&octets));
                }
                Portion::Octets(_) => {}
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

    /// As the simulation sends them.
    fn portions(resets: usize, octets: &[u8]) -> Vec<u8> {
        let mut portions = Vec::new();
        write(&mut portions, resets, octets).unwrap();
        portions
    }

    #[test]
    fn nothing_is_lost_for_a_program_that_reads_late() {
        let port = port();
        let mut reader = opened(&port);
        port.begin();
        port.hand_up(&portions(1, &counted(0..3000))[..]);
        std::thread::sleep(Duration::from_millis(2500));
        port.hand_up(&portions(0, &counted(3000..9000))[..]);
        assert_eq!(all(&mut reader), counted(0..9000));
    }

    #[test]
    fn a_program_that_never_reads_has_what_came_first() {
        let port = port();
        let mut reader = opened(&port);
        port.begin();
        port.hand_up(&portions(1, &counted(0..1_000_000))[..]);
        let read = all(&mut reader);
        assert!(read.len() >= 4096);
        // Behind that there are gaps, once the kernel has moved what it has.
        assert_eq!(read[..4096], counted(0..4096));
    }

    #[test]
    fn what_was_sent_before_the_new_start_is_for_nobody() {
        let port = port();
        port.hand_up(&portions(0, b"nobody is there")[..]);
        let mut reader = opened(&port);
        port.begin();
        port.hand_up(&portions(0, b"for those before")[..]);
        port.hand_up(&portions(1, b"after the start")[..]);
        assert_eq!(all(&mut reader), b"after the start");
        port.hand_up(&portions(0, b"nobody reads this")[..]);
        port.end();
        port.hand_up(&portions(0, b"and nobody is there")[..]);
        assert_eq!(all(&mut reader), b"");
    }
}
