//! The master simulator without its hardware: octets of the host and time in, octets for the bus and for the host out.

use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::writer::Writer;

use crate::bus_queue::BusQueue;
use crate::command::{Line, LineBuffer, NoCommand, OK};
use crate::line_settings::LineSettings;
use crate::marks::Output;
use crate::master_command::{LONGEST, MOST_OCTETS, MasterCommand, Play, SEND};
use crate::pattern::{LONGEST_FRAME, Meter, Pattern};
use crate::text::Text;
use crate::transmitter::Signal;

/// What the board answers to `?` begins so; the number is that of the commands.
pub const IDENTITY: &[u8] = b"meterscope master_simulator 1";

/// What a meter's clock says when the board starts: ten seconds later the hourly list comes.
pub const START: Clock = Clock(820_584_000);

/// How long a tick is.
pub const TICK_MS: u16 = 4;

/// A master simulator.
#[derive(Debug)]
pub struct MasterSimulator<'m> {
    host: Host,
    play: Play,
    line: Line,
    /// What the bus is set to.
    signal: Signal,
    lamps: Lamps,
    commands: LineBuffer<LONGEST>,
    /// It runs also while it is not played: it has the clock.
    pattern: Pattern,
    /// It begins once what was begun before is sent: a meter's first list is not late.
    is_held: bool,
    to_bus: BusQueue<'m>,
}

/// What the next octet of the host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host {
    /// Of a command.
    Command,
    /// One of so many for the bus.
    Octets { left: u16, quiet_ticks: u8, is_refused: bool },
}

/// How long each lamp is still lit, in ticks.
#[derive(Clone, Copy, Debug)]
struct Lamps {
    data: u8,
    error: u8,
}

/// 32 ms and 256 ms.
const DATA_TICKS: u8 = 8;
const ERROR_TICKS: u8 = 64;
/// A host that does not send the octets that it promised for a second has gone.
const GONE_TICKS: u8 = 250;

const LOST: &[u8] = b"error: octets lost\n";
const MISSING: &[u8] = b"error: octets missing\n";

impl<'m> MasterSimulator<'m> {
    /// One that plays this; frames and octets of the host wait in `memory`.
    pub fn new(play: Play, memory: &'m mut [u8; LONGEST_FRAME]) -> Self {
        let mut simulator = Self {
            host: Host::Command,
            play,
            line: Line::Auto,
            signal: Signal::Octets(LineSettings::MBUS),
            lamps: Lamps { data: 0, error: 0 },
            commands: LineBuffer::new(),
            pattern: Pattern::new(Meter::Kaifa, START),
            is_held: false,
            to_bus: BusQueue::new(memory),
        };
        simulator.set_clock(START);
        simulator
    }

    /// So many ticks are over.
    pub fn advance(&mut self, ticks: u8, output: &mut impl Output) {
        self.is_held &= self.is_behind();
        if !self.is_held {
            self.pattern.advance(u16::from(ticks) * TICK_MS);
        }
        self.lamps.data = self.lamps.data.saturating_sub(ticks);
        self.lamps.error = self.lamps.error.saturating_sub(ticks);
        let is_waited_for = self.takes_host_octets();
        if let Host::Octets { quiet_ticks, .. } = &mut self.host
            && is_waited_for
        {
            *quiet_ticks = quiet_ticks.saturating_add(ticks);
            if *quiet_ticks >= GONE_TICKS {
                self.refuse(MISSING, output);
            }
        }
    }

    /// Whether the next octet of the host may be told.
    pub fn takes_host_octets(&self) -> bool {
        match self.host {
            Host::Command => true,
            // They come behind what is played, with the settings that are theirs.
            Host::Octets { is_refused, .. } => {
                is_refused || self.wanted() == self.signal && self.to_bus.room() > 0
            }
        }
    }

    /// The host sent an octet, which [`takes_host_octets`](Self::takes_host_octets) has room for.
    pub fn host_octet(&mut self, octet: u8, output: &mut impl Output) {
        let Host::Octets { left, is_refused, .. } = self.host else {
            return self.command_octet(octet, output);
        };
        let left = left - 1;
        self.host = if left > 0 { Host::Octets { left, quiet_ticks: 0, is_refused } } else { Host::Command };
        if is_refused {
            return;
        }
        if !self.to_bus.push(octet) {
            self.refuse(LOST, output);
        } else if left == 0 {
            answer(output, OK);
        }
    }

    /// Octets of the host were lost: it did not wait for an answer.
    pub fn lost(&mut self, output: &mut impl Output) {
        self.refuse(LOST, output);
    }

    /// The next octet for the bus.
    pub fn next_octet(&mut self) -> Option<u8> {
        if self.to_bus.is_empty() {
            self.next_frame();
        }
        let octet = self.to_bus.pop()?;
        self.lamps.data = DATA_TICKS;
        Some(octet)
    }

    /// How the bus is to be set, if it is to be set anew: once all octets are sent and the line rests.
    pub fn new_signal(&self) -> Option<Signal> {
        let wanted = self.wanted();
        (wanted != self.signal && self.to_bus.is_empty()).then_some(wanted)
    }

    /// The bus is set so now.
    pub const fn signal_was_set(&mut self, signal: Signal) {
        self.signal = signal;
    }

    /// Whether the lamp for data is lit.
    pub const fn data_lamp(&self) -> bool {
        self.lamps.data > 0
    }

    /// Whether the lamp for errors is lit.
    pub const fn error_lamp(&self) -> bool {
        self.lamps.error > 0
    }

    /// What was begun before is still to be sent, or the bus still to be set.
    fn is_behind(&self) -> bool {
        !self.to_bus.is_empty() || self.wanted() != self.signal
    }

    fn line_settings(&self) -> LineSettings {
        match (self.line, self.play) {
            (Line::Fixed { speed, data_bits, parity, stop_bits }, _) => {
                LineSettings { baud: speed.baud().into(), data_bits, parity, stop_bits }
            }
            (Line::Auto, Play::Meter(meter)) => meter.line(),
            (Line::Auto, _) => LineSettings::MBUS,
        }
    }

    fn wanted(&self) -> Signal {
        let settings = self.line_settings();
        if self.play == Play::Square { Signal::Square(settings.baud) } else { Signal::Octets(settings) }
    }

    #[inline(never)]
    fn next_frame(&mut self) {
        if !matches!(self.play, Play::Meter(_)) || self.wanted() != self.signal {
            return;
        }
        let pattern = &mut self.pattern;
        self.to_bus.refill(|memory| {
            let mut writer = Writer::new(memory);
            // A frame that does not fit, which no meter has, is left out.
            pattern.write(&mut writer).map_or(0, |()| writer.position())
        });
    }

    #[inline(never)]
    fn command_octet(&mut self, octet: u8, output: &mut impl Output) {
        // Where octets follow, one of them could be a line feed: it has to be clear which end of the line is the last.
        if octet == b'\r' && self.commands.so_far().trim_ascii_start().starts_with(SEND) {
            return;
        }
        let command = match self.commands.push_to_line(octet) {
            None => return,
            Some(line) => line.and_then(MasterCommand::parse),
        };
        match command {
            Ok(MasterCommand::Identify) => self.identify(output),
            Ok(MasterCommand::Send(count)) => self.expect(count, output),
            Ok(MasterCommand::Line(line)) => {
                self.line = line;
                answer(output, OK);
            }
            Ok(MasterCommand::Play(play)) => {
                self.play = play;
                self.set_clock(self.pattern.clock());
                answer(output, OK);
            }
            Ok(MasterCommand::Clock(clock)) => {
                self.set_clock(clock);
                answer(output, OK);
            }
            Err(refused) => self.refuse(refused.answer(), output),
        }
    }

    /// Octets for the bus follow. Those that are too many are left out, so that none is taken for a command.
    fn expect(&mut self, count: u16, output: &mut impl Output) {
        let is_refused = !(1..=MOST_OCTETS).contains(&count);
        if is_refused {
            self.refuse(NoCommand::Unsuitable.answer(), output);
        } else {
            self.play = Play::Nothing;
        }
        if count > 0 {
            self.host = Host::Octets { left: count, quiet_ticks: 0, is_refused };
        }
    }

    #[inline(never)]
    fn refuse(&mut self, why: &[u8], output: &mut impl Output) {
        self.host = Host::Command;
        self.commands = LineBuffer::new();
        self.lamps.error = ERROR_TICKS;
        answer(output, why);
    }

    #[inline(never)]
    fn set_clock(&mut self, clock: Clock) {
        // While nothing is played the clock goes on all the same.
        let meter = if let Play::Meter(meter) = self.play { meter } else { Meter::Kaifa };
        self.pattern = Pattern::new(meter, clock);
        self.is_held = self.is_behind();
    }

    #[inline(never)]
    fn identify(&self, output: &mut impl Output) {
        let settings = self.line_settings();
        let now = self.pattern.clock().civil();
        let mut text = Text::to(output);
        text.words(IDENTITY);
        text.words(if self.line == Line::Auto { b"; line auto " } else { b"; line " });
        text.number(settings.baud as u16);
        text.words(b" ");
        text.words(&[b'0' + settings.data_bits, settings.parity.letter() as u8, b'0' + settings.stop_bits]);
        text.words(b"; play ");
        text.words(self.play.name().as_bytes());
        text.words(b"; clock ");
        text.number(now.year);
        text.two_digits(b'-', now.month);
        text.two_digits(b'-', now.day);
        text.two_digits(b' ', now.hour);
        text.two_digits(b':', now.minute);
        text.two_digits(b':', now.second);
        text.words(b"\n");
    }
}

fn answer(output: &mut impl Output, line: &[u8]) {
    Text::to(output).words(line);
}
