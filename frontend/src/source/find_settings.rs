//! Finds out how a line is set, by listening with one setting after the other.
//!
//! A setting fits as soon as a frame is good. Where octets come and no frame is, they mostly show what is wrong (parity,
//! speed), and the next setting is chosen by that; where nothing comes, a meter that speaks every ten seconds is waited
//! for. A setting that was left because of a doubt gets a second turn. The search knows no port and no clock: it is told
//! both.

use std::collections::VecDeque;

use meterscope_capture::LineEvent;
use meterscope_capture::line_settings::{LineSettings, Parity};
use meterscope_capture::verdict::{Evidence, LineFault, Symptom, Verdict};
use meterscope_decoder::decode::Decoded;
use meterscope_decoder::items::Items;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::link::{Frame, FrameKind};

/// The search never takes longer.
pub const LIMIT_MS: u64 = 90_000;
/// So long a setting is listened to where nothing is heard: a meter that speaks every ten seconds speaks in it.
const WINDOW_MS: u64 = 12_500;
/// What has begun by then may go on for so long: a telegram of 200 octets at 300 baud does.
const OVERTIME_MS: u64 = 8000;
/// So long, and so many octets, a line is quiet behind a telegram.
const GAP_MS: u64 = 300;
const GAP_OCTETS: u64 = 20;
/// So many telegrams without a good frame are enough; the first may have been heard from its middle.
const TELEGRAMS: u32 = 2;
/// So many octets are judged at least that often, also where there is no gap.
const TELEGRAM_OCTETS: usize = 4096;
/// So few octets in one telegram are those of a faster line.
const FEW_OCTETS: u32 = 24;
/// So often one setting is listened to.
const TURNS: usize = 2;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Go on listening.
    Listen,
    /// Open the port anew with other settings: those of [`Search::settings`].
    Change,
    /// These settings fit.
    Found,
    /// None fits; the verdict on the most telling of them.
    GiveUp(Verdict),
}

/// A search.
#[derive(Clone, Debug)]
pub struct Search {
    begun_ms: u64,
    settings: LineSettings,
    waiting: VecDeque<LineSettings>,
    /// Every setting that had a turn, in order.
    turns: Vec<LineSettings>,
    heard: Heard,
    verdict: Verdict,
    /// The board finds the settings by itself: there is nothing to be tried.
    by_board: bool,
}

/// What was heard with one setting.
#[derive(Clone, Debug)]
struct Heard {
    since_ms: u64,
    last_ms: u64,
    octets: Vec<u8>,
    /// Where the telegram that is being heard begins in `octets`.
    telegram: usize,
    /// Octets of this telegram that the driver kept for itself because of an error, and those of them that were breaks.
    errors: u32,
    breaks: u32,
    /// Whether a telegram has begun and not ended.
    speaking: bool,
    telegrams: u32,
    hint: Hint,
    is_judged: bool,
}

/// What octets say about the settings that would fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    Nothing,
    Slower,
    Faster,
    OtherParity,
    Exactly(LineSettings),
}

impl Search {
    /// A search that begins now, with settings that fitted earlier where there are such.
    pub fn new(now_ms: u64, earlier: Option<LineSettings>) -> Self {
        let mut waiting: VecDeque<_> = earlier.into_iter().collect();
        waiting.extend(candidates().into_iter().filter(|&settings| Some(settings) != earlier));
        let settings = waiting.pop_front().unwrap_or(LineSettings::MBUS);
        Self {
            begun_ms: now_ms,
            settings,
            waiting,
            turns: vec![settings],
            heard: Heard::since(now_ms),
            verdict: Verdict::Silent,
            by_board: false,
        }
    }

    /// From now on the board finds the settings, and what is heard tells whether it has.
    pub fn leave_to_board(&mut self) {
        self.by_board = true;
    }

    /// Judges again what was heard: the board has not said its settings yet.
    pub fn judge_again(&mut self) {
        self.heard.is_judged = false;
    }

    /// The settings to listen with.
    pub const fn settings(&self) -> LineSettings {
        self.settings
    }

    /// The port is open with the settings: their time begins.
    pub fn opened(&mut self, now_ms: u64) {
        self.heard = Heard::since(now_ms);
    }

    /// Octets were heard.
    pub fn hear(&mut self, now_ms: u64, octets: &[u8]) {
        self.heard.octets.extend_from_slice(octets);
        self.heard.is_judged = false;
        self.heard.speak(now_ms);
    }

    /// The line reported something.
    pub fn line_event(&mut self, now_ms: u64, event: LineEvent) {
        if !matches!(event, LineEvent::Lost | LineEvent::Overflow) {
            self.heard.errors += 1;
            self.heard.breaks += u32::from(event == LineEvent::Break);
            self.heard.speak(now_ms);
        }
    }

    /// How much of the longest time is over, in percent.
    pub fn percent(&self, now_ms: u64) -> u8 {
        let elapsed = now_ms.saturating_sub(self.begun_ms).min(LIMIT_MS);
        (elapsed * 100 / LIMIT_MS) as u8
    }

    /// Time has passed. To be asked a few times a second.
    pub fn step(&mut self, now_ms: u64) -> Step {
        if !self.heard.is_judged {
            self.heard.is_judged = true;
            if has_good_frame(&self.heard.octets) {
                return Step::Found;
            }
        }
        let gap_ms = GAP_MS + GAP_OCTETS * self.settings.octet_micros() / 1000;
        let is_quiet = now_ms >= self.heard.last_ms + gap_ms;
        let is_long = self.heard.octets.len() >= self.heard.telegram + TELEGRAM_OCTETS;
        if self.heard.speaking && (is_quiet || is_long) {
            self.end_telegram();
        }
        if now_ms >= self.begun_ms + LIMIT_MS {
            return Step::GiveUp(self.verdict);
        }
        let in_time = now_ms < self.heard.since_ms + WINDOW_MS;
        let in_overtime = self.heard.speaking && now_ms < self.heard.since_ms + WINDOW_MS + OVERTIME_MS;
        let is_clear = matches!(self.heard.hint, Hint::Exactly(_)) || self.heard.telegrams >= TELEGRAMS;
        if !self.by_board && (is_clear || !(in_time || in_overtime)) {
            self.change(now_ms)
        } else {
            Step::Listen
        }
    }

    /// Judges what was heard up to here.
    fn end_telegram(&mut self) {
        let heard = &mut self.heard;
        let (evidence, verdict) = examine(&heard.octets);
        // Errors are octets that the driver kept for itself.
        let is_noise = heard.octets.is_empty() || verdict == Verdict::Silent;
        let verdict = if is_noise { Verdict::Noise } else { verdict };
        if weight(verdict) > weight(self.verdict) {
            self.verdict = verdict;
        }
        let octets = (heard.octets.len() - heard.telegram) as u32 + heard.errors;
        heard.hint = match evidence.symptom {
            Some(Symptom::Line(fault)) => fitting(self.settings, fault),
            // A low that outlasts an octet.
            _ if heard.breaks * 2 > octets => Hint::Slower,
            _ if octets <= FEW_OCTETS && evidence.damaged == 0 => Hint::Faster,
            // Linux calls every error one of parity where there is parity, else one of framing.
            _ if heard.errors * 4 > octets => Hint::OtherParity,
            _ => heard.hint,
        };
        heard.speaking = false;
        heard.telegrams += 1;
        heard.telegram = heard.octets.len();
        (heard.errors, heard.breaks) = (0, 0);
    }

    /// Goes on to the setting that what was heard points at, or to the next.
    fn change(&mut self, now_ms: u64) -> Step {
        let turns = |settings| self.turns.iter().filter(|&&turn| turn == settings).count();
        let baud = self.settings.baud;
        let next = match self.heard.hint {
            Hint::Exactly(settings) if turns(settings) < TURNS => Some(settings),
            Hint::Faster => self.waiting.iter().copied().filter(|it| it.baud > baud).max_by_key(|it| it.baud),
            Hint::OtherParity => Some(other_parity(self.settings)).filter(|&it| turns(it) == 0),
            Hint::Slower => self.waiting.iter().copied().find(|it| it.baud < baud),
            _ => None,
        };
        let next = next.or(self.waiting.front().copied());
        // What something was heard with may have been right, and the telegram cut off in front.
        if self.heard.telegrams > 0 && turns(self.settings) < TURNS {
            self.waiting.push_back(self.settings);
        }
        let Some(next) = next.or(self.waiting.front().copied()) else { return Step::GiveUp(self.verdict) };
        self.waiting.retain(|&settings| settings != next);
        self.settings = next;
        self.turns.push(next);
        self.opened(now_ms);
        Step::Change
    }
}

impl Heard {
    const fn since(now_ms: u64) -> Self {
        Self {
            since_ms: now_ms,
            last_ms: now_ms,
            octets: Vec::new(),
            telegram: 0,
            errors: 0,
            breaks: 0,
            speaking: false,
            telegrams: 0,
            hint: Hint::Nothing,
            is_judged: true,
        }
    }

    const fn speak(&mut self, now_ms: u64) {
        self.last_ms = now_ms;
        self.speaking = true;
    }
}

/// All settings that meters are known to use, the most common first.
fn candidates() -> [LineSettings; 6] {
    let mbus = LineSettings::MBUS;
    [
        mbus,
        LineSettings { baud: 115_200, parity: Parity::None, ..mbus },
        LineSettings { parity: Parity::None, ..mbus },
        LineSettings { baud: 9600, ..mbus },
        LineSettings { baud: 300, ..mbus },
        LineSettings { baud: 9600, data_bits: 7, ..mbus },
    ]
}

/// Whether these octets hold what comes about by chance less than once in the millions of a search.
fn has_good_frame(octets: &[u8]) -> bool {
    let mut short = 0;
    Items::new(octets).any(|item| match item {
        Item::Frame(Frame { kind, damage: None, .. }) => match kind {
            FrameKind::Hdlc | FrameKind::P1 | FrameKind::MbusLong | FrameKind::MbusControl => true,
            // Five octets, three of which are given: one may be chance, a master that asks again and again is none.
            FrameKind::MbusShort => {
                short += 1;
                short > 1
            }
            FrameKind::MbusAck | FrameKind::Llc | FrameKind::Apdu => false,
        },
        _ => false,
    })
}

fn examine(octets: &[u8]) -> (Evidence, Verdict) {
    let mut evidence = Evidence::default();
    for item in Items::new(octets) {
        evidence.add(&item, &Decoded::default(), None);
    }
    evidence.examine(octets);
    (evidence, Verdict::of(&evidence))
}

/// How much a verdict tells, where no setting fits.
const fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Silent => 0,
        Verdict::Noise => 1,
        Verdict::WrongSettings(_) => 2,
        _ => 3,
    }
}

/// The settings that octets with this fault were sent with.
fn fitting(read: LineSettings, fault: LineFault) -> Hint {
    Hint::Exactly(match fault {
        LineFault::ReadWithParity => LineSettings { parity: Parity::None, ..read },
        LineFault::ReadWithoutParity => LineSettings { parity: Parity::Even, ..read },
        LineFault::EvenOctetsLost => other_parity(read),
        // As many bits on the line.
        LineFault::SevenBits => LineSettings { data_bits: 8, parity: Parity::None, ..read },
        LineFault::ParityInBitSeven => LineSettings { data_bits: 7, parity: Parity::Even, ..read },
        LineFault::ReadTooFast => return Hint::Slower,
    })
}

const fn other_parity(read: LineSettings) -> LineSettings {
    let parity = match read.parity {
        Parity::None => Parity::Even,
        Parity::Even | Parity::Odd => Parity::None,
    };
    LineSettings { parity, ..read }
}

#[cfg(test)]
mod line;
#[cfg(test)]
mod tests;
