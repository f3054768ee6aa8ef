//! Finds out whether a board answers, and lets it mark what it forwards.
//!
//! Until that is known, what comes is held back: it may be octets of the bus, an answer among them, or marks that somebody
//! switched on before. Then it is handed on as what it was, without the answers.

use std::ops::Range;

use meterscope_firmware_logic::command::{Command, Mode};

use super::Identity;
use super::held::{Held, Piece};
use crate::source::Micros;

/// An Uno starts anew when its port is opened, and its boot loader takes half a second, or a whole one.
const PATIENCE_MS: u64 = 2000;
/// How often a question is repeated. A boot loader that is asked what it does not know ends.
const ASK_MS: u64 = 250;

/// A board that is asked.
#[derive(Clone, Debug)]
pub struct Greeting {
    since_ms: u64,
    sent_ms: Option<u64>,
    /// What it answered; nothing yet.
    identity: Option<Identity>,
    held: Held,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Wait for what comes.
    Wait,
    /// Send this.
    Send(String),
    /// It does not answer: it is another kind of board. This is what it sent.
    Silent(Vec<Piece>),
    /// It marks from now on.
    Marks {
        /// What it said of itself.
        identity: Identity,
        /// Octets of the bus that it sent without marks.
        plain: Vec<Piece>,
        /// What it sent with marks.
        marked: Vec<Piece>,
    },
}

impl Greeting {
    /// The port was opened just now.
    pub const fn new(now_ms: u64) -> Self {
        Self { since_ms: now_ms, sent_ms: None, identity: None, held: Held::new() }
    }

    /// Octets came.
    pub fn hear(&mut self, at: Micros, octets: &[u8]) {
        self.held.push(at, octets);
    }

    /// Time has passed, or octets came.
    pub fn step(&mut self, now_ms: u64) -> Step {
        match self.identity {
            None => {
                if let Some((identity, _)) = self.held.identity() {
                    if identity.mode == Mode::Marked {
                        return self.marks_from(identity, 0..0);
                    }
                    self.identity = Some(identity);
                    (self.since_ms, self.sent_ms) = (now_ms, None);
                }
            }
            Some(identity) => {
                // What came before the answer to the question was asked for by nobody.
                if let Some(confirmed) = self.held.marked_confirmation_behind_texts() {
                    return self.marks_from(identity, confirmed);
                }
            }
        }
        if now_ms >= self.since_ms + PATIENCE_MS || self.held.is_full() {
            return Step::Silent(self.held.pieces_without_texts(0..self.held.len()));
        }
        if self.sent_ms.is_some_and(|sent_ms| now_ms < sent_ms + ASK_MS) {
            return Step::Wait;
        }
        self.sent_ms = Some(now_ms);
        Step::Send(match self.identity {
            // The empty line ends what somebody may have begun.
            None => format!("\n{}\n", Command::Identify),
            Some(_) => format!("{}\n", Command::Mode(Mode::Marked)),
        })
    }

    /// Octets in `switch` confirm that there are marks behind them.
    fn marks_from(&self, identity: Identity, switch: Range<usize>) -> Step {
        let plain = self.held.pieces_without_texts(0..switch.start);
        Step::Marks { identity, plain, marked: self.held.pieces(switch.end..self.held.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"meterscope forwarder 1; line auto 2400 8?1; mode plain\n";
    const CONFIRMATION: &[u8] = b"\xFF\x06ok\n";

    /// What a greeting that hears these octets, one millisecond after the other, comes to.
    fn greet(octets: &[u8]) -> (Step, u64) {
        let mut greeting = Greeting::new(0);
        for now_ms in 0..10_000 {
            if let Some(&octet) = octets.get(now_ms as usize) {
                greeting.hear(now_ms, &[octet]);
            }
            match greeting.step(now_ms) {
                Step::Wait | Step::Send(_) => {}
                step => return (step, now_ms),
            }
        }
        panic!("the greeting never ends");
    }

    fn joined(pieces: &[Piece]) -> Vec<u8> {
        pieces.iter().flat_map(|(_, octets)| octets.clone()).collect()
    }

    fn marks(octets: &[u8]) -> (Vec<u8>, Vec<u8>) {
        match greet(octets).0 {
            Step::Marks { plain, marked, .. } => (joined(&plain), joined(&marked)),
            step => panic!("{step:?}"),
        }
    }

    #[test]
    fn a_board_that_answers_is_let_mark() {
        let octets = [&[0x7E, 0xFF, 0x06], ANSWER, &[0xA0], CONFIRMATION].concat();
        assert_eq!(marks(&octets), (vec![0x7E, 0xFF, 0x06, 0xA0], vec![]));
    }

    #[test]
    fn answers_that_came_late_are_no_octets_of_the_bus() {
        let refused = b"error: no such command\n";
        let octets = [&[1], &refused[..], &[2], ANSWER, &[3], ANSWER, ANSWER, &[4], CONFIRMATION].concat();
        assert_eq!(marks(&octets), (vec![1, 2, 3, 4], vec![]));
    }

    #[test]
    fn what_follows_the_confirmation_is_marked() {
        let mut greeting = Greeting::new(0);
        greeting.hear(5, ANSWER);
        assert_eq!(greeting.step(0), Step::Send("mode marked\n".to_owned()));
        greeting.hear(6, &[&[0x55], CONFIRMATION, &[0xFF, 0xFF]].concat());
        let identity = Identity::parse(ANSWER).unwrap();
        let (plain, marked) = (vec![(6, vec![0x55])], vec![(6, vec![0xFF, 0xFF])]);
        assert_eq!(greeting.step(1), Step::Marks { identity, plain, marked });
    }

    #[test]
    fn a_board_that_marks_already_is_understood() {
        let answer = b"\xFF\x06meterscope forwarder 1; line 2400 8E1; mode marked\n";
        let octets = [&[0x7E, 0xFF, 0xFF], &answer[..]].concat();
        assert_eq!(marks(&octets), (vec![], octets));
    }

    #[test]
    fn another_board_keeps_all_its_octets() {
        let octets: Vec<u8> = (0..=255).chain(*b"meterscope forwarder 1; line fast").collect();
        let (step, now_ms) = greet(&octets);
        let Step::Silent(pieces) = step else { panic!("{step:?}") };
        assert_eq!((joined(&pieces), now_ms), (octets, PATIENCE_MS));
        assert_eq!(pieces[5], (5, vec![5]), "each with its time");
    }

    #[test]
    fn a_board_that_says_who_it_is_and_never_marks_is_left_as_it_is() {
        let (step, now_ms) = greet(&[&[1], ANSWER, &[2]].concat());
        let Step::Silent(pieces) = step else { panic!("{step:?}") };
        assert_eq!(joined(&pieces), [1, 2]);
        assert!(now_ms < 2 * PATIENCE_MS + ANSWER.len() as u64 + 5);
    }

    #[test]
    fn a_board_that_floods_is_not_waited_for() {
        let mut greeting = Greeting::new(0);
        greeting.hear(0, &vec![0xFF; 1 << 17]);
        assert!(matches!(greeting.step(0), Step::Silent(_)));
    }

    #[test]
    fn questions_are_repeated_and_not_more_often() {
        let mut greeting = Greeting::new(0);
        let sent = (0..1000).filter(|&now_ms| greeting.step(now_ms) == Step::Send("\n?\n".to_owned()));
        assert_eq!(sent.collect::<Vec<_>>(), [0, 250, 500, 750]);
    }
}
