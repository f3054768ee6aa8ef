//! The USB side of a simulated board as two streams, one each way: what `bench_board` of the bench reads and writes, and
//! whoever joins it to a port.
//!
//! A stream is made of portions: an octet says how many follow, 1 to 255. A portion of none is a reset.
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};

/// A piece of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Portion {
    /// To the board: its port is opened, which starts it anew (DTR pulls the Uno's reset low). From the board: what it
    /// sends from that new start on begins here. Every reset that it is told of it answers with one.
    Reset,
    /// What is sent; never none.
    Octets(Vec<u8>),
}

const RESET: u8 = 0;

impl Portion {
    /// Waits for the next one; an error at the end of the stream.
    pub fn read(stream: &mut impl Read) -> io::Result<Self> {
        let mut length = [RESET];
        stream.read_exact(&mut length)?;
        if length == [RESET] {
            return Ok(Self::Reset);
        }
        let mut octets = vec![0; length[0].into()];
        stream.read_exact(&mut octets)?;
        Ok(Self::Octets(octets))
    }
}

/// Resets and the octets behind them, in as many portions as it takes, at once.
pub fn write(stream: &mut impl Write, resets: usize, octets: &[u8]) -> io::Result<()> {
    let mut portions = vec![RESET; resets];
    for portion in octets.chunks(u8::MAX.into()) {
        portions.push(portion.len() as u8);
        portions.extend(portion);
    }
    stream.write_all(&portions)?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let octets: Vec<u8> = (0..300).map(|number| number as u8).collect();
        let mut stream = Vec::new();
        write(&mut stream, 2, &octets).unwrap();
        write(&mut stream, 0, &[]).unwrap();
        let mut stream = stream.as_slice();
        let portions = [
            Portion::Reset,
            Portion::Reset,
            Portion::Octets(octets[..255].to_vec()),
            Portion::Octets(octets[255..].to_vec()),
        ];
        for portion in portions {
            assert_eq!(Portion::read(&mut stream).unwrap(), portion);
        }
        assert!(Portion::read(&mut stream).is_err());
    }

    #[test]
    fn portions_are_read_whole() {
        let mut stream: &[u8] = &[2, 7, 8, 0, 3, 1];
        assert_eq!(Portion::read(&mut stream).unwrap(), Portion::Octets(vec![7, 8]));
        assert_eq!(Portion::read(&mut stream).unwrap(), Portion::Reset);
        assert!(Portion::read(&mut stream).is_err());
    }
}
