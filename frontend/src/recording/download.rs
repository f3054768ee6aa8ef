//! Hands a recording to the person, as a file. It goes from the browser's storage to the disk; the page never holds it.

use wasm_bindgen::JsValue;

use super::numbers::whole;
use super::shelf::Kept;
use crate::browser;

/// Saves a recording, or its first `parts`, as a file and notes that. Says how many octets there were.
pub async fn give(kept: &Kept, parts: Option<u32>) -> Result<u64, JsValue> {
    let blob = kept.blob(parts).await?;
    let octets = whole(blob.size());
    browser::download_blob(&kept.id.file_name(), &blob);
    kept.note_saved(octets).await?;
    Ok(octets)
}
