//! The Uno's pins for the display (`ATmega328P` data sheet DS40002061B).
#![allow(unsafe_code, reason = "writing a register takes any bits")]

use core::mem::MaybeUninit;

use avr_device::atmega328p::{PORTC, PORTD};
use avr_device::interrupt;
use meterscope_board::sleep;
use meterscope_board::watchdog::{self, Patience};
use meterscope_firmware_logic::display::watt_meter::{FrameReceiver, WattMeter};

use crate::forwarding;

/// The pins, as the main loop has them.
pub struct Board {
    lcd_data: PORTC,
    lcd_control: PORTD,
}

/// For [`watt_meter`].
static mut WATT_METER: WattMeter = WattMeter::new();
static mut RECEIVER: MaybeUninit<FrameReceiver> = MaybeUninit::uninit();

/// A0 to A3 in port C: the display's D4 to D7.
const LCD_DATA: u8 = 0x0F;
/// D5, D6 and D7 in port D: the strap, and the display's E and RS.
const LARGE_STRAP: u8 = 1 << 5;
const LCD_ENABLE: u8 = 1 << 6;
const LCD_REGISTER_SELECT: u8 = 1 << 7;

impl Board {
    /// Sets up everything and lets interrupts come. To be called once.
    pub fn start() -> Self {
        watchdog::start(Patience::HalfASecond);
        // SAFETY: nobody else uses these ports.
        let board = unsafe { Self { lcd_data: PORTC::steal(), lcd_control: PORTD::steal() } };
        board.start_pins();
        forwarding::start();
        sleep::start();
        // SAFETY: all that interrupts use is set up.
        unsafe { interrupt::enable() };
        board
    }

    /// Whether the strap says that a display of four lines is there.
    pub fn is_large(&self) -> bool {
        self.lcd_control.pind().read().bits() & LARGE_STRAP == 0
    }

    /// Gives an instruction (or half of one) or a character to the display: four bits and a pulse of E of 1 µs, twice.
    pub fn write_lcd(&self, octet: u8, is_character: bool, is_half: bool) {
        let register_select = if is_character { LCD_REGISTER_SELECT } else { 0 };
        if !is_half {
            self.write_lcd_half(octet >> 4, register_select);
        }
        self.write_lcd_half(octet & LCD_DATA, register_select);
    }

    /// E is high and low for 450 ns at least, data stand 195 ns before it falls (data sheet of the display, bus timing).
    #[inline(never)]
    fn write_lcd_half(&self, half: u8, register_select: u8) {
        // SAFETY: any bits are right for a port. The pull-up of the strap stays on.
        unsafe {
            self.lcd_data.portc().write(|port| port.bits(half));
            self.lcd_control.portd().write(|port| port.bits(LARGE_STRAP | register_select));
            avr_device::asm::delay_cycles(8);
            self.lcd_control.portd().write(|port| port.bits(LARGE_STRAP | register_select | LCD_ENABLE));
            avr_device::asm::delay_cycles(16);
            self.lcd_control.portd().write(|port| port.bits(LARGE_STRAP | register_select));
            avr_device::asm::delay_cycles(8);
        }
    }

    fn start_pins(&self) {
        // SAFETY: any bits are right for a port.
        unsafe {
            self.lcd_data.ddrc().write(|port| port.bits(LCD_DATA));
            self.lcd_control.portd().write(|port| port.bits(LARGE_STRAP));
            self.lcd_control.ddrd().write(|port| port.bits(LCD_ENABLE | LCD_REGISTER_SELECT));
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
