//! The three kinds of blocks that are written, one behind the other.
//!
//! The crate's own writer knows every kind that there is, and the page is loaded over the air: so blocks are put together
//! one by one, and those that are never written are not linked.

use std::borrow::Cow;

use byteorder_slice::LittleEndian;
use pcap_file::Endianness;
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketBlock;
use pcap_file::pcapng::blocks::interface_description::InterfaceDescriptionBlock;
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::pcapng::blocks::{ENHANCED_PACKET_BLOCK, INTERFACE_DESCRIPTION_BLOCK, SECTION_HEADER_BLOCK};
use pcap_file::pcapng::{PcapNgBlock, PcapNgState};

/// A file in the making.
pub(crate) struct Blocks {
    state: PcapNgState,
    octets: Vec<u8>,
}

impl Blocks {
    /// A file with its section header, written by `application`.
    pub(crate) fn new(application: &str) -> Self {
        let section = SectionHeaderBlock {
            endianness: Endianness::Little,
            options: vec![SectionHeaderOption::UserApplication(Cow::Borrowed(application))],
            ..SectionHeaderBlock::default()
        };
        let mut blocks = Self { state: PcapNgState::default(), octets: Vec::new() };
        blocks.write(SECTION_HEADER_BLOCK, &section);
        blocks.state.update_from_block(&section.into_block());
        blocks
    }

    /// One more interface.
    pub(crate) fn interface(&mut self, interface: InterfaceDescriptionBlock<'_>) {
        self.write(INTERFACE_DESCRIPTION_BLOCK, &interface);
        self.state.update_from_block(&interface.into_block());
    }

    /// A packet of one of the interfaces.
    pub(crate) fn packet(&mut self, packet: &EnhancedPacketBlock<'_>) {
        self.write(ENHANCED_PACKET_BLOCK, packet);
    }

    /// What was written since the last time.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.octets)
    }

    /// Kind and length, the content filled up to four octets, and the length once more.
    fn write<'a>(&mut self, kind: u32, block: &impl PcapNgBlock<'a>) {
        let start = self.octets.len();
        self.octets.extend(kind.to_le_bytes());
        self.octets.extend([0; 4]);
        // A block is refused where a text or a packet is too long for it, or where its interface is not known. The errors
        // are dozens, and naming them would weigh more than all else here.
        let is_written = block.write_to::<LittleEndian, _>(&self.state, &mut self.octets).is_ok();
        assert!(is_written, "a vector takes every block that is well made");
        let end = start + (self.octets.len() - start).next_multiple_of(4);
        self.octets.resize(end, 0);
        let length = ((end - start + 4) as u32).to_le_bytes();
        if let Some(field) = self.octets.get_mut(start + 4..start + 8) {
            field.copy_from_slice(&length);
        }
        self.octets.extend(length);
    }
}
