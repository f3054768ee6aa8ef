//! The recording of what the page watches, and those that earlier visits left.

use std::rc::Rc;

use crate::recording::{Fault, Id, Kept, News, Progress, Shortage};

/// The recording of what the page watches, and those that earlier visits left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recording {
    /// The one of this page, once there is one.
    pub own: Option<Own>,
    /// The storage gets full.
    pub shortage: Option<Shortage>,
    /// Nothing can be written.
    pub fault: Option<Fault>,
    /// What earlier visits left and nobody saved, the newest first.
    pub unsaved: Rc<[Kept]>,
    /// Those of them that were saved as files on this visit.
    pub rescued: Rc<[Id]>,
    /// One that the browser did not give back.
    pub unreadable: Option<Id>,
    /// The person is asked whether to discard it.
    pub discarding: Option<Kept>,
}

/// The recording of this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its name.
    pub id: Id,
    /// How much of it is safe.
    pub progress: Progress,
    /// Whether it has ended.
    pub finished: bool,
    /// How many octets of the file the person has elsewhere.
    pub saved_elsewhere: u64,
}

impl Own {
    /// Whether the person has all of it elsewhere that came from the line.
    pub const fn is_saved(&self) -> bool {
        self.saved_elsewhere >= self.progress.heard_end
    }
}

impl Recording {
    pub(super) fn hear(&mut self, news: News) {
        match news {
            News::Began(id) => {
                self.own =
                    Some(Own { id, progress: Progress::default(), finished: false, saved_elsewhere: 0 });
                (self.shortage, self.fault) = (None, None);
            }
            News::Saved(id, progress) => {
                let Some(own) = self.own_of(id) else { return };
                let has_grown = progress.file_octets > own.progress.file_octets;
                own.progress = progress;
                // What is stopped stays stopped, and what is lost is lost; anything else has passed once something more
                // was written.
                if has_grown {
                    self.fault = self.fault.filter(|fault| matches!(fault, Fault::Stopped | Fault::Lost(_)));
                }
            }
            News::Room(shortage) => self.shortage = shortage,
            News::Failed(fault) => self.fault = Some(fault),
            News::Finished(id) => {
                if let Some(own) = self.own_of(id) {
                    own.finished = true;
                }
                self.shortage = None;
            }
            News::SavedElsewhere(id, octets) => {
                self.unreadable = None;
                match self.own_of(id) {
                    Some(own) => own.saved_elsewhere = octets,
                    None => self.rescued = self.rescued.iter().copied().chain([id]).collect(),
                }
            }
            News::Unreadable(id) => self.unreadable = Some(id),
            News::Unsaved(unsaved) => self.unsaved = unsaved,
            News::AskDiscard(kept) => self.discarding = kept,
        }
    }

    fn own_of(&mut self, id: Id) -> Option<&mut Own> {
        self.own.as_mut().filter(|own| own.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Origin;
    use crate::state::{Action, State};

    const ID: Id = Id(1_768_396_620_123);
    const SOME: Progress = Progress { line_octets: 7, file_octets: 300, heard_end: 300 };

    fn after(news: impl IntoIterator<Item = News>) -> Recording {
        let mut recording = Recording::default();
        news.into_iter().for_each(|news| recording.hear(news));
        recording
    }

    #[test]
    fn a_recording_outlives_what_is_shown() {
        let state = State::default()
            .reduce(Action::Recording(News::Began(ID)))
            .reduce(Action::Recording(News::Saved(ID, SOME)))
            .reduce(Action::Import(Origin::Paste, b"10 40 01 41 16"[..].into()));
        assert_eq!(state.recording.own.map(|own| own.progress), Some(SOME));
    }

    #[test]
    fn a_fault_passes_when_something_is_written_again() {
        let faulty = |fault| after([News::Began(ID), News::Failed(fault), News::Saved(ID, SOME)]).fault;
        assert_eq!(faulty(Fault::Full), None);
        assert_eq!(faulty(Fault::Stopped), Some(Fault::Stopped));
        assert_eq!(faulty(Fault::Lost(7)), Some(Fault::Lost(7)));
    }

    #[test]
    fn a_fault_does_not_pass_when_nothing_more_is_written() {
        let full = News::Failed(Fault::Full);
        let recording = after([News::Began(ID), News::Saved(ID, SOME), full.clone(), News::Saved(ID, SOME)]);
        assert_eq!(recording.fault, Some(Fault::Full));
        let other = Progress { file_octets: 301, ..SOME };
        let recording = after([News::Began(ID), News::Saved(ID, SOME), full, News::Saved(Id(1), other)]);
        assert_eq!(recording.fault, Some(Fault::Full), "another recording has grown");
    }

    #[test]
    fn what_was_lost_at_the_end_is_said_until_the_next_begins() {
        let lost =
            [News::Began(ID), News::Saved(ID, SOME), News::Failed(Fault::Lost(40)), News::Finished(ID)];
        let mut recording = after(lost);
        assert_eq!(recording.fault, Some(Fault::Lost(40)));
        recording.hear(News::Began(Id(2)));
        assert_eq!(recording.fault, None);
    }

    #[test]
    fn late_news_of_another_recording_changes_nothing() {
        let recording = after([News::Began(ID), News::Saved(Id(1), SOME), News::Finished(Id(1))]);
        let own = recording.own.unwrap();
        assert_eq!((own.progress, own.finished), (Progress::default(), false));
    }

    #[test]
    fn words_about_the_port_leave_it_saved_and_octets_do_not() {
        let own = |then| {
            after([News::Began(ID), News::SavedElsewhere(ID, 300), News::Saved(ID, then)]).own.unwrap()
        };
        assert!(own(SOME).is_saved());
        assert!(own(Progress { file_octets: 368, ..SOME }).is_saved());
        assert!(!own(Progress { file_octets: 400, heard_end: 400, ..SOME }).is_saved());
    }

    #[test]
    fn a_saved_one_of_an_earlier_visit_is_marked() {
        let recording = after([News::Unsaved(Rc::from([Kept::empty(ID)])), News::SavedElsewhere(ID, 300)]);
        assert_eq!(*recording.rescued, [ID]);
        assert_eq!(recording.unsaved.len(), 1);
    }
}
