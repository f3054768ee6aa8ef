//! What a capture has of the frames that a meter sent: nothing may be missing in it.

use std::ops::Range;

use meterscope_capture::line_settings::LineSettings;
use meterscope_firmware_logic::edge::{Edge, Tick};
use meterscope_firmware_logic::forwarder::Forwarder;
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Waveform};

/// The frames that a capture has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// Which ones are whole.
    pub whole: Range<usize>,
    /// The end of one is in front of them.
    pub begins_inside: bool,
    /// The beginning of another is behind them.
    pub ends_inside: bool,
}

/// Finds a piece of what a meter sent, at least one whole frame, as a forwarder hears it that is started at any moment.
/// None if anything is missing in it, or is there that was not sent.
pub fn find(frames: &[Vec<u8>], line: LineSettings, captured: &[u8]) -> Option<Captured> {
    (0..frames.len()).find_map(|first| {
        let said = frames.get(first..)?.concat();
        let shortest = frames.get(first)?.len();
        let longest_front = captured.len().checked_sub(shortest)?;
        let (front, heard) = (0..=longest_front)
            .filter_map(|length| captured.split_at_checked(length))
            .find(|(_, heard)| said.starts_with(heard))?;
        let before = first.checked_sub(1).and_then(|before| frames.get(before));
        if !front.is_empty() && !before.is_some_and(|before| is_end_of(before, line, front)) {
            return None;
        }
        let mut left = heard.len();
        let is_whole = |frame: &&Vec<u8>| {
            let rest = left.checked_sub(frame.len());
            left = rest.unwrap_or(left);
            rest.is_some()
        };
        let whole = first..first + frames.iter().skip(first).take_while(is_whole).count();
        Some(Captured { whole, begins_inside: !front.is_empty(), ends_inside: left > 0 })
    })
}

/// Whether a forwarder that is started within the frame hears this up to its end. Started within an octet it takes another
/// bit for a start bit, and the octets are wrong until it is right by chance.
fn is_end_of(frame: &[u8], line: LineSettings, heard: &[u8]) -> bool {
    if frame.ends_with(heard) {
        return true;
    }
    // Wrong octets follow each other at most a bit of ten faster than right ones.
    if heard.len() > frame.len() + frame.len() / 8 + 1 {
        return false;
    }
    let sender = Sender { settings: line, clock_error: 0.0, jitter_ns: 0.0 };
    let mut waveform = Waveform::resting(0);
    waveform.send(frame, &sender, &mut Random::new(1));
    waveform.rest(20.0 * sender.bit_ns());
    let edges: Vec<(u64, bool)> =
        waveform.edges().iter().map(|edge| (edge.at_ns / NS_PER_TICK, edge.level)).collect();
    // There is nothing before a falling edge that a receiver would look at.
    let mut starts: Vec<usize> = (0..edges.len()).filter(|&start| !edges[start].1).collect();
    // Wrong octets are as many as right ones, or nearly.
    let likely = (edges.len() * frame.len().saturating_sub(heard.len())) / frame.len().max(1);
    starts.sort_by_key(|start| start.abs_diff(likely));
    let end = waveform.end_ns() / NS_PER_TICK;
    starts.into_iter().any(|start| hear(&edges[start..], end).ends_with(heard))
}

const NS_PER_TICK: u64 = 4000;
/// The forwarder's clock must not go on further at once.
const MOST_TICKS: usize = 20_000;

/// What a forwarder makes of the line from the first of these edges, in ticks, on.
fn hear(edges: &[(u64, bool)], end: u64) -> Vec<u8> {
    let mut heard = Vec::new();
    let mut forwarder = Forwarder::new();
    let mut output = |octet| heard.push(octet);
    let begin = edges.first().map_or(end, |edge| edge.0);
    for &(at, level) in edges {
        forwarder.edge(Edge { at: (at - begin) as Tick, level }, &mut output);
    }
    let last = edges.last().map_or(end, |edge| edge.0);
    for now in (last..end).step_by(MOST_TICKS).skip(1).chain([end]) {
        forwarder.advance((now - begin) as Tick, &mut output);
    }
    heard
}

#[cfg(test)]
mod tests {
    use meterscope_decoder::encode::Clock;
    use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};

    use super::*;

    const LINE: LineSettings = LineSettings::MBUS;

    fn frames() -> Vec<Vec<u8>> {
        let mut demo = Demo::new(MeterKind::Kaifa, Clock::new(2026, 11, 21, 12, 0, 0).unwrap());
        let mut buffer = [0; LONGEST_FRAME];
        (0..5).map(|_| demo.next_frame(&mut buffer).unwrap().octets.to_vec()).collect()
    }

    #[test]
    fn a_piece_without_a_gap_is_found() {
        let frames = frames();
        let whole = |whole, begins_inside, ends_inside| Some(Captured { whole, begins_inside, ends_inside });
        assert_eq!(find(&frames, LINE, &frames.concat()), whole(0..5, false, false));
        assert_eq!(find(&frames, LINE, &frames[2..4].concat()), whole(2..4, false, false));
        let piece = [&frames[0][60..], &frames[1..4].concat(), &frames[4][..7]].concat();
        assert_eq!(find(&frames, LINE, &piece), whole(1..4, true, true));
    }

    #[test]
    fn a_single_octet_that_is_missing_is_noticed_wherever_it_was() {
        let frames = frames();
        let piece = [&frames[0][60..], &frames[1..4].concat(), &frames[4][..7]].concat();
        for place in (1..piece.len() - 1).step_by(5) {
            let mut piece = piece.clone();
            piece.remove(place);
            assert_eq!(find(&frames, LINE, &piece), None, "{place}");
        }
    }

    #[test]
    fn whoever_comes_within_an_octet_hears_others_at_first() {
        let frames = frames();
        let sender = Sender { settings: LINE, clock_error: 0.0, jitter_ns: 0.0 };
        let mut waveform = Waveform::resting(0);
        waveform.send(&frames[0], &sender, &mut Random::new(1));
        waveform.rest(20.0 * sender.bit_ns());
        let edges: Vec<_> =
            waveform.edges().iter().map(|edge| (edge.at_ns / NS_PER_TICK, edge.level)).collect();
        let starts = (edges.len() / 2..edges.len()).filter(|&start| !edges[start].1);
        let front = starts
            .map(|start| hear(&edges[start..], waveform.end_ns() / NS_PER_TICK))
            .find(|front| !frames[0].ends_with(front))
            .unwrap();
        let found = Captured { whole: 1..2, begins_inside: true, ends_inside: false };
        assert_eq!(find(&frames, LINE, &[&front[..], &frames[1]].concat()), Some(found));
        let other = [&[!front[0]], &front[1..], &frames[1]].concat();
        assert_eq!(find(&frames, LINE, &other), None);
    }
}
