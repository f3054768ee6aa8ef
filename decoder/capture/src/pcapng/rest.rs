//! What a capture file is about from some block on.

use pcap_file::pcapng::blocks::{ENHANCED_PACKET_BLOCK, INTERFACE_DESCRIPTION_BLOCK};

use super::event;

/// Whether octets of the line, or what it reported, are among these blocks; else there are only words about the source, as
/// when a port is closed. `blocks` are whole ones, as [`Writer`](super::Writer) puts them one behind the other; anything else
/// counts as octets.
pub fn tells_of_line(mut blocks: &[u8]) -> bool {
    while !blocks.is_empty() {
        let Some((block, rest)) = split_block(blocks) else { return true };
        if !is_about_source(block) {
            return true;
        }
        blocks = rest;
    }
    false
}

/// Kind, length, content, and the length once more, in the order of octets that the writer has.
fn split_block(blocks: &[u8]) -> Option<(&[u8], &[u8])> {
    const SHORTEST: usize = 12;
    let length = usize::try_from(number(blocks, 4)?).ok().filter(|&length| length >= SHORTEST)?;
    blocks.split_at_checked(length)
}

fn is_about_source(block: &[u8]) -> bool {
    match number(block, 0) {
        Some(INTERFACE_DESCRIPTION_BLOCK) => true,
        Some(ENHANCED_PACKET_BLOCK) => is_note(block),
        _ => false,
    }
}

/// Interface, time and both lengths stand in front of the data of a packet, and a note is a packet without octets.
fn is_note(packet: &[u8]) -> bool {
    const CAPTURED_LENGTH: usize = 20;
    const DATA: usize = 28;
    const EVENT: usize = DATA + 8;
    let is_empty = number(packet, CAPTURED_LENGTH) == Some(event::HEADER as u32);
    is_empty && packet.get(EVENT) == Some(&event::STATUS_CHANGE)
}

fn number(octets: &[u8], at: usize) -> Option<u32> {
    octets.get(at..)?.first_chunk().map(|octets| u32::from_le_bytes(*octets))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imported::{Direction, LineEvent};
    use crate::line_settings::LineSettings;
    use crate::pcapng::Writer;

    /// A recording up to some moment, and what was written then.
    fn rest(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut writer = Writer::new("Meterscope");
        writer.interface(&LineSettings::MBUS, "ttyUSB0");
        writer.octets(1, Direction::Received, &[0x68; 5]);
        writer.take();
        write(&mut writer);
        writer.take()
    }

    #[test]
    fn words_about_the_source_are_not_of_the_line() {
        assert!(!tells_of_line(&[]));
        assert!(!tells_of_line(&rest(|writer| writer.note(2, "closed"))));
        assert!(!tells_of_line(&rest(|writer| {
            writer.note(2, "unplugged");
            writer.interface(&LineSettings { baud: 300, ..LineSettings::MBUS }, "ttyUSB1");
            writer.note(3, "");
        })));
    }

    #[test]
    fn one_octet_or_event_is_enough() {
        assert!(tells_of_line(&rest(|writer| {
            writer.note(2, "opened");
            writer.octets(3, Direction::Received, &[0]);
            writer.note(4, "closed");
        })));
        assert!(tells_of_line(&rest(|writer| writer.line_event(2, LineEvent::Break))));
    }

    #[test]
    fn what_is_no_whole_block_counts_as_octets() {
        let whole = rest(|writer| writer.note(2, "closed"));
        assert!((1..whole.len()).all(|length| tells_of_line(&whole[..length])));
        assert!(tells_of_line(&Writer::new("another file").take()));
        assert!(tells_of_line(&[0; 64]));
    }
}
