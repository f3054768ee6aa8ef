//! What the property tests share: octets to try, and what has to hold for all of them.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod corpus;
pub mod items;
pub mod messages;
pub mod random;
pub mod tiling;
