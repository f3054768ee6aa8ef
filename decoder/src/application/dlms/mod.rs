//! DLMS/COSEM push messages (IEC 62056-5-3, 62056-6-2).

use crate::cursor::Cursor;
use crate::message::Message;
use crate::sink::FieldSink;

/// Reads the information field of an HDLC frame: LLC header and APDU.
pub fn read_information<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<Message> {
    cursor.undecoded(sink);
    None
}

/// Reads an APDU.
pub fn read_apdu<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<Message> {
    cursor.undecoded(sink);
    None
}
