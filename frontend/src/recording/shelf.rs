//! The recordings that the browser keeps: what there is, and what can be done with it.

use js_sys::Uint8Array;
use meterscope_capture::pcapng::tells_of_line;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::id::Id;
use super::message::Place;
use super::numbers::{float, whole};
use super::{database, files};
use crate::locks;
use crate::source::Micros;

/// A recording that the browser keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// Its name, which says when it began.
    pub id: Id,
    /// Where it lies.
    pub place: Place,
    /// Octets of the file.
    pub octets: u64,
    /// When the last of them came, in milliseconds since 1970.
    pub last_ms: f64,
    /// How much of it a person last saved elsewhere.
    pub saved: Option<Saved>,
}

/// What a person saved elsewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saved {
    /// The first so many octets of the file.
    pub octets: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: f64,
}

/// What nobody writes any more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leftover {
    /// Recordings that were not saved, the newest first.
    pub unsaved: Vec<Kept>,
    /// Recordings that were saved long ago.
    pub outlived: Vec<Kept>,
    /// Whether others are being written. A page that was just closed looks like that for a moment.
    pub some_held: bool,
}

/// A download may still be on its way when the page is opened again, and a person may notice only later that it failed.
const KEPT_AFTER_SAVING_MS: f64 = 24.0 * 60.0 * 60.0 * 1000.0;
/// What goes on for longer after it was saved is more than words about a port.
const LONGEST_REST: u64 = 64 << 10;

impl Kept {
    /// A recording in files, without octets.
    pub const fn empty(id: Id) -> Self {
        Self { id, place: Place::Files, octets: 0, last_ms: 0.0, saved: None }
    }

    /// A recording in the database, without octets.
    pub const fn in_database(id: Id) -> Self {
        Self { place: Place::Database, ..Self::empty(id) }
    }

    /// How long it went on, in microseconds.
    pub const fn lasted(&self) -> Micros {
        whole((self.last_ms - self.id.began_ms()) * 1000.0)
    }

    /// All of it, or the first `parts`, without having it in memory.
    pub async fn blob(&self, parts: Option<u32>) -> Result<Blob, JsValue> {
        match self.place {
            Place::Files => files::blob(self.id, parts).await,
            Place::Database => database::blob(self.id, parts).await,
        }
    }

    /// When all was saved that came from the line, if it was.
    pub fn saved_ms(&self) -> Option<f64> {
        self.saved.filter(|saved| saved.octets >= self.octets).map(|saved| saved.at_ms)
    }

    /// What came after it was saved counts as saved where nothing of it is from the line.
    async fn look_behind_saved(&mut self) -> Result<(), JsValue> {
        let Some(saved) = self.saved.as_mut().filter(|saved| saved.octets < self.octets) else {
            return Ok(());
        };
        if self.octets - saved.octets <= LONGEST_REST {
            let end = match self.place {
                // Files are read only as far as they are looked into.
                Place::Files => files::blob(self.id, None).await?,
                Place::Database => database::end(self.id, self.octets - saved.octets).await?,
            };
            let rest = end.slice_with_f64(end.size() - float(self.octets - saved.octets))?;
            let rest = Uint8Array::new(&JsFuture::from(rest.array_buffer()).await?).to_vec();
            if !tells_of_line(&rest) {
                saved.octets = self.octets;
            }
        }
        Ok(())
    }

    /// Deletes it.
    pub async fn remove(&self) -> Result<(), JsValue> {
        match self.place {
            Place::Files => files::remove(self.id).await,
            Place::Database => database::remove(self.id).await,
        }
    }

    /// Notes that a person has the first so many octets elsewhere.
    pub async fn note_saved(&self, octets: u64) -> Result<(), JsValue> {
        match self.place {
            Place::Files => files::note_saved(self.id, octets).await,
            Place::Database => database::note_saved(self.id, octets).await,
        }
    }
}

impl Leftover {
    /// What is there now. Where the browser keeps nothing there is nothing.
    pub async fn find() -> Self {
        let mut kept = files::list().await.unwrap_or_default();
        kept.extend(database::list().await.unwrap_or_default());
        let held: Vec<Id> = locks::held().await.iter().filter_map(|lock| Id::of_lock(lock)).collect();
        for kept in kept.iter_mut().filter(|kept| !held.contains(&kept.id)) {
            // What cannot be read counts as not saved.
            let _ = kept.look_behind_saved().await;
        }
        Self::of(kept, &held, js_sys::Date::now())
    }

    fn of(mut kept: Vec<Kept>, held: &[Id], now_ms: f64) -> Self {
        kept.retain(|kept| !held.contains(&kept.id));
        kept.sort_unstable_by_key(|kept| std::cmp::Reverse(kept.id));
        let outlived = kept
            .iter()
            .filter(|kept| {
                let long_ago = |saved_ms| now_ms - saved_ms > KEPT_AFTER_SAVING_MS;
                // One without octets was never begun.
                kept.octets == 0 || kept.saved_ms().is_some_and(long_ago)
            })
            .copied()
            .collect();
        kept.retain(|kept| kept.octets > 0 && kept.saved_ms().is_none());
        Self { unsaved: kept, outlived, some_held: !held.is_empty() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_768_396_620_123.0;

    fn kept(id: u64, octets: u64, saved_ms: Option<f64>) -> Kept {
        let saved = saved_ms.map(|at_ms| Saved { octets, at_ms });
        Kept { octets, saved, ..Kept::empty(Id(id)) }
    }

    fn ids(kept: &[Kept]) -> Vec<u64> {
        kept.iter().map(|kept| kept.id.0).collect()
    }

    #[test]
    fn what_nobody_writes_and_nobody_saved_is_offered_newest_first() {
        let found = Leftover::of(
            vec![kept(1, 10, None), kept(3, 10, None), kept(2, 10, None), kept(4, 10, Some(NOW))],
            &[Id(2), Id(9)],
            NOW,
        );
        assert_eq!(ids(&found.unsaved), [3, 1]);
        assert_eq!(ids(&found.outlived), [0; 0]);
        assert!(found.some_held);
    }

    #[test]
    fn what_came_after_it_was_saved_is_offered() {
        let mut later = kept(1, 10, Some(NOW));
        later.octets += 1;
        assert_eq!(ids(&Leftover::of(vec![later], &[], NOW).unsaved), [1]);
    }

    #[test]
    fn what_was_saved_goes_a_day_later() {
        let saved = |hours: f64| Some(NOW - hours * 3_600_000.0);
        let found = Leftover::of(
            vec![kept(1, 10, saved(25.0)), kept(2, 10, saved(23.0)), kept(3, 0, None), kept(4, 0, None)],
            &[Id(4)],
            NOW,
        );
        assert_eq!(ids(&found.outlived), [3, 1]);
        assert_eq!(ids(&found.unsaved), [0; 0]);
    }
}
