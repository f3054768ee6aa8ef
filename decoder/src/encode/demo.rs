//! Invented meters that run: frame after frame, as fast as the caller asks, each with the time it would come at.

use super::clock::Clock;
use super::damage::Damage;
use super::heating::Heating;
use super::household::{Household, noise};
use super::writer::{EncodeError, Writer};
use super::{aidon, heat_meter, kaifa, kamstrup, landis_gyr, mbus, p1_meter};

/// The meters there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MeterKind {
    /// Norway: list 1 every 2.5 s, list 2 every 10 s, list 3 ten seconds past the hour.
    Aidon,
    /// Sweden: one list every 10 s.
    AidonSweden,
    /// Norway: list 1 every 2 s, list 2 every 10 s, list 3 ten seconds past the hour.
    Kaifa,
    /// Norway: list 1 every 10 s, list 2 five seconds past the hour.
    Kamstrup,
    /// Norway: as Aidon.
    LandisGyr,
    /// A heat meter that a master resets once and then asks every 10 s; requests and answers.
    Heat,
    /// P1, Sweden: a telegram every 10 s.
    P1Sweden,
    /// P1, Netherlands: a telegram every second.
    P1Netherlands,
}

/// A running meter. The same kind and start give the same frames.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    kind: MeterKind,
    house: House,
    /// Seconds that the house has been through.
    elapsed_s: u32,
    /// Place in the schedule.
    index: u32,
    frames: u32,
    damaged_every: Option<u32>,
}

/// One frame of a running meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoFrame<'b> {
    /// The octets of the frame.
    pub octets: &'b [u8],
    /// When it begins, in ms after the start.
    pub at_ms: u32,
    /// It was spoiled on purpose (see [`Demo::damaged_every`]).
    pub damaged: bool,
}

/// A buffer of so many octets holds every frame of every meter.
pub const LONGEST_FRAME: usize = 1280;

impl MeterKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Aidon,
        Self::AidonSweden,
        Self::Kaifa,
        Self::Kamstrup,
        Self::LandisGyr,
        Self::Heat,
        Self::P1Sweden,
        Self::P1Netherlands,
    ];

    /// A name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aidon => "Aidon, Norway",
            Self::AidonSweden => "Aidon, Sweden",
            Self::Kaifa => "Kaifa, Norway",
            Self::Kamstrup => "Kamstrup, Norway",
            Self::LandisGyr => "Landis+Gyr, Norway",
            Self::Heat => "heat meter",
            Self::P1Sweden => "P1, Sweden",
            Self::P1Netherlands => "P1, Netherlands",
        }
    }

    /// How far apart the places of the schedule are; a place may be empty.
    const fn step_ms(self) -> u32 {
        match self {
            Self::Aidon | Self::LandisGyr => aidon::List::STEP_MS as u32,
            Self::Kaifa => kaifa::List::STEP_MS as u32,
            Self::Kamstrup => kamstrup::List::STEP_MS as u32,
            Self::AidonSweden | Self::Heat | Self::P1Sweden => 10_000,
            Self::P1Netherlands => 1000,
        }
    }
}

impl Demo {
    /// A meter that starts at `start`, or at the full ten seconds before.
    pub fn new(kind: MeterKind, start: Clock) -> Self {
        let start = Clock(start.0 - start.0 % 10);
        let house = match kind {
            MeterKind::Heat => House::Heating(Heating::starting(start)),
            _ => House::Household(Household::starting(start)),
        };
        Self { kind, house, elapsed_s: 0, index: 0, frames: 0, damaged_every: None }
    }

    /// Every so many frames, one comes damaged, in one way after the other; 0 is never.
    #[must_use]
    pub const fn damaged_every(self, frames: u32) -> Self {
        Self { damaged_every: if frames == 0 { None } else { Some(frames) }, ..self }
    }

    /// When the next frame begins, in ms after the start. Whoever mixes several meters takes the earliest.
    pub fn next_at_ms(&self) -> u32 {
        let mut index = self.index;
        loop {
            let (at_ms, event) = self.event(index);
            // At most two places in a row are empty.
            if event.is_some() {
                return at_ms;
            }
            index += 1;
        }
    }

    /// Lets time pass until the next frame and writes that to `buffer`, which [`LONGEST_FRAME`] octets are enough for.
    pub fn next_frame<'b>(&mut self, buffer: &'b mut [u8]) -> Result<DemoFrame<'b>, EncodeError> {
        loop {
            let (at_ms, event) = self.event(self.index);
            self.index += 1;
            let Some(event) = event else { continue };
            self.house.advance(at_ms / 1000 - self.elapsed_s);
            self.elapsed_s = at_ms / 1000;
            let mut writer = Writer::new(buffer);
            self.house.write(event, &mut writer)?;
            self.frames += 1;
            let damaged = self.spoil(&mut writer)?;
            return Ok(DemoFrame { octets: writer.finish(), at_ms, damaged });
        }
    }

    /// What stands at a place of the schedule, and when.
    fn event(&self, index: u32) -> (u32, Option<Event>) {
        if self.kind == MeterKind::Heat {
            let (at_ms, event) = heat_event(index);
            return (at_ms, Some(event));
        }
        let at_ms = index * self.kind.step_ms();
        let start = self.house.clock().0 - self.elapsed_s;
        (at_ms, push_event(self.kind, Clock(start + at_ms / 1000)))
    }

    fn spoil(&self, writer: &mut Writer<'_>) -> Result<bool, EncodeError> {
        let Some(every) = self.damaged_every else { return Ok(false) };
        // Spoiling an acknowledgement or a request would show little.
        if !self.frames.is_multiple_of(every) || writer.position() < SHORTEST_SPOILED {
            return Ok(false);
        }
        let turn = self.frames / every;
        let at = noise(turn, 31, writer.position() as u32 - 2) as usize + 1;
        match turn % 4 {
            0 => Damage::Truncate { length: at },
            1 => Damage::FlipBit { at, bit: (turn / 4) as u8 },
            2 => Damage::LoseOctet { at },
            _ => Damage::Insert { at, noise: NOISE },
        }
        .apply(writer)?;
        Ok(true)
    }
}

const SHORTEST_SPOILED: usize = 10;
/// What a loose contact looks like.
const NOISE: &[u8] = &[0xFF, 0x00, 0xF8];

#[derive(Clone, Copy, Debug)]
enum House {
    Household(Household),
    Heating(Heating),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Aidon(aidon::List),
    AidonSweden,
    Kaifa(kaifa::List),
    Kamstrup(kamstrup::List),
    LandisGyr(aidon::List),
    P1Sweden,
    P1Netherlands,
    Reset,
    Acknowledge,
    Request { frame_count_bit: bool },
    Answer { access: u8 },
}

fn push_event(kind: MeterKind, clock: Clock) -> Option<Event> {
    Some(match kind {
        MeterKind::Aidon => Event::Aidon(aidon::List::at(clock)),
        MeterKind::LandisGyr => Event::LandisGyr(aidon::List::at(clock)),
        MeterKind::AidonSweden => Event::AidonSweden,
        MeterKind::Kaifa => Event::Kaifa(kaifa::List::at(clock)),
        MeterKind::Kamstrup => Event::Kamstrup(kamstrup::List::at(clock)?),
        MeterKind::P1Sweden => Event::P1Sweden,
        MeterKind::P1Netherlands => Event::P1Netherlands,
        MeterKind::Heat => return None,
    })
}

/// Reset and acknowledgement, then request and answer every ten seconds. A meter at 2400 baud answers after 11 bit times
/// and at most 330 bit times and 50 ms (EN 13757-2:2018 5.5.2).
fn heat_event(index: u32) -> (u32, Event) {
    const ANSWER_DELAY_MS: u32 = 60;
    let (exchange, answer) = (index / 2, index % 2 == 1);
    let at_ms = exchange * MeterKind::Heat.step_ms() + if answer { ANSWER_DELAY_MS } else { 0 };
    let event = match (exchange, answer) {
        (0, false) => Event::Reset,
        (0, true) => Event::Acknowledge,
        // The first request after a reset has the bit set (EN 13757-2:2018 5.5.5).
        (_, false) => Event::Request { frame_count_bit: exchange % 2 == 1 },
        (_, true) => Event::Answer { access: exchange as u8 },
    };
    (at_ms, event)
}

impl House {
    fn advance(&mut self, seconds: u32) {
        match self {
            Self::Household(house) => house.advance(seconds),
            Self::Heating(house) => house.advance(seconds),
        }
    }

    fn clock(&self) -> Clock {
        match self {
            Self::Household(house) => house.clock(),
            Self::Heating(house) => house.clock(),
        }
    }

    fn write(&self, event: Event, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        match (self, event) {
            (_, Event::Reset) => mbus::short(writer, mbus::SND_NKE, heat_meter::ADDRESS),
            (_, Event::Acknowledge) => mbus::ack(writer),
            (_, Event::Request { frame_count_bit }) => {
                mbus::req_ud2(writer, heat_meter::ADDRESS, frame_count_bit)
            }
            (Self::Heating(house), Event::Answer { access }) => {
                heat_meter::response(writer, access, &house.measurements())
            }
            (Self::Household(house), event) => write_push(event, house, writer),
            (Self::Heating(_), _) => Ok(()),
        }
    }
}

fn write_push(event: Event, house: &Household, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
    let now = house.measurements();
    match event {
        Event::Aidon(list) => aidon::frame(writer, list, aidon::Wiring::FourWire, &now),
        Event::AidonSweden => aidon::swedish_frame(writer, &now),
        Event::Kaifa(list) => kaifa::frame(writer, list, &now),
        Event::Kamstrup(list) => kamstrup::frame(writer, list, &now),
        Event::LandisGyr(list) => landis_gyr::frame(writer, list, &now),
        Event::P1Sweden => p1_meter::swedish_telegram(writer, &now),
        Event::P1Netherlands => p1_meter::dsmr5_telegram(writer, &now),
        Event::Reset | Event::Acknowledge | Event::Request { .. } | Event::Answer { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::frames::Item;
    use crate::link::{FrameKind, Frames};
    use std::vec::Vec;

    /// Length, kind and time of the frames of the first `seconds`.
    fn run(kind: MeterKind, start: Clock, seconds: u32) -> Vec<(usize, FrameKind, u32)> {
        let mut demo = Demo::new(kind, start);
        let mut buffer = [0; LONGEST_FRAME];
        let mut seen = Vec::new();
        while demo.next_at_ms() < seconds * 1000 {
            let at_ms = demo.next_at_ms();
            let frame = demo.next_frame(&mut buffer).unwrap();
            assert_eq!(frame.at_ms, at_ms);
            let items: Vec<_> = Frames::new(frame.octets).collect();
            let [Item::Frame(found)] = items[..] else { panic!("{kind:?}: {items:?}") };
            assert_eq!(found.damage, None, "{kind:?}");
            seen.push((found.octets.len(), found.kind, at_ms));
        }
        seen
    }

    fn before_noon() -> Clock {
        Clock::new(2025, 3, 31, 11, 59, 30).unwrap()
    }

    #[test]
    fn every_frame_of_every_meter_is_good() {
        for kind in MeterKind::ALL {
            assert!(!run(kind, before_noon(), 120).is_empty());
        }
    }

    /// Lengths as such meters have them (recorded telegrams).
    #[test]
    fn lists_come_at_their_times_and_have_their_lengths() {
        let lengths = |kind| -> Vec<(usize, u32)> {
            run(kind, before_noon(), 50).into_iter().map(|(length, _, at)| (length, at / 100)).collect()
        };
        assert_eq!(
            lengths(MeterKind::Kaifa)[..7].iter().map(|f| f.0).collect::<Vec<_>>(),
            [122, 41, 41, 41, 41, 122, 41]
        );
        assert!(lengths(MeterKind::Kaifa).contains(&(156, 400)));
        assert!(lengths(MeterKind::Aidon).contains(&(396, 400)));
        assert!(lengths(MeterKind::Aidon).contains(&(44, 25)));
        assert_eq!(
            lengths(MeterKind::Kamstrup),
            [(228, 0), (228, 100), (228, 200), (228, 300), (302, 350), (228, 400)]
        );
        assert!(lengths(MeterKind::AidonSweden).iter().all(|frame| frame.0 == 581));
    }

    #[test]
    fn a_master_asks_and_a_heat_meter_answers() {
        use FrameKind::{MbusAck, MbusLong, MbusShort};
        let kinds: Vec<_> =
            run(MeterKind::Heat, before_noon(), 30).into_iter().map(|frame| frame.1).collect();
        assert_eq!(kinds, [MbusShort, MbusAck, MbusShort, MbusLong, MbusShort, MbusLong]);
    }

    #[test]
    fn damage_is_found_and_the_next_frame_too() {
        for kind in MeterKind::ALL {
            let mut demo = Demo::new(kind, before_noon()).damaged_every(5);
            let mut buffer = [0; LONGEST_FRAME];
            let (mut stream, mut good, mut damaged) = (Vec::new(), 0, 0);
            for _ in 0..100 {
                let frame = demo.next_frame(&mut buffer).unwrap();
                stream.extend_from_slice(frame.octets);
                if frame.damaged { damaged += 1 } else { good += 1 }
            }
            assert!(damaged >= 8, "{kind:?}");
            let found = Frames::new(&stream)
                .filter(|item| matches!(item, Item::Frame(frame) if frame.damage.is_none()))
                .count();
            assert_eq!(found, good, "{kind:?}");
        }
    }
}
