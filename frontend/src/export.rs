//! The shown capture as a file: which octets of the session, with all that is known of them, and what the file is called.

use std::ops::Range;

use meterscope_capture::export::{Export, Extent, Format};
use meterscope_capture::{Event, Imported, Reference, Stamp, Time};

use crate::plot::view::SECOND;
use crate::session::{Session, Times};
use crate::source::Micros;
use crate::state::{Happening, MOST_HAPPENINGS, Shared, State, file_events};

/// What the export dialog says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportForm {
    /// Whether it is open.
    pub open: bool,
    /// As what.
    pub format: Format,
    /// How much.
    pub part: Part,
    /// From this second on; empty for the beginning.
    pub from: Limit,
    /// To the end of this second; empty for the end.
    pub to: Limit,
    /// The last attempt gave nothing.
    pub nothing: bool,
}

impl Default for ExportForm {
    fn default() -> Self {
        let (from, to) = (Limit::default(), Limit::default());
        Self { open: false, format: Format::Pcapng, part: Part::All, from, to, nothing: false }
    }
}

/// One of the two times between which a capture is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// As the browser's field has it.
    pub text: String,
    /// The second of the capture, in UTC, that the page put there. Its text does not tell it: in an hour of autumn a clock on
    /// a wall shows every time twice. Nothing where the capture itself has the times of such a clock.
    pub offered: Option<Micros>,
    /// Whether it is the person's own.
    pub typed: bool,
}

impl Limit {
    /// What a person typed.
    pub const fn typed(text: String) -> Self {
        Self { text, offered: None, typed: true }
    }

    /// The second that it stands for, given what the text of a clock means; nothing where it is empty.
    pub fn second(&self, read: impl Fn(&str) -> Option<Micros>) -> Option<Micros> {
        self.offered.or_else(|| read(&self.text))
    }
}

/// How much of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    All,
    /// The selected frame.
    Selected,
    /// What was recorded between two times.
    Times,
}

/// What a file tells beside its octets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// When and which way.
    pub stamps: Vec<Stamp>,
    /// What happened between them.
    pub events: Vec<Event>,
    /// The same, as the page tells it.
    pub happenings: Vec<Happening>,
}

/// The file; nothing where nothing is chosen. `times` are those of the form, `zone_minutes` of the clock on the wall.
pub fn file(state: &State, times: Range<Micros>, zone_minutes: i16) -> Option<Vec<u8>> {
    let Shared(session) = state.whole()?;
    let extent = match state.export.part {
        Part::All => Extent::All,
        Part::Selected => {
            let start = session.item(state.item?)?.offset.checked_sub(session.dropped_octets())?;
            let start = usize::try_from(start).ok()?;
            Extent::Octets(start..start + 1)
        }
        Part::Times => Extent::Times(nanoseconds(times.start)..nanoseconds(times.end)),
    };
    let export = Export {
        capture: &capture(state, session),
        extent: &extent,
        keys: &state.keys.for_session(),
        overrides: &state.rules(),
        zone_minutes,
        application: concat!("Meterscope ", env!("CARGO_PKG_VERSION")),
    };
    let mut file = Vec::new();
    // A vector takes everything.
    let octets = export.write(state.export.format, &mut file).unwrap_or_default();
    (octets > 0).then_some(file)
}

/// Whether the file has all octets and line events of the recording of this page. Other formats leave out what the line
/// reported, and a session of days holds no more than a part.
pub fn is_recording(state: &State) -> bool {
    let ExportForm { format, part, .. } = &state.export;
    let happenings = &state.board.happenings;
    // What repeats itself between octets is kept as one thing that happened several times, in front of them.
    let has_places = happenings.iter().all(|happening| happening.octets_to_last == happening.octets);
    let holds_all = state.whole().is_some_and(|Shared(session)| session.dropped_octets() == 0)
        && happenings.len() < MOST_HAPPENINGS
        && has_places;
    let is_own = state.live.is_some() && state.replay.is_none() && state.recorded.is_none();
    (*format, *part) == (Format::Pcapng, Part::All) && holds_all && is_own
}

fn nanoseconds(micros: Micros) -> i64 {
    i64::try_from(micros).ok().and_then(|micros| micros.checked_mul(1000)).unwrap_or(i64::MAX)
}

/// The octets that the session holds. Of a file everything is known that stands in it, as far as it was played; of what
/// came live, when each item came and what the line reported.
fn capture(state: &State, session: &Session) -> Imported {
    let octets = session.octets().collect::<Vec<_>>().concat();
    if let (Some(Shared(recorded)), 0) = (&state.recorded, session.dropped_octets()) {
        let Recorded { mut stamps, mut events, .. } = Recorded::clone(recorded);
        stamps.retain(|stamp| stamp.offset < octets.len());
        events.retain(|event| event.offset <= octets.len());
        return Imported { octets, stamps, events, ..Imported::default() };
    }
    let reference = match session.times() {
        Some(Times::Wall) => Reference::Local,
        _ => Reference::Utc,
    };
    let stamp = |number| {
        let item = session.item(number)?;
        let offset = usize::try_from(item.offset.checked_sub(session.dropped_octets())?).ok()?;
        let time = item.at.map(|at| Time { nanoseconds: nanoseconds(at), reference, digits: 6 });
        Some(Stamp { offset, time, direction: None })
    };
    let stamps = (session.first_item()..session.end_item()).filter_map(stamp).collect();
    let heard = state.live.iter().flat_map(|_| state.board.happenings.iter());
    let event = |happening: &Happening| -> Option<_> {
        // What happened to octets that are no longer held stands in front of those that are.
        let offset = happening.octets.saturating_sub(session.dropped_octets()) as usize;
        let time = happening.at.map(|at| Time { nanoseconds: nanoseconds(at), reference, digits: 6 });
        let event =
            Event { offset: offset.min(octets.len()), time, kind: file_events::kind(&happening.what)? };
        Some(std::iter::repeat_n(event, happening.times as usize))
    };
    let events = heard.filter_map(event).flatten().collect();
    Imported { octets, stamps, events, ..Imported::default() }
}

/// When the shown capture begins, in UTC.
pub fn begins(state: &State, wall_to_utc: impl Fn(Micros) -> Micros) -> Option<Micros> {
    let [first, _] = span(state)?;
    Some(if counts_on_wall(state) { wall_to_utc(first) } else { first })
}

/// The form as it opens: with the times of the capture on the wall beside this computer, or those that were typed for it.
pub fn form(state: &State, utc_to_wall: impl Fn(Micros) -> Micros) -> ExportForm {
    let on_wall = counts_on_wall(state);
    let offer = |at: Micros| Limit {
        text: clock_text(if on_wall { at } else { utc_to_wall(at) }),
        offered: (!on_wall).then_some(at - at % SECOND),
        typed: false,
    };
    let [from, to] = span(state).map(|span| span.map(offer)).unwrap_or_default();
    let form = state.export.clone();
    let kept = |typed: &Limit, offered| if typed.typed { typed.clone() } else { offered };
    let (from, to) = (kept(&form.from, from), kept(&form.to, to));
    ExportForm { open: true, nothing: false, from, to, ..form }
}

/// When the first and the last item came of which that is known.
fn span(state: &State) -> Option<[Micros; 2]> {
    let Shared(session) = state.whole()?;
    let numbers = session.first_item()..session.end_item();
    let first = numbers.clone().find_map(|number| session.item(number)?.at)?;
    let last = numbers.rev().find_map(|number| session.item(number)?.at)?;
    // A clock that was set back.
    Some([first.min(last), first.max(last)])
}

/// Whether its times are those of a clock on a wall, of which no zone is known.
pub fn counts_on_wall(state: &State) -> bool {
    state.whole().is_some_and(|Shared(session)| session.times() == Some(Times::Wall))
}

/// `2026-11-21T08:12:00`
fn clock_text(on_wall: Micros) -> String {
    Time { nanoseconds: nanoseconds(on_wall), reference: Reference::Local, digits: 0 }.to_string()
}

/// `meterscope-2026-11-21T0812-kaifa.pcapng`: when it begins on the wall, and the kind of meter. No number of a meter: files
/// are passed on.
pub fn file_name(state: &State, begins_on_wall: Micros) -> String {
    let format = state.export.format;
    let time = clock_text(begins_on_wall);
    let time: String =
        time.chars().filter(|&character| character != ':').take("2026-11-21T0812".len()).collect();
    let table = match format {
        Format::CsvTidy => "-readings",
        Format::CsvWide => "-messages",
        Format::Frames => "-frames",
        Format::FramesDeciphered => "-deciphered",
        _ => "",
    };
    format!("meterscope-{time}{}{table}.{}", meter(state).unwrap_or_default(), format.extension())
}

/// The maker, as the list or the meter names it.
fn meter(state: &State) -> Option<String> {
    let Shared(session) = state.whole()?;
    let totals = session.totals();
    let list = totals.list.map(|list| list.0.to_string());
    let letters = || Some(String::from_utf8_lossy(&totals.meter?.manufacturer?).into_owned());
    let name = list.or_else(letters)?;
    let name: String = name.chars().take_while(char::is_ascii_alphabetic).collect();
    let name = name.to_ascii_lowercase();
    let name = if name == "kfm" { "kaifa" } else { &name };
    (!name.is_empty()).then(|| format!("-{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Origin;
    use crate::source::{Connection, Line, What};
    use crate::state::Action;
    use meterscope_capture::line_settings::LineSettings;
    use meterscope_capture::{Direction, EventKind, LineEvent, import};

    const LOG: &[u8] = b"2026-11-21T08:12:00Z RX: 10 40 01 41 16\n2026-11-21T08:13:00Z TX: 10 40 02 42 16\n";
    /// 2026-11-21T08:12:00Z.
    const START: Micros = 1_795_248_720_000_000;
    const MINUTE: Micros = 60_000_000;

    fn opened(input: &[u8]) -> State {
        State::default().reduce(Action::Import(Origin::Paste, input.into()))
    }

    fn set(state: State, part: Part, format: Format) -> State {
        let form = ExportForm { format, part, ..state.export.clone() };
        state.reduce(Action::SetExport(form))
    }

    #[test]
    fn all_of_a_capture_or_a_part() {
        let times = START + 1..START + 2 * MINUTE;
        for (part, expected) in [(Part::All, 10), (Part::Selected, 5), (Part::Times, 5)] {
            let state = set(opened(LOG), part, Format::Raw);
            assert_eq!(file(&state, times.clone(), 0).unwrap().len(), expected);
        }
        let state = set(opened(LOG), Part::Times, Format::Raw);
        assert_eq!(file(&state, 0..START, 0), None);
    }

    #[test]
    fn what_the_file_told_is_told_again() {
        let state = set(opened(LOG), Part::All, Format::Pcapng);
        let again = import(&file(&state, 0..0, 0).unwrap()).unwrap();
        let directions: Vec<_> = again.stamps.iter().map(|stamp| stamp.direction).collect();
        assert_eq!(directions, [Some(Direction::Received), Some(Direction::Sent)]);
        assert_eq!(set(state, Part::All, Format::HexLog).export.format, Format::HexLog);
    }

    #[test]
    fn the_form_opens_with_the_times_of_the_capture() {
        let fields = |state: &State| {
            let form = form(state, |at| at + 60 * MINUTE);
            (form.from.text, form.to.text)
        };
        let expected =
            |hour: u8| (format!("2026-11-21T{hour:02}:12:00"), format!("2026-11-21T{hour:02}:13:00"));
        assert_eq!(fields(&opened(LOG)), expected(9));
        // A log that names no zone was written by a clock on a wall.
        let log = String::from_utf8_lossy(LOG).replace("Z ", " ");
        let on_wall = opened(log.as_bytes());
        assert_eq!(fields(&on_wall), expected(8));
        assert_eq!(form(&on_wall, |at| at).from.second(|_| Some(7)), Some(7));
        assert_eq!(fields(&opened(b"10 40 01 41 16")), <(String, String)>::default());
    }

    /// At 01:00 UTC clocks in Norway are put back by an hour.
    #[test]
    fn times_that_were_not_typed_are_those_of_the_capture() {
        const TURN: Micros = 1_792_890_000_000_000;
        let log = b"2026-10-25T00:45:00Z RX: 10 40 01 41 16\n2026-10-25T01:15:00.5Z RX: 10 40 02 42 16\n";
        let to_wall = |at| at + if at < TURN { 120 } else { 60 } * MINUTE;
        let state = opened(log);
        let form = form(&state, to_wall);
        assert_eq!([&form.from.text, &form.to.text], ["2026-10-25T02:45:00", "2026-10-25T02:15:00"]);
        let seconds = |form: &ExportForm| [&form.from, &form.to].map(|limit| limit.second(|_| None));
        let [from, to] = [TURN - 15 * MINUTE, TURN + 15 * MINUTE];
        assert_eq!(seconds(&form), [Some(from), Some(to)]);
        let state = set(state.reduce(Action::SetExport(form)), Part::Times, Format::Raw);
        assert_eq!(file(&state, from..to + SECOND, 60).unwrap().len(), 10);
    }

    #[test]
    fn typed_times_are_kept_for_their_capture() {
        let typed = Limit::typed("2026-11-21T08:12:30".into());
        let form_of = |state: &State| form(state, |at| at);
        let state = opened(LOG);
        let changed = ExportForm { from: typed.clone(), ..form_of(&state) };
        let state = state.reduce(Action::SetExport(changed));
        let again = form_of(&state);
        assert_eq!((&again.from, again.to.text.as_str()), (&typed, "2026-11-21T08:13:00"));
        assert_eq!(typed.second(|_| Some(5)), Some(5));
        let other = state.reduce(Action::Import(Origin::Paste, LOG.into()));
        assert_eq!(form_of(&other).from.text, "2026-11-21T08:12:00");
    }

    /// A line error between octets, and the same error later, are one happening.
    #[test]
    fn places_that_are_lost_make_it_no_recording() {
        let octets = || What::Octets([0x10, 0x40, 0x01, 0x41, 0x16][..].into());
        let error = || What::Line(LineEvent::Parity);
        let line = Line { device: "Arduino Uno".into(), settings: LineSettings::MBUS };
        let heard = |what: Vec<What>| {
            let begin = [Connection::Opening(line.clone()), Connection::Open(line.clone())];
            let whats = begin.map(What::Connection).into_iter().chain(what);
            let events: Vec<_> = whats.map(|what| crate::source::Event { at: START, what }).collect();
            State::default().reduce(Action::Source(events.into()))
        };
        assert!(is_recording(&heard(vec![octets(), error(), error(), octets()])));
        assert!(!is_recording(&heard(vec![octets(), error(), octets(), error()])));
    }

    #[test]
    fn what_came_live_has_times_and_line() {
        let line = Line { device: "Arduino Uno".into(), settings: LineSettings::MBUS };
        let what = [
            What::Connection(Connection::Opening(line.clone())),
            What::Connection(Connection::Open(line)),
            What::Octets([0x10, 0x40, 0x01, 0x41, 0x16][..].into()),
        ];
        let events = what.map(|what| crate::source::Event { at: START, what });
        let state = State::default().reduce(Action::Source(events.to_vec().into()));
        let again = import(&file(&state, 0..0, 60).unwrap()).unwrap();
        assert_eq!(again.stamps[0].time.unwrap().to_string(), "2026-11-21T08:12:00.000000Z");
        assert_eq!(again.events[0].kind, EventKind::Opened(LineSettings::MBUS, "Arduino Uno".into()));
        assert_eq!(begins(&state, |at| at), Some(START));
        assert!(is_recording(&state));
        assert!(!is_recording(&set(state.clone(), Part::Selected, Format::Pcapng)));
        assert!(!is_recording(&set(state, Part::All, Format::Raw)));
        assert!(!is_recording(&opened(LOG)));
    }

    #[test]
    fn a_name_says_when_and_what() {
        let state = opened(include_bytes!("../../decoder/fixtures/kaifa/capture.hex"));
        assert_eq!(file_name(&state, START), "meterscope-2026-11-21T0812-kaifa.pcapng");
        let state = set(opened(LOG), Part::All, Format::CsvWide);
        assert_eq!(file_name(&state, START), "meterscope-2026-11-21T0812-messages.csv");
    }
}
