//! How a capture, keys and overrides come into the state.

use std::rc::Rc;

use meterscope_capture::overrides::Overrides;
use meterscope_capture::{Imported, Reference, Repairs, Stamp, without_crlf};

use super::file_events::happenings;
use super::{KeyDialog, Paste, Shared, State, Tab};
use crate::export::Recorded;
use crate::input::{self, InputProblem, InputProblemKind, Origin, Preview, Report};
use crate::keys::KeyFit;
use crate::session::{Session, Times};
use crate::source::Micros;
use crate::source::replay::{Replay, Tape};

impl State {
    /// Takes an input that is clean at once; any other is shown before anything is decoded.
    pub(super) fn import(&mut self, origin: Origin, content: Rc<[u8]>) {
        let repairs = Repairs::default();
        match input::read(&origin, &content, repairs) {
            Ok(imported) if imported.is_complete() => self.take(origin, imported),
            Ok(imported) => {
                let frames = input::count_frames(&imported.octets);
                let from_dialog = std::mem::take(&mut self.paste.open);
                self.problem = None;
                self.preview = Some(Preview { origin, content, repairs, imported, frames, from_dialog });
            }
            Err(problem) => {
                // The text goes where it can be mended, from wherever it came.
                if let (InputProblemKind::BadHex(..), Some(text)) = (&problem.kind, input::mendable(&content))
                {
                    self.paste = Paste { open: true, text: text.to_owned() };
                }
                self.problem = Some(problem);
            }
        }
    }

    pub(super) fn take(&mut self, origin: Origin, imported: Imported) {
        if self.board.is_active() {
            (self.paste.open, self.problem) = (false, None);
            self.leaving = Some(Shared(Rc::new((origin, imported))));
        } else {
            self.open(origin, imported);
        }
    }

    /// The browser could not read a file.
    pub(super) fn unreadable(&mut self, name: String) {
        self.problem = Some(InputProblem { origin: Origin::File(name), kind: InputProblemKind::Unreadable });
    }

    /// The person said whether the input that waits is worth the live one.
    pub(super) fn leave(&mut self, leaves: bool) {
        if let Some(Shared(waiting)) = self.leaving.take().filter(|_| leaves) {
            let (origin, imported) = Rc::unwrap_or_clone(waiting);
            self.open(origin, imported);
        }
    }

    fn open(&mut self, origin: Origin, imported: Imported) {
        let mut forms = Vec::new();
        for part in &imported.parts {
            if !forms.contains(&part.form) {
                forms.push(part.form);
            }
        }
        let (repaired, left_out) = (imported.repaired, imported.left_out.clone());
        self.show_imported(imported, Some(Report { origin, forms, repaired, left_out }));
    }

    fn show_imported(&mut self, imported: Imported, report: Option<Report>) {
        let session = self.read(&imported);
        let tape = times_of(&imported.stamps).and_then(|(_, stamps)| Tape::new(&imported.octets, &stamps));
        let Imported { stamps, events, .. } = imported;
        self.show(session, report);
        self.recorded = Some(Shared(Rc::new(Recorded { happenings: happenings(&events), stamps, events })));
        self.replay = tape.map(Replay::new);
    }

    fn read(&self, imported: &Imported) -> Session {
        let stamps = times_of(&imported.stamps);
        let stamps = stamps.as_ref().map(|(times, stamps)| (*times, stamps.as_slice()));
        Session::with(&imported.octets, self.keys.for_session(), self.rules(), stamps)
    }

    /// The person's corrections.
    pub fn rules(&self) -> Rc<Overrides> {
        self.overrides.as_ref().map(|(_, rules)| Rc::clone(rules)).unwrap_or_default()
    }

    pub(super) fn load_overrides(&mut self, name: String, content: &[u8]) {
        match Overrides::parse(&String::from_utf8_lossy(content)) {
            Ok(rules) => {
                self.problem = None;
                self.overrides = Some((name, Rc::new(rules)));
                self.read_again();
            }
            Err(error) => {
                let kind = InputProblemKind::Overrides(error);
                self.problem = Some(InputProblem { origin: Origin::File(name), kind });
            }
        }
    }

    /// Shows another capture.
    pub(super) fn show(&mut self, session: Session, report: Option<Report>) {
        let first = session.first_of_interest();
        *self = Self {
            text: self.text,
            theme: self.theme,
            keys: std::mem::take(&mut self.keys),
            overrides: self.overrides.take(),
            recording: std::mem::take(&mut self.recording),
            board: std::mem::take(&mut self.board),
            key_dialog: KeyDialog { open: false, sender: None, ..self.key_dialog },
            session: Some(Shared(Rc::new(session))),
            opened: self.opened + 1,
            report,
            ..Self::default()
        };
        self.refresh_fits();
        if let Some(item) = first {
            self.select_item(item);
        }
        // A single frame needs no list.
        if self.listed() == 1 {
            self.tab = Tab::Fields;
        }
    }

    pub(super) fn undo_line_feeds(&mut self) {
        let Some(Shared(session)) = &self.session else { return };
        let damaged = session.octets().collect::<Vec<_>>().concat();
        let Some(octets) = without_crlf(&damaged) else { return };
        let undone = damaged.len() - octets.len();
        let report = self.report.take().map(|mut report| {
            report.repaired.crlf_undone += undone;
            report
        });
        let recorded = self.recorded.take().map(|Shared(recorded)| Recorded::clone(&recorded));
        let Recorded { mut stamps, mut events, .. } = recorded.unwrap_or_default();
        // What stood behind a CR that is gone moves up.
        let feeds: Vec<usize> =
            (0..).zip(&damaged).filter(|&(_, &octet)| octet == b'\n').map(|(at, _)| at).collect();
        let moved = |offset: usize| offset - feeds.partition_point(|&feed| feed <= offset);
        for offset in stamps.iter_mut().map(|stamp| &mut stamp.offset) {
            *offset = moved(*offset);
        }
        for offset in events.iter_mut().map(|event| &mut event.offset) {
            *offset = moved(*offset);
        }
        self.show_imported(Imported { octets, stamps, events, ..Imported::default() }, report);
    }

    /// Reads the capture once more, with the keys and overrides as they are now.
    pub(super) fn read_again(&mut self) {
        let Some(Shared(session)) = &self.session else { return };
        let again = |session: &Session| Shared(Rc::new(session.again(self.keys.for_session(), self.rules())));
        let shown = again(session);
        let head =
            self.live.as_ref().map(|live| if live.paused { again(&live.head.0) } else { shown.clone() });
        self.session = Some(shown);
        if let Some((live, head)) = self.live.as_mut().zip(head) {
            live.head = head;
        }
        self.refresh_fits();
        if let Some(item) = self.item {
            self.select_item(item);
        }
    }

    pub(super) fn refresh_fits(&mut self) {
        let Some(Shared(session)) = &self.session else { return };
        self.fits = Rc::new(self.keys.iter().map(|key| KeyFit::of(key, session)).collect());
    }
}

/// When octets were recorded, by the first clock that knew the date. Times of another kind of clock are left out: beside
/// these they would be wrong.
fn times_of(stamps: &[Stamp]) -> Option<(Times, Vec<(usize, Micros)>)> {
    let read = |stamp: &Stamp| {
        let time = stamp.time?;
        let kind = if time.reference == Reference::Local { Times::Wall } else { Times::Utc };
        let micros = time.unix_nanoseconds(0)?.div_euclid(1000);
        Some((kind, (stamp.offset, u64::try_from(micros).ok()?)))
    };
    let (first, _) = stamps.iter().find_map(read)?;
    Some((
        first,
        stamps.iter().filter_map(read).filter(|&(kind, _)| kind == first).map(|(_, stamp)| stamp).collect(),
    ))
}
