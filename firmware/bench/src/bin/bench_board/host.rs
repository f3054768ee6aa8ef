//! What the host says and is told, in portions: an octet says how many follow.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

/// The host's octets that have time in a slice, at 115200 baud.
const MOST_OCTETS: usize = 40;

/// What the host did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromHost {
    Octet(u8),
    Reset,
}

/// What the host did in a slice: a reset, if there was one, and the octets behind it. Those before it the board never had.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// The port was opened.
    pub is_reset: bool,
    /// What it sent then.
    pub octets: Vec<u8>,
}

/// Nothing once the host is gone.
pub fn from_host() -> Receiver<FromHost> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(portion) = read_portion(&mut input) {
            let reset = portion.is_empty().then_some(FromHost::Reset);
            let events = reset.into_iter().chain(portion.into_iter().map(FromHost::Octet));
            for event in events {
                if sender.send(event).is_err() {
                    return;
                }
            }
        }
    });
    receiver
}

/// What there is; None once the host is gone.
pub fn received(host: &Receiver<FromHost>) -> Option<Slice> {
    let mut slice = Slice::default();
    while slice.octets.len() < MOST_OCTETS {
        match host.try_recv() {
            Ok(FromHost::Octet(octet)) => slice.octets.push(octet),
            Ok(FromHost::Reset) => slice = Slice { is_reset: true, octets: Vec::new() },
            Err(TryRecvError::Empty) => break,
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    Some(slice)
}

fn read_portion(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0];
    input.read_exact(&mut length)?;
    let mut octets = vec![0; usize::from(length[0])];
    input.read_exact(&mut octets)?;
    Ok(octets)
}

/// What the board sent since the slice before, or since its reset.
pub fn write(is_reset: bool, octets: &[u8]) -> io::Result<()> {
    let mut portions = Vec::new();
    if is_reset {
        portions.push(0);
    }
    for portion in octets.chunks(u8::MAX.into()) {
        portions.push(portion.len() as u8);
        portions.extend(portion);
    }
    let mut output = io::stdout().lock();
    output.write_all(&portions)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_sent_before_a_reset_is_gone() {
        let (sender, receiver) = channel();
        for event in [FromHost::Octet(1), FromHost::Reset, FromHost::Octet(2), FromHost::Octet(3)] {
            sender.send(event).unwrap();
        }
        assert_eq!(received(&receiver), Some(Slice { is_reset: true, octets: vec![2, 3] }));
        assert_eq!(received(&receiver), Some(Slice::default()));
        drop(sender);
        assert_eq!(received(&receiver), None);
    }

    #[test]
    fn portions_are_read_whole() {
        let mut input: &[u8] = &[2, 7, 8, 0, 3, 1];
        assert_eq!(read_portion(&mut input).unwrap(), [7, 8]);
        assert_eq!(read_portion(&mut input).unwrap(), []);
        assert!(read_portion(&mut input).is_err());
    }
}
