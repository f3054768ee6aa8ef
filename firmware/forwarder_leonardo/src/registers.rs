//! The registers of the `ATmega32U4`'s USB device (data sheet Atmel-7766J, chapters 21 and 22).
//!
//! All `unsafe` for USB is here: writing a register takes any bits. Apart from one flag, the main loop alone uses them.
#![allow(unsafe_code)]

use avr_device::atmega32u4::{PLL, Peripherals, USB_DEVICE};
use meterscope_usb_cdc::control::Hardware;
use meterscope_usb_cdc::descriptors::{DATA_IN, DATA_OUT, NOTIFICATION, PACKET_OCTETS};
use meterscope_usb_cdc::setup::SETUP_OCTETS;

/// The USB device.
pub struct Registers {
    usb: USB_DEVICE,
    pll: PLL,
    is_frozen: bool,
}

/// UHWCON: pad regulator (21.13.1).
const UVREGE: u8 = 1;
/// USBCON: controller on, clock frozen, VBUS pad on (21.13.1).
const USBE: u8 = 1 << 7;
const FRZCLK: u8 = 1 << 5;
const OTGPADE: u8 = 1 << 4;
/// PLLCSR and PLLFRQ: crystal of 16 MHz, on, locked; 48 MHz (6.11.5).
const PINDIV: u8 = 1 << 4;
const PLLE: u8 = 1 << 1;
const PLOCK: u8 = 1;
const PDIV_48_MHZ: u8 = 0b0100;
/// UDINT and UDIEN (22.18.1).
const WAKEUPI: u8 = 1 << 4;
const EORSTI: u8 = 1 << 3;
const SOFI: u8 = 1 << 2;
const SUSPI: u8 = 1;
/// UDADDR.
const ADDEN: u8 = 1 << 7;
/// UEINTX (22.18.2): all of its flags are cleared by writing a zero, and a one leaves them.
const FIFOCON: u8 = 1 << 7;
const RXSTPI: u8 = 1 << 3;
const RXOUTI: u8 = 1 << 2;
const TXINI: u8 = 1;
/// UECONX.
const STALLRQ: u8 = 1 << 5;
const STALLRQC: u8 = 1 << 4;
const RSTDT: u8 = 1 << 3;
const EPEN: u8 = 1;
/// UECFG0X: kinds of endpoints.
const CONTROL: u8 = 0;
const INTERRUPT_IN: u8 = 0b11 << 6 | 1;
const BULK_OUT: u8 = 0b10 << 6;
const BULK_IN: u8 = 0b10 << 6 | 1;
/// UECFG1X: octets, banks, memory taken.
const OCTETS_16: u8 = 1 << 4 | ALLOC;
const OCTETS_64: u8 = 3 << 4 | ALLOC;
const TWO_BANKS: u8 = 1 << 2;
const ALLOC: u8 = 1 << 1;

/// Memory is taken in the order of the endpoints (22.6).
const ENDPOINTS: [(u8, u8, u8); 3] = [
    (NOTIFICATION, INTERRUPT_IN, OCTETS_16),
    (DATA_OUT, BULK_OUT, OCTETS_64 | TWO_BANKS),
    (DATA_IN, BULK_IN, OCTETS_64 | TWO_BANKS),
];

/// A register takes any bits here.
macro_rules! write {
    ($register:expr, $bits:expr) => {{
        let bits = $bits;
        // SAFETY: bits of the data sheet; the register belongs to the main loop.
        $register.write(|register| unsafe { register.bits(bits) });
    }};
}

impl Registers {
    /// Switches the device on and attaches it to the bus.
    pub fn attach() -> Self {
        // SAFETY: the interrupt below touches one flag, which it clears.
        let peripherals = unsafe { Peripherals::steal() };
        let registers = Self { usb: peripherals.USB_DEVICE, pll: peripherals.PLL, is_frozen: false };
        let usb = &registers.usb;
        write!(usb.uhwcon(), UVREGE);
        write!(usb.usbcon(), USBE | OTGPADE | FRZCLK);
        write!(registers.pll.pllfrq(), PDIV_48_MHZ);
        registers.start_clock();
        // At full speed.
        write!(usb.udcon(), 0);
        write!(usb.udien(), SOFI);
        registers
    }

    /// Sleeps and wakes as the host does; whether it is awake. The clock of USB stands still while it sleeps.
    pub fn follow_sleep(&mut self) -> bool {
        let flags = self.usb.udint().read().bits();
        match (self.is_frozen, flags & WAKEUPI != 0, flags & SUSPI != 0) {
            // The flag can be cleared only when the clock runs (22.18.1).
            (true, true, _) => {
                self.start_clock();
                self.is_frozen = false;
                write!(self.usb.udint(), !(WAKEUPI | SUSPI));
            }
            // Everything that goes over the bus sets this flag: of that before the bus became idle none may be left.
            (false, true, _) => write!(self.usb.udint(), !WAKEUPI),
            (false, false, true) => {
                write!(self.usb.udint(), !SUSPI);
                write!(self.usb.udien(), SOFI | WAKEUPI);
                write!(self.usb.usbcon(), USBE | OTGPADE | FRZCLK);
                write!(self.pll.pllcsr(), 0);
                self.is_frozen = true;
            }
            _ => {}
        }
        !self.is_frozen
    }

    /// Whether the host reset the bus. Of the endpoints only that of control is there then.
    pub fn take_reset(&mut self) -> bool {
        let is_reset = self.usb.udint().read().bits() & EORSTI != 0;
        if is_reset {
            write!(self.usb.udint(), !EORSTI);
            self.set_up(0, CONTROL, OCTETS_64);
        }
        is_reset
    }

    /// Whether the clock of USB stands still, and all that is asked of it below is in vain.
    pub fn is_asleep(&self) -> bool {
        self.is_frozen
    }

    /// The next octet that the host sent.
    pub fn read(&mut self) -> Option<u8> {
        self.select(DATA_OUT);
        if self.flags() & FIFOCON == 0 {
            return None;
        }
        if self.usb.uebclx().read().bits() == 0 {
            self.clear(FIFOCON | RXOUTI);
            return None;
        }
        Some(self.usb.uedatx().read().bits())
    }

    /// Whether a packet for the host can be given.
    pub fn can_write(&mut self) -> bool {
        self.select(DATA_IN);
        self.flags() & TXINI != 0
    }

    /// Gives a packet to the host, for which there is room.
    pub fn write(&mut self, octets: impl Iterator<Item = u8>) {
        self.select(DATA_IN);
        self.fill(octets);
        self.clear(FIFOCON | TXINI);
    }

    /// Forgets what the host has not read.
    pub fn forget_written(&mut self) {
        write!(self.usb.uerst(), 1 << DATA_IN);
        write!(self.usb.uerst(), 0);
    }

    /// Waits for the PLL, some hundred microseconds. The watchdog watches.
    fn start_clock(&self) {
        write!(self.pll.pllcsr(), PINDIV | PLLE);
        while self.pll.pllcsr().read().bits() & PLOCK == 0 {}
        write!(self.usb.usbcon(), USBE | OTGPADE);
    }

    fn set_up(&mut self, endpoint: u8, kind: u8, memory: u8) {
        self.select(endpoint);
        write!(self.usb.ueconx(), EPEN);
        write!(self.usb.uecfg0x(), kind);
        write!(self.usb.uecfg1x(), memory);
        // It begins with the first of both data packets (USB 2.0, 9.4.5).
        write!(self.usb.ueconx(), RSTDT | EPEN);
    }

    fn select(&mut self, endpoint: u8) {
        write!(self.usb.uenum(), endpoint);
    }

    fn flags(&self) -> u8 {
        self.usb.ueintx().read().bits()
    }

    fn clear(&mut self, flags: u8) {
        write!(self.usb.ueintx(), !flags);
    }

    fn fill(&mut self, octets: impl Iterator<Item = u8>) {
        for octet in octets.take(PACKET_OCTETS.into()) {
            write!(self.usb.uedatx(), octet);
        }
    }
}

impl Hardware for Registers {
    fn take_setup(&mut self) -> Option<[u8; SETUP_OCTETS]> {
        self.select(0);
        if self.flags() & RXSTPI == 0 {
            return None;
        }
        let mut setup = [0; SETUP_OCTETS];
        for octet in &mut setup {
            *octet = self.usb.uedatx().read().bits();
        }
        // What is left was being given to the host when the setup came, and is part of the transfer that it ended.
        for _ in 0..self.usb.uebclx().read().bits() {
            self.usb.uedatx().read();
        }
        // So is a packet that came before it.
        self.clear(RXSTPI | RXOUTI);
        Some(setup)
    }

    fn can_send(&mut self) -> bool {
        self.select(0);
        self.flags() & TXINI != 0
    }

    fn send(&mut self, octets: impl Iterator<Item = u8>) {
        self.select(0);
        self.fill(octets);
        self.clear(TXINI);
    }

    fn has_received(&mut self) -> bool {
        self.select(0);
        self.flags() & RXOUTI != 0
    }

    fn receive(&mut self, octets: &mut [u8]) -> usize {
        self.select(0);
        let count = self.usb.uebclx().read().bits();
        for octet in octets.iter_mut().take(count.into()) {
            *octet = self.usb.uedatx().read().bits();
        }
        self.clear(RXOUTI);
        count.into()
    }

    fn stall(&mut self) {
        self.select(0);
        write!(self.usb.ueconx(), STALLRQ | EPEN);
    }

    fn set_address(&mut self, address: u8) {
        write!(self.usb.udaddr(), address);
    }

    fn enable_address(&mut self) {
        let address = self.usb.udaddr().read().bits();
        write!(self.usb.udaddr(), address | ADDEN);
    }

    fn configure(&mut self, is_configured: bool) {
        // Memory is given back in the other order (22.6).
        for (endpoint, ..) in ENDPOINTS.into_iter().rev() {
            self.select(endpoint);
            write!(self.usb.ueconx(), 0);
            write!(self.usb.uecfg1x(), 0);
        }
        if is_configured {
            for (endpoint, kind, memory) in ENDPOINTS {
                self.set_up(endpoint, kind, memory);
            }
            write!(self.usb.uerst(), 1 << NOTIFICATION | 1 << DATA_OUT | 1 << DATA_IN);
            write!(self.usb.uerst(), 0);
        }
    }

    fn is_halted(&mut self, endpoint: u8) -> bool {
        self.select(endpoint);
        self.usb.ueconx().read().bits() & STALLRQ != 0
    }

    fn set_halted(&mut self, endpoint: u8, is_halted: bool) {
        self.select(endpoint);
        write!(self.usb.ueconx(), if is_halted { STALLRQ | EPEN } else { STALLRQC | RSTDT | EPEN });
    }
}

// A frame of the bus began: every millisecond, as long as the host is awake, so the bus is not idle. Or a host that slept is
// awake. Either wakes the main loop, which does the rest.
#[avr_device::interrupt(atmega32u4)]
fn USB_GEN() {
    // SAFETY: a flag is cleared by a zero of its own; what the main loop adds to the latter register is to be taken away.
    let usb = unsafe { Peripherals::steal() }.USB_DEVICE;
    write!(usb.udint(), !(SOFI | SUSPI));
    write!(usb.udien(), SOFI);
}
