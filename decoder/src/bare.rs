//! Input without a link frame: one bare LLC or APDU.
