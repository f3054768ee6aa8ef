//! What happens to octets on a bad line or in careless software.

use super::writer::{EncodeError, Writer};

/// A way of spoiling what has been written; places count from the first octet in the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage<'n> {
    /// One bit, 0 to 7, arrives inverted.
    FlipBit {
        /// Which octet.
        at: usize,
        /// Which bit.
        bit: u8,
    },
    /// One octet gets lost.
    LoseOctet {
        /// Which one.
        at: usize,
    },
    /// Everything from an octet on gets lost.
    Truncate {
        /// How many octets are left.
        length: usize,
    },
    /// Octets come in between.
    Insert {
        /// In front of which octet.
        at: usize,
        /// What comes in.
        noise: &'n [u8],
    },
    /// Some program on the way turns every LF into CR LF, also those within a binary frame.
    LineFeeds,
}

impl Damage<'_> {
    /// Spoils what `writer` holds; a place outside is [`EncodeError::OutOfRange`].
    pub fn apply(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        match *self {
            Self::FlipBit { at, bit } => {
                let octet = writer.written().get(at).copied().ok_or(EncodeError::OutOfRange)?;
                writer.patch(at, &[octet ^ 1 << (bit & 7)])
            }
            Self::LoseOctet { at } => writer.remove(at),
            Self::Truncate { length } => {
                writer.truncate(length);
                Ok(())
            }
            Self::Insert { at, noise } => writer.insert(at, noise),
            Self::LineFeeds => double_line_feeds(writer),
        }
    }
}

fn double_line_feeds(writer: &mut Writer<'_>) -> Result<(), EncodeError> {
    let mut at = 0;
    while let Some(&octet) = writer.written().get(at) {
        if octet == b'\n' {
            writer.insert(at, b"\r")?;
            at += 1;
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoiled(damage: Damage<'_>) -> Result<std::vec::Vec<u8>, EncodeError> {
        let mut buffer = [0; 16];
        let mut writer = Writer::new(&mut buffer);
        writer.octets(&[1, b'\n', b'\n', 4])?;
        damage.apply(&mut writer)?;
        Ok(writer.finish().to_vec())
    }

    #[test]
    fn each_way_of_spoiling() {
        assert_eq!(spoiled(Damage::FlipBit { at: 3, bit: 7 }).unwrap(), [1, 10, 10, 0x84]);
        assert_eq!(spoiled(Damage::LoseOctet { at: 0 }).unwrap(), [10, 10, 4]);
        assert_eq!(spoiled(Damage::Truncate { length: 2 }).unwrap(), [1, 10]);
        assert_eq!(spoiled(Damage::Insert { at: 1, noise: &[8, 9] }).unwrap(), [1, 8, 9, 10, 10, 4]);
        assert_eq!(spoiled(Damage::LineFeeds).unwrap(), [1, 13, 10, 13, 10, 4]);
        assert_eq!(spoiled(Damage::FlipBit { at: 4, bit: 0 }), Err(EncodeError::OutOfRange));
        assert_eq!(spoiled(Damage::LoseOctet { at: 4 }), Err(EncodeError::OutOfRange));
    }
}
