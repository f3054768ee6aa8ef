//! pcap (draft-ietf-opsawg-pcap): one header, then packets.

use super::{Found, Numbers, Packet};

/// Gives each packet of a file, up to where it is damaged or cut off.
pub(super) fn read<'a>(input: &'a [u8], take: &mut impl FnMut(Found<'a>)) {
    if packets(input, take).is_none() {
        take(Found::Damage);
    }
}

fn packets<'a>(input: &'a [u8], take: &mut impl FnMut(Found<'a>)) -> Option<()> {
    const MICROSECONDS: u32 = 0xA1B2_C3D4;
    const NANOSECONDS: u32 = 0xA1B2_3C4D;
    let big_endian = input.first() == Some(&0xA1);
    let mut file = Numbers { rest: input, big_endian };
    let (nanoseconds_each, digits) = match file.u32()? {
        MICROSECONDS => (1_000, 6),
        NANOSECONDS => (1, 9),
        _ => return None,
    };
    // Version, time zone and accuracy, both unused, and how many octets of a packet are kept at most.
    file.octets(16)?;
    // The bits above say how long a check sequence is.
    let link_type = file.u32()? & 0xFFFF;
    while !file.rest.is_empty() {
        let (seconds, fraction) = (i64::from(file.u32()?), i64::from(file.u32()?));
        let length = file.u32()?;
        file.u32()?;
        let nanoseconds = seconds * 1_000_000_000 + fraction * nanoseconds_each;
        let (time, data) = (Some((nanoseconds, digits)), file.octets(length)?);
        take(Found::Packet(Packet { link_type, time, data, comment: None, line: None }));
    }
    Some(())
}
