//! What is recorded is read back as it was: octets, times, directions, what the line reported, notes, settings, devices.

use meterscope_capture::line_settings::{LineSettings, Parity};
use meterscope_capture::pcapng::Writer;
use meterscope_capture::{Direction, EventKind, Imported, LineEvent, Time, Why, import};
use proptest::prelude::*;

/// What a recorder hears, `at` microseconds since 1970.
#[derive(Clone, Debug)]
enum Heard {
    Line(LineSettings, String),
    Octets(u64, Direction, Vec<u8>),
    Event(u64, LineEvent),
    Note(u64, String),
}

use Heard::{Event, Line, Note, Octets};

/// What it comes to: each octet with its time and direction, each event with the octet behind it. A line that opens has the time of
/// the first thing that happens on it; one on which nothing happens leaves no trace, and of one that nobody opened nothing is told.
#[derive(Debug, Default, PartialEq)]
struct Told {
    octets: Vec<(u8, Option<Time>, Option<Direction>)>,
    events: Vec<(usize, Option<Time>, EventKind)>,
}

impl Told {
    fn of_recorder(heard: &[Heard]) -> Self {
        let mut told = Self::default();
        let mut line = None;
        let mut opened = None;
        for heard in heard {
            let offset = told.octets.len();
            let (at, event) = match heard {
                Line(settings, device) => {
                    line = Some((*settings, device.clone()));
                    continue;
                }
                Octets(_, _, octets) if octets.is_empty() => continue,
                Octets(at, ..) => (*at, None),
                Event(at, event) => (*at, Some(EventKind::Line(*event))),
                Note(at, text) => (*at, Some(EventKind::Note(text.clone()))),
            };
            if let Some((settings, device)) = line.clone().filter(|_| opened != line) {
                told.events.push((offset, time(at), EventKind::Opened(settings, device)));
                opened.clone_from(&line);
            }
            told.events.extend(event.map(|event| (offset, time(at), event)));
            if let Octets(at, direction, octets) = heard {
                told.octets.extend(octets.iter().map(|&octet| (octet, time(*at), Some(*direction))));
            }
        }
        told
    }

    fn of_import(imported: &Imported) -> Self {
        let octets = (0..).zip(&imported.octets).map(|(offset, &octet)| {
            let stamp = imported.stamp_at(offset);
            (octet, stamp.and_then(|stamp| stamp.time), stamp.and_then(|stamp| stamp.direction))
        });
        let events = imported.events.iter().map(|event| (event.offset, event.time, event.kind.clone()));
        Self { octets: octets.collect(), events: events.collect() }
    }
}

/// Nothing is known of the time 0.
fn time(micros: u64) -> Option<Time> {
    (micros > 0).then(|| Time::since_1970(micros as i64 * 1000, 6))
}

fn recorded(heard: &[Heard]) -> Vec<u8> {
    let mut writer = Writer::new("Meterscope");
    let mut file = Vec::new();
    for heard in heard {
        match heard {
            Line(settings, device) => writer.interface(settings, device),
            Octets(at, direction, octets) => writer.octets(*at, *direction, octets),
            Event(at, event) => writer.line_event(*at, *event),
            Note(at, text) => writer.note(*at, text),
        }
        file.extend(writer.take());
    }
    file
}

fn any_heard() -> impl Strategy<Value = Heard> {
    let at = || prop_oneof![1 => Just(0), 20 => 0..9_000_000_000_000_000_u64];
    let settings = (1..1_000_000_u32, 7..=8_u8, 0..3_usize, 1..=2_u8);
    let settings = settings.prop_map(|(baud, data_bits, parity, stop_bits)| LineSettings {
        baud,
        data_bits,
        parity: [Parity::None, Parity::Even, Parity::Odd][parity],
        stop_bits,
    });
    let events =
        [LineEvent::Lost, LineEvent::Framing, LineEvent::Parity, LineEvent::Break, LineEvent::Overflow];
    let direction = prop::bool::ANY.prop_map(|sent| if sent { Direction::Sent } else { Direction::Received });
    prop_oneof![
        1 => (settings, "\\PC{0,3}").prop_map(|(settings, device)| Line(settings, device)),
        6 => (at(), direction, prop::collection::vec(any::<u8>(), 0..300))
            .prop_map(|(at, direction, octets)| Octets(at, direction, octets)),
        2 => (at(), prop::sample::select(events.to_vec())).prop_map(|(at, event)| Event(at, event)),
        1 => (at(), "\\PC{0,40}").prop_map(|(at, text)| Note(at, text)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_recording_is_read_back(
        heard in prop::collection::vec(any_heard(), 0..30),
        first in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        // A file without an octet is refused.
        let heard = [vec![Octets(1, Direction::Received, vec![first])], heard].concat();
        let told = Told::of_recorder(&heard);
        let file = recorded(&heard);
        let imported = import(&file).unwrap();
        prop_assert_eq!(&Told::of_import(&imported), &told);
        prop_assert_eq!(imported.left_out, []);
        // However short it is cut, it gives what there is and says that there was more.
        let cut = cut.index(file.len());
        if let Ok(part) = import(&file[..cut]) {
            let part_told = Told::of_import(&part);
            prop_assert!(told.octets.starts_with(&part_told.octets));
            prop_assert!(told.events.starts_with(&part_told.events));
            let ends_with_block = (0..=heard.len()).any(|end| recorded(&heard[..end]).len() == cut);
            prop_assert!(ends_with_block || part.left_out.iter().any(|left_out| left_out.why == Why::Damaged));
        }
    }
}

#[test]
fn a_long_piece_becomes_several_packets_and_one_stretch() {
    let octets: Vec<u8> = (0..200_000_u32).map(|number| (number % 251) as u8).collect();
    let imported = import(&recorded(&[Octets(5, Direction::Received, octets.clone())])).unwrap();
    assert!(imported.octets == octets);
    assert_eq!(imported.stamps.len(), 1);
}
