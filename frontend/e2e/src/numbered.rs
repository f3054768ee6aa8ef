//! Octets of which every four are a number, one more than the four before: whatever is lost, doubled or altered shows.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::board::Board;

/// What a board hands over at a time, about what USB does in 4 ms at full speed.
const CHUNK: usize = 4096;

/// How many and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// A multiple of four.
    pub octets: usize,
    /// At most; a reader that is slower is waited for.
    pub octets_per_s: u64,
}

impl Numbered {
    /// Writes them all and returns when the last is in the terminal.
    pub fn write(&self, board: &Board) -> io::Result<()> {
        let octets = self.all();
        let start = Instant::now();
        let mut written = 0;
        for chunk in octets.chunks(CHUNK) {
            let due = Duration::from_micros(written * 1_000_000 / self.octets_per_s);
            thread::sleep(due.saturating_sub(start.elapsed()));
            board.write_all(chunk)?;
            written += chunk.len() as u64;
        }
        Ok(())
    }

    /// All of them.
    pub fn all(&self) -> Vec<u8> {
        (0..self.octets as u32 / 4).flat_map(u32::to_be_bytes).collect()
    }
}
