//! The forwarder's Arduino Leonardo: a line on D4 or D0, a host on its USB, two lamps.

use std::path::Path;

use meterscope_firmware_waveform::Waveform;

use crate::chip::Chip;
use crate::core::{CYCLES_PER_MICROSECOND, Core};
use crate::pin::Pin;
use crate::uno::Lamps;
use crate::usb_host::{Refusal, Request, UsbHost};

/// A Leonardo with an image, plugged into a host.
pub struct Leonardo {
    core: Core,
    shunt: Shunt,
    host: UsbHost,
    /// Whether a program on the host reads what comes.
    is_read: bool,
    packets: Vec<Vec<u8>>,
}

/// Where the shield's shunt brings the line. Other pins hang in the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shunt {
    /// D4, the input capture pin of Timer 1.
    D4,
    /// D0.
    D0,
    /// It was taken off.
    Off,
}

const DATA_LAMP: Pin = Pin::new('C', 7);
const ERROR_LAMP: Pin = Pin::new('D', 6);

const DATA_OUT: u8 = 2;
const DATA_IN: u8 = 3;

/// MCUSR in data space, and its flag for a reset by the watchdog.
const MCUSR: usize = 0x54;
const WDRF: u8 = 1 << 3;

impl Leonardo {
    /// A board that is switched on with this image; the bus rests, and the host has seen nothing of it.
    ///
    /// # Panics
    ///
    /// If simavr cannot read the image.
    pub fn start(image: &Path, shunt: Shunt) -> Self {
        let mut core = Core::start(Chip::Atmega32u4, image);
        if let Some(pin) = shunt.pin() {
            core.drive(pin, true);
        }
        let host = UsbHost::connect(&mut core);
        let mut leonardo = Self { core, shunt, host, is_read: false, packets: Vec::new() };
        leonardo.run_for_us(10_000);
        leonardo
    }

    /// A board that the host knows, with its port open.
    ///
    /// # Panics
    ///
    /// If the board is none that a host would take.
    pub fn ready(image: &Path, shunt: Shunt) -> Self {
        let mut leonardo = Self::start(image, shunt);
        leonardo.enumerate();
        leonardo.open(115_200);
        leonardo
    }

    /// What every host does with a device that it sees first, as Linux does it.
    ///
    /// # Panics
    ///
    /// If the device refuses what none may.
    pub fn enumerate(&mut self) {
        self.reset_bus();
        let first = self.control_in((0x80, 6, 0x0100, 0, 64)).expect("a device has a descriptor");
        assert_eq!((first.len(), first[7]), (18, 64));
        self.reset_bus();
        self.control_out((0x00, 5, 9, 0, 0), &[]).expect("a device takes an address");
        self.control_in((0x80, 6, 0x0100, 0, 18)).expect("a device has a descriptor");
        let head = self.control_in((0x80, 6, 0x0200, 0, 9)).expect("a device has a configuration");
        let length = u16::from_le_bytes([head[2], head[3]]);
        let configuration =
            self.control_in((0x80, 6, 0x0200, 0, length)).expect("a device has a configuration");
        assert_eq!(configuration.len(), usize::from(length));
        self.control_out((0x00, 9, 1, 0, 0), &[]).expect("a device can be configured");
    }

    /// A program opens the port: speed, then control lines.
    ///
    /// # Panics
    ///
    /// If the board refuses that.
    pub fn open(&mut self, baud: u32) {
        self.set_baud(baud);
        self.set_lines(0b11);
        self.is_read = true;
    }

    /// The program closes it.
    ///
    /// # Panics
    ///
    /// If the board refuses that.
    pub fn close(&mut self) {
        self.is_read = false;
        self.set_lines(0);
        // simavr cannot reset the memory of an endpoint, which the board does now: what is in it is read away.
        while let Ok(Some(_)) = self.host.read(&mut self.core, DATA_IN) {
            self.run_for_us(2000);
        }
    }

    /// Sets what the host sees as the port's speed.
    ///
    /// # Panics
    ///
    /// If the board refuses that.
    pub fn set_baud(&mut self, baud: u32) {
        let mut coding = baud.to_le_bytes().to_vec();
        coding.extend_from_slice(&[0, 0, 8]);
        self.control_out((0x21, 0x20, 0, 0, 7), &coding).expect("the port takes a line coding");
    }

    /// Sets the control lines: 1 is DTR, 2 is RTS.
    ///
    /// # Panics
    ///
    /// If the board refuses that.
    pub fn set_lines(&mut self, lines: u16) {
        self.control_out((0x21, 0x22, lines, 0, 0), &[]).expect("the port takes control lines");
    }

    /// The program goes on reading, or does not for a while.
    pub fn set_reading(&mut self, is_read: bool) {
        self.is_read = is_read;
    }

    /// Time goes on. A host that reads asks several times in each millisecond.
    pub fn run_for_us(&mut self, microseconds: u64) {
        let end = self.core.cycle() + microseconds * CYCLES_PER_MICROSECOND;
        while self.core.cycle() < end {
            let rest = (end - self.core.cycle()).div_ceil(CYCLES_PER_MICROSECOND);
            self.host.run_for_us(&mut self.core, rest.min(250));
            if self.is_read
                && let Ok(Some(packet)) = self.host.read(&mut self.core, DATA_IN)
            {
                self.packets.push(packet);
            }
        }
    }

    /// Plays a line to its end and a while longer; what the host read.
    pub fn hear(&mut self, line: &Waveform) -> Vec<u8> {
        self.play(line);
        self.run_for_us(line.end_ns() / 1000 + 60_000);
        self.take_octets()
    }

    /// Puts a line on the bus, beginning now.
    pub fn play(&mut self, line: &Waveform) {
        if let Some(pin) = self.shunt.pin() {
            self.core.play(pin, line);
        }
    }

    /// The program sends octets, as fast as the board takes them.
    ///
    /// # Panics
    ///
    /// If the board takes nothing for a second.
    pub fn send(&mut self, octets: &[u8]) {
        for packet in octets.chunks(64) {
            let is_taken = (0..4000).any(|_| {
                let is_taken = self.host.write(&mut self.core, DATA_OUT, packet) == Ok(true);
                self.run_for_us(250);
                is_taken
            });
            assert!(is_taken, "the board takes nothing");
        }
    }

    /// A command, and what the board says until 20 ms later.
    pub fn ask(&mut self, command: &str) -> Vec<u8> {
        self.take_octets();
        self.send(format!("{command}\n").as_bytes());
        self.run_for_us(20_000);
        self.take_octets()
    }

    /// What was read since this was last asked.
    pub fn take_octets(&mut self) -> Vec<u8> {
        self.take_packets().concat()
    }

    /// The same, packet by packet.
    pub fn take_packets(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.packets)
    }

    /// The host resets the bus.
    pub fn reset_bus(&mut self) {
        self.host.reset(&mut self.core);
    }

    /// The host sleeps.
    pub fn suspend(&mut self) {
        self.host.suspend(&mut self.core);
    }

    /// The host is awake again.
    pub fn wake(&mut self) {
        self.host.wake(&mut self.core);
    }

    /// A request whose data come from the board.
    pub fn control_in(&mut self, request: Request) -> Result<Vec<u8>, Refusal> {
        self.host.control_in(&mut self.core, request)
    }

    /// A request whose data, if there are any, go to the board.
    ///
    /// # Panics
    ///
    /// If the board confirms it with anything but an empty packet.
    pub fn control_out(&mut self, request: Request, data: &[u8]) -> Result<(), Refusal> {
        self.host.control_out(&mut self.core, request, data)
    }

    /// A request that is begun and left.
    pub fn control_begin(&mut self, request: Request) {
        self.host.setup(&mut self.core, request);
    }

    /// Reads a packet now.
    pub fn read(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        self.host.read(&mut self.core, DATA_IN)
    }

    /// The lamps.
    pub fn lamps(&self) -> Lamps {
        Lamps { data: self.core.level(DATA_LAMP), error: self.core.level(ERROR_LAMP) }
    }

    /// Lets time go on until the watchdog resets the chip; whether it did so in this time. RAM is then as it was.
    pub fn is_reset_within_us(&mut self, microseconds: u64) -> bool {
        self.core.is_reset_within_us(microseconds) && self.core.memory(MCUSR) & WDRF != 0
    }

    /// The chip.
    pub fn core(&mut self) -> &mut Core {
        &mut self.core
    }
}

impl Shunt {
    const fn pin(self) -> Option<Pin> {
        match self {
            Self::D4 => Some(Pin::new('D', 4)),
            Self::D0 => Some(Pin::new('D', 2)),
            Self::Off => None,
        }
    }
}
