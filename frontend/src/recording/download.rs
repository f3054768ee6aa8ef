//! Hands a recording to the person, as a file. It goes from the browser's storage to the disk; the page never holds it.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::javascript::after;
use super::numbers::whole;
use super::shelf::Kept;

/// The browser has begun to read it by then.
const REVOKE_MS: u32 = 60_000;

/// Saves a recording, or its first `parts`, as a file and notes that. Says how many octets there were.
pub async fn give(kept: &Kept, parts: Option<u32>) -> Result<u64, JsValue> {
    let blob = kept.blob(parts).await?;
    let octets = whole(blob.size());
    offer(&blob, &kept.id.file_name())?;
    kept.note_saved(octets).await?;
    Ok(octets)
}

fn offer(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::UNDEFINED)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    after(REVOKE_MS, move || {
        // Only a URL that is none can fail here.
        let _ = Url::revoke_object_url(&url);
    });
    Ok(())
}
