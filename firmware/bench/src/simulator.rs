//! An Arduino Uno in simavr. All `unsafe` of the bench is here: simavr is C.
#![allow(unsafe_code)]

use std::collections::VecDeque;
use std::ffi::{CString, c_void};
use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::ptr;

use meterscope_firmware_waveform::{Edge, Waveform};
use simavr_ffi as ffi;

use crate::sizes::Sizes;

/// An `ATmega328P` at 16 MHz with a line on D8 and a host on its serial port.
pub struct Uno {
    avr: *mut ffi::avr_t,
    /// simavr keeps pointers to it.
    outside: Box<Outside>,
    sizes: Sizes,
}

/// What simavr calls back for.
struct Outside {
    bus: *mut ffi::avr_irq_t,
    edges: VecDeque<(u64, bool)>,
    to_host: Vec<u8>,
}

/// Which lamps are lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lamps {
    /// D13.
    pub data: bool,
    /// D12.
    pub error: bool,
}

const HZ: u32 = 16_000_000;
const CYCLES_PER_MICROSECOND: u64 = 16;
/// An octet at 115200 8N1.
const SERIAL_OCTET_CYCLES: u64 = HZ as u64 * 10 / 115_200;

/// SRAM of an `ATmega328P` (data sheet DS40002061B, 8.3).
const RAM: RangeInclusive<usize> = 0x100..=0x8FF;
/// PORTB in data space.
const PORTB: usize = 0x25;
const DATA_LAMP: u8 = 1 << 5;
const ERROR_LAMP: u8 = 1 << 4;
/// What the stack is painted with.
const PAINT: u8 = 0xC5;

/// simavr names its peripherals by four characters (`AVR_IOCTL_DEF`); these are a port's pins, a serial port and its
/// flags.
const PORT_B_PINS: u32 = u32::from_be_bytes(*b"iogB");
const SERIAL_PORT: u32 = u32::from_be_bytes(*b"uar0");
const SERIAL_SET_FLAGS: u32 = u32::from_be_bytes(*b"uas0");
const SERIAL_IN: i32 = 0;
const SERIAL_OUT: i32 = 1;

impl Uno {
    /// A board that is switched on with this image; the bus rests.
    ///
    /// # Panics
    ///
    /// If simavr cannot read the image.
    pub fn start(image: &Path) -> Self {
        let name = CString::new(image.to_string_lossy().as_bytes()).expect("a path has no zero octet");
        // SAFETY: as simavr's own programs do it: make, init, load, and only then connect.
        unsafe {
            let avr = ffi::avr_make_mcu_by_name(c"atmega328p".as_ptr());
            assert!(!avr.is_null(), "simavr knows no ATmega328P");
            ffi::avr_init(avr);
            let mut firmware: ffi::elf_firmware_t = std::mem::zeroed();
            assert_eq!(ffi::elf_read_firmware(name.as_ptr(), &raw mut firmware), 0, "{}", image.display());
            firmware.frequency = HZ;
            ffi::avr_load_firmware(avr, &raw mut firmware);
            (*avr).frequency = HZ;
            (*avr).sleep = Some(sleep_without_waiting);
            let mut uno = Self {
                avr,
                outside: Box::new(Outside {
                    bus: ffi::avr_io_getirq(avr, PORT_B_PINS, 0),
                    edges: VecDeque::new(),
                    to_host: Vec::new(),
                }),
                sizes: Sizes::of(image),
            };
            uno.connect();
            uno
        }
    }

    /// Puts a line on the bus, beginning now. What is still to come of one before is left out.
    pub fn play(&mut self, line: &Waveform) {
        let now = self.cycle();
        let cycle = |edge: &Edge| now + 1 + edge.at_ns * CYCLES_PER_MICROSECOND / 1000;
        self.outside.edges = line.edges().iter().map(|edge| (cycle(edge), edge.level)).collect();
        let Some(&(first, _)) = self.outside.edges.front() else { return };
        // SAFETY: the parameter lives as long as the simulation.
        unsafe { ffi::avr_cycle_timer_register(self.avr, first - now, Some(next_edges), self.parameter()) };
    }

    /// Plays a line to its end and a while longer.
    pub fn hear(&mut self, line: &Waveform) -> Vec<u8> {
        self.play(line);
        self.run_for_us(line.end_ns() / 1000 + 60_000);
        self.take_octets()
    }

    /// The host sends octets, one after the other.
    pub fn send(&mut self, octets: &[u8]) {
        for &octet in octets {
            // SAFETY: the board has this serial port.
            unsafe {
                let input = ffi::avr_io_getirq(self.avr, SERIAL_PORT, SERIAL_IN);
                ffi::avr_raise_irq(input, octet.into());
            }
            self.run_until(self.cycle() + SERIAL_OCTET_CYCLES);
        }
    }

    /// A command, and what the board says until 20 ms later.
    pub fn ask(&mut self, command: &str) -> Vec<u8> {
        self.take_octets();
        self.send(format!("{command}\n").as_bytes());
        self.run_for_us(20_000);
        self.take_octets()
    }

    /// What the board sent to the host since this was last asked.
    pub fn take_octets(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outside.to_host)
    }

    /// Time goes on.
    pub fn run_for_us(&mut self, microseconds: u64) {
        self.run_until(self.cycle() + microseconds * CYCLES_PER_MICROSECOND);
    }

    /// The lamps.
    pub fn lamps(&self) -> Lamps {
        let port = self.memory(PORTB);
        Lamps { data: port & DATA_LAMP != 0, error: port & ERROR_LAMP != 0 }
    }

    /// Marks all RAM that no variable has, up to where the stack is now.
    pub fn paint_stack(&mut self) {
        for address in self.free_ram() {
            // SAFETY: an address of the RAM.
            unsafe { *(*self.avr).data.add(address) = PAINT };
        }
    }

    /// How many octets of RAM neither a variable nor the stack has had since the painting, and how many RAM has.
    pub fn untouched_ram(&self) -> (usize, usize) {
        let untouched =
            (self.first_free()..=*RAM.end()).take_while(|&address| self.memory(address) == PAINT).count();
        (untouched, RAM.count())
    }

    fn free_ram(&self) -> Range<usize> {
        let stack = usize::from(u16::from_le_bytes([self.memory(0x5D), self.memory(0x5E)]));
        self.first_free()..stack
    }

    fn first_free(&self) -> usize {
        RAM.start() + self.sizes.variables as usize
    }

    fn memory(&self, address: usize) -> u8 {
        assert!(address <= *RAM.end());
        // SAFETY: an address of the data space.
        unsafe { *(*self.avr).data.add(address) }
    }

    fn cycle(&self) -> u64 {
        // SAFETY: the simulation lives as long as this.
        unsafe { (*self.avr).cycle }
    }

    fn run_until(&mut self, cycle: u64) {
        let now = self.cycle();
        if cycle > now {
            // A core that sleeps goes on at the next timer: there must be one when the time is over.
            // SAFETY: the callback uses no parameter.
            unsafe { ffi::avr_cycle_timer_register(self.avr, cycle - now, Some(deadline), ptr::null_mut()) };
        }
        while self.cycle() < cycle {
            // SAFETY: the simulation lives as long as this.
            let state = unsafe { ffi::avr_run(self.avr) };
            let is_alive = state != ffi::cpu_Crashed as i32 && state != ffi::cpu_Done as i32;
            assert!(is_alive, "the board crashed in cycle {}", self.cycle());
        }
    }

    unsafe fn connect(&mut self) {
        let parameter = self.parameter();
        // SAFETY: the parameter lives as long as the simulation; the serial port is there.
        unsafe {
            // No copy to standard output, and no pause when the port is polled.
            let mut flags: u32 = 0;
            ffi::avr_ioctl(self.avr, SERIAL_SET_FLAGS, (&raw mut flags).cast());
            let output = ffi::avr_io_getirq(self.avr, SERIAL_PORT, SERIAL_OUT);
            ffi::avr_irq_register_notify(output, Some(octet_sent), parameter);
            ffi::avr_raise_irq(self.outside.bus, 1);
        }
    }

    fn parameter(&mut self) -> *mut c_void {
        ptr::from_mut::<Outside>(&mut self.outside).cast()
    }
}

impl Drop for Uno {
    fn drop(&mut self) {
        // SAFETY: nothing uses the simulation any more.
        unsafe { ffi::avr_terminate(self.avr) };
    }
}

unsafe extern "C" fn octet_sent(_: *mut ffi::avr_irq_t, octet: u32, parameter: *mut c_void) {
    // SAFETY: what was registered.
    let outside = unsafe { &mut *parameter.cast::<Outside>() };
    outside.to_host.push(octet as u8);
}

/// Puts all edges on the bus that are due; the cycle of the next one.
unsafe extern "C" fn next_edges(_: *mut ffi::avr_t, when: u64, parameter: *mut c_void) -> u64 {
    // SAFETY: what was registered.
    let outside = unsafe { &mut *parameter.cast::<Outside>() };
    while let Some(&(cycle, level)) = outside.edges.front() {
        if cycle > when {
            return cycle;
        }
        outside.edges.pop_front();
        // SAFETY: a pin of this board.
        unsafe { ffi::avr_raise_irq(outside.bus, level.into()) };
    }
    0
}

unsafe extern "C" fn deadline(_: *mut ffi::avr_t, _: u64, _: *mut c_void) -> u64 {
    0
}

/// As fast as it goes, not in real time.
unsafe extern "C" fn sleep_without_waiting(_: *mut ffi::avr_t, _: u64) {}
