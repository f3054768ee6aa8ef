//! What the last minute of a live session adds up to: a meter that speaks again is well, whatever there was before.

use std::collections::VecDeque;

use meterscope_capture::verdict::{Evidence, Symptom};

use super::segments::Segments;
use crate::source::Micros;

/// How long it looks back, and in which steps.
const STEP: Micros = 15_000_000;
const STEPS: usize = 4;
/// So many octets are enough to see how a line is set, and looking at them takes a while.
const EXAMINED_OCTETS: usize = 4096;
/// They are looked at first when there are so many, for half a telegram shows already how the line is set; then whenever
/// there are twice as many.
const EXAMINE_FIRST: u64 = 64;
/// And when so many more have come, at the latest.
const EXAMINE_EVERY: u64 = 256;
/// And not more often than so.
const EXAMINE_WAIT: Micros = 500_000;

/// What a live session added up to some while ago.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// The beginnings of the last steps, the oldest first.
    steps: VecDeque<(Micros, Evidence)>,
    examined_at: u64,
    examined_when: Micros,
    symptom: Evidence,
}

impl Recent {
    /// Everything before belongs to the past, as far as it was counted.
    pub fn begin(&mut self, totals: &Evidence) {
        self.examined_at = heard(totals);
    }

    /// Octets came at `at`, after which the session adds up to `totals`.
    pub fn look(&mut self, at: Micros, totals: &Evidence, segments: &Segments) {
        // A clock that was set back begins anew.
        if let (Some(&(last, _)), Some(&(_, begin))) = (self.steps.back(), self.steps.front())
            && at < last
        {
            self.steps = VecDeque::from([(at, begin)]);
        }
        if self.steps.back().is_none_or(|&(last, _)| at - last >= STEP) {
            if self.steps.len() == STEPS {
                self.steps.pop_front();
            }
            // The first step begins with the session.
            let begin = if self.steps.is_empty() { Evidence::default() } else { *totals };
            self.steps.push_back((at, begin));
        }
        let waited = at.abs_diff(self.examined_when) >= EXAMINE_WAIT;
        let due = self.examined_at.clamp(EXAMINE_FIRST, EXAMINE_EVERY);
        if waited && heard(totals).saturating_sub(self.examined_at) >= due {
            (self.examined_at, self.examined_when) = (heard(totals), at);
            self.symptom = self.since_first(totals);
            self.symptom.examine(&last_octets(segments));
        }
    }

    /// What the last steps add up to, given what all does.
    pub fn evidence(&self, totals: &Evidence) -> Evidence {
        let evidence = self.since_first(totals);
        // A message that came since they were looked at says that the line is set as it should be.
        let is_read = evidence.readings + evidence.deciphered + evidence.locked + evidence.refused > 0;
        let is_settled = |symptom: &Symptom| matches!(symptom, Symptom::Line(_)) && is_read;
        Evidence { symptom: self.symptom.symptom.filter(|symptom| !is_settled(symptom)), ..evidence }
    }

    fn since_first(&self, totals: &Evidence) -> Evidence {
        self.steps.front().map_or(*totals, |(_, begin)| totals.since(begin))
    }
}

/// All octets that came.
const fn heard(totals: &Evidence) -> u64 {
    totals.octets + totals.pending
}

fn last_octets(segments: &Segments) -> Vec<u8> {
    let mut last = Vec::with_capacity(EXAMINED_OCTETS);
    for piece in segments.octets().rev() {
        let tail = piece.len().saturating_sub(EXAMINED_OCTETS - last.len());
        last.splice(0..0, piece.get(tail..).unwrap_or_default().iter().copied());
        if last.len() == EXAMINED_OCTETS {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_capture::verdict::LineFault;

    #[test]
    fn readings_settle_how_the_line_is_set() {
        for symptom in [Symptom::Line(LineFault::SevenBits), Symptom::LineFeeds] {
            let symptom = Some(symptom);
            let recent = Recent { symptom: Evidence { symptom, ..Evidence::default() }, ..Recent::default() };
            let evidence = |readings| recent.evidence(&Evidence { readings, ..Evidence::default() });
            assert_eq!(evidence(0).symptom, symptom);
            assert_eq!(evidence(1).symptom, symptom.filter(|&symptom| symptom == Symptom::LineFeeds));
        }
    }

    #[test]
    fn what_is_long_past_does_not_count() {
        let mut recent = Recent::default();
        let segments = Segments::default();
        let mut totals = Evidence { damaged: 7, octets: 70, ..Evidence::default() };
        recent.look(0, &totals, &segments);
        assert_eq!(recent.evidence(&totals).damaged, 7);
        for step in 1..=6 {
            totals.good += 10;
            recent.look(step * STEP, &totals, &segments);
        }
        let evidence = recent.evidence(&totals);
        assert_eq!((evidence.damaged, evidence.good), (0, 30));
    }
}
