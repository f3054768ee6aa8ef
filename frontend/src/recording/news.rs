//! What the page hears of recordings.

use std::rc::Rc;

use super::id::Id;
use super::message::{Fault, Progress};
use super::quota::Shortage;
use super::shelf::Kept;

/// What the page hears of recordings.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// A recording began.
    Began(Id),
    /// So much of it is safe.
    Saved(Id, Progress),
    /// Whether the storage gets full.
    Room(Option<Shortage>),
    /// Nothing can be written.
    Failed(Fault),
    /// It ended, and all of it is written.
    Finished(Id),
    /// The person has its first so many octets as a file.
    SavedElsewhere(Id, u64),
    /// The browser does not give it back.
    Unreadable(Id),
    /// The recordings that nobody saved, the newest first.
    Unsaved(Rc<[Kept]>),
    /// Whether this one shall be discarded is to be asked, or not any more.
    AskDiscard(Option<Kept>),
}
