//! Which element of a body is what: the forms of push lists, told from the octets and never from settings.
//!
//! Four forms are in use, and each is followed with a small state while the elements go by:
//!
//! - names: an octet string of six is an OBIS code, the next element its value, and a structure of an integer and an enum
//!   after it the value's scaler and unit. Pairs and triples may be wrapped in structures (Aidon, Landis+Gyr in Norway,
//!   Iskraemeco) or stand flat (Kamstrup, Kaifa in Sweden, Austria);
//! - places: the list's name is all that it says, a published table the rest (Kaifa in Norway);
//! - definitions: the first element is an array that defines the others in their order (Landis+Gyr E450);
//! - a single number (Kaifa's list 1).
//!
//! A list in none of these forms gives no readings; its elements have been reported as fields all the same.

use super::data::{self, Container, Data, Element, Elements, tag};
use super::date_time;
use super::lists::{Maker, Position, SINGLE_VALUE, SINGLE_VALUE_MAKER, Selection};
use super::unit::unit;
use crate::cursor::Cursor;
use crate::date_time::DateTime;
use crate::decimal::Decimal;
use crate::message::{ListId, Meter, MeterId};
use crate::obis::Obis;
use crate::reading::{Note, Quantity, Reading, Scale, ScaleSource, Unit, Value};
use crate::sink::{Field, FieldSink, FieldValue};
use crate::text::{ShortText, Text};

/// Follows a body and reports its readings.
pub(crate) struct PushList<'a> {
    form: Form<'a>,
    expected: Expected<'a>,
    maker: Option<&'static Maker>,
    list: Option<ListId>,
    id: Option<ShortText>,
    device_name: Option<ShortText>,
    clock: Option<DateTime>,
    readings: u16,
}

/// How the elements say what they are.
enum Form<'a> {
    /// Nothing has been read.
    Unknown,
    /// The body is a structure of so many elements, and the first is awaited.
    Begun(u32),
    Names,
    /// The places that are left.
    Places(core::slice::Iter<'static, Position>, Selection),
    /// The definitions of the elements that are left.
    Definitions(Cursor<'a>),
}

/// What the next element is, where elements bring their names.
#[derive(Clone, Copy)]
enum Expected<'a> {
    Name,
    ValueOf(Obis, u8),
    /// The scaler and unit of a value, or else the next name.
    ScalerUnitOf(Obis, Element<'a>),
    ScalerOf(Obis, Element<'a>),
    UnitOf(Obis, Element<'a>, i8),
}

/// The scaler and the code of the unit, as the frame says them.
type ScalerUnit = Option<(i8, u8)>;

impl<'a> PushList<'a> {
    pub(crate) const fn new() -> Self {
        Self {
            form: Form::Unknown,
            expected: Expected::Name,
            maker: None,
            list: None,
            id: None,
            device_name: None,
            clock: None,
            readings: 0,
        }
    }

    /// How many readings were reported.
    pub(crate) const fn readings(&self) -> u16 {
        self.readings
    }

    /// The name of the list, where the list says it.
    pub(crate) const fn list(&self) -> Option<ListId> {
        self.list
    }

    /// The time that the clock among the objects shows.
    pub(crate) const fn clock(&self) -> Option<DateTime> {
        self.clock
    }

    /// What the list says of the meter.
    pub(crate) fn meter(&self) -> Option<Meter> {
        let named = self.device_name.as_ref().and_then(|name| name.octets().first_chunk::<3>());
        let manufacturer = self.maker.map(|maker| maker.letters).or(named.copied());
        let id = self.id.or(self.device_name).map(MeterId::Text);
        if manufacturer.is_none() && id.is_none() {
            return None;
        }
        Some(Meter { manufacturer, id, version: None, medium: None })
    }

    fn first_element(&mut self, elements: u32, element: &Element<'a>, sink: &mut impl FieldSink) {
        self.form = Form::Names;
        if elements == 1 && element.tag == tag::DOUBLE_LONG_UNSIGNED {
            self.maker = Some(SINGLE_VALUE_MAKER);
            return self.report(SINGLE_VALUE, element, None, sink);
        }
        let Some(maker) = characters(element).and_then(|text| Maker::by_list(text.octets)) else {
            return self.named(element, sink);
        };
        if let Some(selection) = Selection::of(elements)
            && maker.has_positions(elements)
        {
            self.form = Form::Places(maker.positions.iter(), selection);
            self.placed(element, sink);
        } else if let Some(obis) = maker.unnamed_first {
            self.report(obis, element, None, sink);
        }
    }

    fn placed(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        let Form::Places(places, selection) = &mut self.form else { return };
        if let Some(place) = places.find(|place| selection.has(place.part)) {
            self.report(place.obis, element, None, sink);
        }
    }

    fn defined(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        let Form::Definitions(definitions) = &mut self.form else { return };
        if let Some(definition) = Definition::read(definitions) {
            self.report_attribute(&definition, element, sink);
        }
    }

    fn named(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        let expected = core::mem::replace(&mut self.expected, Expected::Name);
        match expected {
            Expected::Name => self.name(element),
            Expected::ValueOf(obis, depth) if depth == element.depth => {
                self.expected = Expected::ScalerUnitOf(obis, *element);
            }
            Expected::ValueOf(..) => self.name(element),
            Expected::ScalerOf(obis, value) if element.tag == tag::INTEGER => {
                let Data::Signed(scaler) = element.data else { return };
                self.expected = Expected::UnitOf(obis, value, scaler as i8);
            }
            Expected::UnitOf(obis, value, scaler) if element.tag == tag::ENUM => {
                let Data::Unsigned(code) = element.data else { return };
                self.report(obis, &value, Some((scaler, code as u8)), sink);
            }
            Expected::ScalerUnitOf(obis, value)
            | Expected::ScalerOf(obis, value)
            | Expected::UnitOf(obis, value, _) => {
                self.report(obis, &value, None, sink);
                self.name(element);
            }
        }
    }

    fn name(&mut self, element: &Element<'a>) {
        self.expected = match data::obis(element.tag, &element.data) {
            Some(obis) => Expected::ValueOf(obis, element.depth),
            None => Expected::Name,
        };
    }

    /// Reports the value that waits for its scaler and unit, if there is one.
    fn flush(&mut self, sink: &mut impl FieldSink) {
        match core::mem::replace(&mut self.expected, Expected::Name) {
            Expected::ScalerUnitOf(obis, value)
            | Expected::ScalerOf(obis, value)
            | Expected::UnitOf(obis, value, _) => self.report(obis, &value, None, sink),
            Expected::Name | Expected::ValueOf(..) => {}
        }
    }

    fn report_attribute(
        &mut self,
        definition: &Definition,
        element: &Element<'a>,
        sink: &mut impl FieldSink,
    ) {
        if definition.attribute == Definition::VALUE {
            return self.report(definition.obis, element, None, sink);
        }
        // The object's name says what its value is, not what its status or capture time is.
        let mut reading = self.reading(definition.obis, element, None);
        reading.quantity =
            if matches!(reading.value, Value::Time(_)) { Quantity::TimePoint } else { Quantity::Unknown };
        self.send(&reading, sink);
    }

    fn report(&mut self, obis: Obis, element: &Element<'a>, scale: ScalerUnit, sink: &mut impl FieldSink) {
        let reading = self.reading(obis, element, scale);
        self.learn(&reading);
        self.send(&reading, sink);
    }

    fn send(&mut self, reading: &Reading<'a>, sink: &mut impl FieldSink) {
        self.readings = self.readings.saturating_add(1);
        sink.reading(reading);
    }

    fn reading(&self, obis: Obis, element: &Element<'a>, scale: ScalerUnit) -> Reading<'a> {
        let mut reading = Reading::empty(element.span);
        reading.obis = Some(obis);
        reading.quantity = obis.quantity();
        match element.data {
            Data::Null => {}
            Data::Boolean(value) => self.set_number(&mut reading, Decimal::unsigned(value.into(), 0), scale),
            Data::Signed(number) => self.set_number(&mut reading, Decimal::new(number, 0), scale),
            Data::Unsigned(number) => self.set_number(&mut reading, Decimal::unsigned(number, 0), scale),
            Data::Float32(number) => {
                set_float(&mut reading, number.is_finite(), scale, |exponent| {
                    Value::Float32(number, exponent)
                });
            }
            Data::Float64(number) => {
                set_float(&mut reading, number.is_finite(), scale, |exponent| {
                    Value::Float64(number, exponent)
                });
            }
            Data::Text(text) => reading.value = Value::Text(text),
            Data::Time(time) => reading.value = Value::Time(time),
            Data::Octets(octets) => {
                reading.value = match characters(element) {
                    Some(text) => Value::Text(text),
                    None => date_time::in_octet_string(octets).map_or(Value::Octets(octets), Value::Time),
                };
                if reading.quantity == Quantity::TimePoint && !matches!(reading.value, Value::Time(_)) {
                    reading.note = Some(Note::NoSuchDate);
                }
            }
            Data::Compact(octets) => reading.value = Value::Octets(octets),
        }
        reading
    }

    fn set_number(&self, reading: &mut Reading<'a>, raw: Decimal, scale: ScalerUnit) {
        reading.raw = Some(raw);
        if scale.is_some() {
            set_scale(reading, scale);
        } else if let Some(scaling) = reading.obis.and_then(|obis| self.maker?.scaling(obis)) {
            if scaling.holds_for(raw.digits) {
                reading.unit = scaling.unit;
                reading.scale = Scale { exponent: scaling.exponent, source: ScaleSource::List };
            } else {
                reading.note = Some(Note::ScaleUnknown);
            }
        } else if is_measured(reading.quantity) {
            reading.note = Some(Note::ScaleUnknown);
        }
        reading.value = Value::Number(raw.scaled(reading.scale.exponent));
    }

    /// Keeps what a reading says of the meter and the list.
    fn learn(&mut self, reading: &Reading<'a>) {
        match (reading.quantity, &reading.value) {
            (Quantity::ListVersion, Value::Text(text)) => {
                self.list = ShortText::new(*text).map(ListId);
                self.maker = Maker::by_list(text.octets).or(self.maker);
            }
            (Quantity::MeterId, Value::Text(text)) if self.id.is_none() => self.id = ShortText::new(*text),
            (Quantity::LogicalDeviceName, Value::Text(text)) => self.device_name = ShortText::new(*text),
            (Quantity::TimePoint, Value::Time(time)) => self.clock = Some(*time),
            _ => {}
        }
    }
}

impl<'a> Elements<'a> for PushList<'a> {
    fn begin(&mut self, container: Container, content: &Cursor<'a>, sink: &mut impl FieldSink) {
        match &mut self.form {
            Form::Unknown => {
                let structure = container.tag == tag::STRUCTURE;
                self.form = if structure { Form::Begun(container.elements) } else { Form::Names };
            }
            Form::Begun(elements) => {
                self.form = match Definition::all(container, *elements, content) {
                    Some(definitions) => Form::Definitions(definitions),
                    None => Form::Names,
                };
            }
            // The element that this definition defines is a structure: fields, but no reading.
            Form::Definitions(definitions) if container.depth == 1 => {
                Definition::read(definitions);
            }
            Form::Places(places, selection) if container.depth == 1 => {
                places.find(|place| selection.has(place.part));
            }
            Form::Definitions(_) | Form::Places(..) => {}
            Form::Names => match self.expected {
                Expected::ScalerUnitOf(obis, value)
                    if container.tag == tag::STRUCTURE
                        && container.elements == 2
                        && container.depth == value.depth =>
                {
                    self.expected = Expected::ScalerOf(obis, value);
                }
                _ => self.flush(sink),
            },
        }
    }

    #[inline]
    fn scalar(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        match &self.form {
            Form::Unknown => {}
            Form::Begun(elements) => self.first_element(*elements, element, sink),
            Form::Names => self.named(element, sink),
            Form::Places(..) if element.depth == 1 => self.placed(element, sink),
            Form::Definitions(_) if element.depth == 1 => self.defined(element, sink),
            Form::Places(..) | Form::Definitions(_) => {}
        }
    }

    fn end(&mut self, _: u8, sink: &mut impl FieldSink) {
        if matches!(self.form, Form::Names) {
            self.flush(sink);
        }
    }

    fn field(&self, tag: u8, data: &Data<'a>) -> Field<'a> {
        match (&self.expected, data) {
            (Expected::ScalerOf(..), Data::Signed(scaler)) if tag == tag::INTEGER => {
                Field::new("scaler", FieldValue::Signed(*scaler))
            }
            (Expected::UnitOf(..), Data::Unsigned(code)) if tag == tag::ENUM => {
                let meaning = match unit(*code as u8) {
                    Some((Unit::None, _)) => "no unit",
                    Some((_, -3)) => "l",
                    Some((unit, _)) => unit.symbol(),
                    None => "",
                };
                Field::new("unit", FieldValue::Code { code: *code as u32, meaning })
            }
            _ => data::field(tag, data),
        }
    }
}

/// What an element of the list is: a COSEM class, an object and one of its attributes, in front of the values.
struct Definition {
    obis: Obis,
    attribute: u8,
}

impl Definition {
    /// The attribute that holds the value, in all classes that push lists contain.
    const VALUE: u8 = 2;

    /// The definitions of a list of `elements`, if `container`, its first element, is them: as many as the list has
    /// elements, the first being the definition of this array. The cursor stands at the second.
    fn all<'a>(container: Container, elements: u32, content: &Cursor<'a>) -> Option<Cursor<'a>> {
        let mut definitions = *content;
        let as_many = container.tag == tag::ARRAY && container.elements == elements;
        if as_many && Self::read(&mut definitions).is_some() { Some(definitions) } else { None }
    }

    /// Reads a definition: class, name, attribute, index, and in some lists a restriction and columns after it.
    fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let definition = match *cursor.ahead() {
            [
                tag::STRUCTURE,
                4..=6,
                tag::LONG_UNSIGNED,
                _,
                _,
                tag::OCTET_STRING,
                6,
                a,
                b,
                c,
                d,
                e,
                f,
                tag::INTEGER,
                attribute,
                tag::LONG_UNSIGNED,
                ..,
            ] => Self { obis: Obis([a, b, c, d, e, f]), attribute },
            _ => return None,
        };
        data::skip(cursor).ok()?;
        Some(definition)
    }
}

/// Text, where a visible string or a printable octet string is one.
fn characters<'a>(element: &Element<'a>) -> Option<Text<'a>> {
    match element.data {
        Data::Text(text) => Some(text),
        Data::Octets(octets) if element.tag == tag::OCTET_STRING && !octets.is_empty() => {
            let text = Text::forward(octets);
            if text.is_printable() && octets.first() != Some(&0) { Some(text) } else { None }
        }
        _ => None,
    }
}

fn set_float<'a>(
    reading: &mut Reading<'a>,
    finite: bool,
    scale: ScalerUnit,
    value: impl FnOnce(i8) -> Value<'a>,
) {
    set_scale(reading, scale);
    reading.value = value(reading.scale.exponent);
    if !finite {
        reading.note = Some(Note::NotANumber);
    }
}

fn set_scale(reading: &mut Reading<'_>, scale: ScalerUnit) {
    let Some((scaler, code)) = scale else { return };
    match unit(code) {
        Some((unit, more)) => {
            reading.unit = unit;
            reading.scale = Scale { exponent: scaler.saturating_add(more), source: ScaleSource::Frame };
            if reading.quantity == Quantity::Unknown {
                reading.quantity = Quantity::of_unit(unit);
            }
        }
        None => {
            reading.scale = Scale { exponent: scaler, source: ScaleSource::Frame };
            reading.note = Some(Note::UnknownUnit);
        }
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

#[cfg(test)]
#[path = "push_list_tests.rs"]
mod tests;
