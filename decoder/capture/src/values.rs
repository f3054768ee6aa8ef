//! How readings are written by programs for programs.

use meterscope_decoder::decimal::Decimal;
use meterscope_decoder::reading::{Reading, Unit};

/// Durations of fixed length in seconds, everything else as it is.
pub(crate) fn in_base_unit(reading: &Reading<'_>) -> (Option<Decimal>, Unit) {
    let number = reading.value.number();
    let seconds = number.zip(reading.unit.seconds()).and_then(|(number, seconds)| number.times(seconds));
    match seconds {
        Some(seconds) => (Some(seconds), Unit::Second),
        None => (number, reading.unit),
    }
}
