//! The only reader of wire data: reading a field is what reports it.

use crate::sink::{Field, FieldSink, FieldValue};
use crate::span::Span;

/// Reads octets in order and reports each as a leaf field, so that leaves tile the buffer by construction.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8],
    // As wide as the rest: behind a narrower field lies filling, and a copy that reads it with the field waits until a
    // write of the field alone has reached the cache.
    at: usize,
}

/// Fewer octets are left than the field needs. The cursor has not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// Where the field would have begun.
    pub at: u32,
    /// Octets the field needs.
    pub needed: u32,
    /// Octets that are left.
    pub left: u32,
}

impl<'a> Cursor<'a> {
    /// A cursor over a whole buffer.
    pub const fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets, at: 0 }
    }

    /// Where the next field begins, in octets from the start of the buffer.
    pub const fn position(&self) -> u32 {
        self.at as u32
    }

    /// Octets not yet read.
    pub const fn left(&self) -> u32 {
        self.rest.len() as u32
    }

    /// Whether everything has been read.
    pub const fn is_empty(&self) -> bool {
        self.left() == 0
    }

    /// The octets not yet read, for looking ahead; looking reports nothing.
    pub const fn ahead(&self) -> &'a [u8] {
        self.rest
    }

    /// The octet `distance` ahead, 0 being the next one.
    pub fn peek(&self, distance: u32) -> Option<u8> {
        self.ahead().get(distance as usize).copied()
    }

    /// Reads `length` octets as one field. `describe` says what they mean and what the caller gets.
    #[inline]
    pub fn field<T>(
        &mut self,
        length: u32,
        sink: &mut impl FieldSink,
        describe: impl FnOnce(&'a [u8]) -> (Field<'a>, T),
    ) -> Result<T, Short> {
        let octets = self.take(length)?;
        let (field, result) = describe(octets);
        if length > 0 && sink.wants_fields() {
            sink.field(field, Span::new(self.position() - length, self.position()));
        }
        Ok(result)
    }

    /// Reads `length` octets as one field, which is described only to a sink that wants fields.
    #[inline]
    pub fn leaf(
        &mut self,
        length: u32,
        sink: &mut impl FieldSink,
        describe: impl FnOnce(&'a [u8]) -> Field<'a>,
    ) -> Result<&'a [u8], Short> {
        let octets = self.take(length)?;
        if length > 0 && sink.wants_fields() {
            sink.field(describe(octets), Span::new(self.position() - length, self.position()));
        }
        Ok(octets)
    }

    #[inline]
    fn take(&mut self, length: u32) -> Result<&'a [u8], Short> {
        match self.rest.split_at_checked(length as usize) {
            Some((octets, rest)) => {
                self.rest = rest;
                self.at += length as usize;
                Ok(octets)
            }
            None => Err(self.short(length)),
        }
    }

    /// Reads one octet.
    #[inline]
    pub fn octet(
        &mut self,
        sink: &mut impl FieldSink,
        describe: impl FnOnce(u8) -> Field<'a>,
    ) -> Result<u8, Short> {
        let octet = self.peek(0).unwrap_or_default();
        self.leaf(1, sink, |_| describe(octet)).map(|_| octet)
    }

    /// Reads a fixed number of octets.
    #[inline]
    pub fn array<const N: usize>(
        &mut self,
        sink: &mut impl FieldSink,
        describe: impl FnOnce(&'a [u8; N]) -> Field<'a>,
    ) -> Result<&'a [u8; N], Short> {
        let Some(octets) = self.ahead().first_chunk::<N>() else {
            return Err(self.short(N as u32));
        };
        self.leaf(N as u32, sink, |_| describe(octets)).map(|_| octets)
    }

    /// Reads octets that are shown as they are.
    #[inline]
    pub fn octets(
        &mut self,
        length: u32,
        name: &'static str,
        sink: &mut impl FieldSink,
    ) -> Result<&'a [u8], Short> {
        self.leaf(length, sink, |octets| Field::new(name, FieldValue::Octets(octets)))
    }

    /// A field of `needed` octets, more than are left, should begin here.
    pub const fn short(&self, needed: u32) -> Short {
        Short { at: self.position(), needed, left: self.left() }
    }

    /// Takes the next `length` octets away as a cursor of their own, which keeps counting in the same buffer. Its
    /// reader has to read or leave undecoded all of it.
    ///
    /// None where fewer are left; [`short`](Self::short) says so.
    // A `Result` of a cursor or a `Short` would be put together and taken apart in memory.
    #[inline]
    pub fn split(&mut self, length: u32) -> Option<Self> {
        let (octets, rest) = self.rest.split_at_checked(length as usize)?;
        let part = Self { rest: octets, at: self.at };
        self.rest = rest;
        self.at += length as usize;
        Some(part)
    }

    /// Reports whatever is left as one undecoded field and returns it.
    pub fn undecoded(&mut self, sink: &mut impl FieldSink) -> &'a [u8] {
        self.undecoded_as("undecoded", sink)
    }

    /// The same under another name, for octets that are read elsewhere: a segment, a ciphertext.
    pub fn undecoded_as(&mut self, name: &'static str, sink: &mut impl FieldSink) -> &'a [u8] {
        let left = self.left();
        self.leaf(left, sink, |octets| Field::new(name, FieldValue::Undecoded(octets))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Spans(std::vec::Vec<Span>);
    impl FieldSink for Spans {
        fn field(&mut self, _: Field<'_>, span: Span) {
            self.0.push(span);
        }
    }

    #[test]
    fn a_short_read_leaves_the_cursor_where_it_was() {
        let mut cursor = Cursor::new(&[1, 2, 3]);
        assert_eq!(cursor.octets(4, "x", &mut ()), Err(Short { at: 0, needed: 4, left: 3 }));
        assert_eq!(cursor.octets(3, "x", &mut ()), Ok(&[1, 2, 3][..]));
        assert!(cursor.is_empty());
    }

    #[test]
    fn parts_count_in_the_buffer_of_the_whole() {
        let mut spans = Spans(std::vec::Vec::new());
        let mut cursor = Cursor::new(&[1, 2, 3, 4, 5]);
        cursor.octets(1, "a", &mut spans).unwrap();
        let mut part = cursor.split(3).unwrap();
        part.octets(2, "b", &mut spans).unwrap();
        part.undecoded(&mut spans);
        cursor.undecoded(&mut spans);
        assert_eq!(spans.0, [Span::new(0, 1), Span::new(1, 3), Span::new(3, 4), Span::new(4, 5)]);
    }
}
