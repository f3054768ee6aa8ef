//! Capture files, written by the crate that Wireshark's users know, and read here.

use std::borrow::Cow;
use std::time::Duration;

use meterscope_capture::line_settings::LineSettings;
use meterscope_capture::pcapng::Writer;
use meterscope_capture::{
    CaptureError, Direction, EventKind, Form, ImportError, Imported, LineEvent, Source, Time, Why, import,
};
use pcap_file::pcap::{PcapHeader, PcapPacket, PcapTsResolution, PcapWriter};
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketBlock;
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption, InterfaceTsResolution,
};
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use pcap_file::pcapng::blocks::section_header::SectionHeaderBlock;
use pcap_file::pcapng::blocks::simple_packet::SimplePacketBlock;
use pcap_file::{DataLink, Endianness};

const REQUEST: &[u8] = &[0x10, 0x5B, 0x01, 0x5C, 0x16];
const FRAME: &[u8] = &[0x68, 0x03, 0x03, 0x68, 0x08, 0x01, 0x70, 0x79, 0x16];

fn start() -> Duration {
    Duration::new(1_763_680_000, 123_456_789)
}

/// A packet of a serial line: seconds, microseconds, event, control lines, two octets, data.
fn serial(time: Duration, event: u8, data: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    packet.extend((time.as_secs() as u32).to_be_bytes());
    packet.extend(time.subsec_micros().to_be_bytes());
    packet.extend([event, 0x19, 0, 0]);
    packet.extend(data);
    packet
}

fn pcapng(endianness: Endianness, link_type: DataLink, nanoseconds: bool, packets: &[Vec<u8>]) -> Vec<u8> {
    let header = SectionHeaderBlock { endianness, ..SectionHeaderBlock::default() };
    let mut writer = PcapNgWriter::with_section_header(Vec::new(), header).unwrap();
    let mut options = vec![
        InterfaceDescriptionOption::IfName(Cow::Borrowed("ttyACM0")),
        InterfaceDescriptionOption::Common(CommonOption::Comment(Cow::Borrowed("2400 8E1"))),
    ];
    if nanoseconds {
        options.push(InterfaceDescriptionOption::IfTsResol(InterfaceTsResolution::NANO));
    }
    let interface = InterfaceDescriptionBlock { linktype: link_type, snaplen: 0, options };
    writer.write_pcapng_block(interface).unwrap();
    for (index, packet) in packets.iter().enumerate() {
        let timestamp = start() + Duration::from_millis(index as u64);
        let block = EnhancedPacketBlock {
            interface_id: 0,
            timestamp,
            original_len: packet.len() as u32,
            data: Cow::Borrowed(packet),
            options: vec![],
        };
        writer.write_pcapng_block(block).unwrap();
    }
    writer.into_inner()
}

fn times(imported: &Imported) -> Vec<String> {
    imported.stamps.iter().map(|stamp| stamp.time.map_or_else(String::new, |time| time.to_string())).collect()
}

#[test]
fn serial_lines_have_times_directions_and_events() {
    let packets = [
        serial(start(), 1, REQUEST),
        serial(start(), 2, FRAME),
        serial(start(), 8, &[0x55]),
        serial(start(), 10, &[]),
        serial(start(), 0, &[]),
    ];
    for (endianness, nanoseconds) in [
        (Endianness::Little, true),
        (Endianness::Big, true),
        (Endianness::Little, false),
        (Endianness::Big, false),
    ] {
        let file = pcapng(endianness, DataLink::RTAC_SERIAL, nanoseconds, &packets);
        let imported = import(&file).unwrap();
        assert_eq!(imported.octets, [REQUEST, FRAME, &[0x55]].concat());
        assert_eq!(imported.form(), Form::Pcapng);
        assert_eq!(imported.parts[0].source, Source::Packets(1, 5));
        let directions: Vec<_> = imported.stamps.iter().map(|stamp| stamp.direction).collect();
        assert_eq!(directions, [Some(Direction::Sent), Some(Direction::Received), None]);
        let fraction = if nanoseconds { "456789Z" } else { "456Z" };
        let expected =
            ["40.123", "40.124", "40.125"].map(|second| format!("2025-11-20T23:06:{second}{fraction}"));
        assert_eq!(times(&imported), expected);
        let events: Vec<_> = imported.events.iter().map(|event| (event.offset, event.kind.clone())).collect();
        let [behind_frame, at_end] = [LineEvent::Parity, LineEvent::Overflow].map(EventKind::Line);
        assert_eq!(events, [(15, behind_frame), (15, at_end)]);
        assert_eq!(imported.left_out, []);
    }
}

#[test]
fn octets_without_a_header() {
    for link_type in [DataLink::USER0, DataLink::USER15] {
        let file = pcapng(Endianness::Little, link_type, true, &[FRAME.to_vec(), REQUEST.to_vec()]);
        assert_eq!(import(&file).unwrap().octets, [FRAME, REQUEST].concat());
    }
}

#[test]
fn packets_without_times() {
    let mut writer = PcapNgWriter::new(Vec::new()).unwrap();
    let interface = InterfaceDescriptionBlock { linktype: DataLink::USER0, snaplen: 0, options: vec![] };
    writer.write_pcapng_block(interface).unwrap();
    let packet = SimplePacketBlock { original_len: FRAME.len() as u32, data: Cow::Borrowed(FRAME) };
    writer.write_pcapng_block(packet).unwrap();
    let imported = import(&writer.into_inner()).unwrap();
    assert_eq!((imported.octets.as_slice(), imported.stamps.len()), (FRAME, 0));
}

#[test]
fn the_older_form() {
    for endianness in [Endianness::Little, Endianness::Big] {
        for (ts_resolution, second) in
            [(PcapTsResolution::MicroSecond, "40.123456Z"), (PcapTsResolution::NanoSecond, "40.123456789Z")]
        {
            let header =
                PcapHeader { datalink: DataLink::USER0, endianness, ts_resolution, ..PcapHeader::default() };
            let mut writer = PcapWriter::with_header(Vec::new(), header).unwrap();
            writer.write_packet(&PcapPacket::new(start(), FRAME.len() as u32, FRAME).unwrap()).unwrap();
            let imported = import(&writer.into_inner()).unwrap();
            assert_eq!((imported.octets.as_slice(), imported.form()), (FRAME, Form::Pcap));
            assert_eq!(times(&imported), [format!("2025-11-20T23:06:{second}")]);
        }
    }
}

#[test]
fn other_networks_are_named() {
    let file = pcapng(Endianness::Little, DataLink::ETHERNET, true, &[vec![0; 60], vec![0; 60]]);
    let error = import(&file).unwrap_err();
    assert_eq!(error, ImportError::Capture(CaptureError::LinkType(1)));
    assert!(error.to_string().contains("link type 1;"), "{error}");
}

#[test]
fn a_file_that_was_cut_off_gives_what_there_is() {
    let file = pcapng(Endianness::Little, DataLink::USER0, true, &[FRAME.to_vec(), REQUEST.to_vec()]);
    let imported = import(&file[..file.len() - 3]).unwrap();
    assert_eq!(imported.octets, FRAME);
    assert_eq!(imported.left_out[0].why, Why::Damaged);
    for length in 4..file.len() {
        // Whatever the length: no panic, and never octets that are none of the file's.
        if let Ok(imported) = import(&file[..length]) {
            assert!(imported.octets == FRAME || imported.octets == [FRAME, REQUEST].concat(), "{length}");
        }
    }
    assert_eq!(import(&file[..28]).unwrap_err(), ImportError::Capture(CaptureError::NoPackets));
    assert_eq!(import(&file[..12]).unwrap_err(), ImportError::Capture(CaptureError::Damaged));
}

/// A packet that makes no sense costs itself, and so does one whose lengths do not agree.
#[test]
fn what_is_damaged_costs_little() {
    let file = pcapng(Endianness::Little, DataLink::USER0, true, &[FRAME.to_vec(), REQUEST.to_vec()]);
    let first = file.windows(4).position(|window| window == &FRAME[..4]).unwrap();
    let mut no_interface = file.clone();
    no_interface[first - 20] = 7;
    let imported = import(&no_interface).unwrap();
    assert_eq!(imported.octets, REQUEST);
    assert_eq!(imported.left_out[0].source, Source::Packets(1, 1));
    // A recording that broke off within a block, and went on in a section of its own.
    let broken_off = [&file[..file.len() - 3], &file].concat();
    let imported = import(&broken_off).unwrap();
    assert_eq!(imported.octets, [FRAME, FRAME, REQUEST].concat());
    assert_eq!(imported.left_out.len(), 1);
    let hostile =
        [&[0x0A, 0x0D, 0x0D, 0x0A, 0, 0, 0, 0, 0x1A, 0x2B, 0x3C, 0x4D].repeat(1000)[..], &file].concat();
    assert_eq!(import(&hostile).unwrap().octets, [FRAME, REQUEST].concat());
}

/// Octets that are lost, changed or too many cost the blocks in which they are, and what follows is found again.
#[test]
fn what_follows_a_damaged_block_is_read() {
    let packets = [FRAME, REQUEST, FRAME, REQUEST].map(<[u8]>::to_vec);
    for order in [Endianness::Little, Endianness::Big] {
        let file = pcapng(order, DataLink::USER0, true, &packets);
        let at = file.windows(REQUEST.len()).position(|window| window == REQUEST).unwrap();
        let without_second = [FRAME, FRAME, REQUEST].concat();
        let damaged = [
            [&file[..at], &file[at + 1..]].concat(),
            [&file[..at], &[0x55; 3], &file[at..]].concat(),
            // The length of the second packet's block, and one that leads far beyond the file.
            [&file[..at - 24], &[9; 4], &file[at - 20..]].concat(),
            [&file[..at - 24], &[0x7C; 4], &file[at - 20..]].concat(),
        ];
        for (number, damaged) in damaged.iter().enumerate() {
            let imported = import(damaged).unwrap();
            assert!(imported.octets == without_second, "{order:?} {number}: {:02X?}", imported.octets);
            assert_eq!(imported.left_out.len(), 1, "{order:?} {number}");
            assert_eq!(imported.left_out[0].why, Why::Damaged);
        }
    }
}

/// Octets that belong to no block cost no block.
#[test]
fn octets_between_blocks_cost_nothing_else() {
    let file = pcapng(Endianness::Little, DataLink::USER0, true, &[FRAME.to_vec(), REQUEST.to_vec()]);
    let second = file.windows(REQUEST.len()).position(|window| window == REQUEST).unwrap() - 28;
    for count in 1..=19 {
        let imported = import(&[&file[..second], &vec![0x55; count], &file[second..]].concat()).unwrap();
        assert_eq!((imported.octets, imported.left_out.len()), ([FRAME, REQUEST].concat(), 1), "{count}");
    }
}

/// A recording of three lines, in pieces: interface, a packet, another packet.
fn three_lines() -> Vec<Vec<u8>> {
    let mut writer = Writer::new("Meterscope");
    let mut pieces = Vec::new();
    for (number, baud) in [2400, 9600, 300].into_iter().enumerate() {
        writer.interface(&LineSettings { baud, ..LineSettings::MBUS }, "board");
        pieces.push(writer.take());
        for octets in [FRAME, REQUEST] {
            writer.octets(1 + number as u64, Direction::Received, octets);
            pieces.push(writer.take());
        }
    }
    pieces
}

/// The speeds of the interfaces that the packets are told to be of, and all octets.
fn told(file: &[u8]) -> (Vec<u32>, Vec<u8>) {
    let imported = import(file).unwrap();
    assert_eq!(imported.left_out.len(), 1);
    let opened = |event: &meterscope_capture::Event| match &event.kind {
        EventKind::Opened(settings, _) => Some(settings.baud),
        _ => None,
    };
    (imported.events.iter().filter_map(opened).collect(), imported.octets)
}

/// A damaged packet costs nothing of the interfaces behind it.
#[test]
fn interfaces_behind_a_damaged_packet_are_known() {
    let rest = [FRAME, FRAME, REQUEST, FRAME, REQUEST].concat();
    // Its kind is a packet; its length, its length at the end, an octet too few, three too many.
    for damage in 0..4 {
        let mut pieces = three_lines();
        let packet = &mut pieces[2];
        match damage {
            0 => packet[4..8].fill(9),
            1 => *packet.last_mut().unwrap() ^= 1,
            2 => drop(packet.remove(30)),
            _ => drop(packet.splice(30..30, [0x55; 3])),
        }
        assert_eq!(told(&pieces.concat()), (vec![2400, 9600, 300], rest.clone()), "{damage}");
    }
}

/// Where an interface is lost the others cannot be counted, and no packet is told to be of one that is not its own.
#[test]
fn a_lost_interface_is_not_replaced_by_another() {
    let mut pieces = three_lines();
    // Its block has a length that is none.
    pieces[3][4] = 1;
    // All that came is kept, since all interfaces that are known are of one kind.
    assert_eq!(told(&pieces.concat()), (vec![2400], [FRAME, REQUEST].repeat(3).concat()));
    // It is lost with the end of the packet in front of it.
    let mut pieces = three_lines();
    pieces[2].truncate(40);
    pieces[3].clear();
    let rest = [FRAME, FRAME, REQUEST, FRAME, REQUEST].concat();
    assert_eq!(told(&pieces.concat()), (vec![2400], rest));
}

/// Nor is one read as another that is of a different kind.
#[test]
fn interfaces_of_two_kinds_are_not_mixed_up() {
    let file = pcapng(Endianness::Little, DataLink::USER0, true, &[FRAME.to_vec()]);
    let other = pcapng(Endianness::Little, DataLink::RTAC_SERIAL, true, &[serial(start(), 2, REQUEST)]);
    let header = u32::from_le_bytes(*other[4..].first_chunk().unwrap()) as usize;
    let damaged_interface = [1, 0, 0, 0, 9, 9, 9, 9].repeat(4);
    assert_eq!(import(&[&file[..], &other].concat()).unwrap().octets, [FRAME, REQUEST].concat());
    let imported = import(&[&file[..], &damaged_interface, &other[header..]].concat()).unwrap();
    assert_eq!((imported.octets.as_slice(), imported.left_out.len()), (FRAME, 1));
}

#[test]
fn a_stamp_holds_until_the_next() {
    let file = pcapng(Endianness::Little, DataLink::USER0, true, &[FRAME.to_vec(), REQUEST.to_vec()]);
    let imported = import(&file).unwrap();
    let time = |offset| imported.stamp_at(offset).and_then(|stamp| stamp.time);
    assert_eq!(time(0), Some(Time::since_1970(1_763_680_000_123_456_789, 9)));
    assert_eq!(time(FRAME.len() - 1), time(0));
    assert_eq!(time(FRAME.len()), Some(Time::since_1970(1_763_680_000_124_456_789, 9)));
    assert_eq!(time(1).and_then(|time| time.unix_nanoseconds(60)), Some(1_763_680_000_123_456_789));
}
