//! Which element of a body is what: the forms of push lists, told from the octets and never from settings.
//!
//! Five forms are in use, and each is followed with a small state while the elements go by:
//!
//! - names: an octet string of six is an OBIS code, the next element its value, and a structure of an integer and an enum
//!   after it the value's scaler and unit. Pairs and triples may be wrapped in structures (Aidon, Landis+Gyr in Norway,
//!   Iskraemeco) or stand flat (Kamstrup, Kaifa in Sweden, Austria);
//! - places: the list's name is all that it says, a published table the rest (Kaifa in Norway);
//! - definitions: the first element is an array that defines the others in their order (Landis+Gyr E450);
//! - a single number (Kaifa's list 1);
//! - bare values: nothing says what they are but their number and types, of which some are published (Iskraemeco).
//!
//! A list in none of these forms is valid all the same: its elements become readings without a name.

#![allow(
    clippy::inline_always,
    reason = "from its octets to its reading a number stays in registers, see `Data::number_ahead`"
)]

mod definition;
mod value;

use self::definition::Definition;
use self::value::{Scaled, certain_number, characters, set_value};
use super::data::{self, Container, Data, Element, Elements, tag};
use super::lists::{Kinds, Maker, Place, Places, Position, SINGLE_VALUE, SINGLE_VALUE_MAKER, UnnamedList};
use super::unit::unit;
use crate::cursor::Cursor;
use crate::decimal::Decimal;
use crate::message::{ListId, Message, MeterId};
use crate::obis::Obis;
use crate::reading::{Quantity, Reading, Unit, Value};
use crate::sink::{Field, FieldSink, FieldValue};
use crate::span::Span;
use crate::text::{ShortText, Text};

/// Follows a body and reports its readings.
pub(crate) struct PushList<'a, 'm> {
    message: &'m mut Message,
    /// The message had its time before the list began.
    timed: bool,
    form: Form<'a>,
    expected: Expected,
    /// The last name.
    name: Obis,
    /// The value of `name`, while its scaler-unit is expected.
    value: Element<'a>,
    maker: Option<Maker>,
    /// Which of the maker's models it is.
    kinds: Kinds,
    /// The maker of a list that nothing but its elements tells.
    letters: Option<[u8; 3]>,
    /// The elements of a list that has more than one, from the first on.
    content: Cursor<'a>,
    /// The elements that are left of a list of bare values. Not a form: those are looked at for every element.
    bare: Option<core::slice::Iter<'static, Place>>,
    device_name: Option<ShortText>,
}

/// How the elements say what they are.
enum Form<'a> {
    /// Nothing has been read.
    Unknown,
    /// The body is a structure of so many elements, and the first is awaited.
    Begun(u32),
    Names,
    /// The places that are left.
    Places(Places),
    /// The definitions of the elements that are left.
    Definitions(Cursor<'a>),
    /// One that the sink has no use for.
    Unread,
}

/// What the next element is, where elements bring their names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Name,
    /// The value of `name`, in so many structures and arrays.
    Value(u8),
    /// The scaler-unit of `value`, or else the next name.
    ScalerUnit,
    Scaler,
    /// The unit that goes with this scaler.
    Unit(i8),
}

impl<'a, 'm> PushList<'a, 'm> {
    /// A list that says in `message` what it says of itself and the meter.
    pub(crate) const fn new(message: &'m mut Message) -> Self {
        Self {
            timed: message.time.is_some(),
            message,
            form: Form::Unknown,
            expected: Expected::Name,
            name: Obis::new(0, 0, 0, 0, 0),
            value: Element { tag: 0, data: Data::Null, depth: 0, span: Span::new(0, 0) },
            maker: None,
            kinds: Kinds::NONE,
            letters: None,
            content: Cursor::new(&[]),
            bare: None,
            device_name: None,
        }
    }

    /// Says in the message what only the whole list tells.
    pub(crate) fn finish(self) {
        let named = || self.device_name.as_ref()?.octets().first_chunk::<3>().copied();
        let manufacturer = self.maker.map(Maker::letters).or_else(named).or(self.letters);
        if manufacturer.is_some() || self.device_name.is_some() {
            let meter = self.message.meter.get_or_insert_default();
            meter.manufacturer = manufacturer;
            if meter.id.is_none() {
                meter.id = self.device_name.map(MeterId::Text);
            }
        }
        self.message.meter.take_if(|meter| meter.manufacturer.is_none() && meter.id.is_none());
    }

    #[inline(always)]
    fn single(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        self.form = Form::Names;
        self.maker = Some(SINGLE_VALUE_MAKER);
        self.report_place(&SINGLE_VALUE, element, sink);
    }

    #[inline(never)]
    fn first_element(&mut self, elements: u32, element: &Element<'a>, sink: &mut impl FieldSink) {
        self.form = Form::Names;
        let list = characters(element);
        let Some(maker) = list.and_then(|text| Maker::by_list(text.octets)) else {
            if sink.spares_code() {
                return self.named(element, sink);
            }
            let known = UnnamedList::find(elements, &self.content);
            if known.is_some() || !has_names(elements, self.content) {
                self.letters = known.map(|list| list.letters);
                self.message.unknown_list = known.is_none();
                self.bare = Some(known.map_or_else(Default::default, |list| list.places.iter()));
            }
            return self.named(element, sink);
        };
        self.maker = Some(maker);
        if let Some(places) = maker.places(elements) {
            self.form = Form::Places(places);
            self.placed(element, sink);
        } else if let Some(obis) = maker.unnamed_first() {
            self.report(obis, element, Scaled::ByName, sink);
        }
    }

    #[inline(always)]
    fn placed(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        let Form::Places(places) = &mut self.form else { return };
        if let Some(place) = places.next() {
            #[allow(clippy::needless_borrow, reason = "on an AVR it is none")]
            self.report_place(&place, element, sink);
        }
    }

    #[inline(always)]
    fn report_place(&mut self, place: &Position, element: &Element<'a>, sink: &mut impl FieldSink) {
        #[cfg(not(target_arch = "avr"))]
        let (quantity, scale) = (place.quantity, Scaled::ByPlace(place.scaling));
        #[cfg(target_arch = "avr")]
        let (quantity, scale) = (Quantity::Unknown, Scaled::ByName);
        self.report_as((place.obis, quantity), element, scale, sink);
    }

    #[inline(never)]
    fn defined(&mut self, element: Element<'a>, sink: &mut impl FieldSink) {
        let Form::Definitions(definitions) = &mut self.form else { return };
        if let Some(definition) = Definition::read(definitions) {
            self.report_attribute(&definition, &element, sink);
        }
    }

    #[inline(never)]
    fn bare(&mut self, element: Element<'a>, sink: &mut impl FieldSink) {
        let place = self.bare.as_mut().and_then(Iterator::next);
        let mut reading = Reading::empty(element.span);
        reading.obis = place.and_then(|place| place.obis);
        reading.quantity = place.map_or(Quantity::Unknown, |place| place.quantity);
        let scale = place.map_or(Scaled::ByName, |place| Scaled::ByPlace(place.scaling));
        set_value(&mut reading, &element, scale, None);
        self.learn(reading.obis, reading.quantity, &reading.value);
        self.message.readings = self.message.readings.saturating_add(1);
        sink.reading(&reading);
    }

    #[inline(never)]
    fn named(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        if !sink.spares_code() && self.bare.is_some() {
            if element.depth == 1 {
                self.bare(*element, sink);
            }
            return;
        }
        match (self.expected, &element.data) {
            (Expected::Value(depth), _) if depth == element.depth => {
                self.value = *element;
                self.expected = Expected::ScalerUnit;
            }
            (Expected::Scaler, &Data::Signed(scaler)) if element.tag == tag::INTEGER => {
                self.expected = Expected::Unit(scaler as i8);
            }
            (Expected::Unit(scaler), &Data::Unsigned(code)) if element.tag == tag::ENUM => {
                self.report_value(Scaled::InFrame(scaler, code as u8), sink);
            }
            _ => {
                self.flush(sink);
                if let Some(obis) = data::obis(element.tag, &element.data) {
                    self.name = obis;
                    self.expected = Expected::Value(element.depth);
                }
            }
        }
    }

    /// Reports the value that waits for its scaler-unit, if there is one.
    fn flush(&mut self, sink: &mut impl FieldSink) {
        match self.expected {
            Expected::Name => {}
            Expected::Value(_) => self.expected = Expected::Name,
            Expected::ScalerUnit | Expected::Scaler | Expected::Unit(_) => {
                self.report_value(Scaled::ByName, sink);
            }
        }
    }

    fn report_value(&mut self, scale: Scaled, sink: &mut impl FieldSink) {
        self.expected = Expected::Name;
        if sink.spares_code() {
            let number = certain_number(&self.value, self.name, scale, self.known());
            return self.report_number(self.name, number, characters(&self.value), sink);
        }
        let (name, value) = (self.name, self.value);
        self.report(name, &value, scale, sink);
    }

    fn report_attribute(
        &mut self,
        definition: &Definition,
        element: &Element<'a>,
        sink: &mut impl FieldSink,
    ) {
        if definition.attribute == Definition::VALUE {
            return self.report(definition.obis, element, Scaled::ByName, sink);
        }
        self.message.readings = self.message.readings.saturating_add(1);
        sink.reading(&attribute(definition.obis, definition.attribute, element, self.known()));
    }

    #[inline(always)]
    fn report(&mut self, obis: Obis, element: &Element<'a>, scale: Scaled, sink: &mut impl FieldSink) {
        let quantity = if sink.spares_code() { Quantity::Unknown } else { obis.quantity() };
        self.report_as((obis, quantity), element, scale, sink);
    }

    #[cfg_attr(not(target_arch = "avr"), inline(always))]
    fn report_as(
        &mut self,
        (obis, quantity): (Obis, Quantity),
        element: &Element<'a>,
        scale: Scaled,
        sink: &mut impl FieldSink,
    ) {
        if sink.spares_code() {
            let number = certain_number(element, obis, scale, self.known());
            return self.report_number(obis, number, characters(element), sink);
        }
        let mut reading = Reading::empty(element.span);
        reading.obis = Some(obis);
        reading.quantity = quantity;
        set_value(&mut reading, element, scale, self.known());
        if !matches!(reading.value, Value::Number(_)) {
            self.learn(Some(obis), quantity, &reading.value);
        }
        self.message.readings = self.message.readings.saturating_add(1);
        sink.reading(&reading);
    }

    /// Reports a number whose scale is certain, and learns from a text how others are scaled.
    fn report_number(
        &mut self,
        obis: Obis,
        number: Option<(Decimal, Unit)>,
        text: Option<Text<'_>>,
        sink: &mut impl FieldSink,
    ) {
        self.message.readings = self.message.readings.saturating_add(1);
        if let Some((number, unit)) = number {
            sink.number(obis, number, unit);
        } else if let Some(text) = text {
            self.learn_scales(obis.quantity_of_scales(), text);
        }
    }

    /// Whose meter it is, as far as that is known by now.
    #[inline(always)]
    fn known(&self) -> Option<(Maker, Kinds)> {
        self.maker.map(|maker| (maker, self.kinds))
    }

    /// Keeps what a text says of the scales of numbers.
    fn learn_scales(&mut self, quantity: Quantity, text: Text<'_>) {
        match quantity {
            Quantity::ListVersion => self.maker = self.maker.or_else(|| Maker::by_list(text.octets)),
            Quantity::MeterModel => {
                self.kinds = self.maker.map_or(Kinds::NONE, |maker| maker.kinds_of(text.octets));
            }
            _ => {}
        }
    }

    /// Keeps what a reading says of the meter and the list.
    fn learn(&mut self, obis: Option<Obis>, quantity: Quantity, value: &Value<'a>) {
        if let Value::Text(text) = value {
            self.learn_scales(quantity, *text);
        }
        match (quantity, value) {
            (Quantity::ListVersion, Value::Text(text)) => {
                let list = self.message.list.insert(ListId(ShortText::default()));
                if !list.0.set(*text) {
                    self.message.list = None;
                }
            }
            // Device ID 3 and what follows are the grid company's numbers (IEC 62056-6-1 Table 11).
            (Quantity::MeterId, _) if obis.is_some_and(is_foreign_id) => {}
            (Quantity::MeterId, Value::Text(text)) => {
                let meter = self.message.meter.get_or_insert_default();
                if meter.id.is_none() {
                    meter.set_id(*text);
                }
            }
            (Quantity::LogicalDeviceName, Value::Text(text)) => self.device_name = ShortText::new(*text),
            (Quantity::TimePoint, Value::Time(time)) if !self.timed => self.message.time = Some(*time),
            _ => {}
        }
    }
}

/// 96.1.2 to 96.1.9.
const fn is_foreign_id(obis: Obis) -> bool {
    matches!(obis.measured(), [96, 1, 2..=9])
}

/// Whether one of the elements ahead is the name of an object.
fn has_names(elements: u32, mut content: Cursor<'_>) -> bool {
    let mut search = NameSearch { found: false };
    for _ in 0..elements {
        if data::read(&mut content, &mut search, &mut ()).is_err() || search.found {
            break;
        }
    }
    search.found
}

struct NameSearch {
    found: bool,
}

impl<'a> Elements<'a> for NameSearch {
    fn scalar(&mut self, element: &Element<'a>, _: &mut impl FieldSink) {
        self.found |= data::obis(element.tag, &element.data).is_some();
    }
}

/// The reading of an attribute of an object. The object's name says what its value is, not what its status or capture time
/// is.
pub(super) fn attribute<'a>(
    obis: Obis,
    attribute: u8,
    element: &Element<'a>,
    maker: Option<(Maker, Kinds)>,
) -> Reading<'a> {
    let mut reading = Reading::empty(element.span);
    reading.obis = Some(obis);
    if attribute == Definition::VALUE {
        reading.quantity = obis.quantity();
    }
    set_value(&mut reading, element, Scaled::ByName, maker);
    if matches!(reading.value, Value::Time(_)) {
        reading.quantity = Quantity::TimePoint;
    }
    reading
}

impl<'a> Elements<'a> for PushList<'a, '_> {
    fn begin(&mut self, container: Container, content: &Cursor<'a>, sink: &mut impl FieldSink) {
        match &mut self.form {
            Form::Unknown => {
                let structure = container.tag == tag::STRUCTURE;
                self.form = if structure { Form::Begun(container.elements) } else { Form::Names };
                if container.elements > 1 {
                    self.content = *content;
                }
            }
            Form::Begun(elements) => {
                self.form = if !sink.spares_code() {
                    match Definition::all(container, *elements, content) {
                        Some(definitions) => Form::Definitions(definitions),
                        None => Form::Names,
                    }
                } else if container.tag == tag::STRUCTURE {
                    Form::Names
                } else {
                    Form::Unread
                };
            }
            // The element that this definition defines is a structure: fields, but no reading.
            Form::Definitions(definitions) if container.depth == 1 && !sink.spares_code() => {
                Definition::read(definitions);
            }
            Form::Places(places) if container.depth == 1 => {
                places.next();
            }
            Form::Definitions(_) | Form::Places(..) | Form::Unread => {}
            Form::Names => {
                if let (1, Some(places)) = (container.depth, &mut self.bare) {
                    places.next();
                }
                let pair = container.tag == tag::STRUCTURE && container.elements == 2;
                let beside = container.depth == self.value.depth;
                if self.expected == Expected::ScalerUnit && pair && beside {
                    self.expected = Expected::Scaler;
                } else {
                    self.flush(sink);
                }
            }
        }
    }

    #[inline(always)]
    fn scalar(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        match &self.form {
            Form::Unknown => {}
            Form::Begun(1) if element.tag == tag::DOUBLE_LONG_UNSIGNED => self.single(element, sink),
            Form::Begun(elements) => self.first_element(*elements, element, sink),
            Form::Names => self.named(element, sink),
            Form::Places(..) if element.depth == 1 => self.placed(element, sink),
            Form::Definitions(_) if element.depth == 1 && !sink.spares_code() => self.defined(*element, sink),
            Form::Places(..) | Form::Definitions(_) | Form::Unread => {}
        }
    }

    fn end(&mut self, _: u8, sink: &mut impl FieldSink) {
        if matches!(self.form, Form::Names) {
            self.flush(sink);
        }
    }

    fn field(&self, tag: u8, data: &Data<'a>) -> Field<'a> {
        match (self.expected, data) {
            (Expected::Scaler, Data::Signed(scaler)) if tag == tag::INTEGER => {
                Field::new("scaler", FieldValue::Signed(*scaler))
            }
            (Expected::Unit(_), Data::Unsigned(code)) if tag == tag::ENUM => {
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

#[cfg(test)]
#[path = "push_list_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "push_list/bare_tests.rs"]
mod bare_tests;
