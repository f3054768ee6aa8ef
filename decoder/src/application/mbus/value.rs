//! The octets of a value (EN 13757-3:2018 6.3.3, 6.4.3 and Annex A).

use super::OctetOrder;
use super::date_time;
use super::layout::{Coding, Layout};
use super::number::{Word, bcd_number};
use super::value_information::ValueInformation;
use super::value_table::Form;
use crate::cursor::{Cursor, Short};
use crate::decimal::Decimal;
use crate::reading::{Note, Reading, Value};
use crate::sink::{Field, FieldSink, FieldValue};
use crate::text::Text;

/// Reads the value and completes `reading`: raw, value, note and the octets.
#[inline]
pub(super) fn read_value<'a>(
    layout: Layout,
    order: OctetOrder,
    information: &ValueInformation<'a>,
    reading: &mut Reading<'a>,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<&'a [u8], Short> {
    let word = Word::new(cursor.ahead(), layout.length.into(), order);
    cursor.field(layout.length.into(), sink, |octets| {
        let value = Octets { octets, word, order };
        value.interpret(layout.coding, information, reading);
        (Field::new("value", shown(reading, octets)), octets)
    })
}

/// The octets of a value.
#[derive(Clone, Copy)]
struct Octets<'a> {
    octets: &'a [u8],
    /// As many of them as go into one number.
    word: Word,
    order: OctetOrder,
}

impl<'a> Octets<'a> {
    #[inline]
    fn interpret(self, coding: Coding, information: &ValueInformation<'a>, reading: &mut Reading<'a>) {
        match (coding, information.meaning.form) {
            (Coding::Nothing, _) => {}
            (_, Form::Opaque) | (Coding::Binary, _) => reading.value = Value::Octets(self.octets),
            (Coding::Integer, Form::Number) => self.set_integer(information, reading),
            (Coding::Bcd { negative }, _) => self.set_bcd(negative, information, reading),
            (Coding::Integer, Form::PointInTime) => self.set_time(information, reading),
            (Coding::Integer, Form::Bits) => {
                set_number(reading, Decimal::unsigned(self.word.unsigned(), 0), information);
            }
            (Coding::Float32, _) => self.set_float32(information, reading),
            (Coding::Float64, _) => self.set_float64(information, reading),
            (Coding::Text, _) => self.set_text(reading),
        }
    }

    #[inline]
    fn set_integer(self, information: &ValueInformation<'_>, reading: &mut Reading<'_>) {
        set_number(reading, Decimal::new(self.word.signed(), 0), information);
    }

    #[inline]
    fn set_bcd(self, negative: bool, information: &ValueInformation<'a>, reading: &mut Reading<'a>) {
        let number =
            if Word::holds(self.octets) { self.word.bcd() } else { bcd_number(self.octets, self.order) };
        if let Some(number) = number {
            let negative = (negative || number.negative) && number.digits != 0;
            set_number(reading, Decimal { negative, ..number }, information);
        } else {
            reading.value = Value::Digits(self.octets);
            note(reading, Note::NotDecimal);
        }
    }

    fn set_time(self, information: &ValueInformation<'_>, reading: &mut Reading<'_>) {
        // The types are defined least significant octet first; none has more than six.
        let mut reversed = [0; 6];
        let least_first = match (self.order, reversed.get_mut(..self.octets.len())) {
            (OctetOrder::MostFirst, Some(copy)) => {
                copy.iter_mut().zip(self.octets.iter().rev()).for_each(|(to, from)| *to = *from);
                &*copy
            }
            _ => self.octets,
        };
        match date_time::decode(least_first) {
            Some(Ok(time)) => {
                reading.value = Value::Time(time);
                if date_time::is_every_year(least_first) {
                    note(reading, Note::EveryYear);
                }
            }
            Some(Err(why)) => note(reading, why),
            None => self.set_integer(information, reading),
        }
    }

    fn set_float32(self, information: &ValueInformation<'_>, reading: &mut Reading<'_>) {
        let value = f32::from_bits(self.word.unsigned() as u32);
        set_float(reading, value.into(), Value::Float32(value, information.meaning.exponent), information);
    }

    fn set_float64(self, information: &ValueInformation<'_>, reading: &mut Reading<'_>) {
        let value = f64::from_bits(self.word.unsigned());
        set_float(reading, value, Value::Float64(value, information.meaning.exponent), information);
    }

    fn set_text(self, reading: &mut Reading<'a>) {
        reading.value = Value::Text(match self.order {
            OctetOrder::LeastFirst => Text::reversed(self.octets),
            OctetOrder::MostFirst => Text::forward(self.octets),
        });
    }
}

/// Adds a note, unless the meter itself says what is wrong with the record.
fn note(reading: &mut Reading<'_>, note: Note) {
    reading.note = reading.note.or(Some(note));
}

#[allow(clippy::inline_always, reason = "a number that goes through memory makes the processor wait for it")]
#[inline(always)]
fn set_number(reading: &mut Reading<'_>, raw: Decimal, information: &ValueInformation<'_>) {
    reading.raw = Some(raw);
    let scaled = raw.scaled(information.meaning.exponent);
    match information.effect.addend {
        None => reading.value = Value::Number(scaled),
        Some(addend) => set_sum(reading, scaled, addend),
    }
}

/// Few meters have a constant to add.
#[cold]
fn set_sum(reading: &mut Reading<'_>, scaled: Decimal, addend: Decimal) {
    match scaled.plus(addend) {
        Some(sum) => reading.value = Value::Number(sum),
        None => note(reading, Note::TooLarge),
    }
}

fn set_float<'a>(
    reading: &mut Reading<'a>,
    value: f64,
    exact: Value<'a>,
    information: &ValueInformation<'_>,
) {
    if !value.is_finite() {
        note(reading, Note::NotANumber);
    }
    reading.value = match information.effect.addend {
        None => exact,
        Some(addend) => {
            let scale = Decimal::new(1, information.meaning.exponent).to_f64();
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
