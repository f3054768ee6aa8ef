//! The verdict in English.

use std::fmt;

use super::{LineFault, Verdict};
use meterscope_decoder::error::Refusal;

/// In one line.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Silent => "Silence",
            Self::Noise => "Noise: no frame found",
            Self::WrongSettings(LineFault::ReadWithParity) => "Wrong parity: sent as 8N1, read as 8E1",
            Self::WrongSettings(LineFault::ReadWithoutParity) => "Wrong parity: sent as 8E1, read as 8N1",
            Self::WrongSettings(LineFault::EvenOctetsLost) => "Wrong parity: half of the octets are lost",
            Self::WrongSettings(LineFault::SevenBits) => "Seven bits read, eight were sent",
            Self::WrongSettings(LineFault::ParityInBitSeven) => {
                "Eight bits read, seven and a parity bit were sent"
            }
            Self::WrongSettings(LineFault::ReadTooFast) => "Wrong speed: the line is slower",
            Self::LineFeeds => "LF was turned into CR LF on the way",
            Self::ChecksFail => "Frames, but the check sums fail",
            Self::KeyNeeded => "Good frames, key needed",
            Self::WrongKey(_) => "Good frames, wrong key",
            Self::Unreadable(_) => "Good frames that cannot be read",
            Self::UnknownList => "Good frames, unknown list",
            Self::SomeDamaged => "Good frames, some damaged",
            Self::SomeRefused => "Good frames, some messages refused",
            Self::SomeLocked => "Good frames, some need a key",
            Self::SomeUnread(_) => "Good frames, some of them not read to the end",
            Self::NoReadings => "Good frames without readings",
            Self::AllGood => "All good",
        })
    }
}

impl Verdict {
    /// What it means and what to do next.
    pub const fn next_step(self) -> Option<&'static str> {
        Some(match self {
            Self::Silent => {
                "Nothing was sent, or nothing arrived. Is the port switched on by the grid company, the cable in, the \
                 right pair of wires connected?"
            }
            Self::Noise => {
                "These octets hold no HDLC, M-Bus or P1 frame. Was the speed wrong, or is it only a part of a telegram? \
                 HAN ports and M-Bus mostly run at 2400, P1 ports at 115200."
            }
            Self::WrongSettings(LineFault::ReadWithParity) => {
                "The octets look as they do without a parity bit on the line. Read it as 8N1: eight bits, no parity."
            }
            Self::WrongSettings(LineFault::ReadWithoutParity) => {
                "The octets look as they do with an even parity bit on the line. Read it as 8E1: eight bits, even parity."
            }
            Self::WrongSettings(LineFault::EvenOctetsLost) => {
                "Every octet has an odd number of ones: those with an even number were dropped as errors. Change 8N1 to \
                 8E1, or 8E1 to 8N1."
            }
            Self::WrongSettings(LineFault::SevenBits) => {
                "The highest bit of every octet is missing. Read the line with eight data bits: 8N1 or 8E1."
            }
            Self::WrongSettings(LineFault::ParityInBitSeven) => {
                "The highest bit of every octet is a parity bit. Read the line as 7E1: seven bits, even parity."
            }
            Self::WrongSettings(LineFault::ReadTooFast) => {
                "Each bit of the line was read several times. Try a lower speed: HAN ports and M-Bus mostly run at 2400."
            }
            Self::LineFeeds => {
                "Some program took the octets for text and put 0D in front of every 0A, so the check sums fail. Record \
                 in binary mode; for this capture it can be undone."
            }
            Self::ChecksFail => {
                "Octets were lost or changed on the way. Look at the parity, the speed and the cable."
            }
            Self::KeyNeeded => {
                "The messages are ciphered. The grid company, or who sold the meter, gives its owner the key."
            }
            Self::WrongKey(Refusal::TagOnly) => {
                "The encryption key fits, but the authentication tags are wrong: check the authentication key."
            }
            Self::WrongKey(_) => {
                "No key given opens a message: it is another meter's, or encryption and authentication key are swapped."
            }
            Self::Unreadable(_) => {
                "The frames arrived whole, but their content has a form that is not known or not supported yet. The \
                 fields show how far it was read."
            }
            Self::UnknownList => {
                "Nobody has told this program what the values of this list mean. The fields show their types and numbers."
            }
            Self::SomeDamaged => "The damaged ones stay in the list with the reason and the first bad octet.",
            Self::SomeRefused => {
                "No key opens these messages: they are another meter's, or they were altered. The list says which."
            }
            Self::SomeLocked => "The other messages are read. The list says which are ciphered.",
            Self::SomeUnread(_) => "They arrived whole. The list says what could not be read in which.",
            Self::NoReadings => {
                "Requests and acknowledgements carry no values; those come in the meter’s answers."
            }
            Self::AllGood => return None,
        })
    }
}
