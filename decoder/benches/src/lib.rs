//! The inputs of the benchmarks and the work that is timed on our side.

pub mod corpus;
pub mod ratio;
pub mod work;
