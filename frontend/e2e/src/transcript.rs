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
    let signal = Signal::of(frame, line);
    // Wrong octets take about as long as right ones.
    let octet = signal.end / frame.len().max(1) as u64;
    let length = octet * heard.len() as u64;
    let likely = signal.end.saturating_sub(length);
    let mut starts = signal.starts();
    starts.retain(|start| start.abs_diff(likely) < length / 4 + 4 * octet);
    starts.sort_by_key(|start| start.abs_diff(likely));
    starts.into_iter().any(|start| signal.heard_from(start).ends_with(heard))
}

/// A frame on a line that rests behind it, in ticks of the forwarder's clock.
struct Signal {
    edges: Vec<(u64, bool)>,
    quarter_bit: u64,
    end: u64,
}

const NS_PER_TICK: u64 = 4000;
const TICKS_PER_SECOND: u64 = 250_000;
/// The forwarder's clock must not go on further at once.
const MOST_TICKS: usize = 20_000;

impl Signal {
    fn of(frame: &[u8], line: LineSettings) -> Self {
        let sender = Sender { settings: line, clock_error: 0.0, jitter_ns: 0.0 };
        let mut waveform = Waveform::resting(0);
        waveform.send(frame, &sender, &mut Random::new(1));
        waveform.rest(20.0 * sender.bit_ns());
        let quarter_bit = (TICKS_PER_SECOND / 4 / u64::from(line.baud.max(1))).max(1);
        let edges = waveform.edges().iter().map(|edge| (edge.at_ns / NS_PER_TICK, edge.level)).collect();
        Self { edges, quarter_bit, end: waveform.end_ns() / NS_PER_TICK }
    }

    /// When a forwarder would take the line for a start bit: where it falls, and wherever it is low when that is started.
    fn starts(&self) -> Vec<u64> {
        let low = self.edges.windows(2).filter(|pair| !pair[0].1);
        low.flat_map(|pair| (pair[0].0..pair[1].0).step_by(self.quarter_bit as usize)).collect()
    }

    /// What a forwarder hears that is started at this moment, when the line is low.
    fn heard_from(&self, start: u64) -> Vec<u8> {
        let mut heard = Vec::new();
        let mut forwarder: Forwarder = Forwarder::new();
        let mut output = |octet| heard.push(octet);
        let behind = self.edges.iter().copied().filter(|edge| edge.0 > start);
        let mut last = start;
        for (at, level) in [(start, false)].into_iter().chain(behind) {
            forwarder.edge(Edge { at: (at - start) as Tick, level }, &mut output);
            last = at;
        }
        for now in (last..self.end).step_by(MOST_TICKS).skip(1).chain([self.end]) {
            forwarder.advance((now - start) as Tick, &mut output);
        }
        heard
    }
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
        for place in (1..piece.len() - 1).step_by(19) {
            let mut piece = piece.clone();
            piece.remove(place);
            assert_eq!(find(&frames, LINE, &piece), None, "{place}");
        }
    }

    #[test]
    fn whoever_comes_within_an_octet_hears_others_at_first() {
        let frames = frames();
        let signal = Signal::of(&frames[0], LINE);
        let fronts = signal.starts().into_iter().skip(1000).map(|start| signal.heard_from(start));
        let fronts: Vec<_> = fronts.filter(|front| !frames[0].ends_with(front)).step_by(50).collect();
        assert!(fronts.len() > 5);
        for front in &fronts {
            let found = Captured { whole: 1..2, begins_inside: true, ends_inside: false };
            assert_eq!(find(&frames, LINE, &[&front[..], &frames[1]].concat()), Some(found));
        }
        let other = [&fronts[0][..], &[!frames[1][0]], &frames[1]].concat();
        assert_eq!(find(&frames, LINE, &other), None);
    }

    /// As it came in the chain: the last zero of 00 was taken for a start bit, and FF lost a one to its own.
    #[test]
    fn a_start_within_00_is_heard_as_a_wrong_octet() {
        let frame = [0x47, 0x07, 0x00, 0xFF, 0x06, 0x00, 0x00, 0x03, 0x6F, 0x09];
        let line = "2400 8N1".parse().unwrap();
        assert!(is_end_of(&frame, line, &[0xFD, 0x06, 0x00, 0x00, 0x03, 0x6F, 0x09]));
        assert!(!is_end_of(&frame, line, &[0xFD, 0x06, 0x00, 0x03, 0x6F, 0x09]));
    }
}
