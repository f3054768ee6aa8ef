//! What to write to an HD44780 (data sheet ADE-207-272), an octet at a time.
//!
//! Nothing here waits. Whoever has the pins asks [`Lcd::next`] every [`STEP_US`] or less often and writes what it says;
//! that is longer than the display takes for any instruction but two, behind which nothing is written for a step. Crates
//! for this display wait after each octet or read its busy flag, and write whole texts while they do.

use super::line::Line;
use super::screen::Geometry;

/// The shortest time between two writes, in microseconds. Clearing takes 1.52 ms at the display's usual 270 kHz.
pub const STEP_US: u16 = 2000;

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Nothing for now.
    Nothing,
    /// Half of an instruction: the lower four bits.
    Half(u8),
    /// An instruction.
    Instruction(u8),
    /// A character.
    Character(u8),
}

/// Where the writing stands.
#[derive(Clone, Copy, Debug)]
pub struct Lcd {
    /// The steps of the initialisation, and then [`WRITING`].
    step: u8,
    /// Whether it is the first one.
    is_first: bool,
    row: u8,
    /// 0 is the address of the row.
    column: u8,
    line: Line,
}

/// The supply rises, 40 ms at least (figure 24).
const WAKE: u8 = 24;
const WRITING: u8 = WAKE + 12;

/// Instructions (table 6).
const CLEAR: u8 = 0x01;
const HOME: u8 = 0x02;
const ENTRY_MODE_RIGHT: u8 = 0x06;
const DISPLAY_OFF: u8 = 0x08;
const DISPLAY_ON: u8 = 0x0C;
const FOUR_BITS_TWO_LINES: u8 = 0x28;
const SET_ADDRESS: u8 = 0x80;

impl Lcd {
    /// A display that was just switched on.
    pub const fn new() -> Self {
        Self { step: 0, is_first: true, row: 0, column: 0, line: Line::new() }
    }

    /// Begins anew, without clearing: a display that has lost an octet, to static on its wires, finds its way back.
    pub const fn synchronise(&mut self) {
        if self.step == WRITING {
            self.step = WAKE;
        }
    }

    /// The next write. `line` makes a line of the screen.
    pub fn next(&mut self, geometry: Geometry, line: impl FnOnce(u8) -> Line) -> Write {
        if self.step < WRITING {
            self.step += 1;
            return self.initialise();
        }
        if self.column == 0 {
            self.line = line(self.row);
            self.column = 1;
            return Write::Instruction(SET_ADDRESS | address(self.row));
        }
        let character = self.line.at(self.column - 1);
        self.column += 1;
        if self.column > geometry.columns() {
            self.column = 0;
            self.row += 1;
            if self.row == geometry.lines() {
                self.row = 0;
            }
        }
        Write::Character(character)
    }

    /// Initialising by instruction (figure 24). The three first halves leave any state; the first needs 4.1 ms.
    fn initialise(&mut self) -> Write {
        let is_first = self.is_first;
        match self.step.wrapping_sub(WAKE) {
            1 | 4 | 5 => Write::Half(0x3),
            6 => Write::Half(0x2),
            7 => Write::Instruction(FOUR_BITS_TWO_LINES),
            8 if is_first => Write::Instruction(DISPLAY_OFF),
            9 => Write::Instruction(if is_first { CLEAR } else { HOME }),
            11 => Write::Instruction(ENTRY_MODE_RIGHT),
            12 => {
                self.is_first = false;
                (self.row, self.column) = (0, 0);
                Write::Instruction(DISPLAY_ON)
            }
            _ => Write::Nothing,
        }
    }
}

impl Default for Lcd {
    fn default() -> Self {
        Self::new()
    }
}

/// Where a row begins in the display's memory (table 4; displays of four lines are two of 40 characters, folded).
const fn address(row: u8) -> u8 {
    match row {
        0 => 0x00,
        1 => 0x40,
        2 => 0x14,
        _ => 0x54,
    }
}
