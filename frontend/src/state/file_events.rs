//! What a capture file tells beside its octets, as it was heard when it happened.

use meterscope_capture::{Event, EventKind, Time};

use super::{Happening, HappeningKind};
use crate::source::Line;
use crate::source::note::Note;

/// What happened, in order. A note that says on which line a port was opened stands for the plug that was
/// put back, and is left out where the capture says so anyway.
pub fn happenings(events: &[Event]) -> Vec<Happening> {
    let mut happenings: Vec<Happening> = Vec::with_capacity(events.len());
    for event in events {
        let last = happenings.last().map(|happening| &happening.what);
        let is_away = matches!(last, Some(HappeningKind::Unplugged | HappeningKind::PermissionGone));
        let what = match &event.kind {
            EventKind::Opened(settings, device) => {
                HappeningKind::Opened(Line { device: device.as_str().into(), settings: *settings })
            }
            EventKind::Line(event) => HappeningKind::Line(*event),
            EventKind::Note(note) => match of_note(note) {
                Some(what) => what,
                None if is_away => HappeningKind::Replugged,
                None => continue,
            },
        };
        let at = event.time.and_then(micros);
        let octets = event.offset as u64;
        happenings.push(Happening { at, octets, what, times: 1, octets_to_last: octets });
    }
    happenings
}

/// What a file keeps of it.
pub fn kind(what: &HappeningKind) -> Option<EventKind> {
    let note = |words| Some(EventKind::Note(words));
    match what {
        HappeningKind::Opened(line) | HappeningKind::Found(line) => {
            Some(EventKind::Opened(line.settings, line.device.to_string()))
        }
        HappeningKind::Line(event) => Some(EventKind::Line(*event)),
        HappeningKind::Unplugged => note(Note::Unplugged.words()),
        HappeningKind::PermissionGone => note(Note::PermissionGone.words()),
        HappeningKind::Closed => note(Note::Closed.words()),
        HappeningKind::Note(words) => note(words.to_string()),
        // The opening that follows says the one, and nothing follows the other.
        HappeningKind::Replugged | HappeningKind::Failed => None,
    }
}

/// The page's own recordings say with these words how it stood with the board. Nothing for a line, which the capture tells
/// as well.
fn of_note(words: &str) -> Option<HappeningKind> {
    match Note::read(words) {
        Some(Note::Opened(_)) => None,
        Some(Note::Unplugged) => Some(HappeningKind::Unplugged),
        Some(Note::PermissionGone) => Some(HappeningKind::PermissionGone),
        Some(Note::Closed) => Some(HappeningKind::Closed),
        None => Some(HappeningKind::Note(words.into())),
    }
}

fn micros(time: Time) -> Option<u64> {
    u64::try_from(time.unix_nanoseconds(0)?.div_euclid(1000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_capture::LineEvent;
    use meterscope_capture::line_settings::LineSettings;

    use crate::source::{Connection, Failure, note};

    #[test]
    fn notes_of_recordings_are_understood_and_others_kept() {
        let note = |note: &str| EventKind::Note(note.to_owned());
        let kinds = [
            EventKind::Opened(LineSettings::MBUS, String::from("Arduino Uno")),
            note("open Arduino Uno 2400 8E1"),
            EventKind::Line(LineEvent::Parity),
            note("unplugged"),
            note("opening Arduino Uno 2400 8E1"),
            note("the dog barked"),
        ];
        let time = Some(Time::since_1970(5_000, 6));
        let events: Vec<Event> =
            (0..).zip(kinds).map(|(offset, kind)| Event { offset, time, kind }).collect();
        let happenings = happenings(&events);
        let line = Line { device: "Arduino Uno".into(), settings: LineSettings::MBUS };
        let what: Vec<HappeningKind> = happenings.iter().map(|happening| happening.what.clone()).collect();
        assert_eq!(
            what,
            [
                HappeningKind::Opened(line),
                HappeningKind::Line(LineEvent::Parity),
                HappeningKind::Unplugged,
                HappeningKind::Replugged,
                HappeningKind::Note("the dog barked".into()),
            ]
        );
        assert_eq!((happenings[1].at, happenings[1].octets), (Some(5), 2));
        for (happening, event) in happenings.iter().zip([0, 2, 3].map(|event| &events[event])) {
            assert_eq!(kind(&happening.what).as_ref(), Some(&event.kind));
        }
    }
    #[test]
    fn notes_that_were_recorded_are_saved_again_in_the_same_words() {
        for connection in [
            Connection::Unplugged,
            Connection::PermissionGone,
            Connection::Closed,
            Connection::Failed(Failure::PortInUse),
        ] {
            let words = note::of_connection(&connection);
            let happening = of_note(&words).unwrap();
            assert_eq!(kind(&happening), Some(EventKind::Note(words)));
        }
    }
}
