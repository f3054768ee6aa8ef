//! The three kinds of blocks that are written, one behind the other.
//!
//! The crate's own writer knows every kind that there is, and the page is loaded over the air: so blocks are put together
//! one by one, and those that are never written are not linked.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use byteorder_slice::LittleEndian;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption, InterfaceTsResolution,
};
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::pcapng::blocks::{ENHANCED_PACKET_BLOCK, INTERFACE_DESCRIPTION_BLOCK, SECTION_HEADER_BLOCK};
use pcap_file::pcapng::{PcapNgBlock, PcapNgState};
use pcap_file::{DataLink, Endianness};

use crate::imported::Direction;

/// A file in the making.
pub(crate) struct Blocks {
    state: PcapNgState,
    octets: Vec<u8>,
}

/// What is said of a line. What is empty, or none, is not written.
pub(crate) struct Interface<'a> {
    pub(crate) link_type: DataLink,
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    /// Bits a second.
    pub(crate) speed: Option<u32>,
}

/// Octets of a line.
pub(crate) struct Packet<'a> {
    /// The place of the interface among all of the file.
    pub(crate) interface: u32,
    /// Microseconds since 1970.
    pub(crate) at: u64,
    pub(crate) direction: Option<Direction>,
    pub(crate) octets: &'a [u8],
    pub(crate) comment: Option<&'a str>,
}

impl Blocks {
    /// A file with its section header, written by `application`, of which what is too long for a block is not told.
    pub(crate) fn new(application: &str) -> Self {
        let section = |options| SectionHeaderBlock {
            endianness: Endianness::Little,
            options,
            ..SectionHeaderBlock::default()
        };
        let mut blocks = Self { state: PcapNgState::default(), octets: Vec::new() };
        let named = section(vec![SectionHeaderOption::UserApplication(Cow::Borrowed(application))]);
        if blocks.write(SECTION_HEADER_BLOCK, &named).is_err() {
            // Without a text there is nothing that could be too long.
            let _ = blocks.write(SECTION_HEADER_BLOCK, &section(Vec::new()));
        }
        blocks.state.update_from_block(&named.into_block());
        blocks
    }

    /// One more interface, whose times are microseconds. It fails where a text is longer than 65,535 octets.
    pub(crate) fn interface(&mut self, interface: &Interface<'_>) -> io::Result<()> {
        let mut options = Vec::new();
        if !interface.name.is_empty() {
            options.push(InterfaceDescriptionOption::IfName(Cow::Borrowed(interface.name)));
        }
        if !interface.description.is_empty() {
            options.push(InterfaceDescriptionOption::IfDescription(Cow::Borrowed(interface.description)));
        }
        options.extend(interface.speed.map(|speed| InterfaceDescriptionOption::IfSpeed(speed.into())));
        options.push(InterfaceDescriptionOption::IfTsResol(InterfaceTsResolution::MICRO));
        let block = InterfaceDescriptionBlock { linktype: interface.link_type, snaplen: 0, options };
        self.write(INTERFACE_DESCRIPTION_BLOCK, &block)?;
        self.state.update_from_block(&block.into_block());
        Ok(())
    }

    /// A packet of one of the interfaces. It fails where there is no such interface, or the comment is longer than 65,535
    /// octets.
    pub(crate) fn packet(&mut self, packet: &Packet<'_>) -> io::Result<()> {
        let mut options = Vec::new();
        options.extend(packet.direction.map(|direction| {
            EnhancedPacketOption::Flags(match direction {
                Direction::Received => 1,
                Direction::Sent => 2,
            })
        }));
        options.extend(
            packet
                .comment
                .map(|comment| EnhancedPacketOption::Common(CommonOption::Comment(Cow::Borrowed(comment)))),
        );
        let block = EnhancedPacketBlock {
            interface_id: packet.interface,
            timestamp: Duration::from_micros(packet.at),
            original_len: packet.octets.len() as u32,
            data: Cow::Borrowed(packet.octets),
            options,
        };
        self.write(ENHANCED_PACKET_BLOCK, &block)
    }

    /// What was written since the last time.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.octets)
    }

    /// Kind and length, the content filled up to four octets, and the length once more. Of a block that is refused nothing
    /// is written.
    fn write<'a>(&mut self, kind: u32, block: &impl PcapNgBlock<'a>) -> io::Result<()> {
        let start = self.octets.len();
        self.octets.extend(kind.to_le_bytes());
        self.octets.extend([0; 4]);
        // Why is left out: the crate has dozens of reasons, and naming them would weigh more than all else here.
        if block.write_to::<LittleEndian, _>(&self.state, &mut self.octets).is_err() {
            self.octets.truncate(start);
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let end = start + (self.octets.len() - start).next_multiple_of(4);
        self.octets.resize(end, 0);
        let length = ((end - start + 4) as u32).to_le_bytes();
        if let Some(field) = self.octets.get_mut(start + 4..start + 8) {
            field.copy_from_slice(&length);
        }
        self.octets.extend(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERFACE: Interface<'_> =
        Interface { link_type: DataLink::USER0, name: "", description: "", speed: None };
    const PACKET: Packet<'_> =
        Packet { interface: 0, at: 0, direction: None, octets: &[1, 2, 3], comment: None };

    #[test]
    fn a_block_that_is_refused_leaves_nothing_behind() {
        let long = "a".repeat(0x1_0000);
        let mut blocks = Blocks::new("");
        blocks.take();
        assert!(blocks.interface(&Interface { name: &long, ..INTERFACE }).is_err());
        assert!(blocks.packet(&PACKET).is_err(), "there is no interface yet");
        assert_eq!(blocks.take(), []);
        blocks.interface(&INTERFACE).unwrap();
        blocks.take();
        assert!(blocks.packet(&Packet { comment: Some(&long), ..PACKET }).is_err());
        assert!(blocks.packet(&Packet { interface: 1, ..PACKET }).is_err());
        assert_eq!(blocks.take(), []);
        blocks.packet(&Packet { comment: Some(&long[1..]), ..PACKET }).unwrap();
        assert!(blocks.take().len() > long.len());
    }

    #[test]
    fn a_writer_with_too_long_a_name_has_none() {
        let long = "a".repeat(0x1_0000);
        assert_eq!(Blocks::new(&long).take().len(), 28);
        assert!(Blocks::new(&long[1..]).take().len() > long.len());
    }
}
