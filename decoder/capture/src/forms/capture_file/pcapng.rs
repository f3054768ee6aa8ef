//! pcapng (draft-ietf-opsawg-pcapng): blocks, each with its length in front and behind.

use super::{Numbers, Packet};

/// What an interface description says of its packets.
#[derive(Clone, Copy)]
struct Interface {
    link_type: u32,
    /// How many octets of a packet are kept at most; 0 for all.
    snap_length: u32,
    resolution: Resolution,
    /// Added to each time, in seconds.
    offset: i64,
}

/// How much of a second one step of a time is.
#[derive(Clone, Copy)]
enum Resolution {
    /// 10 to the power of minus this.
    Decimal(u8),
    /// 2 to the power of minus this.
    Binary(u8),
}

/// Gives each packet of a file; nothing where it is damaged or cut off, behind the packets up to there.
pub(super) fn read<'a>(input: &'a [u8], take: &mut impl FnMut(Packet<'a>)) -> Option<()> {
    const SECTION_HEADER: u32 = 0x0A0D_0D0A;
    const INTERFACE: u32 = 1;
    const OLD_PACKET: u32 = 2;
    const SIMPLE_PACKET: u32 = 3;
    const PACKET: u32 = 6;
    let mut file = Numbers { rest: input, big_endian: false };
    let mut interfaces = Vec::new();
    while !file.rest.is_empty() {
        let kind = file.u32()?;
        if kind == SECTION_HEADER {
            // The same in either order of octets; the number behind the length tells.
            file.big_endian = file.rest.get(4..8)? == [0x1A, 0x2B, 0x3C, 0x4D];
            interfaces.clear();
        }
        // The length counts both lengths and the kind, and each block fills up to four octets.
        let length = file.u32()?.checked_sub(12).filter(|length| length.is_multiple_of(4))?;
        let mut block = Numbers { rest: file.octets(length)?, big_endian: file.big_endian };
        if file.u32()? != length + 12 {
            return None;
        }
        match kind {
            INTERFACE => interfaces.push(interface(&mut block)?),
            PACKET => take(packet(&mut block, &interfaces)?),
            OLD_PACKET => take(old_packet(&mut block, &interfaces)?),
            SIMPLE_PACKET => take(simple_packet(&mut block, &interfaces)?),
            _ => {}
        }
    }
    Some(())
}

fn interface(block: &mut Numbers<'_>) -> Option<Interface> {
    const RESOLUTION: u16 = 9;
    const OFFSET: u16 = 14;
    let link_type = block.u16()?.into();
    block.u16()?;
    let snap_length = block.u32()?;
    let mut interface = Interface { link_type, snap_length, resolution: Resolution::Decimal(6), offset: 0 };
    while !block.rest.is_empty() {
        let (code, length) = (block.u16()?, u32::from(block.u16()?));
        let value = block.octets(length.next_multiple_of(4))?;
        match (code, value) {
            (RESOLUTION, &[value, ..]) if value & 0x80 == 0 => {
                interface.resolution = Resolution::Decimal(value);
            }
            (RESOLUTION, &[value, ..]) => interface.resolution = Resolution::Binary(value & 0x7F),
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

fn packet<'a>(block: &mut Numbers<'a>, interfaces: &[Interface]) -> Option<Packet<'a>> {
    let interface = block.u32()?;
    with_time(block, interfaces.get(interface as usize)?)
}

/// As it was written before 2010: the interface has 16 bits, and 16 more count lost packets.
fn old_packet<'a>(block: &mut Numbers<'a>, interfaces: &[Interface]) -> Option<Packet<'a>> {
    let interface = block.u16()?;
    block.u16()?;
    with_time(block, interfaces.get(usize::from(interface))?)
}

fn with_time<'a>(block: &mut Numbers<'a>, interface: &Interface) -> Option<Packet<'a>> {
    let steps = u64::from(block.u32()?) << 32 | u64::from(block.u32()?);
    let length = block.u32()?;
    block.u32()?;
    Some(Packet { link_type: interface.link_type, time: interface.time(steps), data: block.octets(length)? })
}

/// Without a time; the first interface received it.
fn simple_packet<'a>(block: &mut Numbers<'a>, interfaces: &[Interface]) -> Option<Packet<'a>> {
    let interface = interfaces.first()?;
    let length = block.u32()?;
    let kept = if interface.snap_length == 0 { length } else { length.min(interface.snap_length) };
    Some(Packet { link_type: interface.link_type, time: None, data: block.octets(kept)? })
}

impl Interface {
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
