//! Recordings in `IndexedDB`, for browsers whose workers cannot write files: the octets in pieces, and a row that says how
//! many there are.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use super::id::Id;
use super::javascript::{count, get, number, reported};
use super::numbers::float;
use super::shelf::{Kept, Saved};

const NAME: &str = "meterscope";
const VERSION: u32 = 1;
/// Keyed by id; a row has `octets`, `last`, and, once it was saved, `saved` octets and `savedAt`.
const ROWS: &str = "recordings";
/// Keyed by id and number.
const PIECES: &str = "pieces";
/// So many pieces are in memory at a time.
const PIECES_AT_ONCE: u32 = 1024;
/// So many are read of the end at a time.
const PIECES_OF_END: u32 = 16;

/// A recording that is being written.
pub struct Pieces {
    database: IdbDatabase,
    id: Id,
    count: u32,
    octets: u64,
}

impl Pieces {
    /// Begins a recording.
    pub async fn begin(id: Id) -> Result<Self, JsValue> {
        Ok(Self { database: open().await?, id, count: 0, octets: 0 })
    }

    /// Adds octets, all or none.
    pub async fn append(&mut self, octets: &[u8]) -> Result<(), JsValue> {
        let transaction = begin(&self.database, IdbTransactionMode::Readwrite)?;
        let after = self.octets + octets.len() as u64;
        let piece = Uint8Array::from(octets);
        transaction.object_store(PIECES)?.put_with_key(&piece, &piece_key(self.id, self.count))?;
        let rows = transaction.object_store(ROWS)?;
        // It may say that it was saved.
        let row = row(&rows, self.id).await?.unwrap_or_default();
        set(&row, "octets", float(after));
        set(&row, "last", js_sys::Date::now());
        rows.put_with_key(&row, &self.id.began_ms().into())?;
        done(&transaction).await?;
        (self.octets, self.count) = (after, self.count + 1);
        Ok(())
    }

    /// How many pieces there are.
    pub const fn count(&self) -> u32 {
        self.count
    }
}

/// All recordings that there are.
pub async fn list() -> Result<Vec<Kept>, JsValue> {
    let rows = begin(&open().await?, IdbTransactionMode::Readonly)?.object_store(ROWS)?;
    let (keys, values) = (rows.get_all_keys()?, rows.get_all()?);
    let (keys, values) = (result(&keys).await?, result(&values).await?);
    let found = keys.iter().zip(values.iter()).filter_map(|(key, row)| {
        let octets = number(&row, "octets")?;
        let saved = number(&row, "saved").zip(get(&row, "savedAt").as_f64());
        Some(Kept {
            octets,
            last_ms: get(&row, "last").as_f64()?,
            saved: saved.map(|(octets, at_ms)| Saved { octets, at_ms }),
            ..Kept::in_database(Id(count(&key)?))
        })
    });
    Ok(found.collect())
}

/// A recording, or its first `pieces`. The browser keeps what a blob is made of outside of the page's memory.
pub async fn blob(id: Id, pieces: Option<u32>) -> Result<Blob, JsValue> {
    let database = open().await?;
    let end = pieces.unwrap_or(u32::MAX);
    let blobs = Array::new();
    let mut from = 0;
    while from < end {
        let range = IdbKeyRange::bound(&piece_key(id, from), &piece_key(id, end - 1))?;
        let store = begin(&database, IdbTransactionMode::Readonly)?.object_store(PIECES)?;
        let request = store.get_all_with_key_and_limit(&range, PIECES_AT_ONCE)?;
        let found = result(&request).await?;
        if found.length() == 0 {
            break;
        }
        from += found.length();
        blobs.push(&Blob::new_with_u8_array_sequence(&found)?.into());
    }
    Blob::new_with_blob_sequence(&blobs)
}

/// The last pieces of a recording, which have so many octets, or some more.
pub async fn end(id: Id, octets: u64) -> Result<Blob, JsValue> {
    let database = open().await?;
    let all = IdbKeyRange::bound(&piece_key(id, 0), &piece_key(id, u32::MAX))?;
    let pieces = || begin(&database, IdbTransactionMode::Readonly)?.object_store(PIECES);
    let request = pieces()?.count_with_key(&all)?;
    answered(&request).await?;
    // Pieces are numbered without a gap.
    let mut from = count(&request.result()?).unwrap_or_default() as u32;
    let mut end = Blob::new()?;
    while from > 0 && end.size() < float(octets) {
        let before = from;
        from = from.saturating_sub(PIECES_OF_END);
        let range = IdbKeyRange::bound(&piece_key(id, from), &piece_key(id, before - 1))?;
        let request = pieces()?.get_all_with_key(&range)?;
        let found = result(&request).await?;
        let found = Blob::new_with_u8_array_sequence(&found)?;
        end = Blob::new_with_blob_sequence(&Array::of2(&found, &end))?;
    }
    Ok(end)
}

/// Deletes a recording.
pub async fn remove(id: Id) -> Result<(), JsValue> {
    let transaction = begin(&open().await?, IdbTransactionMode::Readwrite)?;
    transaction.object_store(ROWS)?.delete(&id.began_ms().into())?;
    let range = IdbKeyRange::bound(&piece_key(id, 0), &piece_key(id, u32::MAX))?;
    transaction.object_store(PIECES)?.delete(&range)?;
    done(&transaction).await
}

/// Notes that a person has the first so many octets elsewhere.
pub async fn note_saved(id: Id, octets: u64) -> Result<(), JsValue> {
    let transaction = begin(&open().await?, IdbTransactionMode::Readwrite)?;
    let rows: IdbObjectStore = transaction.object_store(ROWS)?;
    let row = row(&rows, id).await?.ok_or(JsValue::UNDEFINED)?;
    set(&row, "saved", float(octets));
    set(&row, "savedAt", js_sys::Date::now());
    rows.put_with_key(&row, &id.began_ms().into())?;
    done(&transaction).await
}

/// The row of a recording, if there is one.
async fn row(rows: &IdbObjectStore, id: Id) -> Result<Option<Object>, JsValue> {
    let request = rows.get(&id.began_ms().into())?;
    reported(&request, "success", &["error"]).await?;
    Ok(request.result()?.dyn_into::<Object>().ok())
}

async fn open() -> Result<IdbDatabase, JsValue> {
    let factory: IdbFactory = get(&js_sys::global(), "indexedDB").dyn_into()?;
    let request: IdbOpenDbRequest = factory.open_with_u32(NAME, VERSION)?;
    let upgraded = request.clone();
    let upgrade = wasm_bindgen::closure::Closure::once(move || {
        if let Some(database) = upgraded.result().ok().and_then(|it| it.dyn_into::<IdbDatabase>().ok()) {
            for name in [ROWS, PIECES] {
                // A new database has neither of them.
                let _ = database.create_object_store(name);
            }
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    reported(&request, "success", &["error", "blocked"]).await?;
    request.result()?.dyn_into()
}

fn begin(database: &IdbDatabase, mode: IdbTransactionMode) -> Result<IdbTransaction, JsValue> {
    let stores = Array::of2(&ROWS.into(), &PIECES.into());
    database.transaction_with_str_sequence_and_mode(&stores, mode)
}

async fn done(transaction: &IdbTransaction) -> Result<(), JsValue> {
    reported(transaction, "complete", &["error", "abort"]).await
}

async fn result(request: &IdbRequest) -> Result<Array, JsValue> {
    answered(request).await?;
    request.result()?.dyn_into()
}

async fn answered(request: &IdbRequest) -> Result<(), JsValue> {
    // Two requests of one transaction: the second may have answered while the first was awaited.
    if get(request, "readyState").as_string().as_deref() == Some("done") {
        return Ok(());
    }
    reported(request, "success", &["error"]).await
}

fn piece_key(id: Id, number: u32) -> JsValue {
    Array::of2(&id.began_ms().into(), &number.into()).into()
}

fn set(row: &Object, name: &str, value: f64) {
    // Fails only for what is no object.
    let _ = Reflect::set(row, &name.into(), &value.into());
}
