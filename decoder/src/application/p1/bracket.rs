//! The values of a line, from either end.

use crate::span::Span;

/// What stands between the brackets of a line whose octets have been read, looked at once more.
///
/// Only values that lie end to end are given. Whatever else stands between brackets means that an octet was lost, and many
/// telegrams have no check sum: what lies beyond it is not taken for a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brackets<'a> {
    octets: &'a [u8],
    start: u32,
}

impl<'a> Brackets<'a> {
    /// The values in `octets`, the first of which lies at `start`.
    pub const fn new(octets: &'a [u8], start: u32) -> Self {
        Self { octets, start }
    }

    /// Takes the last value off: its content, and where it lies with its brackets.
    pub fn last(&mut self) -> Option<(&'a [u8], Span)> {
        let [before @ .., b')'] = trim_end(self.octets) else { return None };
        let open = before.iter().rposition(|&octet| octet == b'(')?;
        let content = before.get(open + 1..)?;
        let before = before.get(..open)?;
        let nested = !matches!(trim_end(before), [] | [.., b')']) || content.contains(&b')');
        if nested {
            return None;
        }
        self.octets = before;
        let at = self.start + open as u32;
        Some((content, Span::new(at, at + content.len() as u32 + 2)))
    }

    /// Takes the first value off: its content.
    pub fn first(&mut self) -> Option<&'a [u8]> {
        let skipped = self.octets.len() - trim_start(self.octets).len();
        let [b'(', rest @ ..] = trim_start(self.octets) else { return None };
        let close = rest.iter().position(|octet| matches!(octet, b'(' | b')'))?;
        if rest.get(close) != Some(&b')') {
            return None;
        }
        self.octets = rest.get(close + 1..)?;
        self.start += (skipped + close + 2) as u32;
        rest.get(..close)
    }
}

const fn is_filling(octet: u8) -> bool {
    matches!(octet, b'\r' | b'\n' | b' ' | b'\t')
}

fn trim_end(octets: &[u8]) -> &[u8] {
    let filling = octets.iter().rev().take_while(|&&octet| is_filling(octet)).count();
    octets.get(..octets.len() - filling).unwrap_or_default()
}

fn trim_start(octets: &[u8]) -> &[u8] {
    let filling = octets.iter().take_while(|&&octet| is_filling(octet)).count();
    octets.get(filling..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_both_ends() {
        let all = Brackets::new(b"(1)(two)\r\n(3*kWh) \r\n", 10);
        let mut brackets = all;
        assert_eq!(brackets.last(), Some((&b"3*kWh"[..], Span::new(20, 27))));
        assert_eq!(brackets.last(), Some((&b"two"[..], Span::new(13, 18))));
        assert_eq!(brackets.last(), Some((&b"1"[..], Span::new(10, 13))));
        assert_eq!(brackets.last(), None);
        let mut brackets = all;
        assert_eq!([brackets.first(), brackets.first()], [Some(&b"1"[..]), Some(&b"two"[..])]);
        assert_eq!(brackets.last(), Some((&b"3*kWh"[..], Span::new(20, 27))));
        assert_eq!((brackets.first(), brackets.last()), (None, None));
    }

    #[test]
    fn nothing_beyond_what_is_no_value() {
        for broken in [&b""[..], b"(", b")", b"5*V)", b"(12(5*V)", b"(5*V)x", b"(1))"] {
            assert_eq!(Brackets::new(broken, 0).last(), None, "{}", broken.escape_ascii());
        }
        let mut brackets = Brackets::new(b"(1)x(2)", 0);
        assert_eq!((brackets.first(), brackets.first()), (Some(&b"1"[..]), None));
    }
}
