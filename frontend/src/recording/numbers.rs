//! JavaScript has one kind of number.

/// A count as JavaScript has it.
#[expect(
    clippy::cast_precision_loss,
    reason = "no storage has 2^53 octets, and no clock so many milliseconds"
)]
pub const fn float(number: u64) -> f64 {
    number as f64
}

/// A count that came from JavaScript.
#[expect(clippy::cast_sign_loss, reason = "what is below zero counts nothing and becomes 0")]
pub const fn whole(number: f64) -> u64 {
    number as u64
}
