//! Where octets come from while the page watches. Whatever the source, it reports [`Event`]s, and they go one way: to the
//! recording and to the state.

pub mod replay;

use std::rc::Rc;

use meterscope_capture::LineEvent;
use meterscope_capture::line_settings::LineSettings;

/// Microseconds since 1970-01-01 00:00 UTC.
pub type Micros = u64;

/// What a source reports, in the order in which it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When the page heard of it.
    pub at: Micros,
    /// What it was.
    pub what: What,
}

/// What can happen on a source.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Octets arrived.
    Octets(Rc<[u8]>),
    /// The line reported something between the octets before and behind.
    Line(LineEvent),
    /// The source itself changed.
    Connection(Connection),
}

/// How it stands with the source.
#[derive(Clone, Debug, PartialEq)]
pub enum Connection {
    /// The port is being opened.
    Opening(Line),
    /// Octets can arrive.
    Open(Line),
    /// A capture is played again.
    Replaying,
    /// The device is gone; it is taken up again when it comes back.
    Unplugged,
    /// The device is back, and the browser does not allow it any more.
    PermissionGone,
    /// It ended by itself, and why.
    Failed(Failure),
    /// The person, or the end of a replay, closed it.
    Closed,
}

/// A device and how its line is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What a person knows it by: `Arduino Uno`.
    pub device: Rc<str>,
    /// How it is set.
    pub settings: LineSettings,
}

/// Why a source cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Another program or tab has the port.
    PortInUse,
    /// The device does not take these settings.
    SettingsRefused(LineSettings),
    /// What the browser said, where nothing better is known.
    Other(String),
}
