//! The way back, as far as tests, the demo and the simulator need it: frames and lists of invented meters.
//!
//! Every serial number, name and value here is invented. The layers mirror those of the decoder:
//!
//! - [`writer`] is the only writer: checked, into memory that the caller owns.
//! - [`hdlc`], [`mbus`] and [`p1`] put a link frame around what a closure writes into it.
//! - [`axdr`] and [`record`] write application data: DLMS types and M-Bus records.
//! - [`carrier`] sends an APDU in segments or blocks, `ciphered` (feature `crypto`) ciphers it.
//! - [`aidon`], [`kaifa`], [`kamstrup`], [`landis_gyr`], [`heat_meter`] and [`p1_meter`] are the meters, each with the
//!   lists that such meters send, in the same wire form; `secured` sends some of them ciphered.
//! - [`household`] and [`heating`] make up what there is to measure, second by second.
//! - [`demo`] lets a meter run: frame after frame, with the time of each. [`damage`] spoils them.
//!
//! Like the decoder, all this needs neither memory allocation nor floating-point numbers.

pub mod writer;

pub mod hdlc;
pub mod mbus;
pub mod p1;

pub mod carrier;
#[cfg(feature = "crypto")]
pub mod ciphered;

pub mod axdr;
pub mod clock;
pub mod record;

pub mod aidon;
pub mod heat_meter;
pub mod kaifa;
pub mod kamstrup;
pub mod landis_gyr;
pub mod p1_meter;
#[cfg(feature = "crypto")]
pub mod secured;

pub mod heating;
pub mod household;

pub mod damage;
pub mod demo;

pub use carrier::Carrier;
pub use clock::Clock;
pub use damage::Damage;
pub use demo::{Demo, DemoFrame, MeterKind};
pub use heating::{HeatMeasurements, Heating};
pub use household::{Energy, Household, Measurements, Phase, Power};
pub use writer::{EncodeError, Writer};
