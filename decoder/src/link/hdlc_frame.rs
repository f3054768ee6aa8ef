//! HDLC frames, frame format type 3 (ISO/IEC 13239 Annex H.4; IEC 62056-46:2002 6.4).
//!
//! `7E  A|S|length(11)  destination  source  control  HCS(2)  information  FCS(2)  7E`. Meters on the HAN port send the
//! octets as they are, without stuffing: 7E occurs inside, so the length frames and the check sequences confirm.

use super::check_sequence::{Crc16X25, crc16_x25};
use super::scanner::{Evidence, Place, Probe};
use super::{Frame, FrameKind, Links};
use crate::cursor::Cursor;
use crate::error::ProblemKind;
use crate::sink::{Field, FieldSink, FieldValue, Node};

/// Opens and closes a frame; one flag may do both.
pub const FLAG: u8 = 0x7E;

/// In the first octet of the format field: more frames of the same message follow.
const SEGMENTED: u8 = 0x08;

const CHECK_LENGTH: usize = 2;

/// What the header of a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HdlcHeader {
    /// Segmentation bit: more frames of the same message follow.
    pub segmented: bool,
    /// Destination address, extension bits taken out.
    pub destination: u32,
    /// Source address, extension bits taken out.
    pub source: u32,
    /// Control field; 13h is a UI frame with the poll bit.
    pub control: u8,
}

/// Reports the fields of a frame and returns its header and its information field.
///
/// The information field is neither read nor reported: the returned cursor does that, and then [`read_trailer`] the rest.
/// A frame without a readable header is reported as undecoded and gives `None`.
pub fn read_header<'a>(
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Option<(HdlcHeader, Cursor<'a>)> {
    let header = try_read_header(frame, cursor, sink);
    if header.is_none() {
        cursor.undecoded(sink);
    }
    header
}

/// The information field of a good frame that is no segment, without a word on the rest of the frame.
#[inline(never)]
pub(crate) fn information<'a>(frame: &Frame<'a>) -> Option<Cursor<'a>> {
    let mut cursor = Cursor::new(frame.octets);
    cursor.split((frame.octets.first() == Some(&FLAG)).into())?;
    let is_segment = cursor.peek(0)? & SEGMENTED != 0;
    let Ok(layout) = Layout::of(cursor.ahead()) else { return None };
    let length = layout.information_length().filter(|&length| length > 0 && !is_segment)?;
    cursor.split((layout.header_length() + CHECK_LENGTH) as u32)?;
    cursor.split(length as u32)
}

fn try_read_header<'a>(
    frame: &Frame<'a>,
    cursor: &mut Cursor<'a>,
    sink: &mut impl FieldSink,
) -> Option<(HdlcHeader, Cursor<'a>)> {
    if cursor.peek(0) == Some(FLAG) {
        cursor.octet(sink, |_| Field::new("opening flag", FieldValue::Marker)).ok()?;
    }
    let start = cursor.position() as usize;
    let Ok(layout) = Layout::of(cursor.ahead()) else { return None };
    let segmented = cursor.peek(0)? & SEGMENTED != 0;
    cursor
        .array::<2>(sink, |_| {
            Field::code(
                "frame format",
                layout.length as u32,
                if segmented { "type 3, segmented" } else { "type 3" },
            )
        })
        .ok()?;
    let destination = read_address("destination address", layout.destination, cursor, sink)?;
    let source = read_address("source address", layout.source, cursor, sink)?;
    let control =
        cursor.octet(sink, |octet| Field::code("control", octet.into(), control_meaning(octet))).ok()?;
    let header = HdlcHeader { segmented, destination, source, control };
    let information_length = layout.information_length()?;
    if information_length > 0 {
        let covered = frame.octets.get(start..cursor.position() as usize)?;
        read_check("header check sequence", covered, frame.damage.is_none(), cursor, sink)?;
    }
    // A frame that breaks off still shows what is left of its information field.
    let length = (information_length as u32).min(cursor.left());
    cursor.split(length).map(|information| (header, information))
}

/// Reports what follows the information field.
pub fn read_trailer<'a>(frame: &Frame<'a>, cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) {
    let start = usize::from(frame.octets.first() == Some(&FLAG));
    let covered = frame.octets.get(start..cursor.position() as usize).unwrap_or_default();
    if read_check("frame check sequence", covered, frame.damage.is_none(), cursor, sink).is_some()
        && cursor.peek(0) == Some(FLAG)
    {
        let _ = cursor.octet(sink, |_| Field::new("closing flag", FieldValue::Marker));
    }
    cursor.undecoded(sink);
}

/// Enters the frame's node; the caller leaves it.
pub(crate) fn enter(cursor: &Cursor<'_>, sink: &mut impl FieldSink) {
    sink.enter(Node::HdlcFrame, cursor.position());
}

fn read_address(
    name: &'static str,
    length: usize,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Option<u32> {
    cursor
        .field(length as u32, sink, |octets| {
            let address = octets.iter().fold(0, |address, &octet| address << 7 | u32::from(octet >> 1));
            (Field::number(name, address.into()), address)
        })
        .ok()
}

/// `verified`: the scanner has computed the check sequence already and found it right.
fn read_check(
    name: &'static str,
    covered: &[u8],
    verified: bool,
    cursor: &mut Cursor<'_>,
    sink: &mut impl FieldSink,
) -> Option<()> {
    cursor
        .array::<2>(sink, |octets| {
            let received = u16::from_le_bytes(*octets);
            let computed = if verified { received } else { crc16_x25(covered) };
            Field::new(name, FieldValue::Check { received: received.into(), computed: computed.into() })
        })
        .ok()
        .map(|_| ())
}

const fn control_meaning(control: u8) -> &'static str {
    // IEC 62056-46:2002 6.4.3, the poll/final bit left out.
    match control & 0xEF {
        0x03 => "UI",
        0x83 => "SNRM",
        0x43 => "DISC",
        0x63 => "UA",
        0x0F => "DM",
        0x87 => "FRMR",
        other if other & 0x01 == 0 => "I",
        other if other & 0x0F == 0x01 => "RR",
        other if other & 0x0F == 0x05 => "RNR",
        _ => "",
    }
}

/// Lengths within a frame, counted from its format field.
struct Layout {
    /// What the format field says: everything between the flags.
    length: usize,
    destination: usize,
    source: usize,
}

enum NoLayout {
    /// This is no header.
    NotOne,
    /// So many octets are needed, counted from the format field.
    More(usize),
}

impl Layout {
    fn of(octets: &[u8]) -> Result<Self, NoLayout> {
        let Some(&high) = octets.first() else { return Err(NoLayout::More(2)) };
        if high & 0xF0 != 0xA0 {
            return Err(NoLayout::NotOne);
        }
        let Some(&low) = octets.get(1) else { return Err(NoLayout::More(2)) };
        let length = usize::from(high & 0x07) << 8 | usize::from(low);
        let destination = address_length(octets, 2)?;
        let source = address_length(octets, 2 + destination)?;
        let layout = Self { length, destination, source };
        if layout.information_length().is_some() { Ok(layout) } else { Err(NoLayout::NotOne) }
    }

    /// Format, addresses and control.
    const fn header_length(&self) -> usize {
        2 + self.destination + self.source + 1
    }

    /// None where the length leaves no room for what every frame has. A frame without information field has one check
    /// sequence only.
    const fn information_length(&self) -> Option<usize> {
        let header = self.header_length();
        if self.length == header + CHECK_LENGTH {
            Some(0)
        } else if self.length > header + 2 * CHECK_LENGTH {
            Some(self.length - header - 2 * CHECK_LENGTH)
        } else {
            None
        }
    }
}

/// An address ends with the first octet whose lowest bit is set, after one, two or four octets (IEC 62056-46 6.4.2.2).
fn address_length(octets: &[u8], at: usize) -> Result<usize, NoLayout> {
    for length in 1..=4 {
        match octets.get(at + length - 1) {
            None => return Err(NoLayout::More(at + length)),
            Some(octet) if octet & 1 == 1 => {
                return if length == 3 { Err(NoLayout::NotOne) } else { Ok(length) };
            }
            Some(_) => {}
        }
    }
    Err(NoLayout::NotOne)
}

/// Says whether a frame begins with the first octet.
pub(crate) fn probe<L: Links>(octets: &[u8], place: Place) -> Probe {
    let start = usize::from(octets.first() == Some(&FLAG));
    if start == 0 && !place.shared_flag {
        return Probe::No;
    }
    let body = octets.get(start..).unwrap_or_default();
    let available = body.len();
    let incomplete = |needed: usize, evidence| {
        let missing = (needed - available) as u32;
        Probe::bad(
            FrameKind::Hdlc,
            ProblemKind::Incomplete { missing },
            (start + available) as u32,
            u32::MAX,
            evidence,
        )
    };
    let layout = match Layout::of(body) {
        Ok(layout) => layout,
        Err(NoLayout::NotOne) => return Probe::No,
        // A flag alone at the end is a flag, not a frame that breaks off.
        Err(NoLayout::More(_)) if place.ended && available < 2 => return Probe::No,
        Err(NoLayout::More(needed)) if place.ended => return incomplete(needed, Evidence::Weak),
        Err(NoLayout::More(needed)) => return Probe::More((start + needed) as u32),
    };
    let header = layout.header_length();
    let checked_header = header + CHECK_LENGTH;
    let Some((head, rest)) = body.split_at_checked(checked_header) else {
        return if place.ended {
            incomplete(checked_header, Evidence::Weak)
        } else {
            Probe::More((start + checked_header) as u32)
        };
    };
    let claimed = (start + layout.length + 1) as u32;
    if !Crc16X25::START.is_right_after(head) {
        let (received, computed) = received_and_computed::<L>(body, header);
        let problem = ProblemKind::HeaderCheck { received, computed };
        return Probe::bad(FrameKind::Hdlc, problem, (start + header) as u32, claimed, Evidence::Weak);
    }
    if available < layout.length {
        return if place.ended {
            incomplete(layout.length, Evidence::Strong)
        } else {
            Probe::More((start + layout.length) as u32)
        };
    }
    // Behind a right header check sequence the computation stands where it always stands behind one, so it goes on there.
    let rest = rest.get(..layout.length - checked_header).unwrap_or_default();
    if !Crc16X25::RIGHT.is_right_after(rest) {
        let fcs_at = layout.length - CHECK_LENGTH;
        let (received, computed) = received_and_computed::<L>(body, fcs_at);
        let problem = ProblemKind::FrameCheck { received, computed };
        return Probe::bad(FrameKind::Hdlc, problem, (start + fcs_at) as u32, claimed, Evidence::Strong);
    }
    let end = start + layout.length;
    match octets.get(end) {
        // The check sequences are right, so a flag that got lost costs nothing.
        None if place.ended => Probe::Good { kind: FrameKind::Hdlc, length: end as u32 },
        None => Probe::More((end + 1) as u32),
        Some(&FLAG) => Probe::Good { kind: FrameKind::Hdlc, length: (end + 1) as u32 },
        Some(_) => Probe::Good { kind: FrameKind::Hdlc, length: end as u32 },
    }
}

/// The check sequence that stands at `at`, and what the octets before it give.
fn received_and_computed<L: Links>(body: &[u8], at: usize) -> (u16, u16) {
    if !L::ALL {
        return (0, 0);
    }
    let (covered, rest) = body.split_at_checked(at).unwrap_or((body, &[]));
    let received = rest.first_chunk::<2>().map_or(0, |check| u16::from_le_bytes(*check));
    (received, crc16_x25(covered))
}
