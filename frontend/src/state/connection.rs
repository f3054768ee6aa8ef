//! The board: the dialog that connects it, how it stands with it, and what happened on its line.

use std::ops::RangeInclusive;
use std::rc::Rc;

use meterscope_capture::LineEvent;
use meterscope_capture::line_settings::LineSettings;

use super::State;
use crate::source::boards::{DeviceId, Remembered};
use crate::source::faults::NoPort;
use crate::source::presets::Preset;
use crate::source::{Connection, Event, Line, Micros, Signals, What};

/// So many happenings are kept; the oldest go first.
pub const MOST_HAPPENINGS: usize = 1000;
/// The speeds that boards have, in bits a second.
pub const SPEEDS: RangeInclusive<u32> = 50..=4_000_000;

/// All about the board and its line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Whether the browser has serial ports.
    pub supported: bool,
    /// The dialog.
    pub dialog: ConnectDialog,
    /// The ports that the page may open.
    pub ports: Rc<[DeviceId]>,
    /// What was connected last.
    pub remembered: Option<Remembered>,
    /// How it stands with the board; nothing before the first.
    pub connection: Option<Connection>,
    /// The device and the settings of the connection.
    pub line: Option<Line>,
    /// Whether the board marks errors and times in what it sends.
    pub marks: bool,
    /// How much of its time the search has taken, in percent.
    pub progress: u8,
    /// The lines that the board can see.
    pub signals: Signals,
    /// Whether the screen is kept awake; nothing where the browser cannot.
    pub awake: Option<bool>,
    /// What happened besides octets, in order.
    pub happenings: Rc<Vec<Happening>>,
    /// Octets of this connection.
    pub octets: u64,
}

/// The connect dialog.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectDialog {
    /// Whether it is open.
    pub open: bool,
    /// How the line is to be set.
    pub tuning: TuningChoice,
    /// The settings that are all the person's own.
    pub custom: LineSettings,
    /// What stands in the field for their speed, which is no number while it is being typed.
    pub speed: String,
    /// A place in the list of ports; nothing asks the browser.
    pub port: Option<usize>,
    /// The browser is to offer every port, not known boards only.
    pub any: bool,
    /// Why there is no port, after the last try.
    pub no_port: Option<NoPort>,
}

/// How the line is to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TuningChoice {
    /// As the search finds.
    Find,
    /// As such meters use it.
    Preset(Preset),
    /// As the person says.
    Custom,
}

/// Something that happened besides octets.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// When the page heard of it, if that is known.
    pub at: Option<Micros>,
    /// How many octets of the connection came before.
    pub octets: u64,
    /// What it was.
    pub what: HappeningKind,
    /// How often, one directly after another.
    pub times: u32,
    /// How many octets of the connection came before the last of them.
    pub octets_to_last: u64,
}

/// What can happen besides octets.
#[derive(Clone, Debug, PartialEq)]
pub enum HappeningKind {
    /// The line reported it.
    Line(LineEvent),
    /// The port was opened, or other settings were tried.
    Opened(Line),
    /// The settings were found.
    Found(Line),
    /// The device is gone.
    Unplugged,
    /// The device is back.
    Replugged,
    /// The browser does not offer the device any more.
    PermissionGone,
    /// It ended by itself.
    Failed,
    /// It was closed.
    Closed,
    /// Somebody else's words, in a capture file.
    Note(Rc<str>),
}

/// What can happen to it.
#[derive(Clone, Debug, PartialEq)]
pub enum BoardAction {
    /// The page has found out what the browser can do, and what was connected last.
    Prepared {
        /// Whether there are serial ports.
        supported: bool,
        /// Whether the screen can be kept awake.
        can_wake: bool,
        /// What was connected last.
        remembered: Option<Remembered>,
    },
    /// The dialog shall open.
    OpenDialog,
    /// The dialog was closed.
    CloseDialog,
    /// The line shall be set so.
    Tune(TuningChoice),
    /// The person's own settings changed.
    Customise(LineSettings),
    /// The person typed a speed.
    TypeSpeed(String),
    /// Another port was chosen.
    ChoosePort(Option<usize>),
    /// The browser shall offer every port, or known boards only.
    OfferAny(bool),
    /// The ports that the page may open.
    Ports(Rc<[DeviceId]>),
    /// There is no port, and why.
    NoPort(NoPort),
    /// A port was chosen and is going to be opened.
    Chosen,
    /// Whether the board marks errors and times in what it sends.
    Marks(bool),
    /// How much of its time the search has taken, in percent.
    Progress(u8),
    /// These settings fit.
    Fits(Remembered),
    /// The lines were set.
    Signals(Signals),
    /// The screen shall be kept awake, or not any more.
    KeepAwake(bool),
    /// The message about the connection was read.
    Dismiss,
}

impl Default for ConnectDialog {
    fn default() -> Self {
        Self {
            open: false,
            tuning: TuningChoice::Find,
            custom: LineSettings::MBUS,
            speed: LineSettings::MBUS.baud.to_string(),
            port: None,
            any: false,
            no_port: None,
        }
    }
}

/// The speed that somebody typed, where it is one that boards have.
pub fn speed_of(typed: &str) -> Option<u32> {
    let digits = typed.trim();
    let is_whole = digits.bytes().all(|octet| octet.is_ascii_digit());
    digits.parse().ok().filter(|baud| is_whole && SPEEDS.contains(baud))
}

impl State {
    /// A source reported something: the board's line tells what happened, the capture what was sent.
    pub(super) fn take_in(&mut self, events: &[Event]) {
        self.board.hear(events);
        self.hear(events);
    }
}

impl Board {
    /// What there is after `action`.
    pub fn reduce(&mut self, action: BoardAction) {
        match action {
            BoardAction::Prepared { supported, can_wake, remembered } => {
                self.supported = supported;
                self.awake = can_wake.then_some(false);
                self.remembered = remembered;
            }
            BoardAction::OpenDialog => {
                let ConnectDialog { tuning, custom, any, .. } = self.dialog;
                let (port, speed) = (self.preferred_port(), custom.baud.to_string());
                self.dialog = ConnectDialog { open: true, tuning, custom, speed, any, port, no_port: None };
            }
            BoardAction::CloseDialog => self.dialog.open = false,
            BoardAction::Tune(tuning) => {
                self.dialog.tuning = tuning;
                self.dialog.speed = self.dialog.custom.baud.to_string();
            }
            BoardAction::Customise(settings) => self.dialog.custom = settings,
            BoardAction::TypeSpeed(speed) => {
                // What is no speed stands in the field, and the form is not sent until it is one.
                if let Some(baud) = speed_of(&speed) {
                    self.dialog.custom.baud = baud;
                }
                self.dialog.speed = speed;
            }
            BoardAction::ChoosePort(port) => self.dialog.port = port,
            BoardAction::OfferAny(any) => self.dialog.any = any,
            BoardAction::Ports(ports) => self.list(ports),
            BoardAction::NoPort(why) => self.dialog.no_port = Some(why),
            BoardAction::Marks(marks) => self.marks = marks,
            BoardAction::Chosen => {
                self.marks = false;
                self.dialog.open = false;
                self.dialog.no_port = None;
            }
            BoardAction::Progress(percent) => self.progress = percent,
            BoardAction::Fits(remembered) => self.remembered = Some(remembered),
            BoardAction::Signals(signals) => self.signals = signals,
            BoardAction::KeepAwake(awake) => self.awake = self.awake.map(|_| awake),
            BoardAction::Dismiss => {
                self.dialog.no_port = None;
                if !self.is_active() {
                    self.connection = None;
                }
            }
        }
    }

    /// Notes what a source reported.
    pub fn hear(&mut self, events: &[Event]) {
        for Event { at, what } in events {
            match what {
                What::Octets(octets) => self.octets += octets.len() as u64,
                What::Line(event) => self.note(*at, HappeningKind::Line(*event)),
                What::Connection(connection) => self.turn(*at, connection),
            }
        }
    }

    /// Whether there is a connection that has not ended.
    pub const fn is_active(&self) -> bool {
        !matches!(self.connection, None | Some(Connection::Closed | Connection::Failed(_)))
    }

    fn turn(&mut self, at: Micros, connection: &Connection) {
        let is_away = matches!(self.connection, Some(Connection::Unplugged | Connection::PermissionGone));
        if let Connection::Opening(line) | Connection::Searching(line) | Connection::Open(line) = connection {
            self.line = Some(line.clone());
        }
        match connection {
            Connection::Opening(_) if is_away => self.note(at, HappeningKind::Replugged),
            Connection::Opening(_) if !self.is_active() => {
                self.octets = 0;
                self.progress = 0;
                self.happenings = Rc::default();
            }
            Connection::Opening(_) | Connection::Replaying => {}
            Connection::Searching(line) => self.note(at, HappeningKind::Opened(line.clone())),
            Connection::Open(line) => {
                let found = matches!(self.connection, Some(Connection::Searching(_)));
                let kind = if found { HappeningKind::Found } else { HappeningKind::Opened };
                self.note(at, kind(line.clone()));
            }
            Connection::Unplugged => self.note(at, HappeningKind::Unplugged),
            Connection::PermissionGone => self.note(at, HappeningKind::PermissionGone),
            Connection::Failed(_) => self.note(at, HappeningKind::Failed),
            Connection::Closed => self.note(at, HappeningKind::Closed),
        }
        self.connection = Some(connection.clone());
    }

    fn note(&mut self, at: Micros, what: HappeningKind) {
        let happenings = Rc::make_mut(&mut self.happenings);
        // A line with wrong settings reports one error after another.
        if let Some(last) = happenings.last_mut().filter(|last| last.what == what)
            && matches!(what, HappeningKind::Line(_))
        {
            last.times = last.times.saturating_add(1);
            last.octets_to_last = self.octets;
            return;
        }
        if happenings.len() == MOST_HAPPENINGS {
            happenings.remove(0);
        }
        let octets = self.octets;
        happenings.push(Happening { at: Some(at), octets, what, times: 1, octets_to_last: octets });
    }

    /// Takes over a new list of ports. A chosen one is kept as long as it is certain that it is the same.
    fn list(&mut self, ports: Rc<[DeviceId]>) {
        if self.ports != ports {
            self.ports = ports;
            self.dialog.port = self.preferred_port();
        }
    }

    /// The port that was connected last, else the first.
    fn preferred_port(&self) -> Option<usize> {
        let remembered = self.remembered.map(|remembered| remembered.device);
        let last = self.ports.iter().position(|&device| Some(device) == remembered);
        last.or(if self.ports.is_empty() { None } else { Some(0) })
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
