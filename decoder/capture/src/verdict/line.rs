//! What octets look like that were recorded with wrong line settings, seen from the octets alone.
//!
//! The signs come from what a receiver does with the bits: an octet is a start bit (0), eight data bits from the lowest on,
//! a parity bit where the line has one, and a stop bit (1). Beginnings of frames are put on a line and read again with
//! other settings ([`wire`]); octets that come out of that and of nothing else are the sign.

mod wire;

use meterscope_decoder::link::check_sequence::crc16_x25;

use super::LineFault;
use wire::{Low, Wire};

const FLAG: u8 = 0x7E;
const LLC: [u8; 3] = [0xE6, 0xE7, 0x00];
/// Fewer octets do not tell a rule from chance.
const FEWEST: usize = 24;
/// So many different octets; noise at rest repeats a few.
const FEWEST_KINDS: usize = 6;

/// What is wrong with the line settings; nothing where the octets do not show it. `told` are those of `octets` that are no
/// good frame, nor may become one.
pub(super) fn fault(octets: &[u8], told: &[u8]) -> Option<LineFault> {
    seven_bits(octets, told)
        .or_else(|| parity_in_bit_seven(octets))
        .or_else(|| even_octets_lost(octets))
        .or_else(|| read_again(octets))
        .or_else(|| too_fast(octets))
}

/// All octets have an odd number of ones, besides 00, which some drivers put in place of an octet with an error.
///
/// Even parity sends a 0 behind an octet with an even number of ones. Whoever takes that for a stop bit, or looks for it
/// where a stop bit is, throws these octets away.
fn even_octets_lost(octets: &[u8]) -> Option<LineFault> {
    let kept = || octets.iter().filter(|&&octet| octet != 0);
    let odd = kept().filter(|octet| octet.count_ones() % 2 == 1).count();
    let enough = kept().count() >= FEWEST && kinds(kept()) >= FEWEST_KINDS;
    (enough && odd == kept().count()).then_some(LineFault::EvenOctetsLost)
}

/// No octet has bit 7, and there are frames of eight bits in it: their flags are followed by 20, not A0.
///
/// The header of an M-Bus frame is the same with seven bits, and a good frame may have no octet with bit 7: only of those in
/// `told` is it known that their frame is none.
fn seven_bits(octets: &[u8], told: &[u8]) -> Option<LineFault> {
    if octets.len() < FEWEST || octets.iter().any(|&octet| octet > 0x7F) {
        return None;
    }
    let begins = |first: u8| {
        octets.array_windows().filter(|[flag, format]| *flag == FLAG && format & 0xF0 == first).count()
    };
    // LLC header E6 E7 00, or the end of one M-Bus frame.
    let llc = octets.windows(3).any(|octets| octets == [0x66, 0x67, 0x00]);
    let mbus = told.windows(4).any(|octets| matches!(*octets, [0x68, l, m, 0x68] if l == m && l > 2));
    let control = octets.iter().any(|&octet| octet < 9);
    (control && (begins(0x20) > 0 && llc || mbus)).then_some(LineFault::SevenBits)
}

/// Every octet has an even number of ones, and without bit 7 they are the text of a P1 port: 7E1 read as 8N1.
fn parity_in_bit_seven(octets: &[u8]) -> Option<LineFault> {
    let even = octets.iter().all(|octet| octet.count_ones() % 2 == 0);
    let text = |octet: &u8| matches!(octet & 0x7F, b' '..=b'~' | b'\r' | b'\n');
    let enough = octets.len() >= FEWEST && octets.iter().any(|&octet| octet > 0x7F);
    (enough && even && octets.iter().all(text)).then_some(LineFault::ParityInBitSeven)
}

/// What the settings were, what they were taken for, and what the receiver did with a stop bit that is low. The other two
/// combinations give the octets as they were.
const EXCHANGES: [(Wire, Wire, Low, LineFault); 2] = [
    (Wire::EIGHT_NONE_ONE, Wire::EIGHT_EVEN_ONE, Low::Waits, LineFault::ReadWithParity),
    (Wire::EIGHT_EVEN_ONE, Wire::EIGHT_NONE_ONE, Low::IsStart, LineFault::ReadWithoutParity),
];

/// So many octets of a beginning, the flag included, are the sign.
const SIGN: usize = 4;
/// One of so many octets 7E, at least, is the flag before a frame; the others stand within frames.
const FLAGS_A_FRAME: usize = 100;
/// So many of them are looked at.
const MOST_FLAGS: usize = 2000;

/// Behind flags stand the octets that the beginnings of frames become when they are read with the other parity.
fn read_again(octets: &[u8]) -> Option<LineFault> {
    let flags = || octets.array_windows::<SIGN>().filter(|[first, ..]| *first == FLAG).take(MOST_FLAGS);
    flags().next()?;
    let beginnings = beginnings();
    EXCHANGES.into_iter().find_map(|(sent, read, low, fault)| {
        let seen = beginnings.iter().map(|octets| wire::read(&sent.bits(octets), read, low, true));
        let signs: Vec<[u8; SIGN]> = seen.filter_map(|octets| octets.first_chunk().copied()).collect();
        let found = flags().filter(|octets| signs.contains(octets)).count();
        (found * FLAGS_A_FRAME > flags().count()).then_some(fault)
    })
}

/// How the frames of the common meters begin, with every length: flag and header of HDLC, LLC header.
fn beginnings() -> Vec<Vec<u8>> {
    const ADDRESSES: [&[u8]; 5] = [
        // Kaifa, Aidon, Kamstrup, Landis+Gyr, Sagemcom and Kaifa in Austria.
        &[0x01, 0x02, 0x01, 0x10],
        &[0x41, 0x08, 0x83, 0x13],
        &[0x2B, 0x21, 0x13],
        &[0xCE, 0xFF, 0x03, 0x13],
        &[0xCF, 0x02, 0x23, 0x13],
    ];
    let formats =
        [0xA0, 0xA1, 0xA2].into_iter().flat_map(|format| (0..=u8::MAX).map(move |low| (format, low)));
    let headers = formats.flat_map(|(format, low)| {
        ADDRESSES.iter().map(move |addresses| [&[format, low], *addresses].concat())
    });
    headers.map(|header| [&[FLAG], &*header, &crc16_x25(&header).to_le_bytes(), &LLC].concat()).collect()
}

/// Changes of level within an octet, start and stop bit included, on average and in tenths, of a line that is slower
/// than it was read: chance gives 45.
const FEW_CHANGES: u32 = 27;

/// Each bit of the line was taken for several.
fn too_fast(octets: &[u8]) -> Option<LineFault> {
    let changes = |octet: u8| {
        let bits = u32::from(octet) << 1 | 1 << 9;
        ((bits ^ bits >> 1) & 0x1FF).count_ones()
    };
    let lively = || octets.iter().filter(|&&octet| !matches!(octet, 0 | 0xFF));
    let count = lively().count();
    let sum: u32 = lively().map(|&octet| changes(octet)).sum();
    (count >= FEWEST && sum * 10 < FEW_CHANGES * count as u32).then_some(LineFault::ReadTooFast)
}

/// How many different octets there are.
fn kinds<'a>(octets: impl Iterator<Item = &'a u8>) -> usize {
    let mut seen = [false; 256];
    for &octet in octets {
        if let Some(seen) = seen.get_mut(usize::from(octet)) {
            *seen = true;
        }
    }
    seen.into_iter().filter(|&seen| seen).count()
}

#[cfg(test)]
#[path = "line/tests.rs"]
mod tests;
