//! The Uno's registers and interrupts (`ATmega328P` data sheet DS40002061B; sections are named where they matter).
#![allow(unsafe_code, reason = "writing a register takes any bits")]

use core::arch::asm;
use core::mem::MaybeUninit;

use avr_device::atmega328p::Peripherals;
use avr_device::interrupt;
use meterscope_firmware_logic::display::watt_meter::{FrameReceiver, WattMeter};
use meterscope_firmware_logic::edge::Tick;

use crate::forwarding::{self, DATA_LAMP, ERROR_LAMP, RXCIE0, RXEN0, TXEN0};

/// The board as the main loop has it.
pub struct Board(Peripherals);

/// For [`watt_meter`].
static mut WATT_METER: WattMeter = WattMeter::new();
static mut RECEIVER: MaybeUninit<FrameReceiver> = MaybeUninit::uninit();

/// A0 to A3 in port C: the display's D4 to D7.
const LCD_DATA: u8 = 0x0F;
/// D5, D6 and D7 in port D: the strap, and the display's E and RS.
const LARGE_STRAP: u8 = 1 << 5;
const LCD_ENABLE: u8 = 1 << 6;
const LCD_REGISTER_SELECT: u8 = 1 << 7;

/// UCSR0A: double speed.
const U2X0: u8 = 1 << 1;
/// UCSR0C: eight data bits.
const EIGHT_BITS: u8 = 0b110;
/// 115200 baud, 2.1 % fast: 16 MHz / 8 / 17 (19.10, table 19-12). The Uno's USB chip has the same error.
const UBRR_115200: u16 = 16;
/// WDTCSR: change enable, and reset after 0.5 s (10.9.2).
const WDCE_WDE: u8 = 1 << 4 | 1 << 3;
const WDE_HALF_SECOND: u8 = 1 << 3 | 0b101;

impl Board {
    /// Sets up everything and lets interrupts come.
    pub fn start() -> Self {
        // SAFETY: taken once, before interrupts are on; the interrupts below touch what their comments say.
        let board = Self(unsafe { Peripherals::steal() });
        board.start_watchdog();
        board.start_pins();
        board.start_serial();
        forwarding::start(&board.0);
        // SAFETY: all that interrupts use is set up.
        unsafe { interrupt::enable() };
        board
    }

    /// To be called at least every 0.5 s.
    pub fn reset_watchdog() {
        avr_device::asm::wdr();
    }

    /// Whether the strap says that a display of four lines is there.
    pub fn is_large(&self) -> bool {
        self.0.PORTD.pind().read().bits() & LARGE_STRAP == 0
    }

    /// Now.
    pub fn now(&self) -> Tick {
        interrupt::free(|_| self.0.TC1.tcnt1().read().bits())
    }

    /// Gives an instruction (or half of one) or a character to the display: four bits and a pulse of E of 1 µs, twice.
    pub fn write_lcd(&self, octet: u8, is_character: bool, is_half: bool) {
        let register_select = if is_character { LCD_REGISTER_SELECT } else { 0 };
        if !is_half {
            self.write_lcd_half(octet >> 4, register_select);
        }
        self.write_lcd_half(octet & LCD_DATA, register_select);
    }

    /// Sleeps unless there is something to do. Any interrupt wakes it.
    pub fn sleep_until_something_happens() {
        interrupt::disable();
        let is_idle = forwarding::is_idle();
        // The instruction behind SEI runs before any interrupt (7.7.1): if that is the sleep, none comes between the
        // question and it. The compiler is not to put anything there.
        // SAFETY: interrupts were on before.
        unsafe {
            if is_idle {
                asm!("sei", "sleep");
            } else {
                interrupt::enable();
            }
        }
    }

    /// Ports C and D are the main loop's alone. E is high and low for 450 ns at least, data stand 195 ns before it falls
    /// (data sheet of the display, bus timing).
    #[inline(never)]
    fn write_lcd_half(&self, half: u8, register_select: u8) {
        // SAFETY: any bits are right for a port. The pull-up of the strap stays on.
        unsafe {
            self.0.PORTC.portc().write(|port| port.bits(half));
            self.0.PORTD.portd().write(|port| port.bits(LARGE_STRAP | register_select));
            avr_device::asm::delay_cycles(8);
            self.0.PORTD.portd().write(|port| port.bits(LARGE_STRAP | register_select | LCD_ENABLE));
            avr_device::asm::delay_cycles(16);
            self.0.PORTD.portd().write(|port| port.bits(LARGE_STRAP | register_select));
            avr_device::asm::delay_cycles(8);
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
            self.0.PORTB.ddrb().write(|port| port.bits(DATA_LAMP | ERROR_LAMP));
            self.0.PORTC.ddrc().write(|port| port.bits(LCD_DATA));
            self.0.PORTD.portd().write(|port| port.bits(LARGE_STRAP));
            self.0.PORTD.ddrd().write(|port| port.bits(LCD_ENABLE | LCD_REGISTER_SELECT));
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
}

/// The watt-meter and its receiver, once. As a variable with a value the receiver would take its size in flash too.
#[allow(clippy::deref_addrof, reason = "a reference to a mutable static is what is to be avoided")]
pub fn watt_meter() -> (&'static mut WattMeter, &'static mut FrameReceiver) {
    // SAFETY: `main` calls this once and no interrupt does.
    let (meter, receiver) = unsafe { (&mut *(&raw mut WATT_METER), &mut *(&raw mut RECEIVER)) };
    (core::hint::black_box(meter), core::hint::black_box(receiver).write(FrameReceiver::new()))
}
