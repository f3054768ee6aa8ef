//! M-Bus records (EN 13757-3).

pub mod data_information;

use crate::cursor::Cursor;
use crate::message::Message;
use crate::sink::FieldSink;

/// Reads the user data of a frame: CI field, header, records.
pub fn read_user_data<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<Message> {
    cursor.undecoded(sink);
    None
}
