//! A chip in simavr. That is C: all `unsafe` of the bench is here, in what this has for pins, and in [`crate::usb_host`].
#![allow(unsafe_code)]

use std::ffi::{CString, c_void};
use std::ops::Range;
use std::path::Path;
use std::ptr;

use meterscope_firmware_waveform::{Edge, Waveform};
use simavr_ffi as ffi;

use crate::chip::Chip;
use crate::inputs::Inputs;
use crate::kept::Kept;
use crate::outputs::{CycleEdge, Outputs};
use crate::pin::Pin;
use crate::sizes::Sizes;

/// The clock of every board here.
pub const HZ: u32 = 16_000_000;
/// A cycle is 62.5 ns.
pub const CYCLES_PER_MICROSECOND: u64 = 16;

/// A chip at 16 MHz with an image in it; what is on its pins and on its serial port is told and taken by cycles.
pub struct Core {
    avr: *mut ffi::avr_t,
    chip: Chip,
    sizes: Sizes,
    inputs: Inputs,
    outputs: Outputs,
    /// What the board sent.
    to_host: Kept<Vec<u8>>,
}

/// An octet at 115200 8N1.
const SERIAL_OCTET_CYCLES: u64 = HZ as u64 * 10 / 115_200;
/// What the stack is painted with.
const PAINT: u8 = 0xC5;
const STACK_POINTER: [usize; 2] = [0x5D, 0x5E];

/// simavr's number of the output of a timer's compare unit A.
const COMPARE_A_OUT: i32 = ffi::TIMER_IRQ_OUT_COMP as i32;
const SERIAL_IN: i32 = 0;
const SERIAL_OUT: i32 = 1;

impl Core {
    /// A chip that is switched on with this image. Its pins hang in the air.
    ///
    /// # Panics
    ///
    /// If simavr cannot read the image.
    pub fn start(chip: Chip, image: &Path) -> Self {
        let name = CString::new(image.to_string_lossy().as_bytes()).expect("a path has no zero octet");
        // SAFETY: as simavr's own programs do it: make, init, load, and only then connect.
        let avr = unsafe {
            let avr = ffi::avr_make_mcu_by_name(chip.name().as_ptr());
            assert!(!avr.is_null(), "simavr knows no {chip:?}");
            ffi::avr_init(avr);
            let mut firmware: ffi::elf_firmware_t = std::mem::zeroed();
            assert_eq!(ffi::elf_read_firmware(name.as_ptr(), &raw mut firmware), 0, "{}", image.display());
            firmware.frequency = HZ;
            ffi::avr_load_firmware(avr, &raw mut firmware);
            (*avr).frequency = HZ;
            (*avr).sleep = Some(sleep_without_waiting);
            avr
        };
        let mut core = Self {
            avr,
            chip,
            sizes: Sizes::of(image),
            inputs: Inputs::of(avr),
            outputs: Outputs::of(avr),
            to_host: Kept::new(Vec::new()),
        };
        core.connect_serial();
        core
    }

    /// How many cycles have passed since it was switched on.
    pub fn cycle(&self) -> u64 {
        // SAFETY: the simulation lives as long as this.
        unsafe { (*self.avr).cycle }
    }

    /// Time goes on to this cycle, or an instruction further.
    ///
    /// # Panics
    ///
    /// If the image does what no chip can.
    pub fn run_until(&mut self, cycle: u64) {
        let now = self.cycle();
        if cycle > now {
            // A core that sleeps goes on at the next timer: there must be one when the time is over.
            // SAFETY: the callback uses no parameter.
            unsafe { ffi::avr_cycle_timer_register(self.avr, cycle - now, Some(deadline), ptr::null_mut()) };
        }
        while self.cycle() < cycle {
            // SAFETY: the simulation lives as long as this.
            let state = unsafe { ffi::avr_run(self.avr) };
            assert!(is_alive(state), "the board crashed in cycle {}", self.cycle());
        }
    }

    /// Time goes on.
    pub fn run_for_us(&mut self, microseconds: u64) {
        self.run_until(self.cycle() + microseconds * CYCLES_PER_MICROSECOND);
    }

    /// Lets time go on until the chip is reset, which begins its cycles anew; whether it was in this time.
    ///
    /// # Panics
    ///
    /// If the image does what no chip can.
    pub fn is_reset_within_us(&mut self, microseconds: u64) -> bool {
        let mut before = self.cycle();
        let end = before + microseconds * CYCLES_PER_MICROSECOND;
        while before < end {
            // SAFETY: the simulation lives as long as this.
            let state = unsafe { ffi::avr_run(self.avr) };
            assert!(is_alive(state), "the board crashed in cycle {before}");
            if self.cycle() < before {
                return true;
            }
            before = self.cycle();
        }
        false
    }

    /// Puts a level on a pin now, whatever pull-up it has.
    pub fn drive(&mut self, pin: Pin, level: bool) {
        let irq = self.pin_irq(pin);
        self.inputs.drive(pin, irq, level);
    }

    /// Puts a line on an input, beginning now. What is still to come of one before is left out.
    pub fn play(&mut self, pin: Pin, line: &Waveform) {
        let now = self.cycle();
        let cycle = |edge: &Edge| now + 1 + edge.at_ns * CYCLES_PER_MICROSECOND / 1000;
        self.inputs.clear(pin);
        self.feed(pin, line.edges().iter().map(|edge| (cycle(edge), edge.level)));
    }

    /// Adds what comes on an input, in its order, behind what is still to come.
    pub fn feed(&mut self, pin: Pin, edges: impl IntoIterator<Item = CycleEdge>) {
        let (now, irq) = (self.cycle(), self.pin_irq(pin));
        self.inputs.feed(pin, irq, now, edges);
    }

    /// Begins to record the changes of an output.
    pub fn watch(&mut self, pin: Pin) {
        let irq = self.pin_irq(pin);
        self.outputs.watch(pin, irq);
    }

    /// The same for OC1A, which Timer 1 changes. simavr mixes that with what is written to the other pins of the port; the
    /// timer's own output is as on the chip.
    pub fn watch_oc1a(&mut self, pin: Pin) {
        // SAFETY: both chips have the timer.
        let irq = unsafe { ffi::avr_io_getirq(self.avr, name(*b"tmr", b'1'), COMPARE_A_OUT) };
        self.outputs.watch(pin, irq);
    }

    /// What a watched output did since this was last asked; its first level counts as a change.
    pub fn take_edges(&mut self, pin: Pin) -> Vec<CycleEdge> {
        self.outputs.take(pin)
    }

    /// What the image last wrote to an output.
    pub fn level(&self, pin: Pin) -> bool {
        self.memory(pin.port_address()) & pin.mask() != 0
    }

    /// The host sends octets at 115200 baud, one after the other.
    pub fn send(&mut self, octets: &[u8]) {
        for &octet in octets {
            // SAFETY: the chip has this serial port.
            unsafe {
                let input = ffi::avr_io_getirq(self.avr, name(*b"uar", self.chip.serial_port()), SERIAL_IN);
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
        std::mem::take(self.to_host.get())
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
        let ram = self.chip.ram();
        let untouched =
            (self.first_free()..=*ram.end()).take_while(|&address| self.memory(address) == PAINT).count();
        (untouched, ram.count())
    }

    /// An octet of data space.
    ///
    /// # Panics
    ///
    /// If the chip has no such address.
    pub fn memory(&self, address: usize) -> u8 {
        assert!(address <= *self.chip.ram().end());
        // SAFETY: an address of the data space.
        unsafe { *(*self.avr).data.add(address) }
    }

    /// Puts an octet into data space, as if a fault had: registers do not act on it.
    ///
    /// # Panics
    ///
    /// If the chip has no such address.
    pub fn set_memory(&mut self, address: usize, octet: u8) {
        assert!(address <= *self.chip.ram().end());
        // SAFETY: an address of the data space.
        unsafe { *(*self.avr).data.add(address) = octet };
    }

    /// simavr's own, for what this has no words for.
    pub fn raw(&mut self) -> *mut ffi::avr_t {
        self.avr
    }

    fn free_ram(&self) -> Range<usize> {
        let stack = usize::from(u16::from_le_bytes(STACK_POINTER.map(|address| self.memory(address))));
        self.first_free()..stack
    }

    fn first_free(&self) -> usize {
        self.chip.ram().start() + self.sizes.variables as usize
    }

    fn pin_irq(&self, pin: Pin) -> *mut ffi::avr_irq_t {
        // SAFETY: simavr answers with null for a port that the chip has not.
        let irq = unsafe { ffi::avr_io_getirq(self.avr, name(*b"iog", pin.port_octet()), pin.bit.into()) };
        assert!(!irq.is_null(), "{:?} has no P{}{}", self.chip, pin.port, pin.bit);
        irq
    }

    fn connect_serial(&mut self) {
        let port = self.chip.serial_port();
        let parameter = self.to_host.pointer().cast();
        // SAFETY: the parameter outlives the simulation; the serial port is there.
        unsafe {
            // No copy to standard output, and no pause when the port is polled.
            let mut flags: u32 = 0;
            ffi::avr_ioctl(self.avr, name(*b"uas", port), (&raw mut flags).cast());
            let output = ffi::avr_io_getirq(self.avr, name(*b"uar", port), SERIAL_OUT);
            ffi::avr_irq_register_notify(output, Some(octet_sent), parameter);
        }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        // What it has pointers to is given back behind this.
        // SAFETY: nothing uses the simulation any more.
        unsafe { ffi::avr_terminate(self.avr) };
    }
}

/// simavr names its peripherals by four characters (`AVR_IOCTL_DEF`): what it is, and which.
pub(crate) const fn name(kind: [u8; 3], which: u8) -> u32 {
    u32::from_be_bytes([kind[0], kind[1], kind[2], which])
}

fn is_alive(state: i32) -> bool {
    state != ffi::cpu_Crashed as i32 && state != ffi::cpu_Done as i32
}

unsafe extern "C" fn octet_sent(_: *mut ffi::avr_irq_t, octet: u32, parameter: *mut c_void) {
    // SAFETY: what was registered.
    let to_host = unsafe { &mut *parameter.cast::<Vec<u8>>() };
    to_host.push(octet as u8);
}

/// Comes again at once, until the next deadline takes its place: a core that falls asleep in the very cycle of the deadline
/// would sleep on to the next timer behind it.
unsafe extern "C" fn deadline(_: *mut ffi::avr_t, when: u64, _: *mut c_void) -> u64 {
    when + 1
}

/// As fast as it goes, not in real time.
unsafe extern "C" fn sleep_without_waiting(_: *mut ffi::avr_t, _: u64) {}
