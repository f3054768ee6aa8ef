//! Ciphered records (EN 13757-7:2018 7.6): the ciphered blocks, what follows them in the clear, and the plaintext of both
//! as a buffer of its own.

use super::authentication::Authentication;
use super::control_information::ControlInformation;
use super::header::{Address, Cipher, Configuration};
use super::{place_in_readout, read_content};
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::link::mbus_frame::MbusHeader;
use crate::message::Message;
#[cfg(feature = "crypto")]
use crate::reading::{Reading, ReadingKind};
use crate::security::Opened;
use crate::sink::{Buffer, Field, FieldSink, FieldValue, Node, Origin};
use crate::transport::{Context, Plaintext};

/// What stands in front of ciphered records.
#[derive(Clone, Copy)]
pub(super) struct Head<'a> {
    pub link: MbusHeader,
    pub authentication: Option<Authentication<'a>>,
    pub information: ControlInformation,
    pub configuration: Configuration,
    pub address: Option<Address>,
    pub cipher: Cipher,
}

/// Reads ciphered records. They are reported as they are, and once more as plaintext where a key fits.
pub(super) fn read(
    head: &Head<'_>,
    message: &mut Message,
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) {
    let at = cursor.position();
    let octets = cursor.ahead();
    let ciphered = head.ciphered_octets(octets.len());
    report_ciphertext(ciphered, cursor, sink);
    let counter = head.authentication.and_then(|layer| layer.counter);
    message.security.frame_counter = counter.map(u32::from_le_bytes);
    let address = head.address.or_else(|| context.seen.as_deref()?.meter(head.link.address));
    let mut room = context.plaintext.take();
    let opened =
        open(head, address, message.access.unwrap_or_default(), octets, room.as_deref_mut(), context);
    message.security.state = opened.state();
    message.security.key = opened.key();
    let problem = match opened {
        Opened::Plaintext { length, .. } => {
            let plaintext = room.as_deref().and_then(|room| room.0.get(..length)).unwrap_or_default();
            return read_plaintext(head, plaintext, message, context, sink);
        }
        Opened::KeyMissing => ProblemKind::KeyMissing,
        Opened::Refused(refusal) => ProblemKind::AuthenticationFailed(refusal),
        Opened::Unsupported => ProblemKind::UnsupportedSecurity { code: head.configuration.mode() },
    };
    sink.problem(Problem::new(problem, at));
}

impl Head<'_> {
    /// How many octets are ciphered of so many behind the header.
    const fn ciphered_octets(&self, content: usize) -> usize {
        match self.cipher {
            Cipher::Tagged => 0,
            _ => self.configuration.ciphered_octets(content),
        }
    }
}

fn report_ciphertext(ciphered: usize, cursor: &mut Cursor<'_>, sink: &mut impl FieldSink) {
    sink.enter(Node::Ciphered, cursor.position());
    let length = cursor.left().min(ciphered as u32);
    let _ = cursor.leaf(length, sink, |octets| Field::new("ciphertext", FieldValue::Undecoded(octets)));
    cursor.undecoded_as("records in the clear", sink);
    sink.leave(cursor.position());
}

fn read_plaintext(
    head: &Head<'_>,
    octets: &[u8],
    message: &mut Message,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) {
    sink.open(&Buffer { origin: Origin::Deciphered, octets, pieces: &[] });
    let mut cursor = Cursor::new(octets);
    let more_follows = read_content(head.information, message, &mut cursor, sink);
    cursor.undecoded(sink);
    sink.close();
    place_in_readout(head.link, head.address, more_follows, octets, message, context, sink);
}

#[cfg(feature = "crypto")]
fn open(
    head: &Head<'_>,
    address: Option<Address>,
    access: u8,
    octets: &[u8],
    room: Option<&mut Plaintext>,
    context: &Context<'_>,
) -> Opened {
    use crate::security::mbus;
    if head.cipher == Cipher::Unsupported {
        return Opened::Unsupported;
    }
    let Some(room) = room else { return Opened::KeyMissing };
    let (configuration, authentication) = (head.configuration, head.authentication);
    let ciphered = head.ciphered_octets(octets.len());
    let telegram =
        mbus::Telegram { configuration, address, access, authentication, content: octets, ciphered };
    let is_message = |octets: &[u8]| is_message(head.information, octets);
    mbus::open(&telegram, context.keys, &mut room.0, is_message)
}

#[cfg(not(feature = "crypto"))]
fn open(
    head: &Head<'_>,
    _: Option<Address>,
    _: u8,
    _: &[u8],
    _: Option<&mut Plaintext>,
    _: &Context<'_>,
) -> Opened {
    if head.cipher == Cipher::Supported { Opened::KeyMissing } else { Opened::Unsupported }
}

/// Whether octets divide into records that make sense: up to their end and half of them such as meters send, or, where one
/// cannot be read, for more than half of the way and three quarters of them. One odd record does not make a key wrong.
#[cfg(feature = "crypto")]
fn is_message(information: ControlInformation, octets: &[u8]) -> bool {
    use super::control_information::Content;
    use super::{Direction, Records};
    use crate::span::Span;

    let Content::Records(_) = information.content else { return true };
    let mut cursor = Cursor::new(octets);
    let mut records = Records::new(&mut cursor, information.order, Direction::FromMeter);
    let mut reading = Reading::empty(Span::default());
    // The same code reads for everybody who listens from afar: a copy of the decoder that nobody listens to would be a
    // third of the page.
    let mut nobody: &mut dyn FieldSink = &mut ();
    let (mut count, mut odd, mut end) = (0_u32, 0, 0);
    while let Some(record) = records.read_into(&mut reading, &mut nobody) {
        if record.is_err() {
            return count > 1 && 4 * odd < count && end as usize > octets.len() / 2;
        }
        count += 1;
        odd += u32::from(is_odd(&reading));
        end = reading.span.end;
    }
    count > 0 && 2 * odd <= count
}

/// Whether a record is one that chance makes rather than a meter.
#[cfg(feature = "crypto")]
fn is_odd(reading: &Reading<'_>) -> bool {
    use crate::reading::{Function, Note, Quantity, Value};

    /// No meter seen has more tariffs or subunits, or reaches back further.
    const MOST: u32 = 16;
    const MOST_STORED: u64 = 1000;
    let unlikely = |record: &crate::reading::RecordInfo<'_>| {
        record.function == Function::Error
            || record.tariff > MOST
            || u32::from(record.subunit) > MOST
            || record.storage > MOST_STORED
    };
    reading.record.as_ref().is_some_and(unlikely)
        || matches!(reading.value, Value::Digits(_))
        || matches!(reading.quantity, Quantity::Unknown | Quantity::ManufacturerSpecific)
            && reading.kind == ReadingKind::Value
        || matches!(reading.note, Some(Note::NoSuchDate | Note::NotDecimal))
}
