//! M-Bus user data (EN 13757-3:2018, EN 13757-7:2018): what follows the CI field of a frame.

pub mod control_information;
pub mod data_information;
pub mod data_record;
pub mod date_time;
pub mod extension;
pub mod fixed_data;
pub mod header;
mod layout;
mod number;
pub mod value;
pub mod value_information;
pub mod value_table;

use control_information::{Content, ControlInformation, HeaderForm};
pub use data_record::Records;
use header::Configuration;

use crate::application::dlms;
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind, application_error_meaning};
use crate::message::{Message, Protocol, Security, SecurityState};
use crate::reading::Reading;
use crate::sink::{Field, FieldSink, FieldValue, Node};
use crate::span::Span;

/// The order of the octets of a number (EN 13757-3:2018 4.1: CI bit M).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OctetOrder {
    /// Least significant first, as nearly every meter sends.
    LeastFirst,
    /// Most significant first, mode 2.
    MostFirst,
}

/// Who speaks, which decides what the lowest combinable VIFEs mean.
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A meter answers.
    FromMeter,
    /// The master sends.
    ToMeter,
}

/// Reads the user data of a frame: CI field, header, records.
///
/// Gives no message where there is no CI field, or where the user data is a segment of a longer message.
pub fn read_user_data<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<Message> {
    if cursor.is_empty() {
        return None;
    }
    sink.enter(Node::UserData, cursor.position());
    let message = read_from_control_information(cursor, sink);
    cursor.undecoded(sink);
    sink.leave(cursor.position());
    message
}

fn read_from_control_information<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<Message> {
    let at = cursor.position();
    let code = cursor
        .octet(sink, |octet| Field::code("CI field", octet.into(), control_information::meaning(octet)))
        .ok()?;
    let information = ControlInformation::from(code);
    if information.content == Content::Unknown {
        sink.problem(Problem::new(ProblemKind::UnknownControlInformation { code }, at));
        return None;
    }
    let mut message = Message::new(Protocol::Mbus);
    let configuration = match read_header(information, &mut message, cursor, sink) {
        Ok(configuration) => configuration,
        Err(problem) => {
            sink.problem(problem);
            return None;
        }
    };
    if let Some(security) = configuration.security(cursor.ahead()) {
        message.security = security;
        read_ciphered(security, configuration, cursor, sink);
        return Some(message);
    }
    read_content(information, message, cursor, sink)
}

fn read_header(
    information: ControlInformation,
    message: &mut Message,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<Configuration, Problem> {
    match information.header {
        HeaderForm::None => Ok(Configuration::NONE),
        HeaderForm::Short => header::read_short(information.order, message, cursor, sink),
        HeaderForm::Long => header::read_long(information.order, message, cursor, sink),
        HeaderForm::Fixed => header::read_fixed(information.order, message, cursor, sink),
    }
}

fn read_ciphered(
    security: Security,
    configuration: Configuration,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) {
    let at = cursor.position();
    let kind = match security.state {
        SecurityState::Unsupported => ProblemKind::UnsupportedSecurity { code: configuration.mode() },
        _ => ProblemKind::KeyMissing,
    };
    sink.problem(Problem::new(kind, at));
    sink.enter(Node::Ciphered, at);
    cursor.undecoded(sink);
    sink.leave(cursor.position());
}

fn read_content<'a>(
    information: ControlInformation,
    mut message: Message,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Option<Message> {
    match information.content {
        Content::Records(direction) => {
            message.readings = read_records(information.order, direction, cursor, sink);
        }
        Content::FixedData => {
            let binary = message.status.is_some_and(|status| status & fixed_data::STATUS_BINARY != 0);
            message.readings =
                fixed_data::read_counters(information.order, binary, &mut message, cursor, sink);
        }
        Content::ApplicationError => read_application_error(cursor, sink),
        Content::Alarm => {
            let _ =
                cursor.octet(sink, |octet| Field::new("alarm status", FieldValue::Unsigned(octet.into())));
        }
        Content::ApplicationReset => {
            let _ = cursor.octet(sink, |octet| {
                Field::code("subcode", octet.into(), control_information::reset_subcode_meaning(octet))
            });
        }
        Content::Selection => {
            let read = header::read_selection(information.order, cursor, sink);
            if let Err(problem) = read {
                sink.problem(problem);
            }
            message.readings = read_records(information.order, Direction::ToMeter, cursor, sink);
        }
        Content::Dlms { last: true, first: true } => return read_dlms(cursor, sink),
        Content::Dlms { .. } => {
            sink.problem(Problem::new(ProblemKind::SegmentNotJoined, cursor.position()));
            return None;
        }
        Content::Nothing | Content::Unknown => {}
    }
    Some(message)
}

fn read_records<'a>(
    order: OctetOrder,
    direction: Direction,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> u16 {
    let mut readings = 0_u16;
    let mut reading = Reading::empty(Span::default());
    let mut records = Records::new(cursor, order, direction);
    while let Some(record) = records.read_into(&mut reading, sink) {
        readings = readings.saturating_add(u16::from(record.is_ok()));
    }
    readings
}

fn read_application_error(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) {
    let at = cursor.position();
    // EN 13757-3:2018 8.2: without an error code the error is unspecified.
    let code = cursor
        .octet(sink, |octet| Field::code("error", octet.into(), application_error_meaning(octet)))
        .unwrap_or(0);
    sink.problem(Problem::new(ProblemKind::ApplicationError { code }, at));
}

/// One DLMS APDU that fits into the frame (EN 13757-1; CI 10: first segment and last).
fn read_dlms<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<Message> {
    cursor.octet(sink, |octet| Field::number("source SAP", octet.into())).ok()?;
    cursor.octet(sink, |octet| Field::number("destination SAP", octet.into())).ok()?;
    dlms::read_apdu(cursor, sink)
}
