//! B METERS Hydrodigit: battery, backflow, and the volume at the end of each month (the layout is that of wmbusmeters,
//! driver hydrodigit, whose authors found it with the maker's software).

use super::part::{Block, Part, Shows};
use crate::reading::Unit;

/// The block that begins with one of the known contents.
pub(super) fn hydrodigit(octets: &[u8]) -> Option<&'static Block> {
    match octets.first()? {
        0x15 => Some(&MONTHS),
        0x95 => Some(&LEAK_AND_MONTHS),
        _ => None,
    }
}

const MONTHS: Block = Block { parts: &MONTHS_PARTS, registers: None };
const LEAK_AND_MONTHS: Block = Block { parts: &LEAK_AND_MONTHS_PARTS, registers: None };

const CONTENTS: Part = Part { name: "contents", length: 1, shows: Shows::Code(contents) };
const BATTERY: Part = Part { name: "battery", length: 1, shows: Shows::Code(battery) };
const LEAK: Part = Part { name: "date of a leak", length: 3, shows: Shows::Date };
const BACKFLOW: Part = Part { name: "backflow", length: 4, shows: Shows::Number(-3, Unit::CubicMetre) };

const MONTHS_PARTS: [Part; 15] = [
    CONTENTS,
    BATTERY,
    BACKFLOW,
    month("volume at the end of January"),
    month("volume at the end of February"),
    month("volume at the end of March"),
    month("volume at the end of April"),
    month("volume at the end of May"),
    month("volume at the end of June"),
    month("volume at the end of July"),
    month("volume at the end of August"),
    month("volume at the end of September"),
    month("volume at the end of October"),
    month("volume at the end of November"),
    month("volume at the end of December"),
];

const LEAK_AND_MONTHS_PARTS: [Part; 16] = {
    let [contents, battery, months @ ..] = MONTHS_PARTS;
    let [backflow, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = months;
    [contents, battery, LEAK, backflow, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12]
};

const fn month(name: &'static str) -> Part {
    Part { name, length: 3, shows: Shows::Number(-2, Unit::CubicMetre) }
}

fn contents(code: u8) -> &'static str {
    match code {
        0x15 => "backflow and months",
        0x95 => "leak, backflow and months",
        _ => "",
    }
}

/// The lower half counts steps of the voltage; what the upper half says is not known.
fn battery(code: u8) -> &'static str {
    match code & 0x0F {
        0x1 => "1.9 V",
        0x2 => "2.1 V",
        0x3 => "2.2 V",
        0x4 => "2.3 V",
        0x5 => "2.4 V",
        0x6 => "2.5 V",
        0x7 => "2.65 V",
        0x8 => "2.8 V",
        0x9 => "2.9 V",
        0xA => "3.05 V",
        0xB => "3.2 V",
        0xC => "3.35 V",
        0xD => "3.5 V",
        _ => "3.7 V",
    }
}

#[cfg(test)]
mod tests {
    use crate::application::mbus::manufacturer::{Make, read_block};
    use crate::application::test_sink::TestSink;
    use crate::cursor::Cursor;

    const MAKE: Make = Make { manufacturer: *b"BMT", version: 0x13, device_type: 7 };

    fn fields(make: Make, octets: &[u8]) -> std::vec::Vec<std::string::String> {
        let mut sink = TestSink::default();
        read_block(Some(make), &mut Cursor::new(octets), &mut sink);
        sink.assert_tiles(octets.len());
        sink.fields
    }

    #[test]
    fn months_and_backflow() {
        let mut octets = std::vec![0x15, 0x2A, 0x0F, 0, 0, 0];
        octets.extend([0xC1, 0, 0].repeat(11));
        octets.extend([0xFF, 0xFF, 0xFF, 0x00]);
        let fields = fields(MAKE, &octets);
        assert_eq!(
            fields[..4],
            [
                "contents 15h, backflow and months",
                "battery 2Ah, 3.05 V",
                "backflow 0.015 m3",
                "volume at the end of January 1.93 m3",
            ]
        );
        assert_eq!(fields[14..], ["volume at the end of December FF FF FF", "manufacturer specific data 00"]);
    }

    #[test]
    fn a_leak_and_blocks_that_break_off_or_are_others() {
        let fields_of = |octets: &[u8]| fields(MAKE, octets);
        assert_eq!(
            fields_of(&[0x95, 0x0A, 0x24, 0x04, 0x25, 7])[2..],
            ["date of a leak 2024-04-25", "manufacturer specific data 07"]
        );
        assert_eq!(fields_of(&[0x95, 0x0A, 0x24, 0x1F, 0x25])[2], "date of a leak 24 1F 25");
        assert_eq!(fields_of(&[0x03, 0, 1]), ["manufacturer specific data 03 00 01"]);
        assert!(fields_of(&[]).is_empty());
        let other = Make { version: 0x99, ..MAKE };
        assert_eq!(fields(other, &[0x15, 0]), ["manufacturer specific data 15 00"]);
    }
}
