//! The main loop of a forwarder.
#![allow(unsafe_code)]

use core::arch::asm;

use avr_device::interrupt;
use meterscope_firmware_logic::forwarder::Forwarder;
use meterscope_firmware_logic::marks::Output;

use crate::bus::Bus;
use crate::chip::Peripherals;
use crate::watchdog;

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

/// SMCR: idle, sleep enabled.
const SLEEP_IDLE: u8 = 1;

/// Lets interrupts come and forwards from now on. To be called once.
pub fn forward(bus: &Bus, host: &mut impl Host) -> ! {
    let forwarder = forwarder();
    // SAFETY: nobody else writes this register; all that interrupts use is set up.
    unsafe {
        Peripherals::steal().CPU.smcr().write(|register| register.bits(SLEEP_IDLE));
        interrupt::enable();
    }
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
        sleep(bus, host);
    }
}

fn sleep(bus: &Bus, host: &impl Host) {
    interrupt::disable();
    let is_idle = bus.is_quiet() && host.is_idle();
    // The instruction behind SEI runs before any interrupt (7.7.1): if that is the sleep, none comes between the question
    // and it. The compiler is not to put anything there.
    // SAFETY: interrupts were on before.
    unsafe {
        if is_idle {
            asm!("sei", "sleep");
        } else {
            interrupt::enable();
        }
    }
}

/// The forwarder, once. The compiler is kept from knowing its address: with it each access takes four octets of flash,
/// through a pointer two.
fn forwarder() -> &'static mut Forwarder {
    static mut FORWARDER: Forwarder = Forwarder::UNSET;
    // SAFETY: called once, by a function that never returns; no interrupt does.
    #[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
    let forwarder = core::hint::black_box(unsafe { &mut *(&raw mut FORWARDER) });
    forwarder.start();
    forwarder
}
