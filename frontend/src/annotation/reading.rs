//! Readings that outlive their frame.

use meterscope_decoder::date_time::DateTime;
use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::reading::{Function, Note, Quantity, Reading, Scale, Unit, Value};
use meterscope_decoder::span::Span;

/// A [`Reading`] that outlives its frame.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnedReading {
    /// What the person calls it, by an override.
    pub label: Option<String>,
    /// What was measured.
    pub quantity: Quantity,
    /// The value in `unit`.
    pub value: OwnedValue,
    /// The unit, without a decimal prefix.
    pub unit: Unit,
    /// The number on the wire, before any scale.
    pub raw: Option<Decimal>,
    /// The power of ten between the two and who says so.
    pub scale: Scale,
    /// The object's name, as the telegram prints it or as it is written.
    pub object: Option<String>,
    /// Which of several M-Bus records of the same quantity it is.
    pub record: Option<RecordPlace>,
    /// What else an M-Bus record says of its value, in the standard's words: a phase, a limit, a rate, the meter's unit.
    pub qualifiers: Vec<String>,
    /// Why there is no value, or what to think of it.
    pub note: Option<Note>,
    /// The octets, in `buffer`.
    pub span: Span,
    /// The buffer that `span` counts in, a place in [`Tree::buffers`](super::Tree::buffers).
    pub buffer: usize,
}

/// The value of an [`OwnedReading`].
#[derive(Clone, Debug, PartialEq)]
pub enum OwnedValue {
    /// None was sent, or it is no number.
    Absent,
    /// A number.
    Number(Decimal),
    /// Text, or digits that are no number.
    Text(String),
    /// A date, a time or both.
    Time(DateTime),
    /// Octets without a known meaning.
    Octets,
}

/// Which of several M-Bus records of the same quantity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// Now, maximum, minimum, during an error.
    pub function: Function,
    /// 0 is now.
    pub storage: u64,
    /// 0 is the total.
    pub tariff: u32,
    /// Which unit in the device.
    pub subunit: u16,
}

impl OwnedReading {
    /// A copy of `reading`, which lies in this buffer.
    pub fn new(reading: &Reading<'_>, buffer: usize) -> Self {
        let value = match reading.value {
            Value::Absent => OwnedValue::Absent,
            Value::Text(text) => OwnedValue::Text(text.to_string().trim_end_matches('\0').to_owned()),
            Value::Time(time) => OwnedValue::Time(time),
            Value::Octets(_) => OwnedValue::Octets,
            Value::Digits(_) => OwnedValue::Text(reading.value.to_string()),
            Value::Number(_) | Value::Float32(..) | Value::Float64(..) => {
                reading.value.number().map_or(OwnedValue::Absent, OwnedValue::Number)
            }
        };
        Self {
            label: reading.label().map(|label| label.to_string()),
            quantity: reading.quantity,
            value,
            unit: reading.unit,
            raw: reading.raw,
            scale: reading.scale,
            object: match (reading.printed_name(), reading.obis) {
                (Some(name), _) => Some(name.to_string()),
                (None, obis) => obis.map(|obis| obis.to_string()),
            },
            record: reading.record.map(|record| RecordPlace {
                function: record.function,
                storage: record.storage,
                tariff: record.tariff,
                subunit: record.subunit,
            }),
            qualifiers: qualifiers(reading),
            note: reading.note,
            span: reading.span,
            buffer,
        }
    }
}

fn qualifiers(reading: &Reading<'_>) -> Vec<String> {
    let Some(record) = reading.record else { return Vec::new() };
    let said = record.qualifiers(reading.quantity).map(str::to_owned);
    said.chain(record.unit_text.map(|text| text.to_string())).collect()
}
