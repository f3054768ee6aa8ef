//! The main loop of a forwarder.
#![allow(unsafe_code)]

use avr_device::interrupt;
use meterscope_firmware_logic::edge::Tick;
use meterscope_firmware_logic::forwarder::Forwarder;
use meterscope_firmware_logic::marks::Output;

use crate::bus::Bus;
use crate::chip::TC1;
use crate::pins::LATE_TICKS;
use crate::{sleep, watchdog};

/// What a forwarder's board has beside the bus: the way to its host, and two lamps.
pub trait Host: Output {
    /// Does what is to be done for the host. Called all the time.
    fn attend(&mut self) {}
    /// Whether the program on the host went away since this was last asked. An Uno is reset by the next one.
    fn take_left(&mut self) -> bool {
        false
    }
    /// The next octet of the host. Each may be the end of a command, for the answer to which there is room.
    fn next_octet(&mut self) -> Option<u8>;
    /// Whether nothing is to be done until the bus, a timer or another interrupt wakes the board.
    fn is_idle(&self) -> bool;
    /// Whether the board is to go on; else the watchdog starts it again.
    fn goes_on(&self) -> bool {
        true
    }
    /// Lights the lamps or puts them out.
    fn light(&mut self, data: bool, error: bool);
}

/// The main loop runs at least so often, in ticks: every 8 ms. The last octet of a frame waits for it.
const NAP: Tick = 2048;

/// Lets interrupts come and forwards from now on. To be called once.
pub fn forward<const EDGES: usize>(bus: &'static Bus<EDGES>, host: &mut impl Host) -> ! {
    let forwarder = forwarder();
    bus.start(NAP);
    sleep::start();
    // SAFETY: all that interrupts use is set up.
    unsafe { interrupt::enable() };
    loop {
        if host.goes_on() {
            watchdog::reset();
        }
        // One at a time, so that no storm of edges keeps the host from being heard.
        if let Some(edge) = bus.next_edge() {
            forwarder.edge(edge, host);
        } else if let Some((line, is_lost)) = bus.line_without_edges() {
            forwarder.advance(line.at, host);
            if is_lost {
                forwarder.lost(line.level, host);
            }
        }
        host.attend();
        if host.take_left() {
            forwarder.host_left();
        }
        if let Some(octet) = host.next_octet() {
            forwarder.host_octet(octet, host);
        }
        host.light(forwarder.data_lamp(), forwarder.error_lamp());
        sleep::sleep_if(|| bus.is_quiet() && host.is_idle());
    }
}

/// `TIMER1_COMPA`: wakes the main loop. Uses timer 1.
#[inline]
pub fn wake() {
    // SAFETY: interrupts that use the timer do not come now; the main loop leaves this register alone.
    let timer = unsafe { TC1::steal() };
    let next = timer.ocr1a().read().bits().wrapping_add(NAP);
    // SAFETY: any moment is right.
    timer.ocr1a().write(|register| unsafe { register.bits(next) });
}

/// The forwarder, once. The compiler is kept from knowing its address: with it each access takes four octets of flash,
/// through a pointer two.
fn forwarder() -> &'static mut Forwarder<LATE_TICKS> {
    static mut FORWARDER: Forwarder<LATE_TICKS> = Forwarder::UNSET;
    // SAFETY: called once, by a function that never returns; no interrupt does.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    let forwarder = core::hint::black_box(unsafe { &mut *(&raw mut FORWARDER) });
    forwarder.start();
    forwarder
}
