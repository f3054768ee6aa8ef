//! What Linux hands on of what a serial receiver heard: the rules of termios(3) for errors, as the serial drivers
//! (`drivers/tty/serial/8250`) and the line discipline (`drivers/tty/n_tty.c`) have them.
//!
//! A pseudo-terminal never has such errors, so the test applies the rules and writes what they give
//! ([`crate::pseudo_terminal::PseudoTerminal::expect_marks`]).

use crate::board::Line;
use crate::uart::{Fault, Heard};

/// Begins a mark.
const MARK: u8 = 0xFF;

/// What the browser reads for an octet that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedOn {
    /// An octet like any other.
    Octet(u8),
    /// An octet that is marked as wrong; the browser reports the error and drops the octet.
    Marked(u8),
    /// Nothing at all.
    Nothing,
}

/// Applies the rules.
pub fn hand_on(heard: &Heard, line: &Line) -> HandedOn {
    match heard.fault {
        None => HandedOn::Octet(heard.octet),
        // A break is not left out by IGNPAR; IGNBRK, which would do that, is never set.
        Some(Fault::Break) if line.marks_errors => HandedOn::Marked(0),
        Some(Fault::Break) => HandedOn::Octet(0),
        Some(_) if line.ignores_errors => HandedOn::Nothing,
        Some(_) if !line.checks_input => HandedOn::Octet(heard.octet),
        Some(_) if line.marks_errors => HandedOn::Marked(heard.octet),
        Some(_) => HandedOn::Octet(0),
    }
}

impl HandedOn {
    /// The octets in the terminal.
    pub fn octets(self, line: &Line) -> Vec<u8> {
        match self {
            Self::Octet(MARK) if line.marks_errors => vec![MARK, MARK],
            Self::Octet(octet) => vec![octet],
            Self::Marked(octet) => vec![MARK, 0, octet],
            Self::Nothing => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handed_on(octet: u8, fault: Option<Fault>, flags: &str) -> Vec<u8> {
        let line = format!("2400 8E1 inpck={flags}").parse().unwrap();
        hand_on(&Heard { octet, fault, at_micros: 0 }, &line).octets(&line)
    }

    #[test]
    fn errors_are_marked_left_out_or_passed_over() {
        let parity = Some(Fault::Parity);
        assert_eq!(handed_on(5, parity, "1 ignpar=0 parmrk=1"), [0xFF, 0, 5]);
        assert_eq!(handed_on(5, parity, "0 ignpar=1 parmrk=1"), Vec::<u8>::new());
        assert_eq!(handed_on(5, parity, "1 ignpar=0 parmrk=0"), [0]);
        assert_eq!(handed_on(5, parity, "0 ignpar=0 parmrk=1"), [5]);
        assert_eq!(handed_on(0, Some(Fault::Break), "0 ignpar=1 parmrk=1"), [0xFF, 0, 0]);
        assert_eq!(handed_on(0xFF, None, "0 ignpar=0 parmrk=1"), [0xFF, 0xFF]);
        assert_eq!(handed_on(0xFF, None, "0 ignpar=0 parmrk=0"), [0xFF]);
    }
}
