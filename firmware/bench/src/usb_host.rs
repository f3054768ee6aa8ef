//! The host's side of USB, for the device that simavr has in an `ATmega32U4`.
//!
//! simavr moves whole packets and knows no data toggle, no second bank, no suspend and no frames of a millisecond: frames
//! and suspend are made here. It also keeps what a device wrote to UDINT, where the chip only clears what is written as zero;
//! lets data overtake a setup that the device has not seen; and takes no packet and an empty one for the same.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::ptr;

use simavr_ffi as ffi;

use crate::core::{CYCLES_PER_MICROSECOND, Core};

/// A host at the other end of the cable.
pub struct UsbHost {
    general_interrupt: *mut ffi::avr_int_vector_t,
    /// The cycle of the next start of a frame.
    next_frame: u64,
    is_asleep: bool,
}

/// What a device answers instead of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It will not.
    Stall,
    /// It did not answer for so long that a host gives up.
    Silence,
}

/// A request, as it goes over the bus (USB 2.0, table 9-2): kind, request, value, index, length.
pub type Request = (u8, u8, u16, u16, u16);

/// The largest packet that simavr can give.
const LONGEST_PACKET: usize = 64;
/// A host gives up after five seconds (USB 2.0, 9.2.6.1).
const PATIENCE_US: u64 = 5_000_000;
const FRAME_US: u64 = 1000;

/// simavr's requests of a host (`AVR_IOCTL_USB_READ` and so on).
const READ: [u8; 4] = *b"usbr";
const WRITE: [u8; 4] = *b"usbw";
const SETUP: [u8; 4] = *b"usbs";
const RESET: [u8; 4] = *b"usbR";
const STALLED: i32 = -3;

/// Registers in data space (Atmel-7766J, 31), and the number of the general interrupt (9.1).
const UDINT: u16 = 0xE1;
const UDIEN: usize = 0xE2;
const UEINTX: u16 = 0xE8;
const UENUM: usize = 0xE9;
const GENERAL_INTERRUPT: u8 = 10;
/// Flags of UDINT and UDIEN.
const WOKEN: u8 = 1 << 4;
const FRAME_BEGAN: u8 = 1 << 2;
const SUSPENDED: u8 = 1;
/// Flags of UEINTX.
const SETUP_CAME: u8 = 1 << 3;
const CAN_SEND: u8 = 1;
/// Where registers begin.
const FIRST_REGISTER: u16 = 0x20;

impl UsbHost {
    /// Connects a host to a chip; it says nothing yet.
    ///
    /// # Panics
    ///
    /// If the chip has no USB.
    pub fn connect(core: &mut Core) -> Self {
        let avr = core.raw();
        // SAFETY: simavr's table of interrupts, which holds as many as it says; the callback takes no parameter.
        let general_interrupt = unsafe {
            ffi::avr_register_io_write(avr, UDINT, Some(clear_flags), ptr::null_mut());
            let table = &(*avr).interrupts;
            let vectors = &table.vector[..usize::from(table.vector_count)];
            vectors.iter().copied().find(|&vector| (*vector).vector == GENERAL_INTERRUPT)
        };
        let general_interrupt = general_interrupt.expect("the chip has USB");
        Self { general_interrupt, next_frame: core.cycle(), is_asleep: false }
    }

    /// Time goes on, a frame a millisecond.
    pub fn run_for_us(&mut self, core: &mut Core, microseconds: u64) {
        let end = core.cycle() + microseconds * CYCLES_PER_MICROSECOND;
        while core.cycle() < end {
            if core.cycle() >= self.next_frame {
                self.next_frame = core.cycle() + FRAME_US * CYCLES_PER_MICROSECOND;
                if !self.is_asleep {
                    // Whatever goes over the bus sets the latter flag, also of a device that was awake.
                    self.tell(core, FRAME_BEGAN | WOKEN);
                }
            }
            core.run_until(self.next_frame.min(end));
        }
    }

    /// Resets the bus, which wakes the device.
    pub fn reset(&mut self, core: &mut Core) {
        self.wake(core);
        Self::request(core, RESET, 0, &mut []);
        self.run_for_us(core, 20_000);
    }

    /// Says nothing any more.
    pub fn suspend(&mut self, core: &mut Core) {
        self.is_asleep = true;
        self.run_for_us(core, 3000);
        self.tell(core, SUSPENDED);
        self.run_for_us(core, 30_000);
    }

    /// Goes on where it was.
    pub fn wake(&mut self, core: &mut Core) {
        if self.is_asleep {
            self.is_asleep = false;
            self.tell(core, WOKEN);
            self.run_for_us(core, 20_000);
        }
    }

    /// A request whose data come from the device.
    pub fn control_in(&mut self, core: &mut Core, request: Request) -> Result<Vec<u8>, Refusal> {
        self.setup(core, request);
        let (mut data, wanted) = (Vec::new(), usize::from(request.4));
        loop {
            let packet = self.wait_for_packet(core)?;
            data.extend_from_slice(&packet);
            if packet.len() < LONGEST_PACKET || data.len() >= wanted {
                break;
            }
        }
        self.wait_for_room(core, &[])?;
        Ok(data)
    }

    /// A request whose data, if there are any, go to the device.
    ///
    /// # Panics
    ///
    /// If the device confirms it with anything but an empty packet.
    pub fn control_out(&mut self, core: &mut Core, request: Request, data: &[u8]) -> Result<(), Refusal> {
        self.setup(core, request);
        for packet in data.chunks(LONGEST_PACKET) {
            self.wait_for_room(core, packet)?;
        }
        let status = self.wait_for_packet(core)?;
        assert_eq!(status, [], "what confirms a request is empty");
        // Until the device has seen that it was taken.
        self.run_for_us(core, 2000);
        Ok(())
    }

    /// The next packet of an endpoint, also an empty one; None where the device has none.
    pub fn read(&mut self, core: &mut Core, endpoint: u8) -> Result<Option<Vec<u8>>, Refusal> {
        let flags = endpoint_flags(core, endpoint);
        let mut packet = [0; LONGEST_PACKET];
        let has_setup = flags & SETUP_CAME != 0;
        let (result, octets) =
            if has_setup { (0, 0) } else { Self::request(core, READ, endpoint, &mut packet) };
        match result {
            STALLED => Err(Refusal::Stall),
            0 if !has_setup && flags & CAN_SEND == 0 => Ok(Some(packet[..octets].to_vec())),
            _ => Ok(None),
        }
    }

    /// Sends a packet to an endpoint; whether the device had room for it.
    pub fn write(&mut self, core: &mut Core, endpoint: u8, packet: &[u8]) -> Result<bool, Refusal> {
        if endpoint_flags(core, endpoint) & SETUP_CAME != 0 {
            return Ok(false);
        }
        match Self::request(core, WRITE, endpoint, &mut packet.to_vec()).0 {
            STALLED => Err(Refusal::Stall),
            result => Ok(result == 0),
        }
    }

    /// Begins a transfer and leaves it at that.
    pub fn setup(&mut self, core: &mut Core, (kind, request, value, index, length): Request) {
        let mut octets = vec![kind, request];
        for word in [value, index, length] {
            octets.extend_from_slice(&word.to_le_bytes());
        }
        Self::request(core, SETUP, 0, &mut octets);
        self.run_for_us(core, 50);
    }

    fn wait_for_packet(&mut self, core: &mut Core) -> Result<Vec<u8>, Refusal> {
        let begun = core.cycle();
        while core.cycle() < begun + PATIENCE_US * CYCLES_PER_MICROSECOND {
            if let Some(packet) = self.read(core, 0)? {
                return Ok(packet);
            }
            self.run_for_us(core, 100);
        }
        Err(Refusal::Silence)
    }

    fn wait_for_room(&mut self, core: &mut Core, packet: &[u8]) -> Result<(), Refusal> {
        let begun = core.cycle();
        while core.cycle() < begun + PATIENCE_US * CYCLES_PER_MICROSECOND {
            if self.write(core, 0, packet)? {
                return Ok(());
            }
            self.run_for_us(core, 100);
        }
        Err(Refusal::Silence)
    }

    /// Sets flags of the device, with an interrupt where that is wanted.
    fn tell(&self, core: &mut Core, raised: u8) {
        let flags = core.memory(UDINT.into());
        core.set_memory(UDINT.into(), flags | raised);
        if core.memory(UDIEN) & raised != 0 {
            // SAFETY: an interrupt of this chip.
            unsafe { ffi::avr_raise_interrupt(core.raw(), self.general_interrupt) };
        }
    }

    fn request(core: &mut Core, name: [u8; 4], endpoint: u8, octets: &mut [u8]) -> (i32, usize) {
        let mut parameter =
            ffi::avr_io_usb { pipe: endpoint, sz: octets.len() as u32, buf: octets.as_mut_ptr() };
        // SAFETY: simavr reads or writes no more than a packet, and the octets have room for one where it writes.
        let result = unsafe {
            ffi::avr_ioctl(core.raw(), u32::from_be_bytes(name), (&raw mut parameter).cast::<c_void>())
        };
        (result, parameter.sz as usize)
    }
}

/// The flags of an endpoint, as the device would read them.
fn endpoint_flags(core: &mut Core, endpoint: u8) -> u8 {
    let selected = core.memory(UENUM);
    core.set_memory(UENUM, endpoint);
    let avr = core.raw();
    // SAFETY: simavr's own way to read a register that is no memory.
    let flags = unsafe {
        let register = (*avr).io[usize::from(UEINTX - FIRST_REGISTER)].r;
        register.c.map(|read| read(avr, UEINTX, register.param))
    };
    core.set_memory(UENUM, selected);
    flags.expect("simavr reads this register")
}

/// What is written as zero is cleared.
unsafe extern "C" fn clear_flags(
    avr: *mut ffi::avr_t,
    address: ffi::avr_io_addr_t,
    octet: u8,
    _: *mut c_void,
) {
    // SAFETY: a register of the chip that calls.
    unsafe { *(*avr).data.add(address.into()) &= octet };
}
