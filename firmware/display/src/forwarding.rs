//! The forwarder in its interrupts (`ATmega328P` data sheet DS40002061B; sections are named where they matter).
//!
//! Three levels share the processor. Short interrupts stamp the changes of the bus and move octets to and from the host.
//! Every 2 ms a longer one, which lets the short ones through, forwards: it makes octets of the stamps. The main loop has
//! what time is left, for the decoder and the display, and may take as long as it likes.
#![allow(
    unsafe_code,
    reason = "writing a register takes any bits, and interrupts take the peripherals that others have"
)]

use core::sync::atomic::{AtomicU8, Ordering};

use avr_device::atmega328p::TC1;
use avr_device::interrupt;
use meterscope_board::bus::{self, Bus, CAPTURE, COMPARE};
use meterscope_board::lamps;
use meterscope_board::uart::Uart;
use meterscope_firmware_logic::edge::{Tick, is_before};
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

/// 6 ms of 9600 baud at least.
static BUS: Bus<64> = Bus::new();
/// From the host a whole command. An answer that is longer than what waits for the host keeps the forwarding waiting for
/// 4 ms.
static UART: Uart<32, 64> = Uart::new();
/// Octets of the bus that the decoder has not taken: 0.29 s of 2400 baud, 66 ms of 9600.
static HEARD: Ring<AtomicU8, 64> = Ring::new();
/// How often the forwarding should have run.
static RUNS: AtomicU8 = AtomicU8::new(0);

/// For [`forward`], and read by [`state`].
static mut FORWARDER: Forwarder = Forwarder::UNSET;

/// Behind so many ticks a register of the timer has been written.
const WRITTEN: Tick = 16;
/// More edges are not taken in one run of the forwarding, so that the main loop goes on in a storm of them.
const MOST_EDGES: u8 = 128;
/// And so many octets from the host, which sends 23 of them in 2 ms.
const MOST_HOST_OCTETS: u8 = 32;

/// The forwarding runs so often, in ticks: every 2 ms.
pub const RUN: Tick = 512;

/// Sets up all that it uses, with interrupts off.
pub fn start() {
    lamps::start(0);
    UART.start();
    // SAFETY: interrupts are off, and the forwarder is theirs only later.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    unsafe { &mut *(&raw mut FORWARDER) }.start();
    BUS.start(RUN);
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
        UART.send(octet);
    }

    /// A frame of which octets were lost here has no right check sequence either.
    fn heard(&mut self, octet: u8, is_faulty: bool) {
        let _ = HEARD.push(if is_faulty { !octet } else { octet });
    }
}

/// What the forwarder's image does in its main loop.
fn forward() {
    // SAFETY: the interrupt that calls this does not come again before it ends, and others only read.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    let forwarder = core::hint::black_box(unsafe { &mut *(&raw mut FORWARDER) });
    let mut serial = Serial;
    for _ in 0..MOST_EDGES {
        let Some(edge) = BUS.next_edge() else { break };
        forwarder.edge(edge, &mut serial);
    }
    if let Some((line, is_lost)) = BUS.line_without_edges() {
        forwarder.advance(line.at, &mut serial);
        if is_lost {
            forwarder.lost(line.level, &mut serial);
        }
    }
    for _ in 0..MOST_HOST_OCTETS {
        let Some(octet) = UART.next_octet() else { break };
        forwarder.host_octet(octet, &mut serial);
    }
    lamps::light(forwarder.data_lamp(), forwarder.error_lamp(), 0);
}

// Forwards. Lets all other interrupts through, but not itself. Writes TIMSK1, OCR1A and port B.
#[avr_device::interrupt(atmega328p)]
fn TIMER1_COMPA() {
    // SAFETY: what else uses the timer is said where it does.
    let timer = unsafe { TC1::steal() };
    // SAFETY: bits of 15.11.8. Interrupts are off here and on from then on, as they were.
    unsafe {
        timer.timsk1().write(|register| register.bits(CAPTURE));
        interrupt::enable();
    }
    forward();
    interrupt::disable();
    // A run that has taken longer than the time between two has skipped those that should have been. A moment that has
    // passed when it is written would come only once the timer has gone round.
    let now = bus::now().wrapping_add(WRITTEN);
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
        timer.timsk1().write(|register| register.bits(CAPTURE | COMPARE));
    }
}

#[avr_device::interrupt(atmega328p)]
fn TIMER1_CAPT() {
    BUS.captured();
}

#[avr_device::interrupt(atmega328p)]
fn USART_RX() {
    // A host that sends faster than it waits for answers loses what it sent: no command is so long.
    let _ = UART.received();
}

#[avr_device::interrupt(atmega328p)]
fn USART_UDRE() {
    UART.can_send();
}
