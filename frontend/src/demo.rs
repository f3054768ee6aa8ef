//! A capture of two invented meters, an electricity meter on a HAN port and a heat meter on an M-Bus, some frames damaged.

use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};

/// How long the meters run: over a full hour, so that the hourly list is there.
const SECONDS: u32 = 300;

/// The octets, in the order of time.
pub fn capture() -> Vec<u8> {
    let start = Clock::new(2025, 1, 14, 16, 57, 0).unwrap_or(Clock(0));
    let meters = [
        Demo::new(MeterKind::Kaifa, start).damaged_every(9),
        Demo::new(MeterKind::Heat, start).damaged_every(31),
    ];
    let mut octets = Vec::new();
    let mut meters = meters.map(|meter| (meter, true));
    let mut buffer = [0; LONGEST_FRAME];
    while let Some((meter, running)) = earliest(&mut meters) {
        match meter.next_frame(&mut buffer) {
            Ok(frame) => octets.extend_from_slice(frame.octets),
            // A meter whose frame cannot be written is silent from then on.
            Err(_) => *running = false,
        }
    }
    octets
}

fn earliest(meters: &mut [(Demo, bool)]) -> Option<(&mut Demo, &mut bool)> {
    let running =
        meters.iter_mut().filter(|(meter, running)| *running && meter.next_at_ms() < SECONDS * 1000);
    running.min_by_key(|(meter, _)| meter.next_at_ms()).map(|(meter, running)| (meter, running))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Session;

    #[test]
    fn both_meters_are_read_and_damage_is_shown() {
        let session = Session::new(&capture());
        let totals = session.evidence();
        assert!(totals.good > 150 && totals.damaged > 2, "{totals:?}");
        assert_eq!(totals.unread, 0);
        let meters = session.cards().chunk_by(|a, b| a.key.meter == b.key.meter);
        assert_eq!(meters.count(), 2);
    }
}
