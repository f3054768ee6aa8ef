//! What the master simulator plays without a host: the frames of an invented meter, each at its time.
//!
//! The meters and the houses that they stand in are those of the decoder's `encode`, so all that is on the bus is known
//! for a start of the clock.

use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::heating::Heating;
use meterscope_decoder::encode::household::{Household, Measurements};
use meterscope_decoder::encode::mbus;
use meterscope_decoder::encode::writer::{EncodeError, Writer};
use meterscope_decoder::encode::{aidon, heat_meter, kaifa, kamstrup};

use crate::line_settings::{LineSettings, Parity};

/// The meters that can be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meter {
    /// Norway: list 1 every 2 s, list 2 every 10 s, list 3 ten seconds past the hour.
    Kaifa,
    /// Norway: list 1 every 10 s, list 2 five seconds past the hour.
    Kamstrup,
    /// Norway: list 1 every 2.5 s, list 2 every 10 s, list 3 ten seconds past the hour.
    Aidon,
    /// A heat meter and its master: reset and acknowledgement, then request and answer every 10 s.
    Heat,
}

/// A meter that runs.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    meter: Meter,
    house: House,
    /// How much of the second that the house is in is over.
    second_ms: u16,
    until_next_ms: u16,
    /// How often the master of the heat meter asked; it wraps.
    asked: u8,
    has_reset: bool,
    is_answer_next: bool,
    due: Option<Event>,
}

#[derive(Clone, Copy, Debug)]
enum House {
    Household(Household),
    Heating(Heating),
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Kaifa(kaifa::List),
    Kamstrup(kamstrup::List),
    Aidon(aidon::List),
    Reset,
    Acknowledge,
    Request,
    Answer,
}

/// No frame is longer: list 3 of Aidon has 396 octets.
pub const LONGEST_FRAME: usize = 400;

const SECOND_MS: u16 = 1000;
const HEAT_STEP_MS: u16 = 10_000;
/// A meter at 2400 baud answers after 11 bit times and at most 330 bit times and 50 ms (EN 13757-2:2018 5.5.2).
const ANSWER_DELAY_MS: u16 = 60;

impl Meter {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Kaifa, Self::Kamstrup, Self::Aidon, Self::Heat];

    /// As commands name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kaifa => "kaifa",
            Self::Kamstrup => "kamstrup",
            Self::Aidon => "aidon",
            Self::Heat => "heat",
        }
    }

    /// How its line is set.
    pub const fn line(self) -> LineSettings {
        match self {
            Self::Kamstrup => LineSettings { parity: Parity::None, ..LineSettings::MBUS },
            Self::Kaifa | Self::Aidon | Self::Heat => LineSettings::MBUS,
        }
    }

    const fn step_ms(self) -> u16 {
        match self {
            Self::Kaifa => kaifa::List::STEP_MS,
            Self::Kamstrup => kamstrup::List::STEP_MS,
            Self::Aidon => aidon::List::STEP_MS,
            Self::Heat => HEAT_STEP_MS,
        }
    }
}

impl Pattern {
    /// A meter whose clock says this. Its first frame comes at the next full ten seconds, or now.
    #[inline(never)]
    pub fn new(meter: Meter, clock: Clock) -> Self {
        let house = match meter {
            Meter::Heat => House::Heating(Heating::starting(clock)),
            _ => House::Household(Household::starting(clock)),
        };
        let into_ten = (clock.0 % 10) as u16;
        let until_next_ms = if into_ten == 0 { 0 } else { (10 - into_ten) * SECOND_MS };
        let mut pattern = Self {
            meter,
            house,
            second_ms: 0,
            until_next_ms,
            asked: 0,
            has_reset: false,
            is_answer_next: false,
            due: None,
        };
        pattern.advance(0);
        pattern
    }

    /// Time goes on; by less than a minute.
    pub fn advance(&mut self, ms: u16) {
        let mut left_ms = ms;
        while left_ms >= self.until_next_ms {
            left_ms -= self.until_next_ms;
            self.pass(self.until_next_ms);
            let (event, until_next_ms) = self.next();
            self.until_next_ms = until_next_ms;
            // What is still waiting is too late.
            self.due = event.or(self.due);
        }
        self.until_next_ms -= left_ms;
        self.pass(left_ms);
    }

    /// The meter's clock.
    pub const fn clock(&self) -> Clock {
        match &self.house {
            House::Household(house) => house.clock(),
            House::Heating(house) => house.clock(),
        }
    }

    /// Writes the frame whose time has come, if there is one.
    pub fn write(&mut self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        let Some(event) = self.due.take() else { return Ok(()) };
        match &self.house {
            House::Household(house) => write_list(event, house, writer),
            House::Heating(house) => self.write_heat(event, house, writer),
        }
    }

    fn pass(&mut self, ms: u16) {
        self.second_ms += ms;
        while self.second_ms >= SECOND_MS {
            self.second_ms -= SECOND_MS;
            match &mut self.house {
                House::Household(house) => advance_household(house),
                House::Heating(house) => advance_heating(house),
            }
        }
    }

    /// What comes now, and how long it is to what comes next.
    fn next(&mut self) -> (Option<Event>, u16) {
        let clock = self.clock();
        let step_ms = self.meter.step_ms();
        match self.meter {
            Meter::Kaifa => (Some(Event::Kaifa(kaifa::List::at(clock))), step_ms),
            Meter::Kamstrup => (kamstrup::List::at(clock).map(Event::Kamstrup), step_ms),
            Meter::Aidon => (Some(Event::Aidon(aidon::List::at(clock))), step_ms),
            Meter::Heat => self.next_of_heat(),
        }
    }

    fn next_of_heat(&mut self) -> (Option<Event>, u16) {
        let is_answer = self.is_answer_next;
        self.is_answer_next = !is_answer;
        let event = match (self.has_reset, is_answer) {
            (false, false) => Event::Reset,
            (false, true) => Event::Acknowledge,
            (true, false) => Event::Request,
            (true, true) => Event::Answer,
        };
        match event {
            Event::Acknowledge => self.has_reset = true,
            Event::Request => self.asked = self.asked.wrapping_add(1),
            _ => {}
        }
        let until_next_ms = if is_answer { HEAT_STEP_MS - ANSWER_DELAY_MS } else { ANSWER_DELAY_MS };
        (Some(event), until_next_ms)
    }

    fn write_heat(&self, event: Event, house: &Heating, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        match event {
            Event::Reset => mbus::short(writer, mbus::SND_NKE, heat_meter::ADDRESS),
            Event::Acknowledge => mbus::ack(writer),
            // The first request after a reset has the bit set (EN 13757-2:2018 5.5.5).
            Event::Request => mbus::req_ud2(writer, heat_meter::ADDRESS, self.asked % 2 == 1),
            _ => write_answer(writer, self.asked, house),
        }
    }
}

// Each of these by itself: in one function all that they need would be on an AVR's stack at once.

#[inline(never)]
fn write_list(event: Event, house: &Household, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
    let mut now = Measurements::none(house.clock());
    house.measure(&mut now);
    match event {
        Event::Kaifa(list) => write_kaifa(writer, list, &now),
        Event::Kamstrup(list) => write_kamstrup(writer, list, &now),
        Event::Aidon(list) => write_aidon(writer, list, &now),
        Event::Reset | Event::Acknowledge | Event::Request | Event::Answer => Ok(()),
    }
}

#[inline(never)]
fn write_kaifa(writer: &mut Writer<'_>, list: kaifa::List, now: &Measurements) -> Result<(), EncodeError> {
    kaifa::frame(writer, list, now)
}

#[inline(never)]
fn write_kamstrup(
    writer: &mut Writer<'_>,
    list: kamstrup::List,
    now: &Measurements,
) -> Result<(), EncodeError> {
    kamstrup::frame(writer, list, now)
}

#[inline(never)]
fn write_aidon(writer: &mut Writer<'_>, list: aidon::List, now: &Measurements) -> Result<(), EncodeError> {
    aidon::frame(writer, list, aidon::Wiring::FourWire, now)
}

#[inline(never)]
fn write_answer(writer: &mut Writer<'_>, access: u8, house: &Heating) -> Result<(), EncodeError> {
    heat_meter::response(writer, access, &house.measurements())
}

#[inline(never)]
fn advance_household(house: &mut Household) {
    house.advance(1);
}

#[inline(never)]
fn advance_heating(house: &mut Heating) {
    house.advance(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME as LONGEST_OF_ANY, MeterKind};
    use proptest::prelude::*;
    use std::vec::Vec;

    /// Frames of so many ms, and when each comes.
    fn played(meter: Meter, clock: Clock, step_ms: u16, until_ms: u32) -> Vec<(u32, Vec<u8>)> {
        let mut pattern = Pattern::new(meter, clock);
        let (mut at_ms, mut frames) = (0, Vec::new());
        while at_ms < until_ms {
            let mut buffer = [0; LONGEST_FRAME];
            let mut writer = Writer::new(&mut buffer);
            pattern.write(&mut writer).unwrap();
            if !writer.written().is_empty() {
                frames.push((at_ms, writer.finish().to_vec()));
            }
            pattern.advance(step_ms);
            at_ms += u32::from(step_ms);
        }
        frames
    }

    fn expected(meter: Meter, clock: Clock, until_ms: u32) -> Vec<(u32, Vec<u8>)> {
        let kind = match meter {
            Meter::Kaifa => MeterKind::Kaifa,
            Meter::Kamstrup => MeterKind::Kamstrup,
            Meter::Aidon => MeterKind::Aidon,
            Meter::Heat => MeterKind::Heat,
        };
        let (mut demo, mut buffer) = (Demo::new(kind, clock), [0; LONGEST_OF_ANY]);
        let mut frames = Vec::new();
        while demo.next_at_ms() < until_ms {
            let frame = demo.next_frame(&mut buffer).unwrap();
            frames.push((frame.at_ms, frame.octets.to_vec()));
        }
        frames
    }

    #[test]
    fn frames_are_those_of_the_demo_and_come_at_its_times() {
        // Through the hour, where the long lists come.
        let clock = Clock::new(2026, 11, 21, 11, 59, 30).unwrap();
        for meter in Meter::ALL {
            let frames = played(meter, clock, 4, 60_000);
            assert_eq!(frames, expected(meter, clock, 60_000), "{meter:?}");
            assert!(frames.iter().all(|(_, frame)| frame.len() <= LONGEST_FRAME));
        }
    }

    #[test]
    fn a_heat_meter_is_asked_for_ever() {
        let clock = Clock::new(2026, 1, 1, 0, 0, 0).unwrap();
        let until_ms = 270 * 10_000;
        assert_eq!(played(Meter::Heat, clock, 20, until_ms), expected(Meter::Heat, clock, until_ms));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_clock_is_a_start(seconds in any::<u32>(), place in 0..Meter::ALL.len()) {
            let (meter, clock) = (Meter::ALL[place], Clock(seconds));
            let until_ms = u32::from(meter.step_ms()) * 8 + 10_000;
            let frames = played(meter, clock, 100, until_ms);
            prop_assert!(frames.len() >= 4);
            let first_ms = frames[0].0;
            prop_assert_eq!(first_ms, (10 - seconds % 10) % 10 * 1000);
        }
    }

    /// On a slow line a frame may last longer than until the next one.
    #[test]
    fn of_frames_that_wait_the_newest_is_played() {
        let clock = Clock::new(2026, 1, 1, 0, 0, 0).unwrap();
        let mut pattern = Pattern::new(Meter::Kaifa, clock);
        (0..5).for_each(|_| pattern.advance(1000));
        let mut buffer = [0; LONGEST_FRAME];
        let mut writer = Writer::new(&mut buffer);
        pattern.write(&mut writer).unwrap();
        assert_eq!(writer.written().len(), 41, "list 1");
        pattern.write(&mut writer).unwrap();
        assert_eq!(writer.written().len(), 41, "nothing more");
    }
}
