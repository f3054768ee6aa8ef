//! Where frames begin and end: one state machine for octets in pieces and octets in memory.
//!
//! The scanner looks at the octets not yet attributed, from the first one on, and says what they are or that more are
//! needed. Its answer depends only on octets that every longer look would also begin with, so cutting the stream
//! elsewhere gives the same items.

use core::marker::PhantomData;

use super::{AnyLink, FrameKind, Links, SkipReason, ciphered_apdu, hdlc_frame, mbus_frame, p1_telegram};
use crate::error::{Problem, ProblemKind};

/// The longest frame that is waited for: more than the 2,049 octets of HDLC and than any P1 telegram seen.
pub const LONGEST_FRAME: usize = 8192;

/// Skipped octets are reported at the latest after so many, so that a stream of noise is heard of.
const LONGEST_SKIP: u32 = 1024;

/// What a link layer says of the octets from one place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// No frame of this kind begins here.
    No,
    /// The answer needs so many octets in all.
    More(u32),
    /// A frame with the right check sequences.
    Good { kind: FrameKind, length: u32 },
    /// It begins like a frame and is none.
    Bad { kind: FrameKind, problem: Problem, claimed: u32, evidence: Evidence },
}

impl Probe {
    pub(crate) fn bad(
        kind: FrameKind,
        problem: ProblemKind,
        at: u32,
        claimed: u32,
        evidence: Evidence,
    ) -> Self {
        Self::Bad { kind, problem: Problem::new(problem, at), claimed, evidence }
    }
}

/// How surely a damaged frame was meant to begin here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Evidence {
    /// A few bits: it counts only where nothing better is known.
    Weak,
    /// Several octets in the form of a header.
    Fair,
    /// A header with its own check sequence.
    Strong,
}

/// What a probe may know about the place it looks at.
#[allow(clippy::struct_excessive_bools, reason = "four facts that do not depend on each other")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Everything before was attributed to good frames.
    pub in_step: bool,
    /// The octet before was the closing flag of a frame, which may open the next one too.
    pub shared_flag: bool,
    /// The octet before was not part of a line of text.
    pub line_start: bool,
    /// No octets will follow.
    pub ended: bool,
    /// P1: octets from here on that are known to hold no end, or only the beginning of one at the last.
    pub searched: u32,
}

/// What the scanner found at the front of the octets not yet attributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing can be said before there are so many octets.
    NeedMore(u32),
    /// A good frame of so many octets begins at the front.
    Frame { kind: FrameKind, length: u32 },
    /// The octet at the front belongs to the run that the scanner is counting.
    Advance,
    /// The run of octets before the front is complete.
    Run(Run),
}

/// Octets that are no good frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub length: u32,
    pub cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Skipped(SkipReason),
    Damaged { kind: FrameKind, problem: Problem, claimed: u32, evidence: Evidence },
}

/// The state between two looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scanner<L = AnyLink> {
    longest: u32,
    run: Option<Run>,
    in_step: bool,
    after_flag: bool,
    previous: u8,
    searched: u32,
    links: PhantomData<L>,
}

impl<L: Links> Scanner<L> {
    /// A scanner at the beginning of a stream that waits for frames of at most `longest` octets.
    pub const fn new(longest: u32) -> Self {
        Self {
            longest,
            run: None,
            in_step: true,
            after_flag: false,
            previous: b'\n',
            searched: 0,
            links: PhantomData,
        }
    }

    /// Octets of the run that is not reported yet.
    pub const fn pending(&self) -> u32 {
        match self.run {
            Some(run) => run.length,
            None => 0,
        }
    }

    /// Looks at `octets`, the ones not yet attributed; `ended` says that none will follow.
    ///
    /// The caller consumes what the answer names before the next call.
    pub fn look(&mut self, octets: &[u8], ended: bool) -> Found {
        let Some(&first) = octets.first() else {
            return match self.run.take() {
                Some(run) if ended => Found::Run(Self::closed(run)),
                run => {
                    self.run = run;
                    Found::NeedMore(1)
                }
            };
        };
        if let Some(run) = self.run.take_if(|run| run.is_full()) {
            // A frame that ends where it said it would is behind us, damaged or not.
            self.in_step = run.is_surely_a_frame();
            return Found::Run(Self::closed(run));
        }
        match self.probe_within(first, octets, ended) {
            Probe::More(needed) => {
                self.searched = octets.len() as u32;
                Found::NeedMore(needed)
            }
            Probe::Good { kind, length } => {
                if let Some(run) = self.run.take() {
                    return Found::Run(Self::closed(run));
                }
                let last = octets.get(length as usize - 1).copied().unwrap_or_default();
                self.after_flag = kind == FrameKind::Hdlc && last == hdlc_frame::FLAG;
                self.in_step = true;
                self.searched = 0;
                self.previous = b'\n';
                Found::Frame { kind, length }
            }
            Probe::Bad { kind, problem, claimed, evidence } if self.cuts(evidence) => {
                if let Some(run) = self.run.take() {
                    return Found::Run(Self::closed(run));
                }
                self.run =
                    Some(Run { length: 0, cause: Cause::Damaged { kind, problem, claimed, evidence } });
                self.advance(first)
            }
            Probe::No | Probe::Bad { .. } => self.advance(first),
        }
    }

    /// A search for HDLC alone is that of a small processor, which does not say how much of a damaged frame is missing.
    fn closed(run: Run) -> Run {
        if L::ALL { run.closed() } else { run }
    }

    /// Asks for no more octets than there is room for. What is still undecided with all of them is decided without more.
    fn probe_within(&self, first: u8, octets: &[u8], ended: bool) -> Probe {
        let needed = match self.probe(first, octets, ended) {
            Probe::More(needed) if needed > self.longest => needed,
            decided => return decided,
        };
        if (octets.len() as u32) < self.longest {
            return Probe::More(self.longest);
        }
        if !L::ALL {
            let too_long = ProblemKind::ImpossibleLength { length: needed };
            return Probe::bad(FrameKind::Hdlc, too_long, 0, needed, Evidence::Fair);
        }
        self.decide(first, octets, needed)
    }

    /// A frame that needs more octets than there is room for is decided with those that are there.
    #[cold]
    #[inline(never)]
    fn decide(&self, first: u8, octets: &[u8], needed: u32) -> Probe {
        match self.probe(first, octets, true) {
            Probe::Bad { kind, problem, claimed, evidence } => {
                let too_long = ProblemKind::ImpossibleLength { length: needed };
                Probe::bad(kind, too_long, problem.at.min(self.longest), claimed.min(needed), evidence)
            }
            other => other,
        }
    }

    #[cfg_attr(not(any(target_arch = "wasm32", target_arch = "avr")), inline)]
    fn probe(&self, first: u8, octets: &[u8], ended: bool) -> Probe {
        let place = Place {
            in_step: self.in_step,
            shared_flag: self.after_flag,
            line_start: self.in_step || !matches!(self.previous, b' '..=b'~' | b'\t'),
            ended,
            searched: self.searched,
        };
        match first {
            hdlc_frame::FLAG => hdlc_frame::probe::<L>(octets, place),
            0xA0..=0xA7 if place.shared_flag => hdlc_frame::probe::<L>(octets, place),
            _ if !L::ALL => Probe::No,
            mbus_frame::ACK | mbus_frame::START_SHORT | mbus_frame::START_LONG => {
                mbus_frame::probe(octets, place)
            }
            p1_telegram::START => p1_telegram::probe(octets, place),
            // Inside a damaged frame it would be the content of that: nothing checks it.
            ciphered_apdu::START if !self.in_damage() => ciphered_apdu::probe(octets, place),
            _ => Probe::No,
        }
    }

    fn in_damage(&self) -> bool {
        matches!(self.run, Some(Run { cause: Cause::Damaged { .. }, .. }))
    }

    /// Whether a damaged frame of this evidence begins a run of its own.
    fn cuts(&self, evidence: Evidence) -> bool {
        match self.run {
            None => true,
            Some(Run { cause: Cause::Damaged { evidence: present, .. }, .. }) => {
                evidence >= present && evidence > Evidence::Weak
            }
            // In the middle of noise a few bits that look like a header are noise too.
            Some(_) => evidence > Evidence::Weak,
        }
    }

    fn advance(&mut self, octet: u8) -> Found {
        let look = SkipReason::of(octet);
        let run = self.run.get_or_insert(Run { length: 0, cause: Cause::Skipped(look) });
        if let Cause::Skipped(reason) = &mut run.cause {
            *reason = reason.joined(look);
        }
        run.length += 1;
        self.in_step = false;
        self.after_flag = false;
        self.previous = octet;
        self.searched = 0;
        Found::Advance
    }
}

impl Run {
    fn is_surely_a_frame(&self) -> bool {
        matches!(self.cause, Cause::Damaged { evidence, .. } if evidence > Evidence::Weak)
    }

    fn is_full(&self) -> bool {
        match self.cause {
            Cause::Damaged { claimed, .. } => self.length >= claimed,
            Cause::Skipped(_) => self.length >= LONGEST_SKIP,
        }
    }

    /// What is wrong may lie behind the place where the next frame cuts the damaged one off; then that is what is wrong.
    fn closed(mut self) -> Self {
        let length = self.length;
        if let Cause::Damaged { kind, problem, claimed, .. } = &mut self.cause
            && length < *claimed
            && (problem.at > length
                || problem.at == length && !matches!(problem.kind, ProblemKind::Incomplete { .. }))
        {
            let known = *kind != FrameKind::P1 && *claimed != u32::MAX;
            let missing = if known { claimed.saturating_sub(length) } else { 0 };
            *problem = Problem::new(ProblemKind::Incomplete { missing }, length);
        }
        self
    }
}

impl SkipReason {
    const fn of(octet: u8) -> Self {
        match octet {
            0x00 | 0x7E | 0xFF => Self::Idle,
            b' '..=b'}' | b'\t' | b'\r' | b'\n' => Self::Text,
            _ => Self::Noise,
        }
    }

    fn joined(self, other: Self) -> Self {
        if self == other { self } else { Self::Noise }
    }
}
