//! pcapng and pcap: of a serial line (link type 250, RTAC serial), or of octets without any header (USER0 to USER15).
//!
//! Both are read here, and not by the crate that [writes](crate::pcapng) pcapng: it gives up a whole packet for a comment
//! that is no UTF-8 and a whole file for an unusual interface, knows no times finer than nanoseconds and none before
//! 1970, and where an address has 32 bits a packet that claims 4 GiB stops the program. What is damaged here costs its
//! own packet, and where blocks no longer follow each other reading goes on with the next one that is whole.

mod pcap;
mod pcapng;

use crate::builder::{Builder, Mark};
use crate::error::CaptureError;
use crate::form::Form;
use crate::imported::{Direction, EventKind, Source, Why};
use crate::line_settings::LineSettings;
use crate::pcapng::event;
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
pub(crate) fn read<'a>(form: Form, input: &'a [u8], out: &'a mut Builder) -> Result<(), CaptureError> {
    let mut packets = Packets { form, out, number: 0, foreign: None, damaged: false, line: None };
    let read = if form == Form::Pcapng { pcapng::read } else { pcap::read };
    read(input, &mut |found| packets.take(found));
    let Packets { number, foreign, damaged, out, .. } = packets;
    if !out.imported.octets.is_empty() {
        return Ok(());
    }
    Err(match (foreign, number, damaged) {
        (Some(link_type), ..) => CaptureError::LinkType(link_type),
        (None, 0, false) => CaptureError::NoPackets,
        (None, 0, true) => CaptureError::Damaged,
        (None, ..) => CaptureError::NoOctets,
    })
}

/// What is found in either file, in order.
#[derive(Clone, Copy)]
enum Found<'a> {
    Packet(Packet<'a>),
    /// A packet whose place is known and that makes no sense.
    DamagedPacket,
    /// From here on nothing is known, to the end of the file or to what is found next.
    Damage,
}

/// A packet of either file.
#[derive(Clone, Copy)]
struct Packet<'a> {
    link_type: u32,
    /// Nanoseconds since 1970, and how many digits behind the seconds the file keeps.
    time: Option<(i64, u8)>,
    data: &'a [u8],
    /// What somebody remarked.
    comment: Option<&'a [u8]>,
    /// How the line is set and what is at its end.
    line: Option<(LineSettings, &'a str)>,
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
    damaged: bool,
    /// How the line is set and what is at its end, as far as told.
    line: Option<(LineSettings, &'a str)>,
}

impl<'a> Packets<'a> {
    fn take(&mut self, found: Found<'a>) {
        let next = Source::Packets(self.number + 1, self.number + 1);
        match found {
            Found::Packet(packet) => self.packet(packet),
            Found::DamagedPacket => {
                self.number += 1;
                self.damaged = true;
                self.out.leave_out(next, b"a packet", Why::Damaged);
            }
            Found::Damage => {
                self.damaged = true;
                self.out.leave_out(next, b"a stretch of the file", Why::Damaged);
            }
        }
    }

    fn packet(&mut self, Packet { link_type, time, data, comment, line }: Packet<'a>) {
        const RTAC_SERIAL: u32 = 250;
        const USER0: u32 = 147;
        const USER15: u32 = 162;
        self.number += 1;
        let source = Source::Packets(self.number, self.number);
        // 1970 is the time of a packet of which none is known.
        let time = time.filter(|&(nanoseconds, _)| nanoseconds != 0);
        let time = time.map(|(nanoseconds, digits)| Time::since_1970(nanoseconds, digits));
        if let Some(line) = line.filter(|&line| self.line.replace(line) != Some(line)) {
            self.out.event(time, EventKind::Opened(line.0, line.1.to_owned()));
        }
        if let Some(comment) = comment {
            self.out.event(time, EventKind::Note(String::from_utf8_lossy(comment).into_owned()));
        }
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
        const EVENT: usize = 8;
        let Some((header, data)) = packet.split_at_checked(event::HEADER) else {
            self.damaged = true;
            self.out.leave_out(source, b"a packet", Why::Damaged);
            return;
        };
        let code = header.get(EVENT).copied().unwrap_or_default();
        let direction = match code {
            event::SENT | event::SENT_END => Some(Direction::Sent),
            event::RECEIVED | event::RECEIVED_END => Some(Direction::Received),
            _ => None,
        };
        self.out.octets().extend_from_slice(data);
        self.out.end(self.form, source, Mark { time, direction });
        if let Some(event) = event::from_code(code) {
            self.out.event(time, EventKind::Line(event));
        }
    }
}
