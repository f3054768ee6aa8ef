//! The forwarder without its hardware: edges of the bus and octets of the host in, octets for the host out.

use crate::command::{Command, Line, LineBuffer, Mode, NoCommand, OK, format_letters};
use crate::detection::{ParityDetector, ParityDoubt, SpeedDetector};
use crate::edge::{Edge, Tick};
use crate::hdlc_check::{HdlcCheck, Outcome};
use crate::marks::{self, Output, Told};
use crate::receiver::{Fault, Format, Octet, Receiver};

/// What the board answers to `?` begins so; the number is that of the commands and marks.
pub const IDENTITY: &[u8] = b"meterscope forwarder 1";

/// A forwarder.
#[derive(Clone, Copy, Debug)]
pub struct Forwarder {
    line: Line,
    baud: u32,
    format: Format,
    receiver: Receiver,
    speed: SpeedDetector,
    parity: ParityDetector,
    doubt: ParityDoubt,
    frames: HdlcCheck,
    mode: Mode,
    commands: LineBuffer,
    counts: Counts,
    /// The board's clock, longer than a [`Tick`]: it wraps after 4.7 hours. `tick` is its lower part.
    clock: u32,
    tick: Tick,
    /// When the last octet ended.
    ended: u32,
    lamps: Lamps,
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

/// When each lamp was lit, as long as it is lit.
#[derive(Clone, Copy, Debug)]
struct Lamps {
    data: Option<u32>,
    error: Option<u32>,
}

/// How a board starts: 2400 baud is what nearly every line has, and octets are right before the parity is known.
const FIRST_BAUD: u32 = 2400;
/// So long a lamp is lit, in ticks: 33 ms for data, 0.26 s for an error.
const DATA_TICKS: u32 = 1 << 13;
const ERROR_TICKS: u32 = 1 << 16;

impl Forwarder {
    /// A forwarder that finds speed and parity by itself and forwards octets as they are. None never happens: the speed
    /// that it starts with is one that a receiver takes.
    pub fn new() -> Option<Self> {
        let format = Line::Auto.format();
        Some(Self {
            line: Line::Auto,
            baud: FIRST_BAUD,
            format,
            receiver: Receiver::new(FIRST_BAUD, format)?,
            speed: SpeedDetector::new(),
            parity: ParityDetector::new(),
            doubt: ParityDoubt::new(),
            frames: HdlcCheck::new(),
            mode: Mode::Plain,
            commands: LineBuffer::new(),
            counts: Counts::default(),
            clock: 0,
            tick: 0,
            ended: 0,
            lamps: Lamps { data: None, error: None },
        })
    }

    /// The bus changed. Edges come in their order, and none is later than a moment that [`advance`](Self::advance) was
    /// told before.
    #[inline(never)]
    pub fn edge(&mut self, edge: Edge, output: &mut impl Output) {
        self.advance(edge.at, output);
        self.receiver.edge(edge);
        if self.line == Line::Auto
            && let Some(baud) = self.speed.edge(edge)
            && u32::from(baud) != self.baud
        {
            self.set_line(Line::Auto, baud.into());
        }
    }

    /// Time goes on; to be told at least every 100 ms.
    #[inline(never)]
    pub fn advance(&mut self, now: Tick, output: &mut impl Output) {
        self.clock = self.clock.wrapping_add(u32::from(now.wrapping_sub(self.tick)));
        self.tick = now;
        while let Some(octet) = self.receiver.advance(now) {
            self.octet(octet, output);
        }
    }

    /// Edges were lost between the last one and the next.
    pub fn lost(&mut self, output: &mut impl Output) {
        self.receiver.lost();
        self.counts.lost += 1;
        self.lamps.error = Some(self.clock);
        self.frames.gap();
        if self.mode == Mode::Marked {
            Told::Lost.write(output);
        }
    }

    /// The host sent an octet.
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

    /// Whether the lamp for data is lit.
    pub fn data_lamp(&mut self) -> bool {
        is_lit(&mut self.lamps.data, self.clock, DATA_TICKS)
    }

    /// Whether the lamp for errors is lit.
    pub fn error_lamp(&mut self) -> bool {
        is_lit(&mut self.lamps.error, self.clock, ERROR_TICKS)
    }

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
        self.count(octet);
        self.detect_parity(octet);
    }

    /// A moment that is not later than now.
    const fn time_of(&self, tick: Tick) -> u32 {
        self.clock.wrapping_sub(self.tick.wrapping_sub(tick) as u32)
    }

    fn count(&mut self, octet: Octet) {
        self.counts.octets += 1;
        match octet.fault {
            None => {}
            Some(Fault::Parity) => self.counts.parity += 1,
            Some(Fault::Framing) => self.counts.framing += 1,
            Some(Fault::Break) => self.counts.breaks += 1,
        }
        self.lamps.data = Some(self.clock);
        if octet.fault.is_some() {
            self.lamps.error = Some(self.clock);
        }
        let outcome = self.frames.octet(octet.octet, octet.fault.is_some());
        self.count_frame(outcome);
    }

    fn count_frame(&mut self, outcome: Option<Outcome>) {
        match outcome {
            None => {}
            Some(Outcome::Whole) => self.counts.frames += 1,
            Some(Outcome::Damaged) => {
                self.counts.damaged += 1;
                self.lamps.error = Some(self.clock);
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
                let baud = match line {
                    Line::Auto => FIRST_BAUD,
                    Line::Fixed(settings) => settings.baud,
                };
                let is_set = self.set_line(line, baud);
                self.answer(output, |text| {
                    text.words(if is_set { OK } else { NoCommand::Unsuitable.answer() });
                });
            }
        }
    }

    fn set_line(&mut self, line: Line, baud: u32) -> bool {
        let format = line.format();
        let Some(receiver) = Receiver::new(baud, format) else { return false };
        (self.line, self.baud, self.format, self.receiver) = (line, baud, format, receiver);
        (self.speed, self.parity, self.doubt) =
            (SpeedDetector::new(), ParityDetector::new(), ParityDoubt::new());
        true
    }

    fn identify(&self, output: &mut impl Output) {
        self.answer(output, |text| {
            text.words(IDENTITY);
            text.words(match self.line {
                Line::Auto => b"; line auto ",
                Line::Fixed(_) => b"; line ",
            });
            text.number(self.baud);
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
        let counts: [(&[u8], u32); 7] = [
            (b"octets ", octets),
            (b" parity ", parity),
            (b" framing ", framing),
            (b" break ", breaks),
            (b" lost ", lost),
            (b" frames ", frames),
            (b" damaged ", damaged),
        ];
        self.answer(output, |text| {
            for (words, count) in counts {
                text.words(words);
                text.number(count);
            }
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

fn is_lit(since: &mut Option<u32>, clock: u32, ticks: u32) -> bool {
    if since.is_some_and(|since| clock.wrapping_sub(since) > ticks) {
        *since = None;
    }
    since.is_some()
}

struct Text<'a, O>(&'a mut O);

impl<O: Output> Text<'_, O> {
    #[inline(never)]
    fn words(&mut self, words: &[u8]) {
        for &octet in words {
            self.0.octet(octet);
        }
    }

    /// Decimal, without a division: that of 32 bits is large on an AVR.
    #[inline(never)]
    fn number(&mut self, mut number: u32) {
        let mut has_begun = false;
        let mut power = 1_000_000_000_u32;
        while power > 0 {
            let mut digit = b'0';
            while number >= power {
                number -= power;
                digit += 1;
            }
            has_begun |= digit != b'0' || power == 1;
            if has_begun {
                self.0.octet(digit);
            }
            power = next_power(power);
        }
    }
}

/// A tenth of a power of ten; a table of them would stand in RAM.
const fn next_power(power: u32) -> u32 {
    match power {
        1_000_000_000 => 100_000_000,
        100_000_000 => 10_000_000,
        10_000_000 => 1_000_000,
        1_000_000 => 100_000,
        100_000 => 10_000,
        10_000 => 1000,
        1000 => 100,
        100 => 10,
        10 => 1,
        _ => 0,
    }
}
