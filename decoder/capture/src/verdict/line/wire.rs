//! Octets on a line and off it again.

/// What stands around the eight data bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    /// A parity bit that makes the number of ones even.
    even_parity: bool,
}

/// What a receiver does where a stop bit should be and the line is low.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Low {
    /// It waits until the line falls again: an AVR, and most chips between a line and USB.
    Waits,
    /// It takes that for the next start bit: the 16550 and what descends from it.
    IsStart,
}

impl Wire {
    /// No parity.
    pub const EIGHT_NONE_ONE: Self = Self { even_parity: false };
    /// Even parity.
    pub const EIGHT_EVEN_ONE: Self = Self { even_parity: true };

    /// The levels of a line at rest, of octets back to back, and at rest again.
    pub fn bits(self, octets: &[u8]) -> Vec<bool> {
        let mut bits = vec![true];
        for &octet in octets {
            bits.push(false);
            bits.extend((0..8).map(|bit| octet >> bit & 1 == 1));
            bits.extend(self.even_parity.then_some(octet.count_ones() % 2 == 1));
            bits.push(true);
        }
        bits
    }
}

/// What a receiver makes of a line; octets whose stop or parity bit is wrong are kept as they are, or left out.
pub(super) fn read(bits: &[bool], wire: Wire, low: Low, keeps_errors: bool) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..bits.len()).find(|&at| is_start(bits, at, low)) {
        let Some(data) = bits.get(start + 1..start + 9) else { break };
        let octet = data.iter().rev().fold(0, |octet, &bit| octet << 1 | u8::from(bit));
        let parity = if wire.even_parity { bits.get(start + 9).copied() } else { None };
        let stop_at = start + 9 + usize::from(wire.even_parity);
        let Some(&stop) = bits.get(stop_at) else { break };
        let parity_holds = parity.is_none_or(|bit| bit == (octet.count_ones() % 2 == 1));
        if keeps_errors || stop && parity_holds {
            octets.push(octet);
        }
        at = if stop || low == Low::Waits { stop_at + 1 } else { stop_at };
    }
    octets
}

/// Whether a start bit is there: the line falls, or is low where a stop bit was awaited.
fn is_start(bits: &[bool], at: usize, low: Low) -> bool {
    let falls = at > 0 && bits.get(at - 1) == Some(&true);
    bits.get(at) == Some(&false) && (falls || low == Low::IsStart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_settings_give_the_octets_back() {
        let octets: Vec<u8> = (0..=u8::MAX).collect();
        for wire in [Wire::EIGHT_NONE_ONE, Wire::EIGHT_EVEN_ONE] {
            for low in [Low::Waits, Low::IsStart] {
                assert_eq!(read(&wire.bits(&octets), wire, low, false), octets);
            }
        }
    }

    #[test]
    fn kamstrup_without_parity_read_with_it() {
        // As users of 8E1 have reported it.
        let sent = Wire::EIGHT_NONE_ONE.bits(&[0x7E, 0xA0, 0xE2, 0x2B, 0x21, 0x13, 0x23, 0x9A, 0xE6]);
        let read = read(&sent, Wire::EIGHT_EVEN_ONE, Low::Waits, true);
        assert_eq!(read.get(..3), Some(&[0x7E, 0x13, 0x2B][..]));
    }
}
