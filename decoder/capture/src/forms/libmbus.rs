//! The debug output of libmbus: `[2015-04-02 22:48:59] RECV (005): 10 40 FD 3D 16`.

use crate::builder::{Builder, Mark};
use crate::form::Form;
use crate::forms::hex::{self, Scan};
use crate::imported::{Direction, Source, Why};
use crate::text::Line;

/// Takes a line of which `text` is what stands behind the time; not where it is none of libmbus.
pub(crate) fn line(line: Line<'_>, text: &[u8], mark: Mark, out: &mut Builder) -> bool {
    let Some((direction, announced, octets)) = parse(text) else { return false };
    let scan = Scan::of(octets);
    if !scan.is_whole() && (scan.masked == 0 || !out.repairs.masked_as_zero) {
        return false;
    }
    let source = Source::Lines(line.number, line.number);
    out.imported.repaired.masked_as_zero += hex::decode(octets, out.octets(), &mut None);
    let found = out.piece().len();
    out.end(Form::Libmbus, source, Mark { direction: Some(direction), ..mark });
    if found != announced {
        out.leave_out(source, line.text, Why::Shorter { announced, found });
    }
    true
}

fn parse(text: &[u8]) -> Option<(Direction, usize, &[u8])> {
    let (direction, rest) = match text.split_first_chunk::<6>()? {
        (b"RECV (", rest) => (Direction::Received, rest),
        (b"SEND (", rest) => (Direction::Sent, rest),
        _ => return None,
    };
    let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let announced = std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()?;
    Some((direction, announced, rest.get(digits..)?.strip_prefix(b"):")?))
}
