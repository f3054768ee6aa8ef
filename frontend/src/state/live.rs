//! The source that the page watches: how it stands with it, and the capture that grows.

use std::rc::Rc;

use super::{Shared, State};
use crate::session::{Session, Times};
use crate::source::{Connection, Event, Micros, What};

/// A source that the page watches.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// How it stands with it.
    pub connection: Connection,
    /// When it began.
    pub began: Micros,
    /// What time it is; told every second.
    pub now: Micros,
    /// What is shown stands still.
    pub paused: bool,
    /// The newest message is selected as it comes, until the person selects another.
    pub follows: bool,
    /// The capture so far; [`State::session`] is the same unless it stands still.
    pub head: Shared<Session>,
}

impl Live {
    /// Whether octets may still come.
    pub const fn is_on(&self) -> bool {
        !matches!(self.connection, Connection::Closed | Connection::Failed(_))
    }

    /// Whether the device is gone for now.
    pub const fn is_away(&self) -> bool {
        matches!(self.connection, Connection::Unplugged | Connection::PermissionGone)
    }
}

impl State {
    /// Takes what a source reported.
    pub(super) fn hear(&mut self, events: &[Event]) {
        for event in events {
            match &event.what {
                What::Connection(connection) => self.connection(event.at, connection),
                What::Octets(octets) => {
                    if let Some(Live { head: Shared(head), .. }) = &mut self.live {
                        // A copy where the page shows it; what it shares with the copy is nearly all of it.
                        Rc::make_mut(head).push(event.at, octets);
                    }
                }
                What::Line(_) => {}
            }
        }
        self.catch_up();
    }

    /// A connection that begins has a capture of its own; one that comes back goes on with what it had.
    fn connection(&mut self, at: Micros, connection: &Connection) {
        if let Some(live) = self.live.as_mut().filter(|live| live.is_on()) {
            live.connection = connection.clone();
            if !live.is_on() {
                // There is nothing left to keep reading behind what stands still.
                live.paused = false;
                Rc::make_mut(&mut live.head.0).finish();
            }
            return;
        }
        if !matches!(connection, Connection::Opening(_)) {
            if let Some(live) = &mut self.live {
                live.connection = connection.clone();
            }
            return;
        }
        let head = Session::live(self.keys.for_session(), self.rules(), Times::Utc);
        self.show(head, None);
        let Some(head) = self.session.clone() else { return };
        self.live = Some(Live {
            connection: connection.clone(),
            began: at,
            now: at,
            paused: false,
            follows: true,
            head,
        });
    }

    /// Shows what came, unless what is shown shall stand still.
    fn catch_up(&mut self) {
        let Some(live) = self.live.as_ref().filter(|live| !live.paused) else { return };
        if self.session.as_ref() == Some(&live.head) {
            return;
        }
        let follows = live.follows;
        self.session = Some(live.head.clone());
        self.follow(follows);
    }

    fn follow(&mut self, follows: bool) {
        let Some(Shared(session)) = &self.session else { return };
        if session.senders().len() != self.fits.len() {
            self.refresh_fits();
        }
        let Some(Shared(session)) = &self.session else { return };
        let newest = session.last_of_interest().filter(|_| follows || self.item.is_none());
        if let Some(newest) = newest.filter(|&newest| self.item != Some(newest)) {
            self.select_item(newest);
        }
    }

    /// A second went by: what is recent is less so.
    pub(super) fn tick(&mut self, now: Micros) {
        if let Some(live) = self.live.as_mut().filter(|live| live.is_on()) {
            live.now = now;
            // The verdict stays what it was when the device went.
            let now = Some(now).filter(|_| !live.is_away());
            Rc::make_mut(&mut live.head.0).tick(now);
        }
        self.catch_up();
    }

    /// What is shown stands still, or catches up.
    pub(super) fn pause(&mut self, paused: bool) {
        if let Some(live) = &mut self.live {
            live.paused = paused;
        }
        self.catch_up();
    }

    /// The person looks at something of their own choice: the selection stays there.
    pub(super) fn stop_following(&mut self) {
        if let Some(live) = &mut self.live {
            live.follows = false;
        }
    }

    /// The newest message is selected from now on.
    pub(super) fn follow_newest(&mut self) {
        if let Some(live) = &mut self.live {
            live.follows = true;
        }
        self.follow(true);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Action, Move};
    use super::*;
    use crate::source::Line;
    use meterscope_capture::line_settings::LineSettings;
    use meterscope_capture::verdict::Verdict;

    const FRAME: [u8; 5] = [0x10, 0x40, 0x01, 0x41, 0x16];

    fn line() -> Line {
        Line { device: "Arduino Uno".into(), settings: LineSettings::MBUS }
    }

    fn heard(state: State, what: impl IntoIterator<Item = What>) -> State {
        let events: Vec<Event> = (1..).zip(what).map(|(at, what)| Event { at, what }).collect();
        state.reduce(Action::Source(events.into()))
    }

    fn octets(octets: &[u8]) -> What {
        What::Octets(octets.into())
    }

    fn watching() -> State {
        let opening = [Connection::Opening(line()), Connection::Open(line())].map(What::Connection);
        heard(heard(State::default(), opening), [octets(&FRAME), octets(&FRAME[..3])])
    }

    fn frames(state: &State) -> u64 {
        state.session.as_ref().unwrap().0.totals().good
    }

    #[test]
    fn frames_are_shown_as_they_are_complete() {
        let state = watching();
        assert_eq!((frames(&state), state.item), (1, Some(0)));
        let state = heard(state, [octets(&FRAME[3..])]);
        assert_eq!((frames(&state), state.item), (2, Some(1)));
    }

    #[test]
    fn the_selection_stays_where_the_person_put_it() {
        let state = watching().reduce(Action::MoveItem(Move::Up));
        let state = heard(state, [octets(&FRAME[3..])]);
        assert_eq!((frames(&state), state.item), (2, Some(0)));
        assert_eq!(state.reduce(Action::Follow).item, Some(1));
    }

    #[test]
    fn nothing_is_lost_while_the_view_stands_still() {
        let state = watching().reduce(Action::Pause(true));
        let state = heard(state, [octets(&FRAME[3..]), octets(&FRAME)]);
        assert_eq!(frames(&state), 1);
        let state = state.reduce(Action::RemoveOverrides);
        assert_eq!(frames(&state), 1);
        assert_eq!(frames(&state.reduce(Action::Pause(false))), 3);
    }

    #[test]
    fn a_device_that_comes_back_goes_on_in_the_same_capture() {
        let back = [Connection::Unplugged, Connection::Opening(line()), Connection::Open(line())];
        let state = heard(watching(), back.map(What::Connection).into_iter().chain([octets(&FRAME[3..])]));
        assert_eq!(frames(&state), 2);
        let closed = [Connection::Closed, Connection::Opening(line())].map(What::Connection);
        assert_eq!(frames(&heard(state, closed)), 0);
    }

    #[test]
    fn the_verdict_stays_while_the_device_is_away() {
        let verdict = |state: &State| Verdict::of(&state.session.as_ref().unwrap().0.evidence());
        let mut state = heard(watching(), [octets(&FRAME[3..]), What::Connection(Connection::Unplugged)]);
        let before = verdict(&state);
        assert_ne!(before, Verdict::Silent);
        for second in 1..200 {
            state = state.reduce(Action::Tick(second * 1_000_000));
        }
        assert_eq!(verdict(&state), before);
        state = heard(state, [Connection::Opening(line()), Connection::Open(line())].map(What::Connection));
        for second in 200..300 {
            state = state.reduce(Action::Tick(second * 1_000_000));
        }
        assert_eq!(verdict(&state), Verdict::Silent);
    }

    #[test]
    fn what_was_cut_off_at_the_end_is_told() {
        let state = heard(watching(), [What::Connection(Connection::Closed)]);
        let Shared(session) = state.session.as_ref().unwrap();
        let held: u32 =
            (0..session.end_item()).filter_map(|item| session.item(item)).map(|it| it.length).sum();
        assert_eq!((held, session.totals().good), (8, 1));
    }

    #[test]
    fn noise_that_nothing_follows_is_told_after_a_while() {
        let mut state = heard(watching(), [octets(&[0x68, 0x20, 0x20, 0x68, 0x55])]);
        for second in 1..=3 {
            state = state.reduce(Action::Tick(second * 1_000_000));
        }
        let Shared(session) = state.session.as_ref().unwrap();
        assert_eq!((session.totals().octets, session.octet_count()), (13, 13));
        let state = heard(state, [octets(&FRAME)]);
        assert_eq!(frames(&state), 2);
    }

    #[test]
    fn a_pause_ends_with_the_connection() {
        let state = watching().reduce(Action::Pause(true));
        let state = heard(state, [octets(&FRAME[3..]), What::Connection(Connection::Closed)]);
        assert_eq!(frames(&state), 2);
    }

    #[test]
    fn silence_is_said_after_a_while() {
        let mut state = watching();
        for second in 1..100 {
            state = state.reduce(Action::Tick(second * 1_000_000));
        }
        assert_eq!(state.session.as_ref().unwrap().0.evidence().octets, 0);
        assert_eq!(frames(&state), 1);
    }
}
