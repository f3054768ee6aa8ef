//! What happened on the line, besides octets: the latest first.

use meterscope_capture::LineEvent;
use yew::prelude::*;

use super::Store;
use crate::browser;
use crate::source::Line;
use crate::state::{Happening, HappeningKind, Shared, State};
use crate::text::{Text, fill};

/// So many rows are shown.
const MOST_ROWS: usize = 200;

/// The list, folded away behind a line that says how many there are.
pub fn event_list(store: &Store) -> Html {
    list(store, &store.board.happenings)
}

/// What a capture file tells beside its octets, as far as it was played; nothing where it tells nothing.
pub fn file_events(store: &Store) -> Option<Html> {
    let (Shared(recorded), Shared(session)) = (store.recorded.as_ref()?, store.session.as_ref()?);
    let octets = session.totals().octets;
    let played = recorded.happenings.partition_point(|happening| happening.octets <= octets);
    let happenings = recorded.happenings.get(..played).filter(|happenings| !happenings.is_empty())?;
    Some(html! { <section class="file-events">{ list(store, happenings) }</section> })
}

fn list(store: &Store, happenings: &[Happening]) -> Html {
    let words = store.text.live();
    let latest = happenings.iter().rev().take(MOST_ROWS);
    html! {
        <details class="events">
            <summary>{ store.text.count(words.events, happenings.len() as u64) }</summary>
            if happenings.is_empty() {
                <p class="muted">{ words.events_none }</p>
            }
            <ol id="event-list" class="event-list">{ for latest.map(|happening| row(store, happening)) }</ol>
        </details>
    }
}

fn row(state: &State, happening: &Happening) -> Html {
    let (code, what) = said(state, &happening.what);
    let times =
        (happening.times > 1).then(|| format!(" × {}", state.text.numbers.whole(happening.times.into())));
    let place = fill(state.text.live().event_place, &[&state.text.numbers.whole(happening.octets)]);
    html! {
        <li class="event-row" data-event={code} data-octets={happening.octets.to_string()}
            data-times={happening.times.to_string()}>
            <span class="event-time mono">{ happening.at.map(browser::wall_clock).map(Text::time_of_day) }</span>
            <span class="event-what">{ what }{ times }</span>
            <span class="event-place">{ place }</span>
        </li>
    }
}

fn said(state: &State, what: &HappeningKind) -> (&'static str, String) {
    let words = state.text.live();
    let with = |template: &str, line: &Line| fill(template, &[&line.settings.to_string()]);
    match what {
        HappeningKind::Opened(line) => ("opened", with(words.event_opened, line)),
        HappeningKind::Found(line) => ("found", with(words.event_found, line)),
        HappeningKind::Unplugged => ("unplugged", words.event_unplugged.to_owned()),
        HappeningKind::Replugged => ("replugged", words.event_replugged.to_owned()),
        HappeningKind::PermissionGone => ("permission-gone", words.event_permission_gone.to_owned()),
        HappeningKind::Failed => ("failed", words.event_failed.to_owned()),
        HappeningKind::Closed => ("closed", words.event_closed.to_owned()),
        HappeningKind::Note(note) => ("note", note.to_string()),
        HappeningKind::Line(LineEvent::Parity) => ("parity", words.event_parity.to_owned()),
        HappeningKind::Line(LineEvent::Framing) => ("framing", words.event_framing.to_owned()),
        HappeningKind::Line(LineEvent::Break) => ("break", words.event_break.to_owned()),
        HappeningKind::Line(LineEvent::Overflow) => ("overflow", words.event_overflow.to_owned()),
        HappeningKind::Line(LineEvent::Lost) => ("lost", words.event_lost.to_owned()),
    }
}
