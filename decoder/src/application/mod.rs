//! User data to records and readings: [`mbus`], [`dlms`], [`p1`].

pub mod dlms;
pub mod mbus;
pub mod p1;

#[cfg(test)]
pub(crate) mod test_sink;
