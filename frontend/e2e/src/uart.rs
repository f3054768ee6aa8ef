//! What a serial receiver makes of what a sender puts on the line, bit by bit, also where their settings differ.
//!
//! Time is counted in ticks, of which a bit of the sender has twice as many as the receiver has baud, and the other way
//! round, so that every edge and every sample, half a bit after an edge, falls on a whole tick.

use meterscope_capture::line_settings::{LineSettings, Parity};

/// One octet as it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Least significant bit first on the line; of seven data bits the highest is left out.
    pub octet: u8,
    /// Its parity bit is sent wrong.
    pub parity_wrong: bool,
}

/// One octet as it is received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Unused high bits are zero.
    pub octet: u8,
    /// What was wrong with it.
    pub fault: Option<Fault>,
    /// When it was complete, in microseconds after the first start bit.
    pub at_micros: u64,
}

/// What a receiver can find wrong with an octet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The parity bit does not fit.
    Parity,
    /// There is no stop bit.
    Framing,
    /// There is no stop bit and not a single one before it.
    Break,
}

/// Octets without a fault.
pub fn sent(octets: &[u8]) -> Vec<Sent> {
    octets.iter().map(|&octet| Sent { octet, parity_wrong: false }).collect()
}

/// What a receiver with the settings `receiver` makes of octets that follow each other without a gap, out of an idle
/// line and into one.
pub fn hear(octets: &[Sent], sender: LineSettings, receiver: LineSettings) -> Vec<Heard> {
    let line = Waveform::new(octets, sender, 2 * u64::from(receiver.baud.max(1)));
    let bit = 2 * u64::from(sender.baud.max(1));
    let mut heard = Vec::new();
    let mut from = 0;
    while let Some(start) = line.next_fall(from) {
        // A start bit that is gone in its middle was noise.
        if line.level(start + bit / 2) {
            from = start + bit / 2;
            continue;
        }
        let (octet, end) = receive(&line, start, bit, receiver);
        heard.push(Heard { at_micros: line.micros(end), ..octet });
        // Without a stop bit the receiver waits for the line to become idle before it looks for a start bit.
        from = if octet.fault == Some(Fault::Framing) || octet.fault == Some(Fault::Break) {
            line.next_rise(end)
        } else {
            end
        };
    }
    heard
}

/// Samples in the middle of each bit behind a start bit that begins at `start`. The end is the middle of the stop bit:
/// only the first one is looked at.
fn receive(line: &Waveform, start: u64, bit: u64, settings: LineSettings) -> (Heard, u64) {
    let sample = |place: u64| line.level(start + bit / 2 + place * bit);
    let data_bits = u64::from(settings.data_bits);
    let octet = (0..data_bits).fold(0, |octet, place| octet | u8::from(sample(1 + place)) << place);
    let (parity_fits, parity_level, stop_place) = match settings.parity {
        Parity::None => (true, false, 1 + data_bits),
        parity => {
            let level = sample(1 + data_bits);
            (level == parity_bit(octet, parity), level, 2 + data_bits)
        }
    };
    let fault = match (sample(stop_place), octet == 0 && !parity_level, parity_fits) {
        (false, true, _) => Some(Fault::Break),
        (false, false, _) => Some(Fault::Framing),
        (true, _, false) => Some(Fault::Parity),
        (true, _, true) => None,
    };
    (Heard { octet, fault, at_micros: 0 }, start + bit / 2 + stop_place * bit)
}

fn parity_bit(octet: u8, parity: Parity) -> bool {
    (octet.count_ones() % 2 == 1) == (parity != Parity::Odd)
}

/// The level of the line over time; it is high before and after.
struct Waveform {
    levels: Vec<bool>,
    ticks_per_level: u64,
    baud: u64,
}

impl Waveform {
    fn new(octets: &[Sent], settings: LineSettings, ticks_per_level: u64) -> Self {
        let mut levels = Vec::new();
        for &Sent { octet, parity_wrong } in octets {
            levels.push(false);
            levels.extend((0..settings.data_bits).map(|place| octet >> place & 1 == 1));
            if settings.parity != Parity::None {
                let counted = octet & (u8::MAX >> (8 - settings.data_bits));
                levels.push(parity_bit(counted, settings.parity) != parity_wrong);
            }
            levels.extend((0..settings.stop_bits).map(|_| true));
        }
        Self { levels, ticks_per_level, baud: u64::from(settings.baud.max(1)) }
    }

    fn level(&self, tick: u64) -> bool {
        self.place(tick).is_none_or(|level| level)
    }

    /// The next tick, from `tick` on, at which the line goes from high to low.
    fn next_fall(&self, tick: u64) -> Option<u64> {
        let first = tick.div_ceil(self.ticks_per_level) as usize;
        let before = if first == 0 { true } else { self.levels.get(first - 1).copied().unwrap_or(true) };
        let mut was_high = before;
        for (place, &level) in self.levels.iter().enumerate().skip(first) {
            if was_high && !level {
                return Some(place as u64 * self.ticks_per_level);
            }
            was_high = level;
        }
        None
    }

    /// The first tick from `tick` on at which the line is high.
    fn next_rise(&self, tick: u64) -> u64 {
        let first = (tick / self.ticks_per_level) as usize;
        let low = self.levels.iter().skip(first).take_while(|level| !**level).count();
        if low == 0 { tick } else { (first + low) as u64 * self.ticks_per_level }
    }

    fn micros(&self, tick: u64) -> u64 {
        tick * 1_000_000 / (self.baud * self.ticks_per_level)
    }

    fn place(&self, tick: u64) -> Option<bool> {
        self.levels.get((tick / self.ticks_per_level) as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> LineSettings {
        text.parse().unwrap()
    }

    fn octets(heard: &[Heard]) -> Vec<u8> {
        heard.iter().map(|heard| heard.octet).collect()
    }

    fn all() -> Vec<u8> {
        (0..=255).collect()
    }

    #[test]
    fn the_same_settings_give_the_same_octets_at_their_times() {
        for text in ["2400 8E1", "115200 8N1", "300 8O2", "9600 8N2"] {
            let line = settings(text);
            let heard = hear(&sent(&all()), line, line);
            assert_eq!(octets(&heard), all(), "{text}");
            assert!(heard.iter().all(|heard| heard.fault.is_none()), "{text}");
            let last = heard.last().unwrap().at_micros;
            let expected = 256 * line.octet_micros();
            assert!(last < expected && last > expected - 2 * line.octet_micros(), "{text}: {last}");
        }
    }

    /// The parity bit is where the stop bit should be, and is low for an even number of ones.
    #[test]
    fn even_parity_read_without_gives_a_framing_error_for_every_even_octet() {
        let heard = hear(&sent(&all()), settings("2400 8E1"), settings("2400 8N1"));
        assert_eq!(octets(&heard), all());
        for Heard { octet, fault, .. } in heard {
            let expected = match octet {
                0 => Some(Fault::Break),
                octet if octet.count_ones() % 2 == 0 => Some(Fault::Framing),
                _ => None,
            };
            assert_eq!(fault, expected, "{octet:02X}");
        }
    }

    #[test]
    fn even_read_as_odd_is_a_parity_error_every_time() {
        let heard = hear(&sent(&all()), settings("2400 8E1"), settings("2400 8O1"));
        assert_eq!(octets(&heard), all());
        assert!(heard.iter().all(|heard| heard.fault == Some(Fault::Parity)));
    }

    /// The stop bit is taken for the parity bit, and the start bit of the next octet for the stop bit.
    #[test]
    fn no_parity_read_as_even_loses_octets() {
        let heard = hear(&sent(&[0x7E; 20]), settings("2400 8N1"), settings("2400 8E1"));
        assert!(heard.len() < 20, "{heard:?}");
        assert!(heard.iter().filter(|heard| heard.fault.is_some()).count() > 5, "{heard:?}");
    }

    #[test]
    fn a_wrong_speed_gives_other_octets() {
        let fast = hear(&sent(&[0x55; 8]), settings("9600 8N1"), settings("2400 8N1"));
        assert!(fast.len() <= 2 + 8 / 4, "{fast:?}");
        // A bit of 300 baud is eight bits of 2400 baud: the start bit alone is an octet of zeros.
        let slow = hear(&sent(&[0xFF]), settings("300 8N1"), settings("2400 8N1"));
        assert_eq!(octets(&slow), [0x80]);
        let slow = hear(&sent(&[0x00]), settings("300 8N1"), settings("2400 8N1"));
        assert_eq!(slow.first().unwrap().fault, Some(Fault::Break));
    }

    #[test]
    fn a_wrong_parity_bit_is_found() {
        let line = settings("2400 8E1");
        let octets = [0x01, 0x02].map(|octet| Sent { octet, parity_wrong: octet == 0x02 });
        let faults: Vec<_> = hear(&octets, line, line).iter().map(|heard| heard.fault).collect();
        assert_eq!(faults, [None, Some(Fault::Parity)]);
    }

    #[test]
    fn seven_data_bits_leave_the_highest_out() {
        let line = settings("9600 7E1");
        let heard = hear(&sent(&[0x81, 0x7F]), line, line);
        assert_eq!(octets(&heard), [0x01, 0x7F]);
        assert!(heard.iter().all(|heard| heard.fault.is_none()));
    }
}
