//! The forwarder in its interrupts (`ATmega328P` data sheet DS40002061B; sections are named where they matter).
//!
//! Three levels share the processor. Short interrupts stamp the changes of the bus and move octets to and from the host.
//! Every 2 ms a longer one, which lets the short ones through, forwards: it makes octets of the stamps. The main loop has
//! what time is left, for the decoder and the display, and may take as long as it likes.
#![allow(
    unsafe_code,
    reason = "writing a register takes any bits, and interrupts take the peripherals that others have"
)]

use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, Ordering};

use avr_device::atmega328p::{Peripherals, TC1};
use avr_device::interrupt;
use meterscope_firmware_logic::edge::{Edge, Tick, is_before};
use meterscope_firmware_logic::forwarder::Forwarder;
use meterscope_firmware_logic::marks::Output;
use meterscope_firmware_logic::receiver::{Format, Speed};
use meterscope_firmware_logic::ring::Ring;

/// What the forwarder says of itself, for the display.
pub struct Forwarding {
    /// As the line is received.
    pub speed: Speed,
    /// As the line is received.
    pub format: Format,
    /// Octets with faults, and losses.
    pub faults: u16,
}

/// Where octets for the host go, and what was heard on the bus.
struct Serial;

/// Changes of the bus, packed: 6 ms of 9600 baud at least.
static EDGES: Ring<AtomicU16, 64> = Ring::new();
/// Whether there was no room for one.
static LOST: AtomicBool = AtomicBool::new(false);
/// Octets from the host: a whole command.
static FROM_HOST: Ring<AtomicU8, 32> = Ring::new();
/// Octets for the host. An answer that is longer keeps the forwarding waiting for 4 ms.
static TO_HOST: Ring<AtomicU8, 64> = Ring::new();
/// Octets of the bus that the decoder has not taken: 0.29 s of 2400 baud, 66 ms of 9600.
static HEARD: Ring<AtomicU8, 64> = Ring::new();
/// How often the forwarding should have run.
static RUNS: AtomicU8 = AtomicU8::new(0);

/// For [`forward`], and read by [`state`].
static mut FORWARDER: Forwarder = Forwarder::UNSET;

/// D8, D12 and D13 in port B.
const BUS: u8 = 1 << 0;
pub const ERROR_LAMP: u8 = 1 << 4;
pub const DATA_LAMP: u8 = 1 << 5;

/// TCCR1B: noise canceller, rising edge, clock / 64 (15.11.2).
const ICNC1: u8 = 1 << 7;
const ICES1: u8 = 1 << 6;
const CLOCK_64: u8 = 0b011;
/// TIMSK1 and TIFR1: input capture, compare A.
const ICF1: u8 = 1 << 5;
const OCF1A: u8 = 1 << 1;
/// UCSR0B: receive interrupt, data register empty interrupt, receiver, transmitter.
pub const RXCIE0: u8 = 1 << 7;
const UDRIE0: u8 = 1 << 5;
pub const RXEN0: u8 = 1 << 4;
pub const TXEN0: u8 = 1 << 3;
/// SMCR: idle, sleep enabled.
const SLEEP_IDLE: u8 = 1;

/// More pulses in one interrupt are not followed: a line that does so is no line.
const MOST_PULSES: u8 = 4;
/// Behind so many ticks a register of the timer has been written.
const WRITTEN: Tick = 16;
/// More edges are not taken in one run of the forwarding, so that the main loop goes on in a storm of them.
const MOST_EDGES: u8 = 128;
/// And so many octets from the host, which sends 23 of them in 2 ms.
const MOST_HOST_OCTETS: u8 = 32;

/// The forwarding runs so often, in ticks: every 2 ms.
pub const RUN: Tick = 512;

/// Starts the timer, with interrupts off.
pub fn start(peripherals: &Peripherals) {
    let timer = &peripherals.TC1;
    let bus_is_low = bus_level(peripherals) == 0;
    // The bus may be in the middle of an octet; the next change is then a rising one.
    let edge = if bus_is_low { ICES1 } else { 0 };
    if bus_is_low {
        remember(Edge { at: 0, level: false });
    }
    // SAFETY: interrupts are off, and the forwarder is theirs only later.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    unsafe { &mut *(&raw mut FORWARDER) }.start();
    // SAFETY: values of 15.11.
    unsafe {
        timer.tccr1a().write(|register| register.bits(0));
        timer.tccr1b().write(|register| register.bits(ICNC1 | edge | CLOCK_64));
        timer.ocr1a().write(|register| register.bits(RUN));
        timer.tifr1().write(|register| register.bits(ICF1 | OCF1A));
        timer.timsk1().write(|register| register.bits(ICF1 | OCF1A));
        peripherals.CPU.smcr().write(|register| register.bits(SLEEP_IDLE));
    }
}

/// How often the forwarding has run, modulo 256. It drives the watchdog: a main loop that hangs asks no more, and of
/// a forwarding that hangs nothing new is heard.
pub fn runs() -> u8 {
    RUNS.load(Ordering::Relaxed)
}

/// The next octet of the bus; one with a fault comes inverted, so that no check sequence of its frame is right.
pub fn next_octet() -> Option<u8> {
    HEARD.pop()
}

/// Whether the decoder has taken all octets.
pub fn is_idle() -> bool {
    HEARD.is_empty()
}

/// What the forwarder says of itself.
pub fn state() -> Forwarding {
    interrupt::free(|_| {
        // SAFETY: the forwarding writes it, which is an interrupt.
        #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
        let forwarder = unsafe { &*(&raw const FORWARDER) };
        Forwarding { speed: forwarder.speed(), format: forwarder.format(), faults: forwarder.faults() }
    })
}

impl Output for Serial {
    /// Waits for room: the changes of the bus wait in a ring meanwhile.
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

    /// A frame of which octets were lost here has no right check sequence either.
    fn heard(&mut self, octet: u8, is_faulty: bool) {
        let _ = HEARD.push(if is_faulty { !octet } else { octet });
    }
}

fn remember(edge: Edge) {
    if !EDGES.push(edge.pack()) {
        LOST.store(true, Ordering::Relaxed);
    }
}

fn bus_level(peripherals: &Peripherals) -> u8 {
    peripherals.PORTB.pinb().read().bits() & BUS
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

/// With interrupts off: the next change that the timer stamps is one from this level. Whether the bus has the other one by
/// then.
#[inline]
fn wait_for_change_from(level: bool, peripherals: &Peripherals) -> bool {
    wait_for(!level, &peripherals.TC1);
    (bus_level(peripherals) != 0) != level
}

/// What the forwarder's image does in its main loop. Port B's lamps are its own.
fn forward(peripherals: &Peripherals) {
    // SAFETY: the interrupt that calls this does not come again before it ends, and others only read.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    let forwarder = core::hint::black_box(unsafe { &mut *(&raw mut FORWARDER) });
    let mut serial = Serial;
    let now = || interrupt::free(|_| peripherals.TC1.tcnt1().read().bits());
    for _ in 0..MOST_EDGES {
        let Some(packed) = EDGES.pop() else { break };
        forwarder.edge(Edge::unpack(packed, now()), &mut serial);
    }
    if let Some((line, is_lost)) = line_without_edges(peripherals) {
        forwarder.advance(line.at, &mut serial);
        if is_lost {
            forwarder.lost(line.level, &mut serial);
        }
    }
    for _ in 0..MOST_HOST_OCTETS {
        let Some(octet) = FROM_HOST.pop() else { break };
        forwarder.host_octet(octet, &mut serial);
    }
    let data = if forwarder.data_lamp() { DATA_LAMP } else { 0 };
    let error = if forwarder.error_lamp() { ERROR_LAMP } else { 0 };
    // The pull-up of the bus is off: the shield drives it.
    // SAFETY: nobody else writes this port.
    peripherals.PORTB.portb().write(|port| unsafe { port.bits(data | error) });
}

/// Now and the level of the bus, unless a change of it waits to be taken; and whether changes were lost before. The next
/// change is then waited for anew, which forgets one that has come: it is one look, so that none comes between.
fn line_without_edges(peripherals: &Peripherals) -> Option<(Edge, bool)> {
    interrupt::free(|_| {
        let timer = &peripherals.TC1;
        if !EDGES.is_empty() || timer.tifr1().read().bits() & ICF1 != 0 {
            return None;
        }
        let mut level = bus_level(peripherals) != 0;
        let is_lost = LOST.load(Ordering::Relaxed);
        if is_lost {
            LOST.store(false, Ordering::Relaxed);
            // A change that came before the flag was cleared has no stamp, and another one is to be waited for.
            while wait_for_change_from(level, peripherals) {
                level = !level;
            }
        }
        Some((Edge { at: timer.tcnt1().read().bits(), level }, is_lost))
    })
}

// Forwards. Lets all other interrupts through, but not itself. Writes TIMSK1, OCR1A and port B.
#[avr_device::interrupt(atmega328p)]
fn TIMER1_COMPA() {
    // SAFETY: what else uses these peripherals is said where it does.
    let peripherals = unsafe { Peripherals::steal() };
    let timer = &peripherals.TC1;
    // SAFETY: bits of 15.11.8. Interrupts are off here and on from then on, as they were.
    unsafe {
        timer.timsk1().write(|register| register.bits(ICF1));
        interrupt::enable();
    }
    forward(&peripherals);
    interrupt::disable();
    // A run that has taken longer than the time between two has skipped those that should have been. A moment that has
    // passed when it is written would come only once the timer has gone round.
    let now = timer.tcnt1().read().bits().wrapping_add(WRITTEN);
    let mut next = timer.ocr1a().read().bits();
    let mut runs = RUNS.load(Ordering::Relaxed);
    loop {
        next = next.wrapping_add(RUN);
        runs = runs.wrapping_add(1);
        if is_before(now, next) {
            break;
        }
    }
    RUNS.store(runs, Ordering::Relaxed);
    // SAFETY: any moment is right; bits of 15.11.8.
    unsafe {
        timer.ocr1a().write(|register| register.bits(next));
        timer.timsk1().write(|register| register.bits(ICF1 | OCF1A));
    }
}

// The bus changed. Uses timer 1 and reads port B.
#[avr_device::interrupt(atmega328p)]
fn TIMER1_CAPT() {
    // SAFETY: this interrupt is not interrupted.
    let peripherals = unsafe { Peripherals::steal() };
    let timer = &peripherals.TC1;
    let mut edge = Edge { at: timer.icr1().read().bits(), level: timer.tccr1b().read().bits() & ICES1 != 0 };
    // Pulses shorter than this interrupt end before their end is waited for, and so may those behind them.
    for _ in 0..MOST_PULSES {
        remember(edge);
        wait_for(!edge.level, timer);
        let level = bus_level(&peripherals) != 0;
        if level == edge.level {
            return;
        }
        edge = Edge { at: timer.tcnt1().read().bits(), level };
    }
    LOST.store(true, Ordering::Relaxed);
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
    // SAFETY: others write these registers with interrupts off.
    let serial = unsafe { Peripherals::steal() }.USART0;
    match TO_HOST.pop() {
        // SAFETY: any octet is right.
        Some(octet) => serial.udr0().write(|register| unsafe { register.bits(octet) }),
        // SAFETY: bits of 19.11.
        None => serial.ucsr0b().write(|register| unsafe { register.bits(RXCIE0 | RXEN0 | TXEN0) }),
    };
}
