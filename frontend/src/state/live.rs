//! The source that the page watches: how it stands with it, and the capture that grows.

use std::rc::Rc;

use super::{Shared, State};
use crate::session::Session;
use crate::source::{Connection, Event, What};

/// A source that the page watches.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// How it stands with it.
    pub connection: Connection,
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
}

impl State {
    /// Takes what a source reported.
    pub(super) fn hear(&mut self, events: &[Event]) {
        for event in events {
            match &event.what {
                What::Connection(connection) => self.connection(connection),
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
    fn connection(&mut self, connection: &Connection) {
        if let Some(live) = self.live.as_mut().filter(|live| live.is_on()) {
            live.connection = connection.clone();
            return;
        }
        if !matches!(connection, Connection::Opening(_)) {
            if let Some(live) = &mut self.live {
                live.connection = connection.clone();
            }
            return;
        }
        let head = Session::live(self.keys.for_session(), self.rules());
        self.show(head, None);
        let Some(head) = self.session.clone() else { return };
        self.live = Some(Live { connection: connection.clone(), paused: false, follows: true, head });
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
        if follows || self.item.is_none() {
            if let Some(newest) = session.last_of_interest().filter(|&newest| self.item != Some(newest)) {
                self.select_item(newest);
            }
        }
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
