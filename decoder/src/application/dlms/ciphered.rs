//! Ciphered APDUs (IEC 62056-5-3:2017 5.7.2 and Table 30): who ciphered, how, and the ciphertext.
//!
//! General ciphering (`DB`, `DC`) says the system title of the sender; service-specific ciphering (`C8`…`D7`) leaves it out.

use super::length::{Length, truncated};
use super::{read_plain_apdu, report, report_trailing};
use crate::application::p1;
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::link::p1_telegram;
use crate::message::{Message, Meter, Protocol, Security, SecurityState};
use crate::security::Opened;
use crate::sink::{Buffer, Field, FieldSink, FieldValue, Node, Origin};
use crate::transport::{Context, Plaintext};

/// Octets of a system title: three letters of the manufacturer, then what makes it unique.
pub const SYSTEM_TITLE_LENGTH: usize = 8;

/// Octets of an authentication tag (suites 0 to 2).
pub const TAG_LENGTH: usize = 12;

/// Octets of security control and frame counter.
const SECURITY_HEADER_LENGTH: u32 = 5;

/// A ciphered APDU, its fields read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CipheredApdu<'a> {
    /// Who ciphered it; service-specific ciphering does not say it.
    pub system_title: Option<&'a [u8; SYSTEM_TITLE_LENGTH]>,
    /// How it is ciphered.
    pub control: SecurityControl,
    /// The invocation counter.
    pub frame_counter: u32,
    /// The ciphertext, or the text where it is only authenticated.
    pub ciphertext: &'a [u8],
    /// The authentication tag, where the security control says that there is one.
    pub tag: Option<&'a [u8; TAG_LENGTH]>,
}

/// The security control octet (IEC 62056-5-3:2017 Table 37).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityControl(pub u8);

impl SecurityControl {
    /// Which suite: 0 and 1 use AES-128, 2 uses AES-256, all in Galois counter mode.
    pub const fn suite(self) -> u8 {
        self.0 & 0x0F
    }

    /// An authentication tag follows the text.
    pub const fn authenticated(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// The text is encrypted.
    pub const fn encrypted(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// Whether keys may open it: AES-128, and not compressed.
    pub const fn is_supported(self) -> bool {
        self.suite() <= 1 && self.0 & 0x80 == 0 && (self.encrypted() || self.authenticated())
    }

    const fn meaning(self) -> &'static str {
        match (self.authenticated(), self.encrypted()) {
            (true, true) => "authenticated and encrypted",
            (true, false) => "authenticated",
            (false, true) => "encrypted",
            (false, false) => "neither authenticated nor encrypted",
        }
    }
}

/// Whether APDUs with this tag are ciphered.
pub const fn is_ciphered(tag: u8) -> bool {
    has_system_title(tag) || matches!(tag, 0xC8..=0xD7)
}

const fn has_system_title(tag: u8) -> bool {
    matches!(tag, 0xDB | 0xDC)
}

/// Reads a ciphered APDU, and its plaintext where a key fits.
///
/// One whose security control promises neither encryption nor authentication is not read: its sender was set up to
/// cipher, and nothing vouches for a plain text in such an envelope.
pub(crate) fn read(
    cursor: &mut Cursor<'_>,
    context: &mut Context<'_>,
    sink: &mut impl FieldSink,
) -> Option<Message> {
    if sink.spares_code() {
        let security = Security { state: SecurityState::KeyMissing, ..Security::none() };
        return Some(Message { security, ..Message::new(Protocol::Dlms) });
    }
    let apdu = read_fields(cursor, sink)?;
    report_trailing(cursor, sink);
    let trailer = apdu.ciphertext.len() + apdu.tag.map_or(0, |tag| tag.len());
    let at = cursor.position().saturating_sub(trailer as u32);
    if let (Some(title), Some(seen)) = (apdu.system_title, context.seen.as_deref_mut()) {
        seen.remember_title(context.link, *title);
    }
    let title = apdu.system_title.copied().or_else(|| context.seen.as_deref()?.title(context.link));
    let mut room = context.plaintext.take();
    let opened = open(&apdu, title, room.as_deref_mut(), context);
    let problem = match opened {
        Opened::Plaintext { length, .. } => {
            let octets = room.as_deref().and_then(|room| room.0.get(..length)).unwrap_or_default();
            return Some(read_plaintext(&apdu, opened, octets, sink));
        }
        Opened::KeyMissing => ProblemKind::KeyMissing,
        Opened::Refused(refusal) => ProblemKind::AuthenticationFailed(refusal),
        Opened::Unsupported => ProblemKind::UnsupportedSecurity { code: apdu.control.0 },
    };
    sink.problem(Problem::new(problem, at));
    Some(message(&apdu, opened))
}

/// Reads a plaintext: an APDU, or a P1 telegram.
fn read_plaintext(
    apdu: &CipheredApdu<'_>,
    opened: Opened,
    octets: &[u8],
    sink: &mut impl FieldSink,
) -> Message {
    sink.open(&Buffer { origin: Origin::Deciphered, octets, pieces: &[] });
    let mut cursor = Cursor::new(octets);
    let mut plain = None;
    match p1_telegram::telegram(octets) {
        Some(telegram) => {
            plain = p1::read_telegram(&telegram, &mut cursor, sink);
            sink.leave(cursor.position());
        }
        None => read_plain_apdu(&mut cursor, &mut plain, sink),
    }
    cursor.undecoded(sink);
    sink.close();
    let envelope = message(apdu, opened);
    plain.map_or(envelope, |plain| Message {
        security: envelope.security,
        meter: plain.meter.or(envelope.meter),
        ..plain
    })
}

#[cfg(feature = "crypto")]
fn open(
    apdu: &CipheredApdu<'_>,
    title: Option<[u8; SYSTEM_TITLE_LENGTH]>,
    room: Option<&mut Plaintext>,
    context: &Context<'_>,
) -> Opened {
    use super::{event_notification, notification, response};
    let Some(room) = room.filter(|_| apdu.control.is_supported()) else {
        return if apdu.control.is_supported() { Opened::KeyMissing } else { Opened::Unsupported };
    };
    let is_message = |text: &[u8]| {
        notification::is_whole(text)
            || event_notification::is_whole(text)
            || response::is_whole(text)
            || p1_telegram::telegram(text).is_some_and(|telegram| telegram.damage.is_none())
    };
    crate::security::dlms::open(apdu, title, context.keys, &mut room.0, is_message)
}

#[cfg(not(feature = "crypto"))]
fn open(
    apdu: &CipheredApdu<'_>,
    _: Option<[u8; SYSTEM_TITLE_LENGTH]>,
    _: Option<&mut Plaintext>,
    _: &Context<'_>,
) -> Opened {
    if apdu.control.is_supported() { Opened::KeyMissing } else { Opened::Unsupported }
}

/// Reads and reports the fields of a ciphered APDU; a problem is reported and gives `None`.
pub fn read_fields<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<CipheredApdu<'a>> {
    sink.enter(Node::Ciphered, cursor.position());
    let result = try_read(cursor, sink);
    let apdu = report(result, sink);
    if apdu.is_none() {
        cursor.undecoded(sink);
    }
    sink.leave(cursor.position());
    apdu
}

/// What is known of a ciphered APDU without its text.
fn message(apdu: &CipheredApdu<'_>, opened: Opened) -> Message {
    let letters = apdu.system_title.and_then(|title| title.first_chunk::<3>()).copied();
    let manufacturer = letters.filter(|letters| letters.iter().all(u8::is_ascii_alphabetic));
    Message {
        security: Security {
            state: opened.state(),
            system_title: apdu.system_title.copied(),
            frame_counter: Some(apdu.frame_counter),
            key: opened.key(),
        },
        meter: manufacturer.map(|_| Meter { manufacturer, ..Meter::default() }),
        ..Message::new(Protocol::Dlms)
    }
}

fn try_read<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Result<CipheredApdu<'a>, Problem> {
    let apdu = cursor.octet(sink, |tag| Field::code("APDU", tag.into(), tag_meaning(tag)))?;
    let system_title = if has_system_title(apdu) { read_system_title(cursor, sink)? } else { None };
    let length = Length::read(cursor.ahead(), cursor.position())?;
    let left = cursor.left().saturating_sub(length.octets);
    if length.value > left {
        return Err(truncated(length.value, left as usize, cursor.position() + length.octets));
    }
    let ciphertext_length = length.value.checked_sub(SECURITY_HEADER_LENGTH).ok_or(truncated(
        SECURITY_HEADER_LENGTH,
        length.value as usize,
        cursor.position() + length.octets,
    ))?;
    cursor.field(length.octets, sink, |_| (Field::number("length", length.value.into()), ()))?;
    let control = cursor.octet(sink, |control| {
        Field::code("security control", control.into(), SecurityControl(control).meaning())
    })?;
    let frame_counter = cursor
        .array::<4>(sink, |octets| Field::number("frame counter", u32::from_be_bytes(*octets).into()))?;
    let control = SecurityControl(control);
    let tag_length = if control.authenticated() { TAG_LENGTH as u32 } else { 0 };
    let text_length = ciphertext_length.checked_sub(tag_length).ok_or(truncated(
        tag_length,
        ciphertext_length as usize,
        cursor.position(),
    ))?;
    let name = if control.encrypted() { "ciphertext" } else { "text" };
    let ciphertext =
        cursor.leaf(text_length, sink, |octets| Field::new(name, FieldValue::Undecoded(octets)))?;
    let tag = if control.authenticated() {
        let octets = cursor.array(sink, |tag| Field::new("authentication tag", FieldValue::Octets(tag)))?;
        Some(octets)
    } else {
        None
    };
    Ok(CipheredApdu {
        system_title,
        control,
        frame_counter: u32::from_be_bytes(*frame_counter),
        ciphertext,
        tag,
    })
}

/// An octet string of eight, or an empty one where both sides know the title already.
fn read_system_title<'a>(
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Result<Option<&'a [u8; SYSTEM_TITLE_LENGTH]>, Problem> {
    let at = cursor.position();
    let length = cursor.octet(sink, |length| Field::number("system title length", length.into()))?;
    match length {
        0 => Ok(None),
        8 => Ok(Some(cursor.array(sink, |title| Field::new("system title", FieldValue::Octets(title)))?)),
        octet => Err(Problem::new(ProblemKind::BadLength { octet }, at)),
    }
}

/// IEC 62056-5-3:2017 Table 30.
const fn tag_meaning(tag: u8) -> &'static str {
    match tag {
        0xC8 => "glo-get-request",
        0xC9 => "glo-set-request",
        0xCA => "glo-event-notification-request",
        0xCB => "glo-action-request",
        0xCC => "glo-get-response",
        0xCD => "glo-set-response",
        0xCF => "glo-action-response",
        0xD0 => "ded-get-request",
        0xD1 => "ded-set-request",
        0xD2 => "ded-event-notification-request",
        0xD3 => "ded-action-request",
        0xD4 => "ded-get-response",
        0xD5 => "ded-set-response",
        0xD7 => "ded-action-response",
        0xDB => "general-glo-ciphering",
        0xDC => "general-ded-ciphering",
        _ => "",
    }
}
