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
#[derive(Clone, Copy, PartialEq)]
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
    /// An interface may be missing, and they are counted: which one is described next is not known.
    has_gap: bool,
    /// One was described since.
    is_miscounted: bool,
    /// Something is missing.
    is_damaged: bool,
}

impl<'a> Section<'a> {
    /// The interface with this number. Where the number does not tell which one it is, the packet has what all known ones
    /// have in common; nothing where they differ in how a packet is read.
    fn interface(&mut self, number: usize) -> Option<Interface<'a>> {
        self.has_gap |= self.is_damaged && number >= self.interfaces.len();
        let known = self.interfaces.get(number).filter(|_| !self.is_miscounted).copied();
        known.or_else(|| {
            let first = *self.interfaces.first().filter(|_| self.has_gap)?;
            let is_alike = |other: &Interface<'_>| {
                let reads = |it: &Interface<'_>| (it.link_type, it.resolution, it.offset, it.snap_length);
                reads(other) == reads(&first)
            };
            let common = Interface { name: "", settings: None, ..first };
            self.interfaces.iter().all(is_alike).then_some(common)
        })
    }
}

/// Gives each packet of a file. Where it is damaged, reading goes on with the next block that is whole.
pub(super) fn read<'a>(input: &'a [u8], take: &mut impl FnMut(Found<'a>)) {
    let mut file = Numbers { rest: input, big_endian: false };
    let mut section = Section::default();
    while let Err(damaged) = blocks(&mut file, &mut section, take) {
        take(Found::Damage);
        file.rest = damaged;
        let next = next_block(&file);
        let lost = damaged.get(..damaged.len() - next.len()).unwrap_or_default();
        section.is_damaged = true;
        section.has_gap |= may_hold_interface(lost, file.big_endian);
        file.rest = next;
    }
}

/// Where a block begins that can be read without those before it. The damaged one may be a few octets that are none.
fn next_block<'a>(file: &Numbers<'a>) -> &'a [u8] {
    let from = |at| file.rest.get(at..).unwrap_or_default();
    let is_block = |&at: &usize| begins_section(from(at)) || begins_block(from(at), file.big_endian);
    (1..file.rest.len()).find(is_block).map(from).unwrap_or_default()
}

/// Whether an interface or a section may have been described in what is lost. It is not in a packet of about the same length:
/// changed, or with a few octets too many or too few.
fn may_hold_interface(lost: &[u8], big_endian: bool) -> bool {
    const SHORTEST: u32 = 20;
    const HEADER_AND_END: u32 = 32;
    const LONGEST_OPTIONS: u32 = 2048;
    let mut block = Numbers { rest: lost, big_endian };
    let kind = block.u32();
    let mut packet = || {
        let length = block.u32()?;
        // The interface, and a time of two numbers.
        block.octets(12)?;
        let least = block.u32()?.checked_next_multiple_of(4)?.checked_add(HEADER_AND_END)?;
        let is_right = length.checked_sub(least).is_some_and(|options| options <= LONGEST_OPTIONS);
        Some(if is_right { length } else { least })
    };
    let expected = match kind {
        Some(INTERFACE | SECTION_HEADER) => return true,
        Some(PACKET) => packet().unwrap_or_default(),
        _ => 0,
    };
    (lost.len() as u64).abs_diff(expected.into()) >= SHORTEST.into()
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

/// Reads blocks to the end; where one does not follow the other, the octets from there on.
fn blocks<'a>(
    file: &mut Numbers<'a>,
    section: &mut Section<'a>,
    take: &mut impl FnMut(Found<'a>),
) -> Result<(), &'a [u8]> {
    while !file.rest.is_empty() {
        let start = file.rest;
        block(file, section, take).ok_or(start)?;
    }
    Ok(())
}

/// Reads a block; nothing where it is none.
fn block<'a>(
    file: &mut Numbers<'a>,
    section: &mut Section<'a>,
    take: &mut impl FnMut(Found<'a>),
) -> Option<()> {
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
        INTERFACE => {
            section.interfaces.push(interface(&mut block)?);
            // Perhaps the first of a section whose beginning is lost: no packet that follows is told to be of another.
            section.is_miscounted = section.has_gap;
            return Some(());
        }
        PACKET => packet(&mut block, section),
        OLD_PACKET => old_packet(&mut block, section),
        SIMPLE_PACKET => simple_packet(&mut block, section),
        _ => return Some(()),
    };
    take(packet.map_or(Found::DamagedPacket, Found::Packet));
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

fn packet<'a>(block: &mut Numbers<'a>, section: &mut Section<'a>) -> Option<Packet<'a>> {
    let interface = block.u32()?;
    with_time(block, &section.interface(interface as usize)?)
}

/// As it was written before 2010: the interface has 16 bits, and 16 more count lost packets.
fn old_packet<'a>(block: &mut Numbers<'a>, section: &mut Section<'a>) -> Option<Packet<'a>> {
    let interface = block.u16()?;
    block.u16()?;
    with_time(block, &section.interface(usize::from(interface))?)
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
fn simple_packet<'a>(block: &mut Numbers<'a>, section: &mut Section<'a>) -> Option<Packet<'a>> {
    let interface = section.interface(0)?;
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
