//! The value of an element, its scale and its unit.

#![allow(
    clippy::inline_always,
    reason = "from its octets to its reading a number stays in registers, see `Data::number_ahead`"
)]

use crate::application::dlms::data::{Data, Element, tag};
use crate::application::dlms::date_time;
use crate::application::dlms::lists::{Kinds, Maker, Scaling};
use crate::application::dlms::unit::{electric_unit, unit};
use crate::decimal::Decimal;
use crate::obis::Obis;
use crate::reading::{Note, Quantity, Reading, Scale, ScaleSource, Unit, Value};
use crate::text::Text;

/// Who says the scale and unit of a value.
#[derive(Clone, Copy)]
pub(super) enum Scaled {
    /// The frame: a scaler and the code of a unit.
    InFrame(i8, u8),
    /// The place in the list.
    ByPlace(Scaling),
    /// Only the object's name can tell.
    ByName,
}

/// Fills in the value of an element, its scale and its unit. `maker`: whose list it is, and of which kinds the meter is.
#[inline(always)]
pub(super) fn set_value<'a>(
    reading: &mut Reading<'a>,
    element: &Element<'a>,
    scale: Scaled,
    maker: Option<(Maker, Kinds)>,
) {
    if let Some(number) = number_of(&element.data) {
        set_number(reading, number, scale, maker);
    } else {
        set_other(reading, element, scale);
    }
}

/// A whole number as it came.
#[inline(always)]
fn number_of(data: &Data<'_>) -> Option<Decimal> {
    match *data {
        Data::Unsigned(number) => Some(Decimal::unsigned(number, 0)),
        Data::Signed(number) => Some(Decimal::new(number, 0)),
        Data::Boolean(value) => Some(Decimal::unsigned(value.into(), 0)),
        _ => None,
    }
}

/// A whole number with its unit, if there is no doubt of its scale and it is one of the [units of electricity](electric_unit).
pub(super) fn certain_number(
    element: &Element<'_>,
    obis: Obis,
    scale: Scaled,
    maker: Option<(Maker, Kinds)>,
) -> Option<(Decimal, Unit)> {
    let raw = number_of(&element.data)?;
    let (exponent, unit) = match scale {
        Scaled::InFrame(scaler, code) => (scaler, electric_unit(code)?),
        Scaled::ByPlace(_) | Scaled::ByName => {
            let (maker, kinds) = maker?;
            let scaling = maker.scaling(obis, kinds)?;
            if !scaling.holds_for(raw.digits) {
                return None;
            }
            (scaling.exponent, scaling.unit)
        }
    };
    Some((raw.scaled(exponent), unit))
}

#[inline(never)]
fn set_other<'a>(reading: &mut Reading<'a>, element: &Element<'a>, scale: Scaled) {
    match element.data {
        Data::Float32(number) => {
            set_scale(reading, scale);
            set_float(reading, number.is_finite(), Value::Float32(number, reading.scale.exponent));
        }
        Data::Float64(number) => {
            set_scale(reading, scale);
            set_float(reading, number.is_finite(), Value::Float64(number, reading.scale.exponent));
        }
        Data::Null | Data::Unsigned(_) | Data::Signed(_) | Data::Boolean(_) => {}
        Data::Text(text) => reading.value = Value::Text(text),
        Data::Time(time) => reading.value = Value::Time(time),
        Data::Octets(octets) => set_octets(reading, octets, element),
        Data::Compact(octets) => reading.value = Value::Octets(octets),
    }
}

#[inline(always)]
fn set_number(reading: &mut Reading<'_>, raw: Decimal, scale: Scaled, maker: Option<(Maker, Kinds)>) {
    reading.raw = Some(raw);
    let scaling = match scale {
        Scaled::InFrame(..) => {
            set_scale(reading, scale);
            None
        }
        Scaled::ByPlace(scaling) => Some(scaling),
        Scaled::ByName => {
            maker.zip(reading.obis).and_then(|((maker, kinds), obis)| maker.scaling(obis, kinds))
        }
    };
    if let Some(scaling) = scaling.filter(|scaling| scaling.holds_for(raw.digits)) {
        reading.unit = scaling.unit;
        reading.scale = Scale { exponent: scaling.exponent, source: ScaleSource::List };
    } else if reading.scale.source == ScaleSource::None && is_measured(reading.quantity) {
        reading.note = Some(Note::ScaleUnknown);
    }
    reading.value = Value::Number(raw.scaled(reading.scale.exponent));
}

/// Text, where a visible string or a printable octet string is one.
pub(super) fn characters<'a>(element: &Element<'a>) -> Option<Text<'a>> {
    match element.data {
        Data::Text(text) => Some(text),
        Data::Octets(octets) if element.tag == tag::OCTET_STRING && !octets.is_empty() => {
            let text = Text::forward(octets);
            if text.is_printable() && octets.first() != Some(&0) { Some(text) } else { None }
        }
        _ => None,
    }
}

fn set_octets<'a>(reading: &mut Reading<'a>, octets: &'a [u8], element: &Element<'a>) {
    reading.value = match characters(element) {
        Some(text) => Value::Text(text),
        None => date_time::in_octet_string(octets).map_or(Value::Octets(octets), Value::Time),
    };
    if reading.quantity == Quantity::TimePoint && !matches!(reading.value, Value::Time(_)) {
        reading.note = Some(Note::NoSuchDate);
    }
}

fn set_float<'a>(reading: &mut Reading<'a>, finite: bool, value: Value<'a>) {
    reading.value = value;
    if !finite {
        reading.note = Some(Note::NotANumber);
    }
}

fn set_scale(reading: &mut Reading<'_>, scale: Scaled) {
    let Scaled::InFrame(scaler, code) = scale else { return };
    let known = unit(code).and_then(|(unit, more)| Some((unit, scaler.checked_add(more)?)));
    let (unit, exponent) = known.unwrap_or((Unit::None, scaler));
    reading.unit = unit;
    reading.scale = Scale { exponent, source: ScaleSource::Frame };
    if known.is_none() {
        reading.note = Some(Note::UnknownUnit);
    }
    if reading.quantity == Quantity::Unknown {
        reading.quantity = Quantity::of_unit(unit);
    }
}

/// Whether a number of this kind is meaningless without its unit.
const fn is_measured(quantity: Quantity) -> bool {
    !matches!(
        quantity,
        Quantity::Unknown
            | Quantity::MeterId
            | Quantity::ErrorFlags
            | Quantity::Counter
            | Quantity::ActiveTariff
            | Quantity::SwitchPosition
            | Quantity::Medium
            | Quantity::ListVersion
    )
}
