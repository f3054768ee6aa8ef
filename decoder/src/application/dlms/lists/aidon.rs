//! Aidon in Norway (`AIDON_V0001`) and Sweden: objects with names and scaler-units, nothing to add
//! (Aidon HAN interface specification v1.1A; Aidon RJ12 v1.6P).

use super::Maker;

pub(super) const LISTS: Maker = Maker {
    list_prefix: b"AIDON",
    letters: *b"AID",
    unnamed_first: None,
    positions: &[],
    scales: &[],
    kinds: &[],
};
