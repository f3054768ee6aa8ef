//! The source that the page watches: how it stands with it, and the capture that grows.

use super::{Shared, State};
use crate::session::Session;
use crate::source::{Connection, Event};

/// A source that the page watches.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// How it stands with it.
    pub connection: Connection,
    /// What is shown stands still.
    pub paused: bool,
    /// The capture so far; [`State::session`] is the same unless it stands still.
    pub head: Shared<Session>,
}

impl State {
    pub(super) fn hear(&mut self, _events: &[Event]) {}

    pub(super) fn pause(&mut self, _paused: bool) {}
}
