//! The forwarder without its hardware: edges of the bus and octets of the host in, octets for the host out.

use crate::command::{Command, Line, LineBuffer, Mode, NoCommand, OK, format_letters};
use crate::detection::{ParityDetector, ParityDoubt, SpeedDetector};
use crate::edge::{Edge, Tick, is_before};
use crate::hdlc_check::{HdlcCheck, Outcome};
use crate::marks::{self, Output, Told};
use crate::receiver::{Fault, Format, Octet, Receiver, Speed};

/// What the board answers to `?` begins so; the number is that of the commands and marks.
pub const IDENTITY: &[u8] = b"meterscope forwarder 1";

/// A forwarder.
#[derive(Clone, Copy, Debug)]
// An AVR reaches the first 64 octets behind a pointer with half of the code: what is used all the time comes first.
#[repr(C)]
pub struct Forwarder {
    /// The board's clock, longer than a [`Tick`]: it wraps after 4.7 hours. `tick` is its lower part.
    clock: u32,
    tick: Tick,
    /// When the last octet ended.
    ended: u32,
    lamps: Lamps,
    mode: Mode,
    frames: HdlcCheck,
    parity: ParityDetector,
    doubt: ParityDoubt,
    format: Format,
    speed: Speed,
    receiver: Receiver,
    line: Line,
    speed_detector: SpeedDetector,
    counts: Counts,
    commands: LineBuffer,
}

/// How much came since the start, and what was wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Octets of the bus, those with faults among them.
    pub octets: u32,
    /// Octets with a wrong parity bit.
    pub parity: u32,
    /// Octets without a stop bit.
    pub framing: u32,
    /// Breaks.
    pub breaks: u32,
    /// How often the board lost octets.
    pub lost: u32,
    /// HDLC frames that were whole.
    pub frames: u32,
    /// HDLC frames that were not.
    pub damaged: u32,
}

/// How long each lamp is still lit.
#[derive(Clone, Copy, Debug)]
struct Lamps {
    data: Tick,
    error: Tick,
}

/// So long a lamp is lit, in ticks: 33 ms for data, 0.26 s for an error.
const DATA_TICKS: Tick = 1 << 13;
const ERROR_TICKS: Tick = u16::MAX;

impl Forwarder {
    /// A forwarder that finds speed and parity by itself and forwards octets as they are. It starts with the usual speed,
    /// and octets are right before the parity is known: of a line with that speed nothing is lost.
    pub const fn new() -> Self {
        let format = Format::ParityUnknown;
        Self {
            line: Line::Auto,
            speed: Speed::USUAL,
            format,
            receiver: Receiver::new(Speed::USUAL, format),
            speed_detector: SpeedDetector::new(),
            parity: ParityDetector::new(),
            doubt: ParityDoubt::new(),
            frames: HdlcCheck::new(),
            mode: Mode::Plain,
            commands: LineBuffer::new(),
            counts: Counts { octets: 0, parity: 0, framing: 0, breaks: 0, lost: 0, frames: 0, damaged: 0 },
            clock: 0,
            tick: 0,
            ended: 0,
            lamps: Lamps { data: 0, error: 0 },
        }
    }

    /// The bus changed. Edges come in their order, and none is later than a moment that [`advance`](Self::advance) was
    /// told before.
    #[inline(never)]
    pub fn edge(&mut self, edge: Edge, output: &mut impl Output) {
        self.advance(edge.at, output);
        self.receiver.edge(edge);
        if self.line == Line::Auto
            && let Some(speed) = self.speed_detector.edge(edge)
            && speed != self.speed
        {
            self.set_line(Line::Auto, speed);
        }
    }

    /// Time goes on; to be told at least every 100 ms.
    #[inline(never)]
    pub fn advance(&mut self, now: Tick, output: &mut impl Output) {
        // An edge may be older than the moment that was told before it by what an interrupt takes.
        let now = if is_before(now, self.tick) { self.tick } else { now };
        let passed = now.wrapping_sub(self.tick);
        self.clock = self.clock.wrapping_add(u32::from(passed));
        self.tick = now;
        self.lamps.data = self.lamps.data.saturating_sub(passed);
        self.lamps.error = self.lamps.error.saturating_sub(passed);
        while let Some(octet) = self.receiver.advance(now) {
            self.octet(octet, output);
        }
    }

    /// Edges were lost; the line is so now.
    pub fn lost(&mut self, line: Edge, output: &mut impl Output) {
        self.receiver.lost();
        self.receiver.edge(line);
        increment(&mut self.counts.lost);
        self.lamps.error = ERROR_TICKS;
        self.frames.gap();
        if self.mode == Mode::Marked {
            Told::Lost.write(output);
        }
    }

    /// The host sent an octet.
    #[inline(never)]
    pub fn host_octet(&mut self, octet: u8, output: &mut impl Output) {
        match self.commands.push(octet) {
            None => {}
            Some(Ok(command)) => self.obey(command, output),
            Some(Err(refused)) => self.answer(output, |text| text.words(refused.answer())),
        }
    }

    /// How much came.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The speed at which the line is received.
    pub const fn speed(&self) -> Speed {
        self.speed
    }

    /// What is taken for the format of the line's octets.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Whether the lamp for data is lit.
    pub const fn data_lamp(&self) -> bool {
        self.lamps.data > 0
    }

    /// Whether the lamp for errors is lit.
    pub const fn error_lamp(&self) -> bool {
        self.lamps.error > 0
    }

    #[inline(never)]
    fn octet(&mut self, octet: Octet, output: &mut impl Output) {
        let began = self.time_of(octet.began);
        let quiet = began.wrapping_sub(self.ended);
        self.ended = self.time_of(octet.ended);
        let is_gap = quiet > 2 * u32::from(self.receiver.octet_ticks());
        if is_gap {
            let cut = self.frames.gap();
            self.count_frame(cut);
        }
        if self.mode == Mode::Marked {
            if is_gap {
                Told::Gap(quiet).write(output);
                Told::Time(began).write(output);
            }
            Told::Octet { octet: octet.octet, fault: octet.fault }.write(output);
        } else {
            output.octet(octet.octet);
        }
        self.count(octet, output);
        self.detect_parity(octet);
    }

    /// A moment that is not later than now.
    const fn time_of(&self, tick: Tick) -> u32 {
        self.clock.wrapping_sub(self.tick.wrapping_sub(tick) as u32)
    }

    fn count(&mut self, octet: Octet, output: &mut impl Output) {
        increment(&mut self.counts.octets);
        match octet.fault {
            None => {}
            Some(Fault::Parity) => increment(&mut self.counts.parity),
            Some(Fault::Framing) => increment(&mut self.counts.framing),
            Some(Fault::Break) => increment(&mut self.counts.breaks),
        }
        self.lamps.data = DATA_TICKS;
        if octet.fault.is_some() {
            self.lamps.error = ERROR_TICKS;
        }
        output.heard(octet.octet, octet.fault.is_some());
        let outcome = self.frames.octet(octet.octet, octet.fault.is_some());
        self.count_frame(outcome);
    }

    fn count_frame(&mut self, outcome: Option<Outcome>) {
        match outcome {
            None => {}
            Some(Outcome::Whole) => increment(&mut self.counts.frames),
            Some(Outcome::Damaged) => {
                increment(&mut self.counts.damaged);
                self.lamps.error = ERROR_TICKS;
            }
        }
    }

    fn detect_parity(&mut self, octet: Octet) {
        let format = match (self.line, self.format) {
            (Line::Fixed(_), _) => return,
            (Line::Auto, Format::ParityUnknown) => {
                let Some(parity) = self.parity.octet(octet) else { return };
                Format::Known { data_bits: 8, parity }
            }
            (Line::Auto, Format::Known { .. }) => {
                if !self.doubt.octet(octet.fault) {
                    return;
                }
                Format::ParityUnknown
            }
        };
        self.format = format;
        self.receiver.set_format(format);
        (self.parity, self.doubt) = (ParityDetector::new(), ParityDoubt::new());
    }

    fn obey(&mut self, command: Command, output: &mut impl Output) {
        match command {
            Command::Identify => self.identify(output),
            Command::Count => self.tell_counts(output),
            Command::Mode(mode) => {
                self.mode = mode;
                self.answer(output, |text| text.words(OK));
            }
            Command::Line(line) => {
                let speed = match line {
                    Line::Auto => Some(Speed::USUAL),
                    Line::Fixed(settings) => Speed::of(settings.baud),
                };
                if let Some(speed) = speed {
                    self.set_line(line, speed);
                }
                self.answer(output, |text| {
                    text.words(if speed.is_some() { OK } else { NoCommand::Unsuitable.answer() });
                });
            }
        }
    }

    #[inline(never)]
    fn set_line(&mut self, line: Line, speed: Speed) {
        let format = line.format();
        (self.line, self.speed, self.format) = (line, speed, format);
        self.receiver.set(speed, format);
        self.speed_detector.reset();
        self.parity = ParityDetector::new();
        self.doubt = ParityDoubt::new();
    }

    fn identify(&self, output: &mut impl Output) {
        self.answer(output, |text| {
            text.words(IDENTITY);
            text.words(match self.line {
                Line::Auto => b"; line auto ",
                Line::Fixed(_) => b"; line ",
            });
            text.number(self.speed.baud().into());
            text.words(b" ");
            text.words(&format_letters(self.format));
            text.words(match self.mode {
                Mode::Plain => b"; mode plain",
                Mode::Marked => b"; mode marked",
            });
        });
    }

    fn tell_counts(&self, output: &mut impl Output) {
        let Counts { octets, parity, framing, breaks, lost, frames, damaged } = self.counts;
        self.answer(output, |text| {
            text.count(b"octets ", octets);
            text.count(b" parity ", parity);
            text.count(b" framing ", framing);
            text.count(b" break ", breaks);
            text.count(b" lost ", lost);
            text.count(b" frames ", frames);
            text.count(b" damaged ", damaged);
        });
    }

    /// A line of text, with a mark in front where there are marks.
    fn answer<O: Output>(&self, output: &mut O, write: impl FnOnce(&mut Text<'_, O>)) {
        if self.mode == Mode::Marked {
            marks::begin_text(output);
        }
        let mut text = Text(output);
        write(&mut text);
        text.words(b"\n");
    }
}

/// On an AVR a function is smaller than adding to 32 bits in seven places.
#[inline(never)]
fn increment(count: &mut u32) {
    *count = count.wrapping_add(1);
}

impl Default for Forwarder {
    fn default() -> Self {
        Self::new()
    }
}

struct Text<'a, O>(&'a mut O);

impl<O: Output> Text<'_, O> {
    #[inline(never)]
    fn words(&mut self, words: &[u8]) {
        for &octet in words {
            self.0.octet(octet);
        }
    }

    #[inline(never)]
    fn count(&mut self, words: &[u8], count: u32) {
        self.words(words);
        self.number(count);
    }

    /// Decimal, without a division: that of 32 bits is large on an AVR.
    #[inline(never)]
    fn number(&mut self, mut number: u32) {
        let mut has_begun = false;
        for &power in &POWERS {
            let mut digit = b'0';
            while number >= power {
                number -= power;
                digit += 1;
            }
            has_begun |= digit != b'0' || power == 1;
            if has_begun {
                self.0.octet(digit);
            }
        }
    }
}

/// What each decimal digit counts. 40 octets of RAM on an AVR; everything else is longer.
pub(crate) static POWERS: [u32; 10] =
    [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1];
