//! The data lines of a P1 telegram (DSMR P1 companion standard 5.0.2, 6.3 and 6.12; EN 62056-21 data sets).
//!
//! A line is the name of an object and values in brackets: `1-0:1.8.1(000123.456*kWh)`. The last value is what the line
//! is about; times of capture, counts and names stand before it. DSMR 2 and 3 put the value of a gas meter, without its
//! unit, on a line of its own: such a line belongs to the one before. Logs and lists have many values on one line.
//!
//! The dialects are told from the lines themselves, never from the identification: DSMR 2.2 to 5.0.2 (Netherlands),
//! e-MUCS-P1 1.7.1 (Belgium), Smarty (Luxembourg), Branschrekommendation lokalt kundgränssnitt 2.0 (Sweden), and the
//! Austrian, Danish, Finnish, Hungarian, Irish, Lithuanian, Norwegian and Swiss ones, which differ in names, units and the
//! number of digits.

mod bracket;
mod line;
mod profile;
mod value;

pub use line::parse_obis;

use self::line::Line;
use crate::cursor::Cursor;
use crate::link::{Frame, p1_telegram};
use crate::message::{ListId, Message, Meter, MeterId, Protocol};
use crate::reading::{Quantity, Reading, Value};
use crate::sink::{Field, FieldSink, FieldValue, Node};
use crate::text::{ShortText, Text};

/// Reads a telegram, good or damaged: identification, lines, CRC. The caller leaves the node that it enters.
pub(crate) fn read_telegram<'a>(
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Option<Message> {
    p1_telegram::enter(cursor, sink);
    if let Some(problem) = frame.damage {
        sink.problem(problem);
    }
    let Some((identification, mut lines)) = p1_telegram::read_header(cursor, sink) else {
        cursor.undecoded(sink);
        return None;
    };
    let message = frame.damage.is_none().then(|| read_lines(identification, &mut lines, sink));
    lines.undecoded(sink);
    p1_telegram::read_trailer(frame, cursor, sink);
    message
}

/// Reads all data lines of a telegram: every octet is reported as a field, every line with a value as a reading.
pub fn read_lines<'a>(
    identification: &'a [u8],
    lines: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Message {
    let mut message = Message::new(Protocol::P1);
    // `/`, three letters, the baud rate, and what the maker likes.
    let letters = identification.get(1..).and_then(|rest| rest.first_chunk::<3>());
    let mut meter = Meter {
        manufacturer: letters.map(|letters| letters.map(|l| l.to_ascii_uppercase())),
        ..Meter::default()
    };
    while !lines.is_empty() {
        if is_line_end(lines.peek(0)) {
            read_line_end("empty line", lines, sink);
            continue;
        }
        sink.enter(Node::Line, lines.position());
        let line = Line::read(lines, sink);
        // A line that begins with a value continues the one before.
        while read_line_end("line end", lines, sink) && lines.peek(0) == Some(b'(') {
            line.read_values(lines, sink);
        }
        sink.leave(lines.position());
        line.report(lines.position(), |reading| {
            learn(reading, &mut message, &mut meter);
            sink.reading(reading);
            message.readings = message.readings.saturating_add(1);
        });
    }
    message.meter = Some(meter);
    message
}

/// Keeps what a reading says of the telegram and the meter.
fn learn(reading: &Reading<'_>, message: &mut Message, meter: &mut Meter) {
    // Channel 0 is the electricity meter itself; the others are the meters behind it.
    let own = reading.obis.is_some_and(|obis| matches!(obis.0, [_, 0 | 3, ..]));
    match (reading.quantity, &reading.value) {
        (Quantity::TimePoint, Value::Time(time)) if own => message.time = Some(*time),
        (Quantity::MeterId, Value::Text(text)) if own && meter.id.is_none() => {
            meter.id = ShortText::new(*text).map(MeterId::Text);
        }
        (Quantity::ListVersion, Value::Text(text)) => message.list = ShortText::new(*text).map(ListId),
        _ => {}
    }
}

const fn is_line_end(octet: Option<u8>) -> bool {
    matches!(octet, Some(b'\r' | b'\n'))
}

/// Reads the end of a line, if the cursor stands at one.
fn read_line_end(name: &'static str, lines: &mut Cursor<'_>, sink: &mut impl FieldSink) -> bool {
    let length = match lines.ahead() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => return false,
    };
    lines.field(length, sink, |_| (Field::new(name, FieldValue::Marker), ())).is_ok()
}

/// Characters as a field.
fn text_field<'a>(name: &'static str, octets: &'a [u8]) -> Field<'a> {
    Field::new(name, FieldValue::Text(Text::forward(octets)))
}

#[cfg(test)]
#[path = "p1/tests.rs"]
mod tests;
