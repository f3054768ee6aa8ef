//! Octets that are held back until it is known what they are, and the lines of text among them.

use std::ops::Range;

use meterscope_firmware_logic::command::{NoCommand, OK};
use meterscope_firmware_logic::forwarder::IDENTITY;
use meterscope_firmware_logic::marks::begin_text;

use super::Identity;
use crate::source::Micros;

/// No answer is longer.
const LONGEST_ANSWER: usize = 80;
/// More is held back of no board.
const MOST_HELD: usize = 1 << 16;

/// Octets with the times at which they came.
#[derive(Clone, Debug, Default)]
pub struct Held {
    octets: Vec<u8>,
    /// When the octets from an offset on came.
    arrivals: Vec<(usize, Micros)>,
}

/// Octets that came at one time.
pub type Piece = (Micros, Vec<u8>);

impl Held {
    /// None.
    pub const fn new() -> Self {
        Self { octets: Vec::new(), arrivals: Vec::new() }
    }

    /// Holds back more.
    pub fn push(&mut self, at: Micros, octets: &[u8]) {
        self.arrivals.push((self.octets.len(), at));
        self.octets.extend_from_slice(octets);
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.octets.len()
    }

    /// Whether no more is to be held back.
    pub const fn is_full(&self) -> bool {
        self.len() > MOST_HELD
    }

    /// The last answer to `?`, and where it stands.
    pub fn identity(&self) -> Option<(Identity, Range<usize>)> {
        self.identity_ending_behind(0)
    }

    /// The same, of those that end behind a place: what lies long before it is not looked at again.
    pub fn identity_ending_behind(&self, place: usize) -> Option<(Identity, Range<usize>)> {
        let from = place.saturating_sub(IDENTITY.len() + LONGEST_ANSWER);
        let identity = |text: Range<usize>| {
            let text = from + text.start..from + text.end;
            Some((Identity::parse(self.octets.get(text.clone())?)?, text))
        };
        texts(self.octets.get(from..)?).filter_map(identity).last().filter(|(_, text)| text.end > place)
    }

    /// Where a confirmation with a mark stands first, behind all texts.
    pub fn marked_confirmation_behind_texts(&self) -> Option<Range<usize>> {
        let confirmation = marked_confirmation();
        let behind = texts(&self.octets).map(|text| text.end).last().unwrap_or_default();
        let octets = self.octets.get(behind..)?;
        let at = behind + octets.windows(confirmation.len()).position(|octets| octets == confirmation)?;
        Some(at..at + confirmation.len())
    }

    /// Where the text begins that ends in front of `at`, if it is a confirmation without a mark.
    pub fn confirmation_before(&self, at: usize) -> usize {
        let before = self.octets.get(..at);
        before.and_then(|octets| octets.strip_suffix(OK)).map_or(at, <[u8]>::len)
    }

    /// Where the last confirmation with a mark in front of `at` stands.
    pub fn marked_confirmation_before(&self, at: usize) -> Option<Range<usize>> {
        let confirmation = marked_confirmation();
        let start =
            self.octets.get(..at)?.windows(confirmation.len()).rposition(|octets| octets == confirmation)?;
        Some(start..start + confirmation.len())
    }

    /// The octets of a range, with their times.
    pub fn pieces(&self, range: Range<usize>) -> Vec<Piece> {
        let ends = self.arrivals.iter().skip(1).map(|&(offset, _)| offset).chain([self.octets.len()]);
        let piece = |(&(start, at), end): (&(usize, Micros), usize)| {
            let octets = self.octets.get(start.max(range.start)..end.min(range.end))?;
            (!octets.is_empty()).then(|| (at, octets.to_vec()))
        };
        self.arrivals.iter().zip(ends).filter_map(piece).collect()
    }

    /// The same without the texts.
    pub fn pieces_without_texts(&self, range: Range<usize>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut from = range.start;
        let is_inside = |text: &Range<usize>| text.start >= range.start && text.end <= range.end;
        for text in texts(&self.octets).filter(is_inside) {
            pieces.extend(self.pieces(from..text.start));
            from = text.end;
        }
        pieces.extend(self.pieces(from..range.end));
        pieces
    }
}

/// What a board that marks answers to what it obeys.
fn marked_confirmation() -> Vec<u8> {
    let mut confirmation = Vec::new();
    begin_text(&mut |octet| confirmation.push(octet));
    confirmation.extend(OK);
    confirmation
}

/// Where lines of text of a board that does not mark stand among octets of the bus.
fn texts(octets: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (start, length) =
            (from..octets.len()).find_map(|at| Some((at, text_length(octets.get(at..)?)?)))?;
        from = start + length;
        Some(start..from)
    })
}

/// How long the text is that these octets begin with.
fn text_length(octets: &[u8]) -> Option<usize> {
    let refusals = [NoCommand::Unknown, NoCommand::Unsuitable].map(NoCommand::answer);
    if let Some(refusal) = refusals.into_iter().find(|&refusal| octets.starts_with(refusal)) {
        return Some(refusal.len());
    }
    let end = octets.strip_prefix(IDENTITY)?.iter().take(LONGEST_ANSWER).position(|&octet| octet == b'\n')?;
    let length = IDENTITY.len() + end;
    Identity::parse(octets.get(..length)?).map(|_| length + 1)
}
