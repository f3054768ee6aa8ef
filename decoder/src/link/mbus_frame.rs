//! Wired M-Bus frames, format class FT 1.2 (EN 13757-2:2018 5.4; IEC 60870-5-2).
//!
//! `E5` · `10 C A sum 16` · `68 L L 68 C A [CI data…] sum 16`, where L counts C, A, CI and data.

use super::check_sequence::sum8;
use super::scanner::{Evidence, Place, Probe};
use super::{Frame, FrameKind};
use crate::cursor::Cursor;
use crate::error::ProblemKind;
use crate::sink::{Field, FieldSink, FieldValue, Node};

/// The single character: a positive acknowledgement.
pub const ACK: u8 = 0xE5;
/// Begins a short frame.
pub const START_SHORT: u8 = 0x10;
/// Begins a control or long frame, twice.
pub const START_LONG: u8 = 0x68;
/// Ends a short, control or long frame.
pub const STOP: u8 = 0x16;

const SHORT_LENGTH: u32 = 5;
/// Start, L, L, start.
const LONG_HEADER: u32 = 4;
/// Sum and stop.
const TRAILER: u32 = 2;
/// C, A and CI: the L of a control frame.
const CONTROL_L: u8 = 3;
/// What a length octet counts at most, and where it begins anew.
const WRAPPED: u32 = 256;

/// What the header of a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MbusHeader {
    /// C field.
    pub control: u8,
    /// A field: 1…250 a meter, 253 the selected one, 254 and 255 all.
    pub address: u8,
}

/// Reports the fields up to the A field and returns them with a cursor over the user data, CI field first.
///
/// [`read_trailer`] reports the rest. A frame without these fields is reported as undecoded and gives `None`.
pub fn read_header<'a>(
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Option<(MbusHeader, Cursor<'a>)> {
    let header = try_read_header(frame, cursor, sink);
    if header.is_none() {
        cursor.undecoded(sink);
    }
    header
}

fn try_read_header<'a>(
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Option<(MbusHeader, Cursor<'a>)> {
    let marker = |name| move |_| Field::new(name, FieldValue::Marker);
    let user_data_length = match frame.kind {
        FrameKind::MbusAck => {
            cursor.octet(sink, marker("acknowledgement")).ok()?;
            return None;
        }
        FrameKind::MbusShort => {
            cursor.octet(sink, marker("start")).ok()?;
            0
        }
        _ => {
            cursor.octet(sink, marker("start")).ok()?;
            let length = cursor.octet(sink, |octet| Field::number("length", octet.into())).ok()?;
            cursor.octet(sink, |octet| Field::number("length, repeated", octet.into())).ok()?;
            cursor.octet(sink, marker("start, repeated")).ok()?;
            let wrapped = length < CONTROL_L && frame.damage.is_none();
            let length = u32::from(length) + if wrapped { WRAPPED } else { 0 };
            length.saturating_sub(2)
        }
    };
    let control =
        cursor.octet(sink, |octet| Field::code("C field", octet.into(), control_meaning(octet))).ok()?;
    let address =
        cursor.octet(sink, |octet| Field::code("A field", octet.into(), address_meaning(octet))).ok()?;
    // A frame that breaks off still shows what is left of its user data.
    let length = user_data_length.min(cursor.left());
    cursor.split(length).map(|user_data| (MbusHeader { control, address }, user_data))
}

/// Reports what follows the user data.
pub fn read_trailer<'a>(frame: &Frame<'a>, cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) {
    let start = if frame.kind == FrameKind::MbusShort { 1 } else { LONG_HEADER as usize };
    let covered = frame.octets.get(start..cursor.position() as usize).unwrap_or_default();
    let verified = frame.damage.is_none();
    let read = cursor.octet(sink, |received| {
        let computed = if verified { received } else { sum8(covered) };
        Field::new("check sum", FieldValue::Check { received: received.into(), computed: computed.into() })
    });
    if read.is_ok() && cursor.peek(0) == Some(STOP) {
        let _ = cursor.octet(sink, |_| Field::new("stop", FieldValue::Marker));
    }
    cursor.undecoded(sink);
}

/// Enters the frame's node; the caller leaves it.
pub(crate) fn enter(cursor: &Cursor<'_>, sink: &mut impl FieldSink) {
    sink.enter(Node::MbusFrame, cursor.position());
}

/// What a C field asks or answers (EN 13757-2:2018 5.5, Table 3).
pub const fn control_meaning(control: u8) -> &'static str {
    match control {
        0x40 => "SND_NKE: reset the link",
        0x53 | 0x73 => "SND_UD: user data to the meter",
        0x43 => "SND_UD2: user data to the meter, answer wanted",
        0x5B | 0x7B => "REQ_UD2: request of class 2 data",
        0x5A | 0x7A => "REQ_UD1: request of class 1 data",
        0x49 | 0x69 => "REQ_SKE: request of the link status",
        0x44 => "SND_NR",
        0x46 => "SND_IR",
        0x0B => "status of the link",
        control if control & 0xC0 == 0 && control & 0x0F == 0x08 => match control & 0x30 {
            0x00 => "RSP_UD: user data from the meter",
            0x10 => "RSP_UD: user data from the meter, busy",
            0x20 => "RSP_UD: user data from the meter, alarm",
            _ => "RSP_UD: user data from the meter, busy and alarm",
        },
        _ => "",
    }
}

/// What an A field names (EN 13757-2:2018 5.6).
pub const fn address_meaning(address: u8) -> &'static str {
    match address {
        0 => "unconfigured meter",
        1..=250 => "meter",
        251 => "to the repeater or master",
        252 => "reserved",
        253 => "the meter selected by its identification",
        254 => "every meter, all answer",
        255 => "every meter, none answers",
    }
}

/// Says whether a frame begins with the first octet.
pub(crate) fn probe(octets: &[u8], place: Place) -> Probe {
    match octets.first() {
        Some(&ACK) if place.in_step => Probe::Good { kind: FrameKind::MbusAck, length: 1 },
        Some(&START_SHORT) => probe_short(octets, place),
        Some(&START_LONG) => probe_long(octets, place),
        _ => Probe::No,
    }
}

/// Sagemcom counts 256 octets and more in its one octet of length: 00 is 256, 01 is 257. Only a frame that is right in
/// everything else is taken for one of those; nothing shorter than three octets is a frame either.
fn probe_wrapped(octets: &[u8], length: u8, place: Place) -> Probe {
    let total = LONG_HEADER + WRAPPED + u32::from(length) + TRAILER;
    match octets.get(..total as usize) {
        Some([_, _, _, _, covered @ .., received, STOP]) if *received == sum8(covered) => {
            Probe::Good { kind: FrameKind::MbusLong, length: total }
        }
        None if !place.ended => Probe::More(total),
        _ => {
            let problem = ProblemKind::ImpossibleLength { length: length.into() };
            let claimed = LONG_HEADER + u32::from(length) + TRAILER;
            Probe::bad(FrameKind::MbusLong, problem, 1, claimed, Evidence::Weak)
        }
    }
}

fn probe_short(octets: &[u8], place: Place) -> Probe {
    let Some(&[_, control, address, received, stop]) = octets.first_chunk::<5>() else {
        return if place.ended { Probe::No } else { Probe::More(SHORT_LENGTH) };
    };
    let computed = sum8(&[control, address]);
    if stop != STOP {
        Probe::No
    } else if received == computed {
        Probe::Good { kind: FrameKind::MbusShort, length: SHORT_LENGTH }
    } else {
        let problem = ProblemKind::Checksum { received, computed };
        Probe::bad(FrameKind::MbusShort, problem, 3, SHORT_LENGTH, Evidence::Weak)
    }
}

fn probe_long(octets: &[u8], place: Place) -> Probe {
    let Some(&[_, first, second, again]) = octets.first_chunk::<4>() else {
        return if place.ended { Probe::No } else { Probe::More(LONG_HEADER) };
    };
    if again != START_LONG {
        return Probe::No;
    }
    let kind = if first == CONTROL_L { FrameKind::MbusControl } else { FrameKind::MbusLong };
    if first != second {
        let problem = ProblemKind::LengthsDiffer { first, second };
        return Probe::bad(kind, problem, 1, LONG_HEADER, Evidence::Weak);
    }
    if first < CONTROL_L {
        return probe_wrapped(octets, first, place);
    }
    let total = LONG_HEADER + u32::from(first) + TRAILER;
    let Some(frame) = octets.get(..total as usize) else {
        if !place.ended {
            return Probe::More(total);
        }
        let available = octets.len() as u32;
        let problem = ProblemKind::Incomplete { missing: total - available };
        return Probe::bad(kind, problem, available, u32::MAX, Evidence::Fair);
    };
    let [_, _, _, _, covered @ .., received, stop] = frame else { return Probe::No };
    let computed = sum8(covered);
    if *stop != STOP {
        let problem = ProblemKind::StopMissing { found: *stop };
        Probe::bad(kind, problem, total - 1, total, Evidence::Fair)
    } else if *received != computed {
        let problem = ProblemKind::Checksum { received: *received, computed };
        Probe::bad(kind, problem, total - TRAILER, total, Evidence::Fair)
    } else {
        Probe::Good { kind, length: total }
    }
}
