//! The Uno's serial port and lamps (`ATmega328P` data sheet DS40002061B; sections are named where they matter).
//!
//! All `unsafe` of this image is here: writing a register takes any bits, and interrupts have to take the peripherals that
//! the main loop has as well. Each register that both write is written by the main loop with interrupts off.
#![allow(unsafe_code)]

use core::sync::atomic::AtomicU8;

use avr_device::atmega328p::Peripherals;
use avr_device::interrupt;
use meterscope_board::forward::Host;
use meterscope_firmware_logic::marks::Output;
use meterscope_firmware_logic::ring::Ring;

/// The way to the host.
pub struct Serial(Peripherals);

/// Octets from the host: a whole command, should the main loop be busy with another one.
static FROM_HOST: Ring<AtomicU8, 32> = Ring::new();
/// Octets for the host: 11 ms.
static TO_HOST: Ring<AtomicU8, 128> = Ring::new();

/// D12 and D13 in port B.
const ERROR_LAMP: u8 = 1 << 4;
const DATA_LAMP: u8 = 1 << 5;

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

impl Serial {
    /// Sets up port and lamps; octets flow as soon as interrupts are on.
    pub fn start() -> Self {
        // SAFETY: the interrupts below touch what their comments say.
        let peripherals = unsafe { Peripherals::steal() };
        let port = &peripherals.USART0;
        // SAFETY: any bits are right for a port; values of 19.10 and 19.11.
        unsafe {
            peripherals.PORTB.ddrb().write(|register| register.bits(DATA_LAMP | ERROR_LAMP));
            port.ucsr0a().write(|register| register.bits(U2X0));
            port.ubrr0().write(|register| register.bits(UBRR_115200));
            port.ucsr0c().write(|register| register.bits(EIGHT_BITS));
            port.ucsr0b().write(|register| register.bits(RXCIE0 | RXEN0 | TXEN0));
        }
        Self(peripherals)
    }
}

impl Host for Serial {
    fn next_octet(&mut self) -> Option<u8> {
        FROM_HOST.pop()
    }

    fn is_idle(&self) -> bool {
        FROM_HOST.is_empty()
    }

    fn light(&mut self, data: bool, error: bool) {
        let lamps = if data { DATA_LAMP } else { 0 } | if error { ERROR_LAMP } else { 0 };
        // The pull-up of the bus is off: the shield drives it.
        // SAFETY: no interrupt writes this port.
        self.0.PORTB.portb().write(|port| unsafe { port.bits(lamps) });
    }
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
