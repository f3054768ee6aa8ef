//! A capture that is played again, through the same way as what comes live.

use super::{Live, Shared, State};
use crate::session::{Session, Times};
use crate::source::replay::{Replay, Speed};
use crate::source::{Connection, Event, Micros, What};

/// What the person, or the time, does to a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayAction {
    /// It shall move, from the beginning where it is at the end; or stop.
    Play(bool),
    /// It shall move so fast.
    Speed(Speed),
    /// It shall go to a time.
    Seek(Micros),
    /// So much time went by.
    Advance(Micros),
}

impl State {
    pub(super) fn replay(&mut self, action: ReplayAction) {
        let Some(replay) = &mut self.replay else { return };
        let events = match action {
            ReplayAction::Play(playing) => {
                replay.playing = playing;
                if !(playing && replay.is_at_end()) {
                    return;
                }
                replay.rewind();
                self.start_over();
                return;
            }
            ReplayAction::Speed(speed) => {
                replay.speed = speed;
                return;
            }
            // What lies ahead is heard from where it stands.
            ReplayAction::Seek(at) if self.live.is_some() && at >= replay.times()[1] => replay.forward(at),
            ReplayAction::Seek(at) => {
                let events = replay.seek(at);
                self.start_over();
                events
            }
            ReplayAction::Advance(elapsed) if replay.playing => replay.advance(elapsed),
            ReplayAction::Advance(_) => return,
        };
        if let Some((live, [_, now, _])) = self.live.as_mut().zip(self.replay.as_ref().map(Replay::times)) {
            live.now = now;
        }
        self.hear(&events);
        if self.replay.as_ref().is_some_and(Replay::is_at_end) {
            self.hear(&[Event { at: 0, what: What::Connection(Connection::Closed) }]);
        }
    }

    /// The capture is heard from the beginning.
    fn start_over(&mut self) {
        let (replay, report, recorded) = (self.replay.take(), self.report.take(), self.recorded.take());
        let (filter, tab, opened) = (self.filter, self.tab, self.opened);
        let times = self.session.as_ref().and_then(|Shared(session)| session.times()).unwrap_or(Times::Utc);
        self.show(Session::live(self.keys.for_session(), self.rules(), times), None);
        let Some(head) = self.session.clone() else { return };
        self.live = Some(Live {
            connection: Connection::Replaying,
            began: 0,
            now: 0,
            paused: false,
            follows: true,
            head,
        });
        (self.replay, self.report, self.recorded) = (replay, report, recorded);
        (self.filter, self.tab, self.opened) = (filter, tab, opened);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::*;
    use crate::input::Origin;

    /// Two frames, ten seconds apart.
    const LOG: &[u8] = b"2025-01-14 12:00:00 10 40 01 41 16\n2025-01-14 12:00:10 10 40 01 41 16\n";

    fn opened() -> State {
        let state = State::default().reduce(Action::Import(Origin::Paste, LOG.into()));
        if state.preview.is_some() { state.reduce(Action::Decode) } else { state }
    }

    fn frames(state: &State) -> u64 {
        state.session.as_ref().unwrap().0.totals().good
    }

    fn after(state: State, actions: impl IntoIterator<Item = ReplayAction>) -> State {
        actions.into_iter().fold(state, |state, action| state.reduce(Action::Replay(action)))
    }

    #[test]
    fn an_opened_capture_stands_at_its_end() {
        let state = opened();
        let replay = state.replay.as_ref().unwrap();
        assert!(replay.is_at_end() && !replay.playing);
        assert_eq!((frames(&state), state.live), (2, None));
    }

    #[test]
    fn it_is_played_through_the_live_way() {
        let state = after(opened(), [ReplayAction::Play(true), ReplayAction::Advance(0)]);
        assert_eq!(frames(&state), 1);
        assert_eq!(state.session.as_ref().unwrap().0.times(), Some(Times::Wall));
        assert_eq!(state.live.as_ref().unwrap().connection, Connection::Replaying);
        let state = after(state, [ReplayAction::Speed(Speed::Times(10)), ReplayAction::Advance(999_999)]);
        assert_eq!(frames(&state), 1);
        let state = after(state, [ReplayAction::Advance(1)]);
        assert_eq!(frames(&state), 2);
        assert!(state.report.is_some() && !state.replay.unwrap().playing);
    }

    #[test]
    fn it_stops_and_goes_anywhere() {
        let state = after(opened(), [ReplayAction::Play(true), ReplayAction::Advance(0)]);
        let state = after(state, [ReplayAction::Play(false), ReplayAction::Advance(60_000_000)]);
        assert_eq!(frames(&state), 1);
        let state = after(state, [ReplayAction::Seek(u64::MAX)]);
        assert_eq!(frames(&state), 2);
        assert_eq!(frames(&after(state, [ReplayAction::Seek(0)])), 1);
    }

    #[test]
    fn a_capture_without_times_has_no_replay() {
        let state = State::default().reduce(Action::Import(Origin::Paste, b"10 40 01 41 16"[..].into()));
        assert_eq!(state.replay, None);
    }
}
