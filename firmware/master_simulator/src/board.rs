//! The Uno's registers and interrupts beside the bus (`ATmega328P` data sheet DS40002061B; sections are named where they
//! matter).
//!
//! Writing a register takes any bits, and interrupts have to take the peripherals that the main loop has as well. Each
//! register that both write is written by the main loop with interrupts off.

use core::arch::asm;
use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use avr_device::atmega328p::Peripherals;
use avr_device::interrupt;
use meterscope_firmware_logic::marks::Output;
use meterscope_firmware_logic::master_command::Play;
use meterscope_firmware_logic::master_simulator::MasterSimulator;
use meterscope_firmware_logic::pattern::LONGEST_FRAME;
use meterscope_firmware_logic::ring::Ring;

use crate::bus;

/// The board, started.
pub struct Board(Peripherals);

/// Where octets for the host go.
pub struct Serial;

/// Octets from the host: the longest portion with its command, and more.
static FROM_HOST: Ring<AtomicU8, 64> = Ring::new();
/// Whether there was no room for one.
static LOST: AtomicBool = AtomicBool::new(false);
/// Octets for the host: 1.4 ms.
static TO_HOST: Ring<AtomicU8, 16> = Ring::new();
/// Ticks that were not taken yet.
static TICKS: AtomicU8 = AtomicU8::new(0);

/// D9, D12 and D13 in port B.
const BUS: u8 = 1 << 1;
const ERROR_LAMP: u8 = 1 << 4;
const DATA_LAMP: u8 = 1 << 5;
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
/// UCSR0A: double speed.
const U2X0: u8 = 1 << 1;
/// UCSR0B: receive interrupt, data register empty interrupt, receiver, transmitter.
const RXCIE0: u8 = 1 << 7;
const UDRIE0: u8 = 1 << 5;
const RXEN0: u8 = 1 << 4;
const TXEN0: u8 = 1 << 3;
/// UCSR0C: eight data bits.
const EIGHT_BITS: u8 = 0b110;
/// 115200 baud, 2.1 % fast: 16 MHz / 8 / 17 (19.10, table 19-12). The Uno's USB chip has the same error.
const UBRR_115200: u16 = 16;
/// WDTCSR: change enable, and reset after 0.5 s (10.9.2).
const WDCE_WDE: u8 = 1 << 4 | 1 << 3;
const WDE_HALF_SECOND: u8 = 1 << 3 | 0b101;
/// SMCR: idle, sleep enabled.
const SLEEP_IDLE: u8 = 1;

impl Board {
    /// Sets up everything and lets interrupts come.
    pub fn start() -> Self {
        // SAFETY: taken once, before interrupts are on; the interrupts below touch what their comments say.
        let board = Self(unsafe { Peripherals::steal() });
        board.start_watchdog();
        bus::start(&board.0.TC1);
        board.start_pins();
        board.start_serial();
        board.start_ticks();
        // SAFETY: all that interrupts use is set up.
        unsafe { interrupt::enable() };
        board
    }

    /// What the straps choose. The pull-ups need a moment before.
    pub fn play(&self) -> Play {
        avr_device::asm::delay_cycles(PULL_UP_CYCLES);
        let straps = !self.0.PORTD.pind().read().bits() & STRAPS;
        Play::strapped(straps >> FIRST_STRAP)
    }

    /// To be called at least every 0.5 s.
    pub fn reset_watchdog() {
        avr_device::asm::wdr();
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
                while FROM_HOST.pop().is_some() {}
            }
            is_lost
        })
    }

    /// The next octet from the host.
    pub fn next_host_octet() -> Option<u8> {
        FROM_HOST.pop()
    }

    /// Lights the lamps or puts them out.
    pub fn light(&self, data: bool, error: bool) {
        let lamps = if data { DATA_LAMP } else { 0 } | if error { ERROR_LAMP } else { 0 };
        // The timer has D9; should it ever not, the line rests.
        // SAFETY: no interrupt writes this port.
        self.0.PORTB.portb().write(|port| unsafe { port.bits(BUS | lamps) });
    }

    /// Sleeps until there is something to do: a tick, an octet from the host if it can be taken, or room for more octets
    /// for the bus.
    pub fn sleep_until_something_happens(takes_host_octets: bool) {
        loop {
            interrupt::disable();
            let has_octet = takes_host_octets && !FROM_HOST.is_empty();
            let is_idle = !has_octet && TICKS.load(Ordering::Relaxed) == 0;
            if !is_idle {
                // SAFETY: interrupts were on before.
                unsafe { interrupt::enable() };
                return;
            }
            // The instruction behind SEI runs before any interrupt (7.7.1): if that is the sleep, none comes between the
            // question and it. The compiler is not to put anything there.
            // SAFETY: as above.
            unsafe { asm!("sei", "sleep") };
            // Each bit wakes the board, and for most of them there is nothing to do.
            if bus::is_running_out() {
                return;
            }
        }
    }

    fn start_watchdog(&self) {
        avr_device::asm::wdr();
        // SAFETY: the timed sequence of 10.9.2; interrupts are off.
        self.0.WDT.wdtcsr().write(|watchdog| unsafe { watchdog.bits(WDCE_WDE) });
        self.0.WDT.wdtcsr().write(|watchdog| unsafe { watchdog.bits(WDE_HALF_SECOND) });
    }

    fn start_pins(&self) {
        // SAFETY: any bits are right for a port.
        unsafe {
            self.0.PORTD.portd().write(|port| port.bits(STRAPS));
            self.0.PORTB.portb().write(|port| port.bits(BUS));
            self.0.PORTB.ddrb().write(|port| port.bits(BUS | DATA_LAMP | ERROR_LAMP));
        }
    }

    fn start_serial(&self) {
        let serial = &self.0.USART0;
        // SAFETY: values of 19.10 and 19.11.
        unsafe {
            serial.ucsr0a().write(|register| register.bits(U2X0));
            serial.ubrr0().write(|register| register.bits(UBRR_115200));
            serial.ucsr0c().write(|register| register.bits(EIGHT_BITS));
            serial.ucsr0b().write(|register| register.bits(RXCIE0 | RXEN0 | TXEN0));
        }
    }

    fn start_ticks(&self) {
        let timer = &self.0.TC2;
        // SAFETY: values of 17.11.
        unsafe {
            timer.tccr2a().write(|register| register.bits(CLEAR_ON_MATCH));
            timer.ocr2a().write(|register| register.bits(TICK));
            timer.tccr2b().write(|register| register.bits(CLOCK_256));
            timer.timsk2().write(|register| register.bits(OCIE2A));
            self.0.CPU.smcr().write(|register| register.bits(SLEEP_IDLE));
        }
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
        while !TO_HOST.push(octet) {}
        interrupt::free(|_| {
            // SAFETY: with interrupts off; the interrupt for an empty data register writes this register as well.
            let peripherals = unsafe { Peripherals::steal() };
            let control = peripherals.USART0.ucsr0b();
            // SAFETY: bits of 19.11.
            control.write(|register| unsafe { register.bits(RXCIE0 | UDRIE0 | RXEN0 | TXEN0) });
        });
    }
}

// A tick is over.
#[avr_device::interrupt(atmega328p)]
fn TIMER2_COMPA() {
    TICKS.store(TICKS.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
}

// The host sent an octet. Reads the serial port.
#[avr_device::interrupt(atmega328p)]
fn USART_RX() {
    // SAFETY: nobody else reads this register.
    let octet = unsafe { Peripherals::steal() }.USART0.udr0().read().bits();
    if !FROM_HOST.push(octet) {
        LOST.store(true, Ordering::Relaxed);
    }
}

// There is room for an octet to the host. Writes the serial port.
#[avr_device::interrupt(atmega328p)]
fn USART_UDRE() {
    // SAFETY: the main loop writes these registers with interrupts off.
    let serial = unsafe { Peripherals::steal() }.USART0;
    match TO_HOST.pop() {
        // SAFETY: any octet is right.
        Some(octet) => serial.udr0().write(|register| unsafe { register.bits(octet) }),
        // SAFETY: bits of 19.11.
        None => serial.ucsr0b().write(|register| unsafe { register.bits(RXCIE0 | RXEN0 | TXEN0) }),
    };
}
