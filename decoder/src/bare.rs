//! Input without a link frame: one bare LLC header and APDU, or one bare APDU.
//!
//! Nothing frames and nothing checks such octets, so they are recognised by their content alone. Ask only where the link
//! layers found no good frame.

use crate::application::dlms;
use crate::cursor::Cursor;
use crate::message::Message;
use crate::sink::FieldSink;

/// The kinds of bare input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BareKind {
    /// An LLC header and an APDU: the information field of an HDLC frame.
    Llc,
    /// An APDU.
    Apdu,
}

impl BareKind {
    /// The name of the link that the output uses.
    pub const fn link(self) -> &'static str {
        match self {
            Self::Llc => "llc",
            Self::Apdu => "apdu",
        }
    }
}

/// Says whether the whole input is one bare LLC header and APDU, or one bare APDU, good or damaged.
///
/// A data-notification is one whose header can be read and whose body begins as bodies do, even if it breaks off: a
/// person then sees how far it can be read. A general-ciphering APDU has to be as long as it says, at least; others, which
/// have less to be known by, exactly.
pub fn recognise(octets: &[u8]) -> Option<BareKind> {
    if dlms::has_llc(octets) {
        return dlms::is_apdu(octets.get(dlms::LLC_LENGTH..)?).then_some(BareKind::Llc);
    }
    dlms::is_apdu(octets).then_some(BareKind::Apdu)
}

/// Reads bare input. Fields, readings and problems go to the sink; the fields cover every octet.
pub fn decode_bare(kind: BareKind, octets: &[u8], sink: &mut impl FieldSink) -> Option<Message> {
    let mut cursor = Cursor::new(octets);
    let message = match kind {
        BareKind::Llc => dlms::read_information(&mut cursor, sink),
        BareKind::Apdu => dlms::read_apdu(&mut cursor, sink),
    };
    cursor.undecoded(sink);
    message
}
