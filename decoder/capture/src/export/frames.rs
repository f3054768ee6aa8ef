//! Frames for Wireshark: pcapng with a frame a packet, link type 147 (USER0), which a person gives to a dissector in the
//! preferences (Protocols, `DLT_USER`).
//!
//! The DLMS dissectors for Wireshark tell by its first octet what a packet is: 7E is an HDLC frame with its flags, and what is
//! none of the links that they know is an APDU. So frames are written as they came from the wire, and a message that was
//! opened as the plaintext APDU, in a packet of its own behind the frame that completes it. The names of the two interfaces
//! tell them apart; `frame.interface_name == "deciphered"` shows only the latter.

use std::io::{self, Write};

use meterscope_decoder::link::frames::Item;
use meterscope_decoder::message::Message;
use meterscope_decoder::sink::{Buffer, FieldSink, Origin};
use meterscope_decoder::transport::Decoder;
use pcap_file::DataLink;

use super::{Export, Found, read};
use crate::pcapng::{Blocks, Interface, Packet};

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
    let mut file = Blocks::new(export.application);
    for &(name, description) in INTERFACES.iter().take(if deciphered { 2 } else { 1 }) {
        file.interface(&Interface { link_type: DataLink::USER0, name, description, speed: None })?;
    }
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
            let direction = stamp.and_then(|stamp| stamp.direction);
            let damage = frame.damage.map(|problem| format!("damaged: {problem}"));
            let comment = damage.as_deref();
            file.packet(&Packet { interface: FRAMES, at, direction, octets: frame.octets, comment })?;
            let state = message.flatten().map(|message| state(&message));
            for plaintext in &plaintexts.0 {
                let comment = state.as_deref();
                file.packet(&Packet { interface: DECIPHERED, at, direction, octets: plaintext, comment })?;
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
