//! The Uno's serial port: 115200 8N1 to the chip that makes USB of it (`ATmega328P` data sheet DS40002061B; sections are named
//! where they matter).
//!
//! All `unsafe` here: writing a register takes any bits, and interrupts have to take the peripherals that others have as
//! well. UCSR0B, which both write, is written with interrupts off.
#![allow(unsafe_code)]

use core::sync::atomic::AtomicU8;

use avr_device::interrupt;
use meterscope_firmware_logic::ring::Ring;

use crate::chip::USART0;

/// The port. A board has one, in a static; the image has the interrupts, which do what is said of them here. So many octets
/// wait either way; eleven are a millisecond.
pub struct Uart<const FROM_HOST: usize, const TO_HOST: usize> {
    from_host: Ring<AtomicU8, FROM_HOST>,
    to_host: Ring<AtomicU8, TO_HOST>,
}

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

impl<const FROM_HOST: usize, const TO_HOST: usize> Uart<FROM_HOST, TO_HOST> {
    /// To be [started](Self::start).
    pub const fn new() -> Self {
        Self { from_host: Ring::new(), to_host: Ring::new() }
    }

    /// Sets up the port; octets flow as soon as interrupts are on.
    pub fn start(&self) {
        // SAFETY: interrupts are off; values of 19.10 and 19.11.
        unsafe {
            let port = USART0::steal();
            port.ucsr0a().write(|register| register.bits(U2X0));
            port.ubrr0().write(|register| register.bits(UBRR_115200));
            port.ucsr0c().write(|register| register.bits(EIGHT_BITS));
            port.ucsr0b().write(|register| register.bits(RXCIE0 | RXEN0 | TXEN0));
        }
    }

    /// The next octet from the host.
    pub fn next_octet(&self) -> Option<u8> {
        self.from_host.pop()
    }

    /// Whether there is none.
    pub fn is_quiet(&self) -> bool {
        self.from_host.is_empty()
    }

    /// Sends an octet to the host; waits for room.
    #[inline]
    pub fn send(&self, octet: u8) {
        while !self.to_host.push(octet) {}
        // SAFETY: with interrupts off; bits of 19.11.
        interrupt::free(|_| unsafe {
            USART0::steal().ucsr0b().write(|register| register.bits(RXCIE0 | UDRIE0 | RXEN0 | TXEN0));
        });
    }

    /// `USART_RX`: the host sent an octet. Whether there was room for it.
    #[inline]
    #[must_use]
    pub fn received(&self) -> bool {
        // SAFETY: nobody else reads this register.
        let octet = unsafe { USART0::steal() }.udr0().read().bits();
        self.from_host.push(octet)
    }

    /// `USART_UDRE`: there is room for an octet to the host.
    #[inline]
    pub fn can_send(&self) {
        // SAFETY: others write these registers with interrupts off.
        let port = unsafe { USART0::steal() };
        match self.to_host.pop() {
            // SAFETY: any octet is right.
            Some(octet) => port.udr0().write(|register| unsafe { register.bits(octet) }),
            // SAFETY: bits of 19.11.
            None => port.ucsr0b().write(|register| unsafe { register.bits(RXCIE0 | RXEN0 | TXEN0) }),
        };
    }
}

impl<const FROM_HOST: usize, const TO_HOST: usize> Default for Uart<FROM_HOST, TO_HOST> {
    fn default() -> Self {
        Self::new()
    }
}
