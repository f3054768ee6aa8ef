//! What the host says and is told.

use std::io;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

use meterscope_firmware_bench_link::{Portion, write};

/// The host's octets that have time in a slice, at 115200 baud.
const MOST_OCTETS: usize = 40;

/// What the host did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromHost {
    Octet(u8),
    Reset,
}

/// What the host did in a slice: resets, and the octets behind the last of them. Those before it the board never had.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// So many times the port was opened.
    pub resets: usize,
    /// What it sent then.
    pub octets: Vec<u8>,
}

/// Nothing once the host is gone.
pub fn from_host() -> Receiver<FromHost> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(portion) = Portion::read(&mut input) {
            let events = match portion {
                Portion::Reset => vec![FromHost::Reset],
                Portion::Octets(octets) => octets.into_iter().map(FromHost::Octet).collect(),
            };
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
            Ok(FromHost::Reset) => slice = Slice { resets: slice.resets + 1, octets: Vec::new() },
            Err(TryRecvError::Empty) => break,
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    Some(slice)
}

/// What the board sent since the slice before, or since the last of its resets, all of which are answered.
pub fn tell(resets: usize, octets: &[u8]) -> io::Result<()> {
    write(&mut io::stdout().lock(), resets, octets)
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
        assert_eq!(received(&receiver), Some(Slice { resets: 1, octets: vec![2, 3] }));
        assert_eq!(received(&receiver), Some(Slice::default()));
        drop(sender);
        assert_eq!(received(&receiver), None);
    }

    /// The host waits for the answer to each before it believes what comes.
    #[test]
    fn every_reset_of_a_slice_counts() {
        let (sender, receiver) = channel();
        for event in [FromHost::Reset, FromHost::Octet(1), FromHost::Reset] {
            sender.send(event).unwrap();
        }
        assert_eq!(received(&receiver), Some(Slice { resets: 2, octets: Vec::new() }));
    }
}
