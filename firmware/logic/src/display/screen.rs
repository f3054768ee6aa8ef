//! What stands on the display.
//!
//! A value is shown as the meter sent it, `--` where the meter has not sent it, and `??` where it is so old that it says
//! nothing of now. Where nothing is new the display says what is the matter instead.

use super::line::{Line, Sign, text};
use super::readings::{Number, Place, Shown};
use super::watt_meter::{Heard, WattMeter};
use crate::command::format_letters;
use crate::receiver::{Format, Speed};

/// The displays there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Geometry {
    /// Two lines of 16 characters: four pages by turns.
    Small,
    /// Four lines of 20 characters, with all of it at once.
    Large,
}

/// What the board knows besides.
#[derive(Clone, Copy, Debug)]
pub struct Board {
    /// In seconds; begins with 1.
    pub now_s: u32,
    /// As the line is received.
    pub speed: Speed,
    /// As the line is received.
    pub format: Format,
    /// Octets with faults, and losses, since the start.
    pub faults: u16,
}

/// A line of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Screen<'m> {
    /// What the meter said.
    pub meter: &'m WattMeter,
    /// What the board knows.
    pub board: Board,
    /// Which display there is.
    pub geometry: Geometry,
}

/// A bus on which nothing came for so long is silent. No HAN port rests longer than ten seconds.
const SILENCE_S: u32 = 30;

/// A page of the small display stays for 2^2 seconds.
const PAGE_SHIFT: u8 = 2;
const PAGES: u8 = 4;

/// The sign of what flows from the grid and to it.
const FROM_GRID: Sign = Sign::Always(b'+');
const TO_GRID: Sign = Sign::Always(b'-');

impl Geometry {
    /// How many lines.
    pub const fn lines(self) -> u8 {
        match self {
            Self::Small => 2,
            Self::Large => 4,
        }
    }

    /// How many characters a line has.
    pub const fn columns(self) -> u8 {
        match self {
            Self::Small => 16,
            Self::Large => 20,
        }
    }
}

impl Screen<'_> {
    /// Which page is shown; it changes with time.
    pub const fn page(now_s: u32) -> u8 {
        (now_s >> PAGE_SHIFT) as u8 % PAGES
    }

    /// A line from the top, counted from 0.
    #[inline(never)]
    pub fn line(&self, row: u8) -> Line {
        let mut line = Line::new();
        if !self.meter.readings().has_news(self.board.now_s) {
            self.trouble(row, &mut line);
        } else if self.geometry == Geometry::Large {
            self.large(row, &mut line);
        } else {
            self.small(Self::page(self.board.now_s) * 2 + row, &mut line);
        }
        line
    }

    fn large(&self, row: u8, line: &mut Line) {
        match row {
            0 => {
                self.power(line, 8);
                text!(line, b" W");
                self.age(line, 4);
                text!(line, b" E");
                line.count(self.meter.damaged(), 4);
            }
            1 => {
                self.phases(line, Place::Voltage, 1, 6);
                text!(line, b" V");
            }
            2 => {
                self.phases(line, Place::Current, 2, 6);
                text!(line, b" A");
            }
            _ => {
                self.energy(line, Place::ImportEnergy, 0, 9, FROM_GRID);
                self.energy(line, Place::ExportEnergy, 0, 7, TO_GRID);
                text!(line, b" kWh");
            }
        }
    }

    /// Two lines a page.
    fn small(&self, line_of_all: u8, line: &mut Line) {
        match line_of_all {
            0 => {
                text!(line, b"Power");
                self.power(line, 9);
                text!(line, b" W");
            }
            1 => {
                text!(line, b"Age");
                self.age(line, 5);
                text!(line, b" Bad");
                line.count(self.meter.damaged(), 4);
            }
            2 => {
                self.phases(line, Place::Voltage, 0, 4);
                text!(line, b"   V");
            }
            3 => {
                self.phases(line, Place::Current, 1, 5);
                text!(line, b"A");
            }
            4 => {
                self.energy(line, Place::ImportEnergy, 2, 12, FROM_GRID);
                text!(line, b" kWh");
            }
            5 => {
                self.energy(line, Place::ExportEnergy, 2, 12, TO_GRID);
                text!(line, b" kWh");
            }
            6 => self.frames(line),
            _ => self.settings(line),
        }
    }

    /// Nothing is new: what is the matter.
    fn trouble(&self, row: u8, line: &mut Line) {
        let is_silent = self.meter.octet_age_s(self.board.now_s).is_none_or(|age_s| age_s > SILENCE_S);
        match row {
            0 if is_silent => text!(line, b"Bus silent"),
            0 => match self.meter.last() {
                Heard::Ciphered => text!(line, b"Meter needs key"),
                Heard::Unknown => text!(line, b"List not known"),
                Heard::Damaged => text!(line, b"Frames damaged"),
                Heard::TooLong => text!(line, b"Frame too long"),
                Heard::Nothing | Heard::List => text!(line, b"Wait for meter"),
            },
            1 if self.meter.lists() == 0 => self.settings(line),
            1 => {
                text!(line, b"Last list");
                self.age(line, 6);
            }
            2 => self.frames(line),
            _ => self.settings(line),
        }
    }

    /// The larger of both directions is that of now; a meter sends zero for the other.
    fn power(&self, line: &mut Line, width: u8) {
        let import = self.shown(Place::Import);
        let export = self.shown(Place::Export);
        match (import, export) {
            (Shown::Number(Number { digits: 0, .. }) | Shown::Absent | Shown::Old, Shown::Number(to))
                if to.digits > 0 =>
            {
                line.shown(export, 0, width, TO_GRID);
            }
            _ => line.shown(import, 0, width, FROM_GRID),
        }
    }

    fn phases(&self, line: &mut Line, place: Place, decimals: i8, width: u8) {
        for phase in 0..3 {
            let shown = self.meter.readings().shown(place, phase, self.board.now_s);
            line.shown(shown, decimals, width, Sign::IfNegative);
        }
    }

    /// In kWh.
    #[inline(never)]
    fn energy(&self, line: &mut Line, place: Place, decimals: i8, width: u8, sign: Sign) {
        let shown = match self.shown(place) {
            Shown::Number(number) => Shown::Number(Number { exponent: number.exponent - 3, ..number }),
            other => other,
        };
        line.shown(shown, decimals, width, sign);
    }

    fn shown(&self, place: Place) -> Shown {
        self.meter.readings().shown(place, 0, self.board.now_s)
    }

    /// How old the last list is, in seconds or minutes: `12s`.
    #[inline(never)]
    fn age(&self, line: &mut Line, width: u8) {
        let age_s = self.meter.list_age_s(self.board.now_s).unwrap_or(u32::MAX).min(LONGEST_AGE_S) as u16;
        let (age, unit) = if age_s > 99 { (age_s / 60, b'm') } else { (age_s, b's') };
        line.count(age, width - 1);
        line.put(unit);
    }

    /// How many lists came and how many frames were damaged.
    #[inline(never)]
    fn frames(&self, line: &mut Line) {
        text!(line, b"OK");
        line.count(self.meter.lists(), 5);
        text!(line, b" Bad");
        line.count(self.meter.damaged(), 5);
    }

    /// Speed and format of the line, and how many octets had faults.
    #[inline(never)]
    fn settings(&self, line: &mut Line) {
        line.count(self.board.speed.baud(), 4);
        line.put(b' ');
        for letter in format_letters(self.board.format) {
            line.put(letter);
        }
        text!(line, b" Er");
        line.count(self.board.faults, 5);
    }
}

/// 18 hours; longer ago is shown as that.
const LONGEST_AGE_S: u32 = u16::MAX as u32;
