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
pub fn read<'a>(cursor: &mut Cursor<'a>, message: &mut Option<Message>, sink: &mut impl FieldSink) {
    // It is written where it stays, and taken back where there is none after all.
    let complete = read_message(cursor, message.insert(Message::new(Protocol::Dlms)), sink);
    if complete.is_none() {
        *message = None;
    }
}

fn read_message<'a>(cursor: &mut Cursor<'a>, message: &mut Message, sink: &mut impl FieldSink) -> Option<()> {
    read_header(cursor, &mut message.time, sink)?;
    // Walking the body first costs little and keeps the readings of a broken body from being reported at all.
    if !sink.spares_code() && data::length(cursor.ahead()).is_none() {
        let _ = data::read(cursor, &mut (), sink);
        return None;
    }
    // A date-time of which every part is left out says no time.
    message.time.take_if(|time| time.date.is_none() && time.time.is_none());
    let mut list = PushList::new(message);
    data::read(cursor, &mut list, sink).ok()?;
    if !sink.spares_code() {
        list.finish();
    }
    report_trailing(cursor, sink);
    Some(())
}

/// Whether octets are a whole data-notification and nothing else.
#[cfg(feature = "crypto")]
pub(crate) fn is_whole(octets: &[u8]) -> bool {
    let mut cursor = Cursor::new(octets);
    octets.first() == Some(&TAG)
        && read_header(&mut cursor, &mut None, &mut ()).is_some()
        && data::length(cursor.ahead()) == Some(cursor.left())
}

/// Whether octets are a data-notification as far as its header and the first tag of its body tell.
pub(crate) fn is_plausible(octets: &[u8]) -> bool {
    let mut cursor = Cursor::new(octets);
    let begins = octets.first() == Some(&TAG) && read_header(&mut cursor, &mut None, &mut ()).is_some();
    begins
        && matches!(cursor.peek(0), Some(data::tag::ARRAY | data::tag::STRUCTURE | data::tag::OCTET_STRING))
}

/// Reads the header and sets `time` to what it says. None if it cannot be read; what is wrong has been reported.
#[cfg_attr(not(target_arch = "avr"), inline)]
#[cfg_attr(target_arch = "avr", inline(never))]
fn read_header(
    cursor: &mut Cursor<'_>,
    time: &mut Option<DateTime>,
    sink: &mut impl FieldSink,
) -> Option<()> {
    let begun = read_invoke_id(cursor, sink);
    report(begun, sink)?;
    let at = cursor.position();
    // The standard asks for an octet string without its tag: a length, then the date-time. Kaifa in Norway sends the tag
    // too, and some meters send neither tag nor length; a year's first octet is 07 or 08.
    let header = match *cursor.ahead() {
        [0, ..] => {
            let _ = cursor.octet(sink, |_| Field::new("no date-time", FieldValue::Marker));
            return Some(());
        }
        [length, ..] if usize::from(length) == DATE_TIME_LENGTH => 1,
        [data::tag::OCTET_STRING, length, ..] if usize::from(length) == DATE_TIME_LENGTH => 2,
        [0x07 | 0x08, ..] => 0,
        [] => return report(Err(Short { at, needed: 1, left: 0 }), sink),
        _ => {
            sink.problem(Problem::new(ProblemKind::BadDateTime, at));
            return None;
        }
    };
    let read = read_time(header, cursor, time, sink);
    report(read, sink)
}

fn read_invoke_id(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) -> Result<(), Short> {
    cursor.octet(sink, |tag| Field::code("APDU", tag.into(), "data-notification"))?;
    cursor.array::<4>(sink, |octets| {
        Field::number("long invoke id and priority", u32::from_be_bytes(*octets).into())
    })?;
    Ok(())
}

/// Reads a date-time after `header` octets of tag and length.
#[inline]
fn read_time(
    header: u32,
    cursor: &mut Cursor<'_>,
    time: &mut Option<DateTime>,
    sink: &mut impl FieldSink,
) -> Result<(), Short> {
    let needed = header + DATE_TIME_LENGTH as u32;
    if cursor.left() < needed {
        return Err(Short { at: cursor.position(), needed, left: cursor.left() });
    }
    sink.enter(Node::ApduTime, cursor.position());
    cursor.leaf(header, sink, |_| Field::number("length", DATE_TIME_LENGTH as u64))?;
    let octets = cursor.array::<DATE_TIME_LENGTH>(sink, |octets| {
        let time = date_time::date_time(octets);
        Field::new("date-time", time.map_or(FieldValue::Octets(octets), FieldValue::Time))
    })?;
    if !sink.spares_code() {
        *time = date_time::date_time(octets);
    }
    if time.is_none() && !sink.spares_code() {
        sink.problem(Problem::new(ProblemKind::BadDateTime, cursor.position() - DATE_TIME_LENGTH as u32));
    }
    sink.leave(cursor.position());
    Ok(())
}
