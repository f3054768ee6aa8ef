//! Event-notification APDUs (IEC 62056-5-3:2017 7.3.8): a time or none, the name of an attribute, its value.

use super::data::{self, Element, Elements};
use super::date_time::{self, DATE_TIME_LENGTH};
use super::push_list::{self, PushList};
use super::{report, report_trailing};
use crate::cursor::Cursor;
use crate::date_time::DateTime;
use crate::error::{Problem, ProblemKind};
use crate::message::{Message, Protocol};
use crate::obis::Obis;
use crate::sink::{Field, FieldSink, FieldValue};

/// The tag of an event-notification-request.
pub const TAG: u8 = 0xC2;

/// What stands in front of the value.
struct Head {
    time: Option<DateTime>,
    obis: Obis,
    attribute: u8,
}

/// Reads an event-notification. There is a message only if the value is complete, as with a
/// [data-notification](super::notification).
pub(crate) fn read(cursor: &mut Cursor<'_>, message: &mut Option<Message>, sink: &mut impl FieldSink) {
    let read = read_head(cursor, sink);
    let Some(head) = report(read, sink) else { return };
    if data::length(cursor.ahead()).is_none() {
        let _ = data::read(cursor, &mut (), sink);
        return;
    }
    let said = message.insert(Message::new(Protocol::Dlms));
    let complete = if matches!(cursor.peek(0), Some(data::tag::ARRAY | data::tag::STRUCTURE)) {
        let mut list = PushList::new(said);
        let complete = data::read(cursor, &mut list, sink);
        list.finish();
        complete
    } else {
        let mut attribute = Attribute { head: &head, readings: 0 };
        let complete = data::read(cursor, &mut attribute, sink);
        said.readings = attribute.readings;
        complete
    };
    if complete.is_err() {
        *message = None;
        return;
    }
    said.time = head.time.or(said.time);
    report_trailing(cursor, sink);
}

/// Whether octets are a whole event-notification and nothing else.
#[cfg(feature = "crypto")]
pub(crate) fn is_whole(octets: &[u8]) -> bool {
    let mut cursor = Cursor::new(octets);
    octets.first() == Some(&TAG)
        && read_head(&mut cursor, &mut ()).is_ok()
        && data::length(cursor.ahead()) == Some(cursor.left())
}

fn read_head(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Result<Head, Problem> {
    cursor.octet(sink, |tag| Field::code("APDU", tag.into(), "event-notification-request"))?;
    let at = cursor.position();
    let time = match cursor.octet(sink, |octet| Field::number("time present", octet.into()))? {
        0 => None,
        1 => read_time(cursor, sink)?,
        _ => return Err(Problem::new(ProblemKind::BadDateTime, at)),
    };
    cursor.array::<2>(sink, |octets| Field::number("class", u16::from_be_bytes(*octets).into()))?;
    let obis = Obis(*cursor.array::<6>(sink, |octets| Field::new("name", FieldValue::Obis(Obis(*octets))))?);
    let attribute = cursor.octet(sink, |octet| Field::number("attribute", octet.into()))?;
    Ok(Head { time, obis, attribute })
}

fn read_time(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Result<Option<DateTime>, Problem> {
    let at = cursor.position();
    let length = cursor.octet(sink, |length| Field::number("length", length.into()))?;
    if usize::from(length) != DATE_TIME_LENGTH {
        return Err(Problem::new(ProblemKind::BadDateTime, at));
    }
    let octets = cursor.array::<DATE_TIME_LENGTH>(sink, |octets| {
        let time = date_time::date_time(octets);
        Field::new("date-time", time.map_or(FieldValue::Octets(octets), FieldValue::Time))
    })?;
    Ok(date_time::date_time(octets).filter(|time| time.date.is_some() || time.time.is_some()))
}

/// The value of one attribute.
struct Attribute<'h> {
    head: &'h Head,
    readings: u16,
}

impl<'a> Elements<'a> for Attribute<'_> {
    fn scalar(&mut self, element: &Element<'a>, sink: &mut impl FieldSink) {
        sink.reading(&push_list::attribute(self.head.obis, self.head.attribute, element, None));
        self.readings = self.readings.saturating_add(1);
    }
}
