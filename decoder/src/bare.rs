//! Input without a link frame: one bare LLC header and APDU, or one bare APDU.
//!
//! Nothing frames and nothing checks such octets, so they are recognised by their content alone. Ask only where the link
//! layers found no good frame.

use crate::application::dlms;
use crate::link::FrameKind;

/// Says whether the whole input is one bare LLC header and APDU, or one bare APDU, good or damaged.
///
/// A data-notification is one whose header can be read and whose body begins as bodies do, even if it breaks off: a
/// person then sees how far it can be read. A general-ciphering APDU has to be as long as it says, at least; others, which
/// have less to be known by, exactly.
pub fn recognise(octets: &[u8]) -> Option<FrameKind> {
    if dlms::has_llc(octets) {
        return dlms::is_apdu(octets.get(dlms::LLC_LENGTH..)?).then_some(FrameKind::Llc);
    }
    dlms::is_apdu(octets).then_some(FrameKind::Apdu)
}
