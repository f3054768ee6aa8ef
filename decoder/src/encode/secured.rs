//! Ciphered messages of invented meters, each as meters of one country send them. The keys are as public as this line.

use super::ciphered::{self, AUTHENTICATED, ENCRYPTED, Sealing};
use super::heating::Heating;
use super::household::Household;
use super::writer::{EncodeError, Writer};
use super::{Carrier, Clock, aidon, heat_meter, p1_meter};

/// The encryption key of all these meters.
pub const ENCRYPTION_KEY: [u8; 16] = *b"meterscope-ek-01";
/// Their authentication key.
pub const AUTHENTICATION_KEY: [u8; 16] = *b"meterscope-ak-01";
/// Their system title.
pub const SYSTEM_TITLE: [u8; 8] = *b"MSC\x10\x00\x00\x00\x01";

/// Longer than any of the plaintexts.
const LONGEST_PLAINTEXT: usize = 1536;
const LLC_LENGTH: usize = 3;
const GLO_EVENT_NOTIFICATION: u8 = 0xCA;
/// The authentication key that is published for Luxembourg.
const LUXEMBOURG_KEY: [u8; 16] =
    [0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF];

/// The messages there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Secured {
    /// Encrypted without a tag, in M-Bus segments.
    Austria,
    /// Encrypted with a tag, in one HDLC frame.
    Denmark,
    /// Encrypted with a tag, in blocks.
    Switzerland,
    /// Encrypted with a tag, without a system title, in HDLC segments.
    Titleless,
    /// A tag over a text in the clear.
    Authenticated,
    /// A P1 telegram, encrypted, with a tag under a published key, without a link frame.
    Luxembourg,
    /// A heat meter in M-Bus mode 5, its last records in the clear.
    Heat,
}

impl Secured {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Austria,
        Self::Denmark,
        Self::Switzerland,
        Self::Titleless,
        Self::Authenticated,
        Self::Luxembourg,
        Self::Heat,
    ];

    /// Whether a tag is sent.
    pub const fn has_tag(self) -> bool {
        !matches!(self, Self::Austria | Self::Heat)
    }

    /// Writes all frames of the message that the meter sends at `clock`.
    pub fn write(self, writer: &mut Writer<'_>, clock: Clock, frame_counter: u32) -> Result<(), EncodeError> {
        if self == Self::Heat {
            return write_heat(writer, clock, frame_counter as u8);
        }
        let mut buffer = [0; LONGEST_PLAINTEXT];
        let mut plain = Writer::new(&mut buffer);
        let now = Household::starting(clock).measurements();
        let plaintext = if self == Self::Luxembourg {
            p1_meter::dsmr5_telegram(&mut plain, &now)?;
            plain.finish()
        } else {
            aidon::swedish_information(&mut plain, &now)?;
            plain.finish().get(LLC_LENGTH..).unwrap_or_default()
        };
        let mut buffer = [0; LONGEST_PLAINTEXT];
        let mut sealed = Writer::new(&mut buffer);
        let sealing = self.sealing(frame_counter);
        match self {
            Self::Titleless => sealing.write_specific(&mut sealed, GLO_EVENT_NOTIFICATION, plaintext)?,
            _ => sealing.write(&mut sealed, plaintext)?,
        }
        match self {
            Self::Austria => Carrier::Mbus { longest: 245 }.write(writer, sealed.finish()),
            Self::Switzerland => Carrier::Blocks { longest: 119 }.write(writer, sealed.finish()),
            Self::Titleless => Carrier::Hdlc { longest: 150 }.write(writer, sealed.finish()),
            Self::Denmark | Self::Authenticated => {
                Carrier::Hdlc { longest: LONGEST_PLAINTEXT }.write(writer, sealed.finish())
            }
            Self::Luxembourg | Self::Heat => writer.octets(sealed.finish()),
        }
    }

    fn sealing(self, frame_counter: u32) -> Sealing {
        Sealing {
            system_title: SYSTEM_TITLE,
            control: match self {
                Self::Austria => ENCRYPTED,
                Self::Authenticated => AUTHENTICATED,
                _ => ENCRYPTED | AUTHENTICATED,
            },
            frame_counter,
            encryption: ENCRYPTION_KEY,
            authentication: if self == Self::Luxembourg { LUXEMBOURG_KEY } else { AUTHENTICATION_KEY },
        }
    }
}

/// The manufacturer's block of the meter, which it leaves in the clear.
const HEAT_CLEAR: usize = 7;

fn write_heat(writer: &mut Writer<'_>, clock: Clock, access: u8) -> Result<(), EncodeError> {
    let mut buffer = [0; 300];
    let mut plain = Writer::new(&mut buffer);
    heat_meter::response(&mut plain, access, &Heating::starting(clock).measurements())?;
    ciphered::mode_5(writer, plain.finish(), &ENCRYPTION_KEY, HEAT_CLEAR)
}
