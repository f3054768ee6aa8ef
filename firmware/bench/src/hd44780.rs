//! An HD44780 (data sheet ADE-207-272, revision 0) on the pins of a simulated chip, with four data lines and R/W at GND.
//!
//! It takes what comes as the display does, and remembers what the display would have taken wrongly: an instruction before
//! it is ready for one, a pulse that is too short, a line that changes too late. Times are those for 2.7 to 4.5 V, the
//! longer ones.

use crate::core::Core;
use crate::outputs::CycleEdge;
use crate::pin::Pin;

/// Where the display is connected.
#[derive(Clone, Copy, Debug)]
pub struct LcdPins {
    /// RS.
    pub register_select: Pin,
    /// E.
    pub enable: Pin,
    /// D4 to D7.
    pub data: [Pin; 4],
}

/// The display.
#[allow(clippy::struct_excessive_bools, reason = "they are the controller's flags")]
#[derive(Clone, Debug)]
pub struct Hd44780 {
    pins: LcdPins,
    register_select: bool,
    data: u8,
    /// When RS or a data line changed last, and E rose and fell.
    changed_at: u64,
    risen_at: Option<u64>,
    /// Not ready before this cycle.
    busy_until: u64,
    /// How many instructions of the initialisation have come (figure 24): three that say eight bits.
    initialised: u8,
    four_bits: bool,
    /// The half of an octet that came first.
    first_half: Option<u8>,
    memory: [u8; 0x80],
    address: u8,
    /// How far the display is shifted to the left.
    shift: u8,
    is_on: bool,
    is_two_lines: bool,
    errors: Vec<String>,
}

/// Nanoseconds in cycles of 16 MHz, rounded up.
const fn cycles(ns: u64) -> u64 {
    (ns * 16).div_ceil(1000)
}

/// The supply rises; 40 ms (figure 24).
const WAKE: u64 = cycles(40_000_000);
/// Behind the first and the second function set of the initialisation.
const FIRST_FUNCTION_SET: u64 = cycles(4_100_000);
const SECOND_FUNCTION_SET: u64 = cycles(100_000);
/// Table 6, at 270 kHz; a character takes 4 µs more for the address counter.
const INSTRUCTION: u64 = cycles(37_000);
const CHARACTER: u64 = cycles(41_000);
const CLEAR_OR_HOME: u64 = cycles(1_520_000);
/// Bus timing, write operation.
const ENABLE_WIDTH: u64 = cycles(450);
const ENABLE_PERIOD: u64 = cycles(1000);
const DATA_SETUP: u64 = cycles(195);

/// The characters of a line in memory; the second line begins at 40h.
const LINE: u8 = 40;
const SECOND_LINE: u8 = 0x40;

impl Hd44780 {
    /// A display that is switched on together with the chip, in cycle 0; its memory holds anything.
    pub fn connect(core: &mut Core, pins: LcdPins) -> Self {
        for pin in pins.data.into_iter().chain([pins.register_select, pins.enable]) {
            core.watch(pin);
        }
        Self {
            pins,
            register_select: false,
            data: 0,
            changed_at: 0,
            risen_at: None,
            busy_until: WAKE,
            initialised: 0,
            four_bits: false,
            first_half: None,
            memory: [b'*'; 0x80],
            address: 0,
            shift: 0,
            is_on: false,
            is_two_lines: false,
            errors: Vec::new(),
        }
    }

    /// Takes what has come on the pins.
    pub fn follow(&mut self, core: &mut Core) {
        let mut changes: Vec<(CycleEdge, Wire)> = Vec::new();
        let wires = self.pins.data.into_iter().zip((0..4).map(Wire::Data));
        let wires = wires
            .chain([(self.pins.register_select, Wire::RegisterSelect), (self.pins.enable, Wire::Enable)]);
        for (pin, wire) in wires {
            changes.extend(core.take_edges(pin).into_iter().map(|edge| (edge, wire)));
        }
        changes.sort_by_key(|((cycle, _), _)| *cycle);
        for ((cycle, level), wire) in changes {
            self.change(cycle, level, wire);
        }
    }

    /// What it was told wrongly, since it was last asked.
    pub fn take_errors(&mut self) -> Vec<String> {
        std::mem::take(&mut self.errors)
    }

    /// What stands on a display of so many lines and columns.
    pub fn text(&self, lines: u8, columns: u8) -> Vec<String> {
        let line = |line: u8| {
            // Displays of four lines are two of 40 characters, folded (table 4).
            let first = [0, SECOND_LINE][usize::from(line % 2)] + if line < 2 { 0 } else { columns };
            (0..columns).map(|column| self.character(first, column)).collect()
        };
        (0..lines).map(line).collect()
    }

    /// Something disturbs it: it takes a half that nobody sent.
    pub fn disturb(&mut self) {
        self.first_half = match self.first_half {
            None => Some(0x5),
            Some(_) => None,
        };
    }

    fn character(&self, first: u8, column: u8) -> char {
        if !self.is_on {
            return ' ';
        }
        let (line, place) = (first & SECOND_LINE, first & !SECOND_LINE);
        let place = (place + column + self.shift) % LINE;
        char::from(self.memory[usize::from(line + place)])
    }

    fn change(&mut self, cycle: u64, level: bool, wire: Wire) {
        match wire {
            Wire::Data(bit) => {
                self.data = self.data & !(1 << bit) | u8::from(level) << bit;
                self.changed_at = cycle;
            }
            Wire::RegisterSelect => {
                if self.risen_at.is_some() {
                    self.error(cycle, "RS changed while E was high");
                }
                self.register_select = level;
                self.changed_at = cycle;
            }
            Wire::Enable if level => {
                if self.risen_at.is_some_and(|at| cycle - at < ENABLE_PERIOD) {
                    self.error(cycle, "E rose too soon");
                }
                self.risen_at = Some(cycle);
            }
            // The first level of all is low.
            Wire::Enable => {
                let Some(risen_at) = self.risen_at.take() else { return };
                if cycle - risen_at < ENABLE_WIDTH {
                    self.error(cycle, "E was high too briefly");
                }
                if cycle - self.changed_at < DATA_SETUP {
                    self.error(cycle, "a line changed too late");
                }
                self.half(cycle, self.data);
            }
        }
    }

    fn half(&mut self, cycle: u64, half: u8) {
        if cycle < self.busy_until && self.first_half.is_none() {
            self.error(cycle, &format!("{half:X} came {} cycles too early", self.busy_until - cycle));
        }
        let octet = match (self.four_bits, self.first_half.take()) {
            // The lower lines are open; the controller pulls them up, and what they say is set again soon.
            (false, _) => half << 4,
            (true, None) => {
                self.first_half = Some(half);
                return;
            }
            (true, Some(first)) => first << 4 | half,
        };
        let takes = if self.register_select { self.write(octet) } else { self.instruct(cycle, octet) };
        self.busy_until = cycle + takes;
    }

    fn write(&mut self, octet: u8) -> u64 {
        self.memory[usize::from(self.address)] = octet;
        self.address = match self.address {
            0x27 => SECOND_LINE,
            0x67 => 0,
            other => other + 1,
        };
        CHARACTER
    }

    /// Table 6.
    fn instruct(&mut self, cycle: u64, octet: u8) -> u64 {
        if self.initialised < 3 && octet != 0x30 {
            self.error(cycle, &format!("{octet:02X} came before the initialisation"));
        }
        match octet {
            0x80.. => self.address = octet & 0x7F,
            0x40.. => self.error(cycle, "an address of the character generator"),
            0x20.. => return self.set_function(octet),
            0x10.. if octet & 0x08 != 0 => {
                self.shift = if octet & 0x04 == 0 { self.shift + 1 } else { self.shift + LINE - 1 } % LINE;
            }
            0x10.. => {}
            0x08.. => self.is_on = octet & 0x04 != 0,
            0x04.. => {
                if octet != 0x06 {
                    self.error(cycle, &format!("entry mode {octet:02X}"));
                }
            }
            0x01.. => {
                if octet == 0x01 {
                    self.memory = [b' '; 0x80];
                }
                (self.address, self.shift) = (0, 0);
                return CLEAR_OR_HOME;
            }
            0x00 => self.error(cycle, "no instruction"),
        }
        if self.is_on && !self.is_two_lines {
            self.error(cycle, "one line only");
        }
        INSTRUCTION
    }

    fn set_function(&mut self, octet: u8) -> u64 {
        self.four_bits = octet & 0x10 == 0;
        self.first_half = None;
        if !self.four_bits {
            self.initialised = self.initialised.saturating_add(1);
            return match self.initialised {
                1 => FIRST_FUNCTION_SET,
                2 => SECOND_FUNCTION_SET,
                _ => INSTRUCTION,
            };
        }
        self.is_two_lines = octet & 0x08 != 0;
        INSTRUCTION
    }

    fn error(&mut self, cycle: u64, what: &str) {
        self.errors.push(format!("cycle {cycle}: {what}"));
    }
}

#[derive(Clone, Copy, Debug)]
enum Wire {
    Data(u8),
    RegisterSelect,
    Enable,
}
