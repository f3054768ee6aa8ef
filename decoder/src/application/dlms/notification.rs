//! Data-notification APDUs (IEC 62056-5-3:2017 7.3.12): invoke-id, date-time, body.

use super::date_time::{self, DATE_TIME_LENGTH};
use super::push_list::PushList;
use super::{data, report, report_trailing};
use crate::cursor::{Cursor, Short};
use crate::date_time::DateTime;
use crate::error::{Problem, ProblemKind};
use crate::message::{Message, Protocol};
use crate::sink::{Field, FieldSink, FieldValue, Node};

/// The tag of a data-notification.
pub const TAG: u8 = 0x0F;

/// Reads a data-notification. There is a message only if the body is complete: a body that breaks off or is no data may
/// have lost an octet anywhere, and then the values before the place where it shows are not to be trusted either.
pub fn read<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<Message> {
    let time = {
        let header = read_header(cursor, sink);
        report(header, sink)??
    };
    // Walking the body first costs little and keeps the readings of a broken body from being reported at all.
    if data::skip(&mut cursor.clone()).is_err() {
        let _ = data::read(cursor, &mut (), sink);
        return None;
    }
    let mut list = PushList::new();
    data::read(cursor, &mut list, sink).ok()?;
    report_trailing(cursor, sink);
    Some(Message {
        time: time.or(list.clock()),
        meter: list.meter(),
        list: list.list(),
        readings: list.readings(),
        ..Message::new(Protocol::Dlms)
    })
}

/// Whether octets are a whole data-notification and nothing else.
#[cfg(feature = "crypto")]
pub(crate) fn is_whole(octets: &[u8]) -> bool {
    let mut cursor = Cursor::new(octets);
    octets.first() == Some(&TAG)
        && matches!(read_header(&mut cursor, &mut ()), Ok(Some(_)))
        && data::skip(&mut cursor).is_ok()
        && cursor.is_empty()
}

/// Whether octets are a data-notification as far as its header and the first tag of its body tell.
pub(crate) fn is_plausible(octets: &[u8]) -> bool {
    let mut cursor = Cursor::new(octets);
    let begins = octets.first() == Some(&TAG) && matches!(read_header(&mut cursor, &mut ()), Ok(Some(_)));
    begins
        && matches!(cursor.peek(0), Some(data::tag::ARRAY | data::tag::STRUCTURE | data::tag::OCTET_STRING))
}

/// The time, if the header can be read: `Ok(None)` where the date-time has no known form, which has been reported.
#[allow(
    clippy::option_option,
    reason = "no date-time, and a date-time of unknown form, are different answers"
)]
fn read_header<'a>(
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<Option<Option<DateTime>>, Short> {
    cursor.octet(sink, |tag| Field::code("APDU", tag.into(), "data-notification"))?;
    cursor.array::<4>(sink, |octets| {
        Field::number("long invoke id and priority", u32::from_be_bytes(*octets).into())
    })?;
    let at = cursor.position();
    // The standard asks for an octet string without its tag: a length, then the date-time. Kaifa in Norway sends the tag
    // too, and some meters send neither tag nor length; a year's first octet is 07 or 08.
    match *cursor.ahead() {
        [0, ..] => {
            cursor.octet(sink, |_| Field::new("no date-time", FieldValue::Marker))?;
            Ok(Some(None))
        }
        [length, ..] if usize::from(length) == DATE_TIME_LENGTH => read_time(1, cursor, sink).map(Some),
        [data::tag::OCTET_STRING, length, ..] if usize::from(length) == DATE_TIME_LENGTH => {
            read_time(2, cursor, sink).map(Some)
        }
        [0x07 | 0x08, ..] => read_time(0, cursor, sink).map(Some),
        [] => Err(Short { at, needed: 1, left: 0 }),
        _ => {
            sink.problem(Problem::new(ProblemKind::BadDateTime, at));
            Ok(None)
        }
    }
}

/// Reads a date-time after `header` octets of tag and length.
fn read_time<'a>(
    header: u32,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<Option<DateTime>, Short> {
    let needed = header + DATE_TIME_LENGTH as u32;
    if cursor.left() < needed {
        return Err(Short { at: cursor.position(), needed, left: cursor.left() });
    }
    sink.enter(Node::ApduTime, cursor.position());
    cursor.field(header, sink, |_| (Field::number("length", DATE_TIME_LENGTH as u64), ()))?;
    let time = cursor.field(DATE_TIME_LENGTH as u32, sink, |octets| {
        let time = octets.as_array().and_then(date_time::date_time);
        (Field::new("date-time", time.map_or(FieldValue::Octets(octets), FieldValue::Time)), time)
    })?;
    if time.is_none() {
        sink.problem(Problem::new(ProblemKind::BadDateTime, cursor.position() - DATE_TIME_LENGTH as u32));
    }
    sink.leave(cursor.position());
    Ok(time.filter(|time| time.date.is_some() || time.time.is_some()))
}
