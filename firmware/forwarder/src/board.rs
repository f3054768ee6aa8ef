//! The Uno's registers and interrupts (`ATmega328P` data sheet DS40002061B; sections are named where they matter).
//!
//! All `unsafe` of this image is here: writing a register takes any bits, and interrupts have to take the peripherals that
//! the main loop has as well. Each register that both write is written by the main loop with interrupts off.
#![allow(unsafe_code)]

use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, Ordering};

use avr_device::atmega328p::{Peripherals, TC1};
use avr_device::interrupt;
use meterscope_firmware_logic::edge::{Edge, Tick};
use meterscope_firmware_logic::forwarder::Forwarder;
use meterscope_firmware_logic::marks::Output;
use meterscope_firmware_logic::ring::Ring;

/// The board, started.
pub struct Board(Peripherals);

/// Where octets for the host go.
pub struct Serial;

/// Changes of the bus, packed: 13 ms of 9600 baud at least.
static EDGES: Ring<AtomicU16, 128> = Ring::new();
/// Whether there was no room for one.
static LOST: AtomicBool = AtomicBool::new(false);
/// Octets from the host: a whole command, should the main loop be busy with another one.
static FROM_HOST: Ring<AtomicU8, 32> = Ring::new();
/// Octets for the host: 11 ms.
static TO_HOST: Ring<AtomicU8, 128> = Ring::new();

/// D8, D12 and D13 in port B.
const BUS: u8 = 1 << 0;
const ERROR_LAMP: u8 = 1 << 4;
const DATA_LAMP: u8 = 1 << 5;

/// TCCR1B: noise canceller, rising edge, clock / 64 (15.11.2).
const ICNC1: u8 = 1 << 7;
const ICES1: u8 = 1 << 6;
const CLOCK_64: u8 = 0b011;
/// TIMSK1 and TIFR1: input capture, compare A.
const ICF1: u8 = 1 << 5;
const OCF1A: u8 = 1 << 1;
/// UCSR0A: double speed, data register empty.
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

/// More pulses in one interrupt are not followed: a line that does so is no line.
const MOST_PULSES: u8 = 4;

/// The main loop runs at least so often, in ticks: every 8 ms. The last octet of a frame waits for it.
const NAP: Tick = 2048;

impl Board {
    /// Sets up everything and lets interrupts come.
    pub fn start() -> Self {
        // SAFETY: taken once, before interrupts are on; the interrupts below touch what their comments say.
        let board = Self(unsafe { Peripherals::steal() });
        board.start_watchdog();
        board.start_pins();
        board.start_serial();
        board.start_timer();
        // SAFETY: all that interrupts use is set up.
        unsafe { interrupt::enable() };
        board
    }

    /// To be called at least every 0.5 s.
    pub fn reset_watchdog() {
        avr_device::asm::wdr();
    }

    /// The oldest change of the bus that was not taken yet.
    pub fn next_edge(&self) -> Option<Edge> {
        let packed = EDGES.pop()?;
        Some(Edge::unpack(packed, interrupt::free(|_| self.now())))
    }

    /// Whether changes of the bus were lost since this was last asked; the next one is then waited for anew.
    pub fn take_lost(&self) -> bool {
        interrupt::free(|_| {
            let is_lost = LOST.load(Ordering::Relaxed);
            if is_lost {
                LOST.store(false, Ordering::Relaxed);
                wait_for(!self.bus_level(), &self.0.TC1);
            }
            is_lost
        })
    }

    /// The next octet from the host.
    pub fn next_host_octet() -> Option<u8> {
        FROM_HOST.pop()
    }

    /// Now and the level of the bus, unless a change of it waits to be taken.
    pub fn line_without_edges(&self) -> Option<Edge> {
        interrupt::free(|_| {
            let is_pending = self.0.TC1.tifr1().read().bits() & ICF1 != 0;
            let level = self.bus_level();
            (EDGES.is_empty() && !is_pending).then(|| Edge { at: self.now(), level })
        })
    }

    /// Lights the lamps or puts them out.
    pub fn light(&self, data: bool, error: bool) {
        let lamps = if data { DATA_LAMP } else { 0 } | if error { ERROR_LAMP } else { 0 };
        // The pull-up of the bus is off: the shield drives it.
        // SAFETY: no interrupt writes this port.
        self.0.PORTB.portb().write(|port| unsafe { port.bits(lamps) });
    }

    /// Sleeps unless there is something to do. The timer, the bus and the host wake it.
    pub fn sleep_until_something_happens() {
        interrupt::disable();
        let is_idle = EDGES.is_empty() && FROM_HOST.is_empty();
        // The instruction behind SEI runs before any interrupt: none comes between the question and the sleep (7.7.1).
        // SAFETY: interrupts were on before.
        unsafe { interrupt::enable() };
        if is_idle {
            avr_device::asm::sleep();
        }
    }

    fn bus_level(&self) -> bool {
        self.0.PORTB.pinb().read().bits() & BUS != 0
    }

    /// With interrupts off: the interrupts read 16-bit registers of the timer too, through one shared octet (15.3).
    fn now(&self) -> Tick {
        self.0.TC1.tcnt1().read().bits()
    }

    fn start_watchdog(&self) {
        avr_device::asm::wdr();
        // SAFETY: the timed sequence of 10.9.2; interrupts are off.
        self.0.WDT.wdtcsr().write(|watchdog| unsafe { watchdog.bits(WDCE_WDE) });
        self.0.WDT.wdtcsr().write(|watchdog| unsafe { watchdog.bits(WDE_HALF_SECOND) });
    }

    fn start_pins(&self) {
        // SAFETY: any bits are right for a port.
        self.0.PORTB.ddrb().write(|port| unsafe { port.bits(DATA_LAMP | ERROR_LAMP) });
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

    fn start_timer(&self) {
        let timer = &self.0.TC1;
        let bus_is_low = self.0.PORTB.pinb().read().bits() & BUS == 0;
        // The bus may be in the middle of an octet; the next change is then a rising one.
        let edge = if bus_is_low { ICES1 } else { 0 };
        if bus_is_low {
            remember(Edge { at: 0, level: false });
        }
        // SAFETY: values of 15.11.
        unsafe {
            timer.tccr1a().write(|register| register.bits(0));
            timer.tccr1b().write(|register| register.bits(ICNC1 | edge | CLOCK_64));
            timer.ocr1a().write(|register| register.bits(NAP));
            timer.tifr1().write(|register| register.bits(ICF1 | OCF1A));
            timer.timsk1().write(|register| register.bits(ICF1 | OCF1A));
            self.0.CPU.smcr().write(|register| register.bits(SLEEP_IDLE));
        }
    }
}

/// The forwarder, once. The compiler is kept from knowing its address: with it each access takes four octets of flash,
/// through a pointer two.
pub fn forwarder() -> &'static mut Forwarder {
    static mut FORWARDER: Forwarder = Forwarder::UNSET;
    // SAFETY: `main` calls this once and no interrupt does.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    let forwarder = core::hint::black_box(unsafe { &mut *(&raw mut FORWARDER) });
    forwarder.start();
    forwarder
}

impl Output for Serial {
    /// Waits for room: the octets of the bus wait in a ring meanwhile.
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

fn remember(edge: Edge) {
    if !EDGES.push(edge.pack()) {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// With interrupts off: the next change that the timer stamps is one to this level.
#[inline]
fn wait_for(level: bool, timer: &TC1) {
    let edge = if level { ICES1 } else { 0 };
    // SAFETY: bits of 15.11.2. A change of the edge sets the flag (15.6.3).
    unsafe {
        timer.tccr1b().write(|register| register.bits(ICNC1 | edge | CLOCK_64));
        timer.tifr1().write(|register| register.bits(ICF1));
    }
}

// The bus changed. Uses timer 1 and reads port B.
#[avr_device::interrupt(atmega328p)]
fn TIMER1_CAPT() {
    // SAFETY: interrupts do not nest.
    let peripherals = unsafe { Peripherals::steal() };
    let timer = &peripherals.TC1;
    let mut edge = Edge { at: timer.icr1().read().bits(), level: timer.tccr1b().read().bits() & ICES1 != 0 };
    // Pulses shorter than this interrupt end before their end is waited for, and so may those behind them.
    for _ in 0..MOST_PULSES {
        remember(edge);
        wait_for(!edge.level, timer);
        let level = peripherals.PORTB.pinb().read().bits() & BUS != 0;
        if level == edge.level {
            return;
        }
        edge = Edge { at: timer.tcnt1().read().bits(), level };
    }
    LOST.store(true, Ordering::Relaxed);
}

// Wakes the main loop. Uses timer 1.
#[avr_device::interrupt(atmega328p)]
fn TIMER1_COMPA() {
    // SAFETY: interrupts do not nest; the main loop leaves this register alone.
    let timer = unsafe { Peripherals::steal() }.TC1;
    let next = timer.ocr1a().read().bits().wrapping_add(NAP);
    // SAFETY: any moment is right.
    timer.ocr1a().write(|register| unsafe { register.bits(next) });
}

// The host sent an octet. Reads the serial port.
#[avr_device::interrupt(atmega328p)]
fn USART_RX() {
    // SAFETY: nobody else reads this register.
    let octet = unsafe { Peripherals::steal() }.USART0.udr0().read().bits();
    // A host that sends faster than it waits for answers loses what it sent: no command is so long.
    let _ = FROM_HOST.push(octet);
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
