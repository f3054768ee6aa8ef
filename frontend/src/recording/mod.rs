//! Every octet with its time and every event, saved as it arrives: a page that crashes or is closed loses less than a
//! second.
//!
//! The recording is a pcapng file that grows. On the page, [`Recorder`] has `encoder` write events as its blocks, and
//! posts them to a worker of its own (`worker`), the same program in a second instance. That appends them at once to a
//! file of the origin's private file system (`files`), or to `IndexedDB` (`database`) where workers cannot write files.
//! What cannot be written waits in a `queue` of bounded size; nothing else is kept in memory, so a recording can go on for
//! weeks. `quota` says early when the storage gets full.
//!
//! A recording whose lock ([`crate::locks`]) nobody holds and which no person saved or discarded is offered when the page is opened
//! next (`shelf`). It is saved once the person has all of its octets and line events in a file; that the port was closed
//! or unplugged after that makes it no less so.

mod database;
mod download;
mod encoder;
mod files;
mod id;
mod javascript;
mod message;
mod news;
mod numbers;
mod queue;
mod quota;
mod recorder;
mod shelf;
mod store;
mod unsaved;
pub mod worker;

use std::cell::OnceCell;

pub use id::Id;
pub use message::{Fault, Progress};
pub use news::News;
pub use quota::Shortage;
pub use recorder::Recorder;
pub use shelf::Kept;
pub use unsaved::{LONGEST_OPENED, discard, download, open};

use crate::source::Event;

thread_local! {
    static RECORDER: OnceCell<Recorder> = const { OnceCell::new() };
}

/// Begins the page's recorder and looks for what earlier visits left. `tell` hears of both.
pub fn start(tell: impl Fn(News) + Clone + 'static) {
    RECORDER.with(|recorder| recorder.get_or_init(|| Recorder::new(tell.clone())).clone());
    unsaved::look(tell);
}

/// Records what a live source reported ([`Recorder::append`]).
pub fn append(events: &[Event]) {
    with(|recorder| recorder.append(events));
}

/// Gives the person the recording of this page as a file ([`Recorder::save`]).
pub fn save() {
    with(Recorder::save);
}

/// Notes that the person has the recording of this page in another file ([`Recorder::note_saved`]).
pub fn note_saved() {
    with(Recorder::note_saved);
}

fn with(action: impl FnOnce(&Recorder)) {
    RECORDER.with(|recorder| recorder.get().map(action));
}
