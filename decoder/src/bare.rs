//! Input without a link frame: one bare LLC header and APDU, or one bare APDU.
//!
//! Nothing frames and nothing checks such octets, so they are recognised by their content alone. Ask only where the link
//! layers found no good frame.

use crate::application::dlms::{self, ciphered, notification};
use crate::cursor::Cursor;
use crate::link::FrameKind;

/// Says whether the whole input is one bare LLC header and APDU, or one bare APDU, good or damaged.
///
/// A data-notification is one whose header can be read and whose body begins as bodies do, even if it breaks off: a
/// person then sees how far it can be read. A ciphered APDU has to have the length that it says.
pub fn recognise(octets: &[u8]) -> Option<FrameKind> {
    if dlms::has_llc(octets) {
        return is_apdu(octets.get(dlms::LLC_LENGTH..)?).then_some(FrameKind::Llc);
    }
    is_apdu(octets).then_some(FrameKind::Apdu)
}

fn is_apdu(octets: &[u8]) -> bool {
    match octets {
        [notification::TAG, ..] => notification::is_plausible(octets),
        [tag, ..] if ciphered::is_ciphered(*tag) => {
            let mut cursor = Cursor::new(octets);
            ciphered::read_fields(&mut cursor, &mut ()).is_some() && cursor.is_empty()
        }
        _ => false,
    }
}
