//! P1 telegrams: text from `/` to `!`, then a CRC-16 or none (DSMR P1 companion standard 5.0.2, 6.2; EN 62056-21 mode D).

use super::check_sequence::crc16_arc;
use super::scanner::{Evidence, Place, Probe};
use super::{Frame, FrameKind};
use crate::cursor::Cursor;
use crate::error::ProblemKind;
use crate::sink::{Field, FieldSink, FieldValue, Node};

/// Begins a telegram.
pub const START: u8 = b'/';
/// Ends it; the CRC follows.
pub const END: u8 = b'!';

/// Manufacturer, baud rate and identification, without the line end; 64 would do for every meter seen.
const LONGEST_IDENTIFICATION: usize = 96;
/// Three letters of the manufacturer follow the start.
const MANUFACTURER: core::ops::Range<usize> = 1..4;
const CRC_DIGITS: usize = 4;
/// The last look may have ended behind an end that was not complete: `!`, CRC and CR.
const LONGEST_UNDECIDED: usize = 1 + CRC_DIGITS + 1;
/// Ends the identification (DSMR P1 6.2).
const BLANK_LINE: &[u8] = b"\r\n\r\n";
/// The same where something on the way took the CR out.
const BLANK_LINE_LF: &[u8] = b"\n\n";

/// Reports the identification line and returns a cursor over the data lines, up to the `!`.
///
/// [`read_trailer`] reports the rest.
pub fn read_header<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Option<(&'a [u8], Cursor<'a>)> {
    let octets = cursor.ahead();
    let line = octets.iter().position(|&octet| octet == b'\n').map_or(octets.len(), |end| end + 1);
    let identification = cursor
        .field(line as u32, sink, |octets| {
            let text = octets.trim_ascii_end();
            (Field::new("identification", FieldValue::Text(crate::text::Text::forward(text))), text)
        })
        .ok()?;
    let rest = cursor.ahead();
    let end = find_end(rest, 0).unwrap_or(rest.len());
    cursor.split(end as u32).map(|lines| (identification, lines))
}

/// Reports the `!`, the CRC and the line end.
pub fn read_trailer<'a>(frame: &Frame<'a>, cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) {
    if cursor.peek(0) == Some(END) {
        let _ = cursor.octet(sink, |_| Field::new("end", FieldValue::Marker));
        let covered = frame.octets.get(..cursor.position() as usize).unwrap_or_default();
        if let Some((received, digits)) = crc_digits(cursor.ahead()) {
            let computed = if frame.damage.is_none() { received } else { crc16_arc(covered) };
            let check = FieldValue::Check { received: received.into(), computed: computed.into() };
            let _ = cursor.field(digits as u32, sink, |_| (Field::new("CRC", check), ()));
        }
        let line_end = line_end_length(cursor.ahead());
        let _ = cursor.field(line_end as u32, sink, |_| (Field::new("line end", FieldValue::Marker), ()));
    }
    cursor.undecoded(sink);
}

/// Enters the telegram's node; the caller leaves it.
pub(crate) fn enter(cursor: &Cursor<'_>, sink: &mut impl FieldSink) {
    sink.enter(Node::P1Telegram, cursor.position());
}

/// The telegram that octets in memory begin with, good or damaged.
pub(crate) fn telegram(octets: &[u8]) -> Option<Frame<'_>> {
    let place = Place { in_step: true, shared_flag: false, line_start: true, ended: true, searched: 0 };
    let frame = |octets, damage| Frame { octets, kind: FrameKind::P1, damage };
    match probe(octets, place) {
        Probe::Good { length, .. } => Some(frame(octets.get(..length as usize)?, None)),
        Probe::Bad { problem, .. } => Some(frame(octets, Some(problem))),
        Probe::No | Probe::More(_) => None,
    }
}

/// Says whether a telegram begins with the first octet.
///
/// In the middle of a line only a whole identification with its blank line counts, and only if a good telegram follows:
/// that is a telegram behind one that broke off.
pub(crate) fn probe(octets: &[u8], place: Place) -> Probe {
    let more = |needed: usize| if place.ended { Probe::No } else { Probe::More(needed as u32) };
    let Some(manufacturer) = octets.get(MANUFACTURER) else { return more(MANUFACTURER.end) };
    if !manufacturer.iter().all(u8::is_ascii_alphabetic) {
        return Probe::No;
    }
    let head = octets.get(..LONGEST_IDENTIFICATION.min(octets.len())).unwrap_or_default();
    let body = match head.iter().position(|&octet| !is_identification(octet)) {
        Some(end) if is_line_end(head.get(end).copied()) => end,
        None if head.len() < LONGEST_IDENTIFICATION => return more(octets.len() + 1),
        _ => return Probe::No,
    };
    if place.line_start {
        return probe_lines(octets, body, place);
    }
    let after = octets.get(body..).unwrap_or_default();
    if [BLANK_LINE, BLANK_LINE_LF].iter().any(|line| after.len() < line.len() && line.starts_with(after)) {
        return more(octets.len() + 1);
    }
    if !after.starts_with(BLANK_LINE) && !after.starts_with(BLANK_LINE_LF) {
        return Probe::No;
    }
    match probe_lines(octets, body, place) {
        Probe::Bad { .. } => Probe::No,
        other => other,
    }
}

/// Looks for the end of a telegram whose identification ends at `body`.
fn probe_lines(octets: &[u8], body: usize, place: Place) -> Probe {
    let bad = |problem, at: usize| {
        let claimed = (at as u32).max(1);
        Probe::bad(FrameKind::P1, problem, at as u32, claimed, Evidence::Fair)
    };
    let from = (place.searched as usize).saturating_sub(LONGEST_UNDECIDED).max(body).max(1);
    for (at, pair) in octets.windows(2).enumerate().skip(from - 1) {
        let [before, octet] = *pair else { continue };
        let at = at + 1;
        let line_start = before == b'\n' || before == b'\r';
        match octet {
            END if line_start => return probe_end(octets, at, place),
            // The next telegram begins before this one has ended.
            START if line_start => return bad(ProblemKind::Incomplete { missing: 0 }, at),
            b'\n' => {
                let lines = octets.get(body..=at).unwrap_or_default();
                if let Some(next) = identification_at_end(lines) {
                    return bad(ProblemKind::Incomplete { missing: 0 }, body + next);
                }
            }
            b' '..=b'~' | b'\r' | b'\t' => {}
            found => {
                // The octet itself belongs to the damage, unless it begins a good frame.
                let problem = ProblemKind::NotText { found };
                return Probe::bad(FrameKind::P1, problem, at as u32, at as u32 + 1, Evidence::Fair);
            }
        }
    }
    if place.ended {
        bad(ProblemKind::Incomplete { missing: 0 }, octets.len())
    } else {
        Probe::More(octets.len() as u32 + 1)
    }
}

/// Where in `lines` an identification begins that ends them together with its blank line: the telegram before broke off
/// within a line. Looks back no further than an identification is long.
fn identification_at_end(lines: &[u8]) -> Option<usize> {
    let rest = without_blank_line(lines)?;
    let from = rest.len().saturating_sub(LONGEST_IDENTIFICATION - 1);
    let near = rest.get(from..)?;
    let line = near.iter().rposition(|&octet| !is_identification(octet)).map_or(0, |end| end + 1);
    let begins =
        |four: &[u8]| matches!(four, [START, letters @ ..] if letters.iter().all(u8::is_ascii_alphabetic));
    let at = near.get(line..)?.windows(MANUFACTURER.end).position(begins)?;
    Some(from + line + at)
}

fn without_blank_line(octets: &[u8]) -> Option<&[u8]> {
    octets.strip_suffix(BLANK_LINE).or_else(|| octets.strip_suffix(BLANK_LINE_LF))
}

/// STX: some Iskraemeco meters send it where others send `\2`.
const fn is_identification(octet: u8) -> bool {
    matches!(octet, b' '..=b'~' | 0x02)
}

const fn is_line_end(octet: Option<u8>) -> bool {
    matches!(octet, Some(b'\r' | b'\n'))
}

/// The `!` stands at `end`.
fn probe_end(octets: &[u8], end: usize, place: Place) -> Probe {
    let after = octets.get(end + 1..).unwrap_or_default();
    let undecided = after.len() < CRC_DIGITS && after.iter().all(u8::is_ascii_hexdigit);
    if undecided && !place.ended {
        return Probe::More((end + 1 + CRC_DIGITS) as u32);
    }
    let (crc, digits) = crc_digits(after).unzip();
    let digits = digits.unwrap_or(0);
    let rest = after.get(digits..).unwrap_or_default();
    if !place.ended && matches!(rest, [] | [b'\r']) {
        return Probe::More((octets.len() + 1) as u32);
    }
    let length = end + 1 + digits + line_end_length(rest);
    if let (Some(received), Some(covered)) = (crc, octets.get(..=end)) {
        let computed = crc16_arc(covered);
        if received != computed {
            let problem = ProblemKind::TelegramCheck { received, computed };
            return Probe::bad(FrameKind::P1, problem, end as u32 + 1, length as u32, Evidence::Fair);
        }
    }
    Probe::Good { kind: FrameKind::P1, length: length as u32 }
}

fn find_end(octets: &[u8], from: usize) -> Option<usize> {
    let rest = octets.get(from..)?;
    let mut before = b'\n';
    for (at, &octet) in rest.iter().enumerate() {
        if octet == END && (before == b'\n' || before == b'\r') {
            return Some(from + at);
        }
        before = octet;
    }
    None
}

/// The CRC and how many digits it has: four, or fewer in front of a line end, as some meters leave zeros out.
fn crc_digits(octets: &[u8]) -> Option<(u16, usize)> {
    let digits = octets.iter().take(CRC_DIGITS).take_while(|octet| octet.is_ascii_hexdigit()).count();
    if digits == 0 || digits < CRC_DIGITS && !is_line_end(octets.get(digits).copied()) {
        return None;
    }
    let crc = octets.iter().take(digits).fold(0, |crc, &digit| {
        let value = (digit as char).to_digit(16).unwrap_or(0);
        crc << 4 | value as u16
    });
    Some((crc, digits))
}

const fn line_end_length(octets: &[u8]) -> usize {
    match octets {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}
