//! What a Tibber Pulse publishes over MQTT when it sends several telegrams at once. There is no description of it; what
//! users published is a message of Protocol Buffers:
//!
//! | field | type | what |
//! | --- | --- | --- |
//! | 1 | varint | 44252 |
//! | 3 | varint | 1 |
//! | 2 | message, repeated | a telegram |
//! | 2.1 | fixed64 | milliseconds since the Pulse was started |
//! | 2.2 | string | `P1`, or another name of the port |
//! | 2.3 | octets | the telegram; deflated in one stream over all telegrams (RFC 1950), with a flush behind each |
//! | 2.4 | varint | how long the telegram is |

use crate::forms::inflate::Inflate;
use crate::time::{Reference, Time};

/// One telegram of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) time: Time,
    pub(crate) octets: Vec<u8>,
}

/// How many times as long as a batch all its telegrams may be: text deflates to a tenth, zeros to a thousandth.
const MOST_TIMES: usize = 64;

/// The longest telegram, far above what a meter sends.
const LONGEST: u64 = 1 << 16;

/// The telegrams of one batch, or of several one after another; none where `octets` is anything else.
pub(crate) fn unwrap(octets: &[u8]) -> Option<Vec<Record>> {
    let mut rest = octets.strip_prefix(&[0x08]).map(|_| octets)?;
    let mut records = Vec::new();
    let mut inflate = Inflate::default();
    let mut length = 0;
    while !rest.is_empty() {
        let Field { number, value, behind } = Field::read(rest)?;
        rest = behind;
        match (number, value) {
            // A batch begins a stream of its own.
            (1, Value::Number(_)) => inflate = Inflate::default(),
            (3, Value::Number(_)) => {}
            (2, Value::Octets(record)) => {
                let record = read_record(record, &mut inflate)?;
                length += record.octets.len();
                if length > MOST_TIMES * octets.len() {
                    return None;
                }
                records.push(record);
            }
            _ => return None,
        }
    }
    (!records.is_empty()).then_some(records)
}

fn read_record(mut rest: &[u8], inflate: &mut Inflate) -> Option<Record> {
    let (mut milliseconds, mut data, mut length) = (None, None, None);
    while !rest.is_empty() {
        let Field { number, value, behind } = Field::read(rest)?;
        rest = behind;
        match (number, value) {
            (1, Value::Fixed(value) | Value::Number(value)) => milliseconds = Some(value),
            (2, Value::Octets(name)) if name.iter().all(u8::is_ascii_graphic) => {}
            (3, Value::Octets(octets)) => data = Some(octets),
            (4, Value::Number(value)) => length = Some(value),
            _ => return None,
        }
    }
    let data = data?;
    let nanoseconds = i64::try_from(milliseconds?).ok()?.checked_mul(1_000_000)?;
    let length = length.unwrap_or(data.len() as u64);
    if length > LONGEST {
        return None;
    }
    let octets = if length == data.len() as u64 {
        data.to_vec()
    } else {
        let octets = inflate.read(data, LONGEST as usize)?;
        (octets.len() as u64 == length).then_some(octets)?
    };
    Some(Record { time: Time { nanoseconds, reference: Reference::Start, digits: 3 }, octets })
}

/// One field of Protocol Buffers.
struct Field<'a> {
    number: u64,
    value: Value<'a>,
    behind: &'a [u8],
}

enum Value<'a> {
    Number(u64),
    Fixed(u64),
    Octets(&'a [u8]),
}

impl<'a> Field<'a> {
    fn read(octets: &'a [u8]) -> Option<Self> {
        let (key, rest) = varint(octets)?;
        let (value, behind) = match key & 7 {
            0 => varint(rest).map(|(value, behind)| (Value::Number(value), behind))?,
            1 => {
                let (value, behind) = rest.split_first_chunk()?;
                (Value::Fixed(u64::from_le_bytes(*value)), behind)
            }
            2 => {
                let (length, rest) = varint(rest)?;
                let (value, behind) = rest.split_at_checked(usize::try_from(length).ok()?)?;
                (Value::Octets(value), behind)
            }
            _ => return None,
        };
        Some(Self { number: key >> 3, value, behind })
    }
}

/// Seven bits an octet, the lowest first.
fn varint(octets: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, &octet) in octets.iter().enumerate().take(9) {
        value |= u64::from(octet & 0x7F) << (7 * index);
        if octet & 0x80 == 0 {
            return Some((value, octets.get(index + 1..)?));
        }
    }
    None
}
