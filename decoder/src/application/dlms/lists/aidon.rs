//! Aidon in Norway (`AIDON_V0001`) and Sweden: objects with names and scaler-units, nothing to add
//! (Aidon HAN interface specification v1.1A; Aidon RJ12 v1.6P).

pub(super) const LIST_PREFIX: &[u8] = b"AIDON";
pub(super) const LETTERS: [u8; 3] = *b"AID";
