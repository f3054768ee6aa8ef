//! Recordings in the origin's private file system: a folder for each, in it the parts of the file, and perhaps a note that
//! it was saved elsewhere.
//!
//! Parts exist because a file that is being written cannot be read at the same time. All parts in order are the recording.

use js_sys::{Array, AsyncIterator, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemRemoveOptions,
    FileSystemSyncAccessHandle,
};

use super::id::Id;
use super::javascript::{error_name, get, navigator, promised};
use super::numbers::{float, whole};
use super::shelf::{Kept, Saved};

const FOLDER: &str = "recordings";
/// In front of the number of octets in the name of the note.
const SAVED: &str = "saved-";
const PART: &str = ".pcapng";

/// The part that is being written. Only a worker has such.
pub struct Part {
    folder: FileSystemDirectoryHandle,
    file: FileSystemSyncAccessHandle,
    number: u32,
    /// Octets that are whole.
    end: f64,
}

impl Part {
    /// Begins a recording.
    pub async fn begin(id: Id) -> Result<Self, JsValue> {
        let folder = child(&recordings(true).await?, &id.to_string(), true).await?;
        let file = open(&folder, 0).await?;
        Ok(Self { folder, file, number: 0, end: 0.0 })
    }

    /// Adds octets, all or none: what a full disk has taken half of is taken back.
    pub fn append(&mut self, octets: &[u8]) -> Result<(), JsValue> {
        let options = FileSystemReadWriteOptions::new();
        options.set_at(self.end);
        let written = self.file.write_with_u8_array_and_options(octets, &options);
        let length = float(octets.len() as u64);
        match written {
            Ok(count) if count >= length => {
                self.end += length;
                Ok(())
            }
            other => {
                // Where even this fails, reading takes a block that ends in its middle for damaged, and the rest for good.
                let _ = self.file.truncate_with_f64(self.end);
                other.and(Err(js_sys::Error::new("QuotaExceededError").into()))
            }
        }
    }

    /// Has the system write what it holds.
    pub fn flush(&self) -> Result<(), JsValue> {
        self.file.flush()
    }

    /// Closes this part for readers and begins the next. Says how many are closed.
    pub async fn next(&mut self) -> Result<u32, JsValue> {
        let file = open(&self.folder, self.number + 1).await?;
        self.file.close();
        (self.file, self.number, self.end) = (file, self.number + 1, 0.0);
        Ok(self.number)
    }

    /// Closes it.
    pub fn finish(self) {
        self.file.close();
    }
}

/// All recordings that there are.
pub async fn list() -> Result<Vec<Kept>, JsValue> {
    let mut found = Vec::new();
    let Ok(folder) = recordings(false).await else { return Ok(found) };
    for handle in values(&folder.values()).await? {
        let Ok(folder) = handle.dyn_into::<FileSystemDirectoryHandle>() else { continue };
        if let Some(id) = Id::of_folder(&folder.name()) {
            // One that cannot be read must not hide the others. It is looked at again on the next visit.
            found.extend(look(id, &folder).await.ok());
        }
    }
    Ok(found)
}

/// A recording, or its first `parts`, without reading it.
pub async fn blob(id: Id, parts: Option<u32>) -> Result<Blob, JsValue> {
    let folder = child(&recordings(false).await?, &id.to_string(), false).await?;
    let pieces = Array::new();
    for number in 0..parts.unwrap_or(u32::MAX) {
        match part(&folder, number).await {
            Ok(file) => pieces.push(&file),
            Err(error) if parts.is_none() && is_behind_last(number, &error_name(&error)) => break,
            Err(error) => return Err(error),
        };
    }
    Blob::new_with_u8_array_sequence(&pieces)
}

/// Deletes a recording.
pub async fn remove(id: Id) -> Result<(), JsValue> {
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    let folder = recordings(false).await?;
    JsFuture::from(folder.remove_entry_with_options(&id.to_string(), &options)).await.map(drop)
}

/// Notes that a person has the first so many octets elsewhere.
pub async fn note_saved(id: Id, octets: u64) -> Result<(), JsValue> {
    let folder = child(&recordings(false).await?, &id.to_string(), false).await?;
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let name = format!("{SAVED}{octets}");
    JsFuture::from(folder.get_file_handle_with_options(&name, &options)).await.map(drop)
}

/// Whether the parts end here. Any other error than that there is no such file is one of this part: without it, and what
/// follows, the rest would be taken for the whole recording.
fn is_behind_last(number: u32, error_name: &str) -> bool {
    number > 0 && error_name == "NotFoundError"
}

async fn look(id: Id, folder: &FileSystemDirectoryHandle) -> Result<Kept, JsValue> {
    let mut kept = Kept::empty(id);
    let mut saved = None;
    for handle in values(&folder.values()).await? {
        let Ok(handle) = handle.dyn_into::<FileSystemFileHandle>() else { continue };
        let name = handle.name();
        let file = file_of(&handle).await?;
        if name.ends_with(PART) {
            kept.octets += whole(file.size());
            kept.last_ms = kept.last_ms.max(file.last_modified());
        } else if let Some(octets) = name.strip_prefix(SAVED).and_then(|octets| octets.parse::<u64>().ok()) {
            saved = saved.max(Some((octets, whole(file.last_modified()))));
        }
    }
    kept.saved = saved.map(|(octets, at)| Saved { octets, at_ms: float(at) });
    Ok(kept)
}

async fn recordings(create: bool) -> Result<FileSystemDirectoryHandle, JsValue> {
    let storage = get(&navigator(), "storage");
    let root = promised(&storage, "getDirectory", &Array::new()).await?;
    child(&root.dyn_into()?, FOLDER, create).await
}

async fn child(
    folder: &FileSystemDirectoryHandle,
    name: &str,
    create: bool,
) -> Result<FileSystemDirectoryHandle, JsValue> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(create);
    JsFuture::from(folder.get_directory_handle_with_options(name, &options)).await?.dyn_into()
}

async fn open(
    folder: &FileSystemDirectoryHandle,
    number: u32,
) -> Result<FileSystemSyncAccessHandle, JsValue> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let handle = JsFuture::from(folder.get_file_handle_with_options(&part_name(number), &options)).await?;
    // Named here because Firefox and Chromium differ in which version of it they have typed.
    promised(&handle, "createSyncAccessHandle", &Array::new()).await?.dyn_into()
}

async fn part(folder: &FileSystemDirectoryHandle, number: u32) -> Result<File, JsValue> {
    let handle = JsFuture::from(folder.get_file_handle(&part_name(number))).await?;
    file_of(&handle.dyn_into()?).await
}

async fn file_of(handle: &FileSystemFileHandle) -> Result<File, JsValue> {
    promised(handle, "getFile", &Array::new()).await?.dyn_into()
}

fn part_name(number: u32) -> String {
    format!("{number:06}{PART}")
}

async fn values(iterator: &AsyncIterator) -> Result<Vec<JsValue>, JsValue> {
    let mut found = Vec::new();
    loop {
        let step = JsFuture::from(Promise::from(JsValue::from(iterator.next()?))).await?;
        if get(&step, "done").is_truthy() {
            return Ok(found);
        }
        found.push(get(&step, "value"));
    }
}

#[cfg(test)]
mod tests {
    use super::is_behind_last;

    #[test]
    fn only_a_part_that_is_not_there_ends_them() {
        assert!(is_behind_last(1, "NotFoundError"));
        assert!(!is_behind_last(0, "NotFoundError"), "there is no recording");
        assert!(!is_behind_last(1, "NotReadableError"));
    }
}
