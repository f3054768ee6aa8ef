//! pcapng and pcap: of a serial line (link type 250, RTAC serial), or of octets without any header (USER0 to USER15).

use pcap_file::pcap::PcapParser;
use pcap_file::pcapng::blocks::block_common::Block;
use pcap_file::pcapng::{PcapNgParseError, PcapNgParser};
use std::time::Duration;

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
    let whole = if form == Form::Pcapng { packets.pcapng(input) } else { packets.pcap(input) };
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

struct Packets<'a> {
    form: Form,
    out: &'a mut Builder,
    /// How many packets there were.
    number: usize,
    /// The first link type that is none of a meter bus.
    foreign: Option<u32>,
}

impl Packets<'_> {
    /// Whether the file was read to its end.
    fn pcapng(&mut self, input: &[u8]) -> bool {
        let Ok((mut rest, mut parser)) = PcapNgParser::new(input) else { return false };
        while !rest.is_empty() {
            let (interface, time, data) = match parser.next_block(rest) {
                Ok((behind, block)) => {
                    rest = behind;
                    match block {
                        Block::EnhancedPacket(packet) => {
                            (packet.interface_id, Some(packet.timestamp), packet.data)
                        }
                        Block::SimplePacket(packet) => (0, None, packet.data),
                        _ => continue,
                    }
                }
                Err(PcapNgParseError::IncompleteBuffer(..)) => return false,
                // A block of a kind that is read only by its frame costs no more than itself.
                Err(_) => match parser.next_raw_block(rest) {
                    Ok((behind, _)) if behind.len() < rest.len() => {
                        rest = behind;
                        self.number += 1;
                        let source = Source::Packets(self.number, self.number);
                        self.out.leave_out(source, b"a block", Why::Damaged);
                        continue;
                    }
                    _ => return false,
                },
            };
            let link_type =
                parser.interfaces().get(interface as usize).map(|found| u32::from(found.linktype));
            self.packet(link_type.unwrap_or_default(), time.and_then(time_of), &data);
        }
        true
    }

    fn pcap(&mut self, input: &[u8]) -> bool {
        let Ok((mut rest, parser)) = PcapParser::new(input) else { return false };
        let link_type = u32::from(parser.header().datalink);
        while !rest.is_empty() {
            let Ok((behind, packet)) = parser.next_packet(rest) else { return false };
            rest = behind;
            self.packet(link_type, time_of(packet.timestamp()), packet.data());
        }
        true
    }

    fn packet(&mut self, link_type: u32, time: Option<Time>, data: &[u8]) {
        const RTAC_SERIAL: u32 = 250;
        const USER0: u32 = 147;
        const USER15: u32 = 162;
        self.number += 1;
        let source = Source::Packets(self.number, self.number);
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

    /// The header of a packet: seconds and microseconds (the packet's own time is finer), the event, the control lines and
    /// two reserved octets.
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

fn time_of(since_1970: Duration) -> Option<Time> {
    let nanoseconds = i64::try_from(since_1970.as_nanos()).ok()?;
    Some(Time::since_1970(nanoseconds, if nanoseconds % 1000 == 0 { 6 } else { 9 }))
}
