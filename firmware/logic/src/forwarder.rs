//! The forwarder without its hardware: edges of the bus and octets of the host in, octets for the host out.

use crate::command::{Command, LONGEST, Line, LineBuffer, Mode, NoCommand, OK, format_letters, speed_word};
use crate::count::{Count, Counts, DIGITS, MOST_SHOWN};
use crate::detection::{ParityDetector, ParityDoubt, SpeedDetector};
use crate::edge::{Edge, Tick};
use crate::hdlc_check::{HdlcCheck, Outcome};
use crate::marks::{self, Output};
use crate::receiver::{Fault, Format, Octet, Receiver, Speed};
use crate::text::{say, words};

/// What the board answers to `?` begins so; the number is that of the commands and marks.
pub const IDENTITY: &[u8] = b"meterscope forwarder 1";

/// A forwarder of a bus whose edges may be stamped up to `LATE_TICKS` late: see [`Receiver`].
#[derive(Clone, Copy, Debug)]
// An AVR reaches the first 64 octets behind a pointer with half of the code: what is used all the time comes first.
#[repr(C)]
pub struct Forwarder<const LATE_TICKS: Tick = 0> {
    /// The board's clock, longer than a [`Tick`], which is its lower part: it wraps after 4.7 hours.
    clock: u32,
    /// When the last octet ended; of a longer quiet, so long ago that a mark cannot tell it.
    ended: u32,
    lamps: Lamps,
    is_marked: bool,
    /// Whether octets are left out now, since the output has no room.
    is_cut: bool,
    /// Whether speed and parity are what was found.
    is_auto: bool,
    frames: HdlcCheck,
    parity: ParityDetector,
    doubt: ParityDoubt,
    speed: Speed,
    receiver: Receiver<LATE_TICKS>,
    speed_detector: SpeedDetector,
    counts: [Count; COUNTED],
    commands: LineBuffer<LONGEST>,
}

/// What is counted, in the order of the answer.
#[derive(Clone, Copy)]
enum Counted {
    Octets,
    Parity,
    Framing,
    Breaks,
    Lost,
    Frames,
    Damaged,
}

const COUNTED: usize = 7;
/// The answer to `count`: `#` is a number.
const COUNTS: &[u8] = b"octets # parity # framing # break # lost # frames # damaged #\n";

/// No answer has more octets, with a mark in front and the line feed.
pub const LONGEST_ANSWER: usize = 2 + COUNTS.len() + COUNTED * DIGITS;

/// Two of the longest gaps that a mark tells, in 2^24 ticks.
const LONG_QUIET: i8 = (marks::LARGEST >> 23) as i8 + 1;

/// How long each lamp is still lit.
#[derive(Clone, Copy, Debug)]
struct Lamps {
    data: Tick,
    error: Tick,
}

/// So long a lamp is lit, in ticks: 33 ms for data, 0.26 s for an error.
const DATA_TICKS: Tick = 1 << 13;
const ERROR_TICKS: Tick = u16::MAX;

impl<const LATE_TICKS: Tick> Forwarder<LATE_TICKS> {
    /// All zero, which takes a board no flash: to be [started](Self::start) first.
    pub const UNSET: Self = Self {
        clock: 0,
        ended: 0,
        lamps: Lamps { data: 0, error: 0 },
        is_marked: false,
        is_cut: false,
        is_auto: false,
        frames: HdlcCheck::new(),
        parity: ParityDetector::new(),
        doubt: ParityDoubt::new(),
        speed: Speed::FASTEST,
        receiver: Receiver::UNSET,
        speed_detector: SpeedDetector::new(),
        counts: [Count::ZERO; COUNTED],
        commands: LineBuffer::new(),
    };

    /// A forwarder that was started.
    pub fn new() -> Self {
        let mut forwarder = Self::UNSET;
        forwarder.start();
        forwarder
    }

    /// Finds speed and parity by itself from now on. It starts with the usual speed, and octets are right before the
    /// parity is known: of a line with that speed nothing is lost.
    pub fn start(&mut self) {
        self.set_line(Line::Auto, Speed::USUAL);
    }

    /// The bus changed. Edges come in their order, and none is earlier than a moment that [`advance`](Self::advance) was
    /// told before, but by what an interrupt takes.
    #[inline(never)]
    pub fn edge(&mut self, edge: Edge, output: &mut impl Output) {
        self.advance(edge.at, output);
        self.receiver.edge(edge);
        if self.is_auto
            && let Some(speed) = self.speed_detector.edge(edge)
            && speed != self.speed
        {
            self.set_line(Line::Auto, speed);
        }
    }

    /// Time goes on; to be told at least every 100 ms.
    #[inline(never)]
    pub fn advance(&mut self, now: Tick, output: &mut impl Output) {
        let mut passed = now.wrapping_sub(self.clock as Tick);
        // An edge may be older than the moment that was told before it by what an interrupt takes.
        if (passed as i16) < 0 {
            passed = 0;
        }
        self.clock = self.clock.wrapping_add(u32::from(passed));
        // Before the clock has gone round, and far behind what a mark tells. The highest octet is enough for that.
        let quiet = self.clock.wrapping_sub(self.ended);
        if (quiet >> 24) as i8 >= LONG_QUIET {
            self.ended = self.ended.wrapping_add(marks::LARGEST);
        }
        for lamp in [&mut self.lamps.data, &mut self.lamps.error] {
            *lamp = lamp.saturating_sub(passed);
        }
        while let Some(octet) = self.receiver.advance(self.clock as Tick) {
            self.octet(octet, output);
        }
    }

    /// Edges were lost; the line is so now.
    pub fn lost(&mut self, level: bool, output: &mut impl Output) {
        self.receiver.lost(level);
        let cut = self.frames.gap();
        self.count_frame(cut);
        self.tell_lost(output);
    }

    /// The host sent an octet.
    #[inline(never)]
    pub fn host_octet(&mut self, octet: u8, output: &mut impl Output) {
        match self.commands.push(octet) {
            None => {}
            Some(Ok(command)) => self.obey(command, output),
            Some(Err(refused)) => {
                self.begin_answer(output);
                match refused {
                    NoCommand::Unknown => say!(output, NoCommand::Unknown.answer()),
                    NoCommand::Unsuitable => say!(output, NoCommand::Unsuitable.answer()),
                }
            }
        }
    }

    /// The program on the host went away: the next one gets octets as they are, and its first command is its own.
    pub fn host_left(&mut self) {
        (self.is_marked, self.is_cut) = (false, false);
        self.commands = LineBuffer::new();
    }

    /// How much came.
    pub fn counts(&self) -> Counts {
        let [octets, parity, framing, breaks, lost, frames, damaged] = self.counts.map(Count::value);
        Counts { octets, parity, framing, breaks, lost, frames, damaged }
    }

    /// How many octets had a fault or were lost, up to 9,999: for a display, without arithmetic of more than 16 bits.
    pub fn faults(&self) -> u16 {
        [Counted::Parity, Counted::Framing, Counted::Breaks, Counted::Lost]
            .iter()
            .filter_map(|&what| self.counts.get(what as usize))
            .fold(0, |faults, count| (faults + count.up_to_most_shown()).min(MOST_SHOWN))
    }

    /// The speed at which the line is received.
    pub const fn speed(&self) -> Speed {
        self.speed
    }

    /// What is taken for the format of the line's octets.
    pub fn format(&self) -> Format {
        self.receiver.format()
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
        // Not later than now.
        let age = (self.clock as Tick).wrapping_sub(octet.began);
        let began = self.clock.wrapping_sub(u32::from(age));
        let quiet = began.wrapping_sub(self.ended);
        self.ended = began.wrapping_add(u32::from(octet.ended.wrapping_sub(octet.began)));
        let is_gap = quiet > u32::from(self.receiver.two_octets_ticks());
        if is_gap {
            let cut = self.frames.gap();
            self.count_frame(cut);
        }
        if self.has_room(output) {
            if self.is_marked {
                if is_gap {
                    marks::write_gap(quiet, output);
                    marks::write_time(began, output);
                }
                marks::write_octet(octet.octet, octet.fault, output);
            } else {
                output.octet(octet.octet);
            }
        }
        self.judge(octet, output);
        if self.is_auto {
            self.detect_parity(octet);
        }
    }

    /// Whether the output has; octets that were left out before are told as soon as it has again.
    fn has_room(&mut self, output: &mut impl Output) -> bool {
        let was_cut = core::mem::replace(&mut self.is_cut, !output.has_room());
        if was_cut && !self.is_cut {
            self.tell_lost(output);
        }
        !self.is_cut
    }

    #[inline(never)]
    fn tell_lost(&mut self, output: &mut impl Output) {
        self.count(Counted::Lost);
        self.lamps.error = ERROR_TICKS;
        if self.is_marked {
            marks::write_lost(output);
        }
    }

    fn judge(&mut self, octet: Octet, output: &mut impl Output) {
        self.lamps.data = DATA_TICKS;
        self.count(Counted::Octets);
        if let Some(fault) = octet.fault {
            self.lamps.error = ERROR_TICKS;
            self.count(match fault {
                Fault::Parity => Counted::Parity,
                Fault::Framing => Counted::Framing,
                Fault::Break => Counted::Breaks,
            });
        }
        output.heard(octet.octet, octet.fault.is_some());
        let outcome = self.frames.octet(octet.octet, octet.fault.is_some());
        self.count_frame(outcome);
    }

    #[inline(never)]
    fn count_frame(&mut self, outcome: Option<Outcome>) {
        match outcome {
            None => {}
            Some(Outcome::Whole) => self.count(Counted::Frames),
            Some(Outcome::Damaged) => {
                self.lamps.error = ERROR_TICKS;
                self.count(Counted::Damaged);
            }
        }
    }

    #[inline(never)]
    fn count(&mut self, what: Counted) {
        if let Some(count) = self.counts.get_mut(what as usize) {
            count.increment();
        }
    }

    fn detect_parity(&mut self, octet: Octet) {
        let format = match self.receiver.format() {
            Format::ParityUnknown => {
                let Some(parity) = self.parity.octet(octet) else { return };
                Format::Known { data_bits: 8, parity }
            }
            Format::Known { .. } => {
                if !self.doubt.octet(octet.fault) {
                    return;
                }
                Format::ParityUnknown
            }
        };
        self.receiver.set_format(format);
        self.forget_parity();
    }

    fn obey(&mut self, command: Command, output: &mut impl Output) {
        let mut is_marked = self.is_marked;
        match command {
            Command::Identify => return self.identify(output),
            Command::Count => return self.tell_counts(output),
            Command::Mode(mode) => is_marked = mode == Mode::Marked,
            Command::Line(line @ Line::Auto) => self.set_line(line, Speed::USUAL),
            Command::Line(line @ Line::Fixed { speed, .. }) => self.set_line(line, speed),
        }
        // The answer is the first mark, or the last one: whoever reads marks knows by it where they begin and end.
        self.is_marked |= is_marked;
        self.begin_answer(output);
        say!(output, OK);
        self.is_marked = is_marked;
    }

    #[inline(never)]
    fn set_line(&mut self, line: Line, speed: Speed) {
        self.is_auto = line == Line::Auto;
        self.speed_detector.reset();
        // At the speed that it has, the octet that is being received goes on.
        if core::mem::replace(&mut self.speed, speed) == speed {
            self.receiver.set_format(line.format());
        } else {
            self.receiver.set(speed, line.format());
        }
        self.forget_parity();
    }

    fn forget_parity(&mut self) {
        (self.parity, self.doubt) = (ParityDetector::new(), ParityDoubt::new());
    }

    fn identify(&self, output: &mut impl Output) {
        let (is_auto, is_marked) = (self.is_auto, self.is_marked);
        self.begin_answer(output);
        say!(output, IDENTITY);
        say!(output, b"; line ");
        if is_auto {
            say!(output, b"auto ");
        }
        words(speed_word(self.speed), output);
        output.octet(b' ');
        words(&format_letters(self.receiver.format()), output);
        say!(output, b"; mode ");
        if is_marked {
            say!(output, b"marked\n");
        } else {
            say!(output, b"plain\n");
        }
    }

    fn tell_counts(&self, output: &mut impl Output) {
        self.begin_answer(output);
        let mut counts = self.counts.iter();
        for &octet in COUNTS {
            match octet {
                b'#' => counts.next().unwrap_or(&Count::ZERO).write(output),
                octet => output.octet(octet),
            }
        }
    }

    /// With a mark in front where there are marks.
    #[inline(never)]
    fn begin_answer(&self, output: &mut impl Output) {
        if self.is_marked {
            marks::begin_text(output);
        }
    }
}

impl<const LATE_TICKS: Tick> Default for Forwarder<LATE_TICKS> {
    fn default() -> Self {
        Self::new()
    }
}
