//! The data lines of a P1 telegram.

use crate::cursor::Cursor;
use crate::message::{Message, Protocol};
use crate::sink::FieldSink;

/// Reads all data lines of a telegram.
pub fn read_lines<'a>(
    identification: &'a [u8],
    lines: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Message {
    let _ = identification;
    lines.undecoded(sink);
    Message::new(Protocol::P1)
}
