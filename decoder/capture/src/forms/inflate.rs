//! Inflates (RFC 1950 and 1951), in pieces that each end with a flush. A Tibber Pulse deflates its telegrams; what a
//! library for all uses would bring to the page is many times what this is.

/// How far back a stream refers (RFC 1951 2).
const WINDOW: usize = 1 << 15;

/// A stream, from piece to piece.
#[derive(Debug, Default)]
pub(crate) struct Inflate {
    /// What has come out, as far as it can still be referred to.
    window: Vec<u8>,
    begun: bool,
}

impl Inflate {
    /// What a piece inflates to, at most `most` octets; nothing where it is damaged. A flush ends each piece at a whole
    /// octet.
    pub(crate) fn read(&mut self, piece: &[u8], most: usize) -> Option<Vec<u8>> {
        let piece = if self.begun { piece } else { without_header(piece)? };
        self.begun = true;
        let mut bits = Bits { octets: piece, buffer: 0, count: 0 };
        let start = self.window.len();
        let most = start + most;
        while !bits.is_at_end() {
            let is_last = bits.take(1)? == 1;
            match bits.take(2)? {
                0 => self.stored(&mut bits, most)?,
                1 => {
                    let (literals, distances) = fixed()?;
                    self.block(&mut bits, &literals, &distances, most)?;
                }
                2 => {
                    let (literals, distances) = dynamic(&mut bits)?;
                    self.block(&mut bits, &literals, &distances, most)?;
                }
                _ => return None,
            }
            if is_last {
                break;
            }
        }
        let octets = self.window.get(start..)?.to_vec();
        let past = self.window.len().saturating_sub(WINDOW);
        self.window.drain(..past);
        Some(octets)
    }

    fn stored(&mut self, bits: &mut Bits<'_>, most: usize) -> Option<()> {
        bits.align();
        let (length, complement) = (bits.take(16)?, bits.take(16)?);
        if length != complement ^ 0xFFFF || self.window.len() + length as usize > most {
            return None;
        }
        for _ in 0..length {
            self.window.push(bits.take(8)? as u8);
        }
        Some(())
    }

    fn block(&mut self, bits: &mut Bits<'_>, literals: &Codes, distances: &Codes, most: usize) -> Option<()> {
        // RFC 1951 3.2.5: the lowest value of each code and how many bits follow it.
        const LENGTHS: [(u16, u8); 29] = [
            (3, 0),
            (4, 0),
            (5, 0),
            (6, 0),
            (7, 0),
            (8, 0),
            (9, 0),
            (10, 0),
            (11, 1),
            (13, 1),
            (15, 1),
            (17, 1),
            (19, 2),
            (23, 2),
            (27, 2),
            (31, 2),
            (35, 3),
            (43, 3),
            (51, 3),
            (59, 3),
            (67, 4),
            (83, 4),
            (99, 4),
            (115, 4),
            (131, 5),
            (163, 5),
            (195, 5),
            (227, 5),
            (258, 0),
        ];
        loop {
            let symbol = literals.read(bits)?;
            if symbol < 256 {
                if self.window.len() >= most {
                    return None;
                }
                self.window.push(symbol as u8);
                continue;
            }
            if symbol == 256 {
                return Some(());
            }
            let &(least, extra) = LENGTHS.get(usize::from(symbol) - 257)?;
            let length = usize::from(least) + bits.take(extra)? as usize;
            let code = distances.read(bits)?;
            // Each pair of codes has one more bit than the pair before, from the third on.
            let extra = (code / 2).saturating_sub(1) as u8;
            let least =
                if code < 2 { usize::from(code) + 1 } else { ((2 + usize::from(code % 2)) << extra) + 1 };
            let distance = least + bits.take(extra)? as usize;
            if code > 29 || self.window.len() + length > most {
                return None;
            }
            let from = self.window.len().checked_sub(distance)?;
            for at in from..from + length {
                self.window.push(*self.window.get(at)?);
            }
        }
    }
}

/// RFC 1950 2.2: deflate, no preset dictionary, and the two octets are a multiple of 31.
fn without_header(piece: &[u8]) -> Option<&[u8]> {
    let (&[method, flags], rest) = piece.split_first_chunk()?;
    let is_header =
        method & 0x0F == 8 && flags & 0x20 == 0 && u16::from_be_bytes([method, flags]).is_multiple_of(31);
    is_header.then_some(rest)
}

/// Reads bits, the lowest of an octet first.
struct Bits<'a> {
    octets: &'a [u8],
    buffer: u32,
    count: u8,
}

impl Bits<'_> {
    fn take(&mut self, count: u8) -> Option<u32> {
        while self.count < count {
            let (&octet, rest) = self.octets.split_first()?;
            self.octets = rest;
            self.buffer |= u32::from(octet) << self.count;
            self.count += 8;
        }
        let bits = self.buffer & ((1 << count) - 1);
        self.buffer >>= count;
        self.count -= count;
        Some(bits)
    }

    fn align(&mut self) {
        self.buffer >>= self.count % 8;
        self.count -= self.count % 8;
    }

    fn is_at_end(&self) -> bool {
        self.octets.is_empty() && self.count < 8
    }
}

/// A Huffman code, canonical as in RFC 1951 3.2.2.
struct Codes {
    /// How many codes there are of each length.
    counts: [u16; 16],
    /// The symbols in the order of their codes.
    symbols: Vec<u16>,
}

impl Codes {
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0_u16; 16];
        for &length in lengths {
            *counts.get_mut(usize::from(length))? += 1;
        }
        counts[0] = 0;
        let mut symbols = Vec::with_capacity(lengths.len());
        for length in 1..16 {
            let of_length = lengths.iter().enumerate().filter(|&(_, &found)| found == length);
            symbols.extend(of_length.map(|(symbol, _)| symbol as u16));
        }
        Some(Self { counts, symbols })
    }

    fn read(&self, bits: &mut Bits<'_>) -> Option<u16> {
        let (mut code, mut first, mut index) = (0_u32, 0_u32, 0_u32);
        for &count in self.counts.get(1..)? {
            let count = u32::from(count);
            code |= bits.take(1)?;
            if let Some(within) = code.checked_sub(first).filter(|&within| within < count) {
                return self.symbols.get((index + within) as usize).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

/// RFC 1951 3.2.6.
fn fixed() -> Option<(Codes, Codes)> {
    let mut lengths = [8; 288];
    lengths.get_mut(144..256)?.fill(9);
    lengths.get_mut(256..280)?.fill(7);
    Some((Codes::new(&lengths)?, Codes::new(&[5; 30])?))
}

/// RFC 1951 3.2.7.
fn dynamic(bits: &mut Bits<'_>) -> Option<(Codes, Codes)> {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let literals = bits.take(5)? as usize + 257;
    let distances = bits.take(5)? as usize + 1;
    let lengths = bits.take(4)? as usize + 4;
    let mut of_lengths = [0; 19];
    for &at in ORDER.get(..lengths)? {
        *of_lengths.get_mut(at)? = bits.take(3)? as u8;
    }
    let of_lengths = Codes::new(&of_lengths)?;
    let mut found: Vec<u8> = Vec::with_capacity(literals + distances);
    while found.len() < literals + distances {
        let (value, times) = match of_lengths.read(bits)? {
            length @ 0..16 => (length as u8, 1),
            16 => (*found.last()?, bits.take(2)? + 3),
            17 => (0, bits.take(3)? + 3),
            _ => (0, bits.take(7)? + 11),
        };
        found.resize(found.len() + times as usize, value);
    }
    if found.len() > literals + distances {
        return None;
    }
    let (literals, distances) = found.split_at_checked(literals)?;
    Some((Codes::new(literals)?, Codes::new(distances)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::hex::parse_pairs;

    const TEXTS: [&[u8]; 2] = [b"1-0:1.8.0(001.2*kWh)1-0:1.8.0(001.3*kWh)", b"1-0:1.8.0(001.4*kWh)"];

    /// The texts as zlib deflates them: stored, and with the fixed code.
    const STREAMS: [[&str; 2]; 2] = [
        [
            "3811002800d7ff312d303a312e382e30283030312e322a6b576829312d303a312e382e30283030312e332a6b576829000000ffff",
            "001400ebff312d303a312e382e30283030312e342a6b576829000000ffff",
        ],
        ["381132d435b032d4b3d033d0303030d433d2ca0ecfd034441133068b01000000ffff", "421533018b01000000ffff"],
    ];

    fn octets(digits: &str) -> Vec<u8> {
        parse_pairs(digits.as_bytes()).expect("digits")
    }

    #[test]
    fn a_stream_goes_on_in_its_next_piece() {
        for stream in STREAMS {
            let mut inflate = Inflate::default();
            for (piece, text) in stream.iter().zip(TEXTS) {
                assert_eq!(inflate.read(&octets(piece), 100).as_deref(), Some(text));
            }
        }
    }

    #[test]
    fn damage_and_too_much_are_refused() {
        for stream in STREAMS {
            let piece = octets(stream[0]);
            assert_eq!(Inflate::default().read(&piece, 39), None);
            assert_eq!(Inflate::default().read(&piece[..piece.len() - 8], 100), None);
            assert_eq!(Inflate::default().read(&piece[1..], 100), None);
        }
        // The second piece alone refers to the first.
        let header = [0x78, 0x01];
        assert_eq!(Inflate::default().read(&[&header, octets(STREAMS[1][1]).as_slice()].concat(), 100), None);
    }
}
