//! Landis+Gyr E350 in Norway (`EMBRIQ_V1_1`): objects with names and scaler-units, nothing to add. The lists of the E450,
//! E360 and E570 have no name; they bring the definitions of their objects along, and no scales.

use super::Maker;

pub(super) const LISTS: Maker =
    Maker { list_prefix: b"EMBRIQ", letters: *b"LGZ", unnamed_first: None, positions: &[], scales: &[] };
