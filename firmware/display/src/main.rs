//! Shows on a character LCD what a meter says on its HAN port, and forwards its octets to a serial port: an Arduino Uno
//! with the shield.
//!
//! | pin | what |
//! | --- | --- |
//! | D8 (ICP1, PB0) | the bus, high at rest |
//! | D13 (PB5) | lamp: octets come |
//! | D12 (PB4) | lamp: an octet or a frame was damaged, or something was lost |
//! | USB | 115200 8N1: the octets of the bus; commands, as of the forwarder |
//! | D7 (PD7) | LCD: RS |
//! | D6 (PD6) | LCD: E |
//! | A0, A1, A2, A3 (PC0…PC3) | LCD: D4, D5, D6, D7 |
//! | D5 (PD5) | strap: open for a display of 2 × 16, to GND for one of 4 × 20 |
//!
//! The display's R/W is tied to GND: it is never read.
#![no_std]
#![no_main]
#![feature(abi_avr_interrupt)]

mod board;
mod forwarding;

use board::Board;
use forwarding::RUN;
use meterscope_board::{bus, sleep, watchdog};
use meterscope_firmware_logic::display::lcd::{Lcd, Write};
use meterscope_firmware_logic::display::quiet::Quiet;
use meterscope_firmware_logic::display::screen::{self, Geometry, Screen};
use meterscope_firmware_logic::display::watt_meter::WattMeter;
use meterscope_firmware_logic::edge::{TICKS_PER_SECOND, Tick};

/// Time, as far as the display needs it.
struct Clock {
    run: u8,
    /// Since the second began, in [`STEP`]s.
    steps: u16,
    second: u32,
}

/// So many ticks, of which a run and a second are made.
const STEP: Tick = 16;
const STEPS_PER_SECOND: u16 = (TICKS_PER_SECOND / STEP as u32) as u16;

#[avr_device::entry]
fn main() -> ! {
    let board = Board::start();
    let (meter, receiver) = board::watt_meter();
    let mut clock = Clock { run: forwarding::runs(), steps: 0, second: 1 };
    let mut quiet = Quiet::new();
    let mut lcd = Lcd::new();
    let mut written = bus::now();
    loop {
        let octet = forwarding::next_octet();
        let runs = clock.advance(&mut lcd);
        if runs != 0 {
            watchdog::reset();
        }
        // An octet that has waited came within these runs.
        let is_quiet = quiet.advance(runs);
        if octet.is_some() {
            quiet.octet();
        }
        if octet.is_some() || is_quiet {
            meter.hear(octet, clock.second, receiver);
        }
        let now = bus::now();
        if now.wrapping_sub(written) >= RUN {
            written = now;
            write(&board, &mut lcd, meter, clock.second);
        }
        sleep::sleep_if(forwarding::is_idle);
    }
}

impl Clock {
    /// Counts the runs of the forwarding, which take [`RUN`] each: how many there were.
    fn advance(&mut self, lcd: &mut Lcd) -> u8 {
        let runs = forwarding::runs().wrapping_sub(self.run);
        self.run = self.run.wrapping_add(runs);
        for _ in 0..runs {
            self.steps += RUN / STEP;
        }
        if self.steps >= STEPS_PER_SECOND {
            self.steps -= STEPS_PER_SECOND;
            self.second += 1;
            if Screen::page(self.second) != Screen::page(self.second - 1) {
                lcd.synchronise();
            }
        }
        runs
    }
}

/// The next octet for the display.
#[inline(never)]
fn write(board: &Board, lcd: &mut Lcd, meter: &WattMeter, now_s: u32) {
    let geometry = if board.is_large() { Geometry::Large } else { Geometry::Small };
    let next = lcd.next(geometry, |row| {
        let forwarding = forwarding::state();
        let board = screen::Board {
            now_s,
            speed: forwarding.speed,
            format: forwarding.format,
            faults: forwarding.faults,
        };
        Screen { meter, board, geometry }.line(row)
    });
    match next {
        Write::Nothing => {}
        Write::Half(half) => board.write_lcd(half, false, true),
        Write::Instruction(octet) => board.write_lcd(octet, false, false),
        Write::Character(octet) => board.write_lcd(octet, true, false),
    }
}

const _: () = assert!(RUN as Tick * 4 > meterscope_firmware_logic::display::lcd::STEP_US, "RUN is too short");

/// Without a word: the watchdog starts the board again.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    avr_device::interrupt::disable();
    loop {}
}
