//! One plain verdict on a capture.

use meterscope_decoder::error::Layer;

use crate::session::Totals;

/// What is the matter with a capture, or that nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Octets, but no frame in them.
    NoFrames,
    /// Frames, but every one is damaged.
    AllDamaged,
    /// Good frames whose messages need a key.
    KeyNeeded,
    /// Good frames, but this layer could not read any of them.
    Unreadable(Layer),
    /// Good frames with messages of a list that nobody knows.
    UnknownList,
    /// Good frames and damaged ones.
    SomeDamaged,
    /// All frames are good, but this layer met a problem in some.
    SomeUnread(Layer),
    /// All frames are good, and there was nothing to be read in them.
    NoReadings,
    /// All is good.
    AllGood,
}

/// How bad it is; decides the sign and the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Nothing is wrong.
    Good,
    /// Something needs attention.
    Attention,
    /// Nothing could be read.
    Bad,
}

impl Verdict {
    /// The verdict on a capture that adds up to `totals`.
    pub fn of(totals: &Totals) -> Self {
        let layer = |default| totals.first_unread.map_or(default, |problem| problem.kind.layer());
        match totals {
            Totals { good: 0, damaged: 0, .. } => Self::NoFrames,
            Totals { good: 0, .. } => Self::AllDamaged,
            // Chance makes a short frame of noise now and then, but no message with a reading.
            Totals { readings: 0, skipped, octets, .. } if *skipped > octets / 2 => Self::NoFrames,
            Totals { readings: 0, locked: 1.., .. } => Self::KeyNeeded,
            Totals { readings: 0, unknown_lists: 1.., .. } => Self::UnknownList,
            Totals { good, unread, readings: 0, .. } if good == unread => {
                Self::Unreadable(layer(Layer::Application))
            }
            Totals { damaged: 1.., .. } => Self::SomeDamaged,
            Totals { unread: 1.., .. } => Self::SomeUnread(layer(Layer::Application)),
            Totals { readings: 0, .. } => Self::NoReadings,
            _ => Self::AllGood,
        }
    }

    /// How bad it is.
    pub const fn weight(self) -> Weight {
        match self {
            Self::AllGood => Weight::Good,
            Self::NoFrames | Self::AllDamaged | Self::Unreadable(_) => Weight::Bad,
            _ => Weight::Attention,
        }
    }

    /// The layer that failed.
    pub const fn layer(self) -> Option<Layer> {
        match self {
            Self::NoFrames | Self::AllDamaged | Self::SomeDamaged => Some(Layer::Link),
            Self::KeyNeeded => Some(Layer::Security),
            Self::Unreadable(layer) | Self::SomeUnread(layer) => Some(layer),
            Self::UnknownList => Some(Layer::Application),
            Self::NoReadings | Self::AllGood => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterscope_decoder::error::{Problem, ProblemKind};

    #[test]
    fn each_state_of_a_capture_has_its_verdict() {
        let one_good = Totals { good: 1, ..Totals::default() };
        let unread = Totals {
            unread: 1,
            first_unread: Some(Problem::new(ProblemKind::SegmentNotJoined, 0)),
            ..one_good
        };
        for (totals, verdict) in [
            (Totals { skipped: 9, ..Totals::default() }, Verdict::NoFrames),
            (Totals { damaged: 2, ..Totals::default() }, Verdict::AllDamaged),
            (Totals { locked: 1, ..one_good }, Verdict::KeyNeeded),
            (Totals { unknown_lists: 1, ..one_good }, Verdict::UnknownList),
            (unread, Verdict::Unreadable(Layer::Transport)),
            (Totals { readings: 3, ..unread }, Verdict::SomeUnread(Layer::Transport)),
            (Totals { readings: 3, damaged: 1, ..unread }, Verdict::SomeDamaged),
            (one_good, Verdict::NoReadings),
            (Totals { readings: 3, ..one_good }, Verdict::AllGood),
        ] {
            assert_eq!(Verdict::of(&totals), verdict, "{totals:?}");
        }
    }
}
