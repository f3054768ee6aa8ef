//! DLMS/COSEM push messages (IEC 62056-5-3, 62056-6-2).
//!
//! An information field is an LLC header and an APDU ([`read_information`]). Meters push one kind of APDU, the
//! [data-notification](notification) (and some an [event-notification](event_notification)), plain, [ciphered] or cut into
//! [blocks](block_transfer). Its body is [`data`], and what the elements of the body are is told by the form of the
//! [push list](push_list) and the makers' [`lists`].

pub mod block_transfer;
pub mod ciphered;
pub mod data;
pub mod date_time;
pub mod event_notification;
pub mod length;
pub mod lists;
pub mod notification;
mod push_list;
#[cfg(feature = "crypto")]
mod response;
pub mod unit;

use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::message::Message;
use crate::sink::{Field, FieldSink, FieldValue, Node};
use crate::transport::Context;

/// LLC service access points: the client's address comes first in what a server sends (IEC 62056-46:2002 6.3.2).
const LLC_DESTINATION: u8 = 0xE6;
/// A response, as meters push; E6 is a command, which some meters push too.
const LLC_RESPONSE: u8 = 0xE7;
const LLC_COMMAND: u8 = 0xE6;
const LLC_QUALITY: u8 = 0x00;
/// Octets of an LLC header.
pub const LLC_LENGTH: usize = 3;

/// Reads the information field of an HDLC frame: LLC header and APDU.
///
/// Landis+Gyr sends the header with the first block of a message only. What begins with neither a header nor an APDU is
/// left unread: it is not a push message, and need not be an error. `message` becomes the one that it completes.
pub(crate) fn read_information(
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) {
    if has_llc(cursor.ahead()) {
        read_llc(cursor, sink);
    } else if sink.spares_code() || cursor.peek(0) != Some(block_transfer::TAG) && !is_apdu(cursor.ahead()) {
        return;
    }
    read_apdu(cursor, context, message, sink);
}

/// Reads an APDU: what the information field holds after the LLC header, or an M-Bus frame of CI 00…1F after its service
/// access points. All octets are reported, whatever they are.
#[inline]
pub(crate) fn read_apdu(
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) {
    match cursor.peek(0) {
        // What most meters send goes the shortest way.
        Some(notification::TAG) => read_plain_apdu(cursor, message, sink),
        Some(block_transfer::TAG) if !sink.spares_code() => {
            *message = block_transfer::read(cursor, context, sink);
        }
        _ => read_whole_apdu(cursor, context, message, sink),
    }
}

/// Reads an APDU that is no block of one.
fn read_whole_apdu(
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) {
    match cursor.peek(0) {
        Some(tag) if ciphered::is_ciphered(tag) => {
            *message = in_apdu(cursor, sink, |cursor, sink| ciphered::read(cursor, context, sink));
        }
        _ => read_plain_apdu(cursor, message, sink),
    }
}

/// Reads an APDU that is neither a block nor ciphered.
fn read_plain_apdu(cursor: &mut Cursor<'_>, message: &mut Option<Message>, sink: &mut impl FieldSink) {
    sink.enter(Node::Apdu, cursor.position());
    match cursor.peek(0) {
        Some(notification::TAG) => notification::read(cursor, message, sink),
        Some(event_notification::TAG) if !sink.spares_code() => {
            event_notification::read(cursor, message, sink);
        }
        Some(tag) => sink.problem(Problem::new(ProblemKind::UnknownApdu { tag }, cursor.position())),
        None => sink.problem(length::truncated(1, 0, cursor.position())),
    }
    cursor.undecoded(sink);
    sink.leave(cursor.position());
}

fn in_apdu<'a, S: FieldSink, T>(
    cursor: &mut Cursor<'a>,
    sink: &mut S,
    read: impl FnOnce(&mut Cursor<'a>, &mut S) -> T,
) -> T {
    sink.enter(Node::Apdu, cursor.position());
    let result = read(cursor, sink);
    cursor.undecoded(sink);
    sink.leave(cursor.position());
    result
}

/// Whether the octets begin with an LLC header.
pub fn has_llc(octets: &[u8]) -> bool {
    matches!(octets, [LLC_DESTINATION, LLC_RESPONSE | LLC_COMMAND, LLC_QUALITY, ..])
}

/// Whether octets that nothing frames are an APDU as far as their header tells.
pub(crate) fn is_apdu(octets: &[u8]) -> bool {
    match octets {
        [notification::TAG, ..] => notification::is_plausible(octets),
        [tag, ..] if ciphered::is_ciphered(*tag) => {
            let mut cursor = Cursor::new(octets);
            ciphered::read_fields(&mut cursor, &mut ())
                .is_some_and(|apdu| apdu.system_title.is_some() || cursor.is_empty())
        }
        _ => false,
    }
}

fn read_llc(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) {
    sink.enter(Node::Llc, cursor.position());
    let _ = cursor.octet(sink, |sap| Field::code("destination LSAP", sap.into(), "DLMS"));
    let _ = cursor.octet(sink, |sap| {
        Field::code("source LSAP", sap.into(), if sap == LLC_RESPONSE { "response" } else { "command" })
    });
    let _ = cursor.octet(sink, |_| Field::new("quality", FieldValue::Marker));
    sink.leave(cursor.position());
}

/// Says so when octets are left after a complete APDU.
fn report_trailing(cursor: &Cursor<'_>, sink: &mut impl FieldSink) {
    if !cursor.is_empty() {
        sink.problem(Problem::new(ProblemKind::Trailing { count: cursor.left() }, cursor.position()));
    }
}

/// The problem of a read that ended short, reported.
fn report<T>(result: Result<T, impl Into<Problem>>, sink: &mut impl FieldSink) -> Option<T> {
    result.map_err(|problem| sink.problem(problem.into())).ok()
}

#[cfg(test)]
#[path = "dlms_tests.rs"]
mod tests;
