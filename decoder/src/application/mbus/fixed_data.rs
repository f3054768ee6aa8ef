//! The fixed data structure, CI 73 and 77: two counters (EN 1434-3:1997 6.3; withdrawn, still sent by old meters).

use super::header::device_type_meaning;
use super::number::{bcd_number, unsigned};
use super::{Direction, OctetOrder};
use crate::cursor::{Cursor, Short};
use crate::decimal::Decimal;
use crate::error::Problem;
use crate::message::Message;
use crate::reading::{Function, Note, Quantity, Reading, RecordInfo, Scale, ScaleSource, Unit, Value};
use crate::sink::{Field, FieldSink, FieldValue, Node};

/// Status bit: the counters are binary numbers, not BCD.
pub const STATUS_BINARY: u8 = 0x01;
/// Status bit: the counters were stored at a fixed date.
const STATUS_STORED: u8 = 0x02;
/// The unit code of a counter that has the unit of the other and was stored earlier.
const UNIT_OF_OTHER_STORED: u8 = 0x3E;

/// Reads medium, units and both counters; returns how many readings that gave.
pub(super) fn read_counters<'a>(
    order: OctetOrder,
    binary: bool,
    message: &mut Message,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> u16 {
    let mut readings = 0;
    if let Err(short) = try_read_counters(order, binary, message, &mut readings, cursor, sink) {
        sink.problem(Problem::from(short));
    }
    readings
}

fn try_read_counters<'a>(
    order: OctetOrder,
    binary: bool,
    message: &mut Message,
    readings: &mut u16,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<(), Short> {
    let types = cursor.array::<2>(sink, |&[first, second]| {
        let medium = medium(first, second);
        let meaning = device_type_meaning(device_type(medium));
        Field::code("medium and units", u16::from_be_bytes([first, second]).into(), meaning)
    })?;
    let [first, second] = *types;
    if let Some(meter) = &mut message.meter {
        meter.medium = Some(device_type(medium(first, second)));
    }
    let stored = u64::from(message.status.is_some_and(|status| status & STATUS_STORED != 0));
    for (number, code) in [first & 0x3F, second & 0x3F].into_iter().enumerate() {
        let other = if number == 0 { second } else { first } & 0x3F;
        let (unit_code, storage) = if code == UNIT_OF_OTHER_STORED { (other, 1) } else { (code, stored) };
        let counter = Counter { order, binary, unit_code, storage };
        sink.enter(Node::Record(number as u16), cursor.position());
        let read = counter.read(cursor, sink);
        sink.leave(cursor.position());
        read?;
        *readings += 1;
    }
    Ok(())
}

struct Counter {
    order: OctetOrder,
    binary: bool,
    unit_code: u8,
    storage: u64,
}

impl Counter {
    fn read<'a>(&self, cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Result<(), Short> {
        let (quantity, unit, exponent) = unit(self.unit_code);
        let start = cursor.position();
        let (octets, number) = cursor.field(4, sink, |octets| {
            let number = if self.binary {
                Some(Decimal::unsigned(unsigned(octets, self.order), 0))
            } else {
                bcd_number(octets, self.order)
            };
            let value = match number {
                Some(number) => FieldValue::Value(Value::Number(number.scaled(exponent)), unit),
                None => FieldValue::Octets(octets),
            };
            (Field::new("counter", value), (octets, number))
        })?;
        let mut reading = Reading::empty(crate::span::Span::new(start, cursor.position()));
        reading.quantity = quantity;
        reading.unit = unit;
        reading.raw = number;
        reading.scale = Scale { exponent, source: ScaleSource::Frame };
        if let Some(number) = number {
            reading.value = Value::Number(number.scaled(exponent));
        } else {
            reading.value = Value::Digits(octets);
            reading.note = Some(Note::NotDecimal);
        }
        reading.record = Some(RecordInfo {
            header: &[],
            data: octets,
            function: Function::Instantaneous,
            storage: self.storage,
            tariff: 0,
            subunit: 0,
            extensions: &[],
            direction: Direction::FromMeter,
            unit_text: None,
        });
        sink.reading(&reading);
        Ok(())
    }
}

/// The two highest bits of each unit octet (EN 1434-3:1997 Table 4).
const fn medium(first: u8, second: u8) -> u8 {
    second >> 6 << 2 | first >> 6
}

/// The device type of the variable data structure that means the same. 0A to 0E are the media 03 to 08 of meters that
/// send the most significant octet first.
const fn device_type(medium: u8) -> u8 {
    match medium {
        0x0A => 0x03,
        0x0B => 0x04,
        0x0C => 0x06,
        0x0D => 0x07,
        0x0E => 0x08,
        0x09 | 0x0F => 0x0F,
        medium => medium,
    }
}

/// Physical units of the fixed data structure (EN 1434-3:1997 Table 5).
const fn unit(code: u8) -> (Quantity, Unit, i8) {
    match code {
        0x02..=0x0A => (Quantity::Energy, Unit::WattHour, code as i8 - 0x02),
        0x0B..=0x13 => (Quantity::Energy, Unit::Joule, 3 + code as i8 - 0x0B),
        0x14..=0x1C => (Quantity::Power, Unit::Watt, code as i8 - 0x14),
        0x1D..=0x25 => (Quantity::Power, Unit::JoulePerHour, 3 + code as i8 - 0x1D),
        0x26..=0x2E => (Quantity::Volume, Unit::CubicMetre, code as i8 - 0x26 - 6),
        0x2F..=0x37 => (Quantity::VolumeFlow, Unit::CubicMetrePerHour, code as i8 - 0x2F - 6),
        0x38 => (Quantity::FlowTemperature, Unit::Celsius, -3),
        0x39 => (Quantity::HeatCostAllocation, Unit::None, 0),
        _ => (Quantity::Counter, Unit::None, 0),
    }
}
