//! How scalars are called and shown.

use super::{Data, obis, tag};
use crate::application::dlms::date_time;
use crate::reading::{Unit, Value};
use crate::sink::{Field, FieldValue};
use crate::text::Text;

/// A scalar by the name of its type.
pub(crate) fn field<'a>(tag: u8, data: &Data<'a>) -> Field<'a> {
    let value = match *data {
        Data::Null => FieldValue::Marker,
        Data::Boolean(value) => {
            FieldValue::Code { code: value.into(), meaning: if value { "true" } else { "false" } }
        }
        Data::Signed(number) => FieldValue::Signed(number),
        Data::Unsigned(number) => FieldValue::Unsigned(number),
        Data::Float32(number) => FieldValue::Value(Value::Float32(number, 0), Unit::None),
        Data::Float64(number) => FieldValue::Value(Value::Float64(number, 0), Unit::None),
        Data::Text(text) => FieldValue::Text(text),
        Data::Time(time) => FieldValue::Time(time),
        Data::Compact(octets) => FieldValue::Undecoded(octets),
        Data::Octets(octets) => octet_string(tag, octets, data),
    };
    Field::new(type_name(tag), value)
}

/// An octet string is whatever the meter likes: a name, a date-time, text, or octets.
fn octet_string<'a>(tag: u8, octets: &'a [u8], data: &Data<'_>) -> FieldValue<'a> {
    if tag != tag::OCTET_STRING {
        return FieldValue::Octets(octets);
    }
    if let Some(obis) = obis(tag, data) {
        return FieldValue::Obis(obis);
    }
    if let Some(time) = date_time::in_octet_string(octets) {
        return FieldValue::Time(time);
    }
    let text = Text::forward(octets);
    if !octets.is_empty() && text.is_printable() {
        FieldValue::Text(text)
    } else {
        FieldValue::Octets(octets)
    }
}

/// The name of a type (IEC 62056-6-2:2021 Table 2).
const fn type_name(tag: u8) -> &'static str {
    match tag {
        0x00 => "null-data",
        0x03 => "boolean",
        0x04 => "bit-string",
        0x05 => "double-long",
        0x06 => "double-long-unsigned",
        0x09 => "octet-string",
        0x0A => "visible-string",
        0x0C => "utf8-string",
        0x0D => "bcd",
        0x0F => "integer",
        0x10 => "long",
        0x11 => "unsigned",
        0x12 => "long-unsigned",
        0x13 => "contents",
        0x14 => "long64",
        0x15 => "long64-unsigned",
        0x16 => "enum",
        0x17 => "float32",
        0x18 => "float64",
        0x19 => "date-time",
        0x1A => "date",
        0x1B => "time",
        0xFF => "dont-care",
        _ => "data",
    }
}
