//! The octets of a value (EN 13757-3:2018 6.3.3, 6.4.3 and Annex A).

use super::OctetOrder;
use super::date_time;
use super::extension::Effect;
use super::layout::{Coding, Layout};
use super::number::{Word, bcd_number};
use super::value_table::{Form, Meaning};
use crate::cursor::{Cursor, Short};
use crate::decimal::Decimal;
use crate::reading::{Note, Reading, Value};
use crate::sink::{Field, FieldSink, FieldValue};
use crate::text::Text;

/// What DIF and VIF said of the octets of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Description<'e> {
    pub layout: Layout,
    pub order: OctetOrder,
    pub meaning: Meaning,
    /// What the VIFEs do to the value, where there are any.
    pub effect: Option<&'e Effect>,
}

/// Reads the value and completes `reading`: raw, value, note and the octets.
#[inline]
pub(super) fn read_value<'a>(
    description: Description<'_>,
    reading: &mut Reading<'a>,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<&'a [u8], Short> {
    let Description { layout, order, meaning, effect } = description;
    let word = Word::new(cursor.ahead(), layout.unused, order);
    cursor.field(layout.length.into(), sink, |octets| {
        // Nearly every value is a number, and takes the short way.
        match number(layout, meaning.form, word) {
            Some(number) => set_number(reading, number, meaning.exponent, effect),
            None => set_other(octets, word, description, reading),
        }
        (Field::new("value", shown(reading, octets)), octets)
    })
}

/// The number that nearly every value is; none where it is something else, or a number seldom seen.
#[inline]
fn number(layout: Layout, form: Form, word: Word) -> Option<Decimal> {
    match (layout.coding, form) {
        (Coding::Integer, Form::Number) => Some(Decimal::new(word.signed(), 0)),
        (Coding::Integer, Form::Bits) => Some(Decimal::unsigned(word.unsigned(), 0)),
        (Coding::Bcd, Form::Number | Form::Bits | Form::PointInTime) if layout.length <= Word::OCTETS => {
            word.bcd()
        }
        _ => None,
    }
}

fn set_other<'a>(octets: &'a [u8], word: Word, description: Description<'_>, reading: &mut Reading<'a>) {
    let Description { layout, order, meaning, effect } = description;
    reading.value = Value::Absent;
    reading.raw = None;
    match (layout.coding, meaning.form) {
        (Coding::Nothing, _) => {}
        (Coding::Selection, _) => reading.note = Some(Note::Selected),
        (_, Form::Opaque) | (Coding::Binary, _) => reading.value = Value::Octets(octets),
        (Coding::Integer, Form::PointInTime) if set_time(word, layout.length, reading) => {}
        (Coding::Integer, _) => {
            set_number(reading, Decimal::new(word.signed(), 0), meaning.exponent, effect);
        }
        (Coding::Bcd | Coding::NegativeBcd, _) => {
            if let Some(number) = bcd_number(octets, order) {
                let negative = number.negative || layout.coding == Coding::NegativeBcd && number.digits != 0;
                set_number(reading, Decimal { negative, ..number }, meaning.exponent, effect);
            } else {
                reading.value = Value::Digits(octets);
                note(reading, Note::NotDecimal);
            }
        }
        (Coding::Float32, _) => {
            let value = f32::from_bits(word.unsigned() as u32);
            set_float(reading, value.into(), Value::Float32(value, meaning.exponent), description);
        }
        (Coding::Float64, _) => {
            let value = f64::from_bits(word.unsigned());
            set_float(reading, value, Value::Float64(value, meaning.exponent), description);
        }
        (Coding::Text, _) => {
            reading.value = Value::Text(match order {
                OctetOrder::LeastFirst => Text::reversed(octets),
                OctetOrder::MostFirst => Text::forward(octets),
            });
        }
    }
}

/// Says whether so many octets are a date or time.
fn set_time(word: Word, length: u8, reading: &mut Reading<'_>) -> bool {
    // The types are defined least significant octet first.
    let octets = word.unsigned().to_le_bytes();
    let least_first = octets.get(..length.into()).unwrap_or_default();
    match date_time::decode(least_first) {
        Some(Ok(time)) => {
            reading.value = Value::Time(time);
            if date_time::is_every_year(least_first) {
                note(reading, Note::EveryYear);
            }
        }
        Some(Err(why)) => note(reading, why),
        None => return false,
    }
    true
}

/// Adds a note, unless the meter itself says what is wrong with the record.
fn note(reading: &mut Reading<'_>, note: Note) {
    reading.note = reading.note.or(Some(note));
}

#[inline]
fn set_number(reading: &mut Reading<'_>, raw: Decimal, exponent: i8, effect: Option<&Effect>) {
    reading.raw = Some(raw);
    reading.value = Value::Number(raw.scaled(exponent));
    if let Some(Effect { addend: Some(addend), .. }) = effect {
        add(*addend, reading);
    }
}

/// Few meters have a constant to add.
#[cold]
fn add(addend: Decimal, reading: &mut Reading<'_>) {
    let sum = reading.value.number().and_then(|number| number.plus(addend));
    if let Some(sum) = sum {
        reading.value = Value::Number(sum);
    } else {
        reading.value = Value::Absent;
        note(reading, Note::TooLarge);
    }
}

fn set_float<'a>(reading: &mut Reading<'a>, value: f64, exact: Value<'a>, description: Description<'_>) {
    if !value.is_finite() {
        note(reading, Note::NotANumber);
    }
    reading.value = match description.effect.and_then(|effect| effect.addend) {
        None => exact,
        Some(addend) => {
            let scale = Decimal::new(1, description.meaning.exponent).to_f64();
            Value::Float64(value * scale + addend.to_f64(), 0)
        }
    };
}

/// How the leaf shows the value. It computes nothing, so that a sink without interest in fields costs nothing.
#[inline]
fn shown<'a>(reading: &Reading<'a>, octets: &'a [u8]) -> FieldValue<'a> {
    match reading.value {
        Value::Absent | Value::Octets(_) => FieldValue::Octets(octets),
        value => FieldValue::Value(value, reading.unit),
    }
}
