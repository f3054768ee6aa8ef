//! Speaks with a board that runs Meterscope's forwarder: it marks errors, gaps and times among the octets of the bus, and
//! takes commands.
//!
//! [`greeting`] finds out whether there is such a board and switches the marks on. From then on a [`Forwarder`] sets the
//! board's line and takes the marks out again; [`bus_clock`] tells by them when octets were on the bus. [`farewell`] puts
//! the board back. Nothing here knows a port or a clock: it is told both, and says what to send.

mod bus_clock;
pub mod farewell;
pub mod greeting;
pub mod held;
mod identity;
pub mod silence;
mod unmarked;

use meterscope_capture::line_settings::LineSettings;
use meterscope_firmware_logic::command::{Command, Line, Mode, OK};

use super::{Event, Micros};
pub use identity::{Identity, name};
use unmarked::Unmarked;

/// How the board's USB side is set; what the bus is set to is another matter.
pub const USB: LineSettings = LineSettings {
    baud: 115_200,
    data_bits: 8,
    parity: meterscope_capture::line_settings::Parity::None,
    stop_bits: 1,
};

/// An answer that has not come after so long is asked for again, and so often.
const PATIENCE_MS: u64 = 500;
const TRIES: u32 = 4;
/// How often the board is asked which settings it has found.
const ASK_MS: u64 = 1000;

/// A board that marks.
#[derive(Clone, Debug)]
pub struct Forwarder {
    /// What it said of itself last.
    identity: Identity,
    /// How it was set when it was found.
    found: Line,
    wanted: Line,
    /// What it is to be set to; nothing where it finds that.
    settings: Option<LineSettings>,
    unmarked: Unmarked,
    /// What was sent and has no answer yet.
    sent: Option<Sent>,
    stage: Stage,
    /// How often the line was set.
    settings_sent: u32,
    asked_ms: u64,
    /// What the board said may be so no more.
    is_doubtful: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Setting,
    /// The board was told, and seems to have heard it: whether it has, it says itself.
    Confirming,
    Set,
    /// The board refused, and nobody was told yet.
    Refused,
    /// It was told that the board refused, or answers no more.
    Over,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    command: Command,
    at_ms: u64,
    times: u32,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing but to listen.
    Listen,
    /// Send this.
    Send(Command),
    /// The board has no such settings.
    Refused,
    /// The board answers no more.
    Unanswered,
}

impl Forwarder {
    /// A board that has just begun to mark, and how its line shall be set; without settings it finds them.
    pub fn new(identity: Identity, settings: Option<LineSettings>) -> Self {
        let wanted = settings.map_or(Some(Line::Auto), Line::with);
        let stage = match wanted {
            None => Stage::Refused,
            // A line that is set already is left as it is: what was found is kept.
            Some(wanted) if identity.line() == wanted => Stage::Set,
            Some(_) => Stage::Setting,
        };
        Self {
            identity,
            found: identity.line(),
            wanted: wanted.unwrap_or(Line::Auto),
            settings,
            unmarked: Unmarked::new(),
            sent: None,
            stage,
            settings_sent: 0,
            asked_ms: 0,
            is_doubtful: true,
        }
    }

    /// Takes octets of the port that came at this time, and gives what they tell of the bus.
    pub fn hear(&mut self, now_ms: u64, arrival: Micros, octets: &[u8]) -> Vec<Event> {
        let octet_micros = self.identity.octet_micros();
        let heard = self.unmarked.hear(arrival, octets, octet_micros);
        for answer in &heard.answers {
            self.take_answer(now_ms, answer);
        }
        self.is_doubtful |= heard.has_faults;
        heard.events
    }

    /// Time has passed, or something was heard.
    pub fn step(&mut self, now_ms: u64) -> Step {
        if let Some(sent) = self.sent {
            return self.wait_for(sent, now_ms);
        }
        if self.stage == Stage::Setting && self.settings_sent == TRIES {
            self.stage = Stage::Refused;
        }
        match self.stage {
            Stage::Setting => {
                self.settings_sent += 1;
                // From now on it may be set so, and is put back when it is left.
                self.identity.set(self.wanted);
                return self.send(Command::Line(self.wanted), now_ms);
            }
            Stage::Confirming => return self.send(Command::Identify, now_ms),
            Stage::Refused => {
                self.stage = Stage::Over;
                return Step::Refused;
            }
            Stage::Set if self.wanted == Line::Auto && self.is_doubtful => {
                if now_ms >= self.asked_ms + ASK_MS {
                    return self.send(Command::Identify, now_ms);
                }
            }
            Stage::Set | Stage::Over => {}
        }
        Step::Listen
    }

    /// Whether the board's line is set as it shall be.
    pub fn is_set(&self) -> bool {
        self.stage == Stage::Set
    }

    /// How the board's line is set; nothing while it does not know itself.
    pub fn settings(&self) -> Option<LineSettings> {
        self.settings.or_else(|| self.identity.settings())
    }

    /// What puts the board back to how it was found, for whoever reads from it next, and lets it say that it is.
    pub fn farewell(&self) -> String {
        let plain = format!("{}\n{}\n", Command::Mode(Mode::Plain), Command::Identify);
        if self.identity.line() == self.found {
            return plain;
        }
        format!("{}\n{plain}", Command::Line(self.found))
    }

    fn send(&mut self, command: Command, now_ms: u64) -> Step {
        self.sent = Some(Sent { command, at_ms: now_ms, times: 1 });
        Step::Send(command)
    }

    fn wait_for(&mut self, sent: Sent, now_ms: u64) -> Step {
        if now_ms < sent.at_ms + PATIENCE_MS {
            return Step::Listen;
        }
        if sent.times == TRIES {
            (self.sent, self.stage) = (None, Stage::Over);
            return Step::Unanswered;
        }
        self.sent = Some(Sent { at_ms: now_ms, times: sent.times + 1, ..sent });
        Step::Send(sent.command)
    }

    /// Answers come in the order of the commands, and one command waits at a time. What answers none was asked twice; so a
    /// confirmation may be that of an earlier command, and only what the board says of itself tells how it is set.
    fn take_answer(&mut self, now_ms: u64, answer: &[u8]) {
        let Some(sent) = self.sent else { return };
        match sent.command {
            Command::Identify if self.stage == Stage::Confirming && answer.starts_with(b"error") => {
                self.stage = Stage::Refused;
            }
            Command::Identify => {
                let Some(identity) = Identity::parse(answer) else { return };
                self.identity = identity;
                if self.stage == Stage::Confirming {
                    self.stage =
                        if is_same(identity.line(), self.wanted) { Stage::Set } else { Stage::Setting };
                }
                self.is_doubtful = identity.settings().is_none();
                self.asked_ms = now_ms;
            }
            Command::Line(_) if answer == OK.trim_ascii_end() => self.stage = Stage::Confirming,
            Command::Line(_) if answer.starts_with(b"error") => self.stage = Stage::Refused,
            _ => return,
        }
        self.sent = None;
    }
}

/// Whether a board receives alike with these: it looks at one stop bit, and says so.
fn is_same(one: Line, other: Line) -> bool {
    match (one, other) {
        (
            Line::Fixed { speed, data_bits, parity, .. },
            Line::Fixed { speed: other_speed, data_bits: other_data_bits, parity: other_parity, .. },
        ) => (speed, data_bits, parity) == (other_speed, other_data_bits, other_parity),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests;
