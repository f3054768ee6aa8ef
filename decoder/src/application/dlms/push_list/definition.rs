//! Definitions in front of a list's values (Landis+Gyr E450; IEC 62056-6-2:2021 4.4.8, push object list).

use crate::application::dlms::data::{self, Container, tag};
use crate::cursor::Cursor;
use crate::obis::Obis;

/// What an element of the list is: a COSEM class, an object and one of its attributes, in front of the values.
pub(super) struct Definition {
    pub obis: Obis,
    pub attribute: u8,
}

impl Definition {
    /// The attribute that holds the value, in all classes that push lists contain.
    pub const VALUE: u8 = 2;

    /// The definitions of a list of `elements`, if `container`, its first element, is them: as many as the list has
    /// elements, the first being the definition of this array. The cursor stands at the second.
    pub fn all<'a>(container: Container, elements: u32, content: &Cursor<'a>) -> Option<Cursor<'a>> {
        let mut definitions = *content;
        let as_many = container.tag == tag::ARRAY && container.elements == elements;
        if as_many && Self::read(&mut definitions).is_some() { Some(definitions) } else { None }
    }

    /// Reads a definition: class, name, attribute, index, and in some lists a restriction and columns after it.
    pub fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
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
        cursor.split(data::length(cursor.ahead())?)?;
        Some(definition)
    }
}
