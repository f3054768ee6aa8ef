//! Frames for Wireshark: pcapng with a frame a packet, link type 147 (USER0), which a person gives to a dissector in the
//! preferences (Protocols, `DLT_USER`).
//!
//! The DLMS dissectors for Wireshark tell by its first octet what a packet is: 7E is an HDLC frame with its flags, and what is
//! none of the links that they know is an APDU. So frames are written as they came from the wire, and a message that was
//! opened as the plaintext APDU, in a packet of its own behind the frame that completes it. The names of the two interfaces
//! tell them apart; `frame.interface_name == "deciphered"` shows only the latter.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::Message;
use meterscope_decoder::sink::{Buffer, FieldSink, Origin};
use meterscope_decoder::transport::Decoder;
use pcap_file::DataLink;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption, InterfaceTsResolution,
};
use pcap_file::pcapng::blocks::opt_common::CommonOption;

use super::{Export, Found, read};
use crate::imported::{Direction, Stamp};
use crate::pcapng::Blocks;

/// The interfaces, in their order.
const INTERFACES: [(&str, &str); 2] = [
    ("frames", "whole frames, as they came from the wire"),
    (
        "deciphered",
        "the plaintext of the message that the frame before it completes, without any link header",
    ),
];
const FRAMES: u32 = 0;
const DECIPHERED: u32 = 1;

/// Writes the file.
pub(super) fn write(export: &Export<'_>, deciphered: bool, out: &mut dyn Write) -> io::Result<u64> {
    let mut file = File(Blocks::new(export.application));
    file.describe(if deciphered { &INTERFACES } else { &INTERFACES[..1] });
    let mut decoder = Box::new(Decoder::new());
    let length = export.each_item(|found| {
        let Found { item: Item::Frame(frame), stamp, is_chosen, .. } = found else {
            if let Item::Skipped(_, reason) = found.item {
                decoder.skipped(reason);
            }
            return Ok(());
        };
        let mut plaintexts = Plaintexts::default();
        let message = deciphered.then(|| read(export, &mut decoder, &frame, &mut plaintexts).message);
        if is_chosen {
            let at = export.micros(stamp.and_then(|stamp| stamp.time));
            let damage = frame.damage.map(|problem| format!("damaged: {problem}"));
            file.packet(FRAMES, at, stamp, frame.octets, damage);
            for plaintext in &plaintexts.0 {
                file.packet(
                    DECIPHERED,
                    at,
                    stamp,
                    plaintext,
                    message.flatten().map(|message| state(&message)),
                );
            }
        }
        out.write_all(&file.take())
    })?;
    out.write_all(&file.take())?;
    Ok(length)
}

fn state(message: &Message) -> String {
    format!("{} {}", message.protocol.name(), message.security.state.name())
}

struct File(Blocks);

impl File {
    fn describe(&mut self, interfaces: &[(&'static str, &'static str)]) {
        for (name, description) in interfaces {
            let block = InterfaceDescriptionBlock {
                linktype: DataLink::USER0,
                snaplen: 0,
                options: vec![
                    InterfaceDescriptionOption::IfName(Cow::Borrowed(name)),
                    InterfaceDescriptionOption::IfDescription(Cow::Borrowed(description)),
                    InterfaceDescriptionOption::IfTsResol(InterfaceTsResolution::MICRO),
                ],
            };
            self.0.interface(block);
        }
    }

    fn packet(
        &mut self,
        interface: u32,
        at: u64,
        stamp: Option<&Stamp>,
        octets: &[u8],
        comment: Option<String>,
    ) {
        let mut options = Vec::new();
        if let Some(direction) = stamp.and_then(|stamp| stamp.direction) {
            options.push(EnhancedPacketOption::Flags(if direction == Direction::Sent { 2 } else { 1 }));
        }
        options.extend(
            comment.map(|text| EnhancedPacketOption::Common(CommonOption::Comment(Cow::Owned(text)))),
        );
        let block = EnhancedPacketBlock {
            interface_id: interface,
            timestamp: Duration::from_micros(at),
            original_len: octets.len() as u32,
            data: Cow::Borrowed(octets),
            options,
        };
        self.0.packet(&block);
    }

    fn take(&mut self) -> Vec<u8> {
        self.0.take()
    }
}

/// What was deciphered in a frame.
#[derive(Default)]
struct Plaintexts(Vec<Vec<u8>>);

impl FieldSink for Plaintexts {
    fn wants_fields(&self) -> bool {
        false
    }

    fn open(&mut self, buffer: &Buffer<'_>) {
        if buffer.origin == Origin::Deciphered {
            self.0.push(buffer.octets.to_vec());
        }
    }
}
