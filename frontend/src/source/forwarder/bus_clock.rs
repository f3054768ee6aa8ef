//! When octets were on the bus, by the board's clock and the computer's.

use meterscope_firmware_logic::edge::TICKS_PER_SECOND;
use meterscope_firmware_logic::marks::LARGEST;

use crate::source::Micros;

/// The board's clock is read off with every mark of time. What comes between a board and the page makes octets late and
/// never early: so a moment is where the board's clock puts it behind the one before, but no later than its arrival.
#[derive(Clone, Copy, Debug, Default)]
pub struct BusClock {
    last: Option<Moment>,
}

#[derive(Clone, Copy, Debug)]
struct Moment {
    ticks: u32,
    at: Micros,
}

const TICK_MICROS: Micros = 1_000_000 / TICKS_PER_SECOND as Micros;
/// The numbers of the marks begin anew after this.
const WRAP_MICROS: Micros = (LARGEST as Micros + 1) * TICK_MICROS;
/// A board's resonator is up to 0.5 % wrong, and the computer's clock is set now and then.
const DRIFT_PARTS: Micros = 100;
/// Nothing is on its way for longer; if it seems so, the board has started anew.
const LONGEST_WAY: Micros = 1_000_000;

impl BusClock {
    /// A board's moment, of which was heard at `arrival`.
    pub fn moment(&mut self, ticks: u32, arrival: Micros) -> Micros {
        let at = self.last.map_or(arrival, |last| last.later(ticks, arrival));
        self.last = Some(Moment { ticks, at });
        at
    }
}

impl Moment {
    fn later(self, ticks: u32, arrival: Micros) -> Micros {
        let passed = Micros::from(ticks.wrapping_sub(self.ticks) & LARGEST) * TICK_MICROS;
        // How often the numbers have begun anew, the computer's clock knows.
        let elapsed = arrival.saturating_sub(self.at);
        let turns = (elapsed.saturating_sub(passed) + WRAP_MICROS / 2) / WRAP_MICROS;
        let passed = passed + turns * WRAP_MICROS;
        let latest = self.at + passed + passed / DRIFT_PARTS;
        if latest + LONGEST_WAY < arrival { arrival } else { latest.min(arrival) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Micros = 1_768_392_000_000_000;
    const SECOND: Micros = 1_000_000;

    fn ticks(micros: Micros) -> u32 {
        (micros / TICK_MICROS) as u32 & LARGEST
    }

    #[test]
    fn a_busy_computer_does_not_shift_the_bus() {
        let mut clock = BusClock::default();
        clock.moment(ticks(5 * SECOND), NOON);
        let at = clock.moment(ticks(7 * SECOND), NOON + 2 * SECOND + 300_000);
        assert!(at.abs_diff(NOON + 2 * SECOND) <= 20_000, "{}", at - NOON);
    }

    #[test]
    fn nothing_is_later_than_its_arrival() {
        let mut clock = BusClock::default();
        clock.moment(ticks(5 * SECOND), NOON);
        // A board that is half a percent fast.
        for second in 1..1000 {
            let arrival = NOON + second * SECOND;
            let at = clock.moment(ticks(5 * SECOND + second * 1_005_000), arrival);
            assert_eq!(at, arrival);
        }
    }

    #[test]
    fn a_slow_board_is_followed() {
        let mut clock = BusClock::default();
        clock.moment(0, NOON);
        for second in 1..1000 {
            let arrival = NOON + second * SECOND;
            assert_eq!(clock.moment(ticks(second * 995_000), arrival), arrival);
        }
    }

    #[test]
    fn the_numbers_begin_anew() {
        let mut clock = BusClock::default();
        let begin = ticks(WRAP_MICROS - SECOND);
        clock.moment(begin, NOON);
        assert_eq!(clock.moment(ticks(SECOND), NOON + 2 * SECOND), NOON + 2 * SECOND);
        // An hour without a list.
        let hour = 3600 * SECOND;
        assert_eq!(clock.moment(ticks(SECOND + hour), NOON + 2 * SECOND + hour), NOON + 2 * SECOND + hour);
    }

    #[test]
    fn a_board_that_starts_anew_has_a_new_clock() {
        let mut clock = BusClock::default();
        clock.moment(ticks(900 * SECOND), NOON);
        assert_eq!(clock.moment(ticks(SECOND), NOON + 5 * SECOND), NOON + 5 * SECOND);
        assert_eq!(clock.moment(ticks(3 * SECOND), NOON + 7 * SECOND), NOON + 7 * SECOND);
    }
}
