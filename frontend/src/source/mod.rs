//! Where octets come from while the page watches. Whatever the source, it reports [`Event`]s, and they go one way: to the
//! recording and to the state.

pub mod boards;
pub mod clock;
pub mod faults;
mod find_settings;
pub mod forwarder;
pub mod note;
mod outbox;
mod port_reader;
mod port_writer;
pub mod presets;
pub mod replay;
mod serial_api;
mod waiting;
pub mod wake_lock;
pub mod web_serial;

use std::rc::Rc;

use meterscope_capture::LineEvent;
use meterscope_capture::line_settings::LineSettings;
use meterscope_capture::verdict::Verdict;

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
    /// Octets can arrive, and are listened to with these settings to find out which ones fit.
    Searching(Line),
    /// Octets can arrive.
    Open(Line),
    /// A capture is played again.
    Replaying,
    /// The device is gone; it is taken up again when it comes back.
    Unplugged,
    /// The browser does not offer the device to the page any more: its permission is gone, or it stays away.
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
    /// The browser, or whoever runs it, does not let this page open it.
    Forbidden,
    /// The board says what it is and answers nothing else.
    Silent,
    /// All settings were tried, and this is what the most telling of them showed.
    NoSettingsFit(Verdict),
    /// What the browser said, where nothing better is known.
    Other(String),
}

/// The lines by which a port shows the board that somebody is there. Some boards send nothing without DTR, and an Arduino
/// starts anew when it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signals {
    /// Data terminal ready.
    pub dtr: bool,
    /// Request to send.
    pub rts: bool,
}

/// As the systems set them when a port is opened.
impl Default for Signals {
    fn default() -> Self {
        Self { dtr: true, rts: true }
    }
}
