//! The Uno's registers and interrupts beside the bus (`ATmega328P` data sheet DS40002061B; sections are named where they
//! matter).

use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use avr_device::atmega328p::{PORTD, TC2};
use avr_device::interrupt;
use meterscope_board::uart::Uart;
use meterscope_board::watchdog::{self, Patience};
use meterscope_board::{lamps, sleep};
use meterscope_firmware_logic::marks::Output;
use meterscope_firmware_logic::master_command::Play;
use meterscope_firmware_logic::master_simulator::MasterSimulator;
use meterscope_firmware_logic::pattern::LONGEST_FRAME;

use crate::bus;

/// Where octets for the host go.
pub struct Serial;

/// From the host the longest portion with its command, and more; to the host 1.4 ms.
static UART: Uart<64, 16> = Uart::new();
/// Whether there was no room for an octet of the host.
static LOST: AtomicBool = AtomicBool::new(false);
/// Ticks that were not taken yet.
static TICKS: AtomicU8 = AtomicU8::new(0);

/// D9 in port B. The timer has it; should it ever not, the line rests.
const BUS: u8 = 1 << 1;
/// D2, D3 and D4 in port D.
const STRAPS: u8 = 0b111 << FIRST_STRAP;
const FIRST_STRAP: u8 = 2;
/// Weak pull-ups take so many cycles for what hangs on a pin: 0.1 ms.
const PULL_UP_CYCLES: u32 = 1600;

/// TCCR2A: clear on compare match. TCCR2B: clock / 256. With 250 of those a tick is 4 ms (17.11).
const CLEAR_ON_MATCH: u8 = 0b10;
const CLOCK_256: u8 = 0b110;
const TICK: u8 = 250 - 1;
/// TIMSK2: compare A.
const OCIE2A: u8 = 1 << 1;

/// Sets up everything and lets interrupts come; what the straps choose.
pub fn start() -> Play {
    watchdog::start(Patience::HalfASecond);
    bus::start();
    lamps::light(false, false, BUS);
    lamps::start(BUS);
    UART.start();
    start_ticks();
    sleep::start();
    // SAFETY: all that interrupts use is set up.
    unsafe { interrupt::enable() };
    play()
}

/// How many ticks are over since this was last asked.
pub fn take_ticks() -> u8 {
    interrupt::free(|_| {
        let ticks = TICKS.load(Ordering::Relaxed);
        TICKS.store(0, Ordering::Relaxed);
        ticks
    })
}

/// Whether octets of the host were lost since this was last asked; those behind them are left out.
pub fn take_lost() -> bool {
    interrupt::free(|_| {
        let is_lost = LOST.load(Ordering::Relaxed);
        if is_lost {
            LOST.store(false, Ordering::Relaxed);
            while UART.next_octet().is_some() {}
        }
        is_lost
    })
}

/// The next octet from the host.
pub fn next_host_octet() -> Option<u8> {
    UART.next_octet()
}

/// Lights the lamps or puts them out.
pub fn light(data: bool, error: bool) {
    lamps::light(data, error, BUS);
}

/// Sleeps until there is something to do: a tick, an octet from the host if it can be taken, or room for more octets for
/// the bus.
pub fn sleep_until_something_happens(takes_host_octets: bool) {
    let is_idle = || (UART.is_quiet() || !takes_host_octets) && TICKS.load(Ordering::Relaxed) == 0;
    // Each bit wakes the board, and for most of them there is nothing to do.
    while sleep::sleep_if(is_idle) && !bus::is_running_out() {}
}

/// What the straps choose. The pull-ups need a moment before.
fn play() -> Play {
    // SAFETY: nobody else uses this port; any bits are right for it.
    let port = unsafe { PORTD::steal() };
    port.portd().write(|port| unsafe { port.bits(STRAPS) });
    avr_device::asm::delay_cycles(PULL_UP_CYCLES);
    Play::strapped((!port.pind().read().bits() & STRAPS) >> FIRST_STRAP)
}

fn start_ticks() {
    // SAFETY: interrupts are off; values of 17.11.
    unsafe {
        let timer = TC2::steal();
        timer.tccr2a().write(|register| register.bits(CLEAR_ON_MATCH));
        timer.ocr2a().write(|register| register.bits(TICK));
        timer.tccr2b().write(|register| register.bits(CLOCK_256));
        timer.timsk2().write(|register| register.bits(OCIE2A));
    }
}

/// The simulator, once. It is made here and not in `main`, so that what it is made of leaves the stack again.
#[inline(never)]
pub fn simulator(play: Play) -> &'static mut MasterSimulator<'static> {
    static mut MEMORY: [u8; LONGEST_FRAME] = [0; LONGEST_FRAME];
    static mut SIMULATOR: Option<MasterSimulator<'static>> = None;
    // SAFETY: `main` calls this once and no interrupt does.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    let (memory, simulator) = unsafe { (&mut *(&raw mut MEMORY), &mut *(&raw mut SIMULATOR)) };
    simulator.insert(MasterSimulator::new(play, memory))
}

impl Output for Serial {
    /// Waits for room: the octets of the host wait in a ring meanwhile.
    #[inline(never)]
    fn octet(&mut self, octet: u8) {
        UART.send(octet);
    }
}

// A tick is over.
#[avr_device::interrupt(atmega328p)]
fn TIMER2_COMPA() {
    TICKS.store(TICKS.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
}

#[avr_device::interrupt(atmega328p)]
fn USART_RX() {
    if !UART.received() {
        LOST.store(true, Ordering::Relaxed);
    }
}

#[avr_device::interrupt(atmega328p)]
fn USART_UDRE() {
    UART.can_send();
}
