//! M-Bus user data (EN 13757-3:2018, EN 13757-7:2018): what follows the CI field of a frame.

pub mod authentication;
mod ciphered;
pub mod control_information;
pub mod data_information;
pub mod data_record;
pub mod date_time;
pub mod extension;
pub mod fixed_data;
pub mod header;
mod layout;
pub mod manufacturer;
mod number;
pub mod value;
pub mod value_information;
pub mod value_table;

use authentication::Authentication;
use control_information::{Content, ControlInformation, HeaderForm};
pub use data_record::Records;
use header::{Address, Cipher, Configuration};

use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind, application_error_meaning};
use crate::link::mbus_frame::MbusHeader;
use crate::message::{Message, Protocol};
use crate::reading::{Reading, ReadingKind};
use crate::sink::{Field, FieldSink, FieldValue, Node};
use crate::span::Span;
use crate::transport::mbus_segments::{self, Segment};
use crate::transport::{self, Context, readout};

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

/// Reads the user data of a frame: CI field, header, records. `message` becomes the one that they are.
///
/// There is none where there is no CI field, or where the user data is a segment of a longer message.
pub(crate) fn read_user_data(
    link: MbusHeader,
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) {
    if cursor.is_empty() {
        return;
    }
    sink.enter(Node::UserData, cursor.position());
    let read = read_layers(link, cursor, context, message, sink);
    if let Err(problem) = read {
        *message = None;
        sink.problem(problem);
    }
    cursor.undecoded(sink);
    sink.leave(cursor.position());
}

fn read_layers(
    link: MbusHeader,
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    let mut authentication = None;
    if cursor.peek(0) == Some(authentication::CONTROL_INFORMATION) {
        let layer = authentication.insert(Authentication::read(cursor, sink)?);
        if layer.is_fragment {
            return Err(Problem::new(ProblemKind::SegmentNotJoined, cursor.position()));
        }
    }
    read_from_control_information(link, authentication, cursor, context, message, sink)
}

fn read_from_control_information<'a>(
    link: MbusHeader,
    authentication: Option<Authentication<'a>>,
    cursor: &mut Cursor<'a>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) -> Result<(), Problem> {
    let at = cursor.position();
    let octets = cursor.ahead();
    let read = cursor
        .octet(sink, |octet| Field::code("CI field", octet.into(), control_information::meaning(octet)));
    // Nothing follows an authentication layer.
    let Ok(code) = read else { return Ok(()) };
    let information = ControlInformation::from(code);
    match information.content {
        Content::Unknown => return Err(Problem::new(ProblemKind::UnknownControlInformation { code }, at)),
        Content::Dlms(segment) => {
            read_dlms(segment, cursor, context, message, sink);
            return Ok(());
        }
        _ => {}
    }
    let message = message.insert(Message::new(Protocol::Mbus));
    let (configuration, address) = read_header(information, message, cursor, sink)?;
    let tagged = authentication.is_some_and(|layer| layer.has_tag);
    let cipher = match configuration.cipher(cursor.ahead()) {
        Cipher::None if tagged => Cipher::Tagged,
        cipher => cipher,
    };
    if cipher == Cipher::None {
        let more_follows = read_content(information, message, cursor, sink);
        place_in_readout(link, address, more_follows, octets, message, context, sink);
    } else {
        let head = ciphered::Head { link, authentication, information, configuration, address, cipher };
        ciphered::read(&head, message, cursor, context, sink);
    }
    if let (Some(address), Some(seen)) = (address, context.seen.as_deref_mut()) {
        seen.remember_meter(link.address, address);
    }
    Ok(())
}

/// Says which telegram of a readout it is.
#[inline]
fn place_in_readout(
    link: MbusHeader,
    address: Option<Address>,
    more_follows: bool,
    octets: &[u8],
    message: &mut Message,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) {
    let Some(readout) = context.readout.as_deref_mut() else { return };
    let access = message.access.unwrap_or_default();
    let telegram = readout::Telegram { field: link.address, address, access, more_follows, octets };
    let problem = readout.place(&telegram, &mut message.readout);
    transport::report(problem, 0, sink);
}

fn read_header(
    information: ControlInformation,
    message: &mut Message,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Result<(Configuration, Option<Address>), Problem> {
    let order = information.order;
    match information.header {
        HeaderForm::None => Ok((Configuration::NONE, None)),
        HeaderForm::Short => Ok((header::read_short(order, message, cursor, sink)?, None)),
        HeaderForm::Long => header::read_long(order, message, cursor, sink),
        HeaderForm::Fixed => Ok((header::read_fixed(order, message, cursor, sink)?, None)),
    }
}

/// Reads what follows the header. Says whether the meter has more records than fit.
fn read_content(
    information: ControlInformation,
    message: &mut Message,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> bool {
    match information.content {
        Content::Records(direction) => {
            return read_records(information.order, direction, message, cursor, sink);
        }
        Content::FixedData => {
            let binary = message.status.is_some_and(|status| status & fixed_data::STATUS_BINARY != 0);
            message.readings = fixed_data::read_counters(information.order, binary, message, cursor, sink);
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
            return read_records(information.order, Direction::ToMeter, message, cursor, sink);
        }
        Content::Dlms(_) | Content::Nothing | Content::Unknown => {}
    }
    false
}

/// Reads records up to the end. Says whether the last one is DIF 1F: more follow in the next telegram.
fn read_records<'a>(
    order: OctetOrder,
    direction: Direction,
    message: &mut Message,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> bool {
    let mut readings = 0_u32;
    let mut reading = Reading::empty(Span::default());
    // A cursor of its own, which the optimiser keeps in registers.
    let mut rest = *cursor;
    let make = message.meter.as_ref().and_then(manufacturer::Make::of);
    let mut records = Records::new(&mut rest, order, direction).of_make(make);
    while let Some(record) = records.read_into(&mut reading, sink) {
        readings += u32::from(record.is_ok());
    }
    *cursor = rest;
    message.readings = readings.try_into().unwrap_or(u16::MAX);
    matches!(reading.kind, ReadingKind::Manufacturer { more_follows: true })
}

fn read_application_error(cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) {
    let at = cursor.position();
    // EN 13757-3:2018 8.2: without an error code the error is unspecified.
    let code = cursor
        .octet(sink, |octet| Field::code("error", octet.into(), application_error_meaning(octet)))
        .unwrap_or(0);
    sink.problem(Problem::new(ProblemKind::ApplicationError { code }, at));
}

/// A DLMS APDU or a segment of one, behind the two service access points (EN 13757-1).
fn read_dlms(
    segment: Segment,
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    message: &mut Option<Message>,
    sink: &mut impl FieldSink,
) {
    let mut service_access_point =
        |name| cursor.octet(sink, |octet| Field::number(name, octet.into())).is_ok();
    if service_access_point("source SAP") && service_access_point("destination SAP") {
        mbus_segments::read(segment, cursor, context, message, sink);
    }
}
