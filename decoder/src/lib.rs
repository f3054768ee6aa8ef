//! Decodes what meters send: octets in, frames, messages and readings out, and every field with the octets it came from.
//!
//! # Layers, from the wire up
//!
//! - [`link`] finds frames in a stream of octets, however the stream is cut: HDLC (the HAN port), wired M-Bus, P1. It
//!   checks them, names what it skipped, and never loses a good frame that follows a damaged one.
//! - [`transport`] joins what came in several frames to one message, [`security`] deciphers it where there is a key.
//! - [`application`] turns the user data of a frame into records: M-Bus (EN 13757-3), DLMS/COSEM push messages
//!   (IEC 62056-5-3), P1 lines. What is known of a manufacturer's lists is data there, not code.
//! - [`reading`] is what comes out: a quantity, an exact decimal value, a unit, and who says so.
//! - [`encode`] is the way back, for tests, the demo and the simulator.
//!
//! [`items`] divides a whole input. [`transport::Decoder`] takes each frame through all layers and remembers what the next
//! one needs; [`decode`] does the same for a frame by itself.
//!
//! # Invariants
//!
//! - One parser: the tree that a person sees is what the parser reports to a [`sink::FieldSink`] while it reads. There is
//!   no second, annotating pass, and no offset is computed outside [`cursor`].
//! - Leaves tile: for every input, good or hostile, the spans of the fields reported for a frame cover it from the first
//!   octet to the last, without gap or overlap.
//! - Needing more octets and being malformed are different answers.
//! - No allocation, no recursion, no unbounded loop, no `unsafe`; constant memory; it runs on an 8-bit AVR.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(any(test, feature = "std"))]
extern crate std;

// The vocabulary that all layers share.
pub mod cursor;
pub mod date_time;
pub mod decimal;
pub mod error;
pub mod message;
pub mod obis;
pub mod reading;
pub mod sink;
pub mod span;
pub mod text;

// The layers, in the order that data takes through them.
pub mod application;
pub mod bare;
pub mod decode;
pub mod items;
pub mod link;
pub mod security;
pub mod transport;

pub mod encode;
#[cfg(feature = "serde")]
pub mod serialize;
