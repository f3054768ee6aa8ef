//! How many octets an element takes, found without reading it.

use super::{Cursor, DEEPEST, Elements, Open, compact_array_lengths, read_all, tag};
use crate::application::dlms::length::Length;
use crate::error::{Problem, ProblemKind};

/// How many octets the element takes that the octets begin with, if they hold a whole one; nothing is reported.
// Octets and no cursor: a copy of one that has just moved is read in other pieces than it was written in.
pub(crate) fn length(octets: &[u8]) -> Option<u32> {
    plain_length(octets).or_else(|| {
        let mut cursor = Cursor::new(octets);
        read_all(&mut cursor, &mut Open::new(), &mut Deaf, &mut ()).ok()?;
        Some(cursor.position())
    })
}

/// Does not even look.
struct Deaf;

impl Elements<'_> for Deaf {
    const LISTENS: bool = false;
}

/// The length of an element that takes no more care than most push lists: so few structures and arrays that they cannot be
/// nested too deep, and lengths of one octet. Then it is enough to count the elements that are awaited in all.
fn plain_length(octets: &[u8]) -> Option<u32> {
    let mut rest = octets;
    let mut awaited = 1_u32;
    let mut containers = 0;
    while awaited > 0 {
        awaited -= 1;
        // Most elements are such numbers. A branch of their own lets the processor go on to the next tag before this one
        // has arrived; through the table it waits.
        if let [tag::DOUBLE_LONG_UNSIGNED, _, _, _, _, others @ ..] = rest {
            rest = others;
            continue;
        }
        let &tag = rest.first()?;
        let size = match FIXED_LENGTHS.get(usize::from(tag))? {
            0 => {
                let &length @ 0..=0x7F = rest.get(1)? else { return None };
                match tag {
                    tag::ARRAY | tag::STRUCTURE if containers < DEEPEST => {
                        containers += 1;
                        awaited += u32::from(length);
                        2
                    }
                    tag::OCTET_STRING | tag::VISIBLE_STRING | tag::UTF8_STRING => 2 + usize::from(length),
                    _ => return None,
                }
            }
            fixed => usize::from(*fixed),
        };
        rest = rest.get(size..)?;
    }
    Some((octets.len() - rest.len()) as u32)
}

/// [`fixed_length`] of each tag below 32.
const FIXED_LENGTHS: [u8; 32] = {
    let mut lengths = [0; 32];
    let mut tag = 0;
    while tag < lengths.len() {
        lengths[tag] = fixed_length(tag as u8);
        tag += 1;
    }
    lengths
};

/// How many octets a scalar of this type takes, its tag included; 0 if that is not told by its type.
pub(super) const fn fixed_length(tag: u8) -> u8 {
    match tag {
        0x00 | 0xFF => 1,
        0x03 | 0x0D | 0x0F | 0x11 | 0x16 => 2,
        0x10 | 0x12 => 3,
        0x05 | 0x06 | 0x17 | 0x1B => 5,
        0x1A => 6,
        0x14 | 0x15 | 0x18 => 9,
        0x19 => 13,
        _ => 0,
    }
}

/// How many octets the scalar takes that stands at `at`, its tag included.
pub(super) fn scalar_length(tag: u8, ahead: &[u8], at: u32) -> Result<u32, Problem> {
    match tag {
        tag::BIT_STRING | tag::OCTET_STRING | tag::VISIBLE_STRING | tag::UTF8_STRING => {
            let length = Length::read(ahead.get(1..).unwrap_or_default(), at + 1)?;
            let size = if tag == tag::BIT_STRING { length.value.div_ceil(8) } else { length.value };
            Ok(length.octets.saturating_add(size).saturating_add(1))
        }
        tag::COMPACT_ARRAY => {
            let (description, length) = compact_array_lengths(ahead, at)?;
            Ok(description + length.octets + length.value)
        }
        _ => match fixed_length(tag) {
            0 => Err(Problem::new(ProblemKind::UnknownDataType { tag }, at)),
            length => Ok(length.into()),
        },
    }
}
