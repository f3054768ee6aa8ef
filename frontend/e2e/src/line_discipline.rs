//! What the kernel hands on of what a serial receiver heard: the rules of termios(3) for errors, as Linux has them in
//! `drivers/tty/n_tty.c`.
//!
//! A pseudo-terminal never has such errors, so the test applies the rules and writes what they give
//! ([`crate::pseudo_terminal::PseudoTerminal::expect_marks`]).

use crate::board::Line;
use crate::uart::{Fault, Heard};

/// Begins a mark.
const MARK: u8 = 0xFF;

/// The octets that the browser reads for one that was heard.
pub fn hand_on(heard: &Heard, line: &Line) -> Vec<u8> {
    let fault = match heard.fault {
        Some(Fault::Parity | Fault::Framing) if !line.checks_input => None,
        fault => fault,
    };
    match fault {
        None if heard.octet == MARK && line.marks_errors => vec![MARK, MARK],
        None => vec![heard.octet],
        // A break is not left out by IGNPAR; IGNBRK, which would do that, is never set.
        Some(Fault::Break) if line.marks_errors => vec![MARK, 0, 0],
        Some(Fault::Break) => vec![0],
        Some(_) if line.ignores_errors => Vec::new(),
        Some(_) if line.marks_errors => vec![MARK, 0, heard.octet],
        Some(_) => vec![0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handed_on(octet: u8, fault: Option<Fault>, flags: &str) -> Vec<u8> {
        let line = format!("2400 8E1 inpck={flags}").parse().unwrap();
        hand_on(&Heard { octet, fault, at_micros: 0 }, &line)
    }

    #[test]
    fn errors_are_marked_left_out_or_passed_over() {
        let parity = Some(Fault::Parity);
        assert_eq!(handed_on(5, parity, "1 ignpar=0 parmrk=1"), [0xFF, 0, 5]);
        assert_eq!(handed_on(5, parity, "1 ignpar=1 parmrk=1"), Vec::<u8>::new());
        assert_eq!(handed_on(5, parity, "1 ignpar=0 parmrk=0"), [0]);
        assert_eq!(handed_on(5, parity, "0 ignpar=0 parmrk=1"), [5]);
        assert_eq!(handed_on(0, Some(Fault::Break), "0 ignpar=1 parmrk=1"), [0xFF, 0, 0]);
        assert_eq!(handed_on(0xFF, None, "0 ignpar=0 parmrk=1"), [0xFF, 0xFF]);
        assert_eq!(handed_on(0xFF, None, "0 ignpar=0 parmrk=0"), [0xFF]);
    }
}
