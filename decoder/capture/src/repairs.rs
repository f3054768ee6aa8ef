//! Damage on the way that can be undone: only on request, for it changes octets.

use meterscope_decoder::link::Frame;
use meterscope_decoder::link::frames::{Frames, Item};

use crate::form::Form;
use crate::imported::Imported;

/// How many octets are looked at before the repair is offered.
const LOOK: usize = 1 << 16;

/// Takes the CR out in front of every LF. The lines of P1 text end with CR LF, so there only one of two is taken out.
pub(crate) fn undo_crlf(imported: &mut Imported) {
    let octets = std::mem::take(&mut imported.octets);
    let mut kept = Vec::with_capacity(octets.len());
    let mut places: Vec<&mut usize> = Vec::new();
    places.extend(imported.stamps.iter_mut().map(|stamp| &mut stamp.offset));
    places.extend(imported.events.iter_mut().map(|event| &mut event.offset));
    places.sort_unstable();
    let mut places = places.into_iter().peekable();
    let mut undone = 0;
    for part in &mut imported.parts {
        let before = kept.len();
        let is_text = matches!(part.form, Form::P1Text { .. });
        for at in part.octets.clone() {
            while let Some(place) = places.next_if(|place| **place <= at) {
                *place = kept.len();
            }
            match (octets.get(at), octets.get(at + 1)) {
                (Some(b'\r'), Some(b'\n')) if !is_text => undone += 1,
                (Some(b'\r'), Some(b'\r')) if is_text && octets.get(at + 2) == Some(&b'\n') => undone += 1,
                (octet, _) => kept.extend(octet),
            }
        }
        part.octets = before..kept.len();
    }
    // What happened behind the last octet.
    places.for_each(|place| *place = kept.len());
    imported.octets = kept;
    imported.repaired.crlf_undone = undone;
}

/// Whether every LF has a CR in front, and more frames are good without them.
pub(crate) fn helps_to_undo_crlf(octets: &[u8]) -> bool {
    let octets = octets.get(..LOOK).unwrap_or(octets);
    // Most inputs have none or a bare one early; this is asked of every single frame.
    octets.contains(&b'\n')
        && without_crlf(octets).is_some_and(|undone| good_frames(&undone) > good_frames(octets))
}

/// The octets without the CR in front of every LF; nothing where an LF has none, so that the damage is another one.
pub fn without_crlf(octets: &[u8]) -> Option<Vec<u8>> {
    let mut undone = Vec::with_capacity(octets.len());
    for &octet in octets {
        if octet == b'\n' && undone.pop() != Some(b'\r') {
            return None;
        }
        undone.push(octet);
    }
    (undone.len() < octets.len()).then_some(undone)
}

fn good_frames(octets: &[u8]) -> usize {
    Frames::new(octets).filter(|item| matches!(item, Item::Frame(Frame { damage: None, .. }))).count()
}
