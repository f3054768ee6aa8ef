//! Where a recording is written: files, or the database where workers cannot write files.

use wasm_bindgen::JsValue;

use super::database::Pieces;
use super::files::Part;
use super::id::Id;
use super::message::Place;
use crate::locks::{self, Lock};

/// Where a recording is written. Whoever drops it gives its lock back.
pub struct Store {
    kind: Kind,
    _lock: Lock,
}

enum Kind {
    Files(Part),
    Database(Pieces),
}

impl Store {
    /// Begins a recording, and holds its lock.
    pub async fn begin(id: Id) -> Result<Self, JsValue> {
        let Some(lock) = locks::take(id.lock()).await else {
            return Err(js_sys::Error::new("Another tab writes a recording of this name.").into());
        };
        let kind = match Part::begin(id).await {
            Ok(part) => Kind::Files(part),
            Err(_) => Kind::Database(Pieces::begin(id).await?),
        };
        Ok(Self { kind, _lock: lock })
    }

    /// Adds octets, all or none.
    pub async fn append(&mut self, octets: &[u8]) -> Result<(), JsValue> {
        match &mut self.kind {
            Kind::Files(part) => part.append(octets),
            Kind::Database(pieces) => pieces.append(octets).await,
        }
    }

    /// Has the system write what it holds.
    pub fn flush(&self) -> Result<(), JsValue> {
        match &self.kind {
            Kind::Files(part) => part.flush(),
            // A transaction that is complete is written.
            Kind::Database(_) => Ok(()),
        }
    }

    /// Closes what there is for a reader, and says how many parts that are.
    pub async fn part(&mut self) -> Result<u32, JsValue> {
        match &mut self.kind {
            Kind::Files(part) => part.next().await,
            Kind::Database(pieces) => Ok(pieces.count()),
        }
    }

    /// Ends the recording.
    pub fn finish(self) {
        if let Kind::Files(part) = self.kind {
            part.finish();
        }
    }

    /// Where it lies.
    pub const fn place(&self) -> Place {
        match self.kind {
            Kind::Files(_) => Place::Files,
            Kind::Database(_) => Place::Database,
        }
    }
}
