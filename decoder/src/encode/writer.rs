//! The only writer: checked, into memory that the caller owns.

use core::fmt;

/// Appends octets to a buffer. After an error the octets written so far stay.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    length: usize,
}

/// Why something cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The buffer is full.
    BufferFull,
    /// The length field of the frame or of the field cannot hold so many octets.
    TooLong,
    /// The value does not fit into the octets or digits that its wire form has.
    OutOfRange,
}

impl<'a> Writer<'a> {
    /// Writes from the beginning of `buffer`.
    pub const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, length: 0 }
    }

    /// Octets written so far.
    pub const fn position(&self) -> usize {
        self.length
    }

    /// What has been written.
    pub fn written(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }

    /// What has been written from octet `at` on.
    pub fn since(&self, at: usize) -> &[u8] {
        self.buffer.get(at..self.length).unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn since_mut(&mut self, at: usize) -> &mut [u8] {
        self.buffer.get_mut(at..self.length).unwrap_or_default()
    }

    /// Gives the buffer back, cut to what has been written.
    pub fn finish(self) -> &'a [u8] {
        let length = self.length;
        self.buffer.get(..length).unwrap_or_default()
    }

    /// Appends octets as they are.
    pub fn octets(&mut self, octets: &[u8]) -> Result<(), EncodeError> {
        let end = self.length.checked_add(octets.len()).ok_or(EncodeError::BufferFull)?;
        self.buffer.get_mut(self.length..end).ok_or(EncodeError::BufferFull)?.copy_from_slice(octets);
        self.length = end;
        Ok(())
    }

    /// Appends one octet.
    pub fn octet(&mut self, octet: u8) -> Result<(), EncodeError> {
        self.octets(&[octet])
    }

    /// Replaces octets from `at` on, all of which must have been written.
    pub fn patch(&mut self, at: usize, octets: &[u8]) -> Result<(), EncodeError> {
        let written = self.buffer.get_mut(..self.length).unwrap_or_default();
        let place = written.get_mut(at..).and_then(|rest| rest.get_mut(..octets.len()));
        place.ok_or(EncodeError::OutOfRange)?.copy_from_slice(octets);
        Ok(())
    }

    /// Puts octets in before the octet at `at`.
    pub fn insert(&mut self, at: usize, octets: &[u8]) -> Result<(), EncodeError> {
        if at > self.length {
            return Err(EncodeError::OutOfRange);
        }
        let end = self.length;
        self.octets(octets)?;
        self.buffer.copy_within(at..end, at + octets.len());
        self.patch(at, octets)
    }

    /// Takes the octet at `at` out.
    pub fn remove(&mut self, at: usize) -> Result<(), EncodeError> {
        if at >= self.length {
            return Err(EncodeError::OutOfRange);
        }
        self.buffer.copy_within(at + 1..self.length, at);
        self.length -= 1;
        Ok(())
    }

    /// Forgets everything from `length` on.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Appends a whole number with at least `width` decimal digits.
    pub fn decimal(&mut self, number: u32, width: usize) -> Result<(), EncodeError> {
        let mut power = 1;
        let mut digits = 1;
        while number / power >= 10 {
            power *= 10;
            digits += 1;
        }
        (digits..width).try_for_each(|_| self.octet(b'0'))?;
        while power > 0 {
            self.octet(b'0' + (number / power % 10) as u8)?;
            power /= 10;
        }
        Ok(())
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BufferFull => "the buffer is full",
            Self::TooLong => "the length field cannot hold so many octets",
            Self::OutOfRange => "the value does not fit into its octets",
        })
    }
}

#[cfg(feature = "std")]
impl std::error::Error for EncodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_buffer_is_an_error_and_keeps_what_was_written() {
        let mut buffer = [0; 3];
        let mut writer = Writer::new(&mut buffer);
        writer.octets(&[1, 2]).unwrap();
        assert_eq!(writer.octets(&[3, 4]), Err(EncodeError::BufferFull));
        assert_eq!(writer.insert(0, &[3, 4]), Err(EncodeError::BufferFull));
        assert_eq!(writer.patch(1, &[3, 4]), Err(EncodeError::OutOfRange));
        assert_eq!(writer.finish(), [1, 2]);
    }

    #[test]
    fn octets_move_when_others_come_or_go() {
        let mut buffer = [0; 8];
        let mut writer = Writer::new(&mut buffer);
        writer.octets(&[1, 2, 3]).unwrap();
        writer.insert(1, &[8, 9]).unwrap();
        assert_eq!(writer.written(), [1, 8, 9, 2, 3]);
        writer.remove(0).unwrap();
        assert_eq!(writer.written(), [8, 9, 2, 3]);
        assert_eq!(writer.remove(4), Err(EncodeError::OutOfRange));
    }

    #[test]
    fn decimal_digits() {
        let mut buffer = [0; 40];
        let mut writer = Writer::new(&mut buffer);
        for (number, width) in [(0, 0), (42, 4), (12345, 3), (u32::MAX, 12)] {
            writer.decimal(number, width).unwrap();
            writer.octet(b' ').unwrap();
        }
        assert_eq!(writer.finish(), b"0 0042 12345 004294967295 ");
    }
}
