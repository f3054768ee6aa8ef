//! Apator AT-WMBUS-16-2: date and faults, then registers, each with its number in front (numbers and lengths are those of
//! wmbusmeters, driver apator162; what most of them hold is not published).

use super::part::{Block, Part, Registers, Shows};
use crate::reading::Unit;

pub(super) const AT_WMBUS_16_2: Block =
    Block { parts: &[DATE, FAULTS], registers: Some(Registers { part: register, filler: 0xFF }) };

const DATE: Part = Part { name: "date", length: 4, shows: Shows::Octets };
const FAULTS: Part = Part { name: "faults", length: 3, shows: Shows::Octets };

fn register(number: u8) -> Option<Part> {
    let octets = |name, length| Part { name, length, shows: Shows::Octets };
    Some(match number {
        0x00 => DATE,
        0x01 => FAULTS,
        0x10 => Part { name: "volume", length: 4, shows: Shows::Number(-3, Unit::CubicMetre) },
        0x11 => octets("flow", 2),
        0x40 => octets("detectors", 6),
        0x41 => octets("voltage", 2),
        0x42 => octets("energy", 4),
        0x43 => Part { name: "days in use", length: 2, shows: Shows::Number(0, Unit::Day) },
        // A count, and that many volumes of four octets.
        0x71..=0x7B => octets("earlier volumes", 1 + 4 * (volumes(number)?)),
        0x80..=0x84 | 0x86 | 0x87 => octets("events", 10),
        0x85 | 0x88 | 0x8F => octets("events", 11),
        0x8A => octets("events", 9),
        0x8B | 0x8C => octets("events", 6),
        0x8E => octets("events", 7),
        _ => octets("not published", unnamed_length(number)?),
    })
}

const fn volumes(number: u8) -> Option<u8> {
    match number {
        0x71 => Some(2),
        0x72 => Some(3),
        0x73 => Some(4),
        0x75 => Some(6),
        0x7B => Some(12),
        _ => None,
    }
}

const fn unnamed_length(number: u8) -> Option<u8> {
    Some(match number {
        0xA2 | 0xA5 | 0xA9 | 0xAF => 1,
        0xA7 | 0xA8 | 0xAA..=0xAD | 0xB4 => 2,
        0x44 | 0xA6 | 0xB6..=0xC7 | 0xD0 | 0xD3 => 3,
        0xA0 | 0xA1 | 0xA4 | 0xF0 => 4,
        0xB0 => 5,
        0xA3 => 7,
        0xB1 | 0xB3 => 8,
        0xB2 | 0xB5 => 16,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::application::mbus::manufacturer::{Make, read_block};
    use crate::application::test_sink::{Random, TestSink};
    use crate::cursor::Cursor;

    const MAKE: Make = Make { manufacturer: *b"APA", version: 5, device_type: 7 };

    fn fields(octets: &[u8]) -> std::vec::Vec<std::string::String> {
        let mut sink = TestSink::default();
        read_block(Some(MAKE), &mut Cursor::new(octets), &mut sink);
        sink.assert_tiles(octets.len());
        sink.fields
    }

    #[test]
    fn registers_up_to_the_filling() {
        let octets =
            [1, 2, 3, 4, 0, 0, 0, 0x10, 0xAA, 0x55, 0, 0, 0x43, 0x7D, 3, 0xA0, 1, 2, 3, 4, 0xFF, 0xFF];
        assert_eq!(
            fields(&octets),
            [
                "date 01 02 03 04",
                "faults 00 00 00",
                "register 10h, volume",
                "volume 21.930 m3",
                "register 43h, days in use",
                "days in use 893 d",
                "register A0h, not published",
                "not published 01 02 03 04",
                "manufacturer specific data FF FF",
            ]
        );
    }

    #[test]
    fn what_is_cut_or_unknown_stays_octets() {
        assert_eq!(fields(&[1, 2, 3]), ["manufacturer specific data 01 02 03"]);
        assert_eq!(
            fields(&[1, 2, 3, 4, 0, 0, 0, 0x10, 1, 2, 3])[2..],
            ["manufacturer specific data 10 01 02 03"]
        );
        assert_eq!(fields(&[1, 2, 3, 4, 0, 0, 0, 0x99, 1])[2..], ["manufacturer specific data 99 01"]);
        let mut random = Random(0xA9A7);
        for _ in 0..2_000 {
            let length = usize::from(random.octet() % 64);
            fields(&(0..length).map(|_| random.octet()).collect::<std::vec::Vec<u8>>());
        }
    }
}
