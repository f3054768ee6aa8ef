//! What is known of the makers' own data: blocks behind DIF 0F and values behind VIF FF (EN 13757-3:2018 6.5, Table 10).
//!
//! A block of a make that is not here stays octets, and a value keeps its number; most makers publish nothing. To add one,
//! give it a file with the source in its first lines and a line in [`block`] or [`own_quantity`]. Readings do not come from
//! blocks: a block stays one reading, its parts are fields of the tree.

mod apator;
mod bmeters;
mod part;

use self::part::Block;
use crate::cursor::Cursor;
use crate::message::Meter;
use crate::reading::Quantity;
use crate::sink::FieldSink;

/// Who made a meter, and which of the maker's devices it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Make {
    /// Three letters.
    pub manufacturer: [u8; 3],
    /// The maker's own number.
    pub version: u8,
    /// The device type (EN 13757-7:2018 Table 13).
    pub device_type: u8,
}

impl Make {
    /// The make of a meter that says it.
    pub fn of(meter: &Meter) -> Option<Self> {
        Some(Self { manufacturer: meter.manufacturer?, version: meter.version?, device_type: meter.medium? })
    }
}

/// Reads a block up to its end: part by part where it is a known one.
pub(super) fn read_block(make: Option<Make>, cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) {
    if sink.wants_fields()
        && let Some(block) = make.and_then(|make| block(make, cursor.ahead()))
    {
        block.read(cursor, sink);
    }
    let left = cursor.left();
    let _ = cursor.octets(left, "manufacturer specific data", sink);
}

/// Device types (EN 13757-7:2018 Table 13).
mod device_type {
    pub const ELECTRICITY: u8 = 0x02;
    pub const HEAT_OUTLET: u8 = 0x04;
    pub const WARM_WATER: u8 = 0x06;
    pub const WATER: u8 = 0x07;
    pub const COOLING_OUTLET: u8 = 0x0A;
    pub const HEAT_COOLING: u8 = 0x0D;
    pub const COLD_WATER: u8 = 0x16;
}

fn block(make: Make, octets: &[u8]) -> Option<&'static Block> {
    match (&make.manufacturer, make.version, make.device_type) {
        (b"BMT", 0x13 | 0x15 | 0x17, device_type::WARM_WATER | device_type::WATER) => {
            bmeters::hydrodigit(octets)
        }
        (b"APA", 0x05, device_type::WARM_WATER | device_type::WATER) => Some(&apator::AT_WMBUS_16_2),
        _ => None,
    }
}

/// What a value of the maker's own measures: `vifes` follow the VIF FF.
///
/// Kamstrup: technical description of the MULTICAL 603, 7.7.2, and wmbusmeters for the MULTICAL 21. ABB: user manual of the
/// A43 and A44, 9.3. Schneider: wmbusmeters, iEM3000.
#[inline(never)]
pub(super) fn own_quantity(make: Make, vifes: &[u8]) -> Option<Quantity> {
    Some(match (&make.manufacturer, make.device_type, vifes) {
        (
            b"KAM",
            device_type::HEAT_OUTLET | device_type::COOLING_OUTLET..=device_type::HEAT_COOLING,
            [0x22],
        )
        | (b"KAM", device_type::WARM_WATER | device_type::COLD_WATER, [0x20])
        | (b"ABB", device_type::ELECTRICITY, [0xA6..=0xA9, 0x00]) => Quantity::ErrorFlags,
        (b"ABB", device_type::ELECTRICITY, [0x93, 0x00]) | (b"SEC", device_type::ELECTRICITY, [0x10]) => {
            Quantity::ActiveTariff
        }
        (b"ABB", device_type::ELECTRICITY, [0x98, 0x00]) => Quantity::Counter,
        (b"ABB", device_type::ELECTRICITY, [0xAA, 0x00]) => Quantity::ModelVersion,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_the_makers_own() {
        let make = |manufacturer: &[u8; 3], device_type| Make {
            manufacturer: *manufacturer,
            version: 0x35,
            device_type,
        };
        assert_eq!(own_quantity(make(b"KAM", 0x04), &[0x22]), Some(Quantity::ErrorFlags));
        assert_eq!(own_quantity(make(b"KAM", 0x0C), &[0x22]), Some(Quantity::ErrorFlags));
        assert_eq!(own_quantity(make(b"KAM", 0x02), &[0x22]), None);
        assert_eq!(own_quantity(make(b"ABB", 0x02), &[0x93, 0x00]), Some(Quantity::ActiveTariff));
        assert_eq!(own_quantity(make(b"ABB", 0x02), &[0x93]), None);
        assert_eq!(own_quantity(make(b"XYZ", 0x04), &[0x22]), None);
    }
}
