//! Octets of a line's edges: a receiver that looks at the middle of each bit, with a clock of its own, and shares no code
//! with the firmware's.

use meterscope_firmware_logic::line_settings::{LineSettings, Parity};

use crate::signal::Edge;

/// How octets are framed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Framing {
    /// How long a bit is.
    pub bit_s: f64,
    /// Whether an even parity bit follows the eight data bits.
    pub even_parity: bool,
}

/// What was received.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    /// Octets in good frames, and when their start bits began.
    pub octets: Vec<(f64, u8)>,
    /// Characters with a wrong start, parity or stop bit.
    pub errors: usize,
}

impl Framing {
    /// 8E1.
    pub fn even(baud: u32) -> Self {
        Self { bit_s: 1.0 / f64::from(baud), even_parity: true }
    }

    /// That of a line with eight data bits; None for another.
    pub fn of(line: LineSettings) -> Option<Self> {
        let even_parity = match (line.data_bits, line.parity) {
            (8, Parity::None) => false,
            (8, Parity::Even) => true,
            _ => return None,
        };
        Some(Self { bit_s: 1.0 / f64::from(line.baud), even_parity })
    }

    /// Octets of a line that rests high and ends at `end_s`.
    pub fn receive(&self, edges: &[Edge], end_s: f64) -> Received {
        let mut received = Received::default();
        let bits = self.bits();
        let mut from_s = f64::NEG_INFINITY;
        let start_from = |from_s: f64| edges.iter().find(|edge| !edge.level && edge.at_s >= from_s);
        while let Some(start) = start_from(from_s) {
            let middle = |bit: usize| start.at_s + (bit as f64 + 0.5) * self.bit_s;
            if middle(bits - 1) > end_s {
                break;
            }
            let character: Vec<bool> = (0..bits).map(|bit| level(edges, middle(bit))).collect();
            let octet = character[1..9].iter().rev().fold(0, |octet, &bit| octet << 1 | u8::from(bit));
            let parity = !self.even_parity || character[9] == (octet.count_ones() % 2 == 1);
            if !character[0] && parity && character[bits - 1] {
                received.octets.push((start.at_s, octet));
            } else {
                received.errors += 1;
            }
            from_s = middle(bits - 1);
        }
        received
    }

    /// How much earlier and later than it should be an edge arrives at the most, if its place is counted in bits from its
    /// octet's start: what a receiver has to bear that begins anew with each start bit. Both are negative for early.
    ///
    /// None where edges are missing, as for [`delays_s`], or nothing was sent.
    pub fn deviations_s(&self, sent: &[Edge], arrived: &[Edge]) -> Option<(f64, f64)> {
        delays_s(sent, arrived)?;
        let mut range = None;
        for (start_s, _) in self.receive(sent, f64::INFINITY).octets {
            let first = sent.iter().position(|edge| edge.at_s >= start_s)?;
            // The next start bit ends the stop bit.
            let end_s = start_s + (self.bits() as f64 + 0.5) * self.bit_s;
            let octet = sent.iter().zip(arrived).skip(first).take_while(|(sent, _)| sent.at_s < end_s);
            for (sent, edge) in octet {
                let should_s = ((sent.at_s - start_s) / self.bit_s).round() * self.bit_s;
                let late_s = edge.at_s - arrived[first].at_s - should_s;
                let (least, most) = range.unwrap_or((late_s, late_s));
                range = Some((late_s.min(least), late_s.max(most)));
            }
        }
        range
    }

    fn bits(&self) -> usize {
        if self.even_parity { 11 } else { 10 }
    }
}

impl Received {
    /// The octets alone.
    pub fn plain(&self) -> Vec<u8> {
        self.octets.iter().map(|(_, octet)| *octet).collect()
    }
}

/// How much the delays of edges differ: the most that a bit is too long or too short.
///
/// None where an edge that was sent never arrived, or one arrived that was not sent.
pub fn distortion_s(sent: &[Edge], arrived: &[Edge]) -> Option<f64> {
    let delays: Vec<f64> = delays_s(sent, arrived)?;
    let most = delays.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = delays.iter().copied().fold(f64::INFINITY, f64::min);
    Some(most - least)
}

/// How much later each edge arrives than it was sent.
pub fn delays_s(sent: &[Edge], arrived: &[Edge]) -> Option<Vec<f64>> {
    let same = sent.len() == arrived.len()
        && sent.iter().zip(arrived).all(|(sent, arrived)| sent.level == arrived.level);
    same.then(|| sent.iter().zip(arrived).map(|(sent, arrived)| arrived.at_s - sent.at_s).collect())
}

fn level(edges: &[Edge], at_s: f64) -> bool {
    let behind = edges.partition_point(|edge| edge.at_s <= at_s);
    behind.checked_sub(1).is_none_or(|place| edges[place].level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(at: &[f64]) -> Vec<Edge> {
        at.iter().enumerate().map(|(place, &at_s)| Edge { at_s, level: place % 2 == 1 }).collect()
    }

    /// 0x55 with even parity, bits of one second.
    fn character() -> Vec<Edge> {
        edges(&[10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 20.0])
    }

    const SECONDS: Framing = Framing { bit_s: 1.0, even_parity: true };

    #[test]
    fn an_octet_is_read_in_the_middle_of_its_bits() {
        let received = SECONDS.receive(&character(), 30.0);
        assert_eq!(received, Received { octets: vec![(10.0, 0x55)], errors: 0 });
    }

    #[test]
    fn faults_are_counted() {
        let mut wrong_parity = character();
        wrong_parity.truncate(9);
        wrong_parity.push(Edge { at_s: 19.0, level: true });
        assert_eq!(SECONDS.receive(&wrong_parity, 30.0).errors, 1);
        let short_start = edges(&[10.0, 10.3]);
        assert_eq!(SECONDS.receive(&short_start, 30.0).errors, 1);
        assert_eq!(SECONDS.receive(&character(), 15.0), Received::default());
    }

    #[test]
    fn distortion_is_what_delays_differ_by() {
        let late: Vec<Edge> = character()
            .iter()
            .map(|edge| Edge { at_s: edge.at_s + if edge.level { 0.3 } else { 0.1 }, ..*edge })
            .collect();
        assert!((distortion_s(&character(), &late).unwrap() - 0.2).abs() < 1e-9);
        assert_eq!(distortion_s(&character(), &late[..8]), None);
    }

    #[test]
    fn deviations_are_counted_from_the_start_of_each_octet() {
        let next = character().into_iter().map(|edge| Edge { at_s: edge.at_s + 11.0, ..edge });
        let sent: Vec<Edge> = character().into_iter().chain(next).collect();
        // The second octet comes late as a whole, and one of its edges early.
        let late: Vec<Edge> = sent
            .iter()
            .map(|edge| Edge { at_s: edge.at_s + if edge.at_s < 21.0 { 0.1 } else { 0.3 }, ..*edge })
            .map(|edge| Edge { at_s: edge.at_s - if edge.at_s > 31.0 { 0.25 } else { 0.0 }, ..edge })
            .collect();
        let (least, most) = SECONDS.deviations_s(&sent, &late).unwrap();
        assert!((least + 0.25).abs() < 1e-9 && (most - 0.2).abs() < 1e-9, "{least} {most}");
        assert_eq!(SECONDS.deviations_s(&sent, &late[1..]), None);
        assert_eq!(SECONDS.deviations_s(&[], &[]), None);
    }

    #[test]
    fn framing_is_that_of_the_line() {
        assert_eq!(Framing::of("2400 8E1".parse().unwrap()), Some(Framing::even(2400)));
        assert_eq!(Framing::of("2400 7E1".parse().unwrap()), None);
    }
}
