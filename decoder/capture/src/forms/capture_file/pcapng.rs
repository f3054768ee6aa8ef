//! pcapng (draft-ietf-opsawg-pcapng): blocks, each with its length in front and behind.

use super::{Found, Numbers, Packet};
use crate::line_settings::LineSettings;

/// What an interface description says of its packets.
#[derive(Clone, Copy)]
struct Interface<'a> {
    link_type: u32,
    /// How many octets of a packet are kept at most; 0 for all.
    snap_length: u32,
    resolution: Resolution,
    /// Added to each time, in seconds.
    offset: i64,
    /// What the device is called.
    name: &'a str,
    settings: Option<LineSettings>,
}

/// How much of a second one step of a time is.
#[derive(Clone, Copy)]
enum Resolution {
    /// 10 to the power of minus this.
    Decimal(u8),
    /// 2 to the power of minus this.
    Binary(u8),
}

const SECTION_HEADER: u32 = 0x0A0D_0D0A;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const PACKET: u32 = 6;

/// What is known of the section that is read.
#[derive(Default)]
struct Section<'a> {
    interfaces: Vec<Interface<'a>>,
    /// Blocks may be missing, and interfaces are counted: which one is described next is not known.
    has_gap: bool,
}

/// Gives each packet of a file. Where it is damaged, reading goes on with the next block that is whole.
pub(super) fn read<'a>(input: &'a [u8], take: &mut impl FnMut(Found<'a>)) {
    let mut file = Numbers { rest: input, big_endian: false };
    let mut section = Section::default();
    while blocks(&mut file, &mut section, take).is_none() {
        take(Found::Damage);
        section.has_gap = true;
        file.rest = next_block(&file);
    }
}

/// Where a block begins that can be read without those before it.
fn next_block<'a>(file: &Numbers<'a>) -> &'a [u8] {
    let from = |at| file.rest.get(at..).unwrap_or_default();
    let is_block = |&at: &usize| begins_section(from(at)) || begins_block(from(at), file.big_endian);
    (0..file.rest.len()).find(is_block).map(from).unwrap_or_default()
}

/// The first block of a section has a kind that no end of a line is changed in, and a number that tells the order of
/// octets, so that it is found among anything else.
fn begins_section(octets: &[u8]) -> bool {
    matches!(octets, [0x0A, 0x0D, 0x0D, 0x0A, _, _, _, _, 0x1A, 0x2B, 0x3C, 0x4D, ..])
        || matches!(octets, [0x0A, 0x0D, 0x0D, 0x0A, _, _, _, _, 0x4D, 0x3C, 0x2B, 0x1A, ..])
}

/// Any other that matters is known by its kind, and by its length in front and behind.
fn begins_block(octets: &[u8], big_endian: bool) -> bool {
    let mut block = Numbers { rest: octets, big_endian };
    let mut lengths = || {
        let kind = block.u32().filter(|kind| matches!(*kind, INTERFACE..=SIMPLE_PACKET | PACKET));
        kind?;
        let length = block.u32()?;
        block.octets(length.checked_sub(12).filter(|length| length.is_multiple_of(4))?)?;
        Some([length, block.u32()?])
    };
    lengths().is_some_and(|[front, behind]| front == behind)
}

/// Reads blocks to the end; nothing where one does not follow the other, with the octets from there on in `file`.
fn blocks<'a>(
    file: &mut Numbers<'a>,
    section: &mut Section<'a>,
    take: &mut impl FnMut(Found<'a>),
) -> Option<()> {
    while !file.rest.is_empty() {
        let kind = file.u32()?;
        if kind == SECTION_HEADER {
            // The same in either order of octets; the number behind the length tells.
            file.big_endian = file.rest.get(4..8)? == [0x1A, 0x2B, 0x3C, 0x4D];
            *section = Section::default();
        }
        // The length counts both lengths and the kind, and each block fills up to four octets.
        let length = file.u32()?.checked_sub(12).filter(|length| length.is_multiple_of(4))?;
        let mut behind = Numbers { rest: file.rest, big_endian: file.big_endian };
        let mut block = Numbers { rest: behind.octets(length)?, big_endian: file.big_endian };
        if behind.u32()? != length + 12 {
            return None;
        }
        file.rest = behind.rest;
        let packet = match kind {
            INTERFACE if section.has_gap => {
                // Perhaps the first of a section whose beginning is lost: no packet that follows is told to be of another.
                section.interfaces.clear();
                continue;
            }
            INTERFACE => {
                section.interfaces.push(interface(&mut block)?);
                continue;
            }
            PACKET => packet(&mut block, &section.interfaces),
            OLD_PACKET => old_packet(&mut block, &section.interfaces),
            SIMPLE_PACKET => simple_packet(&mut block, &section.interfaces),
            _ => continue,
        };
        take(packet.map_or(Found::DamagedPacket, Found::Packet));
    }
    Some(())
}

fn interface<'a>(block: &mut Numbers<'a>) -> Option<Interface<'a>> {
    const NAME: u16 = 2;
    const DESCRIPTION: u16 = 3;
    const RESOLUTION: u16 = 9;
    const OFFSET: u16 = 14;
    let link_type = block.u16()?.into();
    block.u16()?;
    let snap_length = block.u32()?;
    let resolution = Resolution::Decimal(6);
    let mut interface = Interface { link_type, snap_length, resolution, offset: 0, name: "", settings: None };
    while let Some((code, value)) = option(block) {
        match (code, value) {
            (NAME, value) => interface.name = str::from_utf8(value).unwrap_or_default(),
            (DESCRIPTION, value) => interface.settings = settings(value),
            (RESOLUTION, &[value]) if value & 0x80 == 0 => {
                interface.resolution = Resolution::Decimal(value);
            }
            (RESOLUTION, &[value]) => interface.resolution = Resolution::Binary(value & 0x7F),
            (OFFSET, value) => {
                let octets = *value.first_chunk()?;
                interface.offset =
                    if block.big_endian { i64::from_be_bytes(octets) } else { i64::from_le_bytes(octets) };
            }
            _ => {}
        }
    }
    Some(interface)
}

/// The first two words of a description: `2400 8E1 in the cellar`.
fn settings(description: &[u8]) -> Option<LineSettings> {
    let description = str::from_utf8(description).ok()?;
    let end = description.match_indices(' ').nth(1).map_or(description.len(), |(at, _)| at);
    description.get(..end)?.parse().ok()
}

/// The next option of a block; nothing behind the last one.
fn option<'a>(block: &mut Numbers<'a>) -> Option<(u16, &'a [u8])> {
    let (code, length) = (block.u16()?, block.u16()?);
    // Each option fills up to four octets.
    let value = block.octets(u32::from(length).next_multiple_of(4))?;
    (code != 0).then_some((code, value.get(..usize::from(length))?))
}

fn packet<'a>(block: &mut Numbers<'a>, interfaces: &[Interface<'a>]) -> Option<Packet<'a>> {
    let interface = block.u32()?;
    with_time(block, interfaces.get(interface as usize)?)
}

/// As it was written before 2010: the interface has 16 bits, and 16 more count lost packets.
fn old_packet<'a>(block: &mut Numbers<'a>, interfaces: &[Interface<'a>]) -> Option<Packet<'a>> {
    let interface = block.u16()?;
    block.u16()?;
    with_time(block, interfaces.get(usize::from(interface))?)
}

fn with_time<'a>(block: &mut Numbers<'a>, interface: &Interface<'a>) -> Option<Packet<'a>> {
    let steps = u64::from(block.u32()?) << 32 | u64::from(block.u32()?);
    let length = block.u32()?;
    block.u32()?;
    let data = block.octets(length)?;
    let filled_up = length.wrapping_neg() % 4;
    block.octets(filled_up.min(block.rest.len() as u32))?;
    Some(Packet { time: interface.time(steps), comment: comment(block), ..interface.packet(data) })
}

fn comment<'a>(block: &mut Numbers<'a>) -> Option<&'a [u8]> {
    const COMMENT: u16 = 1;
    std::iter::from_fn(|| option(block)).find_map(|(code, value)| (code == COMMENT).then_some(value))
}

/// Without a time; the first interface received it.
fn simple_packet<'a>(block: &mut Numbers<'a>, interfaces: &[Interface<'a>]) -> Option<Packet<'a>> {
    let interface = interfaces.first()?;
    let length = block.u32()?;
    let kept = if interface.snap_length == 0 { length } else { length.min(interface.snap_length) };
    Some(interface.packet(block.octets(kept)?))
}

impl<'a> Interface<'a> {
    fn packet(&self, data: &'a [u8]) -> Packet<'a> {
        let line = self.settings.map(|settings| (settings, self.name));
        Packet { link_type: self.link_type, time: None, data, comment: None, line }
    }

    /// Nothing where it lies further from 1970 than 64 bits of nanoseconds reach.
    fn time(&self, steps: u64) -> Option<(i64, u8)> {
        const NANOSECONDS: i64 = 1_000_000_000;
        let (nanoseconds, digits) = match self.resolution {
            Resolution::Decimal(digits) if digits <= 9 => {
                (steps.checked_mul(10_u64.pow(9 - u32::from(digits)))?, digits)
            }
            Resolution::Decimal(digits) => (steps / 10_u64.checked_pow(u32::from(digits) - 9)?, 9),
            Resolution::Binary(bits) => {
                (u64::try_from((u128::from(steps) * NANOSECONDS as u128) >> u32::from(bits)).ok()?, 9)
            }
        };
        let offset = self.offset.checked_mul(NANOSECONDS)?;
        Some((i64::try_from(nanoseconds).ok()?.checked_add(offset)?, digits))
    }
}
