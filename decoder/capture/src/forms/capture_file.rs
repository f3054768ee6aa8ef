//! pcapng and pcap: of a serial line (link type 250, RTAC serial), or of octets without any header (USER0 to USER15).
//!
//! Both are read here because the crate for them, which the tests write files with, would be a tenth of the whole page.

mod pcap;
mod pcapng;

use crate::builder::{Builder, Mark};
use crate::error::CaptureError;
use crate::form::Form;
use crate::imported::{Direction, LineEvent, Source, Why};
use crate::time::Time;

/// Which kind of capture file `input` begins as.
pub(crate) fn recognise(input: &[u8]) -> Option<Form> {
    match *input.first_chunk()? {
        [0x0A, 0x0D, 0x0D, 0x0A] => Some(Form::Pcapng),
        // Microseconds or nanoseconds, in either order of octets.
        [0xA1, 0xB2, 0xC3 | 0x3C, 0xD4 | 0x4D] | [0xD4 | 0x4D, 0xC3 | 0x3C, 0xB2, 0xA1] => Some(Form::Pcap),
        _ => None,
    }
}

/// Reads a capture file that was recognised as `form`.
pub(crate) fn read(form: Form, input: &[u8], out: &mut Builder) -> Result<(), CaptureError> {
    let mut packets = Packets { form, out, number: 0, foreign: None };
    let read = if form == Form::Pcapng { pcapng::read } else { pcap::read };
    let whole = read(input, &mut |packet| packets.packet(&packet)).is_some();
    let Packets { number, foreign, .. } = packets;
    if !whole {
        let source = Source::Packets(number + 1, number + 1);
        out.leave_out(source, b"the rest of the file", Why::Damaged);
    }
    if !out.imported.octets.is_empty() {
        return Ok(());
    }
    Err(match (foreign, number, whole) {
        (Some(link_type), ..) => CaptureError::LinkType(link_type),
        (None, 0, true) => CaptureError::NoPackets,
        (None, 0, false) => CaptureError::Damaged,
        (None, ..) => CaptureError::NoOctets,
    })
}

/// A packet of either file.
struct Packet<'a> {
    link_type: u32,
    /// Nanoseconds since 1970, and how many digits behind the seconds the file keeps.
    time: Option<(i64, u8)>,
    data: &'a [u8],
}

/// Reads the numbers of a file in its order of octets.
struct Numbers<'a> {
    rest: &'a [u8],
    big_endian: bool,
}

impl<'a> Numbers<'a> {
    fn u16(&mut self) -> Option<u16> {
        let (octets, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(if self.big_endian { u16::from_be_bytes(*octets) } else { u16::from_le_bytes(*octets) })
    }

    fn u32(&mut self) -> Option<u32> {
        let (octets, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(if self.big_endian { u32::from_be_bytes(*octets) } else { u32::from_le_bytes(*octets) })
    }

    fn octets(&mut self, length: u32) -> Option<&'a [u8]> {
        let (octets, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(octets)
    }
}

struct Packets<'a> {
    form: Form,
    out: &'a mut Builder,
    /// How many packets there were.
    number: usize,
    /// The first link type that is none of a meter bus.
    foreign: Option<u32>,
}

impl Packets<'_> {
    fn packet(&mut self, &Packet { link_type, time, data }: &Packet<'_>) {
        const RTAC_SERIAL: u32 = 250;
        const USER0: u32 = 147;
        const USER15: u32 = 162;
        self.number += 1;
        let source = Source::Packets(self.number, self.number);
        let time = time.map(|(nanoseconds, digits)| Time::since_1970(nanoseconds, digits));
        match link_type {
            RTAC_SERIAL => self.serial(source, time, data),
            USER0..=USER15 => {
                self.out.octets().extend_from_slice(data);
                self.out.end(self.form, source, Mark { time, direction: None });
            }
            _ => {
                self.foreign.get_or_insert(link_type);
                self.out.leave_out(source, b"a packet", Why::LinkType(link_type));
            }
        }
    }

    /// The header of a packet: seconds and microseconds (the packet's own time is as fine or finer), the event, the control
    /// lines and two reserved octets.
    fn serial(&mut self, source: Source, time: Option<Time>, packet: &[u8]) {
        const HEADER: usize = 12;
        const EVENT: usize = 8;
        let Some((header, data)) = packet.split_at_checked(HEADER) else {
            self.out.leave_out(source, b"a packet", Why::Damaged);
            return;
        };
        let (direction, event) = match header.get(EVENT) {
            Some(1 | 3) => (Some(Direction::Sent), None),
            Some(2 | 4) => (Some(Direction::Received), None),
            Some(5) => (None, Some(LineEvent::Lost)),
            Some(7) => (None, Some(LineEvent::Framing)),
            Some(8) => (None, Some(LineEvent::Parity)),
            Some(9) => (None, Some(LineEvent::Break)),
            Some(10) => (None, Some(LineEvent::Overflow)),
            // A change of a control line, or the end of a transfer.
            _ => (None, None),
        };
        self.out.octets().extend_from_slice(data);
        self.out.end(self.form, source, Mark { time, direction });
        if let Some(event) = event {
            self.out.leave_out(source, b"an event", Why::LineEvent(event));
        }
    }
}
